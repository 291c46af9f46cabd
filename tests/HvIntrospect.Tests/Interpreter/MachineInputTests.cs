using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using HvIntrospect.Interpreter;
using HvIntrospect.Introspection;
using HvIntrospect.Registers;
using HvIntrospect.Watchpoints;
using Xunit;

namespace HvIntrospect.Tests.Interpreter;

/// <summary>What reaches the machine from outside, and exactly when.</summary>
public sealed class MachineInputTests
{
    private const uint MixX3 = 0xCAC3_1CA5; // eor x5, x5, x3, ror #7
    private const uint MixX2 = 0xCAC2_2CA5; // eor x5, x5, x2, ror #11
    private const uint BackTwo = 0x17FF_FFFE;
    private const uint Hvc1 = 0xD400_0022;
    private const uint Hvc2 = 0xD400_0042;
    private const ulong IrqVector = GuestProgram.Vectors + 0x280;
    private const ulong FiqVector = GuestProgram.Vectors + 0x300;
    private const int IrqCall = 0x105;
    private const ulong El1hUnmasked = 5;

    [Theory]
    [InlineData(DispatcherKind.Threaded)]
    [InlineData(DispatcherKind.Loop)]
    public void ARunIsRepeatedBitByBitFromTheRecordOfItsInputs(DispatcherKind dispatcher)
    {
        const ulong Stretch = 30_000_000;
        const ulong Interrupts = 10;
        const int Stretches = 50;
        ulong length = 0;
        using GuestProgram recorded = Make(dispatcher, out int port);
        recorded.Machine.Inputs.StartRecording();
        using (var stop = new CancellationTokenSource())
        {
            var outside = new Thread(() => PostUntil(recorded, port, stop.Token));
            outside.Start();

            // How often the thread outside has its turn meanwhile is the host's business.
            do
            {
                length += Stretch;
                Run(recorded, length, () => ulong.MaxValue);
            }
            while (recorded.Vcpu.Core[7] < Interrupts && length < Stretches * Stretch);

            stop.Cancel();
            outside.Join();
        }

        // What came too late belongs to no run.
        IReadOnlyList<MachineInput> record = [.. recorded.Machine.Inputs.StopRecording()];
        Dictionary<string, string> end = MachineState.Of(recorded.Machine);
        Assert.InRange(record.Select(input => input.Elapsed).Distinct().Count(), 10, int.MaxValue);
        Assert.InRange(recorded.Vcpu.Core[7], Interrupts, ulong.MaxValue);

        foreach (DispatcherKind other in (DispatcherKind[])[DispatcherKind.Threaded, DispatcherKind.Loop])
        {
            using GuestProgram replayed = Make(other, out _);
            replayed.Machine.Inputs.Schedule(record);
            var random = new Random(5);
            Run(replayed, length, () => (ulong)random.Next(1, 500_000));
            Assert.Equal(string.Empty, MachineState.Difference(end, MachineState.Of(replayed.Machine)));
        }
    }

    [Theory]
    [InlineData(DispatcherKind.Threaded)]
    [InlineData(DispatcherKind.Loop)]
    public void AScheduledInputIsTakenExactlyAtItsCount(DispatcherKind dispatcher)
    {
        foreach (ulong count in (ulong[])[0, 1, 2, 7, 1000, 1023, 1024, 1025, 5000, 100_001])
        {
            foreach (ulong slice in (ulong[])[ulong.MaxValue, 700])
            {
                using var program = new GuestProgram(new MachineOptions { Dispatcher = dispatcher }, GuestProgram.AddX3, 0x17FF_FFFF);
                program.SetState(El1hUnmasked);
                program.Machine.Inputs.Schedule(MachineInput.OfLine(0, count, InterruptLine.VirtualIrq, isAsserted: true));
                VcpuExit exit;
                do
                {
                    exit = program.Machine.Run(program.Vcpu, slice);
                }
                while (exit.Kind == VcpuExitKind.Canceled);

                Assert.True(exit.Esr.TryGetCall(out CallSyndrome call));
                Assert.Equal(IrqCall, call.Immediate);
                Assert.Equal(count + 1, program.Vcpu.RetiredInstructions);
                Assert.Equal((count + 1) / 2, program.Vcpu.Core[3]);
                Assert.Equal(GuestProgram.Code + (count % 2 * 4), program.Vcpu.Exception.ElrEl1);
            }
        }
    }

