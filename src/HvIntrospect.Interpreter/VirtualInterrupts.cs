using System;
using HvIntrospect.Registers;

namespace HvIntrospect.Interpreter;

/// <summary>The virtual interrupts that HCR_EL2 of one vCPU makes pending.</summary>
internal sealed unsafe class VirtualInterrupts : IVirtualInterrupts
{
    private readonly Processor _processor;

    /// <summary>Initialises the capability.</summary>
    /// <param name="processor">The vCPU's engine.</param>
    public VirtualInterrupts(Processor processor)
    {
        _processor = processor;
    }

    /// <inheritdoc/>
    public bool IsPending(VirtualInterrupt interrupt) => (_processor.LiveState->System.HcrEl2 & BitOf(interrupt)) != 0;

    /// <inheritdoc/>
    public void Set(VirtualInterrupt interrupt, bool isPending)
    {
        ulong bit = BitOf(interrupt);
        ref ulong hcr = ref _processor.LiveState->System.HcrEl2;
        hcr = isPending ? hcr | bit : hcr & ~bit;
    }

    private static ulong BitOf(VirtualInterrupt interrupt) => (ulong)(interrupt switch
    {
        VirtualInterrupt.Irq => HcrBits.Vi,
        VirtualInterrupt.Fiq => HcrBits.Vf,
        VirtualInterrupt.SError => HcrBits.Vse,
        _ => throw new ArgumentOutOfRangeException(nameof(interrupt), interrupt, "The interrupt is one of the named values."),
    });
}
