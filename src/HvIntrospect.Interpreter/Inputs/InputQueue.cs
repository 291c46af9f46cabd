using System;
using System.Collections.Generic;
using System.Threading;
using HvIntrospect.Interpreter.State;

namespace HvIntrospect.Interpreter.Inputs;

/// <summary>What is to reach one vCPU from outside. Its event loop takes it between instructions.</summary>
/// <remarks>Inputs may be added by any thread; they are taken by the one that runs the vCPU.</remarks>
internal sealed unsafe class InputQueue
{
    private readonly Lock _lock = new();

    // By moment; in the order of arrival within one.
    private readonly List<MachineInput> _scheduled = [];
    private readonly List<MachineInput> _posted = [];
    private readonly List<MachineInput> _taken = [];
    private InputSink? _sink;
    private int _index;
    private ulong _nextDue = ulong.MaxValue;
    private volatile bool _hasPosted;

    // Levels that the machine's own devices drive: bits by line, to be raised and to be lowered.
    private ulong _raised;
    private ulong _lowered;

    /// <summary>Gets a value indicating whether an input wants to be taken as soon as possible.</summary>
    public bool HasPosted => _hasPosted;

    /// <summary>Gets the moment of a vCPU: what it has executed, and what it has waited.</summary>
    /// <param name="cpu">The vCPU, its instruction count written down.</param>
    /// <returns>Instructions.</returns>
    public static ulong Elapsed(CpuState* cpu) => cpu->Retired + cpu->System.IdleInstructions;

    /// <summary>Sets who is told of what is taken.</summary>
    /// <param name="index">The vCPU's number.</param>
    /// <param name="sink">The receiver.</param>
    public void SetSink(int index, InputSink sink)
    {
        _index = index;
        _sink = sink;
    }

    /// <summary>Adds an input for the next opportunity.</summary>
    /// <param name="input">The input; its moment is ignored.</param>
    public void Post(in MachineInput input)
    {
        lock (_lock)
        {
            _posted.Add(input);
            _hasPosted = true;
        }
    }

    /// <summary>Changes a line at the next opportunity for a device of the machine. It comes from inside, so it is no input that a record needs.</summary>
    /// <param name="line">The line.</param>
    /// <param name="isAsserted">The level.</param>
    public void Drive(InterruptLine line, bool isAsserted)
    {
        ulong bit = 1UL << (int)line;
        lock (_lock)
        {
            _raised = isAsserted ? _raised | bit : _raised & ~bit;
            _lowered = isAsserted ? _lowered & ~bit : _lowered | bit;
            _hasPosted = true;
        }
    }

    /// <summary>Adds an input for its moment.</summary>
    /// <param name="input">The input.</param>
    public void Schedule(in MachineInput input)
    {
        lock (_lock)
        {
            int at = _scheduled.Count;
            while (at != 0 && IsLater(_scheduled[at - 1], input.Elapsed, input.Exceptions))
            {
                at--;
            }

            _scheduled.Insert(at, input);
            _nextDue = _scheduled[0].Elapsed;
        }
    }

    /// <summary>Forgets everything that is not taken.</summary>
    public void Clear()
    {
        lock (_lock)
        {
            _scheduled.Clear();
            _posted.Clear();
            _raised = 0;
            _lowered = 0;
            _hasPosted = false;
            _nextDue = ulong.MaxValue;
        }
    }

    /// <summary>Takes what is due, and what was posted.</summary>
    /// <param name="cpu">The vCPU, between two instructions.</param>
    public void Take(CpuState* cpu)
    {
        if (!_hasPosted && Elapsed(cpu) < _nextDue)
        {
            return;
        }

        // A receiver may post in turn, for instance its device's interrupt line.
        do
        {
            TakeDue(cpu);
        }
        while (_hasPosted);
    }

    /// <summary>Gets the instruction count at which something is due.</summary>
    /// <param name="cpu">The vCPU, after <see cref="Take"/>.</param>
    /// <returns>A count above the present one; <see cref="ulong.MaxValue"/> when nothing is scheduled.</returns>
    public ulong NextCount(CpuState* cpu)
    {
        ulong due = _nextDue;
        return due == ulong.MaxValue ? due : Math.Max(due - Math.Min(due, cpu->System.IdleInstructions), cpu->Retired + 1);
    }

    private static bool IsLater(in MachineInput input, ulong elapsed, ulong exceptions) =>
        input.Elapsed > elapsed || (input.Elapsed == elapsed && input.Exceptions > exceptions);

    private void TakeDue(CpuState* cpu)
    {
        ulong elapsed = Elapsed(cpu);
        lock (_lock)
        {
            // Of one moment, what was posted comes first: when a record is repeated, who drives the machine may post again what is in it, and the record has the last word.
            _taken.Clear();
            _taken.AddRange(_posted);
            _posted.Clear();
            int due = 0;
            while (due < _scheduled.Count && !IsLater(_scheduled[due], elapsed, cpu->ExceptionsTaken))
            {
                _taken.Add(_scheduled[due++]);
            }

            _scheduled.RemoveRange(0, due);
            _nextDue = _scheduled.Count == 0 ? ulong.MaxValue : _scheduled[0].Elapsed;
            cpu->System.InterruptLines = (cpu->System.InterruptLines | _raised) & ~_lowered;
            _raised = 0;
            _lowered = 0;
            _hasPosted = false;
        }

        foreach (MachineInput input in _taken)
        {
            if (input.Port <= (int)InterruptLine.VirtualFiq)
            {
                ulong line = 1UL << input.Port;
                cpu->System.InterruptLines = input.Value != 0 ? cpu->System.InterruptLines | line : cpu->System.InterruptLines & ~line;
            }

            _sink?.Invoke(input with { Vcpu = _index, Elapsed = elapsed, Exceptions = cpu->ExceptionsTaken });
        }
    }
}
