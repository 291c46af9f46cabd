using System.Runtime.CompilerServices;
using HvIntrospect.Interpreter.State;

namespace HvIntrospect.Interpreter.Dispatch;

/// <summary>The dispatcher in which each handler returns to a loop; also what performs exactly one operation.</summary>
/// <typeparam name="T">The operation.</typeparam>
internal static unsafe class Looped<T>
    where T : struct, IOperation
{
    /// <summary>Performs the operation.</summary>
    /// <param name="cpu">The state.</param>
    /// <param name="operation">The operation.</param>
    /// <returns>Its successor.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static Operation* Run(CpuState* cpu, Operation* operation) => T.Execute(cpu, operation);
}
