using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using HvIntrospect.Interpreter;
using HvIntrospect.Interpreter.Mmu;
using HvIntrospect.Introspection;
using HvIntrospect.Tests.Interpreter;
using HvIntrospect.Watchpoints;
using Xunit;

namespace HvIntrospect.Tests.Introspection.OnTheMachine;

/// <summary>
/// Random watches on whole programs of two vCPUs behind scattered and aliased translations: the handlers see what somebody sees who sees every access, the guest
/// and its instruction counts are as without watches, and an owner that leaves takes away only what was its own.
/// </summary>
public sealed class WholeGuestWatchTests
{
    private static readonly bool s_long = Environment.GetEnvironmentVariable("HVINTROSPECT_LONG") == "1";

    public static TheoryData<string> Kernels => ["sha256", "qsort", "memcpy", "crc32", "mixed"];

    [Theory]
    [MemberData(nameof(Kernels))]
    public void WatchesSeeEveryAccessOfAKernelAndChangeNothing(string name)
    {
        int sets = s_long ? 40 : 2;
        Check(dispatcher => MappedGuest.OfKernel(name, 1, dispatcher), s_long ? 400 : 40, 2500, sets, out long events, out _);
        Assert.InRange(events, 100, long.MaxValue);
    }

    [Fact]
    public void WatchesSeeEveryAccessOfRandomProgramsAndChangeNothing()
    {
        long events = 0;
        long crossings = 0;
        for (int seed = 0; seed < (s_long ? 400 : 12); seed++)
        {
            int current = seed;
            Check(dispatcher => MappedGuest.OfRandomPrograms(current, dispatcher), 30, 300, 2, out long some, out long across);
            events += some;
            crossings += across;
        }

        Assert.InRange(events, 1000, long.MaxValue);
        Assert.InRange(crossings, 20, long.MaxValue);
    }

    private static void Check(Func<DispatcherKind, MappedGuest> make, int sliceCount, int longestSlice, int sets, out long events, out long crossings)
    {
        var random = new Random(7);
        (int Vcpu, ulong Count)[] slices = [.. Enumerable.Range(0, sliceCount).Select(_ => (random.Next(2), (ulong)random.Next(1, longestSlice)))];
        using MappedGuest unwatched = make(DispatcherKind.Automatic);
        List<SeenAccess> seen = AccessTrace.Of(unwatched, slices);
        Dictionary<string, string> end = MachineState.AsTheGuestSees(unwatched.Machine);
        events = 0;
        crossings = 0;
        for (int set = 0; set < sets; set++)
        {
            List<Owner> owners = SomeWatches(random, seen, sliceCount);
            List<(SeenAccess Access, WatchSpec Spec)> visible = [.. seen.SelectMany(access => owners
                .Where(owner => access.Slice >= owner.ComesAt && access.Slice < owner.LeavesAt && access.IsSeenBy(owner.Spec))
                .Select(owner => (access, owner.Spec)))];
            List<string> expected = [.. visible.Select(item => item.Access.TextFor(item.Spec.Name))];
            events += expected.Count;
            crossings += visible.Count(item => item.Access.FirstSize != item.Access.Size);
            foreach (bool useInlineFilter in (bool[])[true, false])
            {
                using MappedGuest guest = make(set % 2 == 0 ? DispatcherKind.Threaded : DispatcherKind.Loop);
                List<string> actual = RunWatched(guest, slices, owners, useInlineFilter);
                for (int i = 0; i < Math.Min(expected.Count, actual.Count); i++)
                {
                    Assert.True(expected[i] == actual[i], $"Set {set}, inline {useInlineFilter}, event {i}: {expected[i]} or {actual[i]}");
                }

                Assert.Equal(expected.Count, actual.Count);
                Assert.Equal(string.Empty, MachineState.Difference(end, MachineState.AsTheGuestSees(guest.Machine)));
            }
        }
    }

