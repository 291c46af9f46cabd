using System;

namespace HvIntrospect.Tests.Differential;

/// <summary>The machine itself, with every page of the window permitted at Stage 2.</summary>
internal sealed class NativeLeg : ILeg, IDisposable
{
    private readonly GuestMachine _guest = new();

    public string Name => "the machine";

    public Outcome Execute(LoadStoreCase given)
    {
        _guest.Load(given);
        VcpuExit exit = _guest.Machine.Run(_guest.Vcpu, maxInstructions: 1);
        return exit.Kind == VcpuExitKind.Canceled
            ? _guest.Read(given)
            : throw new InvalidOperationException($"{given} left the guest by {exit}.");
    }

    public void Dispose() => _guest.Dispose();
}
