using System.Runtime.CompilerServices;
using HvIntrospect.Interpreter.Dispatch;
using HvIntrospect.Interpreter.State;

namespace HvIntrospect.Interpreter.Operations.Branches;

/// <summary>Goes to a fixed distance: B.</summary>
/// <typeparam name="TTarget">How the target is reached.</typeparam>
internal readonly unsafe struct Branch<TTarget> : IOperation
    where TTarget : struct, IBranchTarget
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Operation* Execute(CpuState* cpu, Operation* operation) => TTarget.Take(cpu, operation);
}
