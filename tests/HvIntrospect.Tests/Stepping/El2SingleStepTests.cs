using System;
using HvIntrospect.Interpreter;
using HvIntrospect.Registers;
using HvIntrospect.Tests.Interpreter;
using Xunit;

namespace HvIntrospect.Tests.Stepping;

/// <summary>One instruction at a time on the in-box machine, whose state machine is the architecture's.</summary>
public sealed class El2SingleStepTests
{
    private const uint MrsX5Mdscr = 0xD5300245;
    private const uint MsrMdscrX5 = 0xD5100245;
    private const uint MrsX6Oslsr = 0xD5301186;
    private const uint LdxrX2 = 0xC85F7C22;
    private const ulong El1h = 0x5;
    private const ulong El1hMasked = 0x3C5;

    [Fact]
    public void OneInstructionIsExecuted()
    {
        using var program = new GuestProgram(GuestProgram.AddX3, GuestProgram.AddX3);
        ISingleStep step = StepOf(program);
        VcpuExit exit = Step(program, step);
        Assert.Equal(SingleStepOutcome.Completed, step.Classify(exit));
        Assert.Equal(1UL, program.Vcpu.Core[3]);
        Assert.Equal(GuestProgram.Code + 4, program.Vcpu.Core.Pc.Value);
        Assert.False(step.IsArmed);
    }

    [Fact]
    public void EverythingIsPutBack()
    {
        using var program = new GuestProgram(GuestProgram.AddX3, GuestProgram.AddX3);
        program.Vcpu.ModifyDebug().OsLock = true;
        program.Vcpu.ModifyDebug().MdscrEl1 = new Mdscr(1UL << 13);
        program.El2.WriteSystemRegister(SystemRegister.OsdlrEl1, 1);
        SystemRegister[] registers =
            [SystemRegister.MdcrEl2, SystemRegister.HcrEl2, SystemRegister.MdscrEl1, SystemRegister.OslsrEl1, SystemRegister.OsdlrEl1, SystemRegister.SpsrEl2];
        ulong[] before = Array.ConvertAll(registers, program.El2.ReadSystemRegister);
        ISingleStep step = StepOf(program);

        step.Arm();
        step.Arm();
        Assert.True(step.IsArmed);
        step.Disarm();
        step.Disarm();
        Assert.Equal(before, Array.ConvertAll(registers, program.El2.ReadSystemRegister));

        Assert.Equal(SingleStepOutcome.Completed, step.Classify(Step(program, step)));
        Assert.Equal(before, Array.ConvertAll(registers, program.El2.ReadSystemRegister));
        Assert.True(program.Vcpu.TryGetCapability(out IInterruptGate? gate) && !gate.IsClosed);
    }

    [Fact]
    public void SteppingThroughEqualsRunning()
    {
        // A loop with a branch taken and not taken, and a call at its end.
        uint[] words =
        [
            0xD2800064, // mov x4, #3
            GuestProgram.AddX3,
            0xF1000484, // subs x4, x4, #1
            0x54FFFFC1, // b.ne .-8
            0x10000025, // adr x5, .+4
            GuestProgram.Hvc42,
        ];
        using var plain = new GuestProgram(words);
        Assert.Equal(0x42, plain.RunToCall());
        using var stepped = new GuestProgram(words);
        ISingleStep step = StepOf(stepped);
        int steps = 0;
        VcpuExit exit;
        do
        {
            exit = Step(stepped, step);
            Assert.Equal(SingleStepOutcome.Completed, step.Classify(exit));
            steps++;
        }
        while (exit.Esr.Class == ExceptionClass.SoftwareStepLowerEl);

        Assert.Equal(12, steps);
        Assert.Equal(ExceptionClass.Hvc64, exit.Esr.Class);
        Assert.Equal(plain.Vcpu.RetiredInstructions, stepped.Vcpu.RetiredInstructions);
        Assert.Equal(plain.Vcpu.Core.Pc, stepped.Vcpu.Core.Pc);
        Assert.Equal(plain.Vcpu.Core.Pstate, stepped.Vcpu.Core.Pstate);
        for (int i = 0; i < CoreRegisters.GeneralCount; i++)
        {
            Assert.Equal(plain.Vcpu.Core[i], stepped.Vcpu.Core[i]);
        }
    }

    [Fact]
    public void APendingInterruptDoesNotStealTheStep()
    {
        using var program = new GuestProgram(GuestProgram.AddX3, GuestProgram.AddX3);
        program.SetState(El1h);
        program.Vcpu.SetInterruptLine(InterruptLine.VirtualIrq, true);
        ISingleStep step = StepOf(program);
        Assert.Equal(SingleStepOutcome.Completed, step.Classify(Step(program, step)));
        Assert.Equal(GuestProgram.Code + 4, program.Vcpu.Core.Pc.Value);
        Assert.Equal(1UL, program.Vcpu.Core[3]);

        // It is taken right after, before the next instruction.
        Assert.Equal(0x105, program.RunToCall());
        Assert.Equal(GuestProgram.Code + 4, program.Vcpu.Exception.ElrEl1);
        Assert.Equal(1UL, program.Vcpu.Core[3]);
    }

