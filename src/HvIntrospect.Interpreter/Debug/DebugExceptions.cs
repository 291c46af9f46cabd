using HvIntrospect.Interpreter.State;
using HvIntrospect.Registers;

namespace HvIntrospect.Interpreter.Debug;

/// <summary>Who takes debug exceptions, and whether they are generated at all.</summary>
/// <remarks>Arm Architecture Reference Manual (DDI 0487), "Enabling debug exceptions" and "Routing debug exceptions".</remarks>
internal static unsafe class DebugExceptions
{
    /// <summary>Tells whether debug exceptions are taken to EL2.</summary>
    /// <param name="cpu">The vCPU.</param>
    /// <returns>MDCR_EL2.TDE or HCR_EL2.TGE.</returns>
    public static bool AreOwnedByEl2(CpuState* cpu) =>
        (cpu->System.MdcrEl2 & (ulong)MdcrBits.Tde) != 0 || (cpu->System.HcrEl2 & (ulong)HcrBits.Tge) != 0;

    /// <summary>Tells whether a debug exception from an Exception level is one of the same level.</summary>
    /// <param name="cpu">The vCPU.</param>
    /// <returns>True at EL1 when EL1 owns debug exceptions.</returns>
    public static bool AreOfSameLevel(CpuState* cpu) => ProcessState.ExceptionLevel(cpu) == 1 && !AreOwnedByEl2(cpu);

    /// <summary>Tells whether debug exceptions other than BRK are generated in a state.</summary>
    /// <param name="cpu">The vCPU.</param>
    /// <param name="el">The Exception level of the state.</param>
    /// <param name="masked">PSTATE.D of the state.</param>
    /// <returns>False under the OS Lock or the OS Double Lock, and where their owner has masked them for itself.</returns>
    public static bool AreEnabledFrom(CpuState* cpu, int el, bool masked)
    {
        ref SystemState system = ref cpu->System;
        bool isLocked = system.OsLock != 0 || (system.OsDoubleLock != 0 && (system.DbgprcrEl1 & 1) == 0);
        bool isOwner = el == 1 && !AreOwnedByEl2(cpu);
        return !isLocked && (!isOwner || (new Mdscr(system.MdscrEl1).KernelDebugEnable && !masked));
    }

    /// <summary>Tells whether breakpoints and watchpoints are looked at in the current state.</summary>
    /// <param name="cpu">The vCPU.</param>
    /// <returns>MDSCR_EL1.MDE, where debug exceptions are generated.</returns>
    public static bool AreRegistersEnabled(CpuState* cpu) =>
        new Mdscr(cpu->System.MdscrEl1).MonitorDebugEnable && AreEnabledFrom(cpu, ProcessState.ExceptionLevel(cpu), new Spsr(cpu->Pstate).D);
}
