using System;
using System.Globalization;

namespace HvIntrospect.Samples.Shared;

/// <summary>Numbers as they are typed.</summary>
internal static class NumberText
{
    /// <summary>Reads a decimal number, or a hexadecimal one after 0x.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out ulong value) =>
        text.StartsWith("0x", StringComparison.OrdinalIgnoreCase)
            ? ulong.TryParse(text[2..], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out value)
            : ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value);

    /// <summary>Reads a number of bytes, which may end in K, M or G for powers of 1024.</summary>
    public static bool TryParseSize(ReadOnlySpan<char> text, out ulong value)
    {
        int shift = text.IsEmpty
            ? 0
            : text[^1] switch
            {
                'k' or 'K' => 10,
                'm' or 'M' => 20,
                'g' or 'G' => 30,
                _ => 0,
            };
        if (!TryParse(shift == 0 ? text : text[..^1], out value) || value > ulong.MaxValue >> shift)
        {
            value = 0;
            return false;
        }

        value <<= shift;
        return true;
    }
}
