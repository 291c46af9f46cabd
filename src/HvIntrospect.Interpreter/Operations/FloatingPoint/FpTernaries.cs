using System.Numerics;
using System.Runtime.CompilerServices;
using HvIntrospect.Interpreter.Semantics;

namespace HvIntrospect.Interpreter.Operations.FloatingPoint;

/// <summary>The functions of three floating-point numbers.</summary>
internal static class FpTernaries
{
    /// <summary>FMADD and FMLA.</summary>
    internal readonly struct MultiplyAdd : IFpTernary
    {
        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static bool TryFast<T>(T addend, T left, T right, ulong control, ref ulong status, out T result)
            where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
            FpFast<T>.TryMultiplyAdd(addend, left, right, control, status, out result);

        /// <inheritdoc/>
        public static ulong Exact<TFormat>(ulong addend, ulong left, ulong right, ref FpContext context)
            where TFormat : struct, IFpFormat =>
            FpArithmetic<TFormat>.MultiplyAdd(addend, left, right, ref context);
    }

    /// <summary>FMSUB and FMLS.</summary>
    internal readonly struct MultiplySubtract : IFpTernary
    {
        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static bool TryFast<T>(T addend, T left, T right, ulong control, ref ulong status, out T result)
            where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
            FpFast<T>.TryMultiplyAdd(addend, -left, right, control, status, out result);

        /// <inheritdoc/>
        public static ulong Exact<TFormat>(ulong addend, ulong left, ulong right, ref FpContext context)
            where TFormat : struct, IFpFormat =>
            FpArithmetic<TFormat>.MultiplyAdd(addend, left ^ FpEncoding<TFormat>.SignBit, right, ref context);
    }

    /// <summary>FNMADD.</summary>
    internal readonly struct NegatedMultiplyAdd : IFpTernary
    {
        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static bool TryFast<T>(T addend, T left, T right, ulong control, ref ulong status, out T result)
            where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
            FpFast<T>.TryMultiplyAdd(-addend, -left, right, control, status, out result);

        /// <inheritdoc/>
        public static ulong Exact<TFormat>(ulong addend, ulong left, ulong right, ref FpContext context)
            where TFormat : struct, IFpFormat =>
            FpArithmetic<TFormat>.MultiplyAdd(addend ^ FpEncoding<TFormat>.SignBit, left ^ FpEncoding<TFormat>.SignBit, right, ref context);
    }

    /// <summary>FNMSUB.</summary>
    internal readonly struct NegatedMultiplySubtract : IFpTernary
    {
        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static bool TryFast<T>(T addend, T left, T right, ulong control, ref ulong status, out T result)
            where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
            FpFast<T>.TryMultiplyAdd(-addend, left, right, control, status, out result);

        /// <inheritdoc/>
        public static ulong Exact<TFormat>(ulong addend, ulong left, ulong right, ref FpContext context)
            where TFormat : struct, IFpFormat =>
            FpArithmetic<TFormat>.MultiplyAdd(addend ^ FpEncoding<TFormat>.SignBit, left, right, ref context);
    }
}
