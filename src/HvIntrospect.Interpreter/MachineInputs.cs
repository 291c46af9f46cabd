using System;
using System.Collections.Generic;
using System.Threading;

namespace HvIntrospect.Interpreter;

/// <summary>The one door by which anything from outside reaches a <see cref="Machine"/>: interrupt lines, and data for devices.</summary>
/// <remarks>
/// <para>Every input is taken between two instructions of a vCPU, at a moment that is counted in its instructions. An input that is scheduled is taken exactly there, however the
/// run is cut into parts. One that is posted is taken as soon as the vCPU can look: before its next instruction when it stands still or its handler posts, otherwise within
/// some ten thousand instructions; the moment is then its stamp. A run from the same state with the record of another one's inputs scheduled is equal in every bit. The record holds
/// what handlers post too; a level that they post again does no harm, as what is scheduled for a moment follows what is posted at it.</para>
/// <para>Thread-safe. Receivers are called on the thread that runs the vCPU, or that takes a snapshot, without a lock held.</para>
/// </remarks>
public sealed class MachineInputs
{
    private readonly Lock _lock = new();
    private readonly Vcpu[] _vcpus;
    private List<MachineInput>? _record;
    private Action<ulong>[] _receivers = [];

    internal MachineInputs(Vcpu[] vcpus)
    {
        _vcpus = vcpus;
        foreach (Vcpu vcpu in vcpus)
        {
            vcpu.Processor.Inputs.SetSink(vcpu.Index, Deliver);
        }
    }

    /// <summary>Gets the first port that is not an interrupt line.</summary>
    private static int FirstPort => (int)InterruptLine.VirtualFiq + 1;

    /// <summary>Adds a receiver of data, for instance a device's.</summary>
    /// <param name="receiver">Is called with each input at its moment.</param>
    /// <returns>Its port. Ports are numbered in the order of the calls, so that a record fits a machine with the same devices.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="receiver"/> is null.</exception>
    public int Connect(Action<ulong> receiver)
    {
        ArgumentNullException.ThrowIfNull(receiver);
        lock (_lock)
        {
            _receivers = [.. _receivers, receiver];
            return FirstPort + _receivers.Length - 1;
        }
    }

    /// <summary>Gives the machine an input now.</summary>
    /// <param name="vcpu">The index of the vCPU.</param>
    /// <param name="port">The number of an <see cref="InterruptLine"/>, or a port of <see cref="Connect"/>.</param>
    /// <param name="value">For a line 0 or 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such vCPU or port, or a line's level is neither 0 nor 1; nothing was changed.</exception>
    public void Post(int vcpu, int port, ulong value)
    {
        var input = new MachineInput(vcpu, 0, 0, port, value);
        Validate(input);
        _vcpus[vcpu].Processor.Inputs.Post(input);
    }

    /// <summary>Gives the machine an input at a moment. One whose moment has passed is taken at the first opportunity; those of one moment are taken in the order in which they were scheduled.</summary>
    /// <param name="input">The input. The vCPU does not run, or its handler calls.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such vCPU or port, or a line's level is neither 0 nor 1; nothing was changed.</exception>
    public void Schedule(MachineInput input)
    {
        Validate(input);
        _vcpus[input.Vcpu].Processor.Inputs.Schedule(input);
    }

    /// <summary>Schedules the inputs of a record.</summary>
    /// <param name="inputs">The inputs. No vCPU runs.</param>
    /// <exception cref="ArgumentNullException"><paramref name="inputs"/> is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException">One of them does not fit this machine; those before it are scheduled.</exception>
    public void Schedule(IEnumerable<MachineInput> inputs)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        foreach (MachineInput input in inputs)
        {
            Schedule(input);
        }
    }

    /// <summary>Starts to record every input that is taken, posted or scheduled; forgets an earlier record.</summary>
    public void StartRecording()
    {
        lock (_lock)
        {
            _record = [];
        }
    }

    /// <summary>Ends the recording.</summary>
    /// <returns>The inputs in the order in which they were taken, each with its moment; none when nothing was recorded.</returns>
    public IReadOnlyList<MachineInput> StopRecording()
    {
        lock (_lock)
        {
            List<MachineInput> record = _record ?? [];
            _record = null;
            return record;
        }
    }

    /// <summary>Forgets what is not taken yet, and what was recorded, because the machine is at another moment now.</summary>
    internal void Reset()
    {
        foreach (Vcpu vcpu in _vcpus)
        {
            vcpu.Processor.Inputs.Clear();
        }

        lock (_lock)
        {
            _record?.Clear();
        }
    }

    private void Deliver(in MachineInput input)
    {
        lock (_lock)
        {
            _record?.Add(input);
        }

        if (input.Port >= FirstPort)
        {
            _receivers[input.Port - FirstPort](input.Value);
        }
    }

    private void Validate(in MachineInput input)
    {
        if ((uint)input.Vcpu >= (uint)_vcpus.Length)
        {
            throw new ArgumentOutOfRangeException(nameof(input), input.Vcpu, "The machine has no such vCPU.");
        }

        if ((uint)input.Port >= (uint)(FirstPort + _receivers.Length))
        {
            throw new ArgumentOutOfRangeException(nameof(input), input.Port, "The machine has no such port.");
        }

        if (input.Port < FirstPort && input.Value > 1)
        {
            throw new ArgumentOutOfRangeException(nameof(input), input.Value, "The level of a line is 0 or 1.");
        }
    }
}
