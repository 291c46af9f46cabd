using System.Runtime.InteropServices;

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

    /// <summary>ELR_EL2.</summary>
    public ulong ElrEl2;

    /// <summary>SPSR_EL2.</summary>
    public ulong SpsrEl2;

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
}
