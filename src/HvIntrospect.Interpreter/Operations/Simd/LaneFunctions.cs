using System;
using System.Numerics;
using System.Runtime.CompilerServices;
using HvIntrospect.Interpreter.Semantics;

namespace HvIntrospect.Interpreter.Operations.Simd;

/// <summary>The functions of integer lanes.</summary>
internal static unsafe class LaneFunctions
{
    /// <summary>The lane of Vn.</summary>
    internal readonly struct Left : ILaneFunction
    {
        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Apply<T>(T destination, T left, T right, ref uint status)
            where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T> =>
            left;
    }

    /// <summary>SHADD and UHADD.</summary>
    internal readonly struct HalvingAdd : ILaneFunction
    {
        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Apply<T>(T destination, T left, T right, ref uint status)
            where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T> =>
            (left & right) + ((left ^ right) >> 1);
    }

    /// <summary>SRHADD and URHADD.</summary>
    internal readonly struct RoundingHalvingAdd : ILaneFunction
    {
        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Apply<T>(T destination, T left, T right, ref uint status)
            where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T> =>
            (left | right) - ((left ^ right) >> 1);
    }

    /// <summary>SHSUB and UHSUB.</summary>
    internal readonly struct HalvingSubtract : ILaneFunction
    {
        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Apply<T>(T destination, T left, T right, ref uint status)
            where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T> =>
            ((left ^ right) >> 1) - (~left & right);
    }

    /// <summary>SQADD and UQADD.</summary>
    internal readonly struct SaturatingAdd : ILaneFunction
    {
        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Apply<T>(T destination, T left, T right, ref uint status)
            where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T> =>
            Saturation.Limit<T>(Int128.CreateTruncating(left) + Int128.CreateTruncating(right), ref status);
    }

    /// <summary>SQSUB and UQSUB.</summary>
    internal readonly struct SaturatingSubtract : ILaneFunction
    {
        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Apply<T>(T destination, T left, T right, ref uint status)
            where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T> =>
            Saturation.Limit<T>(Int128.CreateTruncating(left) - Int128.CreateTruncating(right), ref status);
    }

    /// <summary>CMGT and CMHI.</summary>
    internal readonly struct Greater : ILaneFunction
    {
        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Apply<T>(T destination, T left, T right, ref uint status)
            where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T> =>
            left > right ? T.AllBitsSet : T.Zero;
    }

    /// <summary>CMGE and CMHS.</summary>
    internal readonly struct GreaterOrEqual : ILaneFunction
    {
        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Apply<T>(T destination, T left, T right, ref uint status)
            where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T> =>
            left >= right ? T.AllBitsSet : T.Zero;
    }

    /// <summary>CMEQ.</summary>
    internal readonly struct Equal : ILaneFunction
    {
        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Apply<T>(T destination, T left, T right, ref uint status)
            where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T> =>
            left == right ? T.AllBitsSet : T.Zero;
    }

    /// <summary>CMTST.</summary>
    internal readonly struct Test : ILaneFunction
    {
        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Apply<T>(T destination, T left, T right, ref uint status)
            where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T> =>
            (left & right) != T.Zero ? T.AllBitsSet : T.Zero;
    }

    /// <summary>CMGT with zero.</summary>
    internal readonly struct GreaterThanZero : ILaneFunction
    {
        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Apply<T>(T destination, T left, T right, ref uint status)
            where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T> =>
            left > T.Zero ? T.AllBitsSet : T.Zero;
    }

    /// <summary>CMGE with zero.</summary>
    internal readonly struct GreaterOrEqualZero : ILaneFunction
    {
        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Apply<T>(T destination, T left, T right, ref uint status)
            where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T> =>
            left >= T.Zero ? T.AllBitsSet : T.Zero;
    }

    /// <summary>CMEQ with zero.</summary>
    internal readonly struct EqualZero : ILaneFunction
    {
        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Apply<T>(T destination, T left, T right, ref uint status)
            where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T> =>
            left == T.Zero ? T.AllBitsSet : T.Zero;
    }

    /// <summary>CMLE with zero.</summary>
    internal readonly struct LessOrEqualZero : ILaneFunction
    {
        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Apply<T>(T destination, T left, T right, ref uint status)
            where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T> =>
            left <= T.Zero ? T.AllBitsSet : T.Zero;
    }

