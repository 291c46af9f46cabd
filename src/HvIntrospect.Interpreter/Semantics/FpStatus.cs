namespace HvIntrospect.Interpreter.Semantics;

/// <summary>The bits of FPSR.</summary>
internal static class FpStatus
{
    /// <summary>IOC: invalid operation.</summary>
    public const uint InvalidOperation = 1;

    /// <summary>DZC: division by zero.</summary>
    public const uint DivideByZero = 1 << 1;

    /// <summary>OFC: overflow.</summary>
    public const uint Overflow = 1 << 2;

    /// <summary>UFC: underflow.</summary>
    public const uint Underflow = 1 << 3;

    /// <summary>IXC: inexact.</summary>
    public const uint Inexact = 1 << 4;

    /// <summary>IDC: a denormalised input was taken as zero.</summary>
    public const uint InputDenormal = 1 << 7;

    /// <summary>QC: an integer result was saturated.</summary>
    public const uint Saturated = 1 << 27;
}
