using HvIntrospect.Interpreter.State;

namespace HvIntrospect.Interpreter.Dispatch;

/// <summary>An operation with a fast form and one for everything else, reached by <see cref="Flow.Slow"/>.</summary>
/// <remarks>A call in a handler, however rare, costs a stack frame each time. So the fast form does not call its slow path: it names it as the next operation.</remarks>
internal unsafe interface ISlowOperation : IOperation
{
    /// <summary>Performs the whole operation.</summary>
    /// <param name="cpu">The state.</param>
    /// <param name="operation">The operation.</param>
    /// <returns>The next operation: <see cref="Flow.Next"/>, or what taking an exception returned.</returns>
    static abstract Operation* ExecuteSlow(CpuState* cpu, Operation* operation);
}
