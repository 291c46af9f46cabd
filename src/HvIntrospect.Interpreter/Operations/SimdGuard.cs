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

        T.Execute(cpu, operation);
        return true;
    }

    /// <inheritdoc/>
    public static Operation* ExecuteSlow(CpuState* cpu, Operation* operation) => ExceptionEntry.SimdFpTrap(cpu, operation);
}
