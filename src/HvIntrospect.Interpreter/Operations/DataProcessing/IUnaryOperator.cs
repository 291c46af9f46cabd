using System.Numerics;

namespace HvIntrospect.Interpreter.Operations.DataProcessing;

/// <summary>What an operation does with one number. Implemented by empty structs.</summary>
internal interface IUnaryOperator
{
    /// <summary>Computes the result.</summary>
    /// <typeparam name="T">uint or ulong.</typeparam>
    /// <param name="value">The operand.</param>
    /// <returns>The result.</returns>
    static abstract T Apply<T>(T value)
        where T : unmanaged, IBinaryInteger<T>;
}
