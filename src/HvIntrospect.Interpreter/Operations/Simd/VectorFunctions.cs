using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace HvIntrospect.Interpreter.Operations.Simd;

/// <summary>The functions of whole vectors.</summary>
internal static class VectorFunctions
{
    /// <summary>ADD.</summary>
    internal readonly struct Add : IVectorFunction
    {
        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector128<T> Apply<T>(Vector128<T> destination, Vector128<T> left, Vector128<T> right)
            where T : unmanaged =>
            left + right;
    }

    /// <summary>SUB.</summary>
    internal readonly struct Subtract : IVectorFunction
    {
        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector128<T> Apply<T>(Vector128<T> destination, Vector128<T> left, Vector128<T> right)
            where T : unmanaged =>
            left - right;
    }

    /// <summary>CMGT and CMHI.</summary>
    internal readonly struct Greater : IVectorFunction
    {
        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector128<T> Apply<T>(Vector128<T> destination, Vector128<T> left, Vector128<T> right)
            where T : unmanaged =>
            Vector128.GreaterThan(left, right);
    }

    /// <summary>CMGE and CMHS.</summary>
    internal readonly struct GreaterOrEqual : IVectorFunction
    {
        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector128<T> Apply<T>(Vector128<T> destination, Vector128<T> left, Vector128<T> right)
            where T : unmanaged =>
            Vector128.GreaterThanOrEqual(left, right);
    }

    /// <summary>CMEQ.</summary>
    internal readonly struct Equal : IVectorFunction
    {
        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector128<T> Apply<T>(Vector128<T> destination, Vector128<T> left, Vector128<T> right)
            where T : unmanaged =>
            Vector128.Equals(left, right);
    }

    /// <summary>CMEQ with zero.</summary>
    internal readonly struct EqualZero : IVectorFunction
    {
        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector128<T> Apply<T>(Vector128<T> destination, Vector128<T> left, Vector128<T> right)
            where T : unmanaged =>
            Vector128.Equals(left, Vector128<T>.Zero);
    }

    /// <summary>SMAX and UMAX.</summary>
    internal readonly struct Max : IVectorFunction
    {
        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector128<T> Apply<T>(Vector128<T> destination, Vector128<T> left, Vector128<T> right)
            where T : unmanaged =>
            Vector128.Max(left, right);
    }

    /// <summary>SMIN and UMIN.</summary>
    internal readonly struct Min : IVectorFunction
    {
        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector128<T> Apply<T>(Vector128<T> destination, Vector128<T> left, Vector128<T> right)
            where T : unmanaged =>
            Vector128.Min(left, right);
    }

    /// <summary>AND.</summary>
    internal readonly struct And : IVectorFunction
    {
        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector128<T> Apply<T>(Vector128<T> destination, Vector128<T> left, Vector128<T> right)
            where T : unmanaged =>
            left & right;
    }

    /// <summary>BIC.</summary>
    internal readonly struct AndNot : IVectorFunction
    {
        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector128<T> Apply<T>(Vector128<T> destination, Vector128<T> left, Vector128<T> right)
            where T : unmanaged =>
            Vector128.AndNot(left, right);
    }

    /// <summary>ORR.</summary>
    internal readonly struct Or : IVectorFunction
    {
        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector128<T> Apply<T>(Vector128<T> destination, Vector128<T> left, Vector128<T> right)
            where T : unmanaged =>
            left | right;
    }

    /// <summary>ORN.</summary>
    internal readonly struct OrNot : IVectorFunction
    {
        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector128<T> Apply<T>(Vector128<T> destination, Vector128<T> left, Vector128<T> right)
            where T : unmanaged =>
            left | ~right;
    }

    /// <summary>EOR.</summary>
    internal readonly struct Xor : IVectorFunction
    {
        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector128<T> Apply<T>(Vector128<T> destination, Vector128<T> left, Vector128<T> right)
            where T : unmanaged =>
            left ^ right;
    }

    /// <summary>BSL: Vd chooses.</summary>
    internal readonly struct Select : IVectorFunction
    {
        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector128<T> Apply<T>(Vector128<T> destination, Vector128<T> left, Vector128<T> right)
            where T : unmanaged =>
            Vector128.ConditionalSelect(destination, left, right);
    }

    /// <summary>BIT: Vm chooses what is inserted.</summary>
    internal readonly struct InsertIfTrue : IVectorFunction
    {
        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector128<T> Apply<T>(Vector128<T> destination, Vector128<T> left, Vector128<T> right)
            where T : unmanaged =>
            Vector128.ConditionalSelect(right, left, destination);
    }

    /// <summary>BIF: Vm chooses what is kept.</summary>
    internal readonly struct InsertIfFalse : IVectorFunction
    {
        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector128<T> Apply<T>(Vector128<T> destination, Vector128<T> left, Vector128<T> right)
            where T : unmanaged =>
            Vector128.ConditionalSelect(right, destination, left);
    }

    /// <summary>NOT.</summary>
    internal readonly struct Invert : IVectorFunction
    {
        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector128<T> Apply<T>(Vector128<T> destination, Vector128<T> left, Vector128<T> right)
            where T : unmanaged =>
            ~left;
    }
}