    [Fact]
    public void InputsOfOneMomentAreTakenInTheirOrder()
    {
        using var program = new GuestProgram(GuestProgram.AddX3, 0x17FF_FFFF);
        var seen = new List<ulong>();
        int port = program.Machine.Inputs.Connect(value => seen.Add((value << 32) | program.Vcpu.ElapsedInstructions));
        foreach ((ulong at, ulong value) in ((ulong, ulong)[])[(50, 1), (20, 2), (50, 3), (20, 4), (0, 5)])
        {
            program.Machine.Inputs.Schedule(new MachineInput(0, at, 0, port, value));
        }

        program.Machine.Run(program.Vcpu, 100);
        Assert.Equal([5UL << 32, (2UL << 32) | 20, (4UL << 32) | 20, (1UL << 32) | 50, (3UL << 32) | 50], seen);
    }

    /// <summary>Between the handler's post and the next instruction another thread posts the opposite: whoever repeats the run has the handler, and not the thread.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void ARecordOverrulesWhatAHandlerPostsAgain(bool isRaisedLast)
    {
        MachineInput[] record = [];
        var ends = new List<ulong>();
        foreach (bool isReplay in new[] { false, true })
        {
            using var program = new GuestProgram(GuestProgram.AddX3, GuestProgram.Hvc42, GuestProgram.AddX3, GuestProgram.AddX3, GuestProgram.Hvc42);
            program.SetState(El1hUnmasked);
            program.Machine.Inputs.Schedule(record);
            program.Machine.Inputs.StartRecording();
            Assert.Equal(0x42, program.RunToCall());
            Post(isRaisedLast && !isReplay ? [false, true] : isReplay ? [false] : [true, false]);
            program.RunToCall();
            ends.Add(program.Vcpu.Core.Pc.Value);
            record = [.. program.Machine.Inputs.StopRecording()];

            void Post(bool[] levels)
            {
                foreach (bool level in levels)
                {
                    program.Vcpu.SetInterruptLine(InterruptLine.VirtualIrq, level);
                }
            }
        }

        Assert.Equal(isRaisedLast ? IrqVector + 4 : GuestProgram.Code + 20, ends[0]);
        Assert.Equal(ends[0], ends[1]);
    }

    [Fact]
    public void AWaitingVcpuWaitsUntilTheMoment()
    {
        using var program = new GuestProgram(GuestProgram.Wfi, GuestProgram.Hvc42);
        program.Machine.Inputs.Schedule(MachineInput.OfLine(0, 1000, InterruptLine.SError, isAsserted: false));
        program.Machine.Inputs.Schedule(MachineInput.OfLine(0, 5000, InterruptLine.VirtualFiq, isAsserted: true));
        Assert.Equal(0x42, program.RunToCall());
        Assert.Equal(5001UL, program.Vcpu.ElapsedInstructions);
        Assert.Equal(2UL, program.Vcpu.RetiredInstructions);
    }

    [Theory]
    [InlineData(DispatcherKind.Threaded)]
    [InlineData(DispatcherKind.Loop)]
    public void WhatAHandlerPostsIsTakenBeforeTheNextInstruction(DispatcherKind dispatcher)
    {
        using var program = new GuestProgram(
            new MachineOptions { Dispatcher = dispatcher }, GuestProgram.AddX3, GuestProgram.StrX2, GuestProgram.AddX3, GuestProgram.AddX3, 0x17FF_FFFC);
        program.SetState(El1hUnmasked);
        using var introspector = new Introspector(program.Machine);
        WatchHandler handler = (in WatchEvent e) =>
        {
            program.Vcpu.SetInterruptLine(InterruptLine.VirtualIrq, true);
            return WatchResponse.Continue;
        };
        introspector.AddWatch(new IpaRange(new Ipa(GuestProgram.Data), 8), WatchKinds.Write, handler);
        Assert.Equal(IrqCall, program.RunToCall());
        Assert.Equal(1, introspector.Statistics.InlineAccesses);
        Assert.Equal(GuestProgram.Code + 8, program.Vcpu.Exception.ElrEl1);
        Assert.Equal(1UL, program.Vcpu.Core[3]);
    }

