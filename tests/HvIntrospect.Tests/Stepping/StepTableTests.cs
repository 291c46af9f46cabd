using HvIntrospect.Interpreter;
using HvIntrospect.Registers;
using HvIntrospect.Stepping;
using HvIntrospect.Tests.Interpreter;
using HvIntrospect.Tests.Support;
using Xunit;

namespace HvIntrospect.Tests.Stepping;

/// <summary>What one step does, instruction by instruction, at EL0 and EL1: each case that the architecture tells apart, on a machine with the checker on.</summary>
public sealed class StepTableTests
{
    private const int El0 = 0;
    private const int El1 = 1;
    private const uint Branch8 = 0x14000002; // b .+8
    private const uint BranchX5 = 0xD61F00A0; // br x5
    private const uint LdxrX2 = 0xC85F7C22;
    private const uint Smc7 = 0xD40000E3;
    private const uint MrsX5Mdscr = 0xD5300245;
    private const uint MsrMdscrX5 = 0xD5100245;
    private const uint MrsX5Mdccsr = 0xD5330105;
    private const uint MsrOslarX5 = 0xD5101085;
    private const uint MrsX5Oslsr = 0xD5301185;
    private const uint MaskDebug = 0xD50348DF; // msr daifset, #8
    private const uint SelectSp0 = 0xD50040BF; // msr spsel, #0
    private const uint CopyPrologue = 0x190604E5; // cpyfp [x5]!, [x6]!, x7!
    private const uint CopyMain = 0x194604E5;
    private const ulong Next = GuestProgram.Code + 4;
    private const ulong Absent = 0x900_0000;
    private const ulong Kde = 1UL << 13;
    private const ulong Mde = 1UL << 15;

    [Theory]
    [InlineData(El0)]
    [InlineData(El1)]
    public void Ordinary(int el)
    {
        using GuestProgram program = Make(el, GuestProgram.AddX3, GuestProgram.AddX3);
        VcpuExit exit = Expect(program, SingleStepOutcome.Completed);
        Assert.True(exit.Esr.TryGetSoftwareStep(out SoftwareStepSyndrome step) && step.IsValid && !step.SteppedLoadExclusive);
        AssertAt(program, Next);
        Assert.Equal(1UL, program.Vcpu.Core[3]);
    }

    [Theory]
    [InlineData(El0, Branch8, GuestProgram.Code + 8)]
    [InlineData(El1, Branch8, GuestProgram.Code + 8)]
    [InlineData(El0, GuestProgram.BranchToSelf, GuestProgram.Code)]
    [InlineData(El1, GuestProgram.BranchToSelf, GuestProgram.Code)]
    [InlineData(El0, BranchX5, GuestProgram.Vectors + 0x280)] // what looks like a vector is none by that
    [InlineData(El1, BranchX5, GuestProgram.Vectors + 0x280)]
    public void Branch(int el, uint word, ulong target)
    {
        using GuestProgram program = Make(el, word);
        program.Vcpu.ModifyCore()[5] = GuestProgram.Vectors + 0x280;
        Expect(program, SingleStepOutcome.Completed);
        AssertAt(program, target);
    }

    [Theory]
    [InlineData(El0)]
    [InlineData(El1)]
    public void LoadExclusive(int el)
    {
        using GuestProgram program = Make(el, LdxrX2, GuestProgram.Nop);
        VcpuExit exit = Expect(program, SingleStepOutcome.Completed);
        Assert.True(exit.Esr.TryGetSoftwareStep(out SoftwareStepSyndrome step) && step.SteppedLoadExclusive);
        AssertAt(program, Next);
    }

    [Theory]
    [InlineData(El0, 0x400)]
    [InlineData(El1, 0x200)]
    public void SupervisorCall(int el, uint vector)
    {
        using GuestProgram program = Make(el, GuestProgram.Svc9);
        Spsr before = program.Vcpu.Core.Pstate;
        Expect(program, SingleStepOutcome.Completed);
        AssertAt(program, GuestProgram.Vectors + vector);
        Assert.Equal(Next, program.Vcpu.Exception.ElrEl1);
        Assert.Equal(before, program.Vcpu.Exception.SpsrEl1);
        Assert.Equal((int)(0x100 + (vector / 0x80)), program.RunToCall());
    }

