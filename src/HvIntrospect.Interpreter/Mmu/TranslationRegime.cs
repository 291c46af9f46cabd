using HvIntrospect.Interpreter.State;
using HvIntrospect.Registers;
using HvIntrospect.Translation;

namespace HvIntrospect.Interpreter.Mmu;

/// <summary>The controls of translation that are in force: those of EL1&amp;0, or of EL2&amp;0 while HCR_EL2.E2H and TGE are set; or those of EL2 itself.</summary>
/// <remarks>Arm Architecture Reference Manual (DDI 0487), "Translation regimes". A view of the vCPU's registers, valid while they do not change.</remarks>
internal readonly unsafe struct TranslationRegime
{
    private const ulong UpperBit = 1UL << 55;
    private const ulong TagMask = 0xFFUL << 56;
    private readonly CpuState* _cpu;
    private readonly TranslationFeatures _features;

    /// <summary>Initialises the view.</summary>
    /// <param name="cpu">The vCPU.</param>
    /// <param name="features">What it implements of translation.</param>
    public TranslationRegime(CpuState* cpu, TranslationFeatures features)
        : this(cpu, features, RegimeControls.IsHost(cpu))
    {
    }

    private TranslationRegime(CpuState* cpu, TranslationFeatures features, bool isHost)
    {
        _cpu = cpu;
        _features = features;
        IsHost = isHost;
        var hcr = new Hcr(cpu->System.HcrEl2);

        // HCR_EL2.TGE without E2H turns Stage 1 off for EL0; the EL2&0 regime has no Stage 2.
        IsStage1On = Sctlr.Has(SctlrBits.M) && (IsHost || !hcr.Has(HcrBits.Dc | HcrBits.Tge));
        IsStage2On = !IsHost && hcr.Has(HcrBits.Vm | HcrBits.Dc);
        Vmid = IsHost ? (ushort)0 : CurrentVmid(cpu, features);
        ushort asid = new Ttbr(Ttbr(Tcr.Has(TcrBits.A1))).Asid;
        Asid = Tcr.Has(TcrBits.As) ? asid : (byte)asid;
    }

    /// <summary>Gets a value indicating whether this is the EL2&amp;0 regime, or that of EL2 alone.</summary>
    public bool IsHost { get; }

    /// <summary>Gets a value indicating whether there are Stage 1 tables.</summary>
    public bool IsStage1On { get; }

    /// <summary>Gets a value indicating whether there are Stage 2 tables.</summary>
    public bool IsStage2On { get; }

    /// <summary>Gets the VMID, whether Stage 2 is on or not; 0 for EL2&amp;0, which has none.</summary>
    public ushort Vmid { get; }

    /// <summary>Gets the current ASID.</summary>
    public ushort Asid { get; }

    /// <summary>Gets TCR_ELx in the layout of TCR_EL1.</summary>
    public Tcr Tcr => IsHost ? RegimeControls.TcrOfEl2(_cpu) : new Tcr(_cpu->System.TcrEl1);

    /// <summary>Gets SCTLR_ELx.</summary>
    public Sctlr Sctlr => new(IsHost ? _cpu->System.SctlrEl2 : _cpu->System.SctlrEl1);

    /// <summary>Gets MAIR_ELx.</summary>
    public Mair Mair => new(IsHost ? _cpu->System.MairEl2 : _cpu->System.MairEl1);

    /// <summary>Gets a value indicating whether PSTATE.PAN also covers what EL0 may only execute.</summary>
    public bool HasEnhancedPan => (_features & TranslationFeatures.PAN3) != 0 && Sctlr.Has(SctlrBits.Epan);

    /// <summary>Gets a value indicating whether the bit of a descriptor that otherwise says Contiguous says Protected (TCR2_EL1.PnCH).</summary>
    public bool HasProtectedDescriptors =>
        !IsHost && ((HcrxBits)_cpu->System.HcrxEl2 & HcrxBits.Tcr2En) != 0 && ((Tcr2Bits)_cpu->System.Tcr2El1 & Tcr2Bits.PnCh) != 0;

    /// <summary>Gets the tag of entries of the regime.</summary>
    public TlbFlags Tag => TlbFlags.Valid | (IsStage1On ? TlbFlags.Stage1 : TlbFlags.None) | (IsHost ? TlbFlags.Host : TlbFlags.None);

    /// <summary>Gets the controls of EL2 itself: EL2&amp;0 under HCR_EL2.E2H, else EL2, which has one table and one privilege.</summary>
    /// <param name="cpu">The vCPU.</param>
    /// <param name="features">What it implements of translation.</param>
    /// <returns>The view.</returns>
    public static TranslationRegime OfEl2(CpuState* cpu, TranslationFeatures features) => new(cpu, features, isHost: true);

    /// <summary>Gets the VMID under which a vCPU runs in the EL1&amp;0 regime.</summary>
    /// <param name="cpu">The vCPU.</param>
    /// <param name="features">What it implements of translation.</param>
    /// <returns>VTTBR_EL2.VMID, 8 or 16 bits of it, whether Stage 2 is on or not.</returns>
    public static ushort CurrentVmid(CpuState* cpu, TranslationFeatures features)
    {
        ushort vmid = new Vttbr(cpu->System.VttbrEl2).Vmid;
        bool wide = (features & TranslationFeatures.VMID16) != 0 && new Vtcr(cpu->System.VtcrEl2).HasWideVmid;
        return wide ? vmid : (byte)vmid;
    }

    /// <summary>Tells whether an address lies in the upper half.</summary>
    /// <param name="va">The address.</param>
    /// <returns>Bit 55.</returns>
    public static bool IsUpper(ulong va) => (va & UpperBit) != 0;

    /// <summary>Gets the base register of a half.</summary>
    /// <param name="upper">The half.</param>
    /// <returns>TTBR0_ELx or TTBR1_ELx.</returns>
    public ulong Ttbr(bool upper)
    {
        ref SystemState system = ref _cpu->System;
        return IsHost ? upper ? system.Ttbr1El2 : system.Ttbr0El2 : upper ? system.Ttbr1El1 : system.Ttbr0El1;
    }

    /// <summary>Gets the address that is translated: without a tag where the top byte is ignored.</summary>
    /// <param name="va">The address as instructions use it.</param>
    /// <param name="isFetch">True for a fetch, for which the top byte may count although it does not for data.</param>
    /// <returns>The address.</returns>
    public ulong InputOf(ulong va, bool isFetch)
    {
        bool upper = IsUpper(va);
        Tcr tcr = Tcr;
        bool isIgnored = tcr.Has(upper ? TcrBits.Tbi1 : TcrBits.Tbi0) && !(isFetch && tcr.Has(upper ? TcrBits.Tbid1 : TcrBits.Tbid0));
        return !isIgnored ? va : upper && IsStage1On ? va | TagMask : va & ~TagMask;
    }

    /// <summary>Tells whether a half is closed to EL0 as a whole (FEAT_E0PD).</summary>
    /// <param name="va">An address of the half.</param>
    /// <param name="el">The Exception level whose permissions count.</param>
    /// <returns>True when it is: a level 0 Translation fault.</returns>
    public bool IsClosed(ulong va, int el) =>
        el == 0 && IsStage1On && (_features & TranslationFeatures.E0PD) != 0 && Tcr.Has(IsUpper(va) ? TcrBits.E0pd1 : TcrBits.E0pd0);

    /// <summary>Gets the attributes of memory while Stage 1 is off.</summary>
    /// <param name="isFetch">True for an instruction fetch.</param>
    /// <returns>The attributes, which differ for data and fetches.</returns>
    public MemoryAttributes AttributesWithoutStage1(bool isFetch)
    {
        const byte WriteThrough = 0xAA;
        const byte NonCacheable = 0x44;
        var hcr = new Hcr(_cpu->System.HcrEl2);
        return !IsHost && hcr.Has(HcrBits.Dc) ? hcr.Has(HcrBits.Dct) ? MemoryAttributes.DefaultTagged : MemoryAttributes.DefaultCacheable
            : isFetch ? new MemoryAttributes(Sctlr.Has(SctlrBits.I) ? WriteThrough : NonCacheable, 2)
            : MemoryAttributes.StronglyOrdered;
    }
}
