using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using HvIntrospect.Interpreter.Exceptions;

namespace HvIntrospect.Interpreter.State;

/// <summary>The system registers of one vCPU, EL1's and EL2's. All 64 bits wide; blittable, without host addresses.</summary>
/// <remarks>At most <c>CpuState.FirstHostField - CpuState.SystemOffset</c> bytes, which a test asserts.</remarks>
[StructLayout(LayoutKind.Sequential)]
internal struct SystemState
{
    /// <summary>SCTLR_EL1.</summary>
    public ulong SctlrEl1;

    /// <summary>TCR_EL1.</summary>
    public ulong TcrEl1;

    /// <summary>TTBR0_EL1.</summary>
    public ulong Ttbr0El1;

    /// <summary>TTBR1_EL1.</summary>
    public ulong Ttbr1El1;

    /// <summary>MAIR_EL1.</summary>
    public ulong MairEl1;

    /// <summary>VBAR_EL1.</summary>
    public ulong VbarEl1;

    /// <summary>ELR_EL1.</summary>
    public ulong ElrEl1;

    /// <summary>SPSR_EL1.</summary>
    public ulong SpsrEl1;

    /// <summary>ESR_EL1.</summary>
    public ulong EsrEl1;

    /// <summary>FAR_EL1.</summary>
    public ulong FarEl1;

    /// <summary>MDSCR_EL1.</summary>
    public ulong MdscrEl1;

    /// <summary>OSLSR_EL1.OSLK: 0 or 1.</summary>
    public ulong OsLock;

    /// <summary>HCR_EL2.</summary>
    public ulong HcrEl2;

    /// <summary>VTCR_EL2.</summary>
    public ulong VtcrEl2;

    /// <summary>VTTBR_EL2.</summary>
    public ulong VttbrEl2;

    /// <summary>MDCR_EL2.</summary>
    public ulong MdcrEl2;

    /// <summary>ESR_EL2.</summary>
    public ulong EsrEl2;

    /// <summary>FAR_EL2.</summary>
    public ulong FarEl2;

    /// <summary>HPFAR_EL2.</summary>
    public ulong HpfarEl2;

    /// <summary>CPACR_EL1.</summary>
    public ulong CpacrEl1;

    /// <summary>CPTR_EL2.</summary>
    public ulong CptrEl2;

    /// <summary>SCTLR_EL2.</summary>
    public ulong SctlrEl2;

    /// <summary>ACTLR_EL1.</summary>
    public ulong ActlrEl1;

    /// <summary>AFSR0_EL1.</summary>
    public ulong Afsr0El1;

    /// <summary>AFSR1_EL1.</summary>
    public ulong Afsr1El1;

    /// <summary>AMAIR_EL1.</summary>
    public ulong AmairEl1;

    /// <summary>CONTEXTIDR_EL1.</summary>
    public ulong ContextidrEl1;

    /// <summary>TPIDR_EL0.</summary>
    public ulong TpidrEl0;

    /// <summary>TPIDRRO_EL0.</summary>
    public ulong TpidrroEl0;

    /// <summary>TPIDR_EL1.</summary>
    public ulong TpidrEl1;

    /// <summary>PAR_EL1.</summary>
    public ulong ParEl1;

    /// <summary>CSSELR_EL1.</summary>
    public ulong CsselrEl1;

    /// <summary>CNTKCTL_EL1.</summary>
    public ulong CntkctlEl1;

    /// <summary>CNTP_CTL_EL0, without ISTATUS.</summary>
    public ulong CntpCtlEl0;

    /// <summary>CNTP_CVAL_EL0.</summary>
    public ulong CntpCvalEl0;

    /// <summary>CNTV_CTL_EL0, without ISTATUS.</summary>
    public ulong CntvCtlEl0;

    /// <summary>CNTV_CVAL_EL0.</summary>
    public ulong CntvCvalEl0;

