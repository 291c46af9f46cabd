using HvIntrospect.Interpreter.Debug;
using HvIntrospect.Interpreter.Dispatch;
using HvIntrospect.Interpreter.State;
using HvIntrospect.Registers;

namespace HvIntrospect.Interpreter.Exceptions;

/// <summary>The software step state machine.</summary>
/// <remarks>
/// Arm Architecture Reference Manual (DDI 0487), "Software Step exceptions". Inactive unless enabled; then PSTATE.SS = 1 is active-not-pending (one
/// instruction is executed) and PSTATE.SS = 0 is active-pending (the exception is taken before anything is fetched).
/// </remarks>
internal static unsafe class SoftwareStep
{
    /// <summary>The value of <see cref="SystemState.SteppedInstruction"/> when no instruction was stepped: ISV = 0.</summary>
    public const ulong NoInstruction = 0;

    private const ulong PlainInstruction = 1;
    private const ulong LoadExclusive = 2;

    // LDXR, LDAXR, LDXP and LDAXP. The words of the class with bit 21 set and bit 31 clear are CASP.
    private const uint LoadExclusiveMask = 0x3FC0_0000;
    private const uint LoadExclusiveValue = 0x0840_0000;

    /// <summary>Tells whether step is enabled in the current state.</summary>
    /// <param name="cpu">The vCPU.</param>
    /// <returns>False when the state machine is inactive.</returns>
    public static bool IsEnabled(CpuState* cpu) =>
        new Mdscr(cpu->System.MdscrEl1).SoftwareStep && DebugExceptions.AreEnabledFrom(cpu, ProcessState.ExceptionLevel(cpu), new Spsr(cpu->Pstate).D);

    /// <summary>Gets what an exception return puts into PSTATE.SS.</summary>
    /// <param name="cpu">The vCPU, still in the state that it returns from.</param>
    /// <param name="spsr">The state that it returns to.</param>
    /// <param name="target">The Exception level that it returns to.</param>
    /// <param name="fromEl2">True for the return from EL2, where debug exceptions are masked.</param>
    /// <returns>PSTATE.SS.</returns>
    public static bool StateAfterReturn(CpuState* cpu, Spsr spsr, int target, bool fromEl2)
    {
        bool enabledAtSource = !fromEl2 && DebugExceptions.AreEnabledFrom(cpu, ProcessState.ExceptionLevel(cpu), new Spsr(cpu->Pstate).D);
        return spsr.SoftwareStep && new Mdscr(cpu->System.MdscrEl1).SoftwareStep && !enabledAtSource && DebugExceptions.AreEnabledFrom(cpu, target, spsr.D);
    }

    /// <summary>Takes the Software Step exception. Works on the written-down state.</summary>
    /// <param name="cpu">The vCPU, active-pending.</param>
    public static void TakePending(CpuState* cpu)
    {
        ulong stepped = cpu->System.SteppedInstruction;
        ExceptionEntry.Debug(
            cpu, SoftwareStepSyndrome.Create(DebugExceptions.AreOfSameLevel(cpu), stepped != NoInstruction, stepped == LoadExclusive));
    }

    /// <summary>Executes the one instruction of the active-not-pending state, or takes the exception that comes instead.</summary>
    /// <param name="processor">The vCPU's engine.</param>
    public static void ExecuteOne(Processor processor)
    {
        CpuState* cpu = processor.State;
        if (!processor.TryReach())
        {
            return;
        }

        uint word = processor.WordAt(cpu->Pc);
        cpu->System.SteppedInstruction = IsLoadExclusive(word) ? LoadExclusive : PlainInstruction;
        processor.ExecuteReached();

        // A trap leaves the state active-not-pending; an exception to EL1 has made it active-pending without an instruction.
        if (cpu->LeaveReason != LeaveReason.ExceptionToEl2)
        {
            cpu->Pstate &= ~ProcessState.SoftwareStep;
        }
    }

    private static bool IsLoadExclusive(uint word) =>
        (word & LoadExclusiveMask) == LoadExclusiveValue && (word & 0x8020_0000) != 0x0020_0000;
}
