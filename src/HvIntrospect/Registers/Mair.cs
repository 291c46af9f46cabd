using System.Globalization;

namespace HvIntrospect.Registers;

/// <summary>MAIR_EL1: eight memory attributes that descriptors choose by number.</summary>
/// <remarks>Arm Architecture Reference Manual (DDI 0487), "MAIR_EL1, Memory Attribute Indirection Register (EL1)". Immutable and thread-safe.</remarks>
public readonly record struct Mair
{
    /// <summary>Makes a value from the register.</summary>
    /// <param name="value">All 64 bits.</param>
    public Mair(ulong value)
    {
        Value = value;
    }

    /// <summary>Gets all 64 bits.</summary>
    public ulong Value { get; }

    /// <summary>Gets an attribute.</summary>
    /// <param name="index">0 to 7; higher bits are dropped.</param>
    /// <returns>Attr&lt;n&gt;: 0b0000dd00 is Device memory, everything else Normal or reserved.</returns>
    public byte this[int index] => (byte)(Value >> ((index & 7) * 8));

    /// <summary>Formats the register value.</summary>
    /// <returns>For example <c>0x80000001</c>.</returns>
    public override string ToString() => "0x" + Value.ToString("x", CultureInfo.InvariantCulture);
}
