using System.Numerics;

namespace HvIntrospect.Interpreter.Operations.Simd;

/// <summary>A function that makes a lane half as wide. Implemented by empty structs.</summary>
internal interface INarrowFunction
{
    /// <summary>Computes one lane.</summary>
    /// <typeparam name="TWide">The type of the source lanes; the sign of it matters.</typeparam>
    /// <typeparam name="TNarrow">The type of the result lanes; the sign of it matters.</typeparam>
    /// <param name="left">The lane of Vn.</param>
    /// <param name="right">The lane of Vm.</param>
    /// <param name="shift">The amount of an immediate shift.</param>
    /// <param name="status">FPSR, whose QC is set when the result saturates.</param>
    /// <returns>The result.</returns>
    static abstract TNarrow Apply<TWide, TNarrow>(TWide left, TWide right, int shift, ref uint status)
        where TWide : unmanaged, IBinaryInteger<TWide>
        where TNarrow : unmanaged, IBinaryInteger<TNarrow>, IMinMaxValue<TNarrow>;
}
