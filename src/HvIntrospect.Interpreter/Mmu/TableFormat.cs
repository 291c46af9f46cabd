using System;
using HvIntrospect.Registers;
using HvIntrospect.Translation;

namespace HvIntrospect.Interpreter.Mmu;

/// <summary>The layout of tables and descriptors of one granule on one core: which levels there are, and where a descriptor holds which bits of an address.</summary>
/// <remarks>Arm Architecture Reference Manual (DDI 0487), "VMSAv8-64 descriptor formats" and the sections "VMSAv8-64 translation using the 4KB granule", 16KB and 64KB.</remarks>
internal readonly struct TableFormat
{
    private const int LastLevel = 3;
    private const int PlainAddress = 48;
    private const int LargeAddress = 52;
    private const int EncodedLargeAddress = 6;
    private const int MostConcatenatedLog2 = 4;
    private const ulong PlainMask = (1UL << PlainAddress) - 1;

    private readonly int _addressBits;
    private readonly bool _has4K;
    private readonly bool _has64K;

    /// <summary>Initialises a format.</summary>
    /// <param name="size">The granule. IMPLEMENTATION DEFINED choice: a reserved value of a TG field means 4 KB.</param>
    /// <param name="isLarge">DS of the control register.</param>
    /// <param name="features">What the core implements of translation.</param>
    /// <param name="addressBits">The physical address size of the core.</param>
    public TableFormat(GranuleSize size, bool isLarge, TranslationFeatures features, int addressBits)
    {
        PageShift = size == GranuleSize.None ? (int)GranuleSize.Size4K : (int)size;
        _has4K = PageShift == (int)GranuleSize.Size4K;
        _has64K = PageShift == (int)GranuleSize.Size64K;
        IsLarge = isLarge && !_has64K && (features & TranslationFeatures.LPA2) != 0;
        _addressBits = addressBits;
    }

    /// <summary>Gets the logarithm of the page size.</summary>
    public int PageShift { get; }

    /// <summary>Gets the address bits that one level resolves: as many as a page has descriptors of 8 bytes.</summary>
    public int Stride => PageShift - 3;

    /// <summary>Gets a value indicating whether descriptors of 4 KB or 16 KB tables hold 52-bit addresses, and no shareability (FEAT_LPA2).</summary>
    public bool IsLarge { get; }

    /// <summary>Gets the largest address that the tables work with.</summary>
    public int LargestAddress => Math.Min(_addressBits, IsLarge || _has64K ? LargeAddress : PlainAddress);

    /// <summary>Gets the first level that may hold blocks: one more with 52-bit addresses.</summary>
    public int FirstBlockLevel => (_has4K ? 1 : 2) - (IsLarge || (_has64K && _addressBits >= LargeAddress) ? 1 : 0);

    /// <summary>Gets how many descriptors with the Contiguous bit make one range.</summary>
    /// <param name="level">-1 to 3.</param>
    /// <returns>The logarithm; 0 at levels where the bit means nothing.</returns>
    public int ContiguousLog2(int level) => (PageShift, level) switch
    {
        (12, >= 1) => 4,
        (14, 2) => 5,
        (14, LastLevel) => 7,
        (16, >= 2) => 5,
        _ => 0,
    };

    /// <summary>Gets the logarithm of the range that an entry of a level covers.</summary>
    /// <param name="level">-1 to 3.</param>
    /// <returns>The shift.</returns>
    public int ShiftAt(int level) => PageShift + ((LastLevel - level) * Stride);

    /// <summary>Gets the nearest size of addresses that Stage 1 may translate.</summary>
    /// <param name="txsz">TnSZ.</param>
    /// <param name="features">What the core implements of translation.</param>
    /// <returns>TnSZ itself where it is in its range.</returns>
    public int NearestStage1Size(int txsz, TranslationFeatures features)
    {
        bool isLarge = IsLarge || (_has64K && (features & TranslationFeatures.LVA) != 0);
        return Math.Clamp(txsz, 64 - (isLarge ? LargeAddress : PlainAddress), MaximumTxsz(features));
    }

    /// <summary>Tells whether Stage 2 may translate addresses of a size.</summary>
    /// <param name="t0sz">VTCR_EL2.T0SZ.</param>
    /// <param name="features">What the core implements of translation.</param>
    /// <returns>False where T0SZ is out of its range.</returns>
    public bool IsStage2Size(int t0sz, TranslationFeatures features) => t0sz >= 64 - LargestAddress && t0sz <= MaximumTxsz(features);

    /// <summary>Gets the level at which Stage 1 starts.</summary>
    /// <param name="inputBits">The size of the input address.</param>
    /// <returns>-1 to 3.</returns>
    public int Stage1StartLevel(int inputBits) => LastLevel - ((inputBits - PageShift - 1) / Stride);

    /// <summary>Gets the level at which Stage 2 starts.</summary>
    /// <param name="vtcr">VTCR_EL2, whose SL0 and SL2 select it.</param>
    /// <param name="features">What the core implements of translation.</param>
    /// <returns>The level; null for a selection that is reserved or needs more address bits, or a level that does not suit the input size.</returns>
    public int? Stage2StartLevel(Vtcr vtcr, TranslationFeatures features)
    {
        int selection = (_has4K && IsLarge ? vtcr.Sl2 << 2 : 0) | vtcr.Sl0;
        int? level = (PageShift, selection) switch
        {
            (12, 0) => 2,
            (12, 1) => 1,
            (12, 2) when _addressBits >= 44 => 0,
            (12, 3) when (features & TranslationFeatures.TTST) != 0 => LastLevel,
            (12, 4) when _addressBits >= LargeAddress => -1,
            (14, 0) or (16, 0) => LastLevel,
            (14, 1) or (16, 1) => 2,
            (14, 2) when _addressBits >= 42 => 1,
            (14, 3) when IsLarge && _addressBits >= LargeAddress => 0,
            (16, 2) when _addressBits >= 44 => 1,
            _ => null,
        };

        // The root may be one table or up to 16 concatenated ones, so that one level resolves 1 to stride + 4 bits.
        return level is int start && 64 - vtcr.T0sz - ShiftAt(start) is int resolved && resolved >= 1 && resolved <= Stride + MostConcatenatedLog2 ? start : null;
    }

    /// <summary>Gets the address of the root that a table base register names.</summary>
    /// <param name="register">TTBRn_ELx or VTTBR_EL2.</param>
    /// <param name="size">The size of the root in bytes, to which it is aligned: the bits below are dropped.</param>
    /// <param name="encodedSize">The encoded output size of the control register.</param>
    /// <returns>The address.</returns>
    public ulong RootOf(ulong register, ulong size, int encodedSize)
    {
        // With 52 bits BADDR[51:48] lies in bits 5:2, so that a table is aligned to 64 bytes at least.
        bool isFolded = IsLarge || (_has64K && _addressBits >= LargeAddress && encodedSize == EncodedLargeAddress);
        ulong root = register & PlainMask & ~1UL & ~((isFolded && size < 64 ? 64 : size) - 1);
        return isFolded ? root | (((register >> 2) & 0xF) << PlainAddress) : root;
    }

    /// <summary>Gets the address in a descriptor.</summary>
    /// <param name="descriptor">The descriptor.</param>
    /// <param name="lowBit">The lowest bit of the address that it may hold.</param>
    /// <returns>The address, which may have more bits than the output size permits.</returns>
    public ulong OutputOf(ulong descriptor, int lowBit)
    {
        ulong output = descriptor & PlainMask & ~((1UL << lowBit) - 1);
        return IsLarge ? output | (descriptor & (3UL << PlainAddress)) | (((descriptor >> 8) & 3) << 50)
            : _has64K && _addressBits >= LargeAddress ? output | (((descriptor >> 12) & 0xF) << PlainAddress)
            : output;
    }

    /// <summary>Gets the output size in bits.</summary>
    /// <param name="encodedSize">The encoded one that the control register asks for.</param>
    /// <returns>At most <see cref="LargestAddress"/>.</returns>
    public int OutputBits(int encodedSize) => Math.Min(PhysicalAddressSize.BitsOf(encodedSize), LargestAddress);

    // With small tables (FEAT_TTST) at least one bit above the page is resolved.
    private int MaximumTxsz(TranslationFeatures features) => (features & TranslationFeatures.TTST) == 0 ? 39 : _has64K ? 47 : 48;
}
