using System;
using HvIntrospect.Registers;

namespace HvIntrospect.Translation.Stage2;

/// <summary>What the cores that run a VM implement and Stage 2 depends on: address size, granules, features of translation, and how TLBs and caches are maintained.</summary>
/// <remarks>
/// <para>Read from a core (<see cref="Read"/>), decoded from the values of its identification registers (<see cref="FromRegisters"/>), or changed by hand with a <c>with</c> expression.
/// A VM that runs on cores of several kinds has what all of them have: <see cref="CommonTo"/>.</para>
/// <para>Arm Architecture Reference Manual (DDI 0487), "ID_AA64MMFR0_EL1, AArch64 Memory Model Feature Register 0" and the two after it,
/// "ID_AA64ISAR0_EL1, AArch64 Instruction Set Attribute Register 0", "CTR_EL0, Cache Type Register". Immutable and thread-safe.</para>
/// </remarks>
public sealed record Stage2CoreFeatures
{
    private const int SmallestLine = 4;
    private const int LargestAddressBits = 52;

    // L1Ip: Physically Indexed, Physically Tagged.
    private const int PhysicalPolicy = 3;

    private Stage2CoreFeatures()
    {
    }

    /// <summary>Gets what every Armv8.0 core understands: no optional feature, every granule, caches that need all maintenance in lines of the smallest size, and 40-bit physical addresses.</summary>
    public static Stage2CoreFeatures Armv8_0 { get; } = new();

    /// <summary>Gets the size of physical addresses: 32, 36, 40, 42, 44, 48 or 52 bits.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is another number.</exception>
    public int PhysicalAddressBits
    {
        get;
        init => field = value is 32 or 36 or 40 or 42 or 44 or 48 or LargestAddressBits
            ? value
            : throw new ArgumentOutOfRangeException(nameof(value), value, "The physical address size is 32, 36, 40, 42, 44, 48 or 52 bits.");
    }

    = 40;

    /// <summary>
    /// Gets the features of translation. <see cref="TranslationFeatures.HAFDBS"/> is given where the walker manages both the Access flag and the dirty state, not where
    /// it manages the flag alone; <see cref="TranslationFeatures.LPA2"/> where each of the granules of 4 and 16 KB that Stage 2 has takes 52-bit addresses.
    /// </summary>
    public TranslationFeatures Translation { get; init; }

    /// <summary>Gets a value indicating whether Stage 2 has the granule of 4 KB.</summary>
    public bool HasGranule4K { get; init; } = true;

    /// <summary>Gets a value indicating whether Stage 2 has the granule of 16 KB.</summary>
    public bool HasGranule16K { get; init; } = true;

    /// <summary>Gets a value indicating whether Stage 2 has the granule of 64 KB.</summary>
    public bool HasGranule64K { get; init; } = true;

    /// <summary>Gets a value indicating whether a TLBI takes the level of the entry as a hint: FEAT_TTL.</summary>
    public bool HasLevelHints { get; init; }

    /// <summary>Gets a value indicating whether a TLBI can name a range: FEAT_TLBIRANGE.</summary>
    public bool HasRangeInvalidation { get; init; }

    /// <summary>Gets a value indicating whether new code must be cleaned from the data cache before it is fetched (CTR_EL0.IDC = 0).</summary>
    public bool NeedsDataCacheClean { get; init; } = true;

    /// <summary>Gets a value indicating whether the instruction cache must be invalidated before new code is fetched (CTR_EL0.DIC = 0).</summary>
    public bool NeedsInstructionCacheInvalidation { get; init; } = true;

    /// <summary>
    /// Gets a value indicating whether the instruction cache is looked up by physical addresses (CTR_EL0.L1Ip), so that an invalidation by address through EL2's mapping
    /// finds what a guest fetched through another. Where it is not, all of it must go.
    /// </summary>
    public bool HasPhysicalInstructionCache { get; init; }

    /// <summary>Gets the size in bytes of the smallest line of any data or unified cache (CTR_EL0.DminLine): a power of two, at least 4.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is not such a number.</exception>
    public int DataCacheLine
    {
        get;
        init => field = CheckLine(value);
    }

    = SmallestLine;

