using System.Globalization;

namespace HvIntrospect.Registers;

/// <summary>TCR_EL1: the geometry of Stage 1 of the EL1&amp;0 regime.</summary>
/// <remarks>Arm Architecture Reference Manual (DDI 0487), "TCR_EL1, Translation Control Register (EL1)". Immutable and thread-safe.</remarks>
public readonly record struct Tcr
{
    /// <summary>Makes a value from the register.</summary>
    /// <param name="value">All 64 bits.</param>
    public Tcr(ulong value)
    {
        Value = value;
    }

    /// <summary>Gets all 64 bits.</summary>
    public ulong Value { get; }

    /// <summary>Tells whether some of the given bits are set.</summary>
    /// <param name="bits">One bit, or several of which any will do.</param>
    /// <returns>True when at least one is set.</returns>
    public bool Has(TcrBits bits) => (Value & (ulong)bits) != 0;

    /// <summary>Gets this value with bits set or cleared.</summary>
    /// <param name="bits">The bits to change.</param>
    /// <param name="set">Their new value.</param>
    /// <returns>The changed value.</returns>
    public Tcr With(TcrBits bits, bool set = true) => new(set ? Value | (ulong)bits : Value & ~(ulong)bits);

    /// <summary>Gets T0SZ: the lower half has 64 - T0SZ address bits.</summary>
    public int T0sz => (int)Value & 0x3F;

    /// <summary>Gets T1SZ: the upper half has 64 - T1SZ address bits.</summary>
    public int T1sz => (int)(Value >> 16) & 0x3F;

    /// <summary>Gets TG0, the granule of the lower half.</summary>
    public GranuleSize Granule0 => ((int)(Value >> 14) & 3) switch
    {
        0 => GranuleSize.Size4K,
        1 => GranuleSize.Size64K,
        2 => GranuleSize.Size16K,
        _ => GranuleSize.None,
    };

    /// <summary>Gets TG1, the granule of the upper half, which is encoded in another way.</summary>
    public GranuleSize Granule1 => ((int)(Value >> 30) & 3) switch
    {
        1 => GranuleSize.Size16K,
        2 => GranuleSize.Size4K,
        3 => GranuleSize.Size64K,
        _ => GranuleSize.None,
    };

    /// <summary>Gets SH0, the shareability of walks of the lower half, and with <see cref="TcrBits.Ds"/> of the memory too: 0 Non-shareable, 2 Outer, 3 Inner.</summary>
    public int Shareability0 => (int)(Value >> 12) & 3;

    /// <summary>Gets SH1, which says of the upper half what <see cref="Shareability0"/> says of the lower one.</summary>
    public int Shareability1 => (int)(Value >> 28) & 3;

    /// <summary>Gets IPS, the encoded size of intermediate physical addresses: <see cref="PhysicalAddressSize.BitsOf"/>.</summary>
    public int Ips => (int)(Value >> 32) & 7;

    /// <summary>Formats the register value.</summary>
    /// <returns>For example <c>0x80000001</c>.</returns>
    public override string ToString() => "0x" + Value.ToString("x", CultureInfo.InvariantCulture);
}
