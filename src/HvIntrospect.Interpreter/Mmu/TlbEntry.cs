using HvIntrospect.Registers;

namespace HvIntrospect.Interpreter.Mmu;

/// <summary>One TLB entry: a combined one from virtual to physical addresses, or one of either stage alone.</summary>
/// <remarks>A combined entry covers the smaller of the two leaves. It remembers both leaves, because TLB maintenance by address reaches every part of a leaf.</remarks>
internal struct TlbEntry
{
    /// <summary>The first input address; bits below <see cref="Shift"/> are zero.</summary>
    public ulong Input;

    /// <summary>The physical address of the first byte.</summary>
    public ulong Output;

    /// <summary>The intermediate physical address of the first byte.</summary>
    public ulong Ipa;

    /// <summary>The VMID.</summary>
    public ushort Vmid;

    /// <summary>The ASID.</summary>
    public ushort Asid;

    /// <summary>The logarithm of the range.</summary>
    public byte Shift;

    /// <summary>The logarithm of the range of the input-side leaf, or of the leaves that the Contiguous bit binds; at least <see cref="Shift"/>.</summary>
    public byte LeafShift;

    /// <summary>The logarithm of the page size of the input-side tables; 0 where there are none.</summary>
    public byte GranuleShift;

    /// <summary>The level of the Stage 1 leaf.</summary>
    public byte Level1;

    /// <summary>The level of the Stage 2 leaf.</summary>
    public byte Level2;

    /// <summary>What Stage 1 permits, without PSTATE.PAN.</summary>
    public PagePermissions Permissions1;

    /// <summary>What Stage 2 permits.</summary>
    public PagePermissions Permissions2;

    /// <summary>The memory attributes of Stage 1.</summary>
    public MemoryAttributes Attributes1;

    /// <summary>What Stage 2 says of the memory.</summary>
    public Stage2Memory Memory2;

    /// <summary>The tag bits.</summary>
    public TlbFlags Flags;

    /// <summary>Gets a value indicating whether Stage 2 took part.</summary>
    public readonly bool HasStage2 => (Flags & TlbFlags.Stage2) != 0;

    /// <summary>Gets a value indicating whether the memory is Device memory after all stages that took part.</summary>
    public readonly bool IsDevice => HasStage2 ? Memory2.IsDeviceOver(Attributes1) : Attributes1.IsDevice;

    /// <summary>Gets the attributes after all stages that took part.</summary>
    /// <param name="isUncached">HCR_EL2.CD.</param>
    /// <returns>The attributes.</returns>
    public readonly MemoryAttributes Attributes(bool isUncached) => HasStage2 ? Memory2.Over(Attributes1, isUncached) : Attributes1;

    /// <summary>Gets the level of the input-side leaf; meaningful where <see cref="GranuleShift"/> is not 0.</summary>
    public readonly int InputLevel => (Flags & TlbFlags.Stage1) != 0 ? Level1 : Level2;

    /// <summary>Tells whether an entry for the same address says the same of Stage 1, so that what differs is Stage 2.</summary>
    /// <param name="other">The other entry.</param>
    /// <returns>False where Stage 2 took no part.</returns>
    public readonly bool HasSameStage1(in TlbEntry other)
    {
        bool isStage1On = (Flags & TlbFlags.Stage1) != 0;
        return !isStage1On || (HasStage2 && Level1 == other.Level1 && LeafShift == other.LeafShift);
    }

    /// <summary>Takes the range over from the leaf of the input side.</summary>
    /// <param name="setup">The walk.</param>
    /// <param name="leaf">The leaf.</param>
    /// <param name="input">The address that was walked for.</param>
    public void SetLeaf(in WalkSetup setup, in WalkLeaf leaf, ulong input)
    {
        Shift = (byte)leaf.Span;
        LeafShift = (byte)leaf.Span;
        GranuleShift = (byte)setup.Format.PageShift;
        Input = input & ~Tlb.RangeMask(leaf.Span);
    }

    /// <summary>Tells whether an access must walk although there is an entry, because it makes a descriptor dirty.</summary>
    /// <param name="demand">What is asked.</param>
    /// <returns>True when it must.</returns>
    public readonly bool IsFirstWrite(in AccessDemand demand) => demand.Dirties && (Flags & TlbFlags.Clean) != 0;

    /// <summary>Gets what Stage 1 permits at an Exception level. PSTATE.PAN is not part of an entry, because it changes without maintenance.</summary>
    /// <param name="regime">The controls.</param>
    /// <param name="demand">What is asked.</param>
    /// <returns>The access.</returns>
    public readonly Stage2Access PermittedByStage1(in TranslationRegime regime, in AccessDemand demand)
    {
        bool denies = demand.Pan && (Flags & TlbFlags.Stage1) != 0;
        PagePermissions permissions = denies
            ? DescriptorPermissions.WithPrivilegedAccessNever(Permissions1, regime.HasEnhancedPan)
            : Permissions1;
        return DescriptorPermissions.At(permissions, demand.El);
    }

    /// <summary>Checks the permissions of Stage 1.</summary>
    /// <param name="regime">The controls.</param>
    /// <param name="demand">What is asked.</param>
    /// <param name="fault">Receives the fault.</param>
    /// <returns>False for a fault.</returns>
    public readonly bool IsPermittedByStage1(in TranslationRegime regime, in AccessDemand demand, ref FaultRecord fault) =>
        fault.IsPermitted(demand.Needed, PermittedByStage1(regime, demand), Level1);
}
