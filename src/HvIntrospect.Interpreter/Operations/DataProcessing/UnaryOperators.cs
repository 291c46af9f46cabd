using System.Numerics;
using System.Runtime.CompilerServices;
using HvIntrospect.Interpreter.Semantics;

namespace HvIntrospect.Interpreter.Operations.DataProcessing;

/// <summary>The operators of one number.</summary>
internal static unsafe class UnaryOperators
{
    /// <summary>RBIT.</summary>
    internal readonly struct ReverseBits : IUnaryOperator
    {
        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Apply<T>(T value)
            where T : unmanaged, IBinaryInteger<T> => Integers.Low<T>(Bits.Reverse(Integers.Wide(value)) >> (64 - (sizeof(T) * 8)));
    }

    /// <summary>REV.</summary>
    internal readonly struct ReverseBytes : IUnaryOperator
    {
        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Apply<T>(T value)
            where T : unmanaged, IBinaryInteger<T> => Integers.Low<T>(Bits.ReverseBytes(Integers.Wide(value)) >> (64 - (sizeof(T) * 8)));
    }

    /// <summary>REV32.</summary>
    internal readonly struct ReverseBytesInWords : IUnaryOperator
    {
        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Apply<T>(T value)
            where T : unmanaged, IBinaryInteger<T> => Integers.Low<T>(BitOperations.RotateRight(Bits.ReverseBytes(Integers.Wide(value)), 32));
    }

    /// <summary>REV16.</summary>
    internal readonly struct ReverseBytesInHalfwords : IUnaryOperator
    {
        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Apply<T>(T value)
            where T : unmanaged, IBinaryInteger<T> => Integers.Low<T>(Bits.ReverseBytesInHalfwords(Integers.Wide(value)));
    }

    /// <summary>CLZ.</summary>
    internal readonly struct CountLeadingZeros : IUnaryOperator
    {
        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Apply<T>(T value)
            where T : unmanaged, IBinaryInteger<T> => T.LeadingZeroCount(value);
    }

    /// <summary>CLS.</summary>
    internal readonly struct CountLeadingSigns : IUnaryOperator
    {
        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Apply<T>(T value)
            where T : unmanaged, IBinaryInteger<T> => sizeof(T) == sizeof(uint)
                ? Unsafe.BitCast<int, T>(Bits.CountLeadingSigns(Unsafe.BitCast<T, uint>(value)))
                : Integers.Low<T>((ulong)Bits.CountLeadingSigns(Unsafe.BitCast<T, ulong>(value)));
    }

    /// <summary>The number itself.</summary>
    internal readonly struct Same : IUnaryOperator
    {
        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Apply<T>(T value)
            where T : unmanaged, IBinaryInteger<T> => value;
    }

    /// <summary>The number plus one.</summary>
    internal readonly struct Increment : IUnaryOperator
    {
        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Apply<T>(T value)
            where T : unmanaged, IBinaryInteger<T> => value + T.One;
    }

    /// <summary>The number with its bits inverted.</summary>
    internal readonly struct Invert : IUnaryOperator
    {
        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Apply<T>(T value)
            where T : unmanaged, IBinaryInteger<T> => ~value;
    }

    /// <summary>The number with its sign changed.</summary>
    internal readonly struct Negate : IUnaryOperator
    {
        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Apply<T>(T value)
            where T : unmanaged, IBinaryInteger<T> => T.Zero - value;
    }
}
