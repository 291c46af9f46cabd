using System;
using HvIntrospect.Interpreter;
using HvIntrospect.Registers;
using Xunit;

namespace HvIntrospect.Tests.Interpreter.Exceptions;

public sealed class InterruptTests
{
    private const uint DaifClr2 = 0xD50342FF; // msr daifclr, #2
    private const uint DaifClr8 = 0xD50348FF; // msr daifclr, #8
    private const uint MrsX13Isr = 0xD538C10D;
    private const ulong El1h = 0x5;
    private const ulong El0 = 0x0;

    [Theory]
    [InlineData(InterruptLine.VirtualIrq, El1h, 0x105)]
    [InlineData(InterruptLine.VirtualFiq, El1h, 0x106)]
    [InlineData(InterruptLine.VirtualIrq, El0, 0x109)]
    public void AVirtualInterruptIsTakenBeforeTheNextInstruction(InterruptLine line, ulong state, int vector)
    {
        using var program = new GuestProgram(GuestProgram.AddX3, GuestProgram.Hvc42);
        program.SetState(state);
        program.Vcpu.SetInterruptLine(line, true);
        Assert.Equal(vector, program.RunToCall());
        Assert.Equal(0UL, program.Vcpu.Core[3]);
        Assert.Equal(GuestProgram.Code, program.Vcpu.Exception.ElrEl1);
        Assert.Equal(state, program.Vcpu.Exception.SpsrEl1.Value);
        Assert.Equal(0x3C5UL, program.Vcpu.Core.Pstate.Value);
    }

    [Theory]
    [InlineData(HcrBits.Vi, 0x105)]
    [InlineData(HcrBits.Vf, 0x106)]
    [InlineData(HcrBits.Vse, 0x107)]
    public void AVirtualInterruptOfHcrIsTaken(HcrBits bit, int vector)
    {
        using var program = new GuestProgram(GuestProgram.Hvc42);
        program.SetState(El1h);
        program.SetBits(SystemRegister.HcrEl2, (ulong)bit);
        Assert.Equal(vector, program.RunToCall());

        // A virtual SError is taken once; the others stay while the bit is set.
        Assert.Equal(bit == HcrBits.Vse, (program.El2.ReadSystemRegister(SystemRegister.HcrEl2) & (ulong)bit) == 0);
    }

    [Theory]
    [InlineData(VirtualInterrupt.Irq, 0x105)]
    [InlineData(VirtualInterrupt.Fiq, 0x106)]
    [InlineData(VirtualInterrupt.SError, 0x107)]
    public void AnInterruptOfEl2IsTakenOnTopOfTheLines(VirtualInterrupt interrupt, int vector)
    {
        using var program = new GuestProgram(GuestProgram.Hvc42, GuestProgram.Hvc42);
        Assert.True(program.Vcpu.TryGetCapability(out IVirtualInterrupts? interrupts));
        program.SetState(El1h);
        interrupts.Set(interrupt, true);
        Assert.True(interrupts.IsPending(interrupt));
        Assert.Equal(vector, program.RunToCall());

        // Only a virtual SError is withdrawn by being taken.
        Assert.Equal(interrupt != VirtualInterrupt.SError, interrupts.IsPending(interrupt));
        interrupts.Set(interrupt, false);
        Assert.False(interrupts.IsPending(interrupt));
        program.SetState(El1h);
        program.Vcpu.ModifyCore().Pc = new Va(GuestProgram.Code);
        Assert.Equal(0x42, program.RunToCall());
        Assert.Throws<ArgumentOutOfRangeException>(() => interrupts.Set((VirtualInterrupt)3, true));
    }

    [Fact]
    public void AMaskedInterruptWaitsForTheInstructionThatUnmasksIt()
    {
        using var program = new GuestProgram(MrsX13Isr, GuestProgram.AddX3, DaifClr2, GuestProgram.AddX3, GuestProgram.Hvc42);
        program.Vcpu.SetInterruptLine(InterruptLine.VirtualIrq, true);
        Assert.Equal(0x105, program.RunToCall());
        Assert.Equal(1UL << 7, program.Vcpu.Core[13]);
        Assert.Equal(1UL, program.Vcpu.Core[3]);
        Assert.Equal(GuestProgram.Code + 12, program.Vcpu.Exception.ElrEl1);
    }

    [Fact]
    public void WithoutRoutingThereAreNoVirtualInterrupts()
    {
        using var program = new GuestProgram(MrsX13Isr, GuestProgram.Hvc42);
        program.SetState(El1h);
        program.El2.WriteSystemRegister(SystemRegister.HcrEl2, program.El2.ReadSystemRegister(SystemRegister.HcrEl2) & ~(ulong)HcrBits.Imo);
        program.SetBits(SystemRegister.HcrEl2, (ulong)HcrBits.Vi);
        program.Vcpu.SetInterruptLine(InterruptLine.VirtualIrq, true);
        Assert.Equal(0x42, program.RunToCall());
        Assert.Equal(0UL, program.Vcpu.Core[13]);
    }

    [Fact]
    public void APhysicalInterruptForEl2EndsTheRunWhateverTheGuestMasks()
    {
        using var program = new GuestProgram(GuestProgram.AddX3, GuestProgram.Hvc42);
        program.Vcpu.SetInterruptLine(InterruptLine.Irq, true);
        Assert.Equal(VcpuExitKind.Canceled, program.Run().Kind);
        Assert.Equal(GuestProgram.Code, program.Vcpu.Core.Pc.Value);
        program.Vcpu.SetInterruptLine(InterruptLine.Irq, false);
        Assert.Equal(0x42, program.RunToCall());
    }

