using System;
using System.Collections.Generic;
using HvIntrospect.Interpreter;
using HvIntrospect.Introspection;
using HvIntrospect.Tests.Support;
using HvIntrospect.Watchpoints;
using Xunit;

namespace HvIntrospect.Tests.Introspection.OnTheMachine;

/// <summary>Adding and removing a watch costs about the same however many there are: judged by what is built anew for it, which no load of the host changes.</summary>
public sealed class ManyWatchesTests
{
    private const int Count = 10_000;
    private const ulong Ram = 0x4000_0000;

    // What grows with the number of watches costs three times as much in the second half as in the first.
    private const double MostGrowth = 1.5;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void TenThousandPagesAreWatchedAndReleased(bool useInlineFilter)
    {
        using var machine = CheckedMachine.Make(new MachineOptions { RamBase = new Ipa(Ram), RamSize = 64UL << 20 });
        using var introspector = new Introspector(machine, new IntrospectorOptions { UseInlineFilter = useInlineFilter });
        var watches = new List<Watch>();
        AssertSteady(i =>
        {
            // In no order, as addresses of interest come.
            ulong page = (ulong)(i * 7919 % Count);
            watches.Add(introspector.AddWatch(new IpaRange(new Ipa(Ram + (page * 4096) + 8), 8), WatchKinds.Write, static (in WatchEvent _) => WatchResponse.Continue));
        });
        AssertSteady(i => watches[Count - 1 - i].Dispose());
        Assert.True(machine.Stage2.TryGetMapping(new Ipa(Ram), out Stage2MappingInfo mapping));
        Assert.Equal(Stage2Access.All, mapping.Access);
        Assert.Equal(2UL << 20, mapping.Range.Length);
    }

    /// <summary>Makes as many changes as there are watches, and compares the bytes that the halves allocate: the half with fewer watches and the other one.</summary>
    private static void AssertSteady(Action<int> change)
    {
        long[] halves = new long[2];
        for (int i = 0; i < Count; i++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            change(i);
            halves[i / (Count / 2)] += GC.GetAllocatedBytesForCurrentThread() - before;
        }

        Array.Sort(halves);
        Assert.True(halves[1] < MostGrowth * halves[0], $"{halves[0]} and {halves[1]} bytes");
    }
}
