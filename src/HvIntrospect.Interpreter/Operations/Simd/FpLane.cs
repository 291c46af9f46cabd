using System.Numerics;
using System.Runtime.CompilerServices;
using HvIntrospect.Interpreter.Operations.FloatingPoint;
using HvIntrospect.Interpreter.Semantics;
using HvIntrospect.Interpreter.State;

namespace HvIntrospect.Interpreter.Operations.Simd;

/// <summary>Computes one floating-point lane: fast, or else exactly.</summary>
/// <typeparam name="T">float or double.</typeparam>
/// <typeparam name="TFormat">The format of <typeparamref name="T"/>.</typeparam>
internal static unsafe class FpLane<T, TFormat>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TFormat : struct, IFpFormat
{
    /// <summary>Computes a function of one number.</summary>
    /// <typeparam name="TFunction">The function.</typeparam>
    /// <param name="cpu">The state, for FPCR and FPSR.</param>
    /// <param name="value">The operand.</param>
    /// <returns>The result.</returns>
    public static T Unary<TFunction>(CpuState* cpu, T value)
        where TFunction : struct, IFpUnary
    {
        if (TFunction.TryFast(value, cpu->Fpcr, ref cpu->Fpsr, out T result))
        {
            return result;
        }

        var context = new FpContext(cpu->Fpcr);
        ulong bits = TFunction.Exact<TFormat>(Bits(value), ref context);
        cpu->Fpsr |= context.Status;
        return Value(bits);
    }

    /// <summary>Computes a function of two numbers.</summary>
    /// <typeparam name="TFunction">The function.</typeparam>
    /// <param name="cpu">The state, for FPCR and FPSR.</param>
    /// <param name="left">The first operand.</param>
    /// <param name="right">The second operand.</param>
    /// <returns>The result.</returns>
    public static T Binary<TFunction>(CpuState* cpu, T left, T right)
        where TFunction : struct, IFpBinary
    {
        if (TFunction.TryFast(left, right, cpu->Fpcr, ref cpu->Fpsr, out T result))
        {
            return result;
        }

        var context = new FpContext(cpu->Fpcr);
        ulong bits = TFunction.Exact<TFormat>(Bits(left), Bits(right), ref context);
        cpu->Fpsr |= context.Status;
        return Value(bits);
    }

    /// <summary>Computes a function of three numbers.</summary>
    /// <typeparam name="TFunction">The function.</typeparam>
    /// <param name="cpu">The state, for FPCR and FPSR.</param>
    /// <param name="addend">The addend.</param>
    /// <param name="left">The first factor.</param>
    /// <param name="right">The second factor.</param>
    /// <returns>The result.</returns>
    public static T Ternary<TFunction>(CpuState* cpu, T addend, T left, T right)
        where TFunction : struct, IFpTernary
    {
        if (TFunction.TryFast(addend, left, right, cpu->Fpcr, ref cpu->Fpsr, out T result))
        {
            return result;
        }

        var context = new FpContext(cpu->Fpcr);
        ulong bits = TFunction.Exact<TFormat>(Bits(addend), Bits(left), Bits(right), ref context);
        cpu->Fpsr |= context.Status;
        return Value(bits);
    }

    /// <summary>Gets the bits of a number.</summary>
    /// <param name="value">The number.</param>
    /// <returns>Its bits, the upper ones zero.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Bits(T value) => sizeof(T) == sizeof(float) ? Unsafe.BitCast<T, uint>(value) : Unsafe.BitCast<T, ulong>(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T Value(ulong bits) => sizeof(T) == sizeof(float) ? Unsafe.BitCast<uint, T>((uint)bits) : Unsafe.BitCast<ulong, T>(bits);
}
