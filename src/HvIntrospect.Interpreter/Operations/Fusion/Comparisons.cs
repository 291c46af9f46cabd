using System.Numerics;
using System.Runtime.CompilerServices;
using HvIntrospect.Interpreter.Operations.DataProcessing;

namespace HvIntrospect.Interpreter.Operations.Fusion;

/// <summary>The conditions that follow from the operands of a subtraction without computing its overflow.</summary>
internal static class Comparisons
{
    /// <summary>EQ.</summary>
    internal readonly struct Equal : IComparison
    {
        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static bool Holds<T>(T left, T right)
            where T : unmanaged, IBinaryInteger<T> => left == right;
    }

    /// <summary>NE.</summary>
    internal readonly struct NotEqual : IComparison
    {
        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static bool Holds<T>(T left, T right)
            where T : unmanaged, IBinaryInteger<T> => left != right;
    }

    /// <summary>CS.</summary>
    internal readonly struct HigherOrSame : IComparison
    {
        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static bool Holds<T>(T left, T right)
            where T : unmanaged, IBinaryInteger<T> => left >= right;
    }

    /// <summary>CC.</summary>
    internal readonly struct Lower : IComparison
    {
        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static bool Holds<T>(T left, T right)
            where T : unmanaged, IBinaryInteger<T> => left < right;
    }

    /// <summary>MI.</summary>
    internal readonly struct Minus : IComparison
    {
        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static bool Holds<T>(T left, T right)
            where T : unmanaged, IBinaryInteger<T> => Integers.Signed(left - right) < 0;
    }

    /// <summary>PL.</summary>
    internal readonly struct Plus : IComparison
    {
        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static bool Holds<T>(T left, T right)
            where T : unmanaged, IBinaryInteger<T> => Integers.Signed(left - right) >= 0;
    }

    /// <summary>HI.</summary>
    internal readonly struct Higher : IComparison
    {
        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static bool Holds<T>(T left, T right)
            where T : unmanaged, IBinaryInteger<T> => left > right;
    }

    /// <summary>LS.</summary>
    internal readonly struct LowerOrSame : IComparison
    {
        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static bool Holds<T>(T left, T right)
            where T : unmanaged, IBinaryInteger<T> => left <= right;
    }

    /// <summary>GE.</summary>
    internal readonly struct GreaterOrEqual : IComparison
    {
        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static bool Holds<T>(T left, T right)
            where T : unmanaged, IBinaryInteger<T> => Integers.Signed(left) >= Integers.Signed(right);
    }

    /// <summary>LT.</summary>
    internal readonly struct Less : IComparison
    {
        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static bool Holds<T>(T left, T right)
            where T : unmanaged, IBinaryInteger<T> => Integers.Signed(left) < Integers.Signed(right);
    }

    /// <summary>GT.</summary>
    internal readonly struct Greater : IComparison
    {
        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static bool Holds<T>(T left, T right)
            where T : unmanaged, IBinaryInteger<T> => Integers.Signed(left) > Integers.Signed(right);
    }

    /// <summary>LE.</summary>
    internal readonly struct LessOrEqual : IComparison
    {
        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static bool Holds<T>(T left, T right)
            where T : unmanaged, IBinaryInteger<T> => Integers.Signed(left) <= Integers.Signed(right);
    }
}
