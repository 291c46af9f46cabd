using System;
using System.Threading;

namespace HvIntrospect.Introspection;

/// <summary>What is remembered of each vCPU. Made when a vCPU is first seen.</summary>
/// <remarks>Thread-safe; an item belongs to the thread that handles its vCPU.</remarks>
internal sealed class VcpuStates
{
    private readonly object _lock = new();
    private readonly Services _services;
    private VcpuState?[] _states;

    /// <summary>Makes an empty set.</summary>
    /// <param name="services">What is shared.</param>
    public VcpuStates(Services services)
    {
        _services = services;
        _states = new VcpuState?[services.Machine.Vcpus.Count];
    }

    /// <summary>Gets the states that exist.</summary>
    public ReadOnlySpan<VcpuState?> All => Volatile.Read(ref _states);

    /// <summary>Gets the state of a vCPU.</summary>
    /// <param name="vcpu">The vCPU.</param>
    /// <returns>Its state.</returns>
    public VcpuState Of(IVcpu vcpu)
    {
        int index = vcpu.Index;
        VcpuState?[] states = Volatile.Read(ref _states);
        return (uint)index < (uint)states.Length && states[index] is VcpuState state ? state : Add(vcpu, index);
    }

    /// <summary>Returns when the exits that are being handled now have been handled. A thread that handles one itself waits for none: two of them could wait for each other.</summary>
    public void WaitForExits()
    {
        // What the caller has changed is seen by every exit that is not waited for.
        Interlocked.MemoryBarrier();
        foreach (VcpuState? state in All)
        {
            if (state?.Exit.IsEnteredByThisThread == true)
            {
                return;
            }
        }

        foreach (VcpuState? state in All)
        {
            state?.Exit.WaitUntilLeft();
        }
    }

    private VcpuState Add(IVcpu vcpu, int index)
    {
        int count = _services.Machine.Vcpus.Count;
        if ((uint)index >= (uint)count)
        {
            throw new ArgumentException("The machine has no vCPU with the index " + index + "; it has " + count + ".", nameof(vcpu));
        }

        lock (_lock)
        {
            if (index < _states.Length && _states[index] is VcpuState known)
            {
                return known;
            }

            var added = new VcpuState(_services, vcpu);
            var states = new VcpuState?[Math.Max(_states.Length, index + 1)];
            Array.Copy(_states, states, _states.Length);
            states[index] = added;
            Volatile.Write(ref _states, states);
            return added;
        }
    }
}