    [Fact]
    public void HypervisorCallConsumesTheStep()
    {
        using GuestProgram program = Make(El1, GuestProgram.Hvc42, GuestProgram.AddX3, GuestProgram.Hvc42);
        VcpuExit exit = Expect(program, SingleStepOutcome.Completed);
        Assert.Equal(ExceptionClass.Hvc64, exit.Esr.Class);
        AssertAt(program, Next);

        // Nothing is left behind that would stop the guest at once.
        Assert.Equal(0x42, program.RunToCall());
        Assert.Equal(1UL, program.Vcpu.Core[3]);
    }

    [Theory]
    [InlineData(El0, GuestProgram.Hvc42)]
    [InlineData(El0, Smc7)]
    [InlineData(El0, GuestProgram.Udf)]
    [InlineData(El0, GuestProgram.Eret)]
    [InlineData(El1, GuestProgram.Udf)]
    public void SynchronousExceptionToEl1(int el, uint word)
    {
        using GuestProgram program = Make(el, word);
        Spsr before = program.Vcpu.Core.Pstate;
        Expect(program, SingleStepOutcome.Preempted);
        AssertAt(program, GuestProgram.Vectors + (el == El0 ? 0x400UL : 0x200UL));
        Assert.Equal(GuestProgram.Code, program.Vcpu.Exception.ElrEl1);
        Assert.Equal(before, program.Vcpu.Exception.SpsrEl1);
    }

    [Fact]
    public void SecureMonitorCall()
    {
        using GuestProgram program = Make(El1, Smc7, GuestProgram.AddX3);
        program.SetBits(SystemRegister.HcrEl2, (ulong)HcrBits.Tsc);
        ISingleStep step = StepOf(program);
        step.Arm();
        VcpuExit exit = program.Run();
        Assert.Equal(ExceptionClass.Smc64, exit.Esr.Class);
        Assert.Equal(SingleStepOutcome.Pending, step.Classify(exit));
        AssertAt(program, GuestProgram.Code);
        Assert.True(program.Vcpu.Core.Pstate.SoftwareStep);
        CompleteInSoftware(program);
        Assert.Equal(SingleStepOutcome.Completed, step.Classify(program.Run()));
        AssertAt(program, Next);
        Assert.Equal(0UL, program.Vcpu.Core[3]);
    }

    [Theory]
    [InlineData(El0, GuestProgram.Wfi)]
    [InlineData(El0, GuestProgram.Wfe)]
    [InlineData(El1, GuestProgram.Wfi)]
    [InlineData(El1, GuestProgram.Wfe)]
    public void Wait(int el, uint word)
    {
        using GuestProgram program = Make(el, word);
        program.Vcpu.ModifyTranslation().SctlrEl1 = (1UL << 16) | (1UL << 18); // nTWI, nTWE: not trapped to EL1
        Expect(program, SingleStepOutcome.Completed);
        AssertAt(program, Next);
    }

    [Fact]
    public void TrappedRegisterAccess()
    {
        using GuestProgram program = Make(El1, MrsX5Mdscr, MsrMdscrX5, MsrOslarX5, MrsX5Oslsr);
        program.Vcpu.ModifyDebug().OsLock = true;
        program.Vcpu.ModifyDebug().MdscrEl1 = new Mdscr(Mde | Kde);
        Expect(program, SingleStepOutcome.Completed);
        Assert.Equal(Mde | Kde, program.Vcpu.Core[5]);
        program.Vcpu.ModifyCore()[5] = Kde;
        Expect(program, SingleStepOutcome.Completed);
        Assert.Equal(Kde, program.Vcpu.Debug.MdscrEl1.Value);
        program.Vcpu.ModifyCore()[5] = 0;
        Expect(program, SingleStepOutcome.Completed);
        Assert.False(program.Vcpu.Debug.OsLock);
        Expect(program, SingleStepOutcome.Completed);
        Assert.Equal(8UL, program.Vcpu.Core[5]);
        AssertAt(program, GuestProgram.Code + 16);
    }

    [Fact]
    public void TrappedRegisterAccessOfEl0()
    {
        using GuestProgram program = Make(El0, MrsX5Mdccsr);
        program.Vcpu.ModifyCore()[5] = ulong.MaxValue;
        Expect(program, SingleStepOutcome.Completed);
        Assert.Equal(0UL, program.Vcpu.Core[5]);
        AssertAt(program, Next);
    }

