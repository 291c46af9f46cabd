using System;
using HvIntrospect.Registers;
using HvIntrospect.Translation;

namespace HvIntrospect.Interpreter.Checking;

/// <summary>The shape of Stage 2 tables as VTCR_EL2 gives it: addresses of up to 52 bits. Immutable.</summary>
/// <remarks>Arm Architecture Reference Manual (DDI 0487), "VTCR_EL2, Virtualization Translation Control Register". The address size of the cores is not known: what needs more than they have is not found.</remarks>
internal readonly record struct TableShape
{
    /// <summary>The level whose entries are pages.</summary>
    public const int LastLevel = 3;

    private const int PlainAddress = 48;
    private const int LargeAddress = 52;
    private const int EncodedLargeAddress = 6;
    private const int MostConcatenatedLog2 = 4;
    private const int FoldedRootShift = 2;

    /// <summary>Gets the logarithm of the granule's size.</summary>
    public int GranuleShift { get; private init; }

    /// <summary>Gets the level of the first lookup.</summary>
    public int StartLevel { get; private init; }

    /// <summary>Gets the number of bits that an intermediate physical address has.</summary>
    public int InputBits { get; private init; }

    /// <summary>Gets a value indicating whether descriptors of 4 KB or 16 KB tables hold 52-bit addresses, and no shareability.</summary>
    public bool IsLarge { get; private init; }

    /// <summary>Gets the number of entries in a table.</summary>
    public int EntriesPerTable => 1 << Stride;

    /// <summary>Gets the number of entries in the root tables together.</summary>
    public int RootEntries => 1 << (InputBits - ShiftOf(StartLevel));

    /// <summary>Gets what the address of the root is a multiple of: tables of fewer than 64 bytes are aligned to 64.</summary>
    public ulong RootAlignment => Math.Max(64, (ulong)RootEntries * sizeof(ulong));

    private int Stride => GranuleShift - 3;

    private bool IsRootFolded { get; init; }

    /// <summary>Reads the register.</summary>
    /// <param name="vtcr">VTCR_EL2.</param>
    /// <param name="features">What the cores implement of translation.</param>
    /// <param name="shape">The shape.</param>
    /// <returns>False when the architecture excludes it.</returns>
    public static bool TryRead(Vtcr vtcr, TranslationFeatures features, out TableShape shape)
    {
        int granule = (int)vtcr.Granule;
        bool isLarge = vtcr.HasLargeDescriptors && granule != (int)GranuleSize.Size64K && (features & TranslationFeatures.LPA2) != 0;
        bool hasSmallTables = (features & TranslationFeatures.TTST) != 0;
        int? start = (granule, vtcr.Sl0) switch
        {
            (12, 0) => isLarge && vtcr.Sl2 != 0 ? -1 : 2,
            (12, 1 or 2) when isLarge && vtcr.Sl2 != 0 => null,
            (12, 1) => 1,
            (12, 2) => 0,
            (12, 3) when hasSmallTables && !(isLarge && vtcr.Sl2 != 0) => LastLevel,
            (14, 3) when !isLarge => null,
            (16, 3) => null,
            (14 or 16, _) => LastLevel - vtcr.Sl0,
            _ => null,
        };
        int inputBits = 64 - vtcr.T0sz;
        shape = new TableShape
        {
            GranuleShift = granule,
            InputBits = inputBits,
            StartLevel = start ?? 0,
            IsLarge = isLarge,
            IsRootFolded = isLarge || (granule == (int)GranuleSize.Size64K && vtcr.Ps == EncodedLargeAddress),
        };
        int largest = isLarge || granule == (int)GranuleSize.Size64K ? LargeAddress : PlainAddress;
        int smallest = !hasSmallTables ? 25 : granule == (int)GranuleSize.Size64K ? 17 : 16;
        if (start is null || inputBits > largest || inputBits < smallest)
        {
            return false;
        }

        int first = shape.ShiftOf(shape.StartLevel);
        return inputBits > first && inputBits <= first + shape.Stride + MostConcatenatedLog2;
    }

    /// <summary>Gets the address of the root tables.</summary>
    /// <param name="vttbr">VTTBR_EL2.</param>
    /// <returns>The address as it was written, aligned or not.</returns>
    public ulong RootOf(Vttbr vttbr)
    {
        const ulong Folded = 0xFUL << FoldedRootShift;
        ulong value = vttbr.Value & ((1UL << PlainAddress) - 1) & ~1UL;
        return IsRootFolded ? (value & ~Folded) | ((value & Folded) << (PlainAddress - FoldedRootShift)) : value;
    }

    /// <summary>Gets the address in a descriptor.</summary>
    /// <param name="descriptor">The descriptor.</param>
    /// <param name="lowBit">The lowest bit of the address.</param>
    /// <returns>The address.</returns>
    public ulong OutputOf(ulong descriptor, int lowBit)
    {
        ulong output = descriptor & ((1UL << PlainAddress) - 1) & ~((1UL << lowBit) - 1);
        return IsLarge ? output | (descriptor & (3UL << PlainAddress)) | (((descriptor >> 8) & 3) << 50)
            : GranuleShift == (int)GranuleSize.Size64K ? output | (((descriptor >> 12) & 0xF) << PlainAddress)
            : output;
    }

    /// <summary>Gets the logarithm of what an entry translates.</summary>
    /// <param name="level">The level of its table.</param>
    /// <returns>The logarithm of the number of bytes.</returns>
    public int ShiftOf(int level) => GranuleShift + ((LastLevel - level) * Stride);

    /// <summary>Gets how many entries a contiguous group has.</summary>
    /// <param name="level">The level of the table.</param>
    /// <returns>The number, or 1 where the level has none.</returns>
    public int ContiguousEntries(int level) => (GranuleShift, level) switch
    {
        (12, >= 1) => 16,
        (14, 2) => 32,
        (14, LastLevel) => 128,
        (16, >= 2) => 32,
        _ => 1,
    };
}