    /// <summary>CNTFRQ_EL0.</summary>
    public ulong CntfrqEl0;

    /// <summary>ACTLR_EL2.</summary>
    public ulong ActlrEl2;

    /// <summary>HACR_EL2.</summary>
    public ulong HacrEl2;

    /// <summary>HSTR_EL2.</summary>
    public ulong HstrEl2;

    /// <summary>TTBR0_EL2.</summary>
    public ulong Ttbr0El2;

    /// <summary>TTBR1_EL2.</summary>
    public ulong Ttbr1El2;

    /// <summary>TCR_EL2.</summary>
    public ulong TcrEl2;

    /// <summary>MAIR_EL2.</summary>
    public ulong MairEl2;

    /// <summary>AMAIR_EL2.</summary>
    public ulong AmairEl2;

    /// <summary>VBAR_EL2.</summary>
    public ulong VbarEl2;

    /// <summary>TPIDR_EL2.</summary>
    public ulong TpidrEl2;

    /// <summary>AFSR0_EL2.</summary>
    public ulong Afsr0El2;

    /// <summary>AFSR1_EL2.</summary>
    public ulong Afsr1El2;

    /// <summary>SP_EL2.</summary>
    public ulong SpEl2;

    /// <summary>VPIDR_EL2.</summary>
    public ulong VpidrEl2;

    /// <summary>VMPIDR_EL2.</summary>
    public ulong VmpidrEl2;

    /// <summary>VSESR_EL2.</summary>
    public ulong VsesrEl2;

    /// <summary>CONTEXTIDR_EL2.</summary>
    public ulong ContextidrEl2;

    /// <summary>VDISR_EL2.</summary>
    public ulong VdisrEl2;

    /// <summary>DISR_EL1 of physical SErrors.</summary>
    public ulong DisrEl1;

    /// <summary>PMCR_EL0.E and the bits that are only kept.</summary>
    public ulong PmcrEl0;

    /// <summary>PMCCNTR_EL0 when <see cref="CycleCounter"/> last looked.</summary>
    public ulong PmccntrEl0;

    /// <summary>The instruction count at that moment.</summary>
    public ulong CyclesCountedTo;

    /// <summary>PMCCFILTR_EL0.</summary>
    public ulong PmccfiltrEl0;

    /// <summary>PMCNTENSET_EL0.</summary>
    public ulong PmcntenEl0;

    /// <summary>PMOVSSET_EL0.</summary>
    public ulong PmovsEl0;

    /// <summary>PMINTENSET_EL1.</summary>
    public ulong PmintenEl1;

    /// <summary>PMSELR_EL0.</summary>
    public ulong PmselrEl0;

    /// <summary>PMUSERENR_EL0.</summary>
    public ulong PmuserenrEl0;

    /// <summary>CNTVOFF_EL2.</summary>
    public ulong CntvoffEl2;

    /// <summary>CNTHCTL_EL2.</summary>
    public ulong CnthctlEl2;

    /// <summary>CNTHP_CTL_EL2, without ISTATUS.</summary>
    public ulong CnthpCtlEl2;

    /// <summary>CNTHP_CVAL_EL2.</summary>
    public ulong CnthpCvalEl2;

    /// <summary>CNTHV_CTL_EL2, without ISTATUS.</summary>
    public ulong CnthvCtlEl2;

    /// <summary>CNTHV_CVAL_EL2.</summary>
    public ulong CnthvCvalEl2;

    /// <summary>OSDLR_EL1.DLK: 0 or 1.</summary>
    public ulong OsDoubleLock;

    /// <summary>DBGPRCR_EL1.</summary>
    public ulong DbgprcrEl1;

    /// <summary>The debug claim tags, 8 bits.</summary>
    public ulong DbgclaimEl1;

    /// <summary>MDCCINT_EL1.</summary>
    public ulong MdccintEl1;

    /// <summary>OSDTRRX_EL1.</summary>
    public ulong OsdtrrxEl1;

