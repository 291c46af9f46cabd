using HvIntrospect.Interpreter.State;

namespace HvIntrospect.Interpreter.Dispatch;

/// <summary>One kind of operation. Implemented by empty structs, so that each dispatcher gets its own compiled code from the one source.</summary>
internal unsafe interface IOperation
{
    /// <summary>Performs the operation. Must be marked for aggressive inlining, and must tail-call its slow paths (<c>return Slow(cpu, operation);</c>).</summary>
    /// <param name="cpu">The state.</param>
    /// <param name="operation">The operation, an element of the current page.</param>
    /// <returns>The next operation: <c>operation + 1</c> for straight code; what <see cref="Flow"/> returned for everything else.</returns>
    static abstract Operation* Execute(CpuState* cpu, Operation* operation);
}
