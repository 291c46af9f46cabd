namespace HvIntrospect.Interpreter;

/// <summary>The level-sensitive interrupt inputs of a <see cref="Vcpu"/>.</summary>
/// <remarks>
/// Arm Architecture Reference Manual (DDI 0487), "Asynchronous exception types". A physical interrupt that HCR_EL2 routes to EL2 ends the run with
/// <see cref="VcpuExitKind.Canceled"/>; the others are taken to EL1 when PSTATE permits. Virtual interrupts need HCR_EL2.IMO or FMO.
/// </remarks>
public enum InterruptLine
{
    /// <summary>Physical IRQ.</summary>
    Irq,

    /// <summary>Physical FIQ.</summary>
    Fiq,

    /// <summary>Physical SError.</summary>
    SError,

    /// <summary>Virtual IRQ, as the virtual CPU interface of an interrupt controller drives it.</summary>
    VirtualIrq,

    /// <summary>Virtual FIQ.</summary>
    VirtualFiq,
}
