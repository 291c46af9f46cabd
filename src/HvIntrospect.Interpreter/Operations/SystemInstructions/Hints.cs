using System.Runtime.CompilerServices;
using HvIntrospect.Interpreter.Dispatch;
using HvIntrospect.Interpreter.Exceptions;
using HvIntrospect.Interpreter.State;
using HvIntrospect.Registers;

namespace HvIntrospect.Interpreter.Operations.SystemInstructions;

/// <summary>Performs WFI, WFE and SEV.</summary>
/// <remarks>Arm Architecture Reference Manual (DDI 0487), "Wait for Interrupt" and "Wait for Event". Only an instruction that would wait is trapped.</remarks>
internal static unsafe class Hints
{
    /// <summary>Performs a WFI.</summary>
    /// <param name="cpu">The state.</param>
    /// <param name="operation">The instruction.</param>
    /// <returns>The next operation.</returns>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static Operation* WaitForInterrupt(CpuState* cpu, Operation* operation) =>
        Interrupts.IsAnyPending(cpu)
            ? Flow.NextAfterSync(cpu, operation)
            : Wait(cpu, operation, WfxInstruction.Wfi, SctlrBits.NTwi, HcrBits.Twi);

    /// <summary>Performs a WFE.</summary>
    /// <param name="cpu">The state.</param>
    /// <param name="operation">The instruction.</param>
    /// <returns>The next operation.</returns>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static Operation* WaitForEvent(CpuState* cpu, Operation* operation)
    {
        if (cpu->System.EventRegister != 0)
        {
            cpu->System.EventRegister = 0;
            return operation + 1;
        }

        return Wait(cpu, operation, WfxInstruction.Wfe, SctlrBits.NTwe, HcrBits.Twe);
    }

    /// <summary>Performs a SEV.</summary>
    /// <param name="cpu">The state.</param>
    /// <param name="operation">The instruction.</param>
    /// <returns>The next operation.</returns>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static Operation* SendEvent(CpuState* cpu, Operation* operation)
    {
        Processor.Of(cpu).Settings.Domain.SendEvent();
        return operation + 1;
    }

    /// <summary>Performs an ESB: a pending SError that is masked is deferred, others are taken next. A hint without FEAT_RAS.</summary>
    /// <param name="cpu">The state.</param>
    /// <param name="operation">The instruction.</param>
    /// <returns>The next operation.</returns>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static Operation* SynchroniseErrors(CpuState* cpu, Operation* operation)
    {
        if ((Processor.Of(cpu).Settings.Features & A64Features.RAS) == 0)
        {
            return operation + 1;
        }

        Interrupts.DeferError(cpu);
        return Flow.NextAfterSync(cpu, operation);
    }

    private static Operation* Wait(CpuState* cpu, Operation* operation, WfxInstruction instruction, SctlrBits open, HcrBits trap)
    {
        bool isEl0 = ProcessState.ExceptionLevel(cpu) == 0;
        if (isEl0 && !RegimeControls.Sctlr(cpu).Has(open))
        {
            return ExceptionEntry.TakeToEl1(cpu, operation, WfxSyndrome.Create(instruction));
        }

        if (new Hcr(cpu->System.HcrEl2).Has(trap) && !(isEl0 && RegimeControls.IsHost(cpu)))
        {
            return ExceptionEntry.TakeToEl2(cpu, operation, WfxSyndrome.Create(instruction));
        }

        IdleTime.Wait(cpu, instruction == WfxInstruction.Wfe);
        return Flow.NextAfterSync(cpu, operation);
    }
}
