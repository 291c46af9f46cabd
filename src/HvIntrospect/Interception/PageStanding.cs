namespace HvIntrospect.Interception;

/// <summary>What an access that came to the library means for the page that it touches.</summary>
public enum PageStanding
{
    /// <summary>The guest may make the access natively: the exit is stale.</summary>
    Permitted,

    /// <summary>A guard refuses the access: it is performed by the library.</summary>
    Denied,

    /// <summary>Only the dirty log waits for the write: when it has taken note of it (<see cref="PageGuards.Log"/>), the guest may make it natively.</summary>
    Logged,

    /// <summary>Stage 2 itself does not permit the access.</summary>
    Protected,

    /// <summary>The guest has memory there and Stage 2 does not map it. Only a backend that knows memory apart from its mapping tells.</summary>
    NotMapped,

    /// <summary>There is no memory: a device, or nobody. So it is, too, where the guest's memory is what Stage 2 maps and nothing is mapped.</summary>
    NoMemory,

    /// <summary>The page is absent only for a moment, because its mapping is being changed: the guest tries again.</summary>
    InTransition,
}
