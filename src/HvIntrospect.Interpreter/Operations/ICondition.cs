using HvIntrospect.Interpreter.State;

namespace HvIntrospect.Interpreter.Operations;

/// <summary>A condition on the flags. Implemented by empty structs.</summary>
internal unsafe interface ICondition
{
    /// <summary>Tests the condition.</summary>
    /// <param name="cpu">The state.</param>
    /// <returns>True when it holds.</returns>
    static abstract bool Holds(CpuState* cpu);
}
