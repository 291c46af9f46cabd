using System.Runtime.CompilerServices;
using HvIntrospect.Registers;

namespace HvIntrospect.Translation;

/// <summary>Where the bits of an output address lie in a descriptor: five layouts for three granules.</summary>
/// <remarks>
/// Arm Architecture Reference Manual (DDI 0487), "VMSAv8-64 descriptor formats". With 48 bits an address stands where it is. 64 KB tables
/// of cores with FEAT_LPA keep bits 51:48 in bits 15:12, whatever output size is configured. With DS = 1 (FEAT_LPA2) the other granules keep
/// bits 49:48 where they are and bits 51:50 in bits 9:8, where SH is otherwise. Immutable and thread-safe.
/// </remarks>
internal sealed class DescriptorLayout
{
    private const int LargeBits = 52;
    private static readonly DescriptorLayout s_small4K = new(TranslationGranule.Granule4K, 48, foldedLow: 48, foldedAt: 0, foldedBits: 0);
    private static readonly DescriptorLayout s_small16K = new(TranslationGranule.Granule16K, 48, foldedLow: 48, foldedAt: 0, foldedBits: 0);
    private static readonly DescriptorLayout s_small64K = new(TranslationGranule.Granule64K, 48, foldedLow: 48, foldedAt: 0, foldedBits: 0);
    private static readonly DescriptorLayout s_large4K = new(TranslationGranule.Granule4K, LargeBits, foldedLow: 50, foldedAt: 8, foldedBits: 2);
    private static readonly DescriptorLayout s_large16K = new(TranslationGranule.Granule16K, LargeBits, foldedLow: 50, foldedAt: 8, foldedBits: 2);
    private static readonly DescriptorLayout s_large64K = new(TranslationGranule.Granule64K, LargeBits, foldedLow: 48, foldedAt: 12, foldedBits: 4);

    private readonly int _foldedLow;
    private readonly int _foldedShift;

    private DescriptorLayout(TranslationGranule granule, int addressBits, int foldedLow, int foldedAt, int foldedBits)
    {
        Granule = granule;
        AddressBits = addressBits;
        _foldedLow = foldedLow;
        _foldedShift = foldedLow - foldedAt;
        FoldedMask = ((1UL << foldedBits) - 1) << foldedAt;
        DirectMask = ((1UL << foldedLow) - 1) & ~(granule.Size - 1);
        int level = -1;
        while (!granule.AllowsLeaf(level, addressBits))
        {
            level++;
        }

        FirstLeafLevel = level;
    }

    /// <summary>Gets the granule.</summary>
    public TranslationGranule Granule { get; }

    /// <summary>Gets the number of address bits that a descriptor can hold: 48 or 52.</summary>
    public int AddressBits { get; }

    /// <summary>Gets a value indicating whether the upper bits of an address lie in bits 9:8, so that there is no SH field.</summary>
    public bool ReplacesShareability => FoldedMask == 3UL << 8;

    /// <summary>Gets the descriptor bits that hold the part of an address that stands where it is.</summary>
    public ulong DirectMask { get; }

    /// <summary>Gets the descriptor bits that hold the uppermost address bits; none with 48 bits.</summary>
    public ulong FoldedMask { get; }

    /// <summary>Gets the first level at which a descriptor may map a block.</summary>
    public int FirstLeafLevel { get; }

    /// <summary>Gets the layout of tables.</summary>
    /// <param name="granule">The granule.</param>
    /// <param name="implementedBits">The implemented physical address size: 64 KB tables hold 52 bits where it is 52 (FEAT_LPA).</param>
    /// <param name="ds">The effective value of DS, which says nothing about 64 KB tables.</param>
    /// <returns>One of the layouts.</returns>
    public static DescriptorLayout Of(TranslationGranule granule, int implementedBits, bool ds) => granule.GranuleSize switch
    {
        GranuleSize.Size16K => ds ? s_large16K : s_small16K,
        GranuleSize.Size64K => implementedBits >= LargeBits ? s_large64K : s_small64K,
        _ => ds ? s_large4K : s_small4K,
    };

    /// <summary>Gets the address in a table or page descriptor. In a block descriptor, bits below the block's size are other fields.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ulong AddressIn(ulong descriptor) => (descriptor & DirectMask) | ((descriptor & FoldedMask) << _foldedShift);

    /// <summary>Gets the bits of a descriptor that hold an address: a multiple of the page size below 2^<see cref="AddressBits"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ulong Encode(ulong address) => (address & DirectMask) | ((address >> _foldedShift) & FoldedMask);

    /// <summary>Gets how far from an address descriptors can be made by adding to the first one: up to where the folded part changes.</summary>
    public ulong PlainRun(ulong address)
    {
        ulong size = 1UL << _foldedLow;
        return size - (address & (size - 1));
    }

    /// <summary>Gets the address of the first table that a TTBR or VTTBR names, aligned down to the size of the first tables: the lower bits are RES0.</summary>
    /// <param name="register">The register.</param>
    /// <param name="sizeLog2">log2 of the size of the first tables in bytes.</param>
    /// <param name="outputBits">The effective output size: the register of 64 KB tables is folded only when it is 52.</param>
    public ulong TableBase(ulong register, int sizeLog2, int outputBits)
    {
        ulong address = register & 0x0000_FFFF_FFFF_FFFE;
        if (outputBits == LargeBits || ReplacesShareability)
        {
            // BADDR[51:48] lies in bits 5:2, so the table is aligned to 64 bytes at least.
            sizeLog2 = sizeLog2 < 6 ? 6 : sizeLog2;
            address |= ((register >> 2) & 0xF) << 48;
        }

        return address & ~((1UL << sizeLog2) - 1);
    }
}