    /// <summary>CMLT with zero.</summary>
    internal readonly struct LessThanZero : ILaneFunction
    {
        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Apply<T>(T destination, T left, T right, ref uint status)
            where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T> =>
            left < T.Zero ? T.AllBitsSet : T.Zero;
    }

    /// <summary>SSHL and USHL.</summary>
    internal readonly struct Shift : ILaneFunction
    {
        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Apply<T>(T destination, T left, T right, ref uint status)
            where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T> =>
            Shifts.Shift(left, sbyte.CreateTruncating(right), isRounded: false);
    }

    /// <summary>SRSHL and URSHL.</summary>
    internal readonly struct RoundingShift : ILaneFunction
    {
        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Apply<T>(T destination, T left, T right, ref uint status)
            where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T> =>
            Shifts.Shift(left, sbyte.CreateTruncating(right), isRounded: true);
    }

    /// <summary>SQSHL and UQSHL.</summary>
    internal readonly struct SaturatingShift : ILaneFunction
    {
        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Apply<T>(T destination, T left, T right, ref uint status)
            where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T> =>
            Shifts.ShiftSaturated(left, sbyte.CreateTruncating(right), isRounded: false, ref status);
    }

    /// <summary>SQRSHL and UQRSHL.</summary>
    internal readonly struct SaturatingRoundingShift : ILaneFunction
    {
        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Apply<T>(T destination, T left, T right, ref uint status)
            where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T> =>
            Shifts.ShiftSaturated(left, sbyte.CreateTruncating(right), isRounded: true, ref status);
    }

    /// <summary>SMAX and UMAX.</summary>
    internal readonly struct Max : ILaneFunction
    {
        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Apply<T>(T destination, T left, T right, ref uint status)
            where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T> =>
            left > right ? left : right;
    }

    /// <summary>SMIN and UMIN.</summary>
    internal readonly struct Min : ILaneFunction
    {
        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Apply<T>(T destination, T left, T right, ref uint status)
            where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T> =>
            left < right ? left : right;
    }

    /// <summary>SABD and UABD.</summary>
    internal readonly struct AbsoluteDifference : ILaneFunction
    {
        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Apply<T>(T destination, T left, T right, ref uint status)
            where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T> =>
            (left > right ? left - right : right - left);
    }

    /// <summary>SABA and UABA.</summary>
    internal readonly struct AbsoluteDifferenceAccumulate : ILaneFunction
    {
        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Apply<T>(T destination, T left, T right, ref uint status)
            where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T> =>
            destination + (left > right ? left - right : right - left);
    }

    /// <summary>ADD.</summary>
    internal readonly struct Add : ILaneFunction
    {
        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Apply<T>(T destination, T left, T right, ref uint status)
            where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T> =>
            left + right;
    }

    /// <summary>SUB.</summary>
    internal readonly struct Subtract : ILaneFunction
    {
        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Apply<T>(T destination, T left, T right, ref uint status)
            where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T> =>
            left - right;
    }

    /// <summary>Vd + Vn: SADALP and UADALP, SSRA and USRA.</summary>
    internal readonly struct AddAccumulate : ILaneFunction
    {
        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Apply<T>(T destination, T left, T right, ref uint status)
            where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T> =>
            destination + left;
    }

    /// <summary>MUL.</summary>
    internal readonly struct Multiply : ILaneFunction
    {
        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Apply<T>(T destination, T left, T right, ref uint status)
            where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T> =>
            left * right;
    }

    /// <summary>MLA.</summary>
    internal readonly struct MultiplyAdd : ILaneFunction
    {
        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Apply<T>(T destination, T left, T right, ref uint status)
            where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T> =>
            destination + (left * right);
    }

    /// <summary>MLS.</summary>
    internal readonly struct MultiplySubtract : ILaneFunction
    {
        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Apply<T>(T destination, T left, T right, ref uint status)
            where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T> =>
            destination - (left * right);
    }

    /// <summary>PMUL and PMULL of bytes.</summary>
    internal readonly struct PolynomialMultiply : ILaneFunction
    {
        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Apply<T>(T destination, T left, T right, ref uint status)
            where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T> =>
            T.CreateTruncating(Polynomials.Multiply(uint.CreateTruncating(left), uint.CreateTruncating(right)));
    }

