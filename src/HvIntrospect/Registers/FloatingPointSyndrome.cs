namespace HvIntrospect.Registers;

/// <summary>The ISS of a trapped floating-point exception (EC 0x28, 0x2C).</summary>
/// <remarks>Arm Architecture Reference Manual (DDI 0487), "ISS encoding for an exception from a trapped floating-point exception". Immutable and thread-safe.</remarks>
public readonly struct FloatingPointSyndrome
{
    private readonly uint _iss;

    internal FloatingPointSyndrome(uint iss)
    {
        _iss = iss;
    }

    /// <summary>Gets a value indicating whether the flags below tell which exceptions occurred (TFV).</summary>
    public bool AreFlagsValid => IssFields.Bit(_iss, 23);

    /// <summary>Gets a value indicating whether Input Denormal occurred (IDF).</summary>
    public bool InputDenormal => IssFields.Bit(_iss, 7);

    /// <summary>Gets a value indicating whether Inexact occurred (IXF).</summary>
    public bool Inexact => IssFields.Bit(_iss, 4);

    /// <summary>Gets a value indicating whether Underflow occurred (UFF).</summary>
    public bool Underflow => IssFields.Bit(_iss, 3);

    /// <summary>Gets a value indicating whether Overflow occurred (OFF).</summary>
    public bool Overflow => IssFields.Bit(_iss, 2);

    /// <summary>Gets a value indicating whether Divide by Zero occurred (DZF).</summary>
    public bool DivideByZero => IssFields.Bit(_iss, 1);

    /// <summary>Gets a value indicating whether Invalid Operation occurred (IOF).</summary>
    public bool InvalidOperation => IssFields.Bit(_iss, 0);
}
