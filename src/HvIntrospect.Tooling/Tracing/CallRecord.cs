namespace HvIntrospect.Tooling.Tracing;

/// <summary>One call of a function.</summary>
/// <remarks>Immutable and thread-safe. Within a thread calls nest: a call lies in the time of the one that it is nested in.</remarks>
public readonly struct CallRecord
{
    /// <summary>Gets the number of the call: 1 for the first that is reported, then ascending in the order of entries.</summary>
    public long Id { get; init; }

    /// <summary>Gets <see cref="Id"/> of the innermost reported call that this one is nested in; 0 when there is none.</summary>
    public long ParentId { get; init; }

    /// <summary>Gets the number of reported calls that this one is nested in.</summary>
    public int Depth { get; init; }

    /// <summary>Gets the number of the thread: 1 for the first with a reported call, then ascending. A thread that was forgotten (<see cref="CallRecorderOptions.MaximumThreads"/>) gets another one.</summary>
    public long ThreadNumber { get; init; }

    /// <summary>Gets what was seen at the entry; its time is not before that of any earlier event of the thread.</summary>
    public CallEntry Entry { get; init; }

    /// <summary>Gets how the call ended.</summary>
    public CallEnd End { get; init; }

    /// <summary>Gets the vCPU that was in the function's thread when it ended.</summary>
    public int EndVcpu { get; init; }

    /// <summary>Gets the guest time of the end, never before that of the entry. For <see cref="CallEnd.Unseen"/> it is that of the event which told it.</summary>
    public ulong EndTime { get; init; }

    /// <summary>Gets X0 at the return; 0 unless <see cref="End"/> is <see cref="CallEnd.Returned"/>.</summary>
    public ulong ReturnValue { get; init; }

    /// <summary>Gets the guest time between entry and end.</summary>
    public ulong Duration => EndTime - Entry.Time;
}
