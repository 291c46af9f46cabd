using System;
using System.Collections.Generic;
using System.Linq;
using HvIntrospect.Benchmarks.Measuring;
using Xunit;

namespace HvIntrospect.Tests.Benchmarks;

/// <summary>The harness on a clock that only the contenders move, so that nothing here depends on time.</summary>
public sealed class HarnessTests
{
    private static readonly Pace s_pace = new(TimeSpan.FromMicroseconds(1), TimeSpan.Zero, TimeSpan.FromSeconds(1), 5);

    private double _now;

    [Fact]
    public void A_timing_is_nanoseconds_a_unit()
    {
        Timing timing = Harness().Measure(Takes(nanoseconds: 30, units: 3));

        Assert.Equal(10, timing.Nanoseconds, 6);
    }

    [Fact]
    public void The_median_forgets_a_disturbed_round() =>
        Assert.Equal(2, new Timing([2, 2, 900, 1, 2]).Nanoseconds);

    [Fact]
    public void A_drift_of_the_clock_rate_cancels_in_a_comparison() =>
        Assert.Equal(2, new Timing([2, 4, 8, 16, 32]).Over(new Timing([1, 2, 4, 8, 16])));

    [Fact]
    public void Contenders_take_turns()
    {
        List<string> order = [];
        Contender first = Takes(1000, 1, () => order.Add("first"));
        Contender second = Takes(1000, 1, () => order.Add("second"));

        Harness().Compare(first, second);

        Assert.Equal(
            ["first", "second", "first", "second", "first", "second", "first", "second", "first", "second"],
            order.TakeLast(2 * s_pace.Rounds));
    }

    [Fact]
    public void Warming_goes_on_until_rounds_agree()
    {
        double nanoseconds = 100_000;
        Contender improving = new("improving", () =>
        {
            nanoseconds = Math.Max(500, nanoseconds * 0.9);
            _now += nanoseconds;
            return 1;
        });

        Assert.Equal(500, Harness().Measure(improving).Nanoseconds, 6);
    }

    [Fact]
    public void Preparing_a_batch_takes_no_time()
    {
        int prepared = 0;
        Contender contender = Takes(nanoseconds: 500, units: 5) with
        {
            Prepare = () =>
            {
                prepared++;
                _now += 10_000;
            },
        };

        Assert.Equal(100, Harness().Measure(contender).Nanoseconds, 6);
        Assert.True(prepared >= 2 * s_pace.Rounds);
    }

    [Fact]
    public void Allocation_is_counted_for_each_unit()
    {
        Assert.Equal(0, Allocation.PerUnit(new Contender("nothing", static () => 10)));
        Assert.InRange(
            Allocation.PerUnit(new Contender("a box", static () =>
            {
                GC.KeepAlive(new byte[1000]);
                return 10;
            })),
            100,
            110);
    }

    private Harness Harness() => new(s_pace, () => _now);

    private Contender Takes(double nanoseconds, long units, Action? then = null) => new("contender", () =>
    {
        _now += nanoseconds;
        then?.Invoke();
        return units;
    });
}
