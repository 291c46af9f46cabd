using System.Numerics;
using System.Runtime.CompilerServices;
using HvIntrospect.Interpreter.Semantics;

namespace HvIntrospect.Interpreter.Operations.FloatingPoint;

/// <summary>The functions of two floating-point numbers.</summary>
internal static class FpBinaries
{
    /// <summary>FADD.</summary>
    internal readonly struct Add : IFpBinary
    {
        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static bool TryFast<T>(T left, T right, ulong control, ref ulong status, out T result)
            where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
            FpFast<T>.TryAdd(left, right, control, ref status, out result);

        /// <inheritdoc/>
        public static ulong Exact<TFormat>(ulong left, ulong right, ref FpContext context)
            where TFormat : struct, IFpFormat =>
            FpArithmetic<TFormat>.Add(left, right, ref context);
    }

    /// <summary>FSUB.</summary>
    internal readonly struct Subtract : IFpBinary
    {
        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static bool TryFast<T>(T left, T right, ulong control, ref ulong status, out T result)
            where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
            FpFast<T>.TryAdd(left, -right, control, ref status, out result);

        /// <inheritdoc/>
        public static ulong Exact<TFormat>(ulong left, ulong right, ref FpContext context)
            where TFormat : struct, IFpFormat =>
            FpArithmetic<TFormat>.Subtract(left, right, ref context);
    }

    /// <summary>FMUL.</summary>
    internal readonly struct Multiply : IFpBinary
    {
        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static bool TryFast<T>(T left, T right, ulong control, ref ulong status, out T result)
            where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
            FpFast<T>.TryMultiply(left, right, control, ref status, out result);

        /// <inheritdoc/>
        public static ulong Exact<TFormat>(ulong left, ulong right, ref FpContext context)
            where TFormat : struct, IFpFormat =>
            FpArithmetic<TFormat>.Multiply(left, right, ref context);
    }

    /// <summary>FNMUL.</summary>
    internal readonly struct NegatedMultiply : IFpBinary
    {
        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static bool TryFast<T>(T left, T right, ulong control, ref ulong status, out T result)
            where T : unmanaged, IBinaryFloatingPointIeee754<T>
        {
            bool isDone = FpFast<T>.TryMultiply(left, right, control, ref status, out T product);
            result = -product;
            return isDone;
        }

        /// <inheritdoc/>
        public static ulong Exact<TFormat>(ulong left, ulong right, ref FpContext context)
            where TFormat : struct, IFpFormat =>
            FpArithmetic<TFormat>.Multiply(left, right, ref context) ^ FpEncoding<TFormat>.SignBit;
    }

    /// <summary>FMULX.</summary>
    internal readonly struct MultiplyExtended : IFpBinary
    {
        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static bool TryFast<T>(T left, T right, ulong control, ref ulong status, out T result)
            where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
            FpFast<T>.TryMultiply(left, right, control, ref status, out result);

        /// <inheritdoc/>
        public static ulong Exact<TFormat>(ulong left, ulong right, ref FpContext context)
            where TFormat : struct, IFpFormat =>
            FpArithmetic<TFormat>.MultiplyExtended(left, right, ref context);
    }

    /// <summary>FDIV.</summary>
    internal readonly struct Divide : IFpBinary
    {
        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static bool TryFast<T>(T left, T right, ulong control, ref ulong status, out T result)
            where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
            FpFast<T>.TryDivide(left, right, control, ref status, out result);

        /// <inheritdoc/>
        public static ulong Exact<TFormat>(ulong left, ulong right, ref FpContext context)
            where TFormat : struct, IFpFormat =>
            FpArithmetic<TFormat>.Divide(left, right, ref context);
    }

    /// <summary>FMAX.</summary>
    internal readonly struct Max : IFpBinary
    {
        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static bool TryFast<T>(T left, T right, ulong control, ref ulong status, out T result)
            where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
            FpFast<T>.TryMax(left, right, control, out result);

        /// <inheritdoc/>
        public static ulong Exact<TFormat>(ulong left, ulong right, ref FpContext context)
            where TFormat : struct, IFpFormat =>
            FpArithmetic<TFormat>.Max(left, right, ref context);
    }

    /// <summary>FMIN.</summary>
    internal readonly struct Min : IFpBinary
    {
        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static bool TryFast<T>(T left, T right, ulong control, ref ulong status, out T result)
            where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
            FpFast<T>.TryMin(left, right, control, out result);

        /// <inheritdoc/>
        public static ulong Exact<TFormat>(ulong left, ulong right, ref FpContext context)
            where TFormat : struct, IFpFormat =>
            FpArithmetic<TFormat>.Min(left, right, ref context);
    }

