using HvIntrospect.Interpreter;
using HvIntrospect.Registers;
using Xunit;

namespace HvIntrospect.Tests.Interpreter.Timers;

public sealed class GenericTimerTests
{
    private const uint MrsX7Cntvct = 0xD53BE047;
    private const uint MrsX8CntvCtl = 0xD53BE328;
    private const uint MsrCntvTvalX9 = 0xD51BE309;
    private const uint MsrCntvCtlX10 = 0xD51BE32A;
    private const uint MrsX25Cntpct = 0xD53BE039;
    private const ulong El1h = 0x5;

    [Fact]
    public void TheCountIsThatOfExecutedInstructions()
    {
        using var program = new GuestProgram(new MachineOptions { InstructionsPerTick = 1 }, GuestProgram.Nop, GuestProgram.Nop, MrsX25Cntpct, MrsX7Cntvct, GuestProgram.Hvc42);
        program.El2.WriteSystemRegister(SystemRegister.CntvoffEl2, 1);
        program.RunToCall();
        Assert.Equal(2UL, program.Vcpu.Core[25]);
        Assert.Equal(2UL, program.Vcpu.Core[7]);
        Assert.Equal(5UL, program.El2.ReadSystemRegister(SystemRegister.CntpctEl0));
        Assert.Equal(4UL, program.El2.ReadSystemRegister(SystemRegister.CntvctEl0));
    }

    [Theory]
    [InlineData(DispatcherKind.Threaded)]
    [InlineData(DispatcherKind.Loop)]
    public void ATimerInterruptsExactlyWhereItIsDue(DispatcherKind dispatcher)
    {
        const ulong Ticks = 1000;
        const ulong Ratio = 3;
        using var program = new GuestProgram(
            new MachineOptions { Dispatcher = dispatcher, InstructionsPerTick = Ratio }, MsrCntvTvalX9, MsrCntvCtlX10, GuestProgram.AddX3, 0x17FFFFFF /* b .-4 */);
        program.SetState(El1h);
        program.Vcpu.ModifyCore()[9] = Ticks;
        program.Vcpu.ModifyCore()[10] = 1;
        Assert.Equal(0x105, program.RunToCall());

        // The count reaches its mark after Ticks * Ratio instructions; the call is one more.
        Assert.Equal((Ticks * Ratio) + 1, program.Vcpu.RetiredInstructions);
        Assert.Equal((Ticks * Ratio / 2) - 1, program.Vcpu.Core[3]);
    }

    [Fact]
    public void WaitingSkipsToTheTimer()
    {
        using var program = new GuestProgram(
            new MachineOptions { InstructionsPerTick = 16 }, MsrCntvTvalX9, MsrCntvCtlX10, GuestProgram.Wfi, MrsX7Cntvct, MrsX8CntvCtl, GuestProgram.Hvc42);
        program.Vcpu.ModifyCore()[9] = 1_000_000;
        program.Vcpu.ModifyCore()[10] = 1;
        Assert.Equal(0x42, program.RunToCall());
        Assert.Equal(1_000_000UL, program.Vcpu.Core[7]);
        Assert.Equal(5UL, program.Vcpu.Core[8]);
        Assert.Equal(6UL, program.Vcpu.RetiredInstructions);
    }

    [Fact]
    public void AMaskedOrDisabledTimerDoesNotWake()
    {
        using var program = new GuestProgram(MsrCntvTvalX9, MsrCntvCtlX10, GuestProgram.Wfi, GuestProgram.Hvc42);
        program.Vcpu.ModifyCore()[9] = 10;
        program.Vcpu.ModifyCore()[10] = 3;
        Assert.Equal(VcpuExitKind.Halted, program.Run().Kind);
    }

    [Fact]
    public void WithoutTheWireATimerHasNoInterrupt()
    {
        using var program = new GuestProgram(
            new MachineOptions { TimersRaiseVirtualIrq = false, InstructionsPerTick = 1 }, MsrCntvTvalX9, MsrCntvCtlX10, GuestProgram.Nop, MrsX8CntvCtl, GuestProgram.Hvc42);
        program.SetState(El1h);
        program.Vcpu.ModifyCore()[9] = 0;
        program.Vcpu.ModifyCore()[10] = 1;
        Assert.Equal(0x42, program.RunToCall());
        Assert.Equal(5UL, program.Vcpu.Core[8]);
    }

