namespace HvIntrospect.Watchpoints;

/// <summary>The life of a watch.</summary>
internal enum WatchState
{
    /// <summary>It was made inside a handler and waits for the end of the exit.</summary>
    Queued,

    /// <summary>Every vCPU is subject to it.</summary>
    Effective,

    /// <summary>Its removal has begun or is queued.</summary>
    Removing,

    /// <summary>No further event can arrive.</summary>
    Removed,
}
