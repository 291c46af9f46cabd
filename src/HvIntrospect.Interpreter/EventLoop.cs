using System;
using HvIntrospect.Interpreter.Debug;
using HvIntrospect.Interpreter.Dispatch;
using HvIntrospect.Interpreter.Exceptions;
using HvIntrospect.Interpreter.State;
using HvIntrospect.Interpreter.Timers;
using HvIntrospect.Registers;

namespace HvIntrospect.Interpreter;

/// <summary>Runs a vCPU and looks between instructions, exactly where they are due, at timers, interrupts, debug and the illegal state.</summary>
internal static unsafe class EventLoop
{
    private const ulong WaitForInterrupt = 1;
    private const ulong WaitForEvent = 2;

    /// <summary>Prepares the state as the exception return from EL2 does.</summary>
    /// <param name="processor">The vCPU's engine.</param>
    public static void Enter(Processor processor)
    {
        CpuState* cpu = processor.State;
        if (cpu->LeaveReason == LeaveReason.ExceptionToEl2)
        {
            cpu->System.EventRegister = 1;
        }

        processor.Enter();
        cpu->System.SteppedInstruction = SoftwareStep.NoInstruction;
        var state = new Spsr(cpu->Pstate);
        bool step = SoftwareStep.StateAfterReturn(cpu, state, ProcessState.ExceptionLevel(cpu), fromEl2: true);
        cpu->Pstate = (uint)state.WithSoftwareStep(step).Value;
    }

    /// <summary>Runs until an instruction count is reached or the run ends for another reason.</summary>
    /// <param name="processor">The vCPU's engine.</param>
    /// <param name="limit">The count.</param>
    /// <param name="pause">A count around which the run ends as well, as soon as it costs nothing.</param>
    /// <returns>Why; <see cref="LeaveReason.Events"/> when a count is reached.</returns>
    public static LeaveReason Run(Processor processor, ulong limit, ulong pause = ulong.MaxValue)
    {
        CpuState* cpu = processor.State;
        while (cpu->Retired < limit)
        {
            cpu->LeaveReason = LeaveReason.None;
            processor.Inputs.Take(cpu);
            ulong due = Math.Min(UpdateTimers(cpu, processor.Settings), processor.Inputs.NextCount(cpu));
            if (cpu->System.Waiting != 0 && !TryWake(cpu, ref due))
            {
                cpu->LeaveReason = LeaveReason.Wait;
            }
            else if (Interrupts.TryTake(cpu))
            {
                // The next turn looks at what the vector meets.
            }
            else if (SoftwareStep.IsEnabled(cpu))
            {
                Step(processor);
            }
            else if (new Spsr(cpu->Pstate).IllegalState || BreakpointRegisters.AreAnyIn(cpu, cpu->Pc))
            {
                if (processor.TryReach())
                {
                    processor.ExecuteSingle();
                }
            }
            else
            {
                processor.Execute(Math.Min(limit, due), pause);
            }

            if (cpu->LeaveReason is not (LeaveReason.None or LeaveReason.Events))
            {
                return cpu->LeaveReason;
            }

            if (processor.IsPauseDue(pause))
            {
                break;
            }
        }

        return LeaveReason.Events;
    }

    /// <summary>Makes a vCPU wait, as WFI or WFE.</summary>
    /// <param name="cpu">The vCPU.</param>
    /// <param name="isEvent">True for WFE.</param>
    public static void Wait(CpuState* cpu, bool isEvent) => cpu->System.Waiting = isEvent ? WaitForEvent : WaitForInterrupt;

    private static void Step(Processor processor)
    {
        CpuState* cpu = processor.State;
        if ((cpu->Pstate & ProcessState.SoftwareStep) != 0)
        {
            SoftwareStep.ExecuteOne(processor);
        }
        else
        {
            SoftwareStep.TakePending(cpu);
        }
    }

    // Brings the timer input up to date and tells when it will change next.
    private static ulong UpdateTimers(CpuState* cpu, CoreSettings settings)
    {
        if (!settings.AreTimersWired)
        {
            return ulong.MaxValue;
        }

        bool isAsserted = GenericTimer.IsAsserted(cpu, TimerKind.Virtual) || GenericTimer.IsAsserted(cpu, TimerKind.Physical);
        cpu->System.TimerOutput = isAsserted ? 1UL : 0UL;
        return Math.Min(GenericTimer.DueCount(cpu, TimerKind.Virtual), GenericTimer.DueCount(cpu, TimerKind.Physical));
    }

    // Time passes while the vCPU waits: it goes on at the next thing that will wake it. An input may be none that does.
    private static bool TryWake(CpuState* cpu, ref ulong due)
    {
        Processor processor = Processor.Of(cpu);
        bool isEvent = cpu->System.Waiting == WaitForEvent;
        while (!Interrupts.IsAnyPending(cpu) && (!isEvent || cpu->System.EventRegister == 0))
        {
            ulong input = processor.Inputs.NextCount(cpu);
            ulong next = isEvent ? Math.Min(due, GenericTimer.NextEventCount(cpu)) : due;
            if (next == ulong.MaxValue)
            {
                return false;
            }

            cpu->System.IdleInstructions += next - cpu->Retired;
            processor.Inputs.Take(cpu);
            due = Math.Min(UpdateTimers(cpu, processor.Settings), processor.Inputs.NextCount(cpu));
            if (next != input)
            {
                break;
            }
        }

        cpu->System.Waiting = 0;
        cpu->System.EventRegister = isEvent ? 0 : cpu->System.EventRegister;
        return true;
    }
}
