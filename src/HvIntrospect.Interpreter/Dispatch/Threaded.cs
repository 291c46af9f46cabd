using System.Runtime.CompilerServices;
using HvIntrospect.Interpreter.State;

namespace HvIntrospect.Interpreter.Dispatch;

/// <summary>The dispatcher in which each handler jumps to the next one.</summary>
/// <typeparam name="T">The operation.</typeparam>
internal static unsafe class Threaded<T>
    where T : struct, IOperation
{
    /// <summary>Performs the operation and goes on with its successor.</summary>
    /// <param name="cpu">The state.</param>
    /// <param name="operation">The operation.</param>
    /// <returns>Null, when the loop is left.</returns>
    /// <remarks>Without full optimisation the last call would not be a jump and the stack would grow, so a probe looks before the dispatcher is used.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static Operation* Run(CpuState* cpu, Operation* operation)
    {
        Operation* next = T.Execute(cpu, operation);
        return ((delegate*<CpuState*, Operation*, Operation*>)next->Handler)(cpu, next);
    }
}
