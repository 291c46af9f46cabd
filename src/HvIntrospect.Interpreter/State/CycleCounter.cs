namespace HvIntrospect.Interpreter.State;

/// <summary>The cycle counter of the Performance Monitors: an instruction is a cycle, so that a run does not depend on the host.</summary>
/// <remarks>
/// Arm Architecture Reference Manual (DDI 0487), "The Performance Monitors Extension". The value is brought up to date when something looks, or
/// changes whether it counts. An overflow, of 64 bits as without AArch32, is recorded; no interrupt is wired to it. All methods need the instruction count to be written down.
/// </remarks>
internal static unsafe class CycleCounter
{
    /// <summary>The counter's bit in the masks of all counters.</summary>
    public const ulong Bit = 1UL << 31;

    private const ulong Enable = 1;
    private const ulong CycleReset = 1UL << 2;
    private const ulong LongCycle = 1UL << 6;

    // E, X and DP. D has no effect while LC is 1, and is RES0 here.
    private const ulong Kept = Enable | (1UL << 4) | (1UL << 5);

    // P and U, and M, which is about EL3.
    private const ulong FilterWritable = (3UL << 30) | (1UL << 26);
    private const ulong FilterEl1 = 1UL << 31;
    private const ulong FilterEl0 = 1UL << 30;

    /// <summary>Gets PMCR_EL0.</summary>
    /// <param name="cpu">The vCPU.</param>
    /// <returns>The register; N is 0.</returns>
    public static ulong Control(CpuState* cpu) => cpu->System.PmcrEl0 | LongCycle;

    /// <summary>Sets PMCR_EL0.</summary>
    /// <param name="cpu">The vCPU.</param>
    /// <param name="value">The new value; C resets the counter.</param>
    public static void SetControl(CpuState* cpu, ulong value)
    {
        Update(cpu);
        cpu->System.PmccntrEl0 = (value & CycleReset) != 0 ? 0 : cpu->System.PmccntrEl0;
        cpu->System.PmcrEl0 = value & Kept;
    }

    /// <summary>Gets PMCCNTR_EL0.</summary>
    /// <param name="cpu">The vCPU.</param>
    /// <returns>The count.</returns>
    public static ulong Read(CpuState* cpu)
    {
        Update(cpu);
        return cpu->System.PmccntrEl0;
    }

    /// <summary>Sets PMCCNTR_EL0.</summary>
    /// <param name="cpu">The vCPU.</param>
    /// <param name="value">The count.</param>
    public static void Write(CpuState* cpu, ulong value)
    {
        Update(cpu);
        cpu->System.PmccntrEl0 = value;
    }

    /// <summary>Sets PMCCFILTR_EL0.</summary>
    /// <param name="cpu">The vCPU.</param>
    /// <param name="value">P and U say at which Exception level nothing is counted.</param>
    public static void SetFilter(CpuState* cpu, ulong value)
    {
        Update(cpu);
        cpu->System.PmccfiltrEl0 = value & FilterWritable;
    }

    /// <summary>Counts up to now. Called before whatever changes whether the counter counts: its registers and the Exception level.</summary>
    /// <param name="cpu">The vCPU.</param>
    public static void Update(CpuState* cpu)
    {
        ref SystemState system = ref cpu->System;
        ulong passed = cpu->Retired - system.CyclesCountedTo;
        system.CyclesCountedTo = cpu->Retired;
        ulong filter = ProcessState.ExceptionLevel(cpu) == 0 ? FilterEl0 : FilterEl1;
        if ((system.PmcrEl0 & Enable) != 0 && (system.PmcntenEl0 & Bit) != 0 && (system.PmccfiltrEl0 & filter) == 0)
        {
            ulong old = system.PmccntrEl0;
            system.PmccntrEl0 = old + passed;
            system.PmovsEl0 |= system.PmccntrEl0 < old ? Bit : 0;
        }
    }
}
