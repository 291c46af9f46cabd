using System.Runtime.CompilerServices;
using HvIntrospect.Interpreter.State;

namespace HvIntrospect.Interpreter.Dispatch;

/// <summary>A conditional branch, as an operation for the loop dispatcher.</summary>
/// <typeparam name="T">The branch.</typeparam>
/// <typeparam name="TTarget">How the target is reached.</typeparam>
internal unsafe struct ConditionalBranch<T, TTarget> : IOperation
    where T : struct, IBranch
    where TTarget : struct, IBranchTarget
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Operation* Execute(CpuState* cpu, Operation* operation) =>
        T.IsTaken(cpu, operation) ? TTarget.Take(cpu, operation) : operation + 1;
}
