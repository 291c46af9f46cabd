using System.Numerics;
using System.Runtime.CompilerServices;

namespace HvIntrospect.Interpreter.Semantics;

/// <summary>Bit patterns and permutations of general-purpose registers.</summary>
internal static class Bits
{
    /// <summary>Makes the mask of a logical immediate.</summary>
    /// <param name="n">N.</param>
    /// <param name="imms">imms, 0 to 63: with N and not reserved.</param>
    /// <param name="immr">immr, 0 to 63.</param>
    /// <returns>64 bits; a 32-bit instruction uses the low half.</returns>
    /// <remarks>Arm Architecture Reference Manual (DDI 0487), pseudocode DecodeBitMasks.</remarks>
    public static ulong LogicalImmediate(uint n, uint imms, uint immr)
    {
        int length = BitOperations.Log2((n << 6) | (~imms & 0x3F));
        int size = 1 << length;
        int ones = (int)(imms & (uint)(size - 1)) + 1;
        int rotation = (int)(immr & (uint)(size - 1));
        ulong mask = ulong.MaxValue >> (64 - size);
        ulong element = (1UL << ones) - 1;
        element = rotation == 0 ? element : ((element >> rotation) | (element << (size - rotation))) & mask;
        while (size < 64)
        {
            element |= element << size;
            size *= 2;
        }

        return element;
    }

    /// <summary>Reverses the order of the bits.</summary>
    /// <param name="value">The value.</param>
    /// <returns>The reversed value.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Reverse(ulong value)
    {
        value = ((value >> 1) & 0x5555_5555_5555_5555) | ((value & 0x5555_5555_5555_5555) << 1);
        value = ((value >> 2) & 0x3333_3333_3333_3333) | ((value & 0x3333_3333_3333_3333) << 2);
        value = ((value >> 4) & 0x0F0F_0F0F_0F0F_0F0F) | ((value & 0x0F0F_0F0F_0F0F_0F0F) << 4);
        return ReverseBytes(value);
    }

    /// <summary>Reverses the order of the bytes.</summary>
    /// <param name="value">The value.</param>
    /// <returns>The reversed value.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong ReverseBytes(ulong value) => System.Buffers.Binary.BinaryPrimitives.ReverseEndianness(value);

    /// <summary>Reverses the order of the bytes in each halfword.</summary>
    /// <param name="value">The value.</param>
    /// <returns>The reversed value.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong ReverseBytesInHalfwords(ulong value) => ((value >> 8) & 0x00FF_00FF_00FF_00FF) | ((value & 0x00FF_00FF_00FF_00FF) << 8);

    /// <summary>Counts the bits below the sign bit that are equal to it, in a row.</summary>
    /// <param name="value">The value.</param>
    /// <returns>0 to 63.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int CountLeadingSigns(ulong value) => BitOperations.LeadingZeroCount((value ^ (value << 1)) | 1);

    /// <summary>Counts the bits below the sign bit that are equal to it, in a row.</summary>
    /// <param name="value">The value.</param>
    /// <returns>0 to 31.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int CountLeadingSigns(uint value) => BitOperations.LeadingZeroCount((value ^ (value << 1)) | 1);
}