    /// <summary>OSDTRTX_EL1.</summary>
    public ulong OsdtrtxEl1;

    /// <summary>OSECCR_EL1.</summary>
    public ulong OseccrEl1;

    /// <summary>DBGBVRn_EL1.</summary>
    public DebugValues Dbgbvr;

    /// <summary>DBGBCRn_EL1.</summary>
    public DebugValues Dbgbcr;

    /// <summary>DBGWVRn_EL1.</summary>
    public DebugValues Dbgwvr;

    /// <summary>DBGWCRn_EL1.</summary>
    public DebugValues Dbgwcr;

    /// <summary>HCRX_EL2.</summary>
    public ulong HcrxEl2;

    /// <summary>TCR2_EL1.</summary>
    public ulong Tcr2El1;

    /// <summary>RCWMASK_EL1.</summary>
    public ulong RcwmaskEl1;

    /// <summary>RCWSMASK_EL1.</summary>
    public ulong RcwsmaskEl1;

    /// <summary>ACCDATA_EL1.</summary>
    public ulong AccdataEl1;

    /// <summary>What the counter has advanced while the vCPU waited, in instructions.</summary>
    public ulong IdleInstructions;

    /// <summary>The event register of WFE: 0 or 1.</summary>
    public ulong EventRegister;

    /// <summary>What the vCPU waits for: <see cref="IdleTime"/>.</summary>
    public ulong Waiting;

    /// <summary>What the next Software Step exception reports: <see cref="SoftwareStep"/>.</summary>
    public ulong SteppedInstruction;

    /// <summary>The levels of the interrupt lines: bit n is <see cref="InterruptLine"/> n.</summary>
    public ulong InterruptLines;

    /// <summary>The outputs of the timers when they were last looked at: bit n is <see cref="Timers.TimerKind"/> n.</summary>
    public ulong TimerOutputs;

    /// <summary>What the outputs of the timers do to virtual IRQ, where they are wired to it: 0 or 1.</summary>
    public ulong TimerInterrupt;

    /// <summary>From where <see cref="SeededChoice"/> goes on; 0 without a seed.</summary>
    public ulong ChoiceState;

    /// <summary>RGSR_EL1.</summary>
    public ulong RgsrEl1;

    /// <summary>GCR_EL1.</summary>
    public ulong GcrEl1;

    /// <summary>TFSR_EL1.</summary>
    public ulong TfsrEl1;

    /// <summary>TFSRE0_EL1.</summary>
    public ulong Tfsre0El1;

    /// <summary>From where the choices of the speculative walker go on; 0 without one.</summary>
    public ulong SpeculationState;

    /// <summary>The instruction count at which the speculative walker works next.</summary>
    public ulong SpeculationDue;

    /// <summary>Not 0 while the speculative walker may use the translation controls.</summary>
    public ulong MaySpeculate;

    /// <summary>Addresses that were translated lately.</summary>
    public RecentAddresses RecentPages;

    /// <summary>APIAKeyLo_EL1, APIAKeyHi_EL1, and so on for IB, DA, DB and GA.</summary>
    public PointerKeyRegisters PointerKeys;

    /// <summary>The registers of the keys of pointer authentication.</summary>
    [InlineArray(Count)]
    public struct PointerKeyRegisters
    {
        /// <summary>How many there are: two halves of five keys.</summary>
        public const int Count = 10;

        private ulong _first;
    }

    /// <summary>Addresses near which the speculative walker looks.</summary>
    [InlineArray(Count)]
    public struct RecentAddresses
    {
        /// <summary>How many there are.</summary>
        public const int Count = 8;

        private ulong _first;
    }

    /// <summary>The numbered registers of one kind.</summary>
    [InlineArray(Count)]
    public struct DebugValues
    {
        /// <summary>How many there are room for.</summary>
        public const int Count = 16;

        private ulong _first;
    }
}
