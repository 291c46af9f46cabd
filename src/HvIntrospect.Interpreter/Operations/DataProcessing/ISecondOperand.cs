using System.Numerics;
using HvIntrospect.Interpreter.Dispatch;
using HvIntrospect.Interpreter.State;

namespace HvIntrospect.Interpreter.Operations.DataProcessing;

/// <summary>Where the second operand comes from. Implemented by empty structs.</summary>
internal unsafe interface ISecondOperand
{
    /// <summary>Gets the operand.</summary>
    /// <typeparam name="T">uint or ulong.</typeparam>
    /// <param name="cpu">The state.</param>
    /// <param name="operation">The operation.</param>
    /// <returns>The operand.</returns>
    static abstract T Get<T>(CpuState* cpu, Operation* operation)
        where T : unmanaged, IBinaryInteger<T>;
}
