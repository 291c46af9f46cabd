using System.Numerics;

namespace HvIntrospect.Interpreter.Operations.Simd;

/// <summary>Binds an operation once the type of its lanes is known.</summary>
internal interface ILaneTypeVisitor
{
    /// <summary>Binds the operation.</summary>
    /// <typeparam name="T">The type of the lanes.</typeparam>
    void Visit<T>()
        where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T>;
}
