using System;
using HvIntrospect.A64;
using HvIntrospect.Registers;

namespace HvIntrospect.LoadStores;

/// <summary>Compares the tags of addresses with the Allocation Tags of the memory there.</summary>
/// <remarks>Arm Architecture Reference Manual (DDI 0487), "Tag checking". A check comes after every other fault of the access.</remarks>
internal static class TagCheck
{
    private const int Granule = 16;
    private const int TagShift = 56;
    private const ulong TagMask = 15;

    /// <summary>Tells whether an instruction makes Tag Checked accesses while checks are on.</summary>
    /// <param name="access">The decoded instruction.</param>
    /// <param name="environment">The state that it depends on.</param>
    /// <returns>False for what addresses by PC, by SP and an immediate alone, and for what sets tags.</returns>
    public static bool Applies(in LoadStoreAccess access, in LoadStoreEnvironment environment) =>
        environment.TagChecks.AreAnyChecked && !access.AccessesTags && access.AddressingMode != AddressingMode.Literal
        && (access.Rn != AccessRegisters.None || access.HasWriteback || access.AddressingMode == AddressingMode.RegisterOffset);

    /// <summary>Checks the elements of an access, all of which are translated.</summary>
    /// <typeparam name="TBus">The bus.</typeparam>
    /// <param name="isUnprivileged">True for LDTR and its kin.</param>
    /// <param name="direction">What is done to the bytes.</param>
    /// <param name="controls">What is checked.</param>
    /// <param name="elements">The elements.</param>
    /// <param name="bus">Has the tags.</param>
    /// <param name="failure">Receives what to return when there is no access.</param>
    /// <returns>False when a check failed and that is a synchronous exception.</returns>
    public static bool TryPass<TBus>(
        bool isUnprivileged, LoadStoreDirection direction, in TagCheckControls controls, ReadOnlySpan<LoadStoreElement> elements, ref TBus bus, out EmulationResult failure)
        where TBus : struct, ILoadStoreBus
    {
        failure = default;
        TagCheckFaults faults = controls.FaultsOf(isUnprivileged, direction != LoadStoreDirection.Write);
        if (faults == TagCheckFaults.None || !bus.HasTags)
        {
            return true;
        }

        foreach (ref readonly LoadStoreElement element in elements)
        {
            if (!controls.IsChecked(element.Va) || !TryFindFailure(element, ref bus, out Va address))
            {
                continue;
            }

            if (faults == TagCheckFaults.Synchronous)
            {
                failure = EmulationResult.DataAbort(FaultStatus.Create(FaultKind.TagCheck), address, direction == LoadStoreDirection.Write);
                return false;
            }

            bus.NoteTagCheckFailure(controls.IsOfUser(isUnprivileged), ((address.Value >> 55) & 1) != 0);
        }

        return true;
    }

    /// <summary>Finds the first byte of an element whose granule has another tag.</summary>
    private static bool TryFindFailure<TBus>(in LoadStoreElement element, ref TBus bus, out Va address)
        where TBus : struct, ILoadStoreBus
    {
        int tag = (int)((element.Va.Value >> TagShift) & TagMask);
        for (int offset = 0; offset < element.Size; offset += Granule - (int)(element.Va + (ulong)offset).OffsetIn(Granule))
        {
            int page = offset < element.FirstSize ? element.Page : element.Page + 1;
            address = element.Va + (ulong)offset;
            if (bus.TryLoadTag(page, element.IpaOf(offset).AlignDown(Granule), out int allocated) && allocated != tag)
            {
                return true;
            }
        }

        address = default;
        return false;
    }
}