    [Fact]
    public void TheTimerValueIsASignedDistance()
    {
        using var program = new GuestProgram(new MachineOptions { InstructionsPerTick = 1 }, GuestProgram.Hvc42);
        program.El2.WriteSystemRegister(SystemRegister.CntpTvalEl0, 0xFFFF_FFFF);
        Assert.Equal(ulong.MaxValue, program.El2.ReadSystemRegister(SystemRegister.CntpCvalEl0));
        program.El2.WriteSystemRegister(SystemRegister.CntpTvalEl0, 100);
        Assert.Equal(100UL, program.El2.ReadSystemRegister(SystemRegister.CntpCvalEl0));
        program.RunToCall();
        Assert.Equal(99UL, program.El2.ReadSystemRegister(SystemRegister.CntpTvalEl0));
        program.El2.WriteSystemRegister(SystemRegister.CntpCvalEl0, 0);
        Assert.Equal(0xFFFF_FFFFUL, program.El2.ReadSystemRegister(SystemRegister.CntpTvalEl0));
    }

    [Fact]
    public void TheEventStreamEndsAWait()
    {
        using var program = new GuestProgram(new MachineOptions { InstructionsPerTick = 1 }, GuestProgram.Wfe, GuestProgram.Wfe, MrsX7Cntvct, GuestProgram.Hvc42);
        program.El2.WriteSystemRegister(SystemRegister.CntkctlEl1, (1UL << 2) | (5UL << 4));
        Assert.Equal(0x42, program.RunToCall());
        Assert.Equal(32UL, program.Vcpu.Core[7]);
    }

    [Fact]
    public void TheEventStreamOfEl2EndsAWaitToo()
    {
        using var program = new GuestProgram(new MachineOptions { InstructionsPerTick = 1 }, GuestProgram.Wfe, GuestProgram.Wfe, MrsX25Cntpct, GuestProgram.Hvc42);
        program.El2.WriteSystemRegister(SystemRegister.CnthctlEl2, 3 | (1UL << 2) | (6UL << 4));
        Assert.Equal(0x42, program.RunToCall());
        Assert.Equal(64UL, program.Vcpu.Core[25]);
    }

    [Fact]
    public void AHostsApplicationMeansTheTimersOfEl2AndHasNoOffset()
    {
        using var program = new GuestProgram(
            new MachineOptions(CoreModel.Armv8_2) { InstructionsPerTick = 1, RamPhysicalBase = new Pa(GuestProgram.Code) }, MsrCntvTvalX9, MsrCntvCtlX10, MrsX7Cntvct, GuestProgram.Svc9);
        program.El2.WriteSystemRegister(SystemRegister.CntvoffEl2, 1000);
        program.SetBits(SystemRegister.CnthctlEl2, 0x303);
        program.SetBits(SystemRegister.HcrEl2, (ulong)(HcrBits.E2h | HcrBits.Tge));
        program.SetState(0x3C0);
        program.Vcpu.ModifyCore()[9] = 100;
        program.Vcpu.ModifyCore()[10] = 3;
        Assert.Equal(ExceptionClass.Svc64, program.Run().Esr.Class);
        Assert.Equal(2UL, program.Vcpu.Core[7]);
        Assert.Equal((100UL, 3UL), (program.El2.ReadSystemRegister(SystemRegister.CnthvCvalEl2), program.El2.ReadSystemRegister(SystemRegister.CnthvCtlEl2)));
        Assert.Equal((0UL, 0UL), (program.El2.ReadSystemRegister(SystemRegister.CntvCvalEl0), program.El2.ReadSystemRegister(SystemRegister.CntvCtlEl0)));
    }

    [Theory]
    [InlineData(0UL, MrsX7Cntvct, false)]
    [InlineData(2UL, MrsX7Cntvct, true)]
    [InlineData(1UL, MrsX25Cntpct, true)]
    [InlineData(2UL, MrsX25Cntpct, false)]
    [InlineData(0x100UL, MrsX8CntvCtl, true)]
    [InlineData(0x200UL, MrsX8CntvCtl, false)]
    public void El0NeedsTheKernelsLeave(ulong cntkctl, uint word, bool isPermitted)
    {
        using var program = new GuestProgram(word, GuestProgram.Svc9);
        program.SetState(0);
        program.El2.WriteSystemRegister(SystemRegister.CntkctlEl1, cntkctl);
        Assert.Equal(0x108, program.RunToCall());
        Assert.Equal(isPermitted ? ExceptionClass.Svc64 : ExceptionClass.SystemRegister, program.Vcpu.Exception.EsrEl1.Class);
    }

    [Fact]
    public void EL2MayKeepThePhysicalCounter()
    {
        using var program = new GuestProgram(MrsX25Cntpct, GuestProgram.Hvc42);
        program.El2.WriteSystemRegister(SystemRegister.CnthctlEl2, 0);
        VcpuExit exit = program.Run();
        Assert.True(exit.Esr.TryGetSystemRegister(out SystemRegisterSyndrome syndrome));
        Assert.Equal((SystemRegister.CntpctEl0, 25, true), (syndrome.Register, syndrome.Rt, syndrome.IsRead));
    }
}