    /// <summary>SQDMULH.</summary>
    internal readonly struct DoublingMultiplyHigh : ILaneFunction
    {
        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Apply<T>(T destination, T left, T right, ref uint status)
            where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T> =>
            Saturation.Limit<T>((Int128.CreateTruncating(left) * Int128.CreateTruncating(right) * 2) >> (sizeof(T) * 8), ref status);
    }

    /// <summary>SQRDMULH.</summary>
    internal readonly struct RoundingDoublingMultiplyHigh : ILaneFunction
    {
        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Apply<T>(T destination, T left, T right, ref uint status)
            where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T> =>
            Saturation.Limit<T>(((Int128.CreateTruncating(left) * Int128.CreateTruncating(right) * 2) + (Int128.One << ((sizeof(T) * 8) - 1))) >> (sizeof(T) * 8), ref status);
    }

    /// <summary>SQDMULL.</summary>
    internal readonly struct DoublingMultiply : ILaneFunction
    {
        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Apply<T>(T destination, T left, T right, ref uint status)
            where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T> =>
            Saturation.Limit<T>(Int128.CreateTruncating(left) * Int128.CreateTruncating(right) * 2, ref status);
    }

    /// <summary>SQDMLAL.</summary>
    internal readonly struct DoublingMultiplyAdd : ILaneFunction
    {
        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Apply<T>(T destination, T left, T right, ref uint status)
            where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T> =>
            SaturatingAdd.Apply(destination, destination, DoublingMultiply.Apply(destination, left, right, ref status), ref status);
    }

    /// <summary>SQDMLSL.</summary>
    internal readonly struct DoublingMultiplySubtract : ILaneFunction
    {
        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Apply<T>(T destination, T left, T right, ref uint status)
            where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T> =>
            SaturatingSubtract.Apply(destination, destination, DoublingMultiply.Apply(destination, left, right, ref status), ref status);
    }

    /// <summary>ABS.</summary>
    internal readonly struct Absolute : ILaneFunction
    {
        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Apply<T>(T destination, T left, T right, ref uint status)
            where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T> =>
            left < T.Zero ? T.Zero - left : left;
    }

    /// <summary>NEG.</summary>
    internal readonly struct Negate : ILaneFunction
    {
        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Apply<T>(T destination, T left, T right, ref uint status)
            where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T> =>
            T.Zero - left;
    }

    /// <summary>SQABS.</summary>
    internal readonly struct SaturatingAbsolute : ILaneFunction
    {
        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Apply<T>(T destination, T left, T right, ref uint status)
            where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T> =>
            Saturation.Limit<T>(Int128.Abs(Int128.CreateTruncating(left)), ref status);
    }

    /// <summary>SQNEG.</summary>
    internal readonly struct SaturatingNegate : ILaneFunction
    {
        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Apply<T>(T destination, T left, T right, ref uint status)
            where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T> =>
            Saturation.Limit<T>(-Int128.CreateTruncating(left), ref status);
    }

    /// <summary>SUQADD: the lanes are signed.</summary>
    internal readonly struct AddUnsignedToSigned : ILaneFunction
    {
        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Apply<T>(T destination, T left, T right, ref uint status)
            where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T> =>
            Saturation.Limit<T>(Int128.CreateTruncating(destination) + Saturation.AsUnsigned(left), ref status);
    }

    /// <summary>USQADD: the lanes are unsigned.</summary>
    internal readonly struct AddSignedToUnsigned : ILaneFunction
    {
        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Apply<T>(T destination, T left, T right, ref uint status)
            where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T> =>
            Saturation.Limit<T>(Int128.CreateTruncating(destination) + Saturation.AsSigned(left), ref status);
    }

    /// <summary>CLZ.</summary>
    internal readonly struct CountLeadingZeros : ILaneFunction
    {
        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Apply<T>(T destination, T left, T right, ref uint status)
            where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T> =>
            T.LeadingZeroCount(left);
    }

    /// <summary>CLS.</summary>
    internal readonly struct CountLeadingSigns : ILaneFunction
    {
        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Apply<T>(T destination, T left, T right, ref uint status)
            where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T> =>
            T.LeadingZeroCount((left ^ (left << 1)) | T.One);
    }

