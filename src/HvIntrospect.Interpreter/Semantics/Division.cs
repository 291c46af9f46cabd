using System.Runtime.CompilerServices;

namespace HvIntrospect.Interpreter.Semantics;

/// <summary>Integer division as the architecture defines it: by zero it gives zero, and an overflow wraps.</summary>
internal static class Division
{
    /// <summary>Divides unsigned numbers.</summary>
    /// <param name="left">The dividend.</param>
    /// <param name="right">The divisor.</param>
    /// <returns>The quotient.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint Unsigned(uint left, uint right) => right == 0 ? 0 : left / right;

    /// <summary>Divides unsigned numbers.</summary>
    /// <param name="left">The dividend.</param>
    /// <param name="right">The divisor.</param>
    /// <returns>The quotient.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Unsigned(ulong left, ulong right) => right == 0 ? 0 : left / right;

    /// <summary>Divides signed numbers, rounding towards zero.</summary>
    /// <param name="left">The dividend.</param>
    /// <param name="right">The divisor.</param>
    /// <returns>The quotient.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Signed(int left, int right) => right == 0 ? 0 : right == -1 ? unchecked(-left) : left / right;

    /// <summary>Divides signed numbers, rounding towards zero.</summary>
    /// <param name="left">The dividend.</param>
    /// <param name="right">The divisor.</param>
    /// <returns>The quotient.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static long Signed(long left, long right) => right == 0 ? 0 : right == -1 ? unchecked(-left) : left / right;
}
