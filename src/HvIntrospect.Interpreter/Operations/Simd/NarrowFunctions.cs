using System.Numerics;
using System.Runtime.CompilerServices;
using HvIntrospect.Interpreter.Semantics;

namespace HvIntrospect.Interpreter.Operations.Simd;

/// <summary>The functions that make lanes half as wide.</summary>
internal static unsafe class NarrowFunctions
{
    /// <summary>XTN and SHRN.</summary>
    internal readonly struct Shift : INarrowFunction
    {
        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TNarrow Apply<TWide, TNarrow>(TWide left, TWide right, int shift, ref uint status)
            where TWide : unmanaged, IBinaryInteger<TWide>
            where TNarrow : unmanaged, IBinaryInteger<TNarrow>, IMinMaxValue<TNarrow> =>
            TNarrow.CreateTruncating(Shifts.RightWide(left, shift, isRounded: false));
    }

    /// <summary>RSHRN.</summary>
    internal readonly struct RoundingShift : INarrowFunction
    {
        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TNarrow Apply<TWide, TNarrow>(TWide left, TWide right, int shift, ref uint status)
            where TWide : unmanaged, IBinaryInteger<TWide>
            where TNarrow : unmanaged, IBinaryInteger<TNarrow>, IMinMaxValue<TNarrow> =>
            TNarrow.CreateTruncating(Shifts.RightWide(left, shift, isRounded: true));
    }

    /// <summary>SQXTN, SQXTUN, UQXTN, SQSHRN, SQSHRUN, UQSHRN: the types say which.</summary>
    internal readonly struct SaturatingShift : INarrowFunction
    {
        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TNarrow Apply<TWide, TNarrow>(TWide left, TWide right, int shift, ref uint status)
            where TWide : unmanaged, IBinaryInteger<TWide>
            where TNarrow : unmanaged, IBinaryInteger<TNarrow>, IMinMaxValue<TNarrow> =>
            Saturation.Limit<TNarrow>(Shifts.RightWide(left, shift, isRounded: false), ref status);
    }

    /// <summary>SQRSHRN, SQRSHRUN, UQRSHRN: the types say which.</summary>
    internal readonly struct SaturatingRoundingShift : INarrowFunction
    {
        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TNarrow Apply<TWide, TNarrow>(TWide left, TWide right, int shift, ref uint status)
            where TWide : unmanaged, IBinaryInteger<TWide>
            where TNarrow : unmanaged, IBinaryInteger<TNarrow>, IMinMaxValue<TNarrow> =>
            Saturation.Limit<TNarrow>(Shifts.RightWide(left, shift, isRounded: true), ref status);
    }

    /// <summary>ADDHN.</summary>
    internal readonly struct AddHigh : INarrowFunction
    {
        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TNarrow Apply<TWide, TNarrow>(TWide left, TWide right, int shift, ref uint status)
            where TWide : unmanaged, IBinaryInteger<TWide>
            where TNarrow : unmanaged, IBinaryInteger<TNarrow>, IMinMaxValue<TNarrow> =>
            TNarrow.CreateTruncating((left + right) >>> (sizeof(TNarrow) * 8));
    }

    /// <summary>SUBHN.</summary>
    internal readonly struct SubtractHigh : INarrowFunction
    {
        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TNarrow Apply<TWide, TNarrow>(TWide left, TWide right, int shift, ref uint status)
            where TWide : unmanaged, IBinaryInteger<TWide>
            where TNarrow : unmanaged, IBinaryInteger<TNarrow>, IMinMaxValue<TNarrow> =>
            TNarrow.CreateTruncating((left - right) >>> (sizeof(TNarrow) * 8));
    }

    /// <summary>RADDHN.</summary>
    internal readonly struct RoundingAddHigh : INarrowFunction
    {
        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TNarrow Apply<TWide, TNarrow>(TWide left, TWide right, int shift, ref uint status)
            where TWide : unmanaged, IBinaryInteger<TWide>
            where TNarrow : unmanaged, IBinaryInteger<TNarrow>, IMinMaxValue<TNarrow> =>
            TNarrow.CreateTruncating((left + right + (TWide.One << ((sizeof(TNarrow) * 8) - 1))) >>> (sizeof(TNarrow) * 8));
    }

    /// <summary>RSUBHN.</summary>
    internal readonly struct RoundingSubtractHigh : INarrowFunction
    {
        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TNarrow Apply<TWide, TNarrow>(TWide left, TWide right, int shift, ref uint status)
            where TWide : unmanaged, IBinaryInteger<TWide>
            where TNarrow : unmanaged, IBinaryInteger<TNarrow>, IMinMaxValue<TNarrow> =>
            TNarrow.CreateTruncating((left - right + (TWide.One << ((sizeof(TNarrow) * 8) - 1))) >>> (sizeof(TNarrow) * 8));
    }
}
