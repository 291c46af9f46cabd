using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Linq;

namespace HvIntrospect.Benchmarks.Measuring;

/// <summary>Times contenders against each other: warms them until rounds agree, then takes rounds in turn.</summary>
/// <remarks>
/// The code runs as a user's would: tiered compilation with its defaults, no pinning to a core. Warming lasts until the last rounds
/// of every contender agree within 5 %, so that all code has reached its last tier.
/// </remarks>
internal sealed class Harness
{
    private const double Agreement = 1.05;
    private const int AgreeingRounds = 4;

    private readonly Pace _pace;
    private readonly Func<double> _clock;

    public Harness(Pace pace, Func<double>? clock = null)
    {
        _pace = pace;
        _clock = clock ?? (static () => CpuClock.Nanoseconds);
    }

    /// <summary>Gets the pace.</summary>
    public Pace Pace => _pace;

    /// <summary>Measures one contender.</summary>
    public Timing Measure(Contender contender) => Compare(contender)[0];

    /// <summary>Measures contenders side by side.</summary>
    /// <returns>One timing for each, in their order, of equally many rounds.</returns>
    public Timing[] Compare(params Contender[] contenders)
    {
        int[] batches = [.. contenders.Select(Calibrate)];
        Warm(contenders, batches);

        double[][] rounds = [.. contenders.Select(_ => new double[_pace.Rounds])];
        for (int round = 0; round < _pace.Rounds; round++)
        {
            for (int i = 0; i < contenders.Length; i++)
            {
                rounds[i][round] = Time(contenders[i], batches[i]);
            }
        }

        return [.. rounds.Select(static values => new Timing(values))];
    }

    private void Warm(Contender[] contenders, int[] batches)
    {
        List<double>[] history = [.. contenders.Select(static _ => new List<double>())];
        var watch = Stopwatch.StartNew();
        while (watch.Elapsed < _pace.WarmingLimit * contenders.Length)
        {
            for (int i = 0; i < contenders.Length; i++)
            {
                history[i].Add(Time(contenders[i], batches[i]));
            }

            if (watch.Elapsed >= _pace.Warming * contenders.Length && history.All(Agrees))
            {
                // Code that has become faster since the first estimate would make short rounds.
                for (int i = 0; i < contenders.Length; i++)
                {
                    batches[i] = Calibrate(contenders[i]);
                }

                return;
            }
        }
    }

    private static bool Agrees(List<double> history)
    {
        if (history.Count < AgreeingRounds)
        {
            return false;
        }

        double[] last = [.. history.TakeLast(AgreeingRounds)];
        return last.Max() <= last.Min() * Agreement;
    }

    /// <summary>Finds how many batches fill a round.</summary>
    private int Calibrate(Contender contender)
    {
        double wanted = _pace.Round.TotalNanoseconds;
        for (int batches = 1; ; batches *= 2)
        {
            double taken = Run(contender, batches).Nanoseconds;
            if (taken >= wanted / 2)
            {
                return Math.Max(1, (int)Math.Round(batches * wanted / taken));
            }
        }
    }

    private double Time(Contender contender, int batches)
    {
        (double nanoseconds, long units) = Run(contender, batches);
        return nanoseconds / units;
    }

    private (double Nanoseconds, long Units) Run(Contender contender, int batches)
    {
        double taken = 0;
        long units = 0;
        if (contender.Prepare is null)
        {
            // One reading of the clock for all of them: short batches would otherwise measure the clock.
            double start = _clock();
            for (int i = 0; i < batches; i++)
            {
                units += contender.Batch();
            }

            return (_clock() - start, units);
        }

        for (int i = 0; i < batches; i++)
        {
            contender.Prepare();
            double start = _clock();
            units += contender.Batch();
            taken += _clock() - start;
        }

        return (taken, units);
    }
}
