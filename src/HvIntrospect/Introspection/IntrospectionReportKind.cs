namespace HvIntrospect.Introspection;

/// <summary>What an <see cref="IntrospectionReport"/> tells.</summary>
public enum IntrospectionReportKind
{
    /// <summary>A load or store of an IPA that nobody owns; once for each PC.</summary>
    UnownedAccess,

    /// <summary>A fetch from an IPA that is no memory; once for each PC.</summary>
    UnownedFetch,

    /// <summary>Cache maintenance of an IPA that nobody owns, which was skipped; once for each PC.</summary>
    UnownedMaintenance,

    /// <summary>So many different PCs accessed IPAs that nobody owns that further ones are not reported.</summary>
    UnownedReportsEnd,

    /// <summary>Two handlers replaced one byte by different values; the byte kept the guest's.</summary>
    ConflictingReplacements,

    /// <summary>A handler asked to skip or replace an access that is not exact, which cannot be done.</summary>
    ResponseNotPossible,

    /// <summary>An access that the library cannot perform; once for each PC.</summary>
    UnsupportedAccess,

    /// <summary>An exit and the instruction at its PC contradict each other.</summary>
    Inconsistent,

    /// <summary>
    /// A writer whose accesses do not come to the library, such as the embedder itself, changed the bytes between the event of a store and the store: the
    /// event's old value is not what the store replaced, or a store-exclusive failed, or an atomic is executed again, after its event.
    /// </summary>
    RacedStore,
}
