using System.Globalization;

namespace HvIntrospect.Registers;

/// <summary>TTBR0_EL1 and TTBR1_EL1: the root of a half of Stage 1, and an ASID.</summary>
/// <remarks>Arm Architecture Reference Manual (DDI 0487), "TTBR0_EL1, Translation Table Base Register 0 (EL1)". Immutable and thread-safe.</remarks>
public readonly record struct Ttbr
{
    /// <summary>Makes a value from the register.</summary>
    /// <param name="value">All 64 bits.</param>
    public Ttbr(ulong value)
    {
        Value = value;
    }

    /// <summary>Gets all 64 bits.</summary>
    public ulong Value { get; }

    private const ulong CnpBit = 1;
    private const ulong BaseMask = ((1UL << 48) - 1) & ~CnpBit;

    /// <summary>Gets ASID, bits 63:48; the upper byte is not used unless TCR_EL1.AS is 1. TCR_EL1.A1 chooses which of the two registers counts.</summary>
    public ushort Asid => (ushort)(Value >> 48);

    /// <summary>Gets BADDR, bits 47:1 of the intermediate physical address of the first table; the translation uses as many of them as the size of the root table leaves.</summary>
    public Ipa Base => new(Value & BaseMask);

    /// <summary>Gets a value indicating whether CnP says that other cores have the same tables (FEAT_TTCNP).</summary>
    public bool IsCommonNotPrivate => (Value & CnpBit) != 0;

    /// <summary>Formats the register value.</summary>
    /// <returns>For example <c>0x80000001</c>.</returns>
    public override string ToString() => "0x" + Value.ToString("x", CultureInfo.InvariantCulture);
}
