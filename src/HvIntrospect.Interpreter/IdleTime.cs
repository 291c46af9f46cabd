using System;
using HvIntrospect.Interpreter.Exceptions;
using HvIntrospect.Interpreter.Inputs;
using HvIntrospect.Interpreter.State;
using HvIntrospect.Interpreter.Timers;

namespace HvIntrospect.Interpreter;

/// <summary>What a vCPU that waits, waits for, and the time that passes meanwhile.</summary>
/// <remarks>
/// Arm Architecture Reference Manual (DDI 0487), "Wait for Event mechanism and Send event" and "Wait for Interrupt mechanism". A moment counts
/// instructions: what the vCPU has executed and what has passed without it.
/// </remarks>
internal static unsafe class IdleTime
{
    /// <summary>The vCPU executes.</summary>
    public const ulong Nothing = 0;

    /// <summary>The vCPU has executed WFI.</summary>
    public const ulong Interrupt = 1;

    /// <summary>The vCPU has executed WFE.</summary>
    public const ulong Event = 2;

    /// <summary>The vCPU is off: only EL2 ends that.</summary>
    public const ulong Power = 3;

    /// <summary>Gets the moment of a vCPU.</summary>
    /// <param name="cpu">The vCPU, its instruction count written down.</param>
    /// <returns>Instructions.</returns>
    public static ulong Moment(CpuState* cpu) => InputQueue.Elapsed(cpu);

    /// <summary>Tells whether an input wants to be taken as soon as possible.</summary>
    /// <param name="processor">The vCPU's engine.</param>
    /// <returns>True when one does.</returns>
    public static bool HasNews(Processor processor) => processor.Inputs.HasPosted;

    /// <summary>Makes a vCPU wait, as WFI or WFE.</summary>
    /// <param name="cpu">The vCPU.</param>
    /// <param name="isEvent">True for WFE.</param>
    public static void Wait(CpuState* cpu, bool isEvent) => cpu->System.Waiting = isEvent ? Event : Interrupt;

    /// <summary>Takes the inputs that are due and brings the outputs of the timers up to date.</summary>
    /// <param name="processor">The vCPU's engine, between two instructions.</param>
    /// <returns>The instruction count at which to look again; <see cref="ulong.MaxValue"/> when nothing is due.</returns>
    public static ulong Look(Processor processor)
    {
        CpuState* cpu = processor.State;
        processor.Inputs.Take(cpu);
        ulong timers = ulong.MaxValue;
        if (processor.Settings.AreTimersWired || processor.TimerOutputs is not null)
        {
            ulong outputs = (GenericTimer.IsAsserted(cpu, TimerKind.Virtual) ? 1UL << (int)TimerKind.Virtual : 0)
                | (GenericTimer.IsAsserted(cpu, TimerKind.Physical) ? 1UL << (int)TimerKind.Physical : 0);
            if (outputs != cpu->System.TimerOutputs)
            {
                Announce(processor, outputs);
            }

            timers = Math.Min(GenericTimer.DueCount(cpu, TimerKind.Virtual), GenericTimer.DueCount(cpu, TimerKind.Physical));
        }

        return Math.Min(timers, processor.Inputs.NextCount(cpu));
    }

    /// <summary>Tells whether a vCPU that waits has what it waits for.</summary>
    /// <param name="cpu">The vCPU, after <see cref="Look"/>.</param>
    /// <returns>True when it may go on.</returns>
    public static bool IsOver(CpuState* cpu) => cpu->System.Waiting switch
    {
        Nothing => true,
        Interrupt => Interrupts.IsAnyPending(cpu),
        Event => cpu->System.EventRegister != 0 || Interrupts.IsAnyPending(cpu),
        _ => false,
    };

    /// <summary>Gets the moment at which a vCPU that waits must look again.</summary>
    /// <param name="processor">The vCPU's engine, after <see cref="Look"/>.</param>
    /// <param name="due">What <see cref="Look"/> returned.</param>
    /// <returns>The moment; <see cref="ulong.MaxValue"/> when only another vCPU or EL2 can wake it.</returns>
    public static ulong NextMoment(Processor processor, ulong due)
    {
        CpuState* cpu = processor.State;
        ulong next = cpu->System.Waiting == Event ? Math.Min(due, GenericTimer.NextEventCount(cpu)) : due;
        return next == ulong.MaxValue ? next : next + cpu->System.IdleInstructions;
    }

    /// <summary>Lets time pass in which a vCPU executes nothing.</summary>
    /// <param name="cpu">The vCPU.</param>
    /// <param name="moment">The moment then, not before the present one.</param>
    public static void PassUntil(CpuState* cpu, ulong moment)
    {
        ulong passed = moment - Moment(cpu);
        if (cpu->System.Waiting == Event && GenericTimer.NextEventCount(cpu) - cpu->Retired <= passed)
        {
            cpu->System.EventRegister = 1;
        }

        cpu->System.IdleInstructions += passed;
    }

    /// <summary>Ends the wait of a vCPU, if it can end.</summary>
    /// <param name="processor">The vCPU's engine, after <see cref="Look"/>.</param>
    /// <param name="skips">True to let time pass up to the next moment that ends it.</param>
    /// <param name="due">What <see cref="Look"/> returned, then and now.</param>
    /// <returns>False when it goes on waiting.</returns>
    public static bool TryWake(Processor processor, bool skips, ref ulong due)
    {
        CpuState* cpu = processor.State;
        while (!IsOver(cpu))
        {
            ulong next = skips && cpu->System.Waiting != Power ? NextMoment(processor, due) : ulong.MaxValue;
            if (next == ulong.MaxValue)
            {
                return false;
            }

            PassUntil(cpu, next);
            due = Look(processor);
        }

        cpu->System.EventRegister = cpu->System.Waiting == Event ? 0 : cpu->System.EventRegister;
        cpu->System.Waiting = Nothing;
        return true;
    }

    private static void Announce(Processor processor, ulong outputs)
    {
        CpuState* cpu = processor.State;
        cpu->System.TimerOutputs = outputs;
        cpu->System.TimerInterrupt = processor.Settings.AreTimersWired && processor.TimerOutputs is null && outputs != 0 ? 1UL : 0UL;
        if (processor.TimerOutputs is not null)
        {
            processor.TimerOutputs(processor.Settings.Index, outputs);

            // An interrupt controller may have changed a line of this vCPU.
            processor.Inputs.Take(cpu);
        }
    }
}
