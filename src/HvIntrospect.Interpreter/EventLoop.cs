using System;
using HvIntrospect.Interpreter.Debug;
using HvIntrospect.Interpreter.Dispatch;
using HvIntrospect.Interpreter.Exceptions;
using HvIntrospect.Interpreter.Mmu;
using HvIntrospect.Interpreter.State;
using HvIntrospect.Registers;

namespace HvIntrospect.Interpreter;

/// <summary>Runs a vCPU and looks between instructions, exactly where they are due, at timers, interrupts, debug and the illegal state.</summary>
internal static unsafe class EventLoop
{
    /// <summary>Prepares the state as the exception return from EL2 does.</summary>
    /// <param name="processor">The vCPU's engine.</param>
    /// <returns>False when the return is illegal, which is an exception at EL2.</returns>
    public static bool Enter(Processor processor)
    {
        CpuState* cpu = processor.State;
        if (cpu->LeaveReason is LeaveReason.ExceptionToEl2 or LeaveReason.PhysicalInterrupt)
        {
            cpu->System.EventRegister = 1;
            cpu->System.SteppedInstruction = SoftwareStep.NoInstruction;
        }

        processor.Enter();
        SpeculativeWalker.Open(cpu);
        return ExceptionReturn.TryEnter(cpu);
    }

    /// <summary>Runs until an instruction count is reached or the run ends for another reason.</summary>
    /// <param name="processor">The vCPU's engine.</param>
    /// <param name="limit">The count.</param>
    /// <param name="pause">A count around which the run ends as well, as soon as it costs nothing.</param>
    /// <param name="skipsIdle">True to let time pass while the vCPU waits; false to leave with <see cref="LeaveReason.Wait"/> at once, for others to execute meanwhile.</param>
    /// <returns>Why; <see cref="LeaveReason.Events"/> when a count is reached.</returns>
    public static LeaveReason Run(Processor processor, ulong limit, ulong pause = ulong.MaxValue, bool skipsIdle = true)
    {
        CpuState* cpu = processor.State;
        while (cpu->Retired < limit)
        {
            cpu->LeaveReason = LeaveReason.None;
            SpeculativeWalker.RunDue(cpu, processor.Translator);
            ulong due = IdleTime.Look(processor);
            if (cpu->System.Waiting != IdleTime.Nothing && !IdleTime.TryWake(processor, skipsIdle, ref due))
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
            else if ((cpu->Pstate & (ProcessState.IllegalState | ProcessState.BranchTypeMask)) != 0 || BreakpointRegisters.AreAnyIn(cpu, cpu->Pc))
            {
                if (processor.TryReach())
                {
                    processor.ExecuteReached();
                }
            }
            else
            {
                processor.Execute(Math.Min(Math.Min(limit, due), SpeculativeWalker.DueCount(cpu)), pause);
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
}
