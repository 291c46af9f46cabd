namespace HvIntrospect.Interpreter.Semantics;

/// <summary>What an operation reads of FPCR and adds to FPSR.</summary>
internal struct FpContext
{
    /// <summary>The cumulative bits that the operation sets, of <see cref="FpStatus"/>.</summary>
    public uint Status;

    /// <summary>Initialises a context.</summary>
    /// <param name="control">FPCR.</param>
    public FpContext(ulong control)
    {
        Control = (uint)control;
    }

    /// <summary>Gets FPCR.</summary>
    public uint Control { get; }

    /// <summary>Gets the rounding mode of FPCR.</summary>
    public readonly FpRounding Rounding => FpControl.Rounding(Control);

    /// <summary>Gets a value indicating whether NaN results are the default NaN.</summary>
    public readonly bool IsDefaultNaN => (Control & FpControl.DefaultNaN) != 0;

    /// <summary>Gets a value indicating whether denormalised values are zero.</summary>
    public readonly bool IsFlushToZero => (Control & FpControl.FlushToZero) != 0;

    /// <summary>Gets a value indicating whether half precision has the alternative format in conversions.</summary>
    public readonly bool IsAlternativeHalf => (Control & FpControl.AlternativeHalf) != 0;
}
