using HvIntrospect.Interpreter.Mmu;

namespace HvIntrospect.Interpreter.State;

/// <summary>What handlers test for speed and what follows from PSTATE and control registers.</summary>
internal static unsafe class DerivedState
{
    private const ulong SctlrSa = 1UL << 3;
    private const ulong SctlrSa0 = 1UL << 4;
    private const ulong SctlrE0e = 1UL << 24;
    private const ulong SctlrEe = 1UL << 25;
    private const int CpacrFpenShift = 20;
    private const ulong CptrTfp = 1UL << 10;

    /// <summary>Brings it up to date. Called after every change of PSTATE.EL, PSTATE.SP, SCTLR_EL1, CPACR_EL1, CPTR_EL2 or HCR_EL2.</summary>
    /// <param name="cpu">The vCPU.</param>
    public static void Update(CpuState* cpu)
    {
        bool isEl0 = ProcessState.ExceptionLevel(cpu) == 0;
        cpu->DataTlb = isEl0 ? cpu->DataTlbEl0 : cpu->DataTlbEl1;
        cpu->UnprivilegedDataTlb = ProcessState.UnprivilegedLevel(cpu) == 0 ? cpu->DataTlbEl0 : cpu->DataTlbEl1;
        cpu->FetchTlb = isEl0 ? cpu->FetchTlbEl0 : cpu->FetchTlbEl1;
        cpu->SpAlignmentMask = (cpu->System.SctlrEl1 & (isEl0 ? SctlrSa0 : SctlrSa)) != 0 ? 15UL : 0UL;

        cpu->IsBigEndian = (cpu->System.SctlrEl1 & (isEl0 ? SctlrE0e : SctlrEe)) != 0 ? (byte)1 : (byte)0;
        cpu->FpTrapped = IsFpTrappedByEl1(cpu) || (cpu->System.CptrEl2 & CptrTfp) != 0 ? (byte)1 : (byte)0;
    }

    /// <summary>Tells whether data is big-endian at either Exception level, so that nothing is accessed by host pointer alone.</summary>
    /// <param name="cpu">The vCPU.</param>
    /// <returns>True when it is.</returns>
    public static bool MaySwapBytes(CpuState* cpu) => (cpu->System.SctlrEl1 & (SctlrE0e | SctlrEe)) != 0;

    /// <summary>Tells whether CPACR_EL1 traps FP and SIMD instructions in the current state.</summary>
    /// <param name="cpu">The vCPU.</param>
    /// <returns>False when only CPTR_EL2 may trap them.</returns>
    public static bool IsFpTrappedByEl1(CpuState* cpu)
    {
        // FPEN: 0b01 traps EL0 only, 0b11 nothing, the others both levels.
        ulong fpen = (cpu->System.CpacrEl1 >> CpacrFpenShift) & 3;
        return fpen != 3 && (fpen != 1 || ProcessState.ExceptionLevel(cpu) == 0);
    }
}
