using HvIntrospect.Registers;

namespace HvIntrospect.Interpreter.Checking;

/// <summary>One TLBI of the EL1&amp;0 regime as the rules see it. Immutable.</summary>
/// <remarks>Arm Architecture Reference Manual (DDI 0487), "TLB maintenance instructions".</remarks>
internal readonly record struct Invalidation
{
    private const ulong AddressMask = (1UL << 36) - 1;
    private const int HintShift = 44;

    private Invalidation(int core, ushort vmid, ulong operand)
    {
        Core = core;
        Vmid = vmid;
        Ipa = (operand & AddressMask) << 12;
        Last = Ipa;

        // TTL is {granule, level}; without a granule it is no hint.
        int hint = (int)(operand >> HintShift) & 0xF;
        LevelHint = hint >> 2 == 0 ? null : hint & 3;
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
    /// <returns>What it reaches; nothing for those by VA or ASID, which no change of Stage 2 can rely on, and for those of EL2.</returns>
    public static Invalidation Of(int core, ushort vmid, TlbiOperation operation, ulong operand)
    {
        var none = new Invalidation(core, vmid, operand);
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
            TlbiOperation.Ripas2E1 => none.OfRange(operand),
            TlbiOperation.Ripas2E1Is => none.OfRange(operand) with { IsBroadcast = true },
            TlbiOperation.Ripas2Le1 => none.OfRange(operand) with { IsLastLevelOnly = true },
            TlbiOperation.Ripas2Le1Is => none.OfRange(operand) with { IsLastLevelOnly = true, IsBroadcast = true },
            _ => none,
        };
    }

    /// <summary>Tells whether it reaches a leaf by its address.</summary>
    /// <param name="ipa">The first address of the leaf.</param>
    /// <param name="size">Its size in bytes.</param>
    /// <returns>True when it does.</returns>
    public bool Reaches(ulong ipa, ulong size) => IsByIpa && Ipa <= ipa + (size - 1) && ipa <= Last;

    private Invalidation OfRange(ulong operand)
    {
        var range = new TlbiRange(operand);
        ulong first = range.FirstIpa.Value;

        // With a reserved granule it may reach nothing.
        return this with { IsByIpa = range.Length != 0, Ipa = first, Last = first + range.Length - 1, LevelHint = range.Level };
    }
}
