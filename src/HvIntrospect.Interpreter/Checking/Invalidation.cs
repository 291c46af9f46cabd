using HvIntrospect.Registers;

namespace HvIntrospect.Interpreter.Checking;

/// <summary>One TLBI of the EL1&amp;0 regime as the rules see it. Immutable.</summary>
/// <remarks>Arm Architecture Reference Manual (DDI 0487), "TLB maintenance instructions".</remarks>
internal readonly record struct Invalidation
{
    private const ulong AddressMask = (1UL << 40) - 1;
    private const int HintShift = 44;

    private Invalidation(int core, ushort vmid, ulong operand)
    {
        Core = core;
        Vmid = vmid;
        Ipa = (operand & AddressMask) << 12;
        Last = Ipa;

        // TTL is {granule, level}; without a granule it is no hint.
        int hint = (int)(operand >> HintShift) & 0xF;
        HintGranule = hint >> 2 == 0 ? 0 : 10 + (2 * (hint >> 2));
        LevelHint = HintGranule == 0 ? null : hint & 3;
    }

    /// <summary>Gets the core that issues it.</summary>
    public int Core { get; }

    /// <summary>Gets the VMID on which it acts.</summary>
    public ushort Vmid { get; }

    /// <summary>Gets the first address of one by IPA.</summary>
    public ulong Ipa { get; private init; }

    /// <summary>Gets the last address of one by IPA.</summary>
    public ulong Last { get; private init; }

    /// <summary>Gets the level in which alone an entry is sought; null for any.</summary>
    public int? LevelHint { get; private init; }

    /// <summary>Gets the logarithm of the page size of the tables for which alone it is meant; 0 for any.</summary>
    public int HintGranule { get; private init; }

    /// <summary>Gets a value indicating whether there are leaves at one level more, with DS.</summary>
    public bool HasLargeDescriptors { get; private init; }

    /// <summary>Gets a value indicating whether it is by range, so that a granule other than that of the tables leaves it undefined.</summary>
    public bool IsByRange { get; private init; }

    /// <summary>Gets a value indicating whether it removes entries of Stage 2 that translate an address from <see cref="Ipa"/> to <see cref="Last"/>.</summary>
    public bool IsByIpa { get; private init; }

    /// <summary>Gets a value indicating whether it leaves entries of tables.</summary>
    public bool IsLastLevelOnly { get; private init; }

    /// <summary>Gets a value indicating whether it removes all entries of Stage 2.</summary>
    public bool ReachesStage2 { get; private init; }

    /// <summary>Gets a value indicating whether it removes all combined entries.</summary>
    public bool ReachesCombined { get; private init; }

    /// <summary>Gets a value indicating whether it acts on every VMID.</summary>
    public bool IsOfEveryVmid { get; private init; }

    /// <summary>Gets a value indicating whether it reaches all cores.</summary>
    public bool IsBroadcast { get; private init; }

    /// <summary>Describes an instruction.</summary>
    /// <param name="core">The core that issues it.</param>
    /// <param name="vmid">The VMID in VTTBR_EL2.</param>
    /// <param name="operation">The instruction.</param>
    /// <param name="operand">Xt.</param>
    /// <param name="hasLargeDescriptors">Whether the tables hold 52-bit addresses with DS, so that a range starts at a multiple of 64 KB.</param>
    /// <returns>What it reaches; nothing for those by VA or ASID, which no change of Stage 2 can rely on, and for those of EL2.</returns>
    public static Invalidation Of(int core, ushort vmid, TlbiOperation operation, ulong operand, bool hasLargeDescriptors)
    {
        var none = new Invalidation(core, vmid, operand) { HasLargeDescriptors = hasLargeDescriptors };
        return operation switch
        {
            TlbiOperation.Alle1 => none with { ReachesStage2 = true, ReachesCombined = true, IsOfEveryVmid = true },
            TlbiOperation.Alle1Is => none with { ReachesStage2 = true, ReachesCombined = true, IsOfEveryVmid = true, IsBroadcast = true },
            TlbiOperation.Vmalls12E1 => none with { ReachesStage2 = true, ReachesCombined = true },
            TlbiOperation.Vmalls12E1Is => none with { ReachesStage2 = true, ReachesCombined = true, IsBroadcast = true },
            TlbiOperation.Vmalle1 => none with { ReachesCombined = true },
            TlbiOperation.Vmalle1Is => none with { ReachesCombined = true, IsBroadcast = true },
            TlbiOperation.Ipas2E1 => none with { IsByIpa = true },
            TlbiOperation.Ipas2E1Is => none with { IsByIpa = true, IsBroadcast = true },
            TlbiOperation.Ipas2Le1 => none with { IsByIpa = true, IsLastLevelOnly = true },
            TlbiOperation.Ipas2Le1Is => none with { IsByIpa = true, IsLastLevelOnly = true, IsBroadcast = true },
            TlbiOperation.Ripas2E1 => none.OfRange(new TlbiRange(operand, hasLargeDescriptors)),
            TlbiOperation.Ripas2E1Is => none.OfRange(new TlbiRange(operand, hasLargeDescriptors)) with { IsBroadcast = true },
            TlbiOperation.Ripas2Le1 => none.OfRange(new TlbiRange(operand, hasLargeDescriptors)) with { IsLastLevelOnly = true },
            TlbiOperation.Ripas2Le1Is => none.OfRange(new TlbiRange(operand, hasLargeDescriptors)) with { IsLastLevelOnly = true, IsBroadcast = true },
            _ => none,
        };
    }

    /// <summary>Tells whether it reaches a leaf by its address.</summary>
    /// <param name="ipa">The first address of the leaf.</param>
    /// <param name="size">Its size in bytes.</param>
    /// <returns>True when it does.</returns>
    public bool Reaches(ulong ipa, ulong size) => IsByIpa && Ipa <= ipa + (size - 1) && ipa <= Last;

    /// <summary>Tells whether a TLBI by range is defined for tables of a granule, and its start for its hint.</summary>
    /// <param name="granuleShift">The logarithm of the size of the tables' pages.</param>
    /// <returns>False when it may reach nothing.</returns>
    public bool IsDefinedFor(int granuleShift)
    {
        if (!IsByRange)
        {
            return true;
        }

        int hinted = LevelHint is int level and not 0 ? granuleShift + ((TableShape.LastLevel - level) * (granuleShift - 3)) : granuleShift;
        return HintGranule == granuleShift && (Ipa & ((1UL << hinted) - 1)) == 0;
    }

    /// <summary>Tells whether the hint is one for an entry. The levels that hold no leaves are reserved, which means no hint.</summary>
    /// <param name="level">The level of the entry's table.</param>
    /// <param name="isTable">Whether the entry led to another table: the hint is about leaves.</param>
    /// <param name="granuleShift">The logarithm of the size of the tables' pages.</param>
    /// <returns>False when it may reach nothing.</returns>
    public bool IsHintFor(int level, bool isTable, int granuleShift)
    {
        int lowest = HintGranule switch
        {
            12 => HasLargeDescriptors ? 0 : 1,
            14 => HasLargeDescriptors ? 1 : 2,
            _ => 1,
        };
        return LevelHint is not int hint || hint < lowest || (hint == level && !isTable && HintGranule == granuleShift);
    }

    private Invalidation OfRange(TlbiRange range)
    {
        // With a reserved granule nobody knows what it reaches.
        bool isKnown = range.Length != 0;
        ulong first = isKnown ? range.FirstIpa.Value : 0;
        return this with
        {
            IsByIpa = true,
            IsByRange = true,
            Ipa = first,
            Last = isKnown ? first + range.Length - 1 : ulong.MaxValue,
            LevelHint = range.Level,
            HintGranule = (int)range.Granule,
        };
    }
}
