namespace HvIntrospect;

/// <summary>An interrupt that EL2 can make pending for a guest.</summary>
public enum VirtualInterrupt
{
    /// <summary>Virtual IRQ. Pending until it is withdrawn.</summary>
    Irq,

    /// <summary>Virtual FIQ. Pending until it is withdrawn.</summary>
    Fiq,

    /// <summary>Virtual SError. Pending until the guest takes it, once, or it is withdrawn.</summary>
    SError,
}
