using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using FsCheck;
using FsCheck.Fluent;
using HvIntrospect.Interpreter;
using HvIntrospect.Interpreter.Scheduling;
using Xunit;

namespace HvIntrospect.Tests.Interpreter.Scheduling;

/// <summary>A run of several vCPUs is a function of the state and the seed, whatever the host does and wherever it is cut.</summary>
public sealed class SchedulerPropertyTests
{
    private const int Tests = 25;
    private const ulong Instructions = 6_000;

    private static readonly Config s_config = Config.QuickThrowOnFailure.WithMaxTest(Tests);

    private static Arbitrary<(int Seed, int Vcpus, int[] Cuts)> Runs { get; } = (
        from seed in Gen.Choose(0, 1_000_000)
        from vcpus in Gen.Choose(2, 5)
        from cuts in Gen.Choose(1, 2_000).ListOf(5)
        select (seed, vcpus, cuts.ToArray())).ToArbitrary();

    [Fact]
    public void ARunIsTheSameWhereverItIsCutAndSaved() => Prop.ForAll(Runs, run =>
    {
        using Machine machine = Make(run.Seed, run.Vcpus);
        SharedRandomGuest.Run(machine, 1_000);
        using MachineSnapshot start = machine.TakeSnapshot();
        List<ScheduledSlice> slices = SharedRandomGuest.Observe(machine);
        SharedRandomGuest.Run(machine, Instructions);
        Dictionary<string, string> end = MachineState.Of(machine);
        List<ScheduledSlice> expected = [.. slices];

        // Once as it was, once in parts, each from a snapshot of its own.
        foreach (int[] cuts in (int[][])[[], run.Cuts])
        {
            slices.Clear();
            machine.Restore(start);
            ulong left = Instructions;
            foreach (int cut in cuts)
            {
                ulong part = Math.Min(left, (ulong)cut);
                SharedRandomGuest.Run(machine, part);
                left -= part;
                using MachineSnapshot between = machine.TakeSnapshot();
                SharedRandomGuest.Run(machine, 500);
                machine.Restore(between);
            }

            // What was tried out between the parts is not part of the run.
            SharedRandomGuest.Run(machine, left);
            Assert.Equal(string.Empty, MachineState.Difference(end, MachineState.Of(machine)));
            Assert.Subset(slices.ToHashSet(), expected.ToHashSet());
        }
    }).Check(s_config);

    [Fact]
    public void InstructionByInstructionItIsTheSameRun() => Prop.ForAll(Runs, run =>
    {
        using Machine machine = Make(run.Seed, run.Vcpus);
        using MachineSnapshot start = machine.TakeSnapshot();
        SharedRandomGuest.Run(machine, 400);
        Dictionary<string, string> end = MachineState.Of(machine);
        machine.Restore(start);
        for (int i = 0; i < 400; i++)
        {
            SharedRandomGuest.Run(machine, 1);
        }

        Assert.Equal(string.Empty, MachineState.Difference(end, MachineState.Of(machine)));
    }).Check(s_config);

    [Fact]
    public void BothDispatchersMakeTheSameRun() => Prop.ForAll(Runs, run =>
    {
        using Machine threaded = Make(run.Seed, run.Vcpus, DispatcherKind.Threaded);
        using Machine loop = Make(run.Seed, run.Vcpus, DispatcherKind.Loop);
        List<ScheduledSlice> slices = SharedRandomGuest.Observe(threaded);
        List<ScheduledSlice> others = SharedRandomGuest.Observe(loop);
        SharedRandomGuest.Run(threaded, Instructions);
        SharedRandomGuest.Run(loop, Instructions);
        Assert.Equal(string.Empty, MachineState.Difference(MachineState.Of(threaded), MachineState.Of(loop)));
        Assert.Equal(slices, others);
    }).Check(s_config);