    [Theory]
    [InlineData(GuestProgram.Svc9, true, GuestProgram.Code + 4)]
    [InlineData(GuestProgram.Udf, false, GuestProgram.Code)]
    public void AnExceptionToEl1EndsTheStepAtItsVector(uint word, bool isCompleted, ulong returnAddress)
    {
        using var program = new GuestProgram(word);
        ISingleStep step = StepOf(program);
        VcpuExit exit = Step(program, step);
        Assert.Equal(ExceptionClass.SoftwareStepLowerEl, exit.Esr.Class);
        Assert.Equal(isCompleted ? SingleStepOutcome.Completed : SingleStepOutcome.Preempted, step.Classify(exit));
        Assert.Equal(GuestProgram.Vectors + 0x200, program.Vcpu.Core.Pc.Value);
        Assert.Equal(returnAddress, program.Vcpu.Exception.ElrEl1);
        Assert.False(program.Vcpu.Exception.SpsrEl1.SoftwareStep);
        Assert.Equal(0x104, program.RunToCall());
    }

    [Fact]
    public void AnAbortKeepsTheStep()
    {
        using var program = new GuestProgram(GuestProgram.LdrX2, GuestProgram.AddX3);
        program.Vcpu.ModifyCore()[1] = 0x900_0000;
        ISingleStep step = StepOf(program);
        VcpuExit abort = Step(program, step);
        Assert.Equal(ExceptionClass.DataAbortLowerEl, abort.Esr.Class);
        Assert.Equal(SingleStepOutcome.Pending, step.Classify(abort));
        Assert.True(step.IsArmed);
        program.Vcpu.ModifyCore()[1] = GuestProgram.Data;
        Assert.Equal(SingleStepOutcome.Completed, step.Classify(program.Run()));
        Assert.Equal(GuestProgram.Code + 4, program.Vcpu.Core.Pc.Value);
    }

    [Fact]
    public void AnInstructionThatWasCompletedInSoftwareIsAStep()
    {
        using var program = new GuestProgram(GuestProgram.LdrX2, GuestProgram.AddX3);
        program.Vcpu.ModifyCore()[1] = 0x900_0000;
        ISingleStep step = StepOf(program);
        Assert.Equal(SingleStepOutcome.Pending, step.Classify(Step(program, step)));
        ref CoreRegisters core = ref program.Vcpu.ModifyCore();
        core.Pc += 4;
        core.Pstate = core.Pstate.WithSoftwareStep(false);
        Assert.Equal(SingleStepOutcome.Completed, step.Classify(program.Run()));
        Assert.Equal(0UL, program.Vcpu.Core[3]);
        Assert.Equal(GuestProgram.Code + 4, program.Vcpu.Core.Pc.Value);
    }

    [Theory]
    [InlineData(GuestProgram.Wfi)]
    [InlineData(GuestProgram.Wfe)]
    public void AWaitIsSteppedOver(uint word)
    {
        using var program = new GuestProgram(word, GuestProgram.AddX3);
        ISingleStep step = StepOf(program);
        Assert.Equal(SingleStepOutcome.Completed, step.Classify(Step(program, step)));
        Assert.Equal(GuestProgram.Code + 4, program.Vcpu.Core.Pc.Value);
    }

    [Fact]
    public void AWaitThatWasTrappedBeforeIsNotTheStepsOwn()
    {
        using var program = new GuestProgram(GuestProgram.Wfi, GuestProgram.AddX3);
        program.SetBits(SystemRegister.HcrEl2, (ulong)HcrBits.Twi);
        ISingleStep step = StepOf(program);
        VcpuExit exit = Step(program, step);
        Assert.Equal(ExceptionClass.Wfx, exit.Esr.Class);
        Assert.Equal(SingleStepOutcome.Pending, step.Classify(exit));
        Assert.Equal(GuestProgram.Code, program.Vcpu.Core.Pc.Value);
    }

