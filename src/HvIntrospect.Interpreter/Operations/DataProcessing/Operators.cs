using System.Numerics;
using System.Runtime.CompilerServices;
using HvIntrospect.Interpreter.Semantics;
using HvIntrospect.Interpreter.State;

namespace HvIntrospect.Interpreter.Operations.DataProcessing;

/// <summary>The operators of two numbers.</summary>
internal static unsafe class Operators
{
    /// <summary>ADD.</summary>
    internal readonly struct Add : IOperator
    {
        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Apply<T>(CpuState* cpu, T left, T right)
            where T : unmanaged, IBinaryInteger<T> => left + right;
    }

    /// <summary>SUB.</summary>
    internal readonly struct Subtract : IOperator
    {
        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Apply<T>(CpuState* cpu, T left, T right)
            where T : unmanaged, IBinaryInteger<T> => left - right;
    }

    /// <summary>ADDS.</summary>
    internal readonly struct AddSettingFlags : IOperator
    {
        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Apply<T>(CpuState* cpu, T left, T right)
            where T : unmanaged, IBinaryInteger<T>
        {
            T result = left + right;
            Integers.SetFlags(cpu, result, result < left, (left ^ result) & (right ^ result));
            return result;
        }
    }

    /// <summary>SUBS.</summary>
    internal readonly struct SubtractSettingFlags : IOperator
    {
        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Apply<T>(CpuState* cpu, T left, T right)
            where T : unmanaged, IBinaryInteger<T>
        {
            T result = left - right;
            Integers.SetFlags(cpu, result, left >= right, (left ^ right) & (left ^ result));
            return result;
        }
    }

    /// <summary>ADC.</summary>
    internal readonly struct AddCarry : IOperator
    {
        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Apply<T>(CpuState* cpu, T left, T right)
            where T : unmanaged, IBinaryInteger<T> => left + right + Integers.Low<T>(cpu->FlagC);
    }

    /// <summary>ADCS, and SBCS with its second operand inverted.</summary>
    internal readonly struct AddCarrySettingFlags : IOperator
    {
        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Apply<T>(CpuState* cpu, T left, T right)
            where T : unmanaged, IBinaryInteger<T>
        {
            T carry = Integers.Low<T>(cpu->FlagC);
            T result = left + right + carry;
            bool carryOut = carry == T.Zero ? result < left : result <= left;
            Integers.SetFlags(cpu, result, carryOut, (left ^ result) & (right ^ result));
            return result;
        }
    }

    /// <summary>SBC.</summary>
    internal readonly struct SubtractCarry : IOperator
    {
        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Apply<T>(CpuState* cpu, T left, T right)
            where T : unmanaged, IBinaryInteger<T> => AddCarry.Apply(cpu, left, ~right);
    }

    /// <summary>SBCS.</summary>
    internal readonly struct SubtractCarrySettingFlags : IOperator
    {
        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Apply<T>(CpuState* cpu, T left, T right)
            where T : unmanaged, IBinaryInteger<T> => AddCarrySettingFlags.Apply(cpu, left, ~right);
    }

    /// <summary>AND.</summary>
    internal readonly struct And : IOperator
    {
        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Apply<T>(CpuState* cpu, T left, T right)
            where T : unmanaged, IBinaryInteger<T> => left & right;
    }

    /// <summary>BIC.</summary>
    internal readonly struct AndNot : IOperator
    {
        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Apply<T>(CpuState* cpu, T left, T right)
            where T : unmanaged, IBinaryInteger<T> => left & ~right;
    }

    /// <summary>ORR.</summary>
    internal readonly struct Or : IOperator
    {
        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Apply<T>(CpuState* cpu, T left, T right)
            where T : unmanaged, IBinaryInteger<T> => left | right;
    }

    /// <summary>ORN.</summary>
    internal readonly struct OrNot : IOperator
    {
        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Apply<T>(CpuState* cpu, T left, T right)
            where T : unmanaged, IBinaryInteger<T> => left | ~right;
    }