    private static List<string> RunWatched(
        MappedGuest guest, (int Vcpu, ulong Count)[] slices, List<Owner> owners, bool useInlineFilter)
    {
        var events = new List<string>();
        using var introspector = new Introspector(guest.Machine, new IntrospectorOptions { UseInlineFilter = useInlineFilter });
        WatchHandler handler = (in WatchEvent e) =>
        {
            Assert.True(e.IsExact);
            events.Add(new SeenAccess(
                0, e.Vcpu.Index, e.Pc.Value, e.Kind, e.Va.Value, e.Size, e.Ipa.Value, e.Size, 0, Number(e.OldValue), Number(e.NewValue)).TextFor(e.Watch.Name!));
            return WatchResponse.Continue;
        };
        var present = new List<(Owner Owner, Watch Watch)>();
        for (int slice = 0; slice < slices.Length; slice++)
        {
            for (int i = present.Count - 1; i >= 0; i--)
            {
                if (present[i].Owner.LeavesAt == slice)
                {
                    present[i].Watch.Dispose();
                    present.RemoveAt(i);
                    CheckDenials(guest, present.Select(item => item.Owner.Spec), useInlineFilter);
                }
            }

            foreach (Owner owner in owners.Where(owner => owner.ComesAt == slice))
            {
                present.Add((owner, introspector.AddWatch(owner.Spec.Range, owner.Spec.Kinds, handler, owner.Spec.Name)));
                CheckDenials(guest, present.Select(item => item.Owner.Spec), useInlineFilter);
            }

            guest.Run(slices[slice].Vcpu, slices[slice].Count, introspector);
        }

        present.ForEach(item => item.Watch.Dispose());
        CheckDenials(guest, [], useInlineFilter);
        return events;
    }

    // What the guest may do with a page is what all present owners leave to it.
    private static void CheckDenials(MappedGuest guest, IEnumerable<WatchSpec> present, bool useInlineFilter)
    {
        WatchSpec[] specs = [.. present];
        Assert.True(guest.Machine.TryGetCapability(out IInlineAccessFilter? filter));
        foreach (ulong page in guest.ReachablePages())
        {
            Stage2Access denied = Stage2Access.None;
            foreach (WatchSpec spec in specs)
            {
                if (spec.Range.Overlaps(new Ipa(page), 0x1000))
                {
                    denied |= ((spec.Kinds & WatchKinds.Read) != 0 ? Stage2Access.Read : 0) | ((spec.Kinds & WatchKinds.Write) != 0 ? Stage2Access.Write : 0);
                }
            }

            Assert.True(guest.Machine.Stage2.TryGetMapping(new Ipa(page), out Stage2MappingInfo mapping));

            // No page is made writable alone.
            Stage2Access unmapped = (denied & Stage2Access.Read) != 0 ? Stage2Access.ReadWrite : denied;
            Assert.Equal(useInlineFilter ? Stage2Access.None : unmapped, Stage2Access.All & ~mapping.Access);
            Assert.Equal(useInlineFilter ? denied : Stage2Access.None, ((InlineAccessFilter)filter).DeniedAt(page));
        }
    }

    // Mostly near what the guest accesses, some of it accessed across pages; several in one page are common, as are ranges across pages.
    private static List<Owner> SomeWatches(Random random, List<SeenAccess> seen, int slices)
    {
        var watches = new List<Owner>();
        int count = random.Next(2, 8);
        SeenAccess[] crossing = [.. seen.Where(access => access.FirstSize != access.Size)];
        ulong near = 0;
        for (int i = 0; i < count; i++)
        {
            if (near == 0 || random.Next(2) == 0)
            {
                SeenAccess access = crossing.Length != 0 && random.Next(4) == 0 ? crossing[random.Next(crossing.Length)] : seen[random.Next(seen.Count)];
                near = access.FirstSize != access.Size && random.Next(2) == 0 ? access.SecondIpa : access.Ipa;
            }

            ulong start = random.Next(3) == 0 ? (near & ~0xFFFUL) + (ulong)random.Next(0x1000) : near + (ulong)random.Next(-12, 12);
            ulong length = random.Next(5) == 0 ? (ulong)random.Next(1, 0x1800) : (ulong)random.Next(1, 20);
            int comes = random.Next(2) == 0 ? 0 : random.Next(slices / 2);
            watches.Add(new Owner(
                new WatchSpec(i.ToString(CultureInfo.InvariantCulture), new IpaRange(new Ipa(start), length), (WatchKinds)random.Next(1, 4)),
                comes,
                random.Next(2) == 0 ? int.MaxValue : random.Next(comes + 1, slices)));
        }

        // Handlers are asked in the order in which they came.
        return [.. watches.OrderBy(owner => owner.ComesAt)];
    }

    private static ulong Number(ReadOnlySpan<byte> bytes)
    {
        Span<byte> eight = stackalloc byte[8];
        eight.Clear();
        bytes.CopyTo(eight);
        return BinaryPrimitives.ReadUInt64LittleEndian(eight);
    }

    private sealed record Owner(WatchSpec Spec, int ComesAt, int LeavesAt);
}
