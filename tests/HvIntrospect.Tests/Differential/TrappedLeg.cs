using System;
using HvIntrospect.Introspection;
using HvIntrospect.LoadStores;
using HvIntrospect.Registers;

namespace HvIntrospect.Tests.Differential;

/// <summary>The library: one page of the window is denied at Stage 2, so that accesses to it trap and are performed in software.</summary>
internal abstract class TrappedLeg : ILeg, IDisposable
{
    // An instruction that needs more exits than this one page can cause goes round in circles.
    private const int MaximumExits = 8;

    protected TrappedLeg(string name, bool usesInlineFilter, A64Features features = A64Features.Armv8_0, ulong sctlrBits = 0, LoadStoreChoices? choices = null)
    {
        Name = name;
        Guest = new GuestMachine(features, sctlrBits, choices);
        Introspector = new Introspector(Guest.Machine, new IntrospectorOptions { UseInlineFilter = usesInlineFilter });
    }

    public string Name { get; }

    /// <summary>Gets how many accesses did not run natively.</summary>
    public abstract long Trapped { get; }

    protected GuestMachine Guest { get; }

    protected Introspector Introspector { get; }

    protected static IpaRange DeniedPage => new(new Ipa(TestLayout.DeniedPage), TestLayout.PageSize);

    public virtual Outcome Execute(LoadStoreCase given)
    {
        Guest.Load(given);
        for (int exits = 0; exits < MaximumExits; exits++)
        {
            VcpuExit exit = Guest.Machine.Run(Guest.Vcpu, maxInstructions: 1);
            if (exit.Kind == VcpuExitKind.Canceled)
            {
                return Guest.Read(given);
            }

            VcpuAction action = Introspector.Handle(Guest.Vcpu, exit);
            if (action.Kind != VcpuActionKind.Resume)
            {
                throw new InvalidOperationException($"{given} ended by {exit}: {action}.");
            }

            if (Guest.Vcpu.Core.Pc.Value != given.Pc)
            {
                return Guest.Read(given);
            }
        }

        throw new InvalidOperationException($"{given} does not end.");
    }

    public void Dispose()
    {
        Introspector.Dispose();
        Guest.Dispose();
    }
}