    [Theory]
    [InlineData(El0)]
    [InlineData(El1)]
    public void EmulatedDeviceAccess(int el)
    {
        using GuestProgram program = Make(el, GuestProgram.LdrX2, GuestProgram.AddX3);
        program.Vcpu.ModifyCore()[1] = Absent;
        ISingleStep step = StepOf(program);
        step.Arm();
        Assert.Equal(SingleStepOutcome.Pending, step.Classify(program.Run()));
        CompleteInSoftware(program);
        Assert.Equal(SingleStepOutcome.Completed, step.Classify(program.Run()));
        AssertAt(program, Next);
        Assert.Equal(0UL, program.Vcpu.Core[3]);
    }

    [Theory]
    [InlineData(El0, 0x400)]
    [InlineData(El1, 0x200)]
    public void BreakpointInstructionOfTheGuest(int el, uint vector)
    {
        using GuestProgram program = Make(el, GuestProgram.Brk5);
        Spsr before = program.Vcpu.Core.Pstate;
        Expect(program, SingleStepOutcome.Preempted);
        Assert.Equal((int)(0x100 + (vector / 0x80)), program.RunToCall());
        Assert.Equal(0xF200_0005UL, program.Vcpu.Exception.EsrEl1.Value);
        Assert.Equal(before, program.Vcpu.Exception.SpsrEl1);
        Assert.Equal(GuestProgram.Code, program.Vcpu.Exception.ElrEl1);
    }

    [Theory]
    [InlineData(El0, 0x0UL)]
    [InlineData(El1, Kde)]
    public void BreakpointOfTheGuest(int el, ulong kde)
    {
        using GuestProgram program = Make(el, GuestProgram.AddX3);
        PlantBreakpoint(program, kde);
        program.SetState(el == El0 ? 0x1C0UL : 0x1C5UL);
        Expect(program, SingleStepOutcome.Preempted);
        Assert.Equal(0UL, program.Vcpu.Core[3]);
        Assert.Equal(el == El0 ? 0x108 : 0x104, program.RunToCall());
        Assert.Equal(el == El0 ? ExceptionClass.BreakpointLowerEl : ExceptionClass.BreakpointSameEl, program.Vcpu.Exception.EsrEl1.Class);
    }

    [Theory]
    [InlineData(0x0UL, 0x1C5UL)]
    [InlineData(Kde, 0x3C5UL)]
    public void BreakpointThatTheGuestHasMasked(ulong kde, ulong state)
    {
        using GuestProgram program = Make(El1, GuestProgram.AddX3);
        PlantBreakpoint(program, kde);
        program.SetState(state);
        Expect(program, SingleStepOutcome.Completed);
        Assert.Equal(1UL, program.Vcpu.Core[3]);
        Assert.Equal(Mde | kde, program.Vcpu.Debug.MdscrEl1.Value);
    }

    [Fact]
    public void MaskingDebugExceptionsMasksNotTheStep()
    {
        using GuestProgram program = Make(El1, MaskDebug, GuestProgram.AddX3);
        program.SetState(0x1C5);
        Expect(program, SingleStepOutcome.Completed);
        Assert.True(program.Vcpu.Core.Pstate.D);
        Expect(program, SingleStepOutcome.Completed);
        Assert.Equal(1UL, program.Vcpu.Core[3]);
    }

    [Theory]
    [InlineData(El0)]
    [InlineData(El1)]
    public void PhysicalInterruptToEl2IsNoStep(int el)
    {
        using GuestProgram program = Make(el, GuestProgram.AddX3);
        program.SetState(el == El0 ? 0UL : 5UL);
        ISingleStep step = StepOf(program);
        step.Arm();
        program.Vcpu.SetInterruptLine(InterruptLine.Irq, true);
        VcpuExit exit = program.Run();
        Assert.Equal(SingleStepOutcome.Pending, step.Classify(exit));
        AssertAt(program, GuestProgram.Code);
        Assert.True(program.Vcpu.Core.Pstate.SoftwareStep);
        program.Vcpu.SetInterruptLine(InterruptLine.Irq, false);
        Assert.Equal(SingleStepOutcome.Completed, step.Classify(program.Run()));
        AssertAt(program, Next);
        Assert.Equal(1UL, program.Vcpu.Core[3]);
    }

