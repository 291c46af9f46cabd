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

    private readonly int _firstBlockLevel;
    private readonly int _firstBlockLevelOf52Bits;

    private TranslationGranule(
        int sizeLog2, int firstBlockLevel, int firstBlockLevelOf52Bits, int stage2FirstLevel, int stage2FirstLevelBits, int stage2LastStartLevel)
    {
        SizeLog2 = sizeLog2;
        _firstBlockLevel = firstBlockLevel;
        _firstBlockLevelOf52Bits = firstBlockLevelOf52Bits;
        Stage2FirstLevel = stage2FirstLevel;
        Stage2FirstLevelBits = stage2FirstLevelBits;
        Stage2LastStartLevel = stage2LastStartLevel;
    }

    /// <summary>Gets the 4 KB granule: 512 descriptors a table, blocks of 1 GB and 2 MB.</summary>
    public static TranslationGranule Granule4K { get; } = new(
        12, firstBlockLevel: 1, firstBlockLevelOf52Bits: 1, stage2FirstLevel: 0, stage2FirstLevelBits: 44, stage2LastStartLevel: 2);

    /// <summary>Gets the 16 KB granule: 2048 descriptors a table, blocks of 32 MB.</summary>
    public static TranslationGranule Granule16K { get; } = new(
        14, firstBlockLevel: 2, firstBlockLevelOf52Bits: 2, stage2FirstLevel: 1, stage2FirstLevelBits: 42, stage2LastStartLevel: 3);

    /// <summary>Gets the 64 KB granule: 8192 descriptors a table, blocks of 512 MB, and of 4 TB with 52-bit physical addresses.</summary>
    public static TranslationGranule Granule64K { get; } = new(
        16, firstBlockLevel: 2, firstBlockLevelOf52Bits: 1, stage2FirstLevel: 1, stage2FirstLevelBits: 44, stage2LastStartLevel: 3);

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

    /// <summary>Gets the first level at which a Stage 2 walk can start.</summary>
    internal int Stage2FirstLevel { get; }

    /// <summary>Gets the physical address size in bits that cores need for <see cref="Stage2FirstLevel"/>.</summary>
    internal int Stage2FirstLevelBits { get; }

    /// <summary>Gets the last level at which a Stage 2 walk can start, which VTCR_EL2.SL0 = 0 selects; larger values select the levels before it.</summary>
    internal int Stage2LastStartLevel { get; }

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
    /// <param name="outputBits">The implemented physical address size in bits, 32 to 52.</param>
    /// <returns>True when it may.</returns>
    public bool AllowsLeaf(int level, int outputBits) => level >= (outputBits >= 52 ? _firstBlockLevelOf52Bits : _firstBlockLevel);

    /// <summary>Gets the level at which a walk of some input bits starts when its tables are not concatenated.</summary>
    /// <param name="inputBits">The input size in bits.</param>
    /// <returns>-1 to 3.</returns>
    internal int StartLevel(int inputBits) => LastLevel - ((inputBits - 1 - SizeLog2) / Stride);

    /// <summary>Tells whether a Stage 2 walk can start at a level: 1 to 16 first tables that resolve at least one bit, on cores that have the level.</summary>
    internal bool CanStartStage2(int level, int inputBits, int implementedBits)
    {
        int least = BlockSizeLog2(level) + 1;
        return level >= (implementedBits >= Stage2FirstLevelBits ? Stage2FirstLevel : Stage2FirstLevel + 1) && level <= Stage2LastStartLevel
            && inputBits >= least && inputBits <= least + Stride - 1 + MostConcatenatedLog2;
    }

    /// <summary>Gets the effective output size: 52 bits exist only with the 64 KB granule.</summary>
    internal int OutputBits(int configuredBits, int implementedBits) =>
        Math.Min(Math.Min(configuredBits, implementedBits), SizeLog2 == 16 ? 52 : 48);

    /// <summary>Gets the address of the first table that a TTBR or VTTBR names, aligned down to the size of the first tables: the lower bits are RES0.</summary>
    internal ulong TableBase(ulong register, int inputBits, int startLevel, int outputBits)
    {
        int sizeLog2 = inputBits - BlockSizeLog2(startLevel) + 3;
        ulong address = register & 0x0000_FFFF_FFFF_FFFE;
        if (outputBits == 52)
        {
            // BADDR[51:48] lies in bits 5:2, so the table is aligned to 64 bytes at least.
            sizeLog2 = Math.Max(sizeLog2, 6);
            address |= ((register >> 2) & 0xF) << 48;
        }

        return address & ~((1UL << sizeLog2) - 1);
    }

    /// <summary>Gets the address in a descriptor.</summary>
    internal ulong OutputAddress(ulong descriptor, int lowBit, int outputBits)
    {
        ulong address = descriptor & 0x0000_FFFF_FFFF_FFFF & ~((1UL << lowBit) - 1);
        return outputBits == 52 ? address | (((descriptor >> 12) & 0xF) << 48) : address;
    }
}
