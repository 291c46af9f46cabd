using System;
using System.Collections.Generic;
using HvIntrospect.Interpreter;
using HvIntrospect.Interpreter.Dispatch;
using HvIntrospect.Registers;
using Xunit;

namespace HvIntrospect.Tests.Interpreter;

public sealed class SnapshotTests
{
    private const ulong Data = GuestProgram.Data;

    [Theory]
    [InlineData("memcpy", DispatcherKind.Threaded)]
    [InlineData("qsort", DispatcherKind.Loop)]
    [InlineData("sha256", DispatcherKind.Threaded)]
    public void A_restored_kernel_runs_as_it_ran(string name, DispatcherKind dispatcher)
    {
        using Machine machine = KernelGuest.Load(name, 1, new MachineOptions { Dispatcher = dispatcher, RamSize = 4 << 20 });
        machine.Run(machine.Vcpus[0], 20_011);
        CheckBranches(machine, 30_000);
    }

    [Theory]
    [InlineData(DispatcherKind.Threaded, InstructionCacheMode.Coherent, false)]
    [InlineData(DispatcherKind.Loop, InstructionCacheMode.Coherent, true)]
    [InlineData(DispatcherKind.Threaded, InstructionCacheMode.Stale, true)]
    [InlineData(DispatcherKind.Loop, InstructionCacheMode.Stale, false)]
    public void A_restored_random_program_runs_as_it_ran(DispatcherKind dispatcher, InstructionCacheMode cache, bool speculates)
    {
        for (int seed = 0; seed < 25; seed++)
        {
            var options = new MachineOptions
            {
                Dispatcher = dispatcher, InstructionCache = cache, Seed = (ulong)seed, RamSize = 2 << 20, VcpuCount = 2, TranslatesSpeculatively = speculates,
            };
            using Machine machine = RandomGuest.Make(seed, options);
            Run(machine, 700);
            CheckBranches(machine, 900);
        }
    }

    [Fact]
    public void Snapshots_of_different_moments_are_independent()
    {
        // add x3, x3, #1; str x3, [x1], #8; hvc #42; b back
        using var program = new GuestProgram(GuestProgram.AddX3, 0xF8008423, GuestProgram.Hvc42, 0x17FFFFFD);
        Machine machine = program.Machine;
        var moments = new List<(MachineSnapshot Snapshot, Dictionary<string, string> State)>();
        for (int i = 0; i < 6; i++)
        {
            moments.Add((machine.TakeSnapshot(), MachineState.Of(machine)));
            program.RunToCall();
        }

        var random = new Random(1);
        while (moments.Count != 0)
        {
            int at = random.Next(moments.Count);
            machine.Restore(moments[at].Snapshot);
            Assert.Equal(string.Empty, MachineState.Difference(moments[at].State, MachineState.Of(machine)));
            program.RunToCall();
            program.Write(Data + ((ulong)random.Next(6) * 8), 0xFFFF_FFFF);

            int leaving = random.Next(moments.Count);
            moments[leaving].Snapshot.Dispose();
            moments[leaving].Snapshot.Dispose();
            Assert.Throws<ObjectDisposedException>(() => machine.Restore(moments[leaving].Snapshot));
            moments.RemoveAt(leaving);
        }
    }

    [Fact]
    public void A_stale_translation_is_part_of_the_state()
    {
        // ldr x2, [x1]; hvc #42; b back
        using var program = new GuestProgram(GuestProgram.LdrX2, GuestProgram.Hvc42, 0x17FFFFFE);
        MakeTranslationStale(program);
        using MachineSnapshot snapshot = program.Machine.TakeSnapshot();
        program.El2.Tlbi(TlbiOperation.Vmalle1, 0);
        program.RunToCall();
        Assert.Equal(2UL, program.Vcpu.Core[2] & 0xFFFF_FFFF);

        // EL2 has invalidated it meanwhile, so it must not come back.
        program.Machine.Restore(snapshot);
        program.RunToCall();
        Assert.Equal(2UL, program.Vcpu.Core[2] & 0xFFFF_FFFF);
    }

    [Fact]
    public void A_stale_translation_comes_back_when_only_the_guest_has_dropped_it()
    {
        // ldr x2, [x1]; hvc #42; tlbi vmalle1; ldr x2, [x1]; hvc #42
        using var program = new GuestProgram(GuestProgram.LdrX2, GuestProgram.Hvc42, GuestProgram.LdrX2, GuestProgram.Hvc42, 0xD508871F, GuestProgram.LdrX2, GuestProgram.Hvc42);
        MakeTranslationStale(program);
        using MachineSnapshot snapshot = program.Machine.TakeSnapshot();
        for (int i = 0; i < 3; i++)
        {
            program.RunToCall();
            Assert.Equal(1UL, program.Vcpu.Core[2] & 0xFFFF_FFFF);
            program.RunToCall();
            Assert.Equal(2UL, program.Vcpu.Core[2] & 0xFFFF_FFFF);
            program.Machine.Restore(snapshot);
        }
    }

