namespace HvIntrospect.Mmio.Gic;

/// <summary>An output of a CPU interface.</summary>
public enum GicOutput
{
    /// <summary>The interrupt request of the CPU.</summary>
    Irq,

    /// <summary>The fast interrupt request of the CPU: Group 0 interrupts while GICC_CTLR.FIQEn is 1.</summary>
    Fiq,

    /// <summary>The maintenance interrupt of a virtual CPU interface (<see cref="GicVirtualInterfaces"/>): its list registers need EL2.</summary>
    Maintenance,
}
