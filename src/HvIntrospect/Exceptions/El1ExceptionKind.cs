namespace HvIntrospect.Exceptions;

/// <summary>The four kinds of exception, each with an entry of its own in a vector table.</summary>
/// <remarks>Arm Architecture Reference Manual (DDI 0487), "Exception vectors". The values are the order of the entries.</remarks>
public enum El1ExceptionKind : byte
{
    /// <summary>A synchronous exception.</summary>
    Synchronous = 0,

    /// <summary>IRQ or virtual IRQ.</summary>
    Irq = 1,

    /// <summary>FIQ or virtual FIQ.</summary>
    Fiq = 2,

    /// <summary>SError or virtual SError.</summary>
    SError = 3,
}
