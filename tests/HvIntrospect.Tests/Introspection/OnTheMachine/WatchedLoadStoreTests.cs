using System;
using System.Collections.Generic;
using System.Linq;
using FsCheck;
using FsCheck.Fluent;
using HvIntrospect.A64;
using HvIntrospect.Registers;
using HvIntrospect.Tests.Differential;
using Xunit;
using Outcome = HvIntrospect.Tests.Differential.Outcome;

namespace HvIntrospect.Tests.Introspection.OnTheMachine;

/// <summary>Random loads and stores under random watches: what is seen is what happens, and nothing happens because it is seen.</summary>
public sealed class WatchedLoadStoreTests
{
    private static readonly int s_cases = Environment.GetEnvironmentVariable("HVINTROSPECT_LONG") == "1" ? 100_000 : 1_500;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void EventsAreThoseOfAReferenceThatSeesEveryAccess(bool useInlineFilter)
    {
        using var native = new NativeLeg();
        using var watched = new WatchedGuest(useInlineFilter);
        int events = 0;
        for (int seed = 0; seed < s_cases; seed++)
        {
            LoadStoreCase given = LoadStoreCaseGenerator.Make(seed);
            var random = new Random(seed);
            List<WatchSpec> specs = [.. WatchSpec.Some(random, given.Target)];
            watched.Watch(specs);
            while (true)
            {
                Outcome outcome = watched.Execute(given);
                Assert.Equal(ExpectedEvents.Of(given, specs), watched.Events);
                string? difference = OutcomeComparison.Difference(given, native.Execute(given), outcome, OutcomeFields.All);
                Assert.True(difference is null, $"{difference} ({given})");
                events += watched.Events.Count;
                if (specs.Count == 0)
                {
                    break;
                }

                // One owner leaves; the others see what they saw.
                int leaving = random.Next(specs.Count);
                specs.RemoveAt(leaving);
                watched.Remove(leaving);
            }
        }

        Assert.InRange(events, s_cases, int.MaxValue);
        Assert.Equal(useInlineFilter, watched.Introspector.Statistics.InlineAccesses > s_cases / 10);
        Assert.InRange(watched.Introspector.Statistics.Emulated, s_cases / 10, long.MaxValue);
    }

    /// <summary>Structures, atomics, tags that carry data, 64 bytes at once: each element of the reference's bus is one event, in its order.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void EventsOfEveryClassAreTheElementsOfTheReference(bool useInlineFilter)
    {
        const A64Features Features = A64Features.All | A64Features.Later;
        using var native = new NativeLeg(Features);
        using var watched = new WatchedGuest(useInlineFilter, features: Features);
        var seen = new HashSet<LoadStoreClass>();
        for (int seed = 0; seed < 2 * s_cases; seed++)
        {
            LoadStoreCase given = LoadStoreCaseGenerator.Make(seed, LoadStoreCaseGenerator.AllRows);
            List<WatchSpec> specs = [.. WatchSpec.Some(new Random(seed), given.Target)];
            watched.Watch(specs);
            Outcome outcome = watched.Execute(given);
            watched.RemoveAll();
            List<string> expected = ExpectedEvents.Of(given, specs, hasUnalignedAtomics: true);
            Assert.True(expected.SequenceEqual(watched.Events), $"{string.Join("; ", watched.Events)} but {string.Join("; ", expected)} ({given})");
            string? difference = OutcomeComparison.Difference(given, native.Execute(given), outcome, OutcomeFields.All);
            Assert.True(difference is null, $"{difference} ({given})");
            if (watched.Events.Count != 0)
            {
                seen.Add(given.Class);
            }
        }

        Assert.Superset(
            new HashSet<LoadStoreClass> { LoadStoreClass.MultipleStructures, LoadStoreClass.Atomic, LoadStoreClass.CompareAndSwap, LoadStoreClass.CompareAndSwapPair },
            seen);
    }