    [Fact]
    public void Code_that_was_rewritten_after_the_snapshot_is_executed_as_it_was()
    {
        // add x3, x3, #1; hvc #42; b back
        using var program = new GuestProgram(GuestProgram.AddX3, GuestProgram.Hvc42, 0x17FFFFFE);
        program.RunToCall();
        using MachineSnapshot snapshot = program.Machine.TakeSnapshot();
        program.Write(GuestProgram.Code, 0x9100_1063); // add x3, x3, #4
        program.RunToCall();
        Assert.Equal(5UL, program.Vcpu.Core[3]);
        program.Machine.Restore(snapshot);
        program.RunToCall();
        Assert.Equal(2UL, program.Vcpu.Core[3]);
    }

    [Fact]
    public void What_is_written_back_is_dirty()
    {
        using var program = new GuestProgram(GuestProgram.Nop);
        Assert.True(program.Machine.TryGetCapability(out IDirtyLog? log));
        using MachineSnapshot snapshot = program.Machine.TakeSnapshot();
        program.Write(Data + 8, 1);
        log.Start();
        program.Machine.Restore(snapshot);
        ulong[] bitmap = new ulong[1];
        Assert.Equal(1, log.Collect(new IpaRange(new Ipa(Data), 0x1000), bitmap));
        Assert.Equal(0UL, program.Read64(Data + 8));
    }

    [Fact]
    public void What_an_input_of_one_vcpu_leads_to_at_another_is_part_of_the_snapshot()
    {
        using var program = new GuestProgram(new MachineOptions { VcpuCount = 2 }, GuestProgram.Wfi, GuestProgram.Hvc42);
        int port = program.Machine.Inputs.Connect(_ => program.Vcpu.SetInterruptLine(InterruptLine.VirtualIrq, true));
        program.Machine.Inputs.Post(1, port, 0);
        using MachineSnapshot snapshot = program.Machine.TakeSnapshot();
        program.Machine.Restore(snapshot);
        Assert.Equal(0x42, program.RunToCall());
    }

    [Fact]
    public void A_snapshot_of_another_machine_is_refused()
    {
        using var one = new GuestProgram(GuestProgram.Nop);
        using var other = new GuestProgram(GuestProgram.Nop);
        using MachineSnapshot snapshot = one.Machine.TakeSnapshot();
        Assert.Throws<ArgumentException>(() => other.Machine.Restore(snapshot));
    }

    /// <summary>Lets the guest read a page once and moves the page without maintenance, so that the old translation stays.</summary>
    private static void MakeTranslationStale(GuestProgram program)
    {
        const ulong Address = 0x8000_0000;
        var tables = new GuestTables(program.Machine, GuestProgram.Code + 0x10_0000);
        tables.Map(GuestProgram.Code, GuestProgram.Code, 1);
        tables.Map(Address, Data, 1);
        tables.TurnOn(program.Vcpu);
        program.Write(Data, 1);
        program.Write(Data + 0x1000, 2);
        program.Vcpu.ModifyCore()[1] = Address;
        program.RunToCall();
        tables.Map(Address, Data + 0x1000, 1);
    }

    // From one snapshot several runs, sliced differently, that all end in the same state, also when another snapshot is taken on the way.
    private static void CheckBranches(Machine machine, ulong instructions)
    {
        using MachineSnapshot snapshot = machine.TakeSnapshot();
        Dictionary<string, string> start = MachineState.Of(machine);
        Run(machine, instructions);
        Dictionary<string, string> end = MachineState.Of(machine);
        Assert.NotEqual(string.Empty, MachineState.Difference(start, end));
        for (ulong parts = 1; parts < 4; parts++)
        {
            machine.Restore(snapshot);
            Assert.Equal(string.Empty, MachineState.Difference(start, MachineState.Of(machine)));
            Run(machine, instructions / parts);

            // To take one empties a stale instruction cache.
            using MachineSnapshot? other = machine.Options.InstructionCache == InstructionCacheMode.Coherent ? machine.TakeSnapshot() : null;
            Run(machine, instructions - (instructions / parts));
            Assert.Equal(string.Empty, MachineState.Difference(end, MachineState.Of(machine)));
        }
    }

    // Every vCPU for itself, so that it does not matter where a run is cut: they share no memory that both write.
    private static void Run(Machine machine, ulong instructions)
    {
        foreach (Vcpu vcpu in machine.Vcpus)
        {
            RandomGuest.Run(machine, vcpu, instructions);
        }
    }
}
