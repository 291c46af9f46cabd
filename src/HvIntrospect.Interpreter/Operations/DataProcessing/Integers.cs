using System.Numerics;
using System.Runtime.CompilerServices;
using HvIntrospect.Interpreter.State;

namespace HvIntrospect.Interpreter.Operations.DataProcessing;

/// <summary>What generic code over uint and ulong lacks.</summary>
internal static unsafe class Integers
{
    /// <summary>Shifts right and copies the sign bit.</summary>
    /// <typeparam name="T">uint or ulong.</typeparam>
    /// <param name="value">The value.</param>
    /// <param name="amount">The amount; its bits above the width are ignored.</param>
    /// <returns>The result.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T ShiftRightArithmetic<T>(T value, int amount)
        where T : unmanaged, IBinaryInteger<T> => sizeof(T) == sizeof(uint)
            ? Unsafe.BitCast<int, T>(Unsafe.BitCast<T, int>(value) >> amount)
            : Unsafe.BitCast<long, T>(Unsafe.BitCast<T, long>(value) >> amount);

    /// <summary>Gets a number of the width of <typeparamref name="T"/> from the low bits of another.</summary>
    /// <typeparam name="T">uint or ulong.</typeparam>
    /// <param name="value">The number.</param>
    /// <returns>Its low bits.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Low<T>(ulong value)
        where T : unmanaged, IBinaryInteger<T> => sizeof(T) == sizeof(uint)
            ? Unsafe.BitCast<uint, T>((uint)value)
            : Unsafe.BitCast<ulong, T>(value);

    /// <summary>Gets a number as 64 bits, zero-extended.</summary>
    /// <typeparam name="T">uint or ulong.</typeparam>
    /// <param name="value">The number.</param>
    /// <returns>The 64 bits.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Wide<T>(T value)
        where T : unmanaged, IBinaryInteger<T> => sizeof(T) == sizeof(uint)
            ? Unsafe.BitCast<T, uint>(value)
            : Unsafe.BitCast<T, ulong>(value);

    /// <summary>Gets a number as 64 bits, sign-extended.</summary>
    /// <typeparam name="T">uint or ulong.</typeparam>
    /// <param name="value">The number.</param>
    /// <returns>The 64 bits.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static long Signed<T>(T value)
        where T : unmanaged, IBinaryInteger<T> => sizeof(T) == sizeof(uint)
            ? Unsafe.BitCast<T, int>(value)
            : Unsafe.BitCast<T, long>(value);

    /// <summary>Sets the flags of an addition or subtraction.</summary>
    /// <typeparam name="T">uint or ulong.</typeparam>
    /// <param name="cpu">The state.</param>
    /// <param name="result">The result.</param>
    /// <param name="carry">C.</param>
    /// <param name="overflow">V in the sign bit.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void SetFlags<T>(CpuState* cpu, T result, bool carry, T overflow)
        where T : unmanaged, IBinaryInteger<T>
    {
        if (sizeof(T) == sizeof(uint))
        {
            ProcessState.SetFlags(cpu, Unsafe.BitCast<T, uint>(result), carry, Unsafe.BitCast<T, uint>(overflow));
        }
        else
        {
            ProcessState.SetFlags(cpu, Unsafe.BitCast<T, ulong>(result), carry, Unsafe.BitCast<T, ulong>(overflow));
        }
    }
}
