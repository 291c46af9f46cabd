namespace HvIntrospect.Samples.WatchIpa;

/// <summary>Why a run ended.</summary>
/// <param name="Word">The word of the summary: one of the constants here.</param>
/// <param name="Reason">What happened, in a line for people.</param>
internal sealed record RunEnd(string Word, string Reason)
{
    /// <summary>The guest turned itself off with status 0.</summary>
    public const string Off = "off";

    /// <summary>The guest turned itself off with another status.</summary>
    public const string Failed = "failed";

    /// <summary>The guest reset itself.</summary>
    public const string Reset = "reset";

    /// <summary>The guest waits for an interrupt that can never come.</summary>
    public const string Halted = "halted";

    /// <summary>The guest faults in its own exception vectors, again and again.</summary>
    public const string Stuck = "stuck";

    /// <summary>The guest has retired as many instructions as the user allows.</summary>
    public const string Limit = "limit";

    /// <summary>The user stopped the run.</summary>
    public const string Interrupted = "interrupted";

    /// <summary>The guest did what the library or this program cannot perform.</summary>
    public const string Stopped = "stopped";

    /// <summary>Gets a value indicating whether the guest ended as it should.</summary>
    public bool IsNormal => Word == Off;
}
