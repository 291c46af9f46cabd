using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using HvIntrospect.Interpreter;
using HvIntrospect.Introspection;
using HvIntrospect.Registers;
using HvIntrospect.Shapes;
using HvIntrospect.Tests.Differential;
using HvIntrospect.Watchpoints;

namespace HvIntrospect.Tests.Introspection.OnTheMachine;

/// <summary>The machine with watches on its data window.</summary>
internal sealed class WatchedGuest : IDisposable
{
    private readonly GuestMachine _guest;
    private readonly List<Watch> _watches = [];
    private readonly bool _answersVary;
    private readonly BackendShape? _shape;

    /// <param name="useInlineFilter">Whether accesses are decided without an exit where they can be.</param>
    /// <param name="answersVary">Whether handlers answer with anything, depending on watch and address only; otherwise they continue.</param>
    /// <param name="features">What the machine implements.</param>
    /// <param name="isInView">Whether the vCPU is in a view with other frames than the base view.</param>
    public WatchedGuest(bool useInlineFilter, bool answersVary = false, A64Features features = A64Features.Armv8_0, bool isInView = false)
    {
        _guest = new GuestMachine(features, isInView: isInView);
        _answersVary = answersVary;
        Introspector = new Introspector(_guest.Machine, new IntrospectorOptions { UseInlineFilter = useInlineFilter });
    }

    /// <param name="shape">Makes what the machine is seen through.</param>
    /// <param name="answersVary">Whether handlers answer with anything, depending on watch and address only; otherwise they continue.</param>
    public WatchedGuest(Func<IVirtualMachine, ShapeRun, BackendShape> shape, bool answersVary = false)
    {
        _guest = new GuestMachine();
        _answersVary = answersVary;
        _shape = shape(_guest.Machine, (vcpu, maxInstructions) => _guest.Machine.Run((Vcpu)vcpu, maxInstructions));
        Introspector = new Introspector(_shape);
    }

    public Introspector Introspector { get; }

    public GuestMachine Guest => _guest;

    public List<string> Events { get; } = [];

    public void Watch(IEnumerable<WatchSpec> specs)
    {
        foreach (WatchSpec spec in specs)
        {
            _watches.Add(Introspector.AddWatch(spec.Range, spec.Kinds, Record, spec.Name));
        }
    }

    public void Remove(int index)
    {
        _watches[index].Dispose();
        _watches.RemoveAt(index);
    }

    public void RemoveAll()
    {
        while (_watches.Count != 0)
        {
            Remove(_watches.Count - 1);
        }
    }

    /// <summary>Executes the one instruction of a case, however many exits that takes.</summary>
    public Outcome Execute(LoadStoreCase given)
    {
        Events.Clear();
        _guest.Load(given);
        VcpuAction action = default;
        for (int exits = 0; exits < 20; exits++)
        {
            long before = Done();
            VcpuExit exit = Run(action, 1);
            if (exit.Kind == VcpuExitKind.Canceled)
            {
                return _guest.Read(given);
            }

            action = Introspector.Handle(_shape?.Vcpus[0] ?? _guest.Vcpu, exit);
            if (action.StopReason == StopReason.Watch)
            {
                Events.Add("stopped at " + _guest.Vcpu.Core.Pc);
                continue;
            }

            if (action.Kind is not (VcpuActionKind.Resume or VcpuActionKind.CompleteMmio))
            {
                throw new InvalidOperationException($"{given} ended {action} for {exit}.");
            }

            if (Done() != before)
            {
                Run(action, 0);
                return _guest.Read(given);
            }
        }

        throw new InvalidOperationException($"{given} does not end.");
    }

    public void Dispose()
    {
        Introspector.Dispose();
        _guest.Dispose();
    }

    private static WatchResponse Answer(ulong hash) => (hash % 11) switch
    {
        0 => WatchResponse.Skip,
        1 => WatchResponse.Replace(hash * 0x9E37_79B9_7F4A_7C15),
        2 => WatchResponse.Replace([0x5A, 0xA5], offset: (int)(hash % 13)),
        3 => WatchResponse.InjectExternalAbort,
        4 => WatchResponse.InjectPermissionFault,
        5 or 6 => WatchResponse.Stop,
        _ => WatchResponse.Continue,
    };

    private VcpuExit Run(in VcpuAction action, ulong maxInstructions) =>
        _shape?.Run(_shape.Vcpus[0], action, maxInstructions) ?? _guest.Machine.Run(_guest.Vcpu, maxInstructions);

    private long Done() => Introspector.Statistics.Emulated + Introspector.Statistics.Injected;

    private WatchResponse Record(in WatchEvent e)
    {
        if (e.Va.Value != e.Ipa.Value || !e.IsExact)
        {
            throw new InvalidOperationException($"{e.ToRecord()} has the wrong address.");
        }

        Events.Add(WatchSpec.Text(e.Watch.Name, e.Kind, e.Ipa.Value, e.Size, e.OldValue, e.NewValue));
        return _answersVary ? Answer(((e.Ipa.Value >> 2) * 7) + (ulong)e.Watch.Name![0]) : WatchResponse.Continue;
    }
}
