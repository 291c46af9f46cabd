using System.Runtime.CompilerServices;
using HvIntrospect.Interpreter.Dispatch;
using HvIntrospect.Interpreter.State;

namespace HvIntrospect.Interpreter.Operations.Branches;

/// <summary>The tests of registers that branches make.</summary>
internal static unsafe class RegisterTests
{
    /// <summary>CBZ of 32 bits.</summary>
    internal readonly struct Zero32 : IRegisterTest
    {
        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static bool Holds(CpuState* cpu, Operation* operation) => Registers.W(cpu, operation->Rn) == 0;
    }

    /// <summary>CBNZ of 32 bits.</summary>
    internal readonly struct NotZero32 : IRegisterTest
    {
        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static bool Holds(CpuState* cpu, Operation* operation) => Registers.W(cpu, operation->Rn) != 0;
    }

    /// <summary>CBZ of 64 bits.</summary>
    internal readonly struct Zero64 : IRegisterTest
    {
        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static bool Holds(CpuState* cpu, Operation* operation) => Registers.X(cpu, operation->Rn) == 0;
    }

    /// <summary>CBNZ of 64 bits.</summary>
    internal readonly struct NotZero64 : IRegisterTest
    {
        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static bool Holds(CpuState* cpu, Operation* operation) => Registers.X(cpu, operation->Rn) != 0;
    }

    /// <summary>TBZ: Rm is the number of the bit.</summary>
    internal readonly struct BitClear : IRegisterTest
    {
        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static bool Holds(CpuState* cpu, Operation* operation) => ((Registers.X(cpu, operation->Rn) >> operation->Rm) & 1) == 0;
    }

    /// <summary>TBNZ: Rm is the number of the bit.</summary>
    internal readonly struct BitSet : IRegisterTest
    {
        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static bool Holds(CpuState* cpu, Operation* operation) => ((Registers.X(cpu, operation->Rn) >> operation->Rm) & 1) != 0;
    }
}