    [Theory]
    [InlineData(0x3C0UL, GuestProgram.Code + 0x100)]
    [InlineData(0x3C5UL, GuestProgram.Code + 0x100)]
    [InlineData(0x3C5UL, GuestProgram.Code)] // to itself
    [InlineData(0x3C5UL, GuestProgram.Vectors + 0x280)]
    public void ExceptionReturnOfTheGuest(ulong state, ulong target)
    {
        using GuestProgram program = Make(El1, GuestProgram.Eret);
        program.Vcpu.ModifyException().ElrEl1 = target;
        program.Vcpu.ModifyException().SpsrEl1 = new Spsr(state);
        Expect(program, SingleStepOutcome.Completed);
        AssertAt(program, target);
        Assert.Equal(state, program.Vcpu.Core.Pstate.Value);
    }

    [Theory]
    [InlineData(El0)]
    [InlineData(El1)]
    public void MemoryCopyCountsWhenItIsComplete(int el)
    {
        var machine = CheckedMachine.Make(new MachineOptions { Features = A64Features.Armv8_8 });
        using var program = new GuestProgram(machine, CopyPrologue, CopyMain, GuestProgram.AddX3);
        program.SetState(el == El0 ? 0x3C0UL : 0x3C5UL);
        program.Vcpu.ModifyTranslation().SctlrEl1 = 1UL << 33; // MSCEn: EL0 may copy, too
        ref CoreRegisters core = ref program.Vcpu.ModifyCore();
        core[5] = Absent;
        core[6] = GuestProgram.Data;
        core[7] = 0x1000;
        Expect(program, SingleStepOutcome.Completed);
        ulong main = program.Vcpu.Core.Pc.Value;
        Assert.Equal(Next, main);
        ISingleStep step = StepOf(program);
        step.Arm();
        VcpuExit abort = program.Run();
        Assert.Equal(ExceptionClass.DataAbortLowerEl, abort.Esr.Class);
        Assert.Equal(SingleStepOutcome.Pending, step.Classify(abort));
        AssertAt(program, Next);

        // What it stumbled over is there now: the rest is the same step.
        program.Vcpu.ModifyCore()[5] += GuestProgram.Data + 0x8000 - Absent;
        Assert.Equal(SingleStepOutcome.Completed, step.Classify(program.Run()));
        AssertAt(program, GuestProgram.Code + 8);
        Assert.Equal(0UL, program.Vcpu.Core[3]);
    }

    [Theory]
    [InlineData(El0, 0x400)]
    [InlineData(El1, 0x200)]
    public void IllegalState(int el, uint vector)
    {
        using GuestProgram program = Make(el, GuestProgram.AddX3);
        Spsr state = new(program.Vcpu.Core.Pstate.Value | (1UL << 20));
        program.SetState(state.Value);
        Expect(program, SingleStepOutcome.Preempted);
        AssertAt(program, GuestProgram.Vectors + vector);
        Assert.Equal(ExceptionClass.IllegalState, program.Vcpu.Exception.EsrEl1.Class);
        Assert.Equal(state, program.Vcpu.Exception.SpsrEl1);
    }

    [Theory]
    [InlineData(El0)]
    [InlineData(El1)]
    public void Stage2AbortKeepsTheStep(int el)
    {
        using GuestProgram program = Make(el, GuestProgram.LdrX2, GuestProgram.AddX3);
        program.Vcpu.ModifyCore()[1] = Absent;
        ISingleStep step = StepOf(program);
        step.Arm();
        for (int i = 0; i < 3; i++)
        {
            VcpuExit abort = program.Run();
            Assert.Equal(ExceptionClass.DataAbortLowerEl, abort.Esr.Class);
            Assert.Equal(SingleStepOutcome.Pending, step.Classify(abort));
            Assert.True(program.Vcpu.Core.Pstate.SoftwareStep);
        }

        program.Vcpu.ModifyCore()[1] = GuestProgram.Data;
        Assert.Equal(SingleStepOutcome.Completed, step.Classify(program.Run()));
        AssertAt(program, Next);
    }

    [Fact]
    public void ExceptionAtItsOwnVector()
    {
        // UDF at the vector to which it leads: PC does not move, and still the exception has been taken.
        using GuestProgram program = Make(El1, GuestProgram.Nop);
        program.Write(GuestProgram.Vectors + 0x200, GuestProgram.Udf);
        program.Vcpu.ModifyCore().Pc = new Va(GuestProgram.Vectors + 0x200);
        Expect(program, SingleStepOutcome.Preempted);
        AssertAt(program, GuestProgram.Vectors + 0x200);
        Assert.Equal(GuestProgram.Vectors + 0x200, program.Vcpu.Exception.ElrEl1);
        Assert.False(program.Vcpu.Exception.SpsrEl1.SoftwareStep);
    }

