using System;

namespace HvIntrospect.Interpreter.Semantics;

/// <summary>Floating-point arithmetic, exact in value and in every flag, whatever FPCR says.</summary>
/// <remarks>Arm Architecture Reference Manual (DDI 0487), pseudocode FPAdd, FPMul, FPDiv, FPSqrt, FPMulAdd, FPMax, FPMaxNum.</remarks>
/// <typeparam name="TFormat">The format of operands and results.</typeparam>
internal static class FpArithmetic<TFormat>
    where TFormat : struct, IFpFormat
{
    /// <summary>Adds.</summary>
    /// <param name="left">The first operand.</param>
    /// <param name="right">The second operand.</param>
    /// <param name="context">FPCR and FPSR.</param>
    /// <returns>The sum.</returns>
    public static ulong Add(ulong left, ulong right, ref FpContext context) => Add(left, right, negatesRight: false, ref context);

    /// <summary>Subtracts.</summary>
    /// <param name="left">The first operand.</param>
    /// <param name="right">The second operand.</param>
    /// <param name="context">FPCR and FPSR.</param>
    /// <returns>The difference.</returns>
    public static ulong Subtract(ulong left, ulong right, ref FpContext context) => Add(left, right, negatesRight: true, ref context);

    /// <summary>Multiplies.</summary>
    /// <param name="left">The first operand.</param>
    /// <param name="right">The second operand.</param>
    /// <param name="context">FPCR and FPSR.</param>
    /// <returns>The product.</returns>
    public static ulong Multiply(ulong left, ulong right, ref FpContext context) => Multiply(left, right, isExtended: false, ref context);

    /// <summary>Multiplies as FMULX does: zero times infinity is two.</summary>
    /// <param name="left">The first operand.</param>
    /// <param name="right">The second operand.</param>
    /// <param name="context">FPCR and FPSR.</param>
    /// <returns>The product.</returns>
    public static ulong MultiplyExtended(ulong left, ulong right, ref FpContext context) => Multiply(left, right, isExtended: true, ref context);

    /// <summary>Divides.</summary>
    /// <param name="left">The dividend.</param>
    /// <param name="right">The divisor.</param>
    /// <param name="context">FPCR and FPSR.</param>
    /// <returns>The quotient.</returns>
    public static ulong Divide(ulong left, ulong right, ref FpContext context)
    {
        FpNumber a = FpEncoding<TFormat>.Unpack(left, ref context);
        FpNumber b = FpEncoding<TFormat>.Unpack(right, ref context);
        if (a.IsNaN || b.IsNaN)
        {
            return PropagateNaN(a, left, b, right, ref context);
        }

        bool isNegative = a.IsNegative != b.IsNegative;
        if (a.Kind == b.Kind && a.Kind != FpKind.Finite)
        {
            return FpEncoding<TFormat>.Invalid(ref context);
        }

        if (a.Kind == FpKind.Infinity || b.Kind == FpKind.Zero)
        {
            if (a.Kind != FpKind.Infinity)
            {
                context.Status |= FpStatus.DivideByZero;
            }

            return FpEncoding<TFormat>.SignedInfinity(isNegative);
        }

        if (a.Kind == FpKind.Zero || b.Kind == FpKind.Infinity)
        {
            return FpEncoding<TFormat>.Zero(isNegative);
        }

        (UInt128 quotient, UInt128 remainder) = UInt128.DivRem((UInt128)a.Significand << 64, b.Significand);
        return FpEncoding<TFormat>.Round(
            isNegative, a.Exponent - b.Exponent - 64, quotient | Sticky(remainder), context.Rounding, ref context);
    }

    /// <summary>Takes the square root.</summary>
    /// <param name="operand">The operand.</param>
    /// <param name="context">FPCR and FPSR.</param>
    /// <returns>The root.</returns>
    public static ulong SquareRoot(ulong operand, ref FpContext context)
    {
        FpNumber a = FpEncoding<TFormat>.Unpack(operand, ref context);
        if (a.IsNaN)
        {
            return FpEncoding<TFormat>.Propagate(a, operand, ref context);
        }

        if (a.Kind == FpKind.Zero)
        {
            return FpEncoding<TFormat>.Zero(a.IsNegative);
        }

        if (a.IsNegative)
        {
            return FpEncoding<TFormat>.Invalid(ref context);
        }

        if (a.Kind == FpKind.Infinity)
        {
            return FpEncoding<TFormat>.Infinity;
        }

        // An even exponent halves exactly; 62 or 63 more bits give a root of 63 bits.
        int shift = 62 + (a.Exponent & 1);
        UInt128 radicand = (UInt128)a.Significand << shift;
        UInt128 root = IntegerSquareRoot(radicand);
        return FpEncoding<TFormat>.Round(
            false, (a.Exponent - shift) / 2, root | Sticky(radicand - (root * root)), context.Rounding, ref context);
    }

    /// <summary>Multiplies and adds with one rounding.</summary>
    /// <param name="addend">The addend.</param>
    /// <param name="left">The first factor.</param>
    /// <param name="right">The second factor.</param>
    /// <param name="context">FPCR and FPSR.</param>
    /// <returns>The addend plus the product.</returns>
    public static ulong MultiplyAdd(ulong addend, ulong left, ulong right, ref FpContext context) =>
        MultiplyAdd(addend, left, right, scale: 0, ref context);

    /// <summary>Multiplies, adds and halves with one rounding.</summary>
    /// <param name="addend">The addend.</param>
    /// <param name="left">The first factor.</param>
    /// <param name="right">The second factor.</param>
    /// <param name="context">FPCR and FPSR.</param>
    /// <returns>Half of the addend plus the product.</returns>
    public static ulong MultiplyAddHalved(ulong addend, ulong left, ulong right, ref FpContext context) =>
        MultiplyAdd(addend, left, right, scale: -1, ref context);

    /// <summary>Gets the larger operand. A NaN wins, and plus zero is larger than minus zero.</summary>
    /// <param name="left">The first operand.</param>
    /// <param name="right">The second operand.</param>
    /// <param name="context">FPCR and FPSR.</param>
    /// <returns>The maximum.</returns>
    public static ulong Max(ulong left, ulong right, ref FpContext context) => Select(left, right, isMax: true, ref context);

    /// <summary>Gets the smaller operand. A NaN wins, and minus zero is smaller than plus zero.</summary>
    /// <param name="left">The first operand.</param>
    /// <param name="right">The second operand.</param>
    /// <param name="context">FPCR and FPSR.</param>
    /// <returns>The minimum.</returns>
    public static ulong Min(ulong left, ulong right, ref FpContext context) => Select(left, right, isMax: false, ref context);

    /// <summary>Gets the larger operand; a number wins over a quiet NaN.</summary>
    /// <param name="left">The first operand.</param>
    /// <param name="right">The second operand.</param>
    /// <param name="context">FPCR and FPSR.</param>
    /// <returns>The maximum.</returns>
    public static ulong MaxNumber(ulong left, ulong right, ref FpContext context)
    {
        ReplaceQuietNaN(ref left, ref right, FpEncoding<TFormat>.SignedInfinity(true));
        return Max(left, right, ref context);
    }

    /// <summary>Gets the smaller operand; a number wins over a quiet NaN.</summary>
    /// <param name="left">The first operand.</param>
    /// <param name="right">The second operand.</param>
    /// <param name="context">FPCR and FPSR.</param>
    /// <returns>The minimum.</returns>
    public static ulong MinNumber(ulong left, ulong right, ref FpContext context)
    {
        ReplaceQuietNaN(ref left, ref right, FpEncoding<TFormat>.Infinity);
        return Min(left, right, ref context);
    }

    /// <summary>Gets the NaN result of two operands of which one at least is a NaN: a signaling one first.</summary>
    /// <param name="a">The first operand.</param>
    /// <param name="left">Its bits.</param>
    /// <param name="b">The second operand.</param>
    /// <param name="right">Its bits.</param>
    /// <param name="context">FPCR and FPSR.</param>
    /// <returns>The result.</returns>
    public static ulong PropagateNaN(FpNumber a, ulong left, FpNumber b, ulong right, ref FpContext context)
    {
        bool isFirst = a.Kind == FpKind.SignalingNaN || (b.Kind != FpKind.SignalingNaN && a.Kind == FpKind.QuietNaN);
        return isFirst ? FpEncoding<TFormat>.Propagate(a, left, ref context) : FpEncoding<TFormat>.Propagate(b, right, ref context);
    }

    private static ulong PropagateNaN(
        FpNumber a, ulong first, FpNumber b, ulong second, FpNumber c, ulong third, ref FpContext context)
    {
        if (a.Kind == FpKind.SignalingNaN)
        {
            return FpEncoding<TFormat>.Propagate(a, first, ref context);
        }

        if (b.Kind == FpKind.SignalingNaN || c.Kind == FpKind.SignalingNaN || a.Kind != FpKind.QuietNaN)
        {
            return PropagateNaN(b, second, c, third, ref context);
        }

        return FpEncoding<TFormat>.Propagate(a, first, ref context);
    }

    private static ulong MultiplyAdd(ulong addend, ulong left, ulong right, int scale, ref FpContext context)
    {
        FpNumber c = FpEncoding<TFormat>.Unpack(addend, ref context);
        FpNumber a = FpEncoding<TFormat>.Unpack(left, ref context);
        FpNumber b = FpEncoding<TFormat>.Unpack(right, ref context);
        bool isInvalidProduct = (a.Kind == FpKind.Infinity && b.Kind == FpKind.Zero) || (a.Kind == FpKind.Zero && b.Kind == FpKind.Infinity);
        if (c.IsNaN || a.IsNaN || b.IsNaN)
        {
            ulong propagated = PropagateNaN(c, addend, a, left, b, right, ref context);
            return c.Kind == FpKind.QuietNaN && isInvalidProduct ? FpEncoding<TFormat>.Invalid(ref context) : propagated;
        }

        bool isProductNegative = a.IsNegative != b.IsNegative;
        bool isProductInfinite = a.Kind == FpKind.Infinity || b.Kind == FpKind.Infinity;
        if (isInvalidProduct || (c.Kind == FpKind.Infinity && isProductInfinite && c.IsNegative != isProductNegative))
        {
            return FpEncoding<TFormat>.Invalid(ref context);
        }

        if (isProductInfinite || c.Kind == FpKind.Infinity)
        {
            return FpEncoding<TFormat>.SignedInfinity(isProductInfinite ? isProductNegative : c.IsNegative);
        }

        bool isProductZero = a.Kind == FpKind.Zero || b.Kind == FpKind.Zero;
        if (isProductZero && c.Kind == FpKind.Zero)
        {
            return FpEncoding<TFormat>.Zero(c.IsNegative == isProductNegative ? c.IsNegative : context.Rounding == FpRounding.MinusInfinity);
        }

        // Significands leave at least 11 low bits free, so the product has 22 of them and room can be made for a carry.
        UInt128 product = isProductZero ? UInt128.Zero : ((UInt128)a.Significand * b.Significand) >> 1;
        return Sum(
            isProductNegative, a.Exponent + b.Exponent + 1 + scale, product,
            c.IsNegative, c.Exponent - 62 + scale, c.Kind == FpKind.Zero ? UInt128.Zero : (UInt128)c.Significand << 62, ref context);
    }

    private static ulong Add(ulong left, ulong right, bool negatesRight, ref FpContext context)
    {
        FpNumber a = FpEncoding<TFormat>.Unpack(left, ref context);
        FpNumber b = FpEncoding<TFormat>.Unpack(right, ref context);
        if (a.IsNaN || b.IsNaN)
        {
            return PropagateNaN(a, left, b, right, ref context);
        }

        bool isRightNegative = b.IsNegative != negatesRight;
        if (a.Kind == FpKind.Infinity || b.Kind == FpKind.Infinity)
        {
            return a.Kind == b.Kind && a.IsNegative != isRightNegative
                ? FpEncoding<TFormat>.Invalid(ref context)
                : FpEncoding<TFormat>.SignedInfinity(a.Kind == FpKind.Infinity ? a.IsNegative : isRightNegative);
        }

        if (a.Kind == FpKind.Zero && b.Kind == FpKind.Zero && a.IsNegative == isRightNegative)
        {
            return FpEncoding<TFormat>.Zero(a.IsNegative);
        }

        return Sum(
            a.IsNegative, a.Exponent - 62, a.Kind == FpKind.Zero ? UInt128.Zero : (UInt128)a.Significand << 62,
            isRightNegative, b.Exponent - 62, b.Kind == FpKind.Zero ? UInt128.Zero : (UInt128)b.Significand << 62, ref context);
    }

    private static ulong Multiply(ulong left, ulong right, bool isExtended, ref FpContext context)
    {
        FpNumber a = FpEncoding<TFormat>.Unpack(left, ref context);
        FpNumber b = FpEncoding<TFormat>.Unpack(right, ref context);
        if (a.IsNaN || b.IsNaN)
        {
            return PropagateNaN(a, left, b, right, ref context);
        }

        bool isNegative = a.IsNegative != b.IsNegative;
        bool hasZero = a.Kind == FpKind.Zero || b.Kind == FpKind.Zero;
        if (a.Kind == FpKind.Infinity || b.Kind == FpKind.Infinity)
        {
            if (!hasZero)
            {
                return FpEncoding<TFormat>.SignedInfinity(isNegative);
            }

            ulong two = FpEncoding<TFormat>.Infinity & ~(FpEncoding<TFormat>.Infinity >> 1);
            return isExtended ? two | FpEncoding<TFormat>.Zero(isNegative) : FpEncoding<TFormat>.Invalid(ref context);
        }

        return hasZero
            ? FpEncoding<TFormat>.Zero(isNegative)
            : FpEncoding<TFormat>.Round(
                isNegative, a.Exponent + b.Exponent, (UInt128)a.Significand * b.Significand, context.Rounding, ref context);
    }

    /// <summary>Adds two signed magnitudes below 2 to the power of 127 with at least 20 low bits zero, and rounds.</summary>
    private static ulong Sum(
        bool isLeftNegative, int leftExponent, UInt128 left, bool isRightNegative, int rightExponent, UInt128 right, ref FpContext context)
    {
        if (left == UInt128.Zero || (right != UInt128.Zero && rightExponent > leftExponent))
        {
            (isLeftNegative, leftExponent, left, isRightNegative, rightExponent, right) =
                (isRightNegative, rightExponent, right, isLeftNegative, leftExponent, left);
        }

        // Only the operand with the lower exponent loses bits. They become one sticky bit, which cannot reach the rounding position: after
        // a shift by more than one place the leading bit of the result is at most one place lower than that of the other operand.
        if (right != UInt128.Zero)
        {
            int shift = leftExponent - rightExponent;
            right = shift > 127 ? UInt128.One : (right >> shift) | Sticky(right & ((UInt128.One << shift) - 1));
        }

        bool isNegative = isLeftNegative;
        UInt128 sum;
        if (isLeftNegative == isRightNegative)
        {
            sum = left + right;
        }
        else if (left >= right)
        {
            sum = left - right;
        }
        else
        {
            sum = right - left;
            isNegative = isRightNegative;
        }

        return sum == UInt128.Zero
            ? FpEncoding<TFormat>.Zero(context.Rounding == FpRounding.MinusInfinity)
            : FpEncoding<TFormat>.Round(isNegative, leftExponent, sum, context.Rounding, ref context);
    }

    private static ulong Select(ulong left, ulong right, bool isMax, ref FpContext context)
    {
        FpNumber a = FpEncoding<TFormat>.Unpack(left, ref context);
        FpNumber b = FpEncoding<TFormat>.Unpack(right, ref context);
        if (a.IsNaN || b.IsNaN)
        {
            return PropagateNaN(a, left, b, right, ref context);
        }

        ulong first = a.Kind == FpKind.Zero ? FpEncoding<TFormat>.Zero(a.IsNegative) : left;
        ulong second = b.Kind == FpKind.Zero ? FpEncoding<TFormat>.Zero(b.IsNegative) : right;
        bool isLess = FpComparison<TFormat>.Key(first) < FpComparison<TFormat>.Key(second);
        return isLess == isMax ? second : first;
    }

    private static void ReplaceQuietNaN(ref ulong left, ref ulong right, ulong replacement)
    {
        bool isLeft = IsQuietNaN(left);
        bool isRight = IsQuietNaN(right);
        if (isLeft && !isRight)
        {
            left = replacement;
        }
        else if (isRight && !isLeft)
        {
            right = replacement;
        }
    }

    private static bool IsQuietNaN(ulong bits) => (bits & FpEncoding<TFormat>.DefaultNaN) == FpEncoding<TFormat>.DefaultNaN;

    private static UInt128 Sticky(UInt128 rest) => rest == UInt128.Zero ? UInt128.Zero : UInt128.One;

    private static UInt128 IntegerSquareRoot(UInt128 value)
    {
        UInt128 root = UInt128.Zero;
        for (int bit = 63; bit >= 0; bit--)
        {
            UInt128 candidate = root | (UInt128.One << bit);
            if (candidate * candidate <= value)
            {
                root = candidate;
            }
        }

        return root;
    }
}