    /// <summary>Gets the size in bytes of the smallest line of any instruction cache (CTR_EL0.IminLine): a power of two, at least 4.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is not such a number.</exception>
    public int InstructionCacheLine
    {
        get;
        init => field = CheckLine(value);
    }

    = SmallestLine;

    /// <summary>Gets the level at which changes of a block's size are supported: 0 by break-before-make only, 1 by the nT bit, 2 without either.</summary>
    /// <remarks>
    /// Tables change the Contiguous bit in place from level 1 on, sizes at level 2; they do not use nT, with which a walk may fault as in a break. Until the TLBs have forgotten the old size, a core may find two
    /// entries for an address and report a TLB conflict abort (<see cref="FaultKind.TlbConflict"/>): whoever gets it at EL2 issues TLBI VMALLS12E1 and a DSB for the guest's VMID and runs the guest again, nothing else is
    /// certain to end it. Where a core may report it to the guest itself, take <see cref="TranslationFeatures.BBML1"/> and <see cref="TranslationFeatures.BBML2"/> out of the features from which tables are made.
    /// </remarks>
    public int BreakBeforeMakeLevel => Has(TranslationFeatures.BBML2) ? 2 : Has(TranslationFeatures.BBML1) ? 1 : 0;

    /// <summary>Reads the identification registers of a core.</summary>
    /// <param name="operations">The core.</param>
    /// <returns>What it implements.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="operations"/> is null.</exception>
    public static Stage2CoreFeatures Read(IEl2Operations operations)
    {
        _ = operations ?? throw new ArgumentNullException(nameof(operations));
        return FromRegisters(
            operations.ReadSystemRegister(SystemRegister.IdAa64Mmfr0El1),
            operations.ReadSystemRegister(SystemRegister.IdAa64Mmfr1El1),
            operations.ReadSystemRegister(SystemRegister.IdAa64Mmfr2El1),
            operations.ReadSystemRegister(SystemRegister.IdAa64Isar0El1),
            operations.ReadSystemRegister(SystemRegister.CtrEl0));
    }

    /// <summary>Decodes identification registers. Values that the architecture has not defined yet mean what the largest defined value below them means, as it demands.</summary>
    /// <param name="mmfr0">ID_AA64MMFR0_EL1: PARange and the granules.</param>
    /// <param name="mmfr1">ID_AA64MMFR1_EL1: HAFDBS, VMIDBits, HPDS, PAN and XNX.</param>
    /// <param name="mmfr2">ID_AA64MMFR2_EL1: VARange, ST, TTL, FWB, BBM and E0PD.</param>
    /// <param name="isar0">ID_AA64ISAR0_EL1: TLB.</param>
    /// <param name="ctr">CTR_EL0: lines, policy, IDC and DIC.</param>
    /// <returns>What a core with these values implements. A physical address size above 52 bits counts as 52, all that 64-bit descriptors hold.</returns>
    public static Stage2CoreFeatures FromRegisters(ulong mmfr0, ulong mmfr1, ulong mmfr2, ulong isar0, ulong ctr)
    {
        // At Stage 2 0 means: as at Stage 1, where the fields of 4 and 64 KB are signed and that of 16 KB is not.
        int granule4 = Field(mmfr0, 40) is int stage2 and not 0 ? stage2 - 1 : SignedField(mmfr0, 28) + 1;
        int granule16 = Field(mmfr0, 32) is int own and not 0 ? own - 1 : Field(mmfr0, 20);
        int granule64 = Field(mmfr0, 36) is int large and not 0 ? large - 1 : SignedField(mmfr0, 24) + 1;
        bool takesLarge = Math.Max(granule4, granule16) > 1 && granule4 is not 1 && granule16 is not 1;
        TranslationFeatures translation = TranslationFeatures.None;
        Set(Field(mmfr1, 0) >= 2, TranslationFeatures.HAFDBS);
        Set(Field(mmfr1, 4) >= 2, TranslationFeatures.VMID16);
        Set(Field(mmfr1, 12) >= 1, TranslationFeatures.HPDS);
        Set(Field(mmfr1, 20) >= 3, TranslationFeatures.PAN3);
        Set(Field(mmfr1, 28) >= 1, TranslationFeatures.XNX);
        Set(Field(mmfr2, 16) >= 1, TranslationFeatures.LVA);
        Set(Field(mmfr2, 28) >= 1, TranslationFeatures.TTST);
        Set(Field(mmfr2, 40) >= 1, TranslationFeatures.S2FWB);
        Set(Field(mmfr2, 52) >= 1, TranslationFeatures.BBML1);
        Set(Field(mmfr2, 52) >= 2, TranslationFeatures.BBML2);
        Set(Field(mmfr2, 60) >= 1, TranslationFeatures.E0PD);
        Set(takesLarge, TranslationFeatures.LPA2);
        return new Stage2CoreFeatures
        {
            PhysicalAddressBits = Math.Min(PhysicalAddressSize.BitsOf(Math.Min(Field(mmfr0, 0), 7)), LargestAddressBits),
            Translation = translation,
            HasGranule4K = granule4 > 0,
            HasGranule16K = granule16 > 0,
            HasGranule64K = granule64 > 0,
            HasLevelHints = Field(mmfr2, 48) >= 1,
            HasRangeInvalidation = Field(isar0, 56) >= 2,
            NeedsDataCacheClean = (ctr & (1UL << 28)) == 0,
            NeedsInstructionCacheInvalidation = (ctr & (1UL << 29)) == 0,
            HasPhysicalInstructionCache = ((int)(ctr >> 14) & 3) == PhysicalPolicy,
            DataCacheLine = SmallestLine << Field(ctr, 16),
            InstructionCacheLine = SmallestLine << Field(ctr, 0),
        };

        void Set(bool isImplemented, TranslationFeatures feature) => translation |= isImplemented ? feature : TranslationFeatures.None;
    }

