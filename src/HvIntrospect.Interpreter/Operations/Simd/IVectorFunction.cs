using System.Runtime.Intrinsics;

namespace HvIntrospect.Interpreter.Operations.Simd;

/// <summary>A function of whole vectors, by the host's vector instructions. Implemented by empty structs.</summary>
internal interface IVectorFunction
{
    /// <summary>Computes the vector.</summary>
    /// <typeparam name="T">The type of the lanes.</typeparam>
    /// <param name="destination">The old Vd.</param>
    /// <param name="left">Vn.</param>
    /// <param name="right">Vm.</param>
    /// <returns>The new Vd.</returns>
    static abstract Vector128<T> Apply<T>(Vector128<T> destination, Vector128<T> left, Vector128<T> right)
        where T : unmanaged;
}
