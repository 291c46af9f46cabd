using System.Runtime.CompilerServices;
using HvIntrospect.Interpreter.State;

namespace HvIntrospect.Interpreter.Operations;

/// <summary>Reads and writes registers by the offsets that operations hold.</summary>
internal static unsafe class Registers
{
    /// <summary>Gets a register as 64 bits.</summary>
    /// <param name="cpu">The state.</param>
    /// <param name="offset">The register's offset.</param>
    /// <returns>The register.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ref ulong X(CpuState* cpu, ushort offset) => ref *(ulong*)((byte*)cpu + (uint)offset);

    /// <summary>Gets the low 32 bits of a register.</summary>
    /// <param name="cpu">The state.</param>
    /// <param name="offset">The register's offset.</param>
    /// <returns>The bits.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint W(CpuState* cpu, ushort offset) => *(uint*)((byte*)cpu + (uint)offset);

    /// <summary>Gets the address of a register.</summary>
    /// <param name="cpu">The state.</param>
    /// <param name="offset">The register's offset.</param>
    /// <returns>The address of its lowest byte.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static byte* Address(CpuState* cpu, ushort offset) => (byte*)cpu + (uint)offset;

    /// <summary>Reads a register, or its lowest bytes.</summary>
    /// <typeparam name="T">uint for Wn, ulong for Xn; for a vector register any unmanaged type of up to 16 bytes.</typeparam>
    /// <param name="cpu">The state.</param>
    /// <param name="offset">The register's offset.</param>
    /// <returns>The value.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Read<T>(CpuState* cpu, ushort offset)
        where T : unmanaged => *(T*)((byte*)cpu + (uint)offset);

    /// <summary>Writes a general-purpose register; 32 bits are zero-extended.</summary>
    /// <typeparam name="T">uint for Wn, ulong for Xn.</typeparam>
    /// <param name="cpu">The state.</param>
    /// <param name="offset">The register's offset.</param>
    /// <param name="value">The value.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Write<T>(CpuState* cpu, ushort offset, T value)
        where T : unmanaged
    {
        if (sizeof(T) == sizeof(uint))
        {
            *(ulong*)((byte*)cpu + (uint)offset) = Unsafe.BitCast<T, uint>(value);
        }
        else
        {
            *(T*)((byte*)cpu + (uint)offset) = value;
        }
    }
}
