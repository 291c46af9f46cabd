using System;

namespace HvIntrospect.Registers;

/// <summary>The encoding that TCR_EL1.IPS, VTCR_EL2.PS and ID_AA64MMFR0_EL1.PARange share.</summary>
/// <remarks>Arm Architecture Reference Manual (DDI 0487), "ID_AA64MMFR0_EL1, AArch64 Memory Model Feature Register 0", PARange.</remarks>
public static class PhysicalAddressSize
{
    private static ReadOnlySpan<byte> Table => [32, 36, 40, 42, 44, 48, 52, 56];

    /// <summary>Gets the number of address bits.</summary>
    /// <param name="encoded">0 to 7; higher bits are dropped.</param>
    /// <returns>32, 36, 40, 42, 44, 48, 52 or 56.</returns>
    public static int BitsOf(int encoded) => Table[encoded & 7];

    /// <summary>Gets the encoding of a number of address bits.</summary>
    /// <param name="bits">32, 36, 40, 42, 44, 48, 52 or 56.</param>
    /// <returns>0 to 7.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="bits"/> is another number.</exception>
    public static int Encode(int bits)
    {
        int index = Table.IndexOf((byte)bits);
        return index >= 0 && bits <= byte.MaxValue
            ? index
            : throw new ArgumentOutOfRangeException(nameof(bits), bits, "Physical addresses have 32, 36, 40, 42, 44, 48, 52 or 56 bits.");
    }
}
