using System;
using System.Numerics;

namespace HvIntrospect.Interpreter.Semantics;

/// <summary>Integer results that are limited to the range of their type.</summary>
internal static class Saturation
{
    /// <summary>Limits a number.</summary>
    /// <typeparam name="T">The type of the result.</typeparam>
    /// <param name="value">The number.</param>
    /// <param name="status">FPSR, whose QC is set when the number is out of range.</param>
    /// <returns>The number, or the limit that it is beyond.</returns>
    public static T Limit<T>(Int128 value, ref uint status)
        where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T>
    {
        if (value > Int128.CreateTruncating(T.MaxValue))
        {
            status |= FpStatus.Saturated;
            return T.MaxValue;
        }

        if (value < Int128.CreateTruncating(T.MinValue))
        {
            status |= FpStatus.Saturated;
            return T.MinValue;
        }

        return T.CreateTruncating(value);
    }

    /// <summary>Gets the bits of a number as an unsigned one.</summary>
    /// <typeparam name="T">The type, signed or not.</typeparam>
    /// <param name="value">The number.</param>
    /// <returns>The number, not negative.</returns>
    public static unsafe Int128 AsUnsigned<T>(T value)
        where T : unmanaged, IBinaryInteger<T> => Int128.CreateTruncating(value) & ((Int128.One << (sizeof(T) * 8)) - 1);

    /// <summary>Gets the bits of a number as a signed one.</summary>
    /// <typeparam name="T">The type, signed or not.</typeparam>
    /// <param name="value">The number.</param>
    /// <returns>The number.</returns>
    public static unsafe Int128 AsSigned<T>(T value)
        where T : unmanaged, IBinaryInteger<T> => Int128.CreateTruncating(value) << (128 - (sizeof(T) * 8)) >> (128 - (sizeof(T) * 8));
}
