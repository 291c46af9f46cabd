using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using HvIntrospect.Interpreter;
using HvIntrospect.Interpreter.Scheduling;
using HvIntrospect.Registers;
using Xunit;

namespace HvIntrospect.Tests.Interpreter.Scheduling;

public sealed class SchedulerTests
{
    private const uint Sev = 0xD503209F;
    private const uint MsrCntvTvalX9 = 0xD51BE309;
    private const uint MsrCntvCtlX10 = 0xD51BE32A;
    private const uint MrsX0Cntpct = 0xD53BE020;
    private const uint LdxrX2 = 0xC85F7C22; // ldxr x2, [x1]
    private const uint StxrX2 = 0xC8047C22; // stxr w4, x2, [x1]
    private const uint DaifClr2 = 0xD50342FF;
    private const ulong Second = GuestProgram.Code + 0x8000;
    private const ulong El1h = 0x3C5;
    private const ulong Limit = 100_000;

    [Fact]
    public void TheLimitIsExactAndCountsAllVcpus()
    {
        using GuestProgram program = Make([GuestProgram.BranchToSelf], [GuestProgram.BranchToSelf]);
        Scheduler scheduler = program.Machine.Scheduler;
        Assert.Equal(VcpuExitKind.Canceled, scheduler.Run(70_001, out _).Kind);
        Assert.Equal(70_001UL, scheduler.RetiredInstructions);
        Assert.Equal(70_001UL, scheduler.ElapsedInstructions);
        Assert.Equal(37_233UL, program.Machine.Vcpus[0].RetiredInstructions);
        Assert.Equal(32_768UL, program.Machine.Vcpus[1].RetiredInstructions);
    }

    [Fact]
    public void WithoutASeedTheVcpusTakeTurns()
    {
        using var machine = new Machine(new MachineOptions { VcpuCount = 3, MaximumSlice = 100 });
        foreach (Vcpu vcpu in machine.Vcpus)
        {
            vcpu.ModifyCore().Pc = new Va(GuestProgram.Code);
        }

        machine.Memory.Write(machine.Options.RamBase, BitConverter.GetBytes(GuestProgram.BranchToSelf));
        List<ScheduledSlice> slices = SharedRandomGuest.Observe(machine);
        machine.Scheduler.Run(700, out _);
        Assert.Equal([0, 1, 2, 0, 1, 2, 0], slices.Select(slice => slice.Vcpu));
        Assert.All(slices, slice => Assert.Equal(100UL, slice.Length));
        Assert.Equal([0, 100, 200, 300, 400, 500, 600], slices.Select(slice => (int)slice.Elapsed));
    }

    [Fact]
    public void TheCounterIsOneForAll()
    {
        // Each vCPU reads the count, compares it with the last one that anyone has read, and stores it; a smaller one ends the run.
        // loop: mrs x0, cntpct_el0; ldr x2, [x1]; cmp x0, x2; b.lo 2f; str x0, [x1]; b loop; 2: hvc #42
        uint[] loop = [MrsX0Cntpct, GuestProgram.LdrX2, 0xEB02001F, 0x54000063, 0xF9000020, 0x17FFFFFB, GuestProgram.Hvc42];

        // Only what no slice can cut apart tells an order: a slice ends between the two reads now and then, so the load comes first.
        (loop[0], loop[1]) = (loop[1], loop[0]);
        using GuestProgram program = Make(loop, loop, new MachineOptions { VcpuCount = 2, Seed = 3, MaximumSlice = 50, InstructionsPerTick = 1 });
        Assert.Equal(VcpuExitKind.Canceled, program.Machine.Scheduler.Run(Limit, out _).Kind);
        Assert.True(program.Read64(GuestProgram.Data) > Limit / 2);
    }

    [Fact]
    public void AllWaitAndTimeGoesOnToTheNextTimer()
    {
        uint[] wait = [MsrCntvTvalX9, MsrCntvCtlX10, GuestProgram.Wfi, MrsX0Cntpct, GuestProgram.Hvc42];
        using GuestProgram program = Make(wait, wait, new MachineOptions { VcpuCount = 2, InstructionsPerTick = 1, Seed = 1 });
        for (int i = 0; i < 2; i++)
        {
            ref CoreRegisters core = ref program.Machine.Vcpus[i].ModifyCore();
            core[9] = i == 0 ? 7_000_000_000UL >> 2 : 2_000;
            core[10] = 1;
        }

        // The second timer is due first.
        Assert.Equal(1, RunToCall(program));
        Assert.InRange(program.Machine.Vcpus[1].Core[0], 2_000UL, 2_010UL);
        program.Machine.Vcpus[1].IsPoweredOn = false;
        Assert.Equal(0, RunToCall(program));
        Assert.InRange(program.Machine.Vcpus[0].Core[0], 7_000_000_000UL >> 2, (7_000_000_000UL >> 2) + 10);
        Assert.InRange(program.Machine.Scheduler.RetiredInstructions, 8UL, 12UL);
    }

