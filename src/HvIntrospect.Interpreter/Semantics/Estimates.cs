namespace HvIntrospect.Interpreter.Semantics;

/// <summary>The estimates of reciprocals and reciprocal square roots, which are exact integers by definition.</summary>
/// <remarks>Arm Architecture Reference Manual (DDI 0487), pseudocode RecipEstimate, RecipSqrtEstimate, UnsignedRecipEstimate, UnsignedRSqrtEstimate.</remarks>
internal static class Estimates
{
    /// <summary>Estimates a reciprocal.</summary>
    /// <param name="operand">256 to 511, for 0.5 to 1.</param>
    /// <returns>256 to 511, for 1 to 2.</returns>
    public static uint Reciprocal(uint operand) => (((1u << 19) / ((operand * 2) + 1)) + 1) / 2;

    /// <summary>Estimates a reciprocal square root.</summary>
    /// <param name="operand">128 to 511, for 0.25 to 1.</param>
    /// <returns>256 to 511, for 1 to 2.</returns>
    public static uint ReciprocalSquareRoot(uint operand)
    {
        uint a = operand < 256 ? (operand * 2) + 1 : (operand | 1) * 2;
        uint b = 512;
        while (a * (b + 1) * (b + 1) < 1 << 28)
        {
            b++;
        }

        return (b + 1) / 2;
    }

    /// <summary>Estimates the reciprocal of a fixed-point number: URECPE.</summary>
    /// <param name="operand">The number.</param>
    /// <returns>The estimate; all ones when the number is too small.</returns>
    public static uint UnsignedReciprocal(uint operand) => (operand >> 31) == 0 ? uint.MaxValue : Reciprocal(operand >> 23) << 23;

    /// <summary>Estimates the reciprocal square root of a fixed-point number: URSQRTE.</summary>
    /// <param name="operand">The number.</param>
    /// <returns>The estimate; all ones when the number is too small.</returns>
    public static uint UnsignedReciprocalSquareRoot(uint operand) =>
        (operand >> 30) == 0 ? uint.MaxValue : ReciprocalSquareRoot(operand >> 23) << 23;
}
