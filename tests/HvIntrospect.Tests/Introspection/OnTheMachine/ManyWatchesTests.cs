using System;
using System.Collections.Generic;
using System.Diagnostics;
using HvIntrospect.Interpreter;
using HvIntrospect.Introspection;
using HvIntrospect.Tests.Support;
using HvIntrospect.Watchpoints;
using Xunit;

namespace HvIntrospect.Tests.Introspection.OnTheMachine;

/// <summary>Adding and removing a watch costs about the same however many there are.</summary>
public sealed class ManyWatchesTests
{
    private const int Count = 10_000;
    private const ulong Ram = 0x4000_0000;

    // A quadratic form takes minutes. This allows for slow machines that do other work meanwhile.
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(5);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void TenThousandPagesAreWatchedAndReleased(bool useInlineFilter)
    {
        using var machine = CheckedMachine.Make(new MachineOptions { RamBase = new Ipa(Ram), RamSize = 64UL << 20 });
        using var introspector = new Introspector(machine, new IntrospectorOptions { UseInlineFilter = useInlineFilter });
        var watches = new List<Watch>();
        var clock = Stopwatch.StartNew();
        for (int i = 0; i < Count; i++)
        {
            // In no order, as addresses of interest come.
            ulong page = (ulong)(i * 7919 % Count);
            watches.Add(introspector.AddWatch(new IpaRange(new Ipa(Ram + (page * 4096) + 8), 8), WatchKinds.Write, static (in WatchEvent _) => WatchResponse.Continue));
        }

        TimeSpan adding = clock.Elapsed;
        clock.Restart();
        foreach (Watch watch in watches)
        {
            watch.Dispose();
        }

        TimeSpan removing = clock.Elapsed;
        Assert.True(adding < s_limit && removing < s_limit, $"{adding.TotalSeconds:f2} s to add, {removing.TotalSeconds:f2} s to remove.");
        Assert.True(machine.Stage2.TryGetMapping(new Ipa(Ram), out Stage2MappingInfo mapping));
        Assert.Equal(Stage2Access.All, mapping.Access);
        Assert.Equal(2UL << 20, mapping.Range.Length);
    }
}
