using System.Numerics;
using System.Runtime.CompilerServices;
using HvIntrospect.Interpreter.Semantics;

namespace HvIntrospect.Interpreter.Operations.FloatingPoint;

/// <summary>The functions of one floating-point number.</summary>
internal static class FpUnaries
{
    /// <summary>FSQRT.</summary>
    internal readonly struct SquareRoot : IFpUnary
    {
        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static bool TryFast<T>(T value, ulong control, ref ulong status, out T result)
            where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
            FpFast<T>.TrySquareRoot(value, control, ref status, out result);

        /// <inheritdoc/>
        public static ulong Exact<TFormat>(ulong value, ref FpContext context)
            where TFormat : struct, IFpFormat =>
            FpArithmetic<TFormat>.SquareRoot(value, ref context);
    }

    /// <summary>FRINTN, FRINTA, FRINTP, FRINTM and FRINTZ.</summary>
    /// <typeparam name="TMode">The rounding mode.</typeparam>
    internal readonly struct Round<TMode> : IFpUnary
        where TMode : struct, IFpRoundingMode
    {
        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static bool TryFast<T>(T value, ulong control, ref ulong status, out T result)
            where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
            FpFast<T>.TryRoundToIntegral(value, TMode.Rounding, control, out result);

        /// <inheritdoc/>
        public static ulong Exact<TFormat>(ulong value, ref FpContext context)
            where TFormat : struct, IFpFormat =>
            FpConversion<TFormat>.RoundToIntegral(value, TMode.Rounding, signalsInexact: false, ref context);
    }

    /// <summary>FRINTI.</summary>
    internal readonly struct RoundAsControlled : IFpUnary
    {
        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static bool TryFast<T>(T value, ulong control, ref ulong status, out T result)
            where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
            FpFast<T>.TryRoundToIntegral(value, FpRounding.NearestEven, control, out result);

        /// <inheritdoc/>
        public static ulong Exact<TFormat>(ulong value, ref FpContext context)
            where TFormat : struct, IFpFormat =>
            FpConversion<TFormat>.RoundToIntegral(value, context.Rounding, signalsInexact: false, ref context);
    }

    /// <summary>FRINTX.</summary>
    internal readonly struct RoundExactly : IFpUnary
    {
        /// <inheritdoc/>
        public static ulong Exact<TFormat>(ulong value, ref FpContext context)
            where TFormat : struct, IFpFormat =>
            FpConversion<TFormat>.RoundToIntegral(value, context.Rounding, signalsInexact: true, ref context);
    }

    /// <summary>FABS.</summary>
    internal readonly struct Absolute : IFpUnary
    {
        /// <inheritdoc/>
        public static ulong Exact<TFormat>(ulong value, ref FpContext context)
            where TFormat : struct, IFpFormat =>
            value & ~FpEncoding<TFormat>.SignBit;
    }

    /// <summary>FNEG.</summary>
    internal readonly struct Negate : IFpUnary
    {
        /// <inheritdoc/>
        public static ulong Exact<TFormat>(ulong value, ref FpContext context)
            where TFormat : struct, IFpFormat =>
            value ^ FpEncoding<TFormat>.SignBit;
    }

    /// <summary>FCMEQ with zero.</summary>
    internal readonly struct EqualZero : IFpUnary
    {
        /// <inheritdoc/>
        public static ulong Exact<TFormat>(ulong value, ref FpContext context)
            where TFormat : struct, IFpFormat =>
            FpComparison<TFormat>.IsEqual(value, 0, ref context) ? FpEncoding<TFormat>.AllOnes : 0;
    }

    /// <summary>FCMGE with zero.</summary>
    internal readonly struct GreaterOrEqualZero : IFpUnary
    {
        /// <inheritdoc/>
        public static ulong Exact<TFormat>(ulong value, ref FpContext context)
            where TFormat : struct, IFpFormat =>
            FpComparison<TFormat>.IsGreaterOrEqual(value, 0, ref context) ? FpEncoding<TFormat>.AllOnes : 0;
    }

    /// <summary>FCMGT with zero.</summary>
    internal readonly struct GreaterThanZero : IFpUnary
    {
        /// <inheritdoc/>
        public static ulong Exact<TFormat>(ulong value, ref FpContext context)
            where TFormat : struct, IFpFormat =>
            FpComparison<TFormat>.IsGreater(value, 0, ref context) ? FpEncoding<TFormat>.AllOnes : 0;
    }

    /// <summary>FCMLE with zero.</summary>
    internal readonly struct LessOrEqualZero : IFpUnary
    {
        /// <inheritdoc/>
        public static ulong Exact<TFormat>(ulong value, ref FpContext context)
            where TFormat : struct, IFpFormat =>
            FpComparison<TFormat>.IsGreaterOrEqual(0, value, ref context) ? FpEncoding<TFormat>.AllOnes : 0;
    }

    /// <summary>FCMLT with zero.</summary>
    internal readonly struct LessThanZero : IFpUnary
    {
        /// <inheritdoc/>
        public static ulong Exact<TFormat>(ulong value, ref FpContext context)
            where TFormat : struct, IFpFormat =>
            FpComparison<TFormat>.IsGreater(0, value, ref context) ? FpEncoding<TFormat>.AllOnes : 0;
    }

    /// <summary>FRECPE.</summary>
    internal readonly struct ReciprocalEstimate : IFpUnary
    {
        /// <inheritdoc/>
        public static ulong Exact<TFormat>(ulong value, ref FpContext context)
            where TFormat : struct, IFpFormat =>
            FpEstimate<TFormat>.Reciprocal(value, ref context);
    }

    /// <summary>FRSQRTE.</summary>
    internal readonly struct ReciprocalSquareRootEstimate : IFpUnary
    {
        /// <inheritdoc/>
        public static ulong Exact<TFormat>(ulong value, ref FpContext context)
            where TFormat : struct, IFpFormat =>
            FpEstimate<TFormat>.ReciprocalSquareRoot(value, ref context);
    }

    /// <summary>FRECPX.</summary>
    internal readonly struct ReciprocalExponent : IFpUnary
    {
        /// <inheritdoc/>
        public static ulong Exact<TFormat>(ulong value, ref FpContext context)
            where TFormat : struct, IFpFormat =>
            FpEstimate<TFormat>.ReciprocalExponent(value, ref context);
    }
}
