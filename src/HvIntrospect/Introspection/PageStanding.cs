namespace HvIntrospect.Introspection;

/// <summary>What an access that came to the library means for the page that it touches.</summary>
internal enum PageStanding
{
    /// <summary>The guest may make the access natively: the exit is stale.</summary>
    Permitted,

    /// <summary>An owner of the library denies the access: it is performed here.</summary>
    Denied,

    /// <summary>Stage 2 itself does not permit the access.</summary>
    Protected,

    /// <summary>The guest has memory there and Stage 2 does not map it.</summary>
    NotMapped,

    /// <summary>There is no memory: a device, or nobody.</summary>
    NoMemory,
}