    [Fact]
    public void TheGuestSeesItsOwnDebugRegisters()
    {
        using var program = new GuestProgram(MrsX5Mdscr, MrsX6Oslsr, MsrMdscrX5, GuestProgram.Nop);
        program.Vcpu.ModifyDebug().OsLock = true;
        program.Vcpu.ModifyDebug().MdscrEl1 = new Mdscr(1UL << 15);
        ISingleStep step = StepOf(program);
        Assert.Equal(SingleStepOutcome.Completed, step.Classify(Step(program, step)));
        Assert.Equal(1UL << 15, program.Vcpu.Core[5]);
        Assert.Equal(SingleStepOutcome.Completed, step.Classify(Step(program, step)));
        Assert.Equal(0xAUL, program.Vcpu.Core[6]);
        program.Vcpu.ModifyCore()[5] = 1UL << 13;
        Assert.Equal(SingleStepOutcome.Completed, step.Classify(Step(program, step)));
        Assert.Equal(1UL << 13, program.Vcpu.Debug.MdscrEl1.Value);
        Assert.Equal(GuestProgram.Code + 12, program.Vcpu.Core.Pc.Value);
    }

    [Fact]
    public void AnExitForARegisterThatTheCoreLacksIsNotTheStepsOwn()
    {
        using var program = new GuestProgram(GuestProgram.AddX3, GuestProgram.AddX3);
        ISingleStep step = StepOf(program);
        step.Arm();
        var lie = VcpuExit.FromException(new Esr(0x622A_0404)); // msr s2_0_c1_c2_1, x0
        Assert.Equal(SingleStepOutcome.Pending, step.Classify(lie));
        Assert.Equal(GuestProgram.Code, program.Vcpu.Core.Pc.Value);
        Assert.Equal(SingleStepOutcome.Completed, step.Classify(Step(program, step)));
        Assert.Equal(1UL, program.Vcpu.Core[3]);
    }

    [Fact]
    public void ABreakpointOfTheGuestIsTheGuests()
    {
        using var program = new GuestProgram(GuestProgram.Brk5);
        ISingleStep step = StepOf(program);
        VcpuExit exit = Step(program, step);
        Assert.Equal(ExceptionClass.Brk64, exit.Esr.Class);
        Assert.Equal(SingleStepOutcome.Preempted, step.Classify(exit));
        Assert.Equal(0x104, program.RunToCall());
        Assert.Equal(0xF200_0005UL, program.Vcpu.Exception.EsrEl1.Value);
        Assert.Equal(El1hMasked, program.Vcpu.Exception.SpsrEl1.Value);
    }

    [Fact]
    public void TheStepOfTheGuestItselfGoesOnWhereItWas()
    {
        // The guest steps itself: KDE and SS set, D clear, SS in the state that it returns to.
        using var program = new GuestProgram(GuestProgram.Eret);
        program.Write(GuestProgram.Code + 0x100, GuestProgram.AddX3, GuestProgram.AddX3);
        program.Vcpu.ModifyDebug().OsLock = false;
        program.Vcpu.ModifyDebug().MdscrEl1 = new Mdscr((1UL << 13) | 1);
        program.Vcpu.ModifyException().ElrEl1 = GuestProgram.Code + 0x100;
        program.Vcpu.ModifyException().SpsrEl1 = new Spsr(0x1C5 | (1UL << 21));
        ISingleStep step = StepOf(program);
        Assert.Equal(SingleStepOutcome.Completed, step.Classify(Step(program, step)));
        Assert.Equal(GuestProgram.Code + 0x100, program.Vcpu.Core.Pc.Value);
        Assert.Equal((1UL << 13) | 1, program.Vcpu.Debug.MdscrEl1.Value);

        // As without the step: one instruction there, then the guest's own exception.
        Assert.Equal(0x104, program.RunToCall());
        Assert.Equal(ExceptionClass.SoftwareStepSameEl, program.Vcpu.Exception.EsrEl1.Class);
        Assert.Equal(GuestProgram.Code + 0x104, program.Vcpu.Exception.ElrEl1);
        Assert.Equal(1UL, program.Vcpu.Core[3]);
    }

    [Fact]
    public void ExitsOfAStoppedStepMeanNothing()
    {
        using var program = new GuestProgram(GuestProgram.Hvc42);
        ISingleStep step = StepOf(program);
        Assert.Equal(SingleStepOutcome.Pending, step.Classify(program.Run()));
        Assert.Equal(SingleStepOutcome.Pending, step.Classify(VcpuExit.FromCode(VcpuExitKind.Canceled)));
    }

    [Fact]
    public void ALoadExclusiveIsReported()
    {
        using var program = new GuestProgram(LdxrX2, GuestProgram.Nop);
        ISingleStep step = StepOf(program);
        VcpuExit exit = Step(program, step);
        Assert.True(exit.Esr.TryGetSoftwareStep(out SoftwareStepSyndrome syndrome) && syndrome.SteppedLoadExclusive);
        Assert.Equal(SingleStepOutcome.Completed, step.Classify(exit));
    }

    private static ISingleStep StepOf(GuestProgram program)
    {
        Assert.True(program.Vcpu.TryGetCapability(out ISingleStep? step));
        return step;
    }

    private static VcpuExit Step(GuestProgram program, ISingleStep step)
    {
        step.Arm();
        return program.Run();
    }
}
