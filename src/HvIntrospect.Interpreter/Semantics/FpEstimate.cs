namespace HvIntrospect.Interpreter.Semantics;

/// <summary>Floating-point estimates and the steps that refine them.</summary>
/// <remarks>Arm Architecture Reference Manual (DDI 0487), pseudocode FPRecipEstimate, FPRSqrtEstimate, FPRecpX, FPRecipStepFused, FPRSqrtStepFused.</remarks>
/// <typeparam name="TFormat">single or double.</typeparam>
internal static class FpEstimate<TFormat>
    where TFormat : struct, IFpFormat
{
    private const int EstimateBits = 8;

    private static int LargestBiased => (1 << TFormat.ExponentBits) - 1;

    private static ulong One => (ulong)(LargestBiased >> 1) << TFormat.FractionBits;

    private static ulong Two => One + (1UL << TFormat.FractionBits);

    /// <summary>Estimates a reciprocal: FRECPE.</summary>
    /// <param name="operand">The operand.</param>
    /// <param name="context">FPCR and FPSR.</param>
    /// <returns>The estimate.</returns>
    public static ulong Reciprocal(ulong operand, ref FpContext context)
    {
        FpNumber a = FpEncoding<TFormat>.Unpack(operand, ref context);
        if (a.IsNaN)
        {
            return FpEncoding<TFormat>.Propagate(a, operand, ref context);
        }

        if (a.Kind == FpKind.Infinity)
        {
            return FpEncoding<TFormat>.Zero(a.IsNegative);
        }

        if (a.Kind == FpKind.Zero)
        {
            context.Status |= FpStatus.DivideByZero;
            return FpEncoding<TFormat>.SignedInfinity(a.IsNegative);
        }

        int magnitude = a.Exponent + 63;
        int bias = LargestBiased >> 1;
        if (magnitude < -bias - 1)
        {
            // The reciprocal is beyond the largest number: rounding it does what any overflow does.
            return FpEncoding<TFormat>.Round(a.IsNegative, bias + 1, 1, context.Rounding, ref context);
        }

        if (magnitude >= bias - 1 && context.IsFlushToZero)
        {
            context.Status |= FpStatus.Underflow;
            return FpEncoding<TFormat>.Zero(a.IsNegative);
        }

        uint estimate = Estimates.Reciprocal((uint)(a.Significand >> (63 - EstimateBits)));
        int biased = bias - 1 - magnitude;
        ulong fraction = (ulong)(estimate & 0xFF) << (TFormat.FractionBits - EstimateBits);
        ulong hidden = 1UL << TFormat.FractionBits;
        fraction = biased switch
        {
            0 => (hidden | fraction) >> 1,
            -1 => (hidden | fraction) >> 2,
            _ => fraction,
        };
        return FpEncoding<TFormat>.Zero(a.IsNegative) | ((ulong)(biased < 0 ? 0 : biased) << TFormat.FractionBits) | fraction;
    }

    /// <summary>Estimates a reciprocal square root: FRSQRTE.</summary>
    /// <param name="operand">The operand.</param>
    /// <param name="context">FPCR and FPSR.</param>
    /// <returns>The estimate.</returns>
    public static ulong ReciprocalSquareRoot(ulong operand, ref FpContext context)
    {
        FpNumber a = FpEncoding<TFormat>.Unpack(operand, ref context);
        if (a.IsNaN)
        {
            return FpEncoding<TFormat>.Propagate(a, operand, ref context);
        }

        if (a.Kind == FpKind.Zero)
        {
            context.Status |= FpStatus.DivideByZero;
            return FpEncoding<TFormat>.SignedInfinity(a.IsNegative);
        }

        if (a.IsNegative)
        {
            return FpEncoding<TFormat>.Invalid(ref context);
        }

        if (a.Kind == FpKind.Infinity)
        {
            return 0;
        }

        // An odd power of two goes into the number, so that the rest has an exact root.
        int magnitude = a.Exponent + 63;
        bool isOdd = (magnitude & 1) != 0;
        uint scaled = (uint)(a.Significand >> (63 - EstimateBits + (isOdd ? 0 : 1)));
        int bias = LargestBiased >> 1;
        int biased = bias - 1 - (magnitude >> 1);
        uint estimate = Estimates.ReciprocalSquareRoot(scaled);
        return ((ulong)biased << TFormat.FractionBits) | ((ulong)(estimate & 0xFF) << (TFormat.FractionBits - EstimateBits));
    }

    /// <summary>Gets a number with the reciprocal of the exponent: FRECPX.</summary>
    /// <param name="operand">The operand.</param>
    /// <param name="context">FPCR and FPSR.</param>
    /// <returns>The number.</returns>
    public static ulong ReciprocalExponent(ulong operand, ref FpContext context)
    {
        FpNumber a = FpEncoding<TFormat>.Unpack(operand, ref context);
        if (a.IsNaN)
        {
            return FpEncoding<TFormat>.Propagate(a, operand, ref context);
        }

        ulong exponent = operand & FpEncoding<TFormat>.Infinity;
        exponent = exponent == 0 ? FpEncoding<TFormat>.Infinity - (1UL << TFormat.FractionBits) : exponent ^ FpEncoding<TFormat>.Infinity;
        return FpEncoding<TFormat>.Zero(a.IsNegative) | exponent;
    }

    /// <summary>Computes 2 - left * right: FRECPS.</summary>
    /// <param name="left">The first operand.</param>
    /// <param name="right">The second operand.</param>
    /// <param name="context">FPCR and FPSR.</param>
    /// <returns>The result.</returns>
    public static ulong ReciprocalStep(ulong left, ulong right, ref FpContext context) =>
        IsZeroTimesInfinity(left, right, ref context)
            ? Two
            : FpArithmetic<TFormat>.MultiplyAdd(Two, left ^ FpEncoding<TFormat>.SignBit, right, ref context);

    /// <summary>Computes (3 - left * right) / 2: FRSQRTS.</summary>
    /// <param name="left">The first operand.</param>
    /// <param name="right">The second operand.</param>
    /// <param name="context">FPCR and FPSR.</param>
    /// <returns>The result.</returns>
    public static ulong ReciprocalSquareRootStep(ulong left, ulong right, ref FpContext context)
    {
        ulong half = 1UL << (TFormat.FractionBits - 1);
        return IsZeroTimesInfinity(left, right, ref context)
            ? One | half
            : FpArithmetic<TFormat>.MultiplyAddHalved(Two | half, left ^ FpEncoding<TFormat>.SignBit, right, ref context);
    }

    private static bool IsZeroTimesInfinity(ulong left, ulong right, ref FpContext context)
    {
        FpKind a = FpEncoding<TFormat>.Unpack(left, ref context).Kind;
        FpKind b = FpEncoding<TFormat>.Unpack(right, ref context).Kind;
        return (a == FpKind.Zero && b == FpKind.Infinity) || (a == FpKind.Infinity && b == FpKind.Zero);
    }
}
