using System.Runtime.CompilerServices;
using HvIntrospect.Interpreter.Semantics;
using HvIntrospect.Interpreter.State;

namespace HvIntrospect.Interpreter.Operations.FloatingPoint;

/// <summary>Reads and writes scalar FP registers.</summary>
internal static unsafe class FpRegisters
{
    /// <summary>Reads a scalar.</summary>
    /// <typeparam name="TFormat">Its format.</typeparam>
    /// <param name="cpu">The state.</param>
    /// <param name="offset">The register's offset.</param>
    /// <returns>The scalar in the low bits, the others zero.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Read<TFormat>(CpuState* cpu, ushort offset)
        where TFormat : struct, IFpFormat => TFormat.FractionBits switch
        {
            10 => Registers.Read<ushort>(cpu, offset),
            23 => Registers.Read<uint>(cpu, offset),
            _ => Registers.Read<ulong>(cpu, offset),
        };

    /// <summary>Writes a scalar; the rest of the register becomes zero.</summary>
    /// <param name="cpu">The state.</param>
    /// <param name="offset">The register's offset.</param>
    /// <param name="bits">The scalar, zero-extended.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Write(CpuState* cpu, ushort offset, ulong bits)
    {
        ulong* register = (ulong*)((byte*)cpu + offset);
        register[0] = bits;
        register[1] = 0;
    }

    /// <summary>Writes a scalar; the rest of the register becomes zero.</summary>
    /// <typeparam name="T">float or double.</typeparam>
    /// <param name="cpu">The state.</param>
    /// <param name="offset">The register's offset.</param>
    /// <param name="value">The scalar.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Write<T>(CpuState* cpu, ushort offset, T value)
        where T : unmanaged => Write(cpu, offset, sizeof(T) == sizeof(float) ? Unsafe.BitCast<T, uint>(value) : Unsafe.BitCast<T, ulong>(value));
}