    [Fact]
    public void InputsOfAllVcpusAreTakenAtTheSameMomentsWhereverTheRunIsCut() => Prop.ForAll(Runs, run =>
    {
        using Machine machine = Make(run.Seed, run.Vcpus);
        using MachineSnapshot start = machine.TakeSnapshot();
        var random = new Random(run.Seed);
        var inputs = new List<MachineInput>();
        for (int i = 0; i < 20; i++)
        {
            var line = (InterruptLine)random.Next((int)InterruptLine.VirtualIrq, (int)InterruptLine.VirtualFiq + 1);
            inputs.Add(MachineInput.OfLine(random.Next(run.Vcpus), (ulong)random.Next((int)Instructions), line, random.Next(2) == 0));
        }

        var ends = new List<Dictionary<string, string>>();
        var records = new List<string>();
        foreach (int[] cuts in (int[][])[[], run.Cuts])
        {
            machine.Restore(start);
            machine.Inputs.Schedule(inputs);
            machine.Inputs.StartRecording();
            ulong left = Instructions;
            foreach (int cut in cuts)
            {
                ulong part = Math.Min(left, (ulong)cut);
                SharedRandomGuest.Run(machine, part);
                left -= part;
            }

            SharedRandomGuest.Run(machine, left);
            records.Add(string.Join(' ', machine.Inputs.StopRecording()));
            ends.Add(MachineState.Of(machine));
        }

        Assert.Equal(string.Empty, MachineState.Difference(ends[0], ends[1]));
        Assert.Equal(records[0], records[1]);
        Assert.NotEmpty(records[0]);
    }).Check(s_config);

    [Fact]
    public void WhatAnotherThreadHasPostedIsRepeatedFromTheRecord()
    {
        using Machine machine = Make(5, 3);
        using MachineSnapshot start = machine.TakeSnapshot();
        machine.Inputs.StartRecording();
        using var isOver = new CancellationTokenSource();
        var thread = new Thread(() =>
        {
            for (int i = 0; !isOver.IsCancellationRequested; i++)
            {
                machine.Vcpus[i % 3].SetInterruptLine(InterruptLine.VirtualIrq, (i / 3) % 2 == 0);
                Thread.Sleep(1);
            }
        });
        thread.Start();

        // How fast the other thread posts is the host's business.
        IReadOnlyList<MachineInput> record;
        ulong executed;
        try
        {
            do
            {
                SharedRandomGuest.Run(machine, 50_000);
                executed = machine.Scheduler.RetiredInstructions;
            }
            while (executed < 1_000_000 || (machine.Vcpus[0].Exception.ElrEl1 == 0 && executed < 100_000_000));
        }
        finally
        {
            isOver.Cancel();
            thread.Join();
        }

        record = machine.Inputs.StopRecording();
        Dictionary<string, string> end = MachineState.Of(machine);
        machine.Restore(start);
        machine.Inputs.Schedule(record);
        SharedRandomGuest.Run(machine, executed);
        Assert.NotEmpty(record);
        Assert.Equal(string.Empty, MachineState.Difference(end, MachineState.Of(machine)));
    }

    [Fact]
    public void EachSeedInterleavesInItsOwnWay()
    {
        using Machine machine = Make(1, 3);
        using MachineSnapshot start = machine.TakeSnapshot();
        List<ScheduledSlice> slices = SharedRandomGuest.Observe(machine);
        var seen = new HashSet<string>();
        for (ulong seed = 0; seed < 20; seed++)
        {
            string once = string.Empty;
            for (int repetition = 0; repetition < 2; repetition++)
            {
                slices.Clear();
                machine.Restore(start);
                machine.Scheduler.Reseed(seed);
                SharedRandomGuest.Run(machine, Instructions);
                string log = string.Join(' ', slices);
                Assert.True(repetition == 0 || log == once);
                once = log;
            }

            Assert.True(seen.Add(once), "Two seeds made the same interleaving.");
        }
    }

    private static Machine Make(int seed, int vcpus, DispatcherKind dispatcher = DispatcherKind.Automatic) => SharedRandomGuest.Make(
        seed, new MachineOptions { VcpuCount = vcpus, RamSize = 4 << 20, Seed = (ulong)seed, MaximumSlice = 700, Dispatcher = dispatcher });
}
