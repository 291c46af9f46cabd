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

    // A change makes some chunks of the tables anew, 20 KB; whole tables of so many watches are ten times the limit.
    private const long MostBytes = 64 << 10;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void TenThousandPagesAreWatchedAndReleased(bool useInlineFilter)
    {
        using var machine = CheckedMachine.Make(new MachineOptions { RamBase = new Ipa(Ram), RamSize = 64UL << 20 });
        using var introspector = new Introspector(machine, new IntrospectorOptions { UseInlineFilter = useInlineFilter });
        var watches = new List<Watch>();
        AssertCheap(i =>
        {
            // In no order, as addresses of interest come.
            ulong page = (ulong)(i * 7919 % Count);
            watches.Add(introspector.AddWatch(new IpaRange(new Ipa(Ram + (page * 4096) + 8), 8), WatchKinds.Write, static (in WatchEvent _) => WatchResponse.Continue));
        });
        AssertCheap(i => watches[Count - 1 - i].Dispose());
        Assert.True(machine.Stage2.TryGetMapping(new Ipa(Ram), out Stage2MappingInfo mapping));
        Assert.Equal(Stage2Access.All, mapping.Access);
        Assert.Equal(2UL << 20, mapping.Range.Length);
    }

    /// <summary>Makes as many changes as there are watches, and counts what they allocate.</summary>
    private static void AssertCheap(Action<int> change)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < Count; i++)
        {
            change(i);
        }

        Assert.InRange((GC.GetAllocatedBytesForCurrentThread() - before) / Count, 0, MostBytes);
    }
}