    /// <summary>EOR.</summary>
    internal readonly struct Xor : IOperator
    {
        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Apply<T>(CpuState* cpu, T left, T right)
            where T : unmanaged, IBinaryInteger<T> => left ^ right;
    }

    /// <summary>EON.</summary>
    internal readonly struct XorNot : IOperator
    {
        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Apply<T>(CpuState* cpu, T left, T right)
            where T : unmanaged, IBinaryInteger<T> => left ^ ~right;
    }

    /// <summary>ANDS.</summary>
    internal readonly struct AndSettingFlags : IOperator
    {
        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Apply<T>(CpuState* cpu, T left, T right)
            where T : unmanaged, IBinaryInteger<T>
        {
            T result = left & right;
            ProcessState.SetLogicalFlags(cpu, Integers.Signed(result));
            return result;
        }
    }

    /// <summary>BICS.</summary>
    internal readonly struct AndNotSettingFlags : IOperator
    {
        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Apply<T>(CpuState* cpu, T left, T right)
            where T : unmanaged, IBinaryInteger<T> => AndSettingFlags.Apply(cpu, left, ~right);
    }

    /// <summary>MUL: MADD with the zero register.</summary>
    internal readonly struct Multiply : IOperator
    {
        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Apply<T>(CpuState* cpu, T left, T right)
            where T : unmanaged, IBinaryInteger<T> => left * right;
    }

    /// <summary>UDIV.</summary>
    internal readonly struct DivideUnsigned : IOperator
    {
        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Apply<T>(CpuState* cpu, T left, T right)
            where T : unmanaged, IBinaryInteger<T> => sizeof(T) == sizeof(uint)
                ? Unsafe.BitCast<uint, T>(Division.Unsigned(Unsafe.BitCast<T, uint>(left), Unsafe.BitCast<T, uint>(right)))
                : Unsafe.BitCast<ulong, T>(Division.Unsigned(Unsafe.BitCast<T, ulong>(left), Unsafe.BitCast<T, ulong>(right)));
    }

    /// <summary>SDIV.</summary>
    internal readonly struct DivideSigned : IOperator
    {
        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Apply<T>(CpuState* cpu, T left, T right)
            where T : unmanaged, IBinaryInteger<T> => sizeof(T) == sizeof(uint)
                ? Unsafe.BitCast<int, T>(Division.Signed(Unsafe.BitCast<T, int>(left), Unsafe.BitCast<T, int>(right)))
                : Unsafe.BitCast<long, T>(Division.Signed(Unsafe.BitCast<T, long>(left), Unsafe.BitCast<T, long>(right)));
    }

    /// <summary>LSLV and LSL.</summary>
    internal readonly struct ShiftLeft : IOperator
    {
        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Apply<T>(CpuState* cpu, T left, T right)
            where T : unmanaged, IBinaryInteger<T> => left << (int)Integers.Wide(right);
    }

    /// <summary>LSRV and LSR.</summary>
    internal readonly struct ShiftRight : IOperator
    {
        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Apply<T>(CpuState* cpu, T left, T right)
            where T : unmanaged, IBinaryInteger<T> => left >>> (int)Integers.Wide(right);
    }

    /// <summary>ASRV and ASR.</summary>
    internal readonly struct ShiftRightArithmetic : IOperator
    {
        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Apply<T>(CpuState* cpu, T left, T right)
            where T : unmanaged, IBinaryInteger<T> => Integers.ShiftRightArithmetic(left, (int)Integers.Wide(right));
    }

    /// <summary>RORV and ROR.</summary>
    internal readonly struct RotateRight : IOperator
    {
        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Apply<T>(CpuState* cpu, T left, T right)
            where T : unmanaged, IBinaryInteger<T> => T.RotateRight(left, (int)Integers.Wide(right) & ((sizeof(T) * 8) - 1));
    }
}
