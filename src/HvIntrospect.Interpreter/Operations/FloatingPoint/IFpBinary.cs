using System.Numerics;
using System.Runtime.CompilerServices;
using HvIntrospect.Interpreter.Semantics;

namespace HvIntrospect.Interpreter.Operations.FloatingPoint;

/// <summary>A function of two floating-point numbers. Implemented by empty structs; one source for scalars and for the lanes of vectors.</summary>
internal interface IFpBinary
{
    /// <summary>Tries to compute by the host's own instructions.</summary>
    /// <typeparam name="T">float or double.</typeparam>
    /// <param name="left">The first operand.</param>
    /// <param name="right">The second operand.</param>
    /// <param name="control">FPCR.</param>
    /// <param name="status">FPSR; changed only on success.</param>
    /// <param name="result">The result.</param>
    /// <returns>False when <see cref="Exact"/> must be asked; always, unless the function says otherwise.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static virtual bool TryFast<T>(T left, T right, ulong control, ref ulong status, out T result)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        result = default;
        return false;
    }

    /// <summary>Computes the result and every flag.</summary>
    /// <typeparam name="TFormat">The format.</typeparam>
    /// <param name="left">The first operand.</param>
    /// <param name="right">The second operand.</param>
    /// <param name="context">FPCR and FPSR.</param>
    /// <returns>The result.</returns>
    static abstract ulong Exact<TFormat>(ulong left, ulong right, ref FpContext context)
        where TFormat : struct, IFpFormat;
}
