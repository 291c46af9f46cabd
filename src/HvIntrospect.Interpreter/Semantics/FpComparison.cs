namespace HvIntrospect.Interpreter.Semantics;

/// <summary>Floating-point comparisons.</summary>
/// <remarks>Arm Architecture Reference Manual (DDI 0487), pseudocode FPCompare, FPCompareEQ, FPCompareGE, FPCompareGT.</remarks>
/// <typeparam name="TFormat">The format.</typeparam>
internal static class FpComparison<TFormat>
    where TFormat : struct, IFpFormat
{
    /// <summary>NZCV in bits 31:28 when the operands are equal.</summary>
    public const uint Equal = 0b0110u << 28;

    /// <summary>NZCV when the first operand is less.</summary>
    public const uint Less = 0b1000u << 28;

    /// <summary>NZCV when the first operand is greater.</summary>
    public const uint Greater = 0b0010u << 28;

    /// <summary>NZCV when an operand is a NaN.</summary>
    public const uint Unordered = 0b0011u << 28;

    /// <summary>Compares.</summary>
    /// <param name="left">The first operand.</param>
    /// <param name="right">The second operand.</param>
    /// <param name="signalsQuiet">True when a quiet NaN is an invalid operation too.</param>
    /// <param name="context">FPCR and FPSR.</param>
    /// <returns>NZCV in bits 31:28.</returns>
    public static uint Compare(ulong left, ulong right, bool signalsQuiet, ref FpContext context)
    {
        FpNumber a = FpEncoding<TFormat>.Unpack(left, ref context);
        FpNumber b = FpEncoding<TFormat>.Unpack(right, ref context);
        if (a.IsNaN || b.IsNaN)
        {
            if (signalsQuiet || a.Kind == FpKind.SignalingNaN || b.Kind == FpKind.SignalingNaN)
            {
                context.Status |= FpStatus.InvalidOperation;
            }

            return Unordered;
        }

        // Both zeros are equal, and so is what was flushed to them.
        long first = a.Kind == FpKind.Zero ? 0 : Key(left);
        long second = b.Kind == FpKind.Zero ? 0 : Key(right);
        return first == second ? Equal : first < second ? Less : Greater;
    }

    /// <summary>Tests for equality; a quiet NaN is no invalid operation.</summary>
    /// <param name="left">The first operand.</param>
    /// <param name="right">The second operand.</param>
    /// <param name="context">FPCR and FPSR.</param>
    /// <returns>True when they are equal.</returns>
    public static bool IsEqual(ulong left, ulong right, ref FpContext context) =>
        Compare(left, right, signalsQuiet: false, ref context) == Equal;

    /// <summary>Tests whether the first operand is greater or equal; any NaN is an invalid operation.</summary>
    /// <param name="left">The first operand.</param>
    /// <param name="right">The second operand.</param>
    /// <param name="context">FPCR and FPSR.</param>
    /// <returns>True when it is.</returns>
    public static bool IsGreaterOrEqual(ulong left, ulong right, ref FpContext context) =>
        Compare(left, right, signalsQuiet: true, ref context) is Equal or Greater;

    /// <summary>Tests whether the first operand is greater; any NaN is an invalid operation.</summary>
    /// <param name="left">The first operand.</param>
    /// <param name="right">The second operand.</param>
    /// <param name="context">FPCR and FPSR.</param>
    /// <returns>True when it is.</returns>
    public static bool IsGreater(ulong left, ulong right, ref FpContext context) =>
        Compare(left, right, signalsQuiet: true, ref context) == Greater;

    /// <summary>Gets an integer whose order is that of the values, NaNs aside; minus zero comes just below plus zero.</summary>
    /// <param name="bits">The value.</param>
    /// <returns>The key; plus zero has 0.</returns>
    public static long Key(ulong bits) =>
        (bits & FpEncoding<TFormat>.SignBit) == 0 ? (long)bits : -(long)(bits & ~FpEncoding<TFormat>.SignBit) - 1;
}
