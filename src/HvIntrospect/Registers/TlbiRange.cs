using System.Globalization;

namespace HvIntrospect.Registers;

/// <summary>The operand of a TLBI by range (FEAT_TLBIRANGE): which pages it reaches.</summary>
/// <remarks>Arm Architecture Reference Manual (DDI 0487), "TLBI RVAE1, TLB Range Invalidate by VA, EL1". Immutable and thread-safe.</remarks>
public readonly record struct TlbiRange
{
    private const int BaseBits = 37;
    private const int LevelShift = 37;
    private const int NumberShift = 39;
    private const int ScaleShift = 44;
    private const int GranuleShift = 46;
    private const int AsidShift = 48;
    private const int LargeUnit = 16;

    /// <summary>Makes a value from the operand.</summary>
    /// <param name="value">Xt, all 64 bits.</param>
    /// <param name="hasLargeDescriptors">DS of TCR_ELx, or of VTCR_EL2 for the forms by intermediate physical address: BaseADDR counts 64 KB then, whatever the granule.</param>
    public TlbiRange(ulong value, bool hasLargeDescriptors = false)
    {
        Value = value;
        HasLargeDescriptors = hasLargeDescriptors;
    }

    /// <summary>Gets all 64 bits.</summary>
    public ulong Value { get; }

    /// <summary>Gets a value indicating whether BaseADDR counts 64 KB (FEAT_LPA2), and not pages.</summary>
    public bool HasLargeDescriptors { get; }

    /// <summary>Gets TG, the granule of the pages; <see cref="GranuleSize.None"/> for the reserved value, with which the instruction may do nothing.</summary>
    public GranuleSize Granule => ((int)(Value >> GranuleShift) & 3) switch
    {
        1 => GranuleSize.Size4K,
        2 => GranuleSize.Size16K,
        3 => GranuleSize.Size64K,
        _ => GranuleSize.None,
    };

    /// <summary>Gets TTL, the level of the only entries that need to go, 1 to 3; null for all levels.</summary>
    public int? Level => ((int)(Value >> LevelShift) & 3) is int level and not 0 ? level : null;

    /// <summary>Gets ASID, bits 63:48; without meaning in the forms for every ASID and for intermediate physical addresses.</summary>
    public ushort Asid => (ushort)(Value >> AsidShift);

    /// <summary>Gets the size of the range in bytes: (NUM + 1) * 2^(5 * SCALE + 1) pages; 0 where <see cref="Granule"/> is reserved.</summary>
    public ulong Length => Granule == GranuleSize.None ? 0
        : (((Value >> NumberShift) & 31) + 1) << (5 * ((int)(Value >> ScaleShift) & 3)) << (1 + (int)Granule);

    /// <summary>Gets the first virtual address, sign-extended from BaseADDR.</summary>
    public Va FirstVa => new((ulong)((long)(Value << (64 - BaseBits)) >> (64 - BaseBits)) << Unit);

    /// <summary>Gets the first intermediate physical address.</summary>
    public Ipa FirstIpa => new((Value & ((1UL << BaseBits) - 1)) << Unit);

    private int Unit => HasLargeDescriptors ? LargeUnit : (int)Granule;

    /// <summary>Formats the operand.</summary>
    /// <returns>For example <c>0x400000080200</c>.</returns>
    public override string ToString() => "0x" + Value.ToString("x", CultureInfo.InvariantCulture);
}