    [Fact]
    public void WhenNobodyCanEverGoOnTheRunIsHalted()
    {
        using GuestProgram program = Make([GuestProgram.Wfi, GuestProgram.Hvc42], [GuestProgram.Wfe, GuestProgram.Wfe, GuestProgram.Hvc42]);
        Assert.Equal(VcpuExitKind.Halted, program.Machine.Scheduler.Run(Limit, out _).Kind);

        // The first WFE takes the event of the exception return.
        Assert.Equal(3UL, program.Machine.Scheduler.RetiredInstructions);

        // Halted again, until something comes from outside.
        Assert.Equal(VcpuExitKind.Halted, program.Machine.Scheduler.Run(Limit, out _).Kind);
        program.Machine.Vcpus[0].SetInterruptLine(InterruptLine.VirtualIrq, true);
        Assert.Equal(0, RunToCall(program));
    }

    [Fact]
    public void AVcpuThatAloneMayExecuteAndWaitsForNothingEndsTheRun()
    {
        using GuestProgram program = Make([GuestProgram.Wfi, GuestProgram.Hvc42], [GuestProgram.BranchToSelf]);
        Assert.True(program.Machine.TryGetCapability(out IPauseAll? pause));
        Assert.True(pause.TryPauseOthers(program.Vcpu));
        Assert.Equal(VcpuExitKind.Halted, program.Machine.Scheduler.Run(Limit, out Vcpu waiting).Kind);
        Assert.Same(program.Vcpu, waiting);
        Assert.Equal(1UL, program.Machine.Scheduler.RetiredInstructions);
        pause.ResumeOthers();
        Assert.Equal(VcpuExitKind.Canceled, program.Machine.Scheduler.Run(Limit, out _).Kind);
    }

    [Fact]
    public void AVcpuThatAloneMayExecuteWaitsForItsTimer()
    {
        using GuestProgram program = Make([MsrCntvTvalX9, MsrCntvCtlX10, GuestProgram.Wfi, GuestProgram.Hvc42], [GuestProgram.BranchToSelf]);
        program.Vcpu.ModifyCore()[9] = 1_000;
        program.Vcpu.ModifyCore()[10] = 1;
        Assert.True(program.Machine.TryGetCapability(out IPauseAll? pause));
        Assert.True(pause.TryPauseOthers(program.Vcpu));
        Assert.Equal(0, RunToCall(program));
        pause.ResumeOthers();
    }

    [Fact]
    public void AnEventOfOneVcpuWakesTheOthers()
    {
        using GuestProgram program = Make([GuestProgram.Wfe, GuestProgram.Wfe, GuestProgram.Hvc42], [GuestProgram.Nop, Sev, GuestProgram.Wfi]);
        Assert.Equal(0, RunToCall(program));
        Assert.Equal(6UL, program.Machine.Scheduler.RetiredInstructions);
    }

    [Fact]
    public void AStoreOpensTheMonitorOfAnotherVcpuAndWakesIt()
    {
        // The first waits until the second has stored.
        using GuestProgram program = Make(
            [GuestProgram.Wfe, LdxrX2, GuestProgram.Wfe, StxrX2, GuestProgram.Hvc42],
            [GuestProgram.Nop, GuestProgram.StrX2, GuestProgram.BranchToSelf],
            new MachineOptions { VcpuCount = 2, MaximumSlice = 1 });
        Assert.Equal(0, RunToCall(program));
        Assert.Equal(1U, (uint)program.Machine.Vcpus[0].Core[4]);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(1000)]
    public void AStoreDoesNotOpenTheOwnMonitorWhereverTheRunIsCut(ulong slice)
    {
        using GuestProgram program = Make(
            [LdxrX2, GuestProgram.StrX2, GuestProgram.Nop, StxrX2, GuestProgram.Hvc42],
            [GuestProgram.BranchToSelf],
            new MachineOptions { VcpuCount = 2, MaximumSlice = slice });
        Assert.Equal(0, RunToCall(program));
        Assert.Equal(0U, (uint)program.Machine.Vcpus[0].Core[4]);
    }

