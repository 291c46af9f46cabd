using System.Runtime.CompilerServices;
using HvIntrospect.Interpreter.Dispatch;
using HvIntrospect.Interpreter.State;

namespace HvIntrospect.Interpreter.Operations.Branches;

/// <summary>Goes to a fixed distance when a condition on the flags holds: B.cond.</summary>
/// <typeparam name="TCondition">The condition.</typeparam>
/// <typeparam name="TTarget">How the target is reached.</typeparam>
internal readonly unsafe struct BranchIf<TCondition, TTarget> : IOperation
    where TCondition : struct, ICondition
    where TTarget : struct, IBranchTarget
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Operation* Execute(CpuState* cpu, Operation* operation) =>
        TCondition.Holds(cpu) ? TTarget.Take(cpu, operation) : operation + 1;
}
