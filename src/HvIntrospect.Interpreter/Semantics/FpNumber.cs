namespace HvIntrospect.Interpreter.Semantics;

/// <summary>A floating-point value taken apart.</summary>
internal readonly struct FpNumber
{
    /// <summary>Initialises a value.</summary>
    /// <param name="kind">Its kind.</param>
    /// <param name="isNegative">Its sign.</param>
    /// <param name="exponent">For a finite value, the weight of bit 0 of the significand as a power of two.</param>
    /// <param name="significand">For a finite value, a number with bit 63 set.</param>
    public FpNumber(FpKind kind, bool isNegative, int exponent = 0, ulong significand = 0)
    {
        Kind = kind;
        IsNegative = isNegative;
        Exponent = exponent;
        Significand = significand;
    }

    /// <summary>Gets the kind.</summary>
    public FpKind Kind { get; }

    /// <summary>Gets a value indicating whether the sign bit is set.</summary>
    public bool IsNegative { get; }

    /// <summary>Gets the weight of bit 0 of the significand as a power of two.</summary>
    public int Exponent { get; }

    /// <summary>Gets the significand: bit 63 is set, the value is this times two to the power of <see cref="Exponent"/>.</summary>
    public ulong Significand { get; }

    /// <summary>Gets a value indicating whether this is a NaN of either kind.</summary>
    public bool IsNaN => Kind >= FpKind.QuietNaN;
}
