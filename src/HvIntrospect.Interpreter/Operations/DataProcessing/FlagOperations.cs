using System.Runtime.CompilerServices;
using System.Numerics;
using HvIntrospect.Interpreter.Dispatch;
using HvIntrospect.Interpreter.State;

namespace HvIntrospect.Interpreter.Operations.DataProcessing;

/// <summary>The operations of FEAT_FlagM and FEAT_FlagM2.</summary>
internal static unsafe class FlagOperations
{
    /// <summary>The flags that Ra names := bits of Rn rotated right by the immediate: RMIF.</summary>
    internal readonly struct RotateIntoFlags : IOperation
    {
        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Operation* Execute(CpuState* cpu, Operation* operation)
        {
            uint mask = (uint)operation->Ra << 28;
            uint bits = (uint)BitOperations.RotateRight(Registers.X(cpu, operation->Rn), (int)operation->Immediate) << 28;
            ProcessState.WriteFlags(cpu, (ProcessState.ReadFlags(cpu) & ~mask) | (bits & mask));
            return operation + 1;
        }
    }

    /// <summary>N, Z and V := those of the low Ra bits of Rn, 8 or 16: SETF8 and SETF16.</summary>
    internal readonly struct SetFlags : IOperation
    {
        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Operation* Execute(CpuState* cpu, Operation* operation)
        {
            ulong top = Registers.X(cpu, operation->Rn) << (64 - operation->Ra);
            ulong above = Registers.X(cpu, operation->Rn) << (63 - operation->Ra);
            cpu->FlagN = (long)top;
            cpu->FlagZ = top;
            cpu->FlagV = (long)(top ^ above);
            return operation + 1;
        }
    }

    /// <summary>The flags of a floating-point comparison, from the form of another architecture to this one's: XAFLAG.</summary>
    internal readonly struct FromExternalFlags : IOperation
    {
        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Operation* Execute(CpuState* cpu, Operation* operation)
        {
            ulong carry = cpu->FlagC;
            ulong zero = cpu->FlagZ == 0 ? 1UL : 0UL;
            cpu->FlagN = (long)(((carry | zero) ^ 1) << 63);
            cpu->FlagZ = (zero & carry) ^ 1;
            cpu->FlagC = carry | zero;
            cpu->FlagV = (long)((zero & (carry ^ 1)) << 63);
            return operation + 1;
        }
    }

    /// <summary>The flags of a floating-point comparison, from this architecture's form to another one's: AXFLAG.</summary>
    internal readonly struct ToExternalFlags : IOperation
    {
        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Operation* Execute(CpuState* cpu, Operation* operation)
        {
            ulong overflow = (ulong)cpu->FlagV >> 63;
            ulong zero = cpu->FlagZ == 0 ? 1UL : 0UL;
            cpu->FlagN = 0;
            cpu->FlagZ = (zero | overflow) ^ 1;
            cpu->FlagC &= overflow ^ 1;
            cpu->FlagV = 0;
            return operation + 1;
        }
    }

    /// <summary>C := not C: CFINV.</summary>
    internal readonly struct InvertCarry : IOperation
    {
        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Operation* Execute(CpuState* cpu, Operation* operation)
        {
            cpu->FlagC ^= 1;
            return operation + 1;
        }
    }
}
