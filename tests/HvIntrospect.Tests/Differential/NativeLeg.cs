using System;
using HvIntrospect.LoadStores;
using HvIntrospect.Registers;

namespace HvIntrospect.Tests.Differential;

/// <summary>The machine itself, with every page of the window permitted at Stage 2.</summary>
internal sealed class NativeLeg : ILeg, IDisposable
{
    private readonly GuestMachine _guest;

    /// <summary>Makes the leg.</summary>
    /// <param name="features">What the machine implements.</param>
    /// <param name="sctlrBits">Bits of SCTLR_EL1 that are set beside the usual ones.</param>
    /// <param name="choices">What it does where the architecture leaves a choice; null for the default.</param>
    public NativeLeg(A64Features features = A64Features.Armv8_0, ulong sctlrBits = 0, LoadStoreChoices? choices = null)
    {
        _guest = new GuestMachine(features, sctlrBits, choices);
    }

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
