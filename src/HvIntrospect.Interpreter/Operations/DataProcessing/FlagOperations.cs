using System.Runtime.CompilerServices;
using System.Numerics;
using HvIntrospect.Interpreter.Dispatch;
using HvIntrospect.Interpreter.State;

namespace HvIntrospect.Interpreter.Operations.DataProcessing;

/// <summary>The operations of FEAT_FlagM.</summary>
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