    /// <summary>Memory copies and sets, in parts and over one another: each piece that the reference reads or writes is one event, in its order, with what it finds there then.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void EventsOfCopiesAndSetsAreThePiecesOfTheReference(bool useInlineFilter)
    {
        const A64Features Features = A64Features.All;
        using var native = new NativeLeg(Features);
        using var watched = new WatchedGuest(useInlineFilter, features: Features);
        int events = 0;
        int copies = 0;
        for (int seed = 0; seed < s_cases; seed++)
        {
            LoadStoreCase given = ThreeLeggedTests.MakeMemoryOperation(seed);
            List<WatchSpec> specs = [.. WatchSpec.Some(new Random(seed), given.Target)];
            watched.Watch(specs);
            Outcome outcome = watched.Execute(given);
            watched.RemoveAll();
            List<string> expected = ExpectedEvents.OfCopyOrSet(given, specs);
            Assert.True(expected.SequenceEqual(watched.Events), $"{string.Join("; ", watched.Events)} but {string.Join("; ", expected)} ({given})");
            string? difference = OutcomeComparison.Difference(given, native.Execute(given), outcome, OutcomeFields.All);
            Assert.True(difference is null, $"{difference} ({given})");
            events += watched.Events.Count;
            copies += watched.Events.Exists(static text => text.Contains("Read", StringComparison.Ordinal)) ? 1 : 0;
        }

        Assert.InRange(events, s_cases, int.MaxValue);
        Assert.InRange(copies, s_cases / 20, int.MaxValue);
    }

    /// <summary>Whatever handlers answer, deciding without an exit and deciding after one is the same to handlers and guest.</summary>
    [Fact]
    public void BothPathsAreEqualInEventLogAndGuestState()
    {
        using var inline = new WatchedGuest(useInlineFilter: true, answersVary: true);
        using var exits = new WatchedGuest(useInlineFilter: false, answersVary: true);
        Prop.ForAll(Gen.Choose(0, int.MaxValue).ToArbitrary(), seed =>
        {
            LoadStoreCase given = LoadStoreCaseGenerator.Make(seed);
            IReadOnlyList<WatchSpec> specs = WatchSpec.Some(new Random(seed), given.Target);
            inline.Watch(specs);
            exits.Watch(specs);
            Outcome one = inline.Execute(given);
            Outcome other = exits.Execute(given);
            inline.RemoveAll();
            exits.RemoveAll();
            Assert.Equal(exits.Events, inline.Events);
            string? difference = OutcomeComparison.Difference(given, other, one, OutcomeFields.All);
            Assert.True(difference is null, $"{difference} ({given})");
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(s_cases));
        Assert.InRange(inline.Introspector.Statistics.InlineAccesses, s_cases / 10, long.MaxValue);
        Assert.InRange(inline.Introspector.Statistics.Injected, 1, long.MaxValue);
        Assert.Equal(exits.Introspector.Statistics.Events, inline.Introspector.Statistics.Events);
    }

    [Fact]
    public void RemovingTheLastWatchRestoresTheMapping()
    {
        using var watched = new WatchedGuest(useInlineFilter: false);
        HvIntrospect.Translation.Stage2.Stage2AddressSpace stage2 = watched.Guest.Machine.Stage2;
        Assert.True(stage2.TryGetMapping(new Ipa(TestLayout.Data), out Stage2MappingInfo before));
        watched.Watch(WatchSpec.Some(new Random(1), TestLayout.DeniedPage).Take(3));
        Assert.True(stage2.TryGetMapping(new Ipa(TestLayout.DeniedPage), out Stage2MappingInfo during));
        Assert.NotEqual(before.Range, during.Range);
        watched.RemoveAll();
        Assert.True(stage2.TryGetMapping(new Ipa(TestLayout.Data), out Stage2MappingInfo after));
        Assert.Equal((before.Range, before.Access), (after.Range, after.Access));
    }
}
