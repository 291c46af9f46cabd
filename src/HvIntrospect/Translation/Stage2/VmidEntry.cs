namespace HvIntrospect.Translation.Stage2;

/// <summary>What a core runs a guest with, and what it has to do before.</summary>
/// <remarks>Immutable.</remarks>
public readonly struct VmidEntry
{
    internal VmidEntry(ushort vmid, bool invalidatesCore)
    {
        Vmid = vmid;
        InvalidatesCore = invalidatesCore;
    }

    /// <summary>Gets the VMID for VTTBR_EL2; never 0.</summary>
    public ushort Vmid { get; }

    /// <summary>
    /// Gets a value indicating whether this core must forget all VMIDs before it runs the guest: TLBI ALLE1, DSB NSH, and IC IALLU where its instruction cache is
    /// tagged with VMIDs (CTR_EL0.L1Ip is VPIPT). Numbers were given away anew since its last entry; the other cores are told at their own entries.
    /// </summary>
    public bool InvalidatesCore { get; }
}
