using System;
using HvIntrospect.Benchmarks.Measuring;
using HvIntrospect.Benchmarks.Reporting;
using HvIntrospect.Introspection;
using HvIntrospect.Watchpoints;

namespace HvIntrospect.Benchmarks.Suites;

/// <summary>What a watch costs the guest.</summary>
internal static class WatchSuite
{
    /// <summary>Measures.</summary>
    public static void Run(Harness harness, Report report)
    {
        report.Section("Watches: one guest with and without, in turn");
        MeasureUnused(harness, report);

        using AccessGuest inline = new(usesInlineFilter: true);
        using AccessGuest exits = new(usesInlineFilter: false);
        Cost near = Measure(harness, inline, AccessGuest.NearBytes);
        report.Add(FigureNames.WatchNearNs, near.Nanoseconds, "ns", "more for an access of other bytes of the page");
        Cost hit = Measure(harness, inline, AccessGuest.HitBytes);
        report.Add(FigureNames.WatchHitNs, hit.Nanoseconds, "ns", "more for a reported access");
        Cost nearByExit = Measure(harness, exits, AccessGuest.NearBytes);
        report.Detail("near, by exits", nearByExit.Nanoseconds, "ns", "the same without the inline filter");
        Cost hitByExit = Measure(harness, exits, AccessGuest.HitBytes);
        report.Detail("hit, by exits", hitByExit.Nanoseconds, "ns", "the same without the inline filter");
        report.Add(
            FigureNames.AllocAccess,
            Math.Max(Math.Max(near.Allocated, hit.Allocated), Math.Max(nearByExit.Allocated, hitByExit.Allocated)),
            "B",
            "an access, the worst of the four");
    }

    private static void MeasureUnused(Harness harness, Report report)
    {
        // The last page of RAM, behind everything that the guest uses.
        IpaRange unused = new(new Ipa(GuestKernel.Ram + GuestKernel.RamSize - 0x1000), 8);
        using MachineKernel kernel = new(GuestKernel.All[^1]);
        using Introspector introspector = new(kernel.Machine);
        Watch? watch = null;
        Timing[] timings = harness.Compare(
            new Contender("with", kernel.Run, () => watch ??= introspector.AddWatch(unused, WatchKinds.ReadWrite, static (in WatchEvent _) => WatchResponse.Continue)),
            new Contender("without", kernel.Run, () =>
            {
                watch?.Dispose();
                watch = null;
            }));
        report.Add(FigureNames.WatchUnusedX, timings[0].Over(timings[1]), "x", "the time with a watch of a page never used over that without");
    }

    private static Cost Measure(Harness harness, AccessGuest guest, IpaRange watched)
    {
        Contender with = new("with", guest.Run, () => guest.Watch(watched));
        Contender without = new("without", guest.Run, () => guest.Watch(null));
        Timing[] timings = harness.Compare(with, without);

        guest.Watch(watched);
        double allocated = Allocation.PerUnit(with);
        long before = guest.Events;
        long accesses = guest.Run();
        long expected = watched == AccessGuest.HitBytes ? accesses : 0;
        return guest.Events - before == expected
            ? new Cost(timings[0].Nanoseconds - timings[1].Nanoseconds, allocated)
            : throw new InvalidOperationException($"{guest.Events - before} events of {expected}.");
    }

    private readonly record struct Cost(double Nanoseconds, double Allocated);
}
