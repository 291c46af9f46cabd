using System.Numerics;

namespace HvIntrospect.Interpreter.Operations.Simd;

/// <summary>A function of integer lanes; what it does not need of its operands it ignores. Implemented by empty structs.</summary>
internal interface ILaneFunction
{
    /// <summary>Computes one lane.</summary>
    /// <typeparam name="T">The lane's type, signed or unsigned.</typeparam>
    /// <param name="destination">The old lane of Vd.</param>
    /// <param name="left">The lane of Vn.</param>
    /// <param name="right">The lane of Vm, or the amount of an immediate shift.</param>
    /// <param name="status">FPSR, whose QC is set when the result saturates.</param>
    /// <returns>The new lane of Vd.</returns>
    static abstract T Apply<T>(T destination, T left, T right, ref uint status)
        where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T>;
}