    [Fact]
    public void TheHandlerOfOneVcpuInterruptsAnother()
    {
        using GuestProgram program = Make(
            [DaifClr2, GuestProgram.Wfi, GuestProgram.BranchToSelf],
            [GuestProgram.Nop, GuestProgram.Hvc42, GuestProgram.Wfi]);
        var calls = new List<(int Vcpu, int Call)>();
        VcpuExit end = program.Machine.Scheduler.Run(
            (vcpu, in exit) =>
            {
                Assert.True(exit.Esr.TryGetCall(out CallSyndrome call));
                calls.Add((vcpu.Index, call.Immediate));
                program.Machine.Vcpus[0].SetInterruptLine(InterruptLine.VirtualIrq, true);
                return calls.Count < 2;
            },
            Limit);
        Assert.Equal(ExceptionClass.Hvc64, end.Esr.Class);

        // The vector of an IRQ from EL1 with SP_EL1.
        Assert.Equal([(1, 0x42), (0, 0x105)], calls);
        Assert.Equal(GuestProgram.Code + 8, program.Machine.Vcpus[0].Exception.ElrEl1);
    }

    [Fact]
    public void AVcpuThatIsOffExecutesNothingUntilItIsTurnedOn()
    {
        using GuestProgram program = Make([GuestProgram.BranchToSelf], [GuestProgram.AddX3, GuestProgram.Hvc42]);
        Vcpu second = program.Machine.Vcpus[1];
        second.IsPoweredOn = false;
        second.SetInterruptLine(InterruptLine.VirtualIrq, true);
        Assert.Equal(VcpuExitKind.Canceled, program.Machine.Scheduler.Run(Limit, out _).Kind);
        Assert.Equal(VcpuExitKind.Halted, program.Machine.Run(second, Limit).Kind);
        Assert.Equal(0UL, second.RetiredInstructions);
        using MachineSnapshot off = program.Machine.TakeSnapshot();
        second.IsPoweredOn = true;
        Assert.Equal(1, RunToCall(program));
        Assert.Equal(1UL, second.Core[3]);
        program.Machine.Restore(off);
        Assert.False(second.IsPoweredOn);
    }

    [Fact]
    public async Task ARequestToAnyVcpuEndsTheRun()
    {
        using GuestProgram program = Make([GuestProgram.BranchToSelf], [GuestProgram.Wfi]);
        using var begun = new ManualResetEventSlim();
        Machine machine = program.Machine;
        machine.Scheduler.SliceObserver = _ => begun.Set();
        Task<VcpuExit> run = Task.Run(() => machine.Scheduler.Run(ulong.MaxValue, out _));
        begun.Wait();
        machine.Vcpus[1].RequestExit();
        Assert.Equal(VcpuExitKind.Canceled, (await run).Kind);
    }

    [Fact]
    public void AnInterruptOfEl2WakesAVcpuThatWaits()
    {
        using GuestProgram program = Make([GuestProgram.Wfi, GuestProgram.Hvc42], [GuestProgram.Wfi, GuestProgram.Hvc42]);
        Assert.Equal(VcpuExitKind.Halted, program.Machine.Scheduler.Run(Limit, out _).Kind);
        Assert.True(program.Machine.Vcpus[1].TryGetCapability(out IVirtualInterrupts? interrupts));
        interrupts.Set(VirtualInterrupt.Irq, true);
        Assert.Equal(1, RunToCall(program));
    }

    [Theory]
    [InlineData(0)]
    [InlineData((1UL << 30) + 1)]
    public void TheLengthOfASliceIsChecked(ulong slice) =>
        Assert.Throws<ArgumentException>(nameof(MachineOptions.MaximumSlice), () => new Machine(new MachineOptions { MaximumSlice = slice }));

    private static GuestProgram Make(uint[] first, uint[] second, MachineOptions? options = null)
    {
        var program = new GuestProgram(options ?? new MachineOptions { VcpuCount = 2 }, first);
        program.Write(Second, second);
        Vcpu vcpu = program.Machine.Vcpus[1];
        vcpu.ModifyCore().Pc = new Va(Second);
        vcpu.ModifyCore()[1] = GuestProgram.Data;
        vcpu.ModifyCore().Pstate = new Spsr(El1h);
        vcpu.ModifyException().VbarEl1 = GuestProgram.Vectors;
        return program;
    }

    private static int RunToCall(GuestProgram program)
    {
        VcpuExit exit = program.Machine.Scheduler.Run(Limit, out Vcpu vcpu);
        Assert.Equal(ExceptionClass.Hvc64, exit.Kind == VcpuExitKind.Exception ? exit.Esr.Class : default);
        return vcpu.Index;
    }
}
