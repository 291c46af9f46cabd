using System;
using HvIntrospect.Registers;

namespace HvIntrospect.Translation;

/// <summary>One row for each translation granule: everything in which 4 KB, 16 KB and 64 KB tables differ.</summary>
/// <remarks>
/// Arm Architecture Reference Manual (DDI 0487), "Translation granules". Levels are those of the manual: 3 is the last.
/// Immutable and thread-safe; there are exactly three instances.
/// </remarks>
public sealed class TranslationGranule
{
    /// <summary>The last lookup level.</summary>
    internal const int LastLevel = 3;

    /// <summary>log2 of the most first tables of Stage 2.</summary>
    internal const int MostConcatenatedLog2 = 4;

    /// <summary>The smallest input size in bits without FEAT_TTST.</summary>
    internal const int SmallestUsualInput = 25;

    private readonly int _firstBlockLevel;

    private TranslationGranule(int sizeLog2, int firstBlockLevel, int stage2FirstLevel, int stage2FirstLevelBits, int stage2UsualStartLevel)
    {
        SizeLog2 = sizeLog2;
        _firstBlockLevel = firstBlockLevel;
        Stage2FirstLevel = stage2FirstLevel;
        Stage2FirstLevelBits = stage2FirstLevelBits;
        Stage2UsualStartLevel = stage2UsualStartLevel;
    }

    /// <summary>Gets the 4 KB granule: 512 descriptors a table, blocks of 1 GB and 2 MB, and of 512 GB with FEAT_LPA2.</summary>
    public static TranslationGranule Granule4K { get; } = new(
        12, firstBlockLevel: 1, stage2FirstLevel: 0, stage2FirstLevelBits: 44, stage2UsualStartLevel: 2);

    /// <summary>Gets the 16 KB granule: 2048 descriptors a table, blocks of 32 MB, and of 64 GB with FEAT_LPA2.</summary>
    public static TranslationGranule Granule16K { get; } = new(
        14, firstBlockLevel: 2, stage2FirstLevel: 1, stage2FirstLevelBits: 42, stage2UsualStartLevel: 3);

    /// <summary>Gets the 64 KB granule: 8192 descriptors a table, blocks of 512 MB, and of 4 TB with FEAT_LPA.</summary>
    public static TranslationGranule Granule64K { get; } = new(
        16, firstBlockLevel: 2, stage2FirstLevel: 1, stage2FirstLevelBits: 44, stage2UsualStartLevel: 3);

    /// <summary>Gets the granule as register fields name it.</summary>
    public GranuleSize GranuleSize => (GranuleSize)SizeLog2;

    /// <summary>Gets the size of a page and of a whole table in bytes.</summary>
    public ulong Size => 1UL << SizeLog2;

    /// <summary>Gets log2 of <see cref="Size"/>: 12, 14 or 16.</summary>
    public int SizeLog2 { get; }

    /// <summary>Gets the number of address bits that one level resolves: 9, 11 or 13.</summary>
    public int Stride => StrideOf(SizeLog2);

    /// <summary>Gets the number of descriptors in a table: 512, 2048 or 8192.</summary>
    internal int DescriptorsPerTable => 1 << Stride;

    /// <summary>Gets the first level at which a Stage 2 walk can start without FEAT_LPA2.</summary>
    internal int Stage2FirstLevel { get; }

    /// <summary>Gets the physical address size in bits that cores need for <see cref="Stage2FirstLevel"/>.</summary>
    internal int Stage2FirstLevelBits { get; }

    /// <summary>Gets the level at which a Stage 2 walk starts with VTCR_EL2.SL0 = 0; 1 and 2 select the two levels before it.</summary>
    internal int Stage2UsualStartLevel { get; }

    /// <summary>Gets the smallest input size in bits with FEAT_TTST: 16, or 17 with 64 KB tables.</summary>
    internal int SmallestInput => Math.Max(16, SizeLog2 + 1);

    /// <summary>Gets the granule of a register field.</summary>
    /// <param name="size">The size. The reserved values stand for 4 KB, which is the IMPLEMENTATION DEFINED choice made here.</param>
    /// <returns>One of the three granules.</returns>
    public static TranslationGranule Of(GranuleSize size) => size switch
    {
        GranuleSize.Size16K => Granule16K,
        GranuleSize.Size64K => Granule64K,
        _ => Granule4K,
    };

    /// <summary>Gets the number of address bits that one level resolves: as many as a page has descriptors of 8 bytes.</summary>
    internal static int StrideOf(int sizeLog2) => sizeLog2 - 3;

    /// <summary>Gets log2 of the bytes that one descriptor of a level maps.</summary>
    /// <param name="level">-1 to 3.</param>
    /// <returns>For example 21 for the 4 KB granule at level 2.</returns>
    public int BlockSizeLog2(int level) => SizeLog2 + ((LastLevel - level) * Stride);

    /// <summary>Tells whether a descriptor of a level may map a block (or, at level 3, a page).</summary>
    /// <param name="level">-1 to 3.</param>
    /// <param name="descriptorBits">
    /// The address size that descriptors can hold: 52 means 64 KB tables of cores with FEAT_LPA, or other tables with DS = 1 (FEAT_LPA2), which
    /// permit blocks one level earlier.
    /// </param>
    /// <returns>True when it may.</returns>
    public bool AllowsLeaf(int level, int descriptorBits) => level >= (descriptorBits >= 52 ? _firstBlockLevel - 1 : _firstBlockLevel);

    /// <summary>Gets log2 of how many descriptors make a contiguous run at a level: 4 with 4 KB, 5 or 7 with 16 KB, 5 with 64 KB tables; 0 where there are no runs.</summary>
    internal int ContiguousLog2(int level) => (SizeLog2, level) switch
    {
        (12, >= 1) => 4,
        (14, 2) or (16, >= 2) => 5,
        (14, LastLevel) => 7,
        _ => 0,
    };

    /// <summary>Gets the level at which a walk of some input bits starts when its tables are not concatenated.</summary>
    /// <param name="inputBits">The input size in bits.</param>
    /// <returns>-1 to 3.</returns>
    internal int StartLevel(int inputBits) => LastLevel - ((inputBits - 1 - SizeLog2) / Stride);

    /// <summary>Gets the largest address in bits that registers can configure: 52 with 64 KB tables or DS = 1.</summary>
    internal int LargestAddress(bool ds) => ds || this == Granule64K ? 52 : 48;

    /// <summary>Gets the effective output size.</summary>
    internal int OutputBits(int configuredBits, int implementedBits, bool ds) =>
        Math.Min(Math.Min(configuredBits, implementedBits), LargestAddress(ds));
}
