using HvIntrospect.Interpreter.State;

namespace HvIntrospect.Interpreter.Dispatch;

/// <summary>One kind of operation. Implemented by empty structs, so that each dispatcher gets its own compiled code from the one source.</summary>
internal unsafe interface IOperation
{
    /// <summary>
    /// Performs the operation. Marked for aggressive inlining when it is a few steps without a local whose address is taken (no <c>out</c>,
    /// <c>in</c> or <c>ref</c> of a local, no stackalloc), and against inlining otherwise: the dispatcher can jump to the next handler only from a
    /// method without such locals, and calls it otherwise, which makes the stack grow. A test holds every binder to this.
    /// </summary>
    /// <param name="cpu">The state.</param>
    /// <param name="operation">The operation, an element of the current page.</param>
    /// <returns>The next operation: <c>operation + 1</c> for straight code; what <see cref="Flow"/> returned for everything else.</returns>
    static abstract Operation* Execute(CpuState* cpu, Operation* operation);
}
