using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using HvIntrospect.Interpreter;
using HvIntrospect.Interpreter.Scheduling;
using HvIntrospect.Introspection;
using HvIntrospect.Registers;
using HvIntrospect.Tests.Interpreter;
using HvIntrospect.Tests.Support;
using HvIntrospect.Tooling.Symbols;
using HvIntrospect.Watchpoints;
using Xunit;
using Xunit.Abstractions;

namespace HvIntrospect.Tests.Guests;

/// <summary>A kernel with several CPUs, timer and inter-processor interrupts, locks of both kinds and tasks at EL0 computes one result, however its vCPUs interleave.</summary>
public sealed class SmpGuestTests
{
    private const string Guest = "tests/guests/smp/smp.elf";
    private const string Qemu = "qemu-system-aarch64";
    private const ulong Limit = 50_000_000;
    private const ulong LongRun = 100_000_000;
    private const int LongSeeds = 100;

    // A vCPU whose exits are handled never sleeps in WFE, so that it is asked for each turn of each loop.
    private const ulong WatchedRounds = 20;

    private readonly ITestOutputHelper _progress;

    public SmpGuestTests(ITestOutputHelper progress)
    {
        _progress = progress;
    }

    private static string Expected => File.ReadAllText(RepositoryFiles.PathOf("tests/guests/smp/smp.expected.txt"));

    [Theory]
    [InlineData(1, 1, false)]
    [InlineData(2, 2, false)]
    [InlineData(2, 3, true)]
    [InlineData(4, 4, false)]
    [InlineData(4, 5, true)]
    public void TheResultIsTheOneOfQemu(int vcpus, ulong seed, bool hasLse)
    {
        using VirtBoard board = Make(vcpus, seed, hasLse: hasLse);
        board.Run(Limit);
        Assert.Equal(Expected, board.Output);
        Assert.Equal(0UL, board.Status);
    }

    [Fact]
    public void TheSameSeedMakesTheSameRunAndAnotherOneAnother()
    {
        using VirtBoard board = Make(4, 1);
        board.Run(200_000);
        using MachineSnapshot start = board.Machine.TakeSnapshot();
        string printed = board.Output;
        var slices = new List<ScheduledSlice>();
        board.Machine.Scheduler.SliceObserver = slices.Add;
        var logs = new HashSet<string>();
        var ends = new HashSet<ulong>();
        foreach (ulong seed in (ulong[])[1, 2, 3, 1, 2, 3])
        {
            board.Machine.Restore(start);
            board.Machine.Scheduler.Reseed(seed);
            board.Output = printed;
            slices.Clear();
            board.Run(Limit);
            Assert.Equal(Expected, board.Output);
            logs.Add(string.Join(' ', slices));
            ends.Add(board.Machine.Scheduler.ElapsedInstructions);
        }

        Assert.Equal(3, logs.Count);
        Assert.Equal(3, ends.Count);
    }

    [Fact]
    public void ItDoesNotMatterWhereTheRunIsCutOrHowItIsDispatched()
    {
        using VirtBoard board = Make(4, 7, DispatcherKind.Threaded);
        using VirtBoard other = Make(4, 7, DispatcherKind.Loop);
        var random = new Random(7);
        board.Run(600_000);
        while (other.Machine.Scheduler.RetiredInstructions < 600_000)
        {
            other.Run(Math.Min(1 + (ulong)random.Next(20_000), 600_000 - other.Machine.Scheduler.RetiredInstructions));
            using MachineSnapshot snapshot = other.Machine.TakeSnapshot();
            string printed = other.Output;
            other.Run((ulong)random.Next(5_000));
            other.Machine.Restore(snapshot);
            other.Output = printed;
        }

        Assert.Equal(string.Empty, MachineState.Difference(MachineState.Of(board.Machine), MachineState.Of(other.Machine)));
        Assert.Equal(board.Output, other.Output);
    }

    [Theory]
    [InlineData(2, 1, true)]
    [InlineData(2, 2, false)]
    [InlineData(4, 3, true)]
    [InlineData(4, 4, false)]
    public void WatchesDoNotChangeTheResult(int vcpus, int seed, bool isInline)
    {
        using VirtBoard unwatched = Make(vcpus, (ulong)seed, hasLse: true);
        WriteRounds(unwatched, WatchedRounds);
        unwatched.Run(Limit);
        Assert.Equal(0UL, unwatched.Status);
        using VirtBoard board = Make(vcpus, (ulong)seed, hasLse: true, introspection: new IntrospectorOptions { UseInlineFilter = isInline });
        long events = 0;
        WatchResponse OnAccess(in WatchEvent access)
        {
            events++;
            return WatchResponse.Continue;
        }

        // The kernel's data and what tasks share, locks included; some code and a part of a stack.
        var random = new Random(seed);
        foreach (Ipa start in (Ipa[])[new(0x4020_2000), new(0x4062_0000)])
        {
            for (int i = 0; i < 12; i++)
            {
                WatchKinds kinds = random.Next(3) switch { 0 => WatchKinds.Read, 1 => WatchKinds.Write, _ => WatchKinds.ReadWrite };
                board.Introspector.AddWatch(new IpaRange(start + (ulong)random.Next(0xC00), 1 + (ulong)random.Next(24)), kinds, OnAccess);
            }
        }

        board.Introspector.AddWatch(new IpaRange(new Ipa(0x4040_0000 + (4 * (ulong)random.Next(64))), 4), WatchKinds.Execute, OnAccess);
        WriteRounds(board, WatchedRounds);
        board.Run(Limit);
        Assert.Equal(unwatched.Output, board.Output);
        Assert.True(events > 100, "The watches saw " + events + " accesses.");
    }

