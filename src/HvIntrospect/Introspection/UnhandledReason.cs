namespace HvIntrospect.Introspection;

/// <summary>Why an exit is the embedder's own.</summary>
public enum UnhandledReason : byte
{
    /// <summary>It is not.</summary>
    None,

    /// <summary>An exception that is not an abort of Stage 2: a call, a trapped instruction, a debug exception that no step of the library waits for.</summary>
    OtherException,

    /// <summary>A Stage 2 fault on memory that the guest has and Stage 2 does not map, for example because the embedder maps it on demand.</summary>
    NotMapped,

    /// <summary>A Stage 2 fault on memory that Stage 2 itself protects: no owner of the library has denied the access.</summary>
    Protected,

    /// <summary>An abort that is not a Stage 2 fault of an ordinary access: an external abort, an alignment fault of Stage 2, a TLB conflict.</summary>
    OtherAbort,

    /// <summary>A debug event of the host.</summary>
    DebugEvent,

    /// <summary>A hypervisor or secure monitor call.</summary>
    Hypercall,

    /// <summary>Shutdown, reset or suspension.</summary>
    SystemEvent,

    /// <summary>The vCPU waits for an interrupt.</summary>
    Halted,

    /// <summary>A host-side stop.</summary>
    Canceled,

    /// <summary>The backend cannot go on.</summary>
    BackendFailure,
}
