using HvIntrospect.Interpreter;
using HvIntrospect.Registers;
using HvIntrospect.Tests.Interpreter;
using Xunit;

namespace HvIntrospect.Tests.KnownMistakes;

/// <summary>What hypervisors have got wrong in stepping and in switching translation regimes.</summary>
public sealed class RegimeAndStepMistakesTests
{
    private const ulong El0 = 0x3C0;
    private const uint LdrX2 = GuestProgram.LdrX2;

    /// <summary>Without FEAT_VHE, TGE takes Stage 1 away from EL0: its addresses are IPAs.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void WithTgeThereIsNoStage1(bool tge)
    {
        using var program = new GuestProgram(LdrX2);
        program.Vcpu.ModifyTranslation().SctlrEl1 = (ulong)SctlrBits.M; // the tables hold nothing valid
        if (tge)
        {
            program.SetBits(SystemRegister.HcrEl2, (ulong)HcrBits.Tge);
        }

        program.SetState(El0);
        program.Machine.Run(program.Vcpu, 1);
        Assert.Equal(tge ? GuestProgram.Code + 4 : GuestProgram.Vectors + 0x400, program.Vcpu.Core.Pc.Value);
    }

    /// <summary>After a cold reset the OS Lock is set, and a step that does not open it never happens.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void TheGuestsOsLockDoesNotStopTheStep(bool isLocked)
    {
        using var program = new GuestProgram(GuestProgram.AddX3, GuestProgram.AddX3);
        program.Vcpu.ModifyDebug().OsLock = isLocked;
        Assert.True(program.Vcpu.TryGetCapability(out ISingleStep? step));
        step.Arm();
        Assert.Equal(SingleStepOutcome.Completed, step.Classify(program.Run()));
        Assert.Equal(1UL, program.Vcpu.Core[3]);
        Assert.Equal(isLocked, program.Vcpu.Debug.OsLock);
    }

    /// <summary>A step is one instruction: not none when it was pending, and not two.</summary>
    [Fact]
    public void EveryStepIsOneInstruction()
    {
        using var program = new GuestProgram(GuestProgram.AddX3, GuestProgram.AddX3, GuestProgram.AddX3, GuestProgram.AddX3);
        Assert.True(program.Vcpu.TryGetCapability(out ISingleStep? step));
        for (ulong i = 1; i <= 4; i++)
        {
            step.Arm();
            Assert.Equal(SingleStepOutcome.Completed, step.Classify(program.Run()));
            Assert.Equal(i, program.Vcpu.Core[3]);
        }
    }

    /// <summary>A trapped SMC is not completed by its step: PC stands at it, and whoever emulates it moves on.</summary>
    [Fact]
    public void ASecureMonitorCallDoesNotEndTheStepByItself()
    {
        using var program = new GuestProgram(0xD4000003, GuestProgram.AddX3); // smc #0
        Assert.True(program.Vcpu.TryGetCapability(out ISingleStep? step));
        step.Arm();
        VcpuExit exit = program.Run();
        Assert.Equal(ExceptionClass.Smc64, exit.Esr.Class);
        Assert.Equal(SingleStepOutcome.Pending, step.Classify(exit));
        Assert.Equal(GuestProgram.Code, program.Vcpu.Core.Pc.Value);
    }

    /// <summary>A step inside of a load-exclusive's sequence loses the monitor, every time; software must be able to see that.</summary>
    [Fact]
    public void AStepOfALoadExclusiveIsReportedAndItsStoreFails()
    {
        using var program = new GuestProgram(0xC85F7C22, 0xC8037C22, GuestProgram.AddX3); // ldxr x2, [x1]; stxr w3, x2, [x1]
        Assert.True(program.Vcpu.TryGetCapability(out ISingleStep? step));
        step.Arm();
        VcpuExit exit = program.Run();
        Assert.True(exit.Esr.TryGetSoftwareStep(out SoftwareStepSyndrome syndrome) && syndrome.SteppedLoadExclusive);
        step.Classify(exit);
        step.Arm();
        step.Classify(program.Run());
        Assert.Equal(1UL, program.Vcpu.Core[3]);
    }
}
