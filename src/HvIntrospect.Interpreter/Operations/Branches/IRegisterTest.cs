using HvIntrospect.Interpreter.Dispatch;
using HvIntrospect.Interpreter.State;

namespace HvIntrospect.Interpreter.Operations.Branches;

/// <summary>What a branch asks of Rn. Implemented by empty structs.</summary>
internal unsafe interface IRegisterTest
{
    /// <summary>Tests the register.</summary>
    /// <param name="cpu">The state.</param>
    /// <param name="operation">The operation.</param>
    /// <returns>True when the branch is taken.</returns>
    static abstract bool Holds(CpuState* cpu, Operation* operation);
}
