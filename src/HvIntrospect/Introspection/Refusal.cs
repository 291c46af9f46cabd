using HvIntrospect.Registers;

namespace HvIntrospect.Introspection;

/// <summary>Why a transaction ended before its first side effect.</summary>
internal readonly struct Refusal
{
    private Refusal(RefusalKind kind, FaultStatus status = default, Va address = default, bool isWrite = false, UnhandledReason unhandled = default, string? field = null)
    {
        Kind = kind;
        Status = status;
        Address = address;
        IsWrite = isWrite;
        Unhandled = unhandled;
        Field = field;
    }

    /// <summary>Gets the refusal of a handler that wants the vCPU to stop.</summary>
    public static Refusal StopByWatch => new(RefusalKind.StopByWatch);

    /// <summary>Gets the refusal of the policy that stops at IPAs that nobody owns.</summary>
    public static Refusal StopAtUnowned => new(RefusalKind.StopAtUnowned);

    /// <summary>Gets the refusal of an exchange that is wider than the backend's atomic accesses.</summary>
    public static Refusal NotAtomic => new(RefusalKind.NotPossible, field: "atomic exchange");

    /// <summary>Gets the refusal of a store-exclusive that could never succeed: no monitor is offered, and load-exclusives cannot be made to trap.</summary>
    public static Refusal NoMonitor => new(RefusalKind.NotPossible, field: "exclusive monitor");

    /// <summary>Gets the refusal of an access that would set the Access flag or the dirty state in a descriptor whose writes are watched.</summary>
    public static Refusal WatchedDescriptor => new(RefusalKind.NotPossible, field: "update of a watched descriptor");

    /// <summary>Gets the refusal of an access to a page that is absent for a moment.</summary>
    public static Refusal InTransition => new(RefusalKind.InTransition);

    /// <summary>Gets the kind.</summary>
    public RefusalKind Kind { get; }

    /// <summary>Gets the status of an abort that the guest takes.</summary>
    public FaultStatus Status { get; }

    /// <summary>Gets the address that the abort reports.</summary>
    public Va Address { get; }

    /// <summary>Gets a value indicating whether the abort is that of a write.</summary>
    public bool IsWrite { get; }

    /// <summary>Gets why the exit is the embedder's.</summary>
    public UnhandledReason Unhandled { get; }

    /// <summary>Gets the field in which the exit contradicts the instruction, or what the backend lacks.</summary>
    public string? Field { get; }

    /// <summary>Makes the refusal after which the guest takes a Data Abort.</summary>
    /// <param name="status">The fault status.</param>
    /// <param name="address">The faulting address.</param>
    /// <param name="isWrite">True for a write.</param>
    /// <returns>The refusal.</returns>
    public static Refusal Abort(FaultStatus status, Va address, bool isWrite) => new(RefusalKind.Abort, status, address, isWrite);

    /// <summary>Makes the refusal that leaves the exit to the embedder.</summary>
    /// <param name="reason">Why.</param>
    /// <returns>The refusal.</returns>
    public static Refusal NotOurs(UnhandledReason reason) => new(RefusalKind.Unhandled, unhandled: reason);

    /// <summary>Makes the refusal of an exit that contradicts the instruction.</summary>
    /// <param name="field">The field.</param>
    /// <returns>The refusal.</returns>
    public static Refusal Inconsistent(string field) => new(RefusalKind.Inconsistent, field: field);
}
