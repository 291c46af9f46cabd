namespace HvIntrospect.Translation.Stage2;

/// <summary>A mapping to be made: the distance from IPA to PA, the attribute fields and the first level with blocks.</summary>
internal readonly struct TableMapping
{
    private readonly Stage2Format _format;
    private readonly ulong _distance;
    private readonly ulong _bits;
    private readonly int _firstLevel;

    public TableMapping(Stage2Format format, ulong distance, ulong bits, int firstLevel)
    {
        _format = format;
        _distance = distance;
        _bits = bits;
        _firstLevel = firstLevel;
    }

    /// <summary>Tells whether descriptors of a level may map: at the last level always, before it where the architecture has blocks and IPA and PA are aligned alike.</summary>
    public bool AllowsLeaf(int level) => level == TranslationGranule.LastLevel
        || (level >= _firstLevel && _format.AllowsLeaf(level) && (_distance & ((1UL << _format.Granule.BlockSizeLog2(level)) - 1)) == 0);

    /// <summary>Gets the physical address that an IPA is mapped to.</summary>
    public ulong Target(ulong ipa) => unchecked(ipa + _distance);

    /// <summary>Makes the block or page descriptor of an IPA.</summary>
    public ulong Descriptor(ulong ipa, int level) => _format.EncodeLeaf(Target(ipa), level, _bits);
}
