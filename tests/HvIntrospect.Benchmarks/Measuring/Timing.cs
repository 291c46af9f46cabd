using System;
using System.Collections.Generic;
using System.Linq;

namespace HvIntrospect.Benchmarks.Measuring;

/// <summary>The rounds of one contender: nanoseconds a unit, one value a round.</summary>
internal sealed class Timing
{
    private readonly double[] _rounds;

    public Timing(IEnumerable<double> rounds)
    {
        _rounds = rounds.ToArray();
        if (_rounds.Length == 0)
        {
            throw new ArgumentException("A timing has at least one round.", nameof(rounds));
        }
    }

    /// <summary>Gets the median round.</summary>
    public double Nanoseconds => Median(_rounds);

    /// <summary>Gets how much longer this took than another: the median over the rounds, each compared with its neighbour in time, so that a drift of the clock rate cancels.</summary>
    public double Over(Timing baseline) =>
        Median(_rounds.Zip(baseline._rounds, static (mine, other) => mine / other).ToArray());

    private static double Median(double[] values)
    {
        double[] sorted = [.. values.Order()];
        int middle = sorted.Length / 2;
        return sorted.Length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
