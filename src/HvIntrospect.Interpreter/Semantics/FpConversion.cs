using System;

namespace HvIntrospect.Interpreter.Semantics;

/// <summary>Conversions between floating-point and integer or fixed-point numbers, and to integral floating-point values.</summary>
/// <remarks>Arm Architecture Reference Manual (DDI 0487), pseudocode FPToFixed, FixedToFP, FPRoundInt, FPConvert.</remarks>
/// <typeparam name="TFormat">The floating-point format.</typeparam>
internal static class FpConversion<TFormat>
    where TFormat : struct, IFpFormat
{
    /// <summary>Converts to an integer or fixed-point number, which saturates.</summary>
    /// <param name="operand">The operand.</param>
    /// <param name="fractionBits">The bits behind the binary point of the result, 0 to 64.</param>
    /// <param name="isSigned">True for a two's complement result.</param>
    /// <param name="width">The width of the result in bits: 16, 32 or 64.</param>
    /// <param name="rounding">The rounding mode.</param>
    /// <param name="context">FPCR and FPSR.</param>
    /// <returns>The result in its low bits, the others zero.</returns>
    public static ulong ToFixed(ulong operand, int fractionBits, bool isSigned, int width, FpRounding rounding, ref FpContext context)
    {
        FpNumber a = FpEncoding<TFormat>.Unpack(operand, ref context);
        ulong mask = ulong.MaxValue >> (64 - width);
        if (a.IsNaN)
        {
            context.Status |= FpStatus.InvalidOperation;
            return 0;
        }

        if (a.Kind == FpKind.Zero)
        {
            return 0;
        }

        UInt128 limit = isSigned ? (UInt128)(mask >> 1) + (a.IsNegative ? 1u : 0u) : a.IsNegative ? UInt128.Zero : mask;
        UInt128 magnitude = UInt128.MaxValue;
        bool isExact = true;

        // With bit 63 of the significand set, more than one place to the left is out of range of every result.
        if (a.Kind == FpKind.Finite && a.Exponent + fractionBits <= 1)
        {
            magnitude = FpEncoding<TFormat>.Split(a.Significand, -(a.Exponent + fractionBits), out int half, out isExact);
            bool isOdd = (magnitude & 1) != UInt128.Zero;
            if (FpEncoding<TFormat>.RoundsUp(a.IsNegative, isOdd, half, isExact, rounding))
            {
                magnitude++;
            }
        }

        if (magnitude > limit)
        {
            magnitude = limit;
            context.Status |= FpStatus.InvalidOperation;
        }
        else if (!isExact)
        {
            context.Status |= FpStatus.Inexact;
        }

        ulong result = (ulong)magnitude;
        return (a.IsNegative ? 0 - result : result) & mask;
    }

    /// <summary>Converts from an integer or fixed-point number.</summary>
    /// <param name="operand">The operand in its low bits; the others are ignored.</param>
    /// <param name="fractionBits">The bits behind the binary point of the operand, 0 to 64.</param>
    /// <param name="isSigned">True for a two's complement operand.</param>
    /// <param name="width">The width of the operand in bits: 16, 32 or 64.</param>
    /// <param name="context">FPCR and FPSR.</param>
    /// <returns>The value, rounded as FPCR says.</returns>
    public static ulong FromFixed(ulong operand, int fractionBits, bool isSigned, int width, ref FpContext context)
    {
        ulong value = operand << (64 - width);
        bool isNegative = isSigned && (long)value < 0;
        ulong magnitude = isNegative ? 0 - (ulong)((long)value >> (64 - width)) : value >> (64 - width);
        return magnitude == 0
            ? FpEncoding<TFormat>.Zero(false)
            : FpEncoding<TFormat>.Round(isNegative, -fractionBits, magnitude, context.Rounding, ref context);
    }

    /// <summary>Rounds to an integral value of the same format.</summary>
    /// <param name="operand">The operand.</param>
    /// <param name="rounding">The rounding mode.</param>
    /// <param name="signalsInexact">True to record when the result differs from the operand.</param>
    /// <param name="context">FPCR and FPSR.</param>
    /// <returns>The integral value; a zero keeps the operand's sign.</returns>
    public static ulong RoundToIntegral(ulong operand, FpRounding rounding, bool signalsInexact, ref FpContext context)
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

        if (a.Kind == FpKind.Infinity || a.Exponent >= 0)
        {
            return operand;
        }

        UInt128 magnitude = FpEncoding<TFormat>.Split(a.Significand, -a.Exponent, out int half, out bool isExact);
        if (FpEncoding<TFormat>.RoundsUp(a.IsNegative, (magnitude & 1) != UInt128.Zero, half, isExact, rounding))
        {
            magnitude++;
        }

        if (signalsInexact && !isExact)
        {
            context.Status |= FpStatus.Inexact;
        }

        return magnitude == UInt128.Zero
            ? FpEncoding<TFormat>.Zero(a.IsNegative)
            : FpEncoding<TFormat>.Round(a.IsNegative, 0, magnitude, rounding, ref context);
    }

    /// <summary>Converts to another format.</summary>
    /// <typeparam name="TResult">The other format.</typeparam>
    /// <param name="operand">The operand.</param>
    /// <param name="rounding">The rounding mode.</param>
    /// <param name="context">FPCR and FPSR.</param>
    /// <returns>The value in the other format.</returns>
    public static ulong ToFormat<TResult>(ulong operand, FpRounding rounding, ref FpContext context)
        where TResult : struct, IFpFormat
    {
        FpNumber a = FpEncoding<TFormat>.UnpackForConversion(operand, ref context);
        bool toAlternativeHalf = TResult.ExponentBits == 5 && context.IsAlternativeHalf;
        switch (a.Kind)
        {
            case FpKind.Zero:
                return FpEncoding<TResult>.Zero(a.IsNegative);

            case FpKind.Infinity when toAlternativeHalf:
                context.Status |= FpStatus.InvalidOperation;
                return (FpEncoding<TResult>.SignBit - 1) | FpEncoding<TResult>.Zero(a.IsNegative);

            case FpKind.Infinity:
                return FpEncoding<TResult>.SignedInfinity(a.IsNegative);

            case FpKind.Finite:
                return FpEncoding<TResult>.RoundConversion(a.IsNegative, a.Exponent, a.Significand, rounding, ref context);

            default:
                return ConvertNaN<TResult>(a, operand, toAlternativeHalf, ref context);
        }
    }

    private static ulong ConvertNaN<TResult>(FpNumber a, ulong operand, bool toAlternativeHalf, ref FpContext context)
        where TResult : struct, IFpFormat
    {
        if (a.Kind == FpKind.SignalingNaN || toAlternativeHalf)
        {
            context.Status |= FpStatus.InvalidOperation;
        }

        if (toAlternativeHalf)
        {
            return FpEncoding<TResult>.Zero(a.IsNegative);
        }

        if (context.IsDefaultNaN)
        {
            return FpEncoding<TResult>.DefaultNaN;
        }

        // The upper bits of the fraction are kept.
        ulong fraction = operand & (FpEncoding<TFormat>.QuietBit - 1);
        int shift = TResult.FractionBits - TFormat.FractionBits;
        fraction = shift >= 0 ? fraction << shift : fraction >> -shift;
        return FpEncoding<TResult>.DefaultNaN | fraction | FpEncoding<TResult>.Zero(a.IsNegative);
    }
}
