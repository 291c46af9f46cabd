using System.Collections.Generic;
using System.Linq;
using FsCheck;
using FsCheck.Fluent;
using HvIntrospect.A64;
using HvIntrospect.Watchpoints;
using Xunit;

namespace HvIntrospect.Tests.Watchpoints;

public sealed class WatchTableTests
{
    private static readonly WatchSet s_set = new(new NoGuard(), A64Decoder.Default, 1);

    /// <summary>After any additions and removals the table finds the same watches as a scan of all of them.</summary>
    [Fact]
    public void TheTableAgreesWithAScan()
    {
        Gen<Step> steps =
            from start in Gen.Choose(0, 60)
            from length in Gen.Choose(1, 24)
            from kinds in Gen.Elements(WatchKinds.Read, WatchKinds.Write, WatchKinds.ReadWrite)
            from isRemoval in Gen.Frequency((3, Gen.Constant(false)), (2, Gen.Constant(true)))
            select new Step(start, length, kinds, isRemoval);
        Prop.ForAll(steps.ArrayOf().ToArbitrary(), script =>
        {
            WatchTable table = WatchTable.Empty;
            var watches = new List<Watch>();
            int id = 0;
            foreach (Step step in script)
            {
                if (step.IsRemoval && watches.Count != 0)
                {
                    Watch removed = watches[step.Start % watches.Count];
                    watches.Remove(removed);
                    table = table.Without(removed);
                }
                else
                {
                    Watch added = Make(++id, (ulong)step.Start, (ulong)step.Length, step.Kinds);
                    watches.Add(added);
                    table = table.With(added);
                }
            }

            return Enumerable.Range(0, 90).All(address => new[] { 1, 2, 4, 8 }.All(size => Agrees(table, watches, (ulong)address, size)));
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(300));
    }

    [Fact]
    public void TheLastByteOfTheAddressSpaceCanBeWatched()
    {
        Watch watch = Make(1, ulong.MaxValue, 1, WatchKinds.Read);
        WatchTable table = WatchTable.Empty.With(watch);
        Assert.True(table.Overlaps(new Ipa(ulong.MaxValue - 3), 4, WatchKinds.Read));
        Assert.False(table.Overlaps(new Ipa(ulong.MaxValue - 4), 4, WatchKinds.Read));
        Assert.False(table.Without(watch).Overlaps(new Ipa(ulong.MaxValue), 1, WatchKinds.Read));
    }

    [Fact]
    public void AWatchThatComesInLateIsStillFoundInTheOrderOfRegistration()
    {
        Watch first = Make(1, 0x10, 8, WatchKinds.Write);
        Watch second = Make(2, 0x10, 8, WatchKinds.Write);
        WatchTable table = WatchTable.Empty.With(second).With(first);
        Assert.Same(first, table.Next(new Ipa(0x10), 1, WatchKinds.Write, 0));
        Assert.Same(second, table.Next(new Ipa(0x10), 1, WatchKinds.Write, first.Id));
    }

    private static bool Agrees(WatchTable table, List<Watch> watches, ulong address, int size)
    {
        foreach (WatchKinds kind in new[] { WatchKinds.Read, WatchKinds.Write, WatchKinds.ReadWrite })
        {
            int[] expected = [.. watches.Where(watch => (watch.Kinds & kind) != 0 && watch.Range.Overlaps(new Ipa(address), (ulong)size)).Select(watch => watch.Id)];
            var found = new List<int>();
            for (Watch? watch = table.Next(new Ipa(address), size, kind, 0); watch is not null; watch = table.Next(new Ipa(address), size, kind, watch.Id))
            {
                found.Add(watch.Id);
            }

            if (!expected.SequenceEqual(found) || table.Overlaps(new Ipa(address), size, kind) != (expected.Length != 0))
            {
                return false;
            }
        }

        return true;
    }

    private static Watch Make(int id, ulong start, ulong length, WatchKinds kinds) =>
        new(s_set, id, new IpaRange(new Ipa(start), length), kinds, static (in WatchEvent _) => WatchResponse.Continue, null);

    private sealed record Step(int Start, int Length, WatchKinds Kinds, bool IsRemoval);

    private sealed class NoGuard : IWatchGuard
    {
        public void Demand(WatchKinds kinds) => throw new System.NotSupportedException();

        public System.IDisposable Deny(IpaRange range, WatchKinds kinds) => throw new System.NotSupportedException();
    }
}
