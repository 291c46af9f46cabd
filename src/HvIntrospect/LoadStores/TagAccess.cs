using System;
using HvIntrospect.A64;
using HvIntrospect.Registers;

namespace HvIntrospect.LoadStores;

/// <summary>Performs the loads and stores of Allocation Tags, and STGP, which stores data and a tag.</summary>
internal static class TagAccess
{
    private const int Granule = 16;
    private const int TagShift = 56;
    private const int TagBits = 4;
    private const ulong TagMask = 15;
    private const ulong TagsPerRegister = 16;
    private const int WordsPerGranule = Granule / sizeof(ulong);

    /// <summary>Performs one instruction.</summary>
    /// <typeparam name="TBus">The bus.</typeparam>
    /// <param name="access">The instruction.</param>
    /// <param name="environment">The state that it depends on.</param>
    /// <param name="baseAddress">The base register.</param>
    /// <param name="bus">Registers, translation and memory.</param>
    /// <returns>How it ended.</returns>
    public static EmulationResult Perform<TBus>(in LoadStoreAccess access, in LoadStoreEnvironment environment, ulong baseAddress, ref TBus bus)
        where TBus : struct, ILoadStoreBus
    {
        bool isBulk = access.TagGranules == 0;
        if (isBulk && !environment.IsPrivileged)
        {
            return EmulationResult.GuestFault(GuestFaultKind.Undefined);
        }

        if (environment.AccessesTags && !bus.HasTags)
        {
            return EmulationResult.Unsupported(UnsupportedReason.TagMemory);
        }

        if (!TryFindSize(access, ref bus, out int size))
        {
            return EmulationResult.Unreadable(SizeRegisterOf(access));
        }

        bool isLoad = access.Kind == LoadStoreKind.Load;
        Va address = AccessAddress.Of(access, baseAddress, ref bus);
        ulong baseAfter = AccessAddress.BaseAfter(access, baseAddress, ref bus);
        if (!isLoad && !isBulk && address.OffsetIn(Granule) != 0)
        {
            return EmulationResult.DataAbort(FaultStatus.Create(FaultKind.Alignment), address, isWrite: true);
        }

        // Tags of Device memory can be read, as 0, and not be stored.
        Va start = address.AlignDown(isBulk ? (ulong)size : Granule);
        Span<LoadStoreElement> elements = stackalloc LoadStoreElement[size / sizeof(ulong)];
        AccessElements.Split(start, sizeof(ulong), elements);
        if (!AccessElements.TryTranslate(
            access, isLoad ? LoadStoreDirection.Read : LoadStoreDirection.Write, isLoad, elements, ref bus, out _, out EmulationResult failure))
        {
            return failure;
        }

        if (isLoad)
        {
            LoadTags(access, environment, elements, start, ref bus);
            return EmulationResult.Completed;
        }

        var answer = LoadStoreAnswer.Performed;
        if (access.TotalSize != 0 || access.ZeroesData)
        {
            if (!access.ZeroesData)
            {
                AccessRegisters.ReadSources(access, environment.IsBigEndian, elements, ref bus);
            }

            answer = bus.Store(access, elements);
        }

        switch (answer)
        {
            case LoadStoreAnswer.Retry:
                return EmulationResult.Retry;
            case LoadStoreAnswer.Refused:
                return EmulationResult.Refused;
            case LoadStoreAnswer.Performed when environment.AccessesTags:
                StoreTags(access, elements, start, ref bus);
                break;
        }

        if (access.HasWriteback)
        {
            AccessRegisters.WriteBack(access, environment.Choices, baseAfter, ref bus);
        }

        return EmulationResult.Completed;
    }

    /// <summary>STZGM works on the block of DC ZVA, the others on as many tags as a register holds at most.</summary>
    private static SystemRegister SizeRegisterOf(in LoadStoreAccess access) => access.ZeroesData ? SystemRegister.DczidEl0 : SystemRegister.GmidEl1;

    /// <summary>Finds how many bytes of memory the tags belong to.</summary>
    private static bool TryFindSize<TBus>(in LoadStoreAccess access, ref TBus bus, out int size)
        where TBus : struct, ILoadStoreBus
    {
        const int FieldMask = 15;
        const int LargestField = 9;
        size = access.TagGranules * Granule;
        if (size != 0)
        {
            return true;
        }

        // Both fields count words, as a logarithm.
        if (!bus.TryReadSystemRegister(SizeRegisterOf(access), out ulong register))
        {
            return false;
        }

        int field = (int)register & FieldMask;
        size = Math.Max(sizeof(uint) << field, Granule);
        return field <= LargestField;
    }

    private static void LoadTags<TBus>(
        in LoadStoreAccess access, in LoadStoreEnvironment environment, ReadOnlySpan<LoadStoreElement> elements, Va start, ref TBus bus)
        where TBus : struct, ILoadStoreBus
    {
        if (access.TagGranules != 0)
        {
            ulong tag = environment.AccessesTags ? (ulong)LoadTag(elements[0], ref bus) : 0;
            ulong rest = AccessRegisters.GetGeneral(access.Rt, ref bus) & ~(TagMask << TagShift);
            AccessRegisters.SetGeneral(access.Rt, rest | (tag << TagShift), ref bus);
            return;
        }

        ulong tags = 0;
        for (int i = 0; environment.AccessesTags && i < elements.Length; i += WordsPerGranule)
        {
            tags |= (ulong)LoadTag(elements[i], ref bus) << ShiftOf(start, i);
        }

        AccessRegisters.SetGeneral(access.Rt, tags, ref bus);
    }

    private static int LoadTag<TBus>(in LoadStoreElement element, ref TBus bus)
        where TBus : struct, ILoadStoreBus => bus.TryLoadTag(element.Page, element.Ipa, out int tag) ? tag : 0;

    private static void StoreTags<TBus>(in LoadStoreAccess access, ReadOnlySpan<LoadStoreElement> elements, Va start, ref TBus bus)
        where TBus : struct, ILoadStoreBus
    {
        // STGP stores the tag of its address; STGM one of its register for each granule; STZGM the lowest of it; the others that of a pointer.
        bool isMany = access.TagGranules == 0 && !access.ZeroesData;
        ulong source = access.RegisterCount == 2 ? start.Value >> TagShift
            : access.TagGranules == 0 ? AccessRegisters.GetGeneral(access.Rt, ref bus)
            : (access.Rt == AccessRegisters.None ? bus.StackPointer : bus.GetGeneral(access.Rt)) >> TagShift;
        for (int i = 0; i < elements.Length; i += WordsPerGranule)
        {
            bus.StoreTag(elements[i].Page, elements[i].Ipa, (int)((isMany ? source >> ShiftOf(start, i) : source) & TagMask));
        }
    }

    /// <summary>Where the register of LDGM and STGM has the tag of a granule: by its address, of which a register covers 256 bytes.</summary>
    private static int ShiftOf(Va start, int element) => (int)(((start.Value / Granule) + (ulong)(element / WordsPerGranule)) % TagsPerRegister) * TagBits;
}
