using HvIntrospect.Interpreter.Mmu;
using HvIntrospect.Registers;

namespace HvIntrospect.Interpreter.State;

/// <summary>What handlers test for speed and what follows from PSTATE and control registers.</summary>
internal static unsafe class DerivedState
{
    private const int FpenShift = 20;
    private const ulong CptrTfp = 1UL << 10;

    /// <summary>Brings it up to date. Called after every change of PSTATE.EL, PSTATE.SP, SCTLR_EL1, SCTLR_EL2, CPACR_EL1, CPTR_EL2 or HCR_EL2.</summary>
    /// <param name="cpu">The vCPU.</param>
    public static void Update(CpuState* cpu)
    {
        bool isEl0 = ProcessState.ExceptionLevel(cpu) == 0;
        cpu->DataTlb = isEl0 ? cpu->DataTlbEl0 : cpu->DataTlbEl1;
        cpu->UnprivilegedDataTlb = ProcessState.UnprivilegedLevel(cpu) == 0 ? cpu->DataTlbEl0 : cpu->DataTlbEl1;
        cpu->FetchTlb = isEl0 ? cpu->FetchTlbEl0 : cpu->FetchTlbEl1;
        Sctlr sctlr = RegimeControls.Sctlr(cpu);
        cpu->SpAlignmentMask = sctlr.Has(isEl0 ? SctlrBits.Sa0 : SctlrBits.Sa) ? 15UL : 0UL;
        cpu->IsBigEndian = sctlr.Has(isEl0 ? SctlrBits.E0e : SctlrBits.Ee) ? (byte)1 : (byte)0;
        cpu->ChecksTags = MayCheckTags(cpu) ? (byte)1 : (byte)0;
        cpu->FpTrapped = IsFpTrappedByEl1(cpu) || IsFpTrappedByEl2(cpu) ? (byte)1 : (byte)0;
    }

    /// <summary>Tells whether data is big-endian at either Exception level, so that nothing is accessed by host pointer alone.</summary>
    /// <param name="cpu">The vCPU.</param>
    /// <returns>True when it is.</returns>
    public static bool MaySwapBytes(CpuState* cpu) => RegimeControls.Sctlr(cpu).Has(SctlrBits.E0e | SctlrBits.Ee);

    /// <summary>Gets SCTLR_ELx as accesses to Allocation Tags depend on it: without ATA and ATA0 where EL2 keeps the tags from the guest.</summary>
    /// <param name="cpu">The vCPU.</param>
    /// <returns>The value.</returns>
    public static Sctlr SctlrForTags(CpuState* cpu)
    {
        Sctlr sctlr = RegimeControls.Sctlr(cpu);
        return new Hcr(cpu->System.HcrEl2).Has(HcrBits.Ata) || RegimeControls.IsHost(cpu) ? sctlr : sctlr.With(SctlrBits.Ata | SctlrBits.Ata0, false);
    }

    private static bool MayCheckTags(CpuState* cpu)
    {
        Sctlr sctlr = SctlrForTags(cpu);
        return (sctlr.Has(SctlrBits.Ata) && sctlr.TagCheckFaults != TagCheckFaults.None)
            || (sctlr.Has(SctlrBits.Ata0) && sctlr.TagCheckFaultsEl0 != TagCheckFaults.None);
    }

    /// <summary>Tells whether CPACR_EL1 traps FP and SIMD instructions in the current state.</summary>
    /// <param name="cpu">The vCPU.</param>
    /// <returns>False when only CPTR_EL2 may trap them.</returns>
    public static bool IsFpTrappedByEl1(CpuState* cpu)
    {
        // A host's EL0 is the business of CPTR_EL2 alone.
        return !RegimeControls.IsHost(cpu) && IsTrappedByFpen(cpu, cpu->System.CpacrEl1);
    }

    private static bool IsFpTrappedByEl2(CpuState* cpu)
    {
        // Under E2H the register has the layout of CPACR_EL1: what it says of EL0 counts only while TGE is set too.
        ulong cptr = cpu->System.CptrEl2;
        bool isEl0Open = !RegimeControls.IsHost(cpu) && ((cptr >> FpenShift) & 3) == 1;
        return (cpu->System.HcrEl2 & (ulong)HcrBits.E2h) != 0 ? !isEl0Open && IsTrappedByFpen(cpu, cptr) : (cptr & CptrTfp) != 0;
    }

    // FPEN: 0b01 traps EL0 only, 0b11 nothing, the others both levels.
    private static bool IsTrappedByFpen(CpuState* cpu, ulong register)
    {
        ulong fpen = (register >> FpenShift) & 3;
        return fpen != 3 && (fpen != 1 || ProcessState.ExceptionLevel(cpu) == 0);
    }
}
