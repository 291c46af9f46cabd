namespace HvIntrospect.A64;

/// <summary>What a decoder knows of a word.</summary>
public enum DecodeStatus : byte
{
    /// <summary>The word is UNDEFINED whatever features exist, as far as the table goes.</summary>
    Unallocated,

    /// <summary>The word is allocated by a feature that the decoder's feature set lacks: UNDEFINED there.</summary>
    MissingFeature,

    /// <summary>The word lies in SVE or SME, whose encodings are not modelled: it may be allocated or not.</summary>
    NotModelled,

    /// <summary>The word is an instruction.</summary>
    Allocated,
}
