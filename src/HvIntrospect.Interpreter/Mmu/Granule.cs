using HvIntrospect.Registers;

namespace HvIntrospect.Interpreter.Mmu;

/// <summary>What a translation granule fixes: three constant rows.</summary>
/// <remarks>Arm Architecture Reference Manual (DDI 0487), "Translation granules".</remarks>
internal readonly struct Granule
{
    private static readonly Granule s_4K = new(12, 9, 1);
    private static readonly Granule s_16K = new(14, 11, 2);
    private static readonly Granule s_64K = new(16, 13, 2);

    private Granule(int pageShift, int stride, int firstBlockLevel)
    {
        PageShift = pageShift;
        Stride = stride;
        FirstBlockLevel = firstBlockLevel;
    }

    /// <summary>Gets the logarithm of the page size.</summary>
    public int PageShift { get; }

    /// <summary>Gets the address bits that one level resolves.</summary>
    public int Stride { get; }

    /// <summary>Gets the first level that may hold blocks, with 48-bit addresses.</summary>
    public int FirstBlockLevel { get; }

    /// <summary>Gets the row of a granule. IMPLEMENTATION DEFINED choice: a reserved value of a TG field means 4 KB.</summary>
    /// <param name="size">The granule.</param>
    /// <returns>The row.</returns>
    public static Granule Of(GranuleSize size) => size switch
    {
        GranuleSize.Size16K => s_16K,
        GranuleSize.Size64K => s_64K,
        _ => s_4K,
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