    /// <summary>FMAXNM.</summary>
    internal readonly struct MaxNumber : IFpBinary
    {
        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static bool TryFast<T>(T left, T right, ulong control, ref ulong status, out T result)
            where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
            FpFast<T>.TryMax(left, right, control, out result);

        /// <inheritdoc/>
        public static ulong Exact<TFormat>(ulong left, ulong right, ref FpContext context)
            where TFormat : struct, IFpFormat =>
            FpArithmetic<TFormat>.MaxNumber(left, right, ref context);
    }

    /// <summary>FMINNM.</summary>
    internal readonly struct MinNumber : IFpBinary
    {
        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static bool TryFast<T>(T left, T right, ulong control, ref ulong status, out T result)
            where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
            FpFast<T>.TryMin(left, right, control, out result);

        /// <inheritdoc/>
        public static ulong Exact<TFormat>(ulong left, ulong right, ref FpContext context)
            where TFormat : struct, IFpFormat =>
            FpArithmetic<TFormat>.MinNumber(left, right, ref context);
    }

    /// <summary>FABD.</summary>
    internal readonly struct AbsoluteDifference : IFpBinary
    {
        /// <inheritdoc/>
        public static ulong Exact<TFormat>(ulong left, ulong right, ref FpContext context)
            where TFormat : struct, IFpFormat =>
            FpArithmetic<TFormat>.Subtract(left, right, ref context) & ~FpEncoding<TFormat>.SignBit;
    }

    /// <summary>FCMEQ.</summary>
    internal readonly struct Equal : IFpBinary
    {
        /// <inheritdoc/>
        public static ulong Exact<TFormat>(ulong left, ulong right, ref FpContext context)
            where TFormat : struct, IFpFormat =>
            FpComparison<TFormat>.IsEqual(left, right, ref context) ? FpEncoding<TFormat>.AllOnes : 0;
    }

    /// <summary>FCMGE.</summary>
    internal readonly struct GreaterOrEqual : IFpBinary
    {
        /// <inheritdoc/>
        public static ulong Exact<TFormat>(ulong left, ulong right, ref FpContext context)
            where TFormat : struct, IFpFormat =>
            FpComparison<TFormat>.IsGreaterOrEqual(left, right, ref context) ? FpEncoding<TFormat>.AllOnes : 0;
    }

    /// <summary>FCMGT.</summary>
    internal readonly struct Greater : IFpBinary
    {
        /// <inheritdoc/>
        public static ulong Exact<TFormat>(ulong left, ulong right, ref FpContext context)
            where TFormat : struct, IFpFormat =>
            FpComparison<TFormat>.IsGreater(left, right, ref context) ? FpEncoding<TFormat>.AllOnes : 0;
    }

    /// <summary>FACGE.</summary>
    internal readonly struct AbsoluteGreaterOrEqual : IFpBinary
    {
        /// <inheritdoc/>
        public static ulong Exact<TFormat>(ulong left, ulong right, ref FpContext context)
            where TFormat : struct, IFpFormat =>
            FpComparison<TFormat>.IsGreaterOrEqual(left & ~FpEncoding<TFormat>.SignBit, right & ~FpEncoding<TFormat>.SignBit, ref context) ? FpEncoding<TFormat>.AllOnes : 0;
    }

    /// <summary>FACGT.</summary>
    internal readonly struct AbsoluteGreater : IFpBinary
    {
        /// <inheritdoc/>
        public static ulong Exact<TFormat>(ulong left, ulong right, ref FpContext context)
            where TFormat : struct, IFpFormat =>
            FpComparison<TFormat>.IsGreater(left & ~FpEncoding<TFormat>.SignBit, right & ~FpEncoding<TFormat>.SignBit, ref context) ? FpEncoding<TFormat>.AllOnes : 0;
    }

    /// <summary>FRECPS.</summary>
    internal readonly struct ReciprocalStep : IFpBinary
    {
        /// <inheritdoc/>
        public static ulong Exact<TFormat>(ulong left, ulong right, ref FpContext context)
            where TFormat : struct, IFpFormat =>
            FpEstimate<TFormat>.ReciprocalStep(left, right, ref context);
    }

    /// <summary>FRSQRTS.</summary>
    internal readonly struct ReciprocalSquareRootStep : IFpBinary
    {
        /// <inheritdoc/>
        public static ulong Exact<TFormat>(ulong left, ulong right, ref FpContext context)
            where TFormat : struct, IFpFormat =>
            FpEstimate<TFormat>.ReciprocalSquareRootStep(left, right, ref context);
    }
}
