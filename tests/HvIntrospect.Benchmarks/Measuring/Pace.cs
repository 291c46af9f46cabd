using System;

namespace HvIntrospect.Benchmarks.Measuring;

/// <summary>How long to measure.</summary>
/// <param name="Round">The CPU time of one round of one contender.</param>
/// <param name="Warming">The least time for which a contender is warmed.</param>
/// <param name="WarmingLimit">The time after which measuring begins although rounds do not agree.</param>
/// <param name="Rounds">How many rounds are measured.</param>
internal sealed record Pace(TimeSpan Round, TimeSpan Warming, TimeSpan WarmingLimit, int Rounds)
{
    /// <summary>Gets the pace of a measurement that means something.</summary>
    public static Pace Quick { get; } = new(
        TimeSpan.FromMilliseconds(20), TimeSpan.FromMilliseconds(400), TimeSpan.FromMilliseconds(2500), 15);

    /// <summary>Gets the pace that only shows that everything runs.</summary>
    public static Pace Smoke { get; } = new(TimeSpan.FromMilliseconds(1), TimeSpan.Zero, TimeSpan.Zero, 3);
}
