using System;
using System.Numerics;

namespace HvIntrospect.Interpreter.Semantics;

/// <summary>Shifts by amounts of any sign, rounded and saturated.</summary>
internal static unsafe class Shifts
{
    /// <summary>Shifts left, or right by a negative amount.</summary>
    /// <typeparam name="T">The type of the number.</typeparam>
    /// <param name="value">The number.</param>
    /// <param name="amount">-128 to 127.</param>
    /// <param name="isRounded">True to round a right shift to the nearest number, ties up.</param>
    /// <returns>The low bits of the result.</returns>
    public static T Shift<T>(T value, int amount, bool isRounded)
        where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T>
    {
        if (amount < 0)
        {
            return Right(value, -amount, isRounded);
        }

        return amount >= sizeof(T) * 8 ? T.Zero : value << amount;
    }

    /// <summary>Shifts left, or right by a negative amount, and limits the result to the range of its type.</summary>
    /// <typeparam name="T">The type of the number.</typeparam>
    /// <param name="value">The number.</param>
    /// <param name="amount">-128 to 127.</param>
    /// <param name="isRounded">True to round a right shift to the nearest number, ties up.</param>
    /// <param name="status">FPSR, whose QC is set when the result is limited.</param>
    /// <returns>The result.</returns>
    public static T ShiftSaturated<T>(T value, int amount, bool isRounded, ref uint status)
        where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T>
    {
        if (amount < 0)
        {
            return Right(value, -amount, isRounded);
        }

        if (amount >= sizeof(T) * 8 && value != T.Zero)
        {
            return Saturation.Limit<T>(T.IsNegative(value) ? Int128.MinValue : Int128.MaxValue, ref status);
        }

        return Saturation.Limit<T>(Int128.CreateTruncating(value) << (amount & 63), ref status);
    }

    /// <summary>Shifts right.</summary>
    /// <typeparam name="T">The type of the number, which decides about the sign.</typeparam>
    /// <param name="value">The number.</param>
    /// <param name="amount">0 to 128.</param>
    /// <param name="isRounded">True to round to the nearest number, ties up.</param>
    /// <returns>The result.</returns>
    public static T Right<T>(T value, int amount, bool isRounded)
        where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T> => T.CreateTruncating(RightWide(value, amount, isRounded));

    /// <summary>Shifts right without narrowing.</summary>
    /// <typeparam name="T">The type of the number, which decides about the sign.</typeparam>
    /// <param name="value">The number.</param>
    /// <param name="amount">0 to 128.</param>
    /// <param name="isRounded">True to round to the nearest number, ties up.</param>
    /// <returns>The result.</returns>
    public static Int128 RightWide<T>(T value, int amount, bool isRounded)
        where T : unmanaged, IBinaryInteger<T>
    {
        Int128 wide = Int128.CreateTruncating(value);

        // Beyond the width only the sign is left, or nothing when it is rounded.
        if (amount > 64)
        {
            return isRounded || wide >= Int128.Zero ? Int128.Zero : Int128.NegativeOne;
        }

        if (isRounded && amount > 0)
        {
            wide += Int128.One << (amount - 1);
        }

        return wide >> amount;
    }
}
