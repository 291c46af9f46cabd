using System.Runtime.CompilerServices;
using HvIntrospect.Interpreter.State;

namespace HvIntrospect.Interpreter.Dispatch;

/// <summary>The fast form of an operation with a slow path, for the tail-threaded dispatcher.</summary>
/// <remarks>Two jumps instead of a common one: the compiler sets up a stack frame for methods of more than three blocks.</remarks>
/// <typeparam name="T">The operation.</typeparam>
internal static unsafe class ThreadedFastPath<T>
    where T : struct, ISlowOperation
{
    /// <summary>Performs the operation and goes on with its successor.</summary>
    /// <param name="cpu">The state.</param>
    /// <param name="operation">The operation.</param>
    /// <returns>Null, when the loop is left.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static Operation* Run(CpuState* cpu, Operation* operation)
    {
        if (T.TryExecute(cpu, operation))
        {
            return ((delegate*<CpuState*, Operation*, Operation*>)operation[1].Handler)(cpu, operation + 1);
        }

        Operation* slow = Flow.Slow(cpu, operation);
        return ((delegate*<CpuState*, Operation*, Operation*>)slow->Handler)(cpu, slow);
    }
}
