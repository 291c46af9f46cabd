using System.Numerics;
using System.Runtime.CompilerServices;
using HvIntrospect.Interpreter.Semantics;
using HvIntrospect.Interpreter.State;

namespace HvIntrospect.Interpreter.Operations.FloatingPoint;

/// <summary>Compares scalars: fast, or else exactly.</summary>
internal static unsafe class ScalarComparison
{
    /// <summary>Compares.</summary>
    /// <typeparam name="T">float or double.</typeparam>
    /// <typeparam name="TFormat">The format of <typeparamref name="T"/>.</typeparam>
    /// <param name="cpu">The state, for FPCR and FPSR.</param>
    /// <param name="left">The first operand.</param>
    /// <param name="right">The second operand.</param>
    /// <param name="signalsQuiet">True when a quiet NaN is an invalid operation too.</param>
    /// <returns>NZCV in bits 31:28.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint Compare<T, TFormat>(CpuState* cpu, T left, T right, bool signalsQuiet)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TFormat : struct, IFpFormat =>
        FpFast<T>.TryCompare(left, right, cpu->Fpcr, out uint flags) ? flags : CompareExactly<TFormat>(cpu, Bits(left), Bits(right), signalsQuiet);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static uint CompareExactly<TFormat>(CpuState* cpu, ulong left, ulong right, bool signalsQuiet)
        where TFormat : struct, IFpFormat
    {
        var context = new FpContext(cpu->Fpcr);
        uint flags = FpComparison<TFormat>.Compare(left, right, signalsQuiet, ref context);
        cpu->Fpsr |= context.Status;
        return flags;
    }

    private static ulong Bits<T>(T value)
        where T : unmanaged => sizeof(T) == sizeof(float) ? Unsafe.BitCast<T, uint>(value) : Unsafe.BitCast<T, ulong>(value);
}
