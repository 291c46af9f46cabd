using System;
using System.Collections.Generic;
using HvIntrospect.Interpreter.Memory;
using HvIntrospect.Interpreter.Scheduling;
using HvIntrospect.Interpreter.State;
using HvIntrospect.Mmio;

namespace HvIntrospect.Interpreter;

/// <summary>The state of a <see cref="Machine"/> at one moment, to which it can be taken back as often as wanted.</summary>
/// <remarks>
/// It costs a copy of each page of RAM that is written after it, until it is disposed. Snapshots of one machine are independent of each other.
/// What EL2 owns is the caller's and not in it: the Stage 2 tables, guards, watches and devices, but for those that are attached to the machine.
/// </remarks>
public sealed class MachineSnapshot : IDisposable
{
    private readonly Machine _machine;

    internal MachineSnapshot(Machine machine, MemorySnapshot memory, IReadOnlyDictionary<ulong, byte[]>? tags, VcpuSnapshot[] vcpus, (IStatefulDevice Device, object State)[] devices, Turn schedule, ulong maintenance)
    {
        _machine = machine;
        Memory = memory;
        Tags = tags;
        Vcpus = vcpus;
        Devices = devices;
        Schedule = schedule;
        Maintenance = maintenance;
    }

    /// <summary>Gets the bytes of RAM.</summary>
    internal MemorySnapshot Memory { get; }

    /// <summary>Gets the Allocation Tags; null when the machine has none.</summary>
    internal IReadOnlyDictionary<ulong, byte[]>? Tags { get; }

    /// <summary>Gets the states of the vCPUs.</summary>
    internal VcpuSnapshot[] Vcpus { get; }

    /// <summary>Gets the states of the devices.</summary>
    internal (IStatefulDevice Device, object State)[] Devices { get; }

    /// <summary>Gets whose turn it was.</summary>
    internal Turn Schedule { get; }

    /// <summary>Gets how often EL2 had invalidated translations.</summary>
    internal ulong Maintenance { get; }

    /// <summary>Frees what the snapshot keeps. Safe to call from any thread, and again.</summary>
    public void Dispose() => _machine.Release(Memory);

    /// <summary>Tells whether the snapshot belongs to a machine.</summary>
    /// <param name="machine">The machine.</param>
    /// <returns>True when it was taken of it.</returns>
    internal bool IsOf(Machine machine) => _machine == machine;
}
