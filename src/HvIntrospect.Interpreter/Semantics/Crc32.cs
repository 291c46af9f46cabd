using System.Numerics;

namespace HvIntrospect.Interpreter.Semantics;

/// <summary>The checksums of CRC32* and CRC32C*: bits in reflected order, without initial or final inversion.</summary>
internal static class Crc32
{
    private static readonly uint[] s_table = MakeTable();

    /// <summary>Adds bytes to a checksum with the polynomial 0x04C11DB7.</summary>
    /// <param name="checksum">The checksum so far.</param>
    /// <param name="value">The bytes, the lowest first.</param>
    /// <param name="bytes">How many: 1, 2, 4 or 8.</param>
    /// <returns>The new checksum.</returns>
    public static uint Add(uint checksum, ulong value, int bytes)
    {
        for (int i = 0; i < bytes; i++)
        {
            checksum = s_table[(byte)(checksum ^ value)] ^ (checksum >> 8);
            value >>= 8;
        }

        return checksum;
    }

    /// <summary>Adds bytes to a checksum with the polynomial 0x1EDC6F41.</summary>
    /// <param name="checksum">The checksum so far.</param>
    /// <param name="value">The bytes, the lowest first.</param>
    /// <param name="bytes">How many: 1, 2, 4 or 8.</param>
    /// <returns>The new checksum.</returns>
    public static uint AddCastagnoli(uint checksum, ulong value, int bytes) => bytes switch
    {
        1 => BitOperations.Crc32C(checksum, (byte)value),
        2 => BitOperations.Crc32C(checksum, (ushort)value),
        4 => BitOperations.Crc32C(checksum, (uint)value),
        _ => BitOperations.Crc32C(checksum, value),
    };

    private static uint[] MakeTable()
    {
        var table = new uint[256];
        for (uint i = 0; i < 256; i++)
        {
            uint value = i;
            for (int bit = 0; bit < 8; bit++)
            {
                value = (value >> 1) ^ ((value & 1) * 0xEDB8_8320);
            }

            table[i] = value;
        }

        return table;
    }
}