    [Theory]
    [InlineData(El0)]
    [InlineData(El1)]
    public void LocksOfTheGuestDoNotStopIt(int el)
    {
        using GuestProgram program = Make(el, GuestProgram.AddX3);
        program.Vcpu.ModifyDebug().OsLock = true;
        program.El2.WriteSystemRegister(SystemRegister.OsdlrEl1, 1);
        Expect(program, SingleStepOutcome.Completed);
        Assert.Equal(1UL, program.Vcpu.Core[3]);
        Assert.True(program.Vcpu.Debug.OsLock);
        Assert.Equal(1UL, program.El2.ReadSystemRegister(SystemRegister.OsdlrEl1));
    }

    [Theory]
    [InlineData(El0, Kde | 1UL, 0x1C0UL)]
    [InlineData(El0, 1UL, 0x3C0UL)]
    [InlineData(El1, Kde | 1UL, 0x1C5UL)]
    public void StepOfTheGuestItself(int el, ulong mdscr, ulong state)
    {
        using GuestProgram program = Make(el, GuestProgram.AddX3, GuestProgram.AddX3);
        program.Vcpu.ModifyDebug().OsLock = false;
        program.Vcpu.ModifyDebug().MdscrEl1 = new Mdscr(mdscr);
        program.SetState(state | (1UL << 21));
        Expect(program, SingleStepOutcome.Completed);
        AssertAt(program, Next);

        // It was the guest's one instruction, too. Its own exception is next, before any further step of ours.
        Expect(program, SingleStepOutcome.Preempted);
        AssertAt(program, Next);
        Assert.Equal(el == El0 ? 0x108 : 0x104, program.RunToCall());
        Assert.Equal(el == El0 ? ExceptionClass.SoftwareStepLowerEl : ExceptionClass.SoftwareStepSameEl, program.Vcpu.Exception.EsrEl1.Class);
        Assert.Equal(1UL, program.Vcpu.Core[3]);
        Assert.Equal(state, program.Vcpu.Exception.SpsrEl1.Value);
    }

    [Theory]
    [InlineData(El0)]
    [InlineData(El1)]
    public void ExceptionDuringTheStepOfTheGuestItself(int el)
    {
        using GuestProgram program = Make(el, GuestProgram.Udf);
        program.Vcpu.ModifyDebug().OsLock = false;
        program.Vcpu.ModifyDebug().MdscrEl1 = new Mdscr(Kde | 1);
        program.SetState((el == El0 ? 0x1C0UL : 0x1C5UL) | (1UL << 21));
        Expect(program, SingleStepOutcome.Preempted);
        Assert.True(program.Vcpu.Exception.SpsrEl1.SoftwareStep);
    }

    [Fact]
    public void KernelDebugOfTheGuestIsNotEl2s()
    {
        // With KDE set and PSTATE.D clear at EL2, the return to the guest would clear PSTATE.SS, every time.
        using GuestProgram program = Make(El1, GuestProgram.AddX3);
        program.Vcpu.ModifyDebug().MdscrEl1 = new Mdscr(Kde | Mde);
        ISingleStep step = StepOf(program);
        step.Arm();
        Assert.False(new Mdscr(program.El2.ReadSystemRegister(SystemRegister.MdscrEl1)).KernelDebugEnable);
        Assert.Equal(SingleStepOutcome.Completed, step.Classify(program.Run()));
        Assert.Equal(Kde | Mde, program.Vcpu.Debug.MdscrEl1.Value);
    }

    [Fact]
    public void ALostStepIsRepeatedOnceAndThenGivenUp()
    {
        using GuestProgram program = Make(El1, GuestProgram.AddX3);
        ISingleStep step = StepOf(program);
        step.Arm();
        for (int i = 0; i < 2; i++)
        {
            ref CoreRegisters core = ref program.Vcpu.ModifyCore();
            core.Pstate = core.Pstate.WithSoftwareStep(false);
            Assert.Equal(i == 0 ? SingleStepOutcome.Pending : SingleStepOutcome.Preempted, step.Classify(program.Run()));
        }

        Assert.Equal(0UL, program.Vcpu.Core[3]);
        AssertAt(program, GuestProgram.Code);
        Expect(program, SingleStepOutcome.Completed);
    }

