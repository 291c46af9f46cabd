using System.Runtime.CompilerServices;
using HvIntrospect.Interpreter.Dispatch;
using HvIntrospect.Interpreter.Exceptions;
using HvIntrospect.Interpreter.State;

namespace HvIntrospect.Interpreter.Operations;

/// <summary>An FP or SIMD operation: it traps while the registers are not available.</summary>
/// <typeparam name="T">What it does otherwise.</typeparam>
internal readonly unsafe struct SimdGuard<T> : ISlowOperation
    where T : struct, ISimdOperation
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryExecute(CpuState* cpu, Operation* operation)
    {
        if (cpu->FpTrapped != 0)
        {
            return false;
        }

        Perform(cpu, operation);
        return true;
    }

    /// <inheritdoc/>
    public static Operation* ExecuteSlow(CpuState* cpu, Operation* operation) => ExceptionEntry.SimdFpTrap(cpu, operation);

    // Never inlined: many take the address of a local, and a method with such locals cannot end in a jump.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Perform(CpuState* cpu, Operation* operation) => T.Execute(cpu, operation);
}
