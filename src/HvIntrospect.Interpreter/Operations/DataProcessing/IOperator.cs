using System.Numerics;
using HvIntrospect.Interpreter.State;

namespace HvIntrospect.Interpreter.Operations.DataProcessing;

/// <summary>What an operation does with two numbers. Implemented by empty structs.</summary>
internal unsafe interface IOperator
{
    /// <summary>Computes the result, and sets the flags when the operator does so.</summary>
    /// <typeparam name="T">uint or ulong.</typeparam>
    /// <param name="cpu">The state.</param>
    /// <param name="left">The first operand.</param>
    /// <param name="right">The second operand.</param>
    /// <returns>The result.</returns>
    static abstract T Apply<T>(CpuState* cpu, T left, T right)
        where T : unmanaged, IBinaryInteger<T>;
}
