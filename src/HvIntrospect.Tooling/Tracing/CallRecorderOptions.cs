using System;

namespace HvIntrospect.Tooling.Tracing;

/// <summary>Limits and choices of a <see cref="CallRecorder"/>.</summary>
/// <remarks>Not thread-safe while it is changed; a recorder copies what it needs.</remarks>
public sealed class CallRecorderOptions
{
    private int _maximumDepth = 1024;
    private int _maximumThreads = 4096;

    /// <summary>Gets or sets the open calls that a thread may have, 1 to 65,536; deeper ones are counted and not reported. The default is 1024.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not 1 to 65,536.</exception>
    public int MaximumDepth
    {
        get => _maximumDepth;
        set => _maximumDepth = value is >= 1 and <= 0x1_0000 ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "The depth must be 1 to 65,536.");
    }

    /// <summary>Gets or sets the threads that are known at a time, 1 to 1,048,576; for one more, the thread without an event for longest is forgotten, and its calls
    /// end as <see cref="CallEnd.Unfinished"/>. The default is 4096.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not 1 to 1,048,576.</exception>
    public int MaximumThreads
    {
        get => _maximumThreads;
        set => _maximumThreads = value is >= 1 and <= 0x10_0000 ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "The threads must be 1 to 1,048,576.");
    }

    /// <summary>Gets or sets what decides which calls are reported, for example <see cref="CallRateLimiter.Allow"/>; null, the default, for all.</summary>
    public CallFilter? Filter { get; set; }
}
