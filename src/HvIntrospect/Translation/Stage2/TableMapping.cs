using System;

namespace HvIntrospect.Translation.Stage2;

/// <summary>A mapping to be made: which physical memory, with which attributes, and how large its blocks and contiguous runs may be.</summary>
internal readonly struct TableMapping
{
    private readonly Stage2Format _format;
    private readonly ulong _distance;
    private readonly ulong _bits;
    private readonly int _firstLevel;
    private readonly ulong _largestRun;
    private readonly Denials? _denials;

    /// <summary>Makes a mapping.</summary>
    /// <param name="geometry">The shape of the tables.</param>
    /// <param name="distance">From IPA to PA.</param>
    /// <param name="attributes">The attributes, which fit the format.</param>
    /// <param name="firstLevel">The first level with blocks.</param>
    /// <param name="isContiguous">Whether the Contiguous bit is set where it may be.</param>
    /// <param name="denials">What of the access guards deny where; null for nothing.</param>
    public TableMapping(Stage2Geometry geometry, ulong distance, Stage2Attributes attributes, int firstLevel, bool isContiguous, Denials? denials)
    {
        _format = geometry.Format;
        _distance = distance;
        _bits = _format.Encode(attributes);
        _firstLevel = firstLevel;
        _denials = denials;

        // A run larger than the input size may fault.
        _largestRun = isContiguous ? 1UL << geometry.InputBits : 0;
    }

    /// <summary>Tells whether descriptors of a level may map: at the last level always, before it where the architecture has blocks and IPA and PA are aligned alike.</summary>
    public bool AllowsLeaf(int level) => level == TranslationGranule.LastLevel
        || (level >= _firstLevel && _format.AllowsLeaf(level) && IsAligned(1UL << _format.Granule.BlockSizeLog2(level)));

    /// <summary>Gets the last address up to which descriptors have the same attributes: guards may deny something from there on.</summary>
    public ulong LastAlike(ulong ipa)
    {
        ulong last = ulong.MaxValue;
        _denials?.At(ipa, out last);
        return last;
    }

    /// <summary>Makes the block or page descriptor of an IPA.</summary>
    public ulong Descriptor(ulong ipa, int level) =>
        _format.EncodeLeaf(unchecked(ipa + _distance), level, _denials is null ? _bits : _denials.Deny(_bits, ipa));

    /// <summary>Gets the size of a contiguous run of a level; 0 where there is none.</summary>
    public ulong RunSize(int level)
    {
        int log2 = _format.ContiguousLog2(level);
        ulong size = 1UL << (log2 + _format.Granule.BlockSizeLog2(level));
        return log2 != 0 && size <= _largestRun && IsAligned(size) ? size : 0;
    }

    /// <summary>Writes the descriptors of consecutive blocks or pages, which have the same attributes.</summary>
    public void Fill(ref TableWindow window, ulong address, int level, ulong ipa, int count)
    {
        int shift = _format.Granule.BlockSizeLog2(level);
        ulong run = RunSize(level);
        while (count > 0)
        {
            // Descriptors differ by a step as long as the address has no carry into a part that lies elsewhere.
            ulong part = Math.Min((ulong)count << shift, _format.PlainRun(unchecked(ipa + _distance)));
            ulong mark = 0;
            if (run != 0)
            {
                ulong toRun = unchecked(0 - ipa) & (run - 1);
                bool isRun = toRun == 0 && part >= run;
                mark = isRun ? Stage2Format.Contiguous : 0;
                part = isRun ? part & ~(run - 1) : Math.Min(part, toRun == 0 ? part : toRun);
            }

            window.Fill(address, (int)(part >> shift), Descriptor(ipa, level) | mark, 1UL << shift);
            address += part >> shift << 3;
            count -= (int)(part >> shift);
            ipa += part;
        }
    }

    private bool IsAligned(ulong size) => (_distance & (size - 1)) == 0;
}
