using System;
using HvIntrospect.Registers;

namespace HvIntrospect.Interpreter.Mmu;

/// <summary>What a translation granule fixes: three constant rows.</summary>
/// <remarks>Arm Architecture Reference Manual (DDI 0487), "Translation granules".</remarks>
internal readonly struct Granule
{
    // The physical address size with which 64 KB descriptors hold 52-bit addresses (FEAT_LPA).
    private const int LargeAddress = 52;
    private const int PlainAddress = 48;
    private static readonly Granule s_4K = new(12, 9, 1);
    private static readonly Granule s_16K = new(14, 11, 2);
    private static readonly Granule s_64K = new(16, 13, 2);

    private readonly int _firstBlockLevel;

    private Granule(int pageShift, int stride, int firstBlockLevel)
    {
        PageShift = pageShift;
        Stride = stride;
        _firstBlockLevel = firstBlockLevel;
    }

    /// <summary>Gets the logarithm of the page size.</summary>
    public int PageShift { get; }

    /// <summary>Gets the address bits that one level resolves.</summary>
    public int Stride { get; }

    /// <summary>Gets the row of a granule. IMPLEMENTATION DEFINED choice: a reserved value of a TG field means 4 KB.</summary>
    /// <param name="size">The granule.</param>
    /// <returns>The row.</returns>
    public static Granule Of(GranuleSize size) => size switch
    {
        GranuleSize.Size16K => s_16K,
        GranuleSize.Size64K => s_64K,
        _ => s_4K,
    };

    /// <summary>Gets the first level that may hold blocks.</summary>
    /// <param name="addressBits">The physical address size of the core.</param>
    /// <returns>1 or 2.</returns>
    public int FirstBlockLevel(int addressBits) => LargestAddress(addressBits) == LargeAddress ? 1 : _firstBlockLevel;

    /// <summary>Gets the largest address that tables of the granule work with: 52 bits only with 64 KB.</summary>
    /// <param name="addressBits">The physical address size of the core.</param>
    /// <returns>The number of bits, at most 52.</returns>
    public int LargestAddress(int addressBits) => Math.Min(addressBits, PageShift == 16 ? LargeAddress : PlainAddress);

    /// <summary>Gets how many descriptors with the Contiguous bit make one range.</summary>
    /// <param name="level">0 to 3.</param>
    /// <returns>The logarithm; 0 at levels where the bit means nothing.</returns>
    public int ContiguousLog2(int level) => (PageShift, level) switch
    {
        (12, >= 1) => 4,
        (14, 2) => 5,
        (14, 3) => 7,
        (16, >= 2) => 5,
        _ => 0,
    };

    /// <summary>Gets the logarithm of the range that an entry of a level covers.</summary>
    /// <param name="level">0 to 3.</param>
    /// <returns>The shift.</returns>
    public int ShiftAt(int level) => PageShift + ((3 - level) * Stride);

    /// <summary>Gets the level at which Stage 1 starts.</summary>
    /// <param name="inputBits">The size of the input address.</param>
    /// <returns>0 to 3.</returns>
    public int Stage1StartLevel(int inputBits) => 3 - ((inputBits - PageShift - 1) / Stride);

    /// <summary>Gets the level at which Stage 2 starts.</summary>
    /// <param name="sl0">VTCR_EL2.SL0.</param>
    /// <param name="addressBits">The physical address size of the core.</param>
    /// <returns>The level, or null for a value that is reserved, or needs more address bits.</returns>
    public int? Stage2StartLevel(int sl0, int addressBits) => (PageShift, sl0) switch
    {
        (12, 0) => 2,
        (12, 1) => 1,
        (12, 2) when addressBits >= 44 => 0,
        (14, 0) or (16, 0) => 3,
        (14, 1) or (16, 1) => 2,
        (14, 2) when addressBits >= 42 => 1,
        (16, 2) when addressBits >= 44 => 1,
        _ => null,
    };
}