    /// <summary>Gets what these and other cores have in common, so that a VM can run on either: the maintenance that one of them needs is needed.</summary>
    /// <param name="other">The other cores.</param>
    /// <returns>What both implement.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="other"/> is null.</exception>
    public Stage2CoreFeatures CommonTo(Stage2CoreFeatures other)
    {
        _ = other ?? throw new ArgumentNullException(nameof(other));
        return new Stage2CoreFeatures
        {
            PhysicalAddressBits = Math.Min(PhysicalAddressBits, other.PhysicalAddressBits),
            Translation = Translation & other.Translation,
            HasGranule4K = HasGranule4K && other.HasGranule4K,
            HasGranule16K = HasGranule16K && other.HasGranule16K,
            HasGranule64K = HasGranule64K && other.HasGranule64K,
            HasLevelHints = HasLevelHints && other.HasLevelHints,
            HasRangeInvalidation = HasRangeInvalidation && other.HasRangeInvalidation,
            NeedsDataCacheClean = NeedsDataCacheClean || other.NeedsDataCacheClean,
            NeedsInstructionCacheInvalidation = NeedsInstructionCacheInvalidation || other.NeedsInstructionCacheInvalidation,
            HasPhysicalInstructionCache = HasPhysicalInstructionCache && other.HasPhysicalInstructionCache,
            DataCacheLine = Math.Min(DataCacheLine, other.DataCacheLine),
            InstructionCacheLine = Math.Min(InstructionCacheLine, other.InstructionCacheLine),
        };
    }

    /// <summary>Tells whether the cores have all of some features of translation.</summary>
    /// <param name="features">The features.</param>
    /// <returns>True when they have each of them.</returns>
    public bool Has(TranslationFeatures features) => (Translation & features) == features;

    /// <summary>Tells whether Stage 2 has a granule.</summary>
    /// <param name="granule">The granule.</param>
    /// <returns>True when it does; false for <see cref="GranuleSize.None"/>.</returns>
    public bool Has(GranuleSize granule) => granule switch
    {
        GranuleSize.Size4K => HasGranule4K,
        GranuleSize.Size16K => HasGranule16K,
        GranuleSize.Size64K => HasGranule64K,
        _ => false,
    };

    private static int Field(ulong register, int low) => (int)(register >> low) & 0xF;

    private static int SignedField(ulong register, int low) => (int)((long)(register << (60 - low)) >> 60);

    private static int CheckLine(int value) => value >= SmallestLine && (value & (value - 1)) == 0
        ? value
        : throw new ArgumentOutOfRangeException(nameof(value), value, "The size of a cache line is a power of two, at least 4.");
}
