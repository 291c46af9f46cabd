namespace HvIntrospect.Watchpoints;

/// <summary>What a handler wants to happen to an access, in ascending precedence: of several answers to one access the highest decides.</summary>
public enum WatchResponseKind : byte
{
    /// <summary>The access is performed as it is.</summary>
    Continue,

    /// <summary>The access is performed with other bytes.</summary>
    Replace,

    /// <summary>The access is not performed: PC advances and writeback happens, loads leave their destinations unchanged, the status of a store-exclusive is 1.</summary>
    Skip,

    /// <summary>The guest takes a synchronous External abort instead of the access.</summary>
    InjectExternalAbort,

    /// <summary>The guest takes a Stage 1 Permission fault instead of the access.</summary>
    InjectPermissionFault,

    /// <summary>The vCPU stops before the access; resuming it performs the access without a second event.</summary>
    Stop,
}