    /// <summary>CNT.</summary>
    internal readonly struct CountOnes : ILaneFunction
    {
        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Apply<T>(T destination, T left, T right, ref uint status)
            where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T> =>
            T.PopCount(left);
    }

    /// <summary>NOT.</summary>
    internal readonly struct Invert : ILaneFunction
    {
        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Apply<T>(T destination, T left, T right, ref uint status)
            where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T> =>
            ~left;
    }

    /// <summary>RBIT of bytes.</summary>
    internal readonly struct ReverseBits : ILaneFunction
    {
        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Apply<T>(T destination, T left, T right, ref uint status)
            where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T> =>
            T.CreateTruncating(Bits.Reverse(ulong.CreateTruncating(left)) >> 56);
    }

    /// <summary>SHL.</summary>
    internal readonly struct ShiftLeft : ILaneFunction
    {
        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Apply<T>(T destination, T left, T right, ref uint status)
            where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T> =>
            left << int.CreateTruncating(right);
    }

    /// <summary>SLI.</summary>
    internal readonly struct ShiftLeftInsert : ILaneFunction
    {
        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Apply<T>(T destination, T left, T right, ref uint status)
            where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T> =>
            (left << int.CreateTruncating(right)) | (destination & ~(T.AllBitsSet << int.CreateTruncating(right)));
    }

    /// <summary>SSHR and USHR.</summary>
    internal readonly struct ShiftRight : ILaneFunction
    {
        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Apply<T>(T destination, T left, T right, ref uint status)
            where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T> =>
            Shifts.Right(left, int.CreateTruncating(right), isRounded: false);
    }

    /// <summary>SRSHR and URSHR.</summary>
    internal readonly struct RoundingShiftRight : ILaneFunction
    {
        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Apply<T>(T destination, T left, T right, ref uint status)
            where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T> =>
            Shifts.Right(left, int.CreateTruncating(right), isRounded: true);
    }

    /// <summary>SSRA and USRA.</summary>
    internal readonly struct ShiftRightAccumulate : ILaneFunction
    {
        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Apply<T>(T destination, T left, T right, ref uint status)
            where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T> =>
            destination + Shifts.Right(left, int.CreateTruncating(right), isRounded: false);
    }

    /// <summary>SRSRA and URSRA.</summary>
    internal readonly struct RoundingShiftRightAccumulate : ILaneFunction
    {
        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Apply<T>(T destination, T left, T right, ref uint status)
            where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T> =>
            destination + Shifts.Right(left, int.CreateTruncating(right), isRounded: true);
    }

    /// <summary>SRI: the lanes are unsigned.</summary>
    internal readonly struct ShiftRightInsert : ILaneFunction
    {
        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Apply<T>(T destination, T left, T right, ref uint status)
            where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T> =>
            Shifts.Right(left, int.CreateTruncating(right), isRounded: false) | (destination & ~Shifts.Right(T.AllBitsSet, int.CreateTruncating(right), isRounded: false));
    }

    /// <summary>SQSHL and UQSHL by an immediate.</summary>
    internal readonly struct SaturatingShiftLeft : ILaneFunction
    {
        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Apply<T>(T destination, T left, T right, ref uint status)
            where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T> =>
            Shifts.ShiftSaturated(left, int.CreateTruncating(right), isRounded: false, ref status);
    }

    /// <summary>SQSHLU: the lanes are unsigned, Vn is taken as signed.</summary>
    internal readonly struct SaturatingShiftLeftUnsigned : ILaneFunction
    {
        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Apply<T>(T destination, T left, T right, ref uint status)
            where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T> =>
            Saturation.Limit<T>(Saturation.AsSigned(left) << int.CreateTruncating(right), ref status);
    }

    /// <summary>URECPE.</summary>
    internal readonly struct UnsignedReciprocalEstimate : ILaneFunction
    {
        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Apply<T>(T destination, T left, T right, ref uint status)
            where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T> =>
            T.CreateTruncating(Estimates.UnsignedReciprocal(uint.CreateTruncating(left)));
    }

    /// <summary>URSQRTE.</summary>
    internal readonly struct UnsignedReciprocalSquareRootEstimate : ILaneFunction
    {
        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Apply<T>(T destination, T left, T right, ref uint status)
            where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T> =>
            T.CreateTruncating(Estimates.UnsignedReciprocalSquareRoot(uint.CreateTruncating(left)));
    }
}
