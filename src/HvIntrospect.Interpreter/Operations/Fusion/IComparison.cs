using System.Numerics;

namespace HvIntrospect.Interpreter.Operations.Fusion;

/// <summary>A condition as a comparison of the two operands of a subtraction. Implemented by empty structs.</summary>
internal interface IComparison
{
    /// <summary>Tests the condition on the flags that the subtraction would set.</summary>
    /// <typeparam name="T">uint or ulong.</typeparam>
    /// <param name="left">The first operand.</param>
    /// <param name="right">The second operand.</param>
    /// <returns>True when it holds.</returns>
    static abstract bool Holds<T>(T left, T right)
        where T : unmanaged, IBinaryInteger<T>;
}
