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

    /// <summary>FRINTN.</summary>
    internal readonly struct RoundNearestEven : IFpUnary
    {
        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static bool TryFast<T>(T value, ulong control, ref ulong status, out T result)
            where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
            FpFast<T>.TryRoundToIntegral(value, FpRounding.NearestEven, control, out result);

        /// <inheritdoc/>
        public static ulong Exact<TFormat>(ulong value, ref FpContext context)
            where TFormat : struct, IFpFormat =>
            FpConversion<TFormat>.RoundToIntegral(value, FpRounding.NearestEven, signalsInexact: false, ref context);
    }

    /// <summary>FRINTA.</summary>
    internal readonly struct RoundNearestAway : IFpUnary
    {
        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static bool TryFast<T>(T value, ulong control, ref ulong status, out T result)
            where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
            FpFast<T>.TryRoundToIntegral(value, FpRounding.NearestAway, control, out result);

        /// <inheritdoc/>
        public static ulong Exact<TFormat>(ulong value, ref FpContext context)
            where TFormat : struct, IFpFormat =>
            FpConversion<TFormat>.RoundToIntegral(value, FpRounding.NearestAway, signalsInexact: false, ref context);
    }

    /// <summary>FRINTP.</summary>
    internal readonly struct RoundUp : IFpUnary
    {
        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static bool TryFast<T>(T value, ulong control, ref ulong status, out T result)
            where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
            FpFast<T>.TryRoundToIntegral(value, FpRounding.PlusInfinity, control, out result);

        /// <inheritdoc/>
        public static ulong Exact<TFormat>(ulong value, ref FpContext context)
            where TFormat : struct, IFpFormat =>
            FpConversion<TFormat>.RoundToIntegral(value, FpRounding.PlusInfinity, signalsInexact: false, ref context);
    }

    /// <summary>FRINTM.</summary>
    internal readonly struct RoundDown : IFpUnary
    {
        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static bool TryFast<T>(T value, ulong control, ref ulong status, out T result)
            where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
            FpFast<T>.TryRoundToIntegral(value, FpRounding.MinusInfinity, control, out result);

        /// <inheritdoc/>
        public static ulong Exact<TFormat>(ulong value, ref FpContext context)
            where TFormat : struct, IFpFormat =>
            FpConversion<TFormat>.RoundToIntegral(value, FpRounding.MinusInfinity, signalsInexact: false, ref context);
    }

    /// <summary>FRINTZ.</summary>
    internal readonly struct RoundToZero : IFpUnary
    {
        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static bool TryFast<T>(T value, ulong control, ref ulong status, out T result)
            where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
            FpFast<T>.TryRoundToIntegral(value, FpRounding.Zero, control, out result);

        /// <inheritdoc/>
        public static ulong Exact<TFormat>(ulong value, ref FpContext context)
            where TFormat : struct, IFpFormat =>
            FpConversion<TFormat>.RoundToIntegral(value, FpRounding.Zero, signalsInexact: false, ref context);
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
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static bool TryFast<T>(T value, ulong control, ref ulong status, out T result)
            where T : unmanaged, IBinaryFloatingPointIeee754<T>
        {
            result = default;
            return false;
        }

        /// <inheritdoc/>
        public static ulong Exact<TFormat>(ulong value, ref FpContext context)
            where TFormat : struct, IFpFormat =>
            FpConversion<TFormat>.RoundToIntegral(value, context.Rounding, signalsInexact: true, ref context);
    }

    /// <summary>FABS.</summary>
    internal readonly struct Absolute : IFpUnary
    {
        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static bool TryFast<T>(T value, ulong control, ref ulong status, out T result)
            where T : unmanaged, IBinaryFloatingPointIeee754<T>
        {
            result = default;
            return false;
        }

        /// <inheritdoc/>
        public static ulong Exact<TFormat>(ulong value, ref FpContext context)
            where TFormat : struct, IFpFormat =>
            value & ~FpEncoding<TFormat>.SignBit;
    }

    /// <summary>FNEG.</summary>
    internal readonly struct Negate : IFpUnary
    {
        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static bool TryFast<T>(T value, ulong control, ref ulong status, out T result)
            where T : unmanaged, IBinaryFloatingPointIeee754<T>
        {
            result = default;
            return false;
        }

        /// <inheritdoc/>
        public static ulong Exact<TFormat>(ulong value, ref FpContext context)
            where TFormat : struct, IFpFormat =>
            value ^ FpEncoding<TFormat>.SignBit;
    }

    /// <summary>FCMEQ with zero.</summary>
    internal readonly struct EqualZero : IFpUnary
    {
        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static bool TryFast<T>(T value, ulong control, ref ulong status, out T result)
            where T : unmanaged, IBinaryFloatingPointIeee754<T>
        {
            result = default;
            return false;
        }

        /// <inheritdoc/>
        public static ulong Exact<TFormat>(ulong value, ref FpContext context)
            where TFormat : struct, IFpFormat =>
            FpComparison<TFormat>.IsEqual(value, 0, ref context) ? FpEncoding<TFormat>.AllOnes : 0;
    }

    /// <summary>FCMGE with zero.</summary>
    internal readonly struct GreaterOrEqualZero : IFpUnary
    {
        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static bool TryFast<T>(T value, ulong control, ref ulong status, out T result)
            where T : unmanaged, IBinaryFloatingPointIeee754<T>
        {
            result = default;
            return false;
        }

        /// <inheritdoc/>
        public static ulong Exact<TFormat>(ulong value, ref FpContext context)
            where TFormat : struct, IFpFormat =>
            FpComparison<TFormat>.IsGreaterOrEqual(value, 0, ref context) ? FpEncoding<TFormat>.AllOnes : 0;
    }

    /// <summary>FCMGT with zero.</summary>
    internal readonly struct GreaterThanZero : IFpUnary
    {
        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static bool TryFast<T>(T value, ulong control, ref ulong status, out T result)
            where T : unmanaged, IBinaryFloatingPointIeee754<T>
        {
            result = default;
            return false;
        }

        /// <inheritdoc/>
        public static ulong Exact<TFormat>(ulong value, ref FpContext context)
            where TFormat : struct, IFpFormat =>
            FpComparison<TFormat>.IsGreater(value, 0, ref context) ? FpEncoding<TFormat>.AllOnes : 0;
    }

    /// <summary>FCMLE with zero.</summary>
    internal readonly struct LessOrEqualZero : IFpUnary
    {
        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static bool TryFast<T>(T value, ulong control, ref ulong status, out T result)
            where T : unmanaged, IBinaryFloatingPointIeee754<T>
        {
            result = default;
            return false;
        }

        /// <inheritdoc/>
        public static ulong Exact<TFormat>(ulong value, ref FpContext context)
            where TFormat : struct, IFpFormat =>
            FpComparison<TFormat>.IsGreaterOrEqual(0, value, ref context) ? FpEncoding<TFormat>.AllOnes : 0;
    }

    /// <summary>FCMLT with zero.</summary>
    internal readonly struct LessThanZero : IFpUnary
    {
        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static bool TryFast<T>(T value, ulong control, ref ulong status, out T result)
            where T : unmanaged, IBinaryFloatingPointIeee754<T>
        {
            result = default;
            return false;
        }

        /// <inheritdoc/>
        public static ulong Exact<TFormat>(ulong value, ref FpContext context)
            where TFormat : struct, IFpFormat =>
            FpComparison<TFormat>.IsGreater(0, value, ref context) ? FpEncoding<TFormat>.AllOnes : 0;
    }

    /// <summary>FRECPE.</summary>
    internal readonly struct ReciprocalEstimate : IFpUnary
    {
        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static bool TryFast<T>(T value, ulong control, ref ulong status, out T result)
            where T : unmanaged, IBinaryFloatingPointIeee754<T>
        {
            result = default;
            return false;
        }

        /// <inheritdoc/>
        public static ulong Exact<TFormat>(ulong value, ref FpContext context)
            where TFormat : struct, IFpFormat =>
            FpEstimate<TFormat>.Reciprocal(value, ref context);
    }

    /// <summary>FRSQRTE.</summary>
    internal readonly struct ReciprocalSquareRootEstimate : IFpUnary
    {
        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static bool TryFast<T>(T value, ulong control, ref ulong status, out T result)
            where T : unmanaged, IBinaryFloatingPointIeee754<T>
        {
            result = default;
            return false;
        }

        /// <inheritdoc/>
        public static ulong Exact<TFormat>(ulong value, ref FpContext context)
            where TFormat : struct, IFpFormat =>
            FpEstimate<TFormat>.ReciprocalSquareRoot(value, ref context);
    }

    /// <summary>FRECPX.</summary>
    internal readonly struct ReciprocalExponent : IFpUnary
    {
        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static bool TryFast<T>(T value, ulong control, ref ulong status, out T result)
            where T : unmanaged, IBinaryFloatingPointIeee754<T>
        {
            result = default;
            return false;
        }

        /// <inheritdoc/>
        public static ulong Exact<TFormat>(ulong value, ref FpContext context)
            where TFormat : struct, IFpFormat =>
            FpEstimate<TFormat>.ReciprocalExponent(value, ref context);
    }
}
