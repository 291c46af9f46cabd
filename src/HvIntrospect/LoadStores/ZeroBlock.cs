using System;
using HvIntrospect.A64;
using HvIntrospect.Registers;

namespace HvIntrospect.LoadStores;

/// <summary>DC ZVA, DC GVA and DC GZVA: stores of zeros and of tags to the block that holds an address.</summary>
/// <remarks>
/// Arm Architecture Reference Manual (DDI 0487), "Data Cache Zero by VA". The block is written as aligned elements of 8 bytes, or one of 4, low address first.
/// What faults is the address as it was given. Only DC ZVA is checked against the tags.
/// </remarks>
internal static class ZeroBlock
{
    private const int PageSize = 4096;
    private const int Granule = 16;
    private const int TagShift = 56;
    private const int TagMask = 15;

    /// <summary>Performs the instruction.</summary>
    /// <typeparam name="TBus">The bus, a struct.</typeparam>
    /// <param name="stored">What it stores.</param>
    /// <param name="address">The address, which need not be aligned.</param>
    /// <param name="size">The size of the block: a power of two from 4 to 2048.</param>
    /// <param name="bus">Translation and memory.</param>
    /// <returns>How it ended. Unless it completed, nothing was changed.</returns>
    public static EmulationResult Perform<TBus>(BlockStore stored, Va address, int size, ref TBus bus)
        where TBus : struct, ILoadStoreBus
    {
        LoadStoreEnvironment environment = bus.Environment;
        bool setsTags = (stored & BlockStore.Tags) != 0 && environment.AccessesTags;
        if (setsTags && !bus.HasTags)
        {
            return EmulationResult.Unsupported(UnsupportedReason.TagMemory);
        }

        // Device memory takes no such store, as if it were not aligned.
        LoadStoreAccess none = default;
        if (!AccessElements.TryTranslatePage(
            none, LoadStoreDirection.Write, isAligned: false, address, 0, ref bus, out LoadStorePage page, out EmulationResult failure))
        {
            return failure;
        }

        Va start = address.AlignDown((ulong)size);
        int elementSize = Math.Min(size, sizeof(ulong));
        Span<LoadStoreElement> elements = stackalloc LoadStoreElement[size / elementSize];
        for (int i = 0; i < elements.Length; i++)
        {
            Va at = start + (ulong)(i * elementSize);
            elements[i] = new LoadStoreElement { Va = at, Ipa = page.Start + at.OffsetIn(PageSize), Size = elementSize, FirstSize = elementSize };
        }

        if (stored == BlockStore.Data && environment.TagChecks.AreAnyChecked
            && !TagCheck.TryPass(isUnprivileged: false, LoadStoreDirection.Write, environment.TagChecks, elements, ref bus, out failure))
        {
            return EmulationResult.DataAbort(failure.Status, address, isWrite: true);
        }

        if ((stored & BlockStore.Data) != 0)
        {
            switch (bus.Store(none, elements))
            {
                case LoadStoreAnswer.Retry:
                    return EmulationResult.Retry;
                case LoadStoreAnswer.Refused:
                    return EmulationResult.Refused;
                case LoadStoreAnswer.Skipped:
                    return EmulationResult.Completed;
            }
        }

        for (int i = 0; setsTags && i < size; i += Granule)
        {
            bus.StoreTag(0, (page.Start + (start + (ulong)i).OffsetIn(PageSize)).AlignDown(Granule), (int)(address.Value >> TagShift) & TagMask);
        }

        return EmulationResult.Completed;
    }
}
