using System;
using System.Collections.Generic;

namespace HvIntrospect.Tooling.Tracing;

/// <summary>A <see cref="CallFilter"/> that lets a function be reported so many times in each window of guest time, so that a hot one cannot drown the others.</summary>
/// <remarks>A window begins with a call and is over when its length has passed. Not thread-safe. Memory is bounded: functions beyond the number that is given share one count.</remarks>
public sealed class CallRateLimiter
{
    private readonly Dictionary<Va, Window> _windows = new();
    private readonly int _maximumCalls;
    private readonly ulong _length;
    private readonly int _maximumFunctions;
    private readonly Window _others = new();

    /// <summary>Makes a limiter.</summary>
    /// <param name="maximumCalls">Calls of a function in a window, at least 1.</param>
    /// <param name="length">The length of a window, in the unit of <see cref="CallEntry.Time"/>, at least 1.</param>
    /// <param name="maximumFunctions">Functions with a count of their own, at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is too small.</exception>
    public CallRateLimiter(int maximumCalls, ulong length, int maximumFunctions = 0x1_0000)
    {
        _maximumCalls = maximumCalls >= 1 ? maximumCalls : throw new ArgumentOutOfRangeException(nameof(maximumCalls), maximumCalls, "There must be at least 1 call in a window.");
        _length = length >= 1 ? length : throw new ArgumentOutOfRangeException(nameof(length), length, "A window must be at least 1 long.");
        _maximumFunctions = maximumFunctions >= 1
            ? maximumFunctions
            : throw new ArgumentOutOfRangeException(nameof(maximumFunctions), maximumFunctions, "There must be at least 1 function.");
    }

    /// <summary>Gets the calls that were left out.</summary>
    public long Suppressed { get; private set; }

    /// <summary>Decides on a call and counts it.</summary>
    /// <param name="entry">The entry.</param>
    /// <returns>False when its function had its number of calls in the window.</returns>
    public bool Allow(in CallEntry entry)
    {
        Window window = WindowOf(entry.Function);

        // vCPUs may be seen somewhat out of order: a time before the window belongs to it.
        if (window.Calls == 0 || (entry.Time >= window.Start && entry.Time - window.Start >= _length))
        {
            window.Start = entry.Time;
            window.Calls = 0;
        }

        if (window.Calls == _maximumCalls)
        {
            Suppressed++;
            return false;
        }

        window.Calls++;
        return true;
    }

    private Window WindowOf(Va function)
    {
        if (_windows.TryGetValue(function, out Window? window))
        {
            return window;
        }

        if (_windows.Count == _maximumFunctions)
        {
            return _others;
        }

        window = new Window();
        _windows.Add(function, window);
        return window;
    }

    private sealed class Window
    {
        public ulong Start { get; set; }

        public int Calls { get; set; }
    }
}
