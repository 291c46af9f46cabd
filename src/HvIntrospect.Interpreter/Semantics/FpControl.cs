namespace HvIntrospect.Interpreter.Semantics;

/// <summary>The bits of FPCR that have an effect.</summary>
/// <remarks>
/// The trap enables (IDE, IXE, UFE, OFE, DZE, IOE) are not implemented, as the architecture permits: they read as zero. The bits of later
/// extensions (FZ16, AH, NEP, EBF) have no effect.
/// </remarks>
internal static class FpControl
{
    /// <summary>AHP: conversions use the alternative half-precision format.</summary>
    public const uint AlternativeHalf = 1 << 26;

    /// <summary>DN: every NaN result is the default NaN.</summary>
    public const uint DefaultNaN = 1 << 25;

    /// <summary>FZ: denormalised single and double values are zero.</summary>
    public const uint FlushToZero = 1 << 24;

    /// <summary>What makes arithmetic differ from that of the host: DN, FZ and RMode.</summary>
    public const uint Unusual = DefaultNaN | FlushToZero | (3 << 22);

    /// <summary>Gets RMode.</summary>
    /// <param name="control">FPCR.</param>
    /// <returns>The rounding mode.</returns>
    public static FpRounding Rounding(uint control) => (FpRounding)((control >> 22) & 3);
}
