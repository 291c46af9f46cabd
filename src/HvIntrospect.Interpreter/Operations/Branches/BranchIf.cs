using System.Runtime.CompilerServices;
using HvIntrospect.Interpreter.Dispatch;
using HvIntrospect.Interpreter.State;

namespace HvIntrospect.Interpreter.Operations.Branches;

/// <summary>Goes to a fixed distance when a condition on the flags holds: B.cond.</summary>
/// <typeparam name="TCondition">The condition.</typeparam>
internal readonly unsafe struct BranchIf<TCondition> : IBranch
    where TCondition : struct, ICondition
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool IsTaken(CpuState* cpu, Operation* operation) => TCondition.Holds(cpu);
}