    [Fact]
    public void WhatWaitsIsPartOfASnapshotAndWhatIsScheduledIsNot()
    {
        using var program = new GuestProgram(GuestProgram.AddX3, 0x17FF_FFFF);
        program.SetState(El1hUnmasked);
        program.Vcpu.SetInterruptLine(InterruptLine.VirtualIrq, true);
        program.Machine.Inputs.Schedule(MachineInput.OfLine(0, 50, InterruptLine.VirtualFiq, isAsserted: true));
        using MachineSnapshot snapshot = program.Machine.TakeSnapshot();
        program.Machine.Restore(snapshot);
        Assert.Equal(IrqCall, program.RunToCall());
        program.Vcpu.SetInterruptLine(InterruptLine.VirtualIrq, false);
        program.Machine.Restore(snapshot);
        Assert.Equal(IrqCall, program.RunToCall());
        Assert.Equal(VcpuExitKind.Exception, program.Run().Kind);
    }

    [Fact]
    public void AnInputThatFitsNothingIsRefused()
    {
        using var program = new GuestProgram(GuestProgram.Nop);
        MachineInputs inputs = program.Machine.Inputs;
        Assert.Throws<ArgumentOutOfRangeException>(() => inputs.Post(1, 0, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => inputs.Post(-1, 0, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => inputs.Post(0, 5, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => inputs.Post(0, 0, 2));
        Assert.Equal(5, inputs.Connect(_ => { }));
        inputs.Post(0, 5, 2);
        Assert.Throws<ArgumentOutOfRangeException>(() => inputs.Schedule(new MachineInput(0, 0, 0, 6, 0)));
    }

    // A mailbox device: data from outside goes to memory and raises virtual IRQ; the guest's handlers mix what they see into registers and acknowledge.
    private static GuestProgram Make(DispatcherKind dispatcher, out int port)
    {
        var program = new GuestProgram(new MachineOptions { Dispatcher = dispatcher, RamSize = 2 << 20 }, GuestProgram.AddX3, MixX3, BackTwo);
        program.Write(IrqVector, GuestProgram.LdrX2, MixX2, MixX3, Hvc1, GuestProgram.Eret);
        program.Write(FiqVector, MixX3, Hvc2, GuestProgram.Eret);
        program.SetState(El1hUnmasked);
        port = program.Machine.Inputs.Connect(value =>
        {
            program.Machine.Memory.Write(new Ipa(GuestProgram.Data), BitConverter.GetBytes(value));
            program.Vcpu.SetInterruptLine(InterruptLine.VirtualIrq, true);
        });
        return program;
    }

    private static void PostUntil(GuestProgram program, int port, CancellationToken stop)
    {
        var random = new Random(1);
        while (!stop.IsCancellationRequested)
        {
            if (random.Next(3) == 0)
            {
                program.Vcpu.SetInterruptLine(InterruptLine.VirtualFiq, true);
            }
            else
            {
                program.Machine.Inputs.Post(0, port, (ulong)random.NextInt64());
            }

            Thread.Sleep(random.Next(2));
        }
    }

    private static void Run(GuestProgram program, ulong length, Func<ulong> slice)
    {
        while (program.Vcpu.RetiredInstructions < length)
        {
            VcpuExit exit = program.Machine.Run(program.Vcpu, Math.Min(slice(), length - program.Vcpu.RetiredInstructions));
            if (exit.Kind == VcpuExitKind.Exception)
            {
                Assert.True(exit.Esr.TryGetCall(out CallSyndrome call));
                program.Vcpu.SetInterruptLine(call.Immediate == 1 ? InterruptLine.VirtualIrq : InterruptLine.VirtualFiq, false);
                program.Vcpu.ModifyCore()[7]++;
            }
        }
    }
}
