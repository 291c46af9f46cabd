using HvIntrospect.Interpreter.State;

namespace HvIntrospect.Interpreter.Dispatch;

/// <summary>A conditional branch: what decides it. Implemented by empty structs.</summary>
internal unsafe interface IBranch
{
    /// <summary>Performs what the instruction does besides branching, and decides. Must be marked for aggressive inlining.</summary>
    /// <param name="cpu">The state.</param>
    /// <param name="operation">The branch.</param>
    /// <returns>True when the branch is taken.</returns>
    static abstract bool IsTaken(CpuState* cpu, Operation* operation);
}
