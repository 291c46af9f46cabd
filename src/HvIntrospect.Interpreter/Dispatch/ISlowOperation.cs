using HvIntrospect.Interpreter.State;

namespace HvIntrospect.Interpreter.Dispatch;

/// <summary>An operation with a fast form and one for everything else.</summary>
/// <remarks>A call in a handler, however rare, costs a stack frame each time. So the fast form does not call its slow path: the dispatcher names it as the next operation.</remarks>
internal unsafe interface ISlowOperation
{
    /// <summary>Performs the whole operation, or nothing of it. Must be marked for aggressive inlining.</summary>
    /// <param name="cpu">The state.</param>
    /// <param name="operation">The operation.</param>
    /// <returns>True when it was performed and the next operation is the one behind; false when <see cref="ExecuteSlow"/> has to perform it.</returns>
    static abstract bool TryExecute(CpuState* cpu, Operation* operation);

    /// <summary>Performs the whole operation.</summary>
    /// <param name="cpu">The state.</param>
    /// <param name="operation">The operation.</param>
    /// <returns>The next operation: <see cref="Flow.Next"/>, or what taking an exception returned.</returns>
    static abstract Operation* ExecuteSlow(CpuState* cpu, Operation* operation);
}
