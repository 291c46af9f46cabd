using System.Runtime.CompilerServices;
using HvIntrospect.Interpreter.Dispatch;
using HvIntrospect.Interpreter.Exceptions;
using HvIntrospect.Interpreter.State;

namespace HvIntrospect.Interpreter.Operations;

/// <summary>An FP or SIMD operation: it traps while the registers are not available.</summary>
/// <typeparam name="T">What it does otherwise.</typeparam>
internal readonly unsafe struct Simd<T> : ISlowOperation
    where T : struct, ISimdOperation
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Operation* Execute(CpuState* cpu, Operation* operation)
    {
        if (cpu->FpTrapped != 0)
        {
            return Flow.Slow(cpu, operation);
        }

        T.Execute(cpu, operation);
        return operation + 1;
    }

    /// <inheritdoc/>
    public static Operation* ExecuteSlow(CpuState* cpu, Operation* operation) => ExceptionEntry.SimdFpTrap(cpu, operation);
}
