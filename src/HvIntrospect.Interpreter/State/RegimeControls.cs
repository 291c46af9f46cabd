using HvIntrospect.Registers;

namespace HvIntrospect.Interpreter.State;

/// <summary>The control registers that are in force: those of EL1, or those of EL2 while EL0 belongs to a host at EL2.</summary>
/// <remarks>Arm Architecture Reference Manual (DDI 0487), "Virtualization Host Extensions".</remarks>
internal static unsafe class RegimeControls
{
    private const ulong Host = (ulong)(HcrBits.E2h | HcrBits.Tge);

    /// <summary>Tells whether EL0 belongs to a host at EL2: HCR_EL2.E2H and TGE are set.</summary>
    /// <param name="cpu">The vCPU.</param>
    /// <returns>True when it does.</returns>
    public static bool IsHost(CpuState* cpu) => (cpu->System.HcrEl2 & Host) == Host;

    /// <summary>Gets the SCTLR_ELx that counts at EL0 and EL1.</summary>
    /// <param name="cpu">The vCPU.</param>
    /// <returns>SCTLR_EL1, or SCTLR_EL2 for a host.</returns>
    public static Sctlr Sctlr(CpuState* cpu) => new(IsHost(cpu) ? cpu->System.SctlrEl2 : cpu->System.SctlrEl1);

    /// <summary>Gets the TCR_ELx that counts at EL0 and EL1.</summary>
    /// <param name="cpu">The vCPU.</param>
    /// <returns>TCR_EL1, or TCR_EL2, which has the same layout under E2H, for a host.</returns>
    public static Tcr Tcr(CpuState* cpu) => new(IsHost(cpu) ? cpu->System.TcrEl2 : cpu->System.TcrEl1);

    /// <summary>Gets TCR_EL2 in the layout of TCR_EL1, which it has under HCR_EL2.E2H anyway.</summary>
    /// <param name="cpu">The vCPU.</param>
    /// <returns>The register; without E2H there is no upper half.</returns>
    public static Tcr TcrOfEl2(CpuState* cpu)
    {
        ulong tcr = cpu->System.TcrEl2;
        if ((cpu->System.HcrEl2 & (ulong)HcrBits.E2h) != 0)
        {
            return new Tcr(tcr);
        }

        // T0SZ, SH0 and TG0 are at their places; PS, TBI, HA, HD, HPD, TBID and DS are not.
        const ulong SizeAndGranule = 0xF03F;
        ulong moved = ((tcr >> 16) & 7) << 32;
        moved |= Moved(20, TcrBits.Tbi0) | Moved(21, TcrBits.Ha) | Moved(22, TcrBits.Hd) | Moved(24, TcrBits.Hpd0) | Moved(29, TcrBits.Tbid0) | Moved(32, TcrBits.Ds);
        return new Tcr((tcr & SizeAndGranule) | moved).With(TcrBits.Epd1);

        ulong Moved(int bit, TcrBits to) => ((tcr >> bit) & 1) * (ulong)to;
    }
}
