namespace HvIntrospect.A64;

/// <summary>The outcome of decoding a word as a load/store.</summary>
public enum LoadStoreStatus : byte
{
    /// <summary>The word lies outside of the load/store group. It may access memory all the same (DC ZVA, SVE, GCSPUSHM).</summary>
    NotLoadStore,

    /// <summary>The word lies in the group and is UNDEFINED whatever features exist, as far as the table goes.</summary>
    Unallocated,

    /// <summary>The word is allocated by a feature that the decoder's feature set lacks: UNDEFINED there.</summary>
    MissingFeature,

    /// <summary>The word is a load/store, or a prefetch.</summary>
    Valid,

    /// <summary>The word is a load/store whose effect an implementation may choose; see <see cref="LoadStoreAccess.Unpredictable"/>.</summary>
    ConstrainedUnpredictable,
}
