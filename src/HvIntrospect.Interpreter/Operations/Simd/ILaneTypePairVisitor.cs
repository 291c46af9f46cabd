using System.Numerics;

namespace HvIntrospect.Interpreter.Operations.Simd;

/// <summary>Binds an operation once the types of its narrow and its wide lanes are known.</summary>
internal interface ILaneTypePairVisitor
{
    /// <summary>Binds the operation.</summary>
    /// <typeparam name="TNarrow">The type of the narrow lanes.</typeparam>
    /// <typeparam name="TWide">The type of the wide lanes.</typeparam>
    void Visit<TNarrow, TWide>()
        where TNarrow : unmanaged, IBinaryInteger<TNarrow>, IMinMaxValue<TNarrow>
        where TWide : unmanaged, IBinaryInteger<TWide>, IMinMaxValue<TWide>;
}
