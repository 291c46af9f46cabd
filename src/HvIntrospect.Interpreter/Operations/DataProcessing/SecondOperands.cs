using System.Numerics;
using System.Runtime.CompilerServices;
using HvIntrospect.Interpreter.Dispatch;
using HvIntrospect.Interpreter.State;

namespace HvIntrospect.Interpreter.Operations.DataProcessing;

/// <summary>The sources of second operands. Amounts of shifts are in the operation's immediate.</summary>
internal static unsafe class SecondOperands
{
    /// <summary>A number of the instruction.</summary>
    internal readonly struct Immediate : ISecondOperand
    {
        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Get<T>(CpuState* cpu, Operation* operation)
            where T : unmanaged, IBinaryInteger<T> => Integers.Low<T>((ulong)operation->Immediate);
    }

    /// <summary>Rm as it is.</summary>
    internal readonly struct Register : ISecondOperand
    {
        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Get<T>(CpuState* cpu, Operation* operation)
            where T : unmanaged, IBinaryInteger<T> => Registers.Read<T>(cpu, operation->Rm);
    }

    /// <summary>Rm, shifted left.</summary>
    internal readonly struct LeftShifted : ISecondOperand
    {
        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Get<T>(CpuState* cpu, Operation* operation)
            where T : unmanaged, IBinaryInteger<T> => Registers.Read<T>(cpu, operation->Rm) << (int)operation->Immediate;
    }

    /// <summary>Rm, shifted right.</summary>
    internal readonly struct RightShifted : ISecondOperand
    {
        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Get<T>(CpuState* cpu, Operation* operation)
            where T : unmanaged, IBinaryInteger<T> => Registers.Read<T>(cpu, operation->Rm) >>> (int)operation->Immediate;
    }

    /// <summary>Rm, shifted right with copies of its sign.</summary>
    internal readonly struct ArithmeticallyShifted : ISecondOperand
    {
        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Get<T>(CpuState* cpu, Operation* operation)
            where T : unmanaged, IBinaryInteger<T> => Integers.ShiftRightArithmetic(Registers.Read<T>(cpu, operation->Rm), (int)operation->Immediate);
    }

    /// <summary>Rm, rotated right.</summary>
    internal readonly struct Rotated : ISecondOperand
    {
        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Get<T>(CpuState* cpu, Operation* operation)
            where T : unmanaged, IBinaryInteger<T> => T.RotateRight(Registers.Read<T>(cpu, operation->Rm), (int)operation->Immediate);
    }

    /// <summary>UXTB of Rm, shifted left.</summary>
    internal readonly struct UnsignedByte : ISecondOperand
    {
        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Get<T>(CpuState* cpu, Operation* operation)
            where T : unmanaged, IBinaryInteger<T> => Integers.Low<T>((ulong)Registers.Read<byte>(cpu, operation->Rm) << (int)operation->Immediate);
    }

    /// <summary>UXTH of Rm, shifted left.</summary>
    internal readonly struct UnsignedHalfword : ISecondOperand
    {
        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Get<T>(CpuState* cpu, Operation* operation)
            where T : unmanaged, IBinaryInteger<T> => Integers.Low<T>((ulong)Registers.Read<ushort>(cpu, operation->Rm) << (int)operation->Immediate);
    }

    /// <summary>UXTW of Rm, shifted left.</summary>
    internal readonly struct UnsignedWord : ISecondOperand
    {
        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Get<T>(CpuState* cpu, Operation* operation)
            where T : unmanaged, IBinaryInteger<T> => Integers.Low<T>((ulong)Registers.Read<uint>(cpu, operation->Rm) << (int)operation->Immediate);
    }

    /// <summary>SXTB of Rm, shifted left.</summary>
    internal readonly struct SignedByte : ISecondOperand
    {
        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Get<T>(CpuState* cpu, Operation* operation)
            where T : unmanaged, IBinaryInteger<T> => Integers.Low<T>((ulong)(long)Registers.Read<sbyte>(cpu, operation->Rm) << (int)operation->Immediate);
    }

    /// <summary>SXTH of Rm, shifted left.</summary>
    internal readonly struct SignedHalfword : ISecondOperand
    {
        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Get<T>(CpuState* cpu, Operation* operation)
            where T : unmanaged, IBinaryInteger<T> => Integers.Low<T>((ulong)(long)Registers.Read<short>(cpu, operation->Rm) << (int)operation->Immediate);
    }

    /// <summary>SXTW of Rm, shifted left.</summary>
    internal readonly struct SignedWord : ISecondOperand
    {
        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Get<T>(CpuState* cpu, Operation* operation)
            where T : unmanaged, IBinaryInteger<T> => Integers.Low<T>((ulong)(long)Registers.Read<int>(cpu, operation->Rm) << (int)operation->Immediate);
    }
}
