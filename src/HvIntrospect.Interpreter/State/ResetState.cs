using HvIntrospect.Registers;

namespace HvIntrospect.Interpreter.State;

/// <summary>The state of a vCPU when EL2 software first sees it.</summary>
/// <remarks>Arm Architecture Reference Manual (DDI 0487), "Reset". What is UNKNOWN out of reset is 0.</remarks>
internal static unsafe class ResetState
{
    // RES1 bits of Armv8.0; the MMU is off.
    private const ulong SctlrEl1 = 0x30D0_0800;
    private const ulong SctlrEl2 = 0x30C5_0830;
    private const ulong CptrEl2 = 0x33FF;

    // EL1 may use the physical counter and timer.
    private const ulong CnthctlEl2 = 3;

    /// <summary>Applies it to a zeroed state.</summary>
    /// <param name="cpu">The state.</param>
    /// <param name="settings">What the core is.</param>
    public static void Apply(CpuState* cpu, CoreSettings settings)
    {
        ref SystemState system = ref cpu->System;
        system.SctlrEl1 = SctlrEl1;
        system.SctlrEl2 = SctlrEl2;
        system.CptrEl2 = CptrEl2;
        system.CnthctlEl2 = CnthctlEl2;
        system.OsLock = 1;
        system.CntfrqEl0 = settings.CounterFrequency;
        system.VpidrEl2 = settings.Identification.Read(SystemRegister.MidrEl1);
        system.VmpidrEl2 = settings.Identification.Read(SystemRegister.MpidrEl1);
        ProcessState.WriteWithoutFlags(cpu, ProcessState.MasksMask | ProcessState.El1h);
    }
}
