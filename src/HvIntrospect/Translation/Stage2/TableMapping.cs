namespace HvIntrospect.Translation.Stage2;

/// <summary>A mapping to be made: the distance from IPA to PA, the attribute fields and the first level with blocks.</summary>
internal readonly struct TableMapping
{
    private readonly ulong _distance;
    private readonly ulong _bits;
    private readonly int _firstLevel;

    public TableMapping(ulong distance, ulong bits, int firstLevel)
    {
        _distance = distance;
        _bits = bits;
        _firstLevel = firstLevel;
    }

    /// <summary>Tells whether descriptors of a level may map: at the last level always, before it where the architecture has blocks and IPA and PA are aligned alike.</summary>
    public bool AllowsLeaf(Stage2Geometry geometry, int level) => level == TranslationGranule.LastLevel
        || (level >= _firstLevel && geometry.Granule.AllowsLeaf(level, geometry.OutputBits) && (_distance & ((1UL << geometry.Granule.BlockSizeLog2(level)) - 1)) == 0);

    /// <summary>Makes the block or page descriptor of an IPA.</summary>
    public ulong Descriptor(ulong ipa, int level) =>
        unchecked(ipa + _distance) | _bits | (level == TranslationGranule.LastLevel ? 3UL : 1UL);
}
