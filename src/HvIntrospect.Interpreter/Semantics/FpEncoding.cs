using System;
using System.Numerics;

namespace HvIntrospect.Interpreter.Semantics;

/// <summary>Takes floating-point values apart and puts them together, with the rules of FPCR and FPSR.</summary>
/// <remarks>Arm Architecture Reference Manual (DDI 0487), pseudocode FPUnpack, FPRound, FPProcessNaN.</remarks>
/// <typeparam name="TFormat">The format.</typeparam>
internal static class FpEncoding<TFormat>
    where TFormat : struct, IFpFormat
{
    /// <summary>Gets the sign bit.</summary>
    public static ulong SignBit => 1UL << (TFormat.FractionBits + TFormat.ExponentBits);

    /// <summary>Gets the top bit of the fraction, which makes a NaN quiet.</summary>
    public static ulong QuietBit => 1UL << (TFormat.FractionBits - 1);

    /// <summary>Gets plus infinity, which also is the mask of the exponent.</summary>
    public static ulong Infinity => SignBit - (1UL << TFormat.FractionBits);

    /// <summary>Gets the default NaN: positive, quiet, the rest of the fraction zero.</summary>
    public static ulong DefaultNaN => Infinity | QuietBit;

    /// <summary>Gets the largest finite value.</summary>
    public static ulong LargestFinite => Infinity - 1;

    /// <summary>Gets a value of ones only, which is what a comparison of lanes makes when it holds.</summary>
    public static ulong AllOnes => SignBit | (SignBit - 1);

    private static int Bias => (1 << (TFormat.ExponentBits - 1)) - 1;

    private static bool IsHalf => TFormat.ExponentBits == 5;

    /// <summary>Gets a zero.</summary>
    /// <param name="isNegative">Its sign.</param>
    /// <returns>The value.</returns>
    public static ulong Zero(bool isNegative) => isNegative ? SignBit : 0;

    /// <summary>Gets an infinity.</summary>
    /// <param name="isNegative">Its sign.</param>
    /// <returns>The value.</returns>
    public static ulong SignedInfinity(bool isNegative) => Infinity | Zero(isNegative);

    /// <summary>Takes an operand of arithmetic apart.</summary>
    /// <param name="bits">The operand.</param>
    /// <param name="context">FPCR and FPSR.</param>
    /// <returns>The number.</returns>
    public static FpNumber Unpack(ulong bits, ref FpContext context) => Unpack(bits, ref context, hasAlternativeHalf: false);

    /// <summary>Takes an operand of a conversion between formats apart: a half may have the alternative format.</summary>
    /// <param name="bits">The operand.</param>
    /// <param name="context">FPCR and FPSR.</param>
    /// <returns>The number.</returns>
    public static FpNumber UnpackForConversion(ulong bits, ref FpContext context) =>
        Unpack(bits, ref context, IsHalf && context.IsAlternativeHalf);

    /// <summary>Gets the NaN result that one NaN operand makes.</summary>
    /// <param name="number">The operand, a NaN.</param>
    /// <param name="bits">The operand.</param>
    /// <param name="context">FPCR and FPSR.</param>
    /// <returns>The result.</returns>
    public static ulong Propagate(FpNumber number, ulong bits, ref FpContext context)
    {
        if (number.Kind == FpKind.SignalingNaN)
        {
            context.Status |= FpStatus.InvalidOperation;
        }

        return context.IsDefaultNaN ? DefaultNaN : bits | QuietBit;
    }

    /// <summary>Gets the result of an invalid operation.</summary>
    /// <param name="context">FPCR and FPSR.</param>
    /// <returns>The default NaN.</returns>
    public static ulong Invalid(ref FpContext context)
    {
        context.Status |= FpStatus.InvalidOperation;
        return DefaultNaN;
    }

    /// <summary>Rounds to the format.</summary>
    /// <param name="isNegative">The sign.</param>
    /// <param name="exponent">The weight of bit 0 of the significand as a power of two.</param>
    /// <param name="significand">Not zero. When the exact value has more bits, bit 0 is set and stands for them.</param>
    /// <param name="rounding">The rounding mode.</param>
    /// <param name="context">FPCR and FPSR.</param>
    /// <returns>The value.</returns>
    public static ulong Round(bool isNegative, int exponent, UInt128 significand, FpRounding rounding, ref FpContext context) =>
        Round(isNegative, exponent, significand, rounding, ref context, hasAlternativeHalf: false);

    /// <summary>Rounds the result of a conversion between formats: a half may have the alternative format.</summary>
    /// <param name="isNegative">The sign.</param>
    /// <param name="exponent">The weight of bit 0 of the significand as a power of two.</param>
    /// <param name="significand">Not zero.</param>
    /// <param name="rounding">The rounding mode.</param>
    /// <param name="context">FPCR and FPSR.</param>
    /// <returns>The value.</returns>
    public static ulong RoundConversion(bool isNegative, int exponent, UInt128 significand, FpRounding rounding, ref FpContext context) =>
        Round(isNegative, exponent, significand, rounding, ref context, IsHalf && context.IsAlternativeHalf);

    /// <summary>Decides whether a truncated magnitude is to be incremented.</summary>
    /// <param name="isNegative">The sign of the value.</param>
    /// <param name="isOdd">The lowest kept bit.</param>
    /// <param name="half">How what was cut off compares with half of the lowest kept bit: negative, 0 or positive.</param>
    /// <param name="isExact">True when nothing was cut off.</param>
    /// <param name="rounding">The rounding mode.</param>
    /// <returns>True to increment.</returns>
    public static bool RoundsUp(bool isNegative, bool isOdd, int half, bool isExact, FpRounding rounding) => !isExact && rounding switch
    {
        FpRounding.NearestEven => half > 0 || (half == 0 && isOdd),
        FpRounding.NearestAway => half >= 0,
        FpRounding.PlusInfinity => !isNegative,
        FpRounding.MinusInfinity => isNegative,
        FpRounding.Odd => !isOdd,
        _ => false,
    };

    /// <summary>Splits a number at a bit.</summary>
    /// <param name="value">The number.</param>
    /// <param name="shift">How many low bits to cut off; negative to append zeros, which must not overflow.</param>
    /// <param name="half">How what is cut off compares with half of the lowest kept bit: negative, 0 or positive.</param>
    /// <param name="isExact">True when only zeros are cut off.</param>
    /// <returns>The kept part.</returns>
    public static UInt128 Split(UInt128 value, int shift, out int half, out bool isExact)
    {
        if (shift <= 0)
        {
            half = -1;
            isExact = true;
            return value << -shift;
        }

        if (shift > 128)
        {
            half = -1;
            isExact = false;
            return UInt128.Zero;
        }

        UInt128 kept = shift == 128 ? UInt128.Zero : value >> shift;
        UInt128 cut = shift == 128 ? value : value & ((UInt128.One << shift) - 1);
        half = cut.CompareTo(UInt128.One << (shift - 1));
        isExact = cut == UInt128.Zero;
        return kept;
    }

    private static FpNumber Unpack(ulong bits, ref FpContext context, bool hasAlternativeHalf)
    {
        bool isNegative = (bits & SignBit) != 0;
        ulong fraction = bits & ((1UL << TFormat.FractionBits) - 1);
        int biased = (int)((bits & Infinity) >> TFormat.FractionBits);
        if (biased == (1 << TFormat.ExponentBits) - 1 && !hasAlternativeHalf)
        {
            return fraction == 0 ? new FpNumber(FpKind.Infinity, isNegative)
                : new FpNumber((fraction & QuietBit) != 0 ? FpKind.QuietNaN : FpKind.SignalingNaN, isNegative);
        }

        if (biased != 0)
        {
            int top = 63 - TFormat.FractionBits;
            return new FpNumber(FpKind.Finite, isNegative, biased - Bias - 63, (fraction << top) | (1UL << 63));
        }

        if (fraction == 0)
        {
            return new FpNumber(FpKind.Zero, isNegative);
        }

        // FZ does not concern halves, which have a control of their own in a later extension.
        if (context.IsFlushToZero && !IsHalf)
        {
            context.Status |= FpStatus.InputDenormal;
            return new FpNumber(FpKind.Zero, isNegative);
        }

        int zeros = BitOperations.LeadingZeroCount(fraction);
        return new FpNumber(FpKind.Finite, isNegative, 1 - Bias - TFormat.FractionBits - zeros, fraction << zeros);
    }

    private static ulong Round(
        bool isNegative, int exponent, UInt128 significand, FpRounding rounding, ref FpContext context, bool hasAlternativeHalf)
    {
        int magnitude = exponent + 127 - (int)UInt128.LeadingZeroCount(significand);
        int smallest = 1 - Bias;

        // Tininess is detected before rounding.
        bool isTiny = magnitude < smallest;
        if (isTiny && context.IsFlushToZero && !IsHalf)
        {
            context.Status |= FpStatus.Underflow;
            return Zero(isNegative);
        }

        int lowest = (isTiny ? smallest : magnitude) - TFormat.FractionBits;
        UInt128 kept = Split(significand, lowest - exponent, out int half, out bool isExact);
        ulong bits = (ulong)kept;
        if (RoundsUp(isNegative, (bits & 1) != 0, half, isExact, rounding))
        {
            bits++;
        }

        // A carry out of the fraction becomes part of the exponent.
        if (!isTiny)
        {
            ulong biased = (ulong)(magnitude + Bias) - 1;
            bits += biased << TFormat.FractionBits;
        }

        if (isTiny && !isExact)
        {
            context.Status |= FpStatus.Underflow;
        }

        if (hasAlternativeHalf)
        {
            if (bits >= SignBit)
            {
                context.Status |= FpStatus.InvalidOperation;
                return (SignBit - 1) | Zero(isNegative);
            }
        }
        else if (bits >= Infinity)
        {
            context.Status |= FpStatus.Overflow | FpStatus.Inexact;
            bool toInfinity = rounding switch
            {
                FpRounding.PlusInfinity => !isNegative,
                FpRounding.MinusInfinity => isNegative,
                FpRounding.Zero or FpRounding.Odd => false,
                _ => true,
            };
            return (toInfinity ? Infinity : LargestFinite) | Zero(isNegative);
        }

        if (!isExact)
        {
            context.Status |= FpStatus.Inexact;
        }

        return bits | Zero(isNegative);
    }
}
