using System.Runtime.CompilerServices;
using HvIntrospect.Interpreter.State;

namespace HvIntrospect.Interpreter.Dispatch;

/// <summary>The fast form of an operation with a slow path, as an operation for the loop dispatcher.</summary>
/// <typeparam name="T">The operation.</typeparam>
internal unsafe struct FastPath<T> : IOperation
    where T : struct, ISlowOperation
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Operation* Execute(CpuState* cpu, Operation* operation) =>
        T.TryExecute(cpu, operation) ? operation + 1 : Flow.Slow(cpu, operation);
}
