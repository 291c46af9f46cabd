using System.Runtime.CompilerServices;
using HvIntrospect.Interpreter.State;

namespace HvIntrospect.Interpreter.Dispatch;

/// <summary>An instruction and the conditional branch behind it, as one operation for the loop dispatcher.</summary>
/// <typeparam name="T">What the first does, and what decides the branch.</typeparam>
/// <typeparam name="TTarget">How the target is reached.</typeparam>
internal unsafe struct FusedBranch<T, TTarget> : IOperation
    where T : struct, IBranch
    where TTarget : struct, IBranchTarget
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Operation* Execute(CpuState* cpu, Operation* operation) =>
        T.IsTaken(cpu, operation) ? TTarget.Take(cpu, operation + 1) : operation + 2;
}
