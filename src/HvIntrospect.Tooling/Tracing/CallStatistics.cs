namespace HvIntrospect.Tooling.Tracing;

/// <summary>What a <see cref="CallRecorder"/> has seen.</summary>
/// <remarks>Immutable and thread-safe. Entries are reported, filtered or too deep; returns are matched, unmatched or too deep.</remarks>
public readonly struct CallStatistics
{
    /// <summary>Gets the entries.</summary>
    public long Entries { get; init; }

    /// <summary>Gets the calls that were reported.</summary>
    public long Reported { get; init; }

    /// <summary>Gets the calls that the filter left out.</summary>
    public long Filtered { get; init; }

    /// <summary>Gets the calls that were deeper than <see cref="CallRecorderOptions.MaximumDepth"/>.</summary>
    public long TooDeep { get; init; }

    /// <summary>Gets the returns.</summary>
    public long Returns { get; init; }

    /// <summary>Gets the returns from a function whose entry nobody saw.</summary>
    public long UnmatchedReturns { get; init; }

    /// <summary>Gets the calls, reported or not, that ended as <see cref="CallEnd.Unseen"/>.</summary>
    public long Unseen { get; init; }

    /// <summary>Gets the threads that were forgotten for others.</summary>
    public long ForgottenThreads { get; init; }
}
