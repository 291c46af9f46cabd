using System;

namespace HvIntrospect.Tooling.Tracing;

/// <summary>Ticks of a guest's clock as seconds and nanoseconds, rounded down. No number of ticks overflows it.</summary>
internal readonly struct GuestTime
{
    /// <summary>The fastest clock: a remainder of it in nanoseconds fits in 64 bits.</summary>
    public const ulong MaximumFrequency = 10_000_000_000;

    private const ulong Second = 1_000_000_000;

    private readonly ulong _seconds;
    private readonly ulong _nanoseconds;

    public GuestTime(ulong ticks, ulong frequency)
    {
        _seconds = ticks / frequency;
        _nanoseconds = ticks % frequency * Second / frequency;
    }

    private GuestTime((ulong Seconds, ulong Nanoseconds) parts)
    {
        (_seconds, _nanoseconds) = parts;
    }

    /// <summary>Gets the time since an earlier one. Of rounded times, so that what nests does so rounded, too.</summary>
    public GuestTime Since(GuestTime earlier) => _nanoseconds >= earlier._nanoseconds
        ? new((_seconds - earlier._seconds, _nanoseconds - earlier._nanoseconds))
        : new((_seconds - earlier._seconds - 1, _nanoseconds + Second - earlier._nanoseconds));

    /// <summary>Checks a frequency that a caller gives.</summary>
    public static ulong Check(ulong frequency, string name) => frequency is >= 1 and <= MaximumFrequency
        ? frequency
        : throw new ArgumentOutOfRangeException(name, frequency, "A clock must have 1 to 10,000,000,000 ticks in a second.");

    /// <summary>Adds the time in microseconds with three decimals.</summary>
    public void AddTo(TextBuffer text)
    {
        if (_seconds != 0)
        {
            text.AddDecimal(_seconds);
        }

        text.AddDecimal(_nanoseconds / 1000, _seconds != 0 ? 6 : 1);
        text.Add('.');
        text.AddDecimal(_nanoseconds % 1000, 3);
    }
}
