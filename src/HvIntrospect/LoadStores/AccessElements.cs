using System;
using HvIntrospect.A64;
using HvIntrospect.Registers;

namespace HvIntrospect.LoadStores;

/// <summary>The elements of an access in address order, which is the architecture's order, and their translation.</summary>
internal static class AccessElements
{
    private const int PageSize = 4096;

    /// <summary>Counts the elements: one for each register or lane, two for each 16-byte register.</summary>
    /// <param name="access">The instruction.</param>
    /// <returns>1 to 64.</returns>
    public static int CountOf(in LoadStoreAccess access) => access.TotalSize / SizeOf(access);

    /// <summary>Gets the size of an element in bytes.</summary>
    /// <param name="access">The instruction.</param>
    /// <returns>1, 2, 4 or 8.</returns>
    public static int SizeOf(in LoadStoreAccess access) => Math.Min(access.ElementSize, sizeof(ulong));

    /// <summary>Names elements side by side.</summary>
    /// <param name="address">The address of the first byte.</param>
    /// <param name="size">The size of each in bytes.</param>
    /// <param name="elements">Receives the elements without IPA and data.</param>
    public static void Split(Va address, int size, Span<LoadStoreElement> elements)
    {
        for (int i = 0; i < elements.Length; i++)
        {
            elements[i] = new LoadStoreElement { Va = address + (ulong)(i * size), Size = size, FirstSize = size };
        }
    }

    /// <summary>Translates every page, so that every fault is found before anything is done.</summary>
    /// <typeparam name="TBus">The bus.</typeparam>
    /// <param name="access">The instruction.</param>
    /// <param name="direction">What is done to the bytes.</param>
    /// <param name="isAligned">Whether the access is aligned, which Device memory demands.</param>
    /// <param name="elements">Receives the IPAs.</param>
    /// <param name="bus">Translates.</param>
    /// <param name="isWriteBack">Receives whether the memory of the last page is Write-Back.</param>
    /// <param name="failure">Receives what to return when there is no access.</param>
    /// <returns>False when there is none.</returns>
    public static bool TryTranslate<TBus>(
        in LoadStoreAccess access, LoadStoreDirection direction, bool isAligned, Span<LoadStoreElement> elements, ref TBus bus, out bool isWriteBack, out EmulationResult failure)
        where TBus : struct, ILoadStoreBus
    {
        int page = -1;
        ulong pageStart = 0;
        LoadStorePage found = default;
        isWriteBack = false;
        for (int i = 0; i < elements.Length; i++)
        {
            ref LoadStoreElement element = ref elements[i];
            for (Va part = element.Va; ;)
            {
                if (page < 0 || part.AlignDown(PageSize).Value != pageStart)
                {
                    page++;
                    if (!TryTranslatePage(access, direction, isAligned, part, page, ref bus, out found, out failure))
                    {
                        return false;
                    }

                    pageStart = part.AlignDown(PageSize).Value;
                }

                var ipa = new Ipa(found.Start.Value + part.OffsetIn(PageSize));
                if (part == element.Va)
                {
                    element.Page = page;
                    element.Ipa = ipa;
                    int before = PageSize - (int)part.OffsetIn(PageSize);
                    if (before < element.Size)
                    {
                        element.FirstSize = before;
                        part += (ulong)before;
                        continue;
                    }
                }
                else
                {
                    element.SecondIpa = ipa;
                }

                break;
            }
        }

        isWriteBack = found.IsWriteBack;
        failure = default;
        return true;
    }

    /// <summary>Joins elements that make one single-copy atomic access.</summary>
    /// <param name="access">The instruction.</param>
    /// <param name="environment">Tells whether there is FEAT_LSE2.</param>
    /// <param name="isWriteBack">Whether the memory is Normal, Inner and Outer Write-Back.</param>
    /// <param name="elements">The elements, more than one.</param>
    public static void Join(in LoadStoreAccess access, in LoadStoreEnvironment environment, bool isWriteBack, Span<LoadStoreElement> elements)
    {
        if (IsOneAccess(access, environment, isWriteBack, elements[0].Va))
        {
            elements[0].Followers = elements.Length - 1;
        }
    }

    /// <summary>
    /// An atomic and a 64-byte access are single-copy atomic as a whole. A store-exclusive pair that succeeds is, and a load-exclusive pair of words; one of doublewords
    /// is two reads. With FEAT_LSE2 other pairs are, of up to 16 bytes in 16 aligned ones; a Q register by itself stays two accesses of 8 bytes.
    /// </summary>
    private static bool IsOneAccess(in LoadStoreAccess access, in LoadStoreEnvironment environment, bool isWriteBack, Va address)
    {
        const int Quantity = 16;
        if (access.Kind == LoadStoreKind.LoadStore || access.Is64Bytes())
        {
            return true;
        }

        if (access.RegisterCount != 2 || access.StructureElements != 0 || access.TotalSize > Quantity)
        {
            return false;
        }

        return access.IsExclusive
            ? access.Kind == LoadStoreKind.Store || access.TotalSize == sizeof(ulong)
            : environment.HasUnalignedAtomics && isWriteBack && (int)address.OffsetIn(Quantity) + access.TotalSize <= Quantity;
    }

    /// <summary>Translates one page.</summary>
    /// <typeparam name="TBus">The bus.</typeparam>
    /// <param name="access">The instruction.</param>
    /// <param name="direction">What is done to the bytes.</param>
    /// <param name="isAligned">Whether the access is aligned, which Device memory demands.</param>
    /// <param name="address">The first byte of the access in the page.</param>
    /// <param name="page">Which of the access's pages this is.</param>
    /// <param name="bus">Translates.</param>
    /// <param name="found">Receives the page.</param>
    /// <param name="failure">Receives what to return when there is no access.</param>
    /// <returns>False when there is none.</returns>
    public static bool TryTranslatePage<TBus>(
        in LoadStoreAccess access, LoadStoreDirection direction, bool isAligned, Va address, int page, ref TBus bus, out LoadStorePage found, out EmulationResult failure)
        where TBus : struct, ILoadStoreBus
    {
        found = bus.Translate(access, direction, address, page);
        if (found.Kind == LoadStorePageKind.Refused)
        {
            failure = EmulationResult.Refused;
            return false;
        }

        // An Alignment fault of Device memory comes before a Permission fault and after every other. An unaligned access that
        // reaches Device memory only in its second page is CONSTRAINED UNPREDICTABLE; it faults there.
        bool isFault = found.Kind == LoadStorePageKind.Fault;
        if (found.IsDevice && !isAligned && !(isFault && found.Status.Kind != FaultKind.Permission))
        {
            failure = EmulationResult.DataAbort(FaultStatus.Create(FaultKind.Alignment), address, direction == LoadStoreDirection.Write);
            return false;
        }

        if (isFault)
        {
            // The bus tells the direction of a fault of both.
            failure = EmulationResult.DataAbort(found.Status, address, direction == LoadStoreDirection.Write || found.IsWriteFault);
            return false;
        }

        if (access.Is64Bytes() && !found.Takes64Bytes)
        {
            failure = EmulationResult.DataAbort(FaultStatus.Create(FaultKind.UnsupportedExclusiveOrAtomic), address, direction == LoadStoreDirection.Write);
            return false;
        }

        failure = default;
        return true;
    }
}
