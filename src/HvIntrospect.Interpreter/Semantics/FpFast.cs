using System;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace HvIntrospect.Interpreter.Semantics;

/// <summary>
/// Floating-point arithmetic by the host's own instructions, for the common case: FPCR has its reset value and operands and results are far from
/// the limits of the format. Whether a result is inexact is decided by computing its error exactly.
/// </summary>
/// <remarks>
/// A method that returns false has done nothing, and <see cref="FpArithmetic{TFormat}"/> must be asked. FPSR.IXC stays set, so that a program
/// soon pays nothing for it.
/// </remarks>
/// <typeparam name="T">float or double.</typeparam>
internal static class FpFast<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private static int FractionBits
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Unsafe.SizeOf<T>() == 4 ? 23 : 52;
    }

    private static uint LargestExponent
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Unsafe.SizeOf<T>() == 4 ? 0xFFu : 0x7FFu;
    }

    // Below this biased exponent the error of a product or quotient might not be representable.
    private static uint ErrorFloor
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Unsafe.SizeOf<T>() == 4 ? 56u : 120u;
    }

    /// <summary>Adds.</summary>
    /// <param name="left">The first operand.</param>
    /// <param name="right">The second operand.</param>
    /// <param name="control">FPCR.</param>
    /// <param name="status">FPSR.</param>
    /// <param name="result">The sum.</param>
    /// <returns>False when nothing was done.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryAdd(T left, T right, ulong control, ref ulong status, out T result)
    {
        T sum = left + right;
        result = sum;
        if ((control & FpControl.Unusual) != 0 || Exponent(sum) >= LargestExponent - 2)
        {
            return false;
        }

        if ((status & FpStatus.Inexact) == 0)
        {
            T right2 = sum - left;
            T error = (left - (sum - right2)) + (right - right2);
            if (error != T.Zero)
            {
                status |= FpStatus.Inexact;
            }
        }

        return true;
    }

    /// <summary>Multiplies.</summary>
    /// <param name="left">The first operand.</param>
    /// <param name="right">The second operand.</param>
    /// <param name="control">FPCR.</param>
    /// <param name="status">FPSR.</param>
    /// <param name="result">The product.</param>
    /// <returns>False when nothing was done.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryMultiply(T left, T right, ulong control, ref ulong status, out T result)
    {
        result = left * right;
        if ((control & FpControl.Unusual) != 0 || !IsOrdinary(result))
        {
            return false;
        }

        if ((status & FpStatus.Inexact) == 0 && T.FusedMultiplyAdd(left, right, -result) != T.Zero)
        {
            status |= FpStatus.Inexact;
        }

        return true;
    }

    /// <summary>Divides.</summary>
    /// <param name="left">The dividend.</param>
    /// <param name="right">The divisor.</param>
    /// <param name="control">FPCR.</param>
    /// <param name="status">FPSR.</param>
    /// <param name="result">The quotient.</param>
    /// <returns>False when nothing was done.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryDivide(T left, T right, ulong control, ref ulong status, out T result)
    {
        result = left / right;
        if ((control & FpControl.Unusual) != 0 || !IsOrdinary(result) || !IsOrdinary(left) || !IsOrdinary(right))
        {
            return false;
        }

        if ((status & FpStatus.Inexact) == 0 && T.FusedMultiplyAdd(result, right, -left) != T.Zero)
        {
            status |= FpStatus.Inexact;
        }

        return true;
    }

    /// <summary>Takes the square root.</summary>
    /// <param name="operand">The operand.</param>
    /// <param name="control">FPCR.</param>
    /// <param name="status">FPSR.</param>
    /// <param name="result">The root.</param>
    /// <returns>False when nothing was done.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TrySquareRoot(T operand, ulong control, ref ulong status, out T result)
    {
        result = T.Sqrt(operand);
        if ((control & FpControl.Unusual) != 0 || !IsOrdinary(result) || !IsOrdinary(operand))
        {
            return false;
        }

        if ((status & FpStatus.Inexact) == 0 && T.FusedMultiplyAdd(result, result, -operand) != T.Zero)
        {
            status |= FpStatus.Inexact;
        }

        return true;
    }

    /// <summary>Multiplies and adds with one rounding. Works only once FPSR.IXC is set.</summary>
    /// <param name="addend">The addend.</param>
    /// <param name="left">The first factor.</param>
    /// <param name="right">The second factor.</param>
    /// <param name="control">FPCR.</param>
    /// <param name="status">FPSR.</param>
    /// <param name="result">The addend plus the product.</param>
    /// <returns>False when nothing was done.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryMultiplyAdd(T addend, T left, T right, ulong control, ulong status, out T result)
    {
        result = T.FusedMultiplyAdd(left, right, addend);
        return (control & FpControl.Unusual) == 0 && (status & FpStatus.Inexact) != 0 && IsOrdinary(result);
    }

    /// <summary>Finds the larger.</summary>
    /// <param name="left">The first operand.</param>
    /// <param name="right">The second operand.</param>
    /// <param name="control">FPCR.</param>
    /// <param name="result">The larger.</param>
    /// <returns>False when nothing was done: for equal operands, zeros of either sign among them, and for NaNs.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryMax(T left, T right, ulong control, out T result)
    {
        result = left > right ? left : right;
        return (control & FpControl.Unusual) == 0 && (left > right || left < right);
    }

    /// <summary>Finds the smaller.</summary>
    /// <param name="left">The first operand.</param>
    /// <param name="right">The second operand.</param>
    /// <param name="control">FPCR.</param>
    /// <param name="result">The smaller.</param>
    /// <returns>False when nothing was done: for equal operands, zeros of either sign among them, and for NaNs.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryMin(T left, T right, ulong control, out T result)
    {
        result = left < right ? left : right;
        return (control & FpControl.Unusual) == 0 && (left > right || left < right);
    }

    /// <summary>Compares.</summary>
    /// <param name="left">The first operand.</param>
    /// <param name="right">The second operand.</param>
    /// <param name="control">FPCR.</param>
    /// <param name="flags">NZCV in bits 31:28.</param>
    /// <returns>False when nothing was done.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryCompare(T left, T right, ulong control, out uint flags)
    {
        flags = left == right ? FpComparison<DoubleFormat>.Equal : left < right ? FpComparison<DoubleFormat>.Less : FpComparison<DoubleFormat>.Greater;
        return (control & FpControl.FlushToZero) == 0 && !T.IsNaN(left) && !T.IsNaN(right);
    }

    /// <summary>Converts from an integer that the format can represent.</summary>
    /// <param name="value">The integer.</param>
    /// <param name="result">The value.</param>
    /// <returns>False when nothing was done.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryFromInteger(long value, out T result)
    {
        result = Unsafe.SizeOf<T>() == sizeof(float) ? Unsafe.BitCast<float, T>(value) : Unsafe.BitCast<double, T>(value);
        long limit = 1L << FractionBits;
        return value <= limit && value >= -limit;
    }

    /// <summary>Converts to an integer.</summary>
    /// <param name="value">The operand.</param>
    /// <param name="rounding">The rounding mode.</param>
    /// <param name="control">FPCR.</param>
    /// <param name="status">FPSR; changed only on success.</param>
    /// <param name="smallest">The smallest integer that may result.</param>
    /// <param name="largest">The largest integer that may result.</param>
    /// <param name="result">The integer.</param>
    /// <returns>False when nothing was done.</returns>
    public static bool TryToInteger(T value, FpRounding rounding, ulong control, ref ulong status, long smallest, long largest, out long result)
    {
        T rounded = Round(value, rounding);
        result = Unsafe.SizeOf<T>() == sizeof(float) ? (long)Unsafe.BitCast<T, float>(rounded) : (long)Unsafe.BitCast<T, double>(rounded);

        // Beyond 62 bits, and for a NaN, the conversion of the host need not be ours.
        if ((control & FpControl.FlushToZero) != 0 || Exponent(value) >= (LargestExponent >> 1) + 62 || result < smallest || result > largest)
        {
            return false;
        }

        if (rounded != value)
        {
            status |= FpStatus.Inexact;
        }

        return true;
    }

    /// <summary>Rounds to an integral value.</summary>
    /// <param name="value">The operand.</param>
    /// <param name="rounding">The rounding mode.</param>
    /// <param name="control">FPCR.</param>
    /// <param name="result">The integral value.</param>
    /// <returns>False when nothing was done.</returns>
    public static bool TryRoundToIntegral(T value, FpRounding rounding, ulong control, out T result)
    {
        result = Round(value, rounding);
        return (control & FpControl.Unusual) == 0 && Exponent(value) < LargestExponent;
    }

    /// <summary>Tests that a value is finite and its exponent so high that errors are representable and nothing underflows.</summary>
    /// <param name="value">The value.</param>
    /// <returns>True when it is.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool IsOrdinary(T value) => Exponent(value) - ErrorFloor < LargestExponent - ErrorFloor;

    private static T Round(T value, FpRounding rounding) => rounding switch
    {
        FpRounding.NearestEven => T.Round(value, MidpointRounding.ToEven),
        FpRounding.PlusInfinity => T.Ceiling(value),
        FpRounding.MinusInfinity => T.Floor(value),
        FpRounding.Zero => T.Truncate(value),
        _ => T.Round(value, MidpointRounding.AwayFromZero),
    };

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Exponent(T value) => Unsafe.SizeOf<T>() == 4
        ? (Unsafe.BitCast<T, uint>(value) >> FractionBits) & 0xFF
        : (uint)(Unsafe.BitCast<T, ulong>(value) >> FractionBits) & 0x7FF;
}
