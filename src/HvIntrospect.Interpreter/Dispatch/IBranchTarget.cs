using HvIntrospect.Interpreter.State;

namespace HvIntrospect.Interpreter.Dispatch;

/// <summary>How a direct branch reaches its target: a branch is an operation over this, so that one source makes both forms.</summary>
internal unsafe interface IBranchTarget
{
    /// <summary>Takes the branch.</summary>
    /// <param name="cpu">The state.</param>
    /// <param name="operation">The branch, bound by <see cref="OperationBuilder"/>.</param>
    /// <returns>The next operation.</returns>
    static abstract Operation* Take(CpuState* cpu, Operation* operation);
}
