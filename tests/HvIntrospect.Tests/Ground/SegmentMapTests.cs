using System;
using System.Collections.Generic;
using System.Linq;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace HvIntrospect.Tests.Ground;

public sealed class SegmentMapTests
{
    private const int Size = 400;

    /// <summary>After any changes the map agrees with an array, and neighbours differ.</summary>
    [Fact]
    public void TheMapAgreesWithAnArray()
    {
        // So many short changes that chunks are split, and so many long ones that they are merged again.
        Gen<(int First, int Length, int Step)> change =
            from first in Gen.Choose(0, Size - 1)
            from length in Gen.Frequency((20, Gen.Choose(1, 3)), (1, Gen.Choose(1, Size)))
            from step in Gen.Choose(-1, 2)
            select (first, length, step);
        Prop.ForAll(change.ArrayOf(600).ToArbitrary(), Agrees).Check(Config.QuickThrowOnFailure.WithMaxTest(20));
    }

    [Fact]
    public void BothEndsOfTheAddressSpaceBelongToIt()
    {
        SegmentMap<int> map = new SegmentMap<int>(5).With(0, 0, static _ => 1).With(ulong.MaxValue, ulong.MaxValue, static _ => 2);
        Assert.Equal((1, 5, 5, 2), (map.At(0), map.At(1), map.At(ulong.MaxValue - 1), map.At(ulong.MaxValue)));
        Assert.Equal(5, map.RunFrom(7, out ulong last));
        Assert.Equal(ulong.MaxValue - 1, last);
        map = map.With(0, ulong.MaxValue, static _ => 9);
        Assert.Equal(9, map.RunFrom(0, out last));
        Assert.Equal(ulong.MaxValue, last);
    }

    [Fact]
    public void AnOldMapStaysAsItWas()
    {
        SegmentMap<int> old = new SegmentMap<int>(0).With(10, 19, static _ => 1);
        _ = old.With(0, 100, static value => value + 1);
        Assert.Equal((0, 1, 1, 0), (old.At(9), old.At(10), old.At(19), old.At(20)));
    }

    private static bool Agrees((int First, int Length, int Step)[] changes)
    {
        var map = new SegmentMap<int>(0);
        var model = new int[Size];
        foreach ((int first, int length, int step) in changes)
        {
            int last = Math.Min(first + length, Size) - 1;
            map = map.With((ulong)first, (ulong)last, value => value + step);
            for (int i = first; i <= last; i++)
            {
                model[i] += step;
            }
        }

        var found = new List<int>();
        for (ulong at = 0; at < Size;)
        {
            int value = map.RunFrom(at, out ulong last);
            int end = (int)Math.Min(last, Size - 1);
            if (last < Size - 1)
            {
                Assert.NotEqual(value, map.At(last + 1));
            }

            found.AddRange(Enumerable.Repeat(value, end - (int)at + 1));
            at = (ulong)end + 1;
        }

        Assert.Equal(model, found);
        Assert.Equal(model, Enumerable.Range(0, Size).Select(i => map.At((ulong)i)));
        return true;
    }
}
