using System;
using System.Diagnostics;
using System.Globalization;
using HvIntrospect.Samples.Shared;

namespace HvIntrospect.Samples.WatchIpa;

/// <summary>Shows a person that a long run is alive, and hands what was printed so far to whoever reads it.</summary>
internal sealed class Progress
{
    private static readonly TimeSpan s_interval = TimeSpan.FromMilliseconds(200);

    private readonly ConsoleOutput _console;
    private long _started = Stopwatch.GetTimestamp();
    private TimeSpan _next = s_interval;

    public Progress(ConsoleOutput console)
    {
        _console = console;
    }

    /// <summary>Gets the time since the run began.</summary>
    public TimeSpan Elapsed => Stopwatch.GetElapsedTime(_started);

    /// <summary>Begins the run.</summary>
    public void Start() => _started = Stopwatch.GetTimestamp();

    /// <summary>Shows how far the run is, now and then.</summary>
    public void Update(ulong instructions, ulong accesses)
    {
        TimeSpan elapsed = Elapsed;
        if (elapsed < _next)
        {
            return;
        }

        _next = elapsed + s_interval;
        double millions = instructions / 1e6;
        _console.ShowStatus(string.Create(
            CultureInfo.InvariantCulture, $"{millions:N0} million instructions, {millions / elapsed.TotalSeconds:F0} MIPS, {accesses:N0} accesses"));
        _console.Flush();
    }
}