    [Theory]
    [InlineData(InterruptLine.Irq, HcrBits.Imo, 0x105)]
    [InlineData(InterruptLine.Fiq, HcrBits.Fmo, 0x106)]
    [InlineData(InterruptLine.SError, HcrBits.Amo, 0x107)]
    public void APhysicalInterruptThatIsNotRoutedGoesToEl1(InterruptLine line, HcrBits routing, int vector)
    {
        using var program = new GuestProgram(GuestProgram.Hvc42);
        program.SetState(El1h);
        program.El2.WriteSystemRegister(SystemRegister.HcrEl2, program.El2.ReadSystemRegister(SystemRegister.HcrEl2) & ~(ulong)routing);
        program.Vcpu.SetInterruptLine(line, true);
        Assert.Equal(vector, program.RunToCall());
    }

    [Fact]
    public void TheGateHoldsAnInterruptAndLosesNone()
    {
        using var program = new GuestProgram(GuestProgram.AddX3, GuestProgram.Hvc42, GuestProgram.AddX3);
        program.SetState(El1h);
        program.Vcpu.SetInterruptLine(InterruptLine.VirtualIrq, true);
        Assert.True(program.Vcpu.TryGetCapability(out IInterruptGate? gate));
        gate.Close();
        Assert.Equal(0x42, program.RunToCall());
        gate.Open();
        Assert.Equal(0x105, program.RunToCall());
        Assert.Equal(1UL, program.Vcpu.Core[3]);
    }

    [Fact]
    public void WaitForInterruptHaltsUntilSomethingIsPendingEvenMasked()
    {
        using var program = new GuestProgram(GuestProgram.Wfi, GuestProgram.Hvc42);
        Assert.Equal(VcpuExitKind.Halted, program.Run().Kind);
        Assert.Equal(VcpuExitKind.Halted, program.Run().Kind);
        program.Vcpu.SetInterruptLine(InterruptLine.VirtualIrq, true);
        Assert.Equal(0x42, program.RunToCall());
    }

    [Fact]
    public void WaitForEventHaltsUntilAnEvent()
    {
        const uint Sevl = 0xD50320BF;
        using var program = new GuestProgram(Sevl, GuestProgram.Wfe, GuestProgram.Wfe, GuestProgram.Hvc42);
        Assert.Equal(VcpuExitKind.Halted, program.Run().Kind);
        Assert.Equal(GuestProgram.Code + 12, program.Vcpu.Core.Pc.Value);
        program.Vcpu.SetInterruptLine(InterruptLine.VirtualFiq, true);
        Assert.Equal(0x42, program.RunToCall());
    }

    [Fact]
    public void AnEventOfAnotherVcpuWakes()
    {
        const uint Sev = 0xD503209F;
        using var program = new GuestProgram(new MachineOptions { VcpuCount = 2 }, GuestProgram.Wfe, GuestProgram.Wfe, GuestProgram.Hvc42, Sev, GuestProgram.Hvc42);
        Vcpu other = program.Machine.Vcpus[1];
        other.ModifyCore().Pc = new Va(GuestProgram.Code + 12);
        Assert.Equal(VcpuExitKind.Halted, program.Run().Kind);
        Assert.Equal(ExceptionClass.Hvc64, program.Machine.Run(other, GuestProgram.Limit).Esr.Class);
        Assert.Equal(0x42, program.RunToCall());
    }

    [Theory]
    [InlineData(GuestProgram.Wfi, HcrBits.Twi, WfxInstruction.Wfi)]
    [InlineData(GuestProgram.Wfe, HcrBits.Twe, WfxInstruction.Wfe)]
    public void AWaitIsTrappedOnlyWhenItWouldWait(uint word, HcrBits trap, WfxInstruction instruction)
    {
        // The first WFE takes the event of the exception return and does not wait.
        using var program = new GuestProgram(GuestProgram.Wfe, word, GuestProgram.Hvc42);
        program.SetBits(SystemRegister.HcrEl2, (ulong)trap);
        VcpuExit exit = program.Run();
        Assert.True(exit.Esr.TryGetWfx(out WfxSyndrome syndrome));
        Assert.Equal(instruction, syndrome.Instruction);
        Assert.Equal(GuestProgram.Code + 4, program.Vcpu.Core.Pc.Value);

        // The exception return has set the event register, and the interrupt is pending.
        program.Vcpu.SetInterruptLine(InterruptLine.VirtualIrq, true);
        Assert.Equal(0x42, program.RunToCall());
    }

    [Fact]
    public void AnUnknownLineIsRefused()
    {
        using var program = new GuestProgram(GuestProgram.Nop);
        Assert.Throws<ArgumentOutOfRangeException>(() => program.Vcpu.SetInterruptLine((InterruptLine)5, true));
    }

    [Fact]
    public void UnmaskingDebugExceptionsChangesNothingElse()
    {
        using var program = new GuestProgram(DaifClr8, GuestProgram.Hvc42);
        Assert.Equal(0x42, program.RunToCall());
        Assert.Equal(0x1C5UL, program.Vcpu.Core.Pstate.Value);
    }
}