    [Fact]
    public void WhatElseIsWrittenMeanwhileStays()
    {
        using GuestProgram program = Make(El1, SelectSp0);
        ISingleStep step = StepOf(program);
        step.Arm();
        program.SetBits(SystemRegister.MdcrEl2, (ulong)MdcrBits.Tpm);
        program.SetBits(SystemRegister.HcrEl2, (ulong)HcrBits.Tsc);
        Assert.Equal(SingleStepOutcome.Completed, step.Classify(program.Run()));
        Assert.NotEqual(0UL, program.El2.ReadSystemRegister(SystemRegister.MdcrEl2) & (ulong)MdcrBits.Tpm);
        Assert.NotEqual(0UL, program.El2.ReadSystemRegister(SystemRegister.HcrEl2) & (ulong)HcrBits.Tsc);
        Assert.Equal(0x3C4UL, program.Vcpu.Core.Pstate.Value);
    }

    /// <summary>Whatever of the step's state is lost, it shows: none of it is there for nothing.</summary>
    [Fact]
    public void EachControlIsNeeded()
    {
        SystemRegister[] controls =
            [SystemRegister.MdcrEl2, SystemRegister.MdscrEl1, SystemRegister.OslarEl1, SystemRegister.OsdlrEl1, SystemRegister.HcrEl2];
        foreach (SystemRegister lost in controls)
        {
            using GuestProgram program = Make(El1, GuestProgram.Wfi, GuestProgram.AddX3, GuestProgram.Hvc42);
            program.Vcpu.ModifyDebug().OsLock = lost == SystemRegister.OslarEl1;
            program.El2.WriteSystemRegister(SystemRegister.OsdlrEl1, lost == SystemRegister.OsdlrEl1 ? 1UL : 0UL);
            if (lost != SystemRegister.HcrEl2)
            {
                program.Vcpu.ModifyCore().Pc += 4;
            }

            var step = new El2SingleStep(program.Vcpu, new ForgetfulEl2(program.El2, lost), program.Machine);
            step.Arm();
            VcpuExit exit = program.Run();
            Assert.True(exit.Esr.Class is not (ExceptionClass.SoftwareStepLowerEl or ExceptionClass.Wfx), lost.ToString());
        }
    }

    [Fact]
    public void SteppingAllocatesNothing()
    {
        using var program = new GuestProgram(GuestProgram.AddX3, 0x17FFFFFF); // b .-4
        ISingleStep gated = StepOf(program);
        var masked = new El2SingleStep(new SteppedVcpu(program.Vcpu, gate: null), program.El2, program.Machine);
        program.SetState(5);
        foreach (ISingleStep step in new[] { gated, masked })
        {
            Assert.Equal(0, Allocation.Of(() =>
            {
                for (int i = 0; i < 100; i++)
                {
                    step.Arm();
                    step.Classify(program.Run());
                }
            }));
        }
    }

    private static GuestProgram Make(int el, params uint[] words)
    {
        var program = new GuestProgram(CheckedMachine.Make(), words);
        program.SetState(el == El0 ? 0x3C0UL : 0x3C5UL);
        return program;
    }

    private static ISingleStep StepOf(GuestProgram program)
    {
        Assert.True(program.Vcpu.TryGetCapability(out ISingleStep? step));
        return step;
    }

    private static VcpuExit Expect(GuestProgram program, SingleStepOutcome outcome)
    {
        ISingleStep step = StepOf(program);
        step.Arm();
        VcpuExit exit = program.Run();
        Assert.Equal(outcome, step.Classify(exit));
        Assert.False(step.IsArmed);
        return exit;
    }

    private static void AssertAt(GuestProgram program, ulong pc) => Assert.Equal(pc, program.Vcpu.Core.Pc.Value);

    private static void CompleteInSoftware(GuestProgram program)
    {
        ref CoreRegisters core = ref program.Vcpu.ModifyCore();
        core.Pc += 4;
        core.Pstate = core.Pstate.WithSoftwareStep(false);
    }

    private static void PlantBreakpoint(GuestProgram program, ulong kde)
    {
        program.Vcpu.ModifyDebug().OsLock = false;
        program.El2.WriteSystemRegister(new SystemRegister(2, 0, 0, 0, 4), GuestProgram.Code);
        program.El2.WriteSystemRegister(new SystemRegister(2, 0, 0, 0, 5), 0x1E7); // enabled at EL0 and EL1
        program.Vcpu.ModifyDebug().MdscrEl1 = new Mdscr(Mde | kde);
    }
}
