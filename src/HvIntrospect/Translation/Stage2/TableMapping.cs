namespace HvIntrospect.Translation.Stage2;

/// <summary>A mapping to be made: the distance from IPA to PA, the attribute fields and the first level with blocks.</summary>
internal readonly struct TableMapping
{
    private readonly ulong _distance;
    private readonly ulong _bits;

    public TableMapping(ulong distance, ulong bits, int firstLevel)
    {
        _distance = distance;
        _bits = bits;
        FirstLevel = firstLevel;
    }

    public int FirstLevel { get; }

    /// <summary>Tells whether IPA and PA are equally aligned.</summary>
    public bool IsAligned(ulong size) => (_distance & (size - 1)) == 0;

    /// <summary>Makes the block or page descriptor of an IPA.</summary>
    public ulong Descriptor(ulong ipa, int level) =>
        unchecked(ipa + _distance) | _bits | (level == TranslationGranule.LastLevel ? 3UL : 1UL);
}