    [Fact]
    public void AStepThatOthersArePausedForIsNotCutBySlices()
    {
        // Walks through a watched table are stepped; each slice is over when the step has executed its instruction.
        using VirtBoard board = Make(4, 3, maximumSlice: 1);
        WriteRounds(board, 1);
        long events = 0;
        board.Introspector.AddWatch(new IpaRange(AddressOf(board, "ram"), 32), WatchKinds.Read, (in WatchEvent _) =>
        {
            events++;
            return WatchResponse.Continue;
        });
        board.Run(Limit);
        Assert.Equal(0UL, board.Status);
        Assert.InRange(board.Introspector.Statistics.Stepped, 4, events);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(4)]
    public void TheResultIsTheSameWhenTheHostInterleavesTheThreads(int vcpus)
    {
        using VirtBoard board = Make(vcpus, 1);
        Assert.True(board.RunOnThreads(TimeSpan.FromMinutes(2)));
        Assert.Equal(Expected, board.Output);
        Assert.Equal(0UL, board.Status);
    }

    [ToolFact(Qemu)]
    public void QemuPrintsTheExpectedText() => Assert.Equal(Expected, ExternalTool.Run(
        "timeout", "60", Qemu, "-M", "virt,gic-version=2", "-cpu", "max", "-smp", "4", "-m", "64", "-display", "none", "-monitor", "none", "-serial", "stdio",
        "-nic", "none", "-kernel", RepositoryFiles.PathOf(Guest)));

    [LongFact]
    public void AHundredSeedsMakeOneResultInAHundredMillionInstructions()
    {
        // So many rounds that every seed executes LongRun instructions: with more vCPUs more of them wait for locks.
        foreach ((int vcpus, ulong rounds) in (ReadOnlySpan<(int, ulong)>)[(2, 50_000), (4, 30_000)])
        {
            string? expected = null;
            using VirtBoard board = Make(vcpus, 0, hasLse: true);
            WriteRounds(board, rounds);
            using MachineSnapshot start = board.Machine.TakeSnapshot();
            var ends = new HashSet<ulong>();
            var clock = Stopwatch.StartNew();
            for (int seed = 0; seed < LongSeeds; seed++)
            {
                board.Machine.Restore(start);
                board.Machine.Scheduler.Reseed((ulong)seed);
                board.Output = string.Empty;
                board.Run(10 * LongRun);
                ulong executed = board.Machine.Scheduler.RetiredInstructions;
                _progress.WriteLine($"{vcpus} vCPUs, seed {seed}: {executed} instructions, {clock.Elapsed.TotalSeconds:F0} s");
                expected ??= board.Output;
                Assert.Equal(expected, board.Output);
                Assert.Equal(0UL, board.Status);
                Assert.True(executed >= LongRun, "The guest was done after " + executed + " instructions.");
                ends.Add(executed);
            }

            // They did not all interleave alike.
            Assert.True(ends.Count > LongSeeds / 2, "There were " + ends.Count + " different runs.");
        }
    }

    private static VirtBoard Make(
        int vcpus, ulong seed, DispatcherKind dispatcher = DispatcherKind.Automatic, bool hasLse = false, IntrospectorOptions? introspection = null, ulong maximumSlice = 32_768) => new(
        Guest,
        new MachineOptions
        {
            VcpuCount = vcpus,
            Seed = seed,
            MaximumSlice = maximumSlice,
            RamSize = 8 << 20,
            InstructionsPerTick = 1,
            Dispatcher = dispatcher,
            Features = A64Features.Armv8_0 | (hasLse ? A64Features.LSE : 0),
        },
        introspection);

    private static void WriteRounds(VirtBoard board, ulong rounds) => board.Machine.Memory.Write(AddressOf(board, "rounds"), BitConverter.GetBytes(rounds));

    // Stage 1 maps every address to itself.
    private static Ipa AddressOf(VirtBoard board, string name) =>
        new SymbolTable(board.Elf.Symbols).TryFind(name, out Symbol symbol) ? new Ipa(symbol.Address.Value) : throw new ArgumentException("There is no such symbol.", nameof(name));
}
