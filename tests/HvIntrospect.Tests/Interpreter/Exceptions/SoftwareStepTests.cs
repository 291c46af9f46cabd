using HvIntrospect.Interpreter;
using HvIntrospect.Registers;
using Xunit;

namespace HvIntrospect.Tests.Interpreter.Exceptions;

/// <summary>The software step state machine, row by row: when it is enabled, what one step of each kind of instruction is, and what comes before what.</summary>
public sealed class SoftwareStepTests
{
    private const ulong Ss = 1UL << 21;
    private const ulong Il = 1UL << 20;
    private const ulong El0 = 0x3C0;
    private const ulong El1 = 0x3C5;
    private const ulong Debug = 1UL << 9;
    private const ulong StepEnable = 1;
    private const ulong KernelDebug = 1UL << 13;
    private const ulong MonitorDebug = 1UL << 15;
    private const ulong Stepped = 0xCB00_0022;
    private const ulong SteppedExclusive = 0xCB00_0062;
    private const ulong Pending = 0xCA00_0022;
    private const uint LdxrX2 = 0xC85F_7C22;
    private const uint LdaxpX2X3 = 0xC87F_8C22;
    private const uint CasX2X3 = 0xC8A2_7C23;
    private const uint Smc3 = 0xD400_0063;
    private const uint BranchForward = 0x1400_0002;
    private const uint DaifSet8 = 0xD503_48DF;
    private const uint DaifClr2 = 0xD503_42FF;
    private const uint MsrMdscrX5 = 0xD510_0245;
    private const uint MsrOslarX5 = 0xD510_1085;
    private const uint MrsX5Tcr = 0xD538_2045;
    private const uint FmovD0D1 = 0x1E60_4020;

    // E1: when step is enabled.
    [Fact]
    public void WithoutMdscrSsTheBitOfTheStateIsDropped()
    {
        using GuestProgram program = Make(El1 | Ss, GuestProgram.AddX3, GuestProgram.Hvc42);
        program.El2.WriteSystemRegister(SystemRegister.MdscrEl1, 0);
        Assert.Equal(0x42, program.RunToCall());
        Assert.Equal(El1, program.Vcpu.Core.Pstate.Value);
    }

    [Theory]
    [InlineData(El1, 0UL)]
    [InlineData(El1, KernelDebug)]
    [InlineData(El1 & ~Debug, 0UL)]
    [InlineData(El0, 0UL)]
    [InlineData(El0 & ~Debug, KernelDebug)]
    public void UnderTdeNeitherKdeNorTheMaskMatters(ulong state, ulong kde)
    {
        using GuestProgram program = Make(state | Ss, GuestProgram.AddX3);
        program.SetBits(SystemRegister.MdscrEl1, kde);
        AssertStep(program, Stepped, GuestProgram.Code + 4, state);
    }

    [Theory]
    [InlineData(El1 & ~Debug, KernelDebug, true)]
    [InlineData(El1, KernelDebug, false)]
    [InlineData(El1 & ~Debug, 0UL, false)]
    [InlineData(El0, 0UL, true)]
    [InlineData(El0 & ~Debug, KernelDebug, true)]
    public void WithoutTdeEl1OwnsItAndNeedsKdeAndNoMaskForItself(ulong state, ulong kde, bool isStepped)
    {
        using GuestProgram program = Make(state | Ss, GuestProgram.AddX3, GuestProgram.Hvc42);
        program.El2.WriteSystemRegister(SystemRegister.MdcrEl2, 0);
        program.SetBits(SystemRegister.MdscrEl1, kde);
        bool isEl0 = (state & 0xF) == 0;
        Assert.Equal(!isStepped ? 0x42 : isEl0 ? 0x108 : 0x104, program.RunToCall());
        if (isStepped)
        {
            Assert.Equal(isEl0 ? ExceptionClass.SoftwareStepLowerEl : ExceptionClass.SoftwareStepSameEl, program.Vcpu.Exception.EsrEl1.Class);
            Assert.Equal(GuestProgram.Code + 4, program.Vcpu.Exception.ElrEl1);
        }
    }

    [Fact]
    public void TgeRoutesAsTdeDoes()
    {
        using GuestProgram program = Make(El0 | Ss, GuestProgram.AddX3);
        program.El2.WriteSystemRegister(SystemRegister.MdcrEl2, 0);
        program.SetBits(SystemRegister.HcrEl2, (ulong)HcrBits.Tge);
        AssertStep(program, Stepped, GuestProgram.Code + 4, El0);
    }

    [Theory]
    [InlineData("OSLAR_EL1", 1UL, 0UL, false)]
    [InlineData("OSDLR_EL1", 1UL, 0UL, false)]
    [InlineData("OSDLR_EL1", 1UL, 1UL, true)]
    public void ALockDisablesIt(string name, ulong value, ulong noPowerDown, bool isStepped)
    {
        using GuestProgram program = Make(El1 | Ss, GuestProgram.AddX3, GuestProgram.Hvc42);
        SystemRegister.TryParse(name, out SystemRegister register);
        program.El2.WriteSystemRegister(SystemRegister.DbgprcrEl1, noPowerDown);
        program.El2.WriteSystemRegister(register, value);
        Assert.Equal(isStepped ? Stepped : 0x5A00_0042, program.Run().Esr.Value);
    }

    [Fact]
    public void APendingStepIsTakenBeforeAnythingAndAgainAndAgain()
    {
        using GuestProgram program = Make(El1, GuestProgram.AddX3);
        AssertStep(program, Pending, GuestProgram.Code, El1);
        AssertStep(program, Pending, GuestProgram.Code, El1);
        Assert.Equal(0UL, program.Vcpu.Core[3]);
        program.SetState(El1 | Ss);
        AssertStep(program, Stepped, GuestProgram.Code + 4, El1);
    }

    // E3: what one step is.
    [Fact]
    public void ABranchIsAStepToItsTarget()
    {
        using GuestProgram program = Make(El1 | Ss, BranchForward);
        AssertStep(program, Stepped, GuestProgram.Code + 8, El1);
    }

    [Theory]
    [InlineData(LdxrX2, SteppedExclusive)]
    [InlineData(LdaxpX2X3, SteppedExclusive)]
    [InlineData(CasX2X3, Stepped)]
    public void ALoadExclusiveIsNamedAndItsMonitorIsGone(uint word, ulong esr)
    {
        // stxr w4, x2, [x1]
        using GuestProgram program = Make(El1 | Ss, word, 0xC804_7C22);
        AssertStep(program, esr, GuestProgram.Code + 4, El1);
        program.SetState(El1 | Ss);
        AssertStep(program, Stepped, GuestProgram.Code + 8, El1);
        Assert.Equal(1UL, program.Vcpu.Core[4]);
    }

    [Fact]
    public void ASupervisorCallIsAStepThatEndsOnTheVector()
    {
        using GuestProgram program = Make(El0 | Ss, GuestProgram.Svc9);
        AssertStep(program, Pending, GuestProgram.Vectors + 0x400, El1);
        Assert.Equal((GuestProgram.Code + 4, El0), (program.Vcpu.Exception.ElrEl1, program.Vcpu.Exception.SpsrEl1.Value));
    }

    [Fact]
    public void AHypervisorCallIsTheStepItself()
    {
        using GuestProgram program = Make(El1 | Ss, GuestProgram.Hvc42);
        AssertStep(program, 0x5A00_0042, GuestProgram.Code + 4, El1);
        AssertStep(program, Pending, GuestProgram.Code + 4, El1);
    }

    [Theory]
    [InlineData(Smc3, ExceptionClass.Smc64)]
    [InlineData(MrsX5Tcr, ExceptionClass.SystemRegister)]
    [InlineData(MsrMdscrX5, ExceptionClass.SystemRegister)]
    [InlineData(MsrOslarX5, ExceptionClass.SystemRegister)]
    [InlineData(FmovD0D1, ExceptionClass.SimdFp)]
    [InlineData(GuestProgram.Brk5, ExceptionClass.Brk64)]
    public void ATrappedInstructionIsNoStep(uint word, ExceptionClass exceptionClass)
    {
        using GuestProgram program = Make(El1 | Ss, word);
        program.SetBits(SystemRegister.HcrEl2, (ulong)(HcrBits.Tsc | HcrBits.Trvm));
        program.SetBits(SystemRegister.CptrEl2, 1 << 10);
        VcpuExit exit = program.Run();
        Assert.Equal(exceptionClass, exit.Esr.Class);
        Assert.Equal((GuestProgram.Code, El1 | Ss), (program.Vcpu.Core.Pc.Value, program.Vcpu.Core.Pstate.Value));
    }

    [Theory]
    [InlineData(GuestProgram.Wfi)]
    [InlineData(GuestProgram.Wfe)]
    public void ATrappedWaitIsNoStep(uint word)
    {
        // The first WFE takes the event of the exception return.
        using GuestProgram program = Make(El1 | Ss, word, word);
        program.SetBits(SystemRegister.HcrEl2, (ulong)(HcrBits.Twi | HcrBits.Twe));
        VcpuExit exit = program.Run();
        bool isEvent = word == GuestProgram.Wfe;
        Assert.Equal(isEvent ? Stepped : 0x07E0_0000UL, exit.Esr.Value);
        Assert.Equal(isEvent ? El1 : El1 | Ss, program.Vcpu.Core.Pstate.Value);
    }

    [Fact]
    public void APendingStepDoesNotWakeAWait()
    {
        using GuestProgram program = Make(El1 | Ss, GuestProgram.Wfi);
        Assert.Equal(VcpuExitKind.Halted, program.Run().Kind);
        program.Vcpu.SetInterruptLine(InterruptLine.VirtualIrq, true);
        AssertStep(program, Stepped, GuestProgram.Code + 4, El1);
    }

    [Fact]
    public void MaskingDebugExceptionsDoesNotStopEl2sStep()
    {
        using GuestProgram program = Make((El1 & ~Debug) | Ss, DaifSet8, GuestProgram.AddX3);
        AssertStep(program, Stepped, GuestProgram.Code + 4, El1);
        program.SetState(El1 | Ss);
        AssertStep(program, Stepped, GuestProgram.Code + 8, El1);
    }

    [Theory]
    [InlineData(GuestProgram.Udf, ExceptionClass.Unknown)]
    [InlineData(0xF940_0062U, ExceptionClass.DataAbortSameEl)] // ldr x2, [x3] where Stage 1 maps nothing
    public void AnExceptionOfTheInstructionIsNoStepAndItsVectorIsPending(uint word, ExceptionClass exceptionClass)
    {
        using GuestProgram program = Make(El1 | Ss, word);
        var tables = new GuestTables(program.Machine, GuestProgram.Data + 0x10_0000);
        tables.Map(GuestProgram.Code, GuestProgram.Code, 64);
        tables.TurnOn(program.Vcpu);
        program.Vcpu.ModifyCore()[3] = 0;
        AssertStep(program, Pending, GuestProgram.Vectors + 0x200, El1);
        Assert.Equal((GuestProgram.Code, El1 | Ss), (program.Vcpu.Exception.ElrEl1, program.Vcpu.Exception.SpsrEl1.Value));
        Assert.Equal(exceptionClass, program.Vcpu.Exception.EsrEl1.Class);
    }

    [Theory]
    [InlineData(InterruptLine.VirtualIrq, 0x280UL)]
    [InlineData(InterruptLine.VirtualFiq, 0x300UL)]
    public void AnInterruptOfEl1StealsTheStep(InterruptLine line, ulong vector)
    {
        using GuestProgram program = Make(0x205 | Ss, GuestProgram.AddX3);
        program.Vcpu.SetInterruptLine(line, true);
        AssertStep(program, Pending, GuestProgram.Vectors + vector, El1);
        Assert.Equal((GuestProgram.Code, 0x205 | Ss, 0UL), (program.Vcpu.Exception.ElrEl1, program.Vcpu.Exception.SpsrEl1.Value, program.Vcpu.Core[3]));
    }

    [Fact]
    public void AnErrorOfEl1StealsTheStep()
    {
        using GuestProgram program = Make(0x2C5 | Ss, GuestProgram.AddX3);
        program.SetBits(SystemRegister.HcrEl2, (ulong)HcrBits.Vse);
        AssertStep(program, Pending, GuestProgram.Vectors + 0x380, El1);
        Assert.Equal(0x2C5 | Ss, program.Vcpu.Exception.SpsrEl1.Value);
    }

    [Fact]
    public void APhysicalInterruptLeavesTheStepToBeTaken()
    {
        using GuestProgram program = Make(El1 | Ss, GuestProgram.AddX3);
        program.Vcpu.SetInterruptLine(InterruptLine.Irq, true);
        Assert.Equal(VcpuExitKind.Canceled, program.Run().Kind);
        Assert.Equal((GuestProgram.Code, El1 | Ss), (program.Vcpu.Core.Pc.Value, program.Vcpu.Core.Pstate.Value));
        program.Vcpu.SetInterruptLine(InterruptLine.Irq, false);
        AssertStep(program, Stepped, GuestProgram.Code + 4, El1);
    }

    [Theory]
    [InlineData(0UL)]
    [InlineData(Ss)]
    public void AReturnOfEl1IsAStepWhateverItSays(ulong saved)
    {
        using GuestProgram program = Make(El1 | Ss, GuestProgram.Eret);
        program.Vcpu.ModifyException().ElrEl1 = GuestProgram.Data;
        program.Vcpu.ModifyException().SpsrEl1 = new Spsr(El0 | saved);
        AssertStep(program, Stepped, GuestProgram.Data, El0);
    }

    [Theory]
    [InlineData(El1, true)] // masked at EL1: enabled only at the target
    [InlineData(El1 & ~Debug, false)] // enabled at the source: the step is pending at the target
    public void AReturnOfEl1ThatOwnsStepArmsItOnlyWhereItIsNotEnabledItself(ulong state, bool isArmed)
    {
        using GuestProgram program = Make(state, GuestProgram.Eret);
        program.El2.WriteSystemRegister(SystemRegister.MdcrEl2, 0);
        program.SetBits(SystemRegister.MdscrEl1, KernelDebug);
        program.SetState(isArmed ? state : state | Ss);
        program.Write(GuestProgram.Data, GuestProgram.AddX3, GuestProgram.AddX3);
        program.Vcpu.ModifyException().ElrEl1 = GuestProgram.Data;
        program.Vcpu.ModifyException().SpsrEl1 = new Spsr(El0 | Ss);
        Assert.Equal(0x108, program.RunToCall());
        Assert.Equal(isArmed ? 1UL : 0UL, program.Vcpu.Core[3]);
        Assert.Equal(GuestProgram.Data + (isArmed ? 4UL : 0UL), program.Vcpu.Exception.ElrEl1);
    }

    [Fact]
    public void AStage2FaultLeavesTheStepToBeTaken()
    {
        // Beyond the RAM; then the register is corrected.
        using GuestProgram program = Make(El1 | Ss, GuestProgram.LdrX2);
        program.Vcpu.ModifyCore()[1] = 0x9000_0000;
        VcpuExit exit = program.Run();
        Assert.Equal(ExceptionClass.DataAbortLowerEl, exit.Esr.Class);
        Assert.Equal((GuestProgram.Code, El1 | Ss), (program.Vcpu.Core.Pc.Value, program.Vcpu.Core.Pstate.Value));
        program.Vcpu.ModifyCore()[1] = GuestProgram.Data;
        AssertStep(program, Stepped, GuestProgram.Code + 4, El1);
    }

    [Fact]
    public void TheIllegalStateIsAnExceptionOfTheInstruction()
    {
        using GuestProgram program = Make(El1 | Ss | Il, GuestProgram.AddX3);
        AssertStep(program, Pending, GuestProgram.Vectors + 0x200, El1);
        Assert.Equal(ExceptionClass.IllegalState, program.Vcpu.Exception.EsrEl1.Class);
        Assert.Equal(El1 | Ss | Il, program.Vcpu.Exception.SpsrEl1.Value);
    }

    // What comes before what: each pair of neighbours.
    [Fact]
    public void APendingStepComesBeforePcAlignment()
    {
        using GuestProgram program = Make(El1, GuestProgram.AddX3);
        program.Vcpu.ModifyCore().Pc = new Va(GuestProgram.Code + 2);
        AssertStep(program, Pending, GuestProgram.Code + 2, El1);
    }

    [Fact]
    public void APendingStepComesBeforeTheIllegalState()
    {
        using GuestProgram program = Make(El1 | Il, GuestProgram.AddX3);
        AssertStep(program, Pending, GuestProgram.Code, El1 | Il);
    }

    [Fact]
    public void APendingStepComesBeforeTheFetch()
    {
        using GuestProgram program = Make(El1, GuestProgram.AddX3);
        program.Vcpu.ModifyCore().Pc = new Va(0x9000_0000);
        AssertStep(program, Pending, 0x9000_0000, El1);
    }

    [Fact]
    public void PcAlignmentComesBeforeTheFetch()
    {
        using GuestProgram program = Quiet(El1);
        program.Vcpu.ModifyCore().Pc = new Va(0x9000_0002);
        Assert.Equal(0x104, program.RunToCall());
        Assert.Equal(ExceptionClass.PcAlignment, program.Vcpu.Exception.EsrEl1.Class);
    }

    [Fact]
    public void Stage1OfTheFetchComesBeforeStage2()
    {
        // Neither stage maps it.
        using GuestProgram program = Quiet(El1);
        var tables = new GuestTables(program.Machine, GuestProgram.Data + 0x10_0000);
        tables.Map(GuestProgram.Code, GuestProgram.Code, 64);
        tables.TurnOn(program.Vcpu);
        program.Vcpu.ModifyCore().Pc = new Va(0x9000_0000);
        Assert.Equal(0x104, program.RunToCall());
        Assert.Equal(ExceptionClass.InstructionAbortSameEl, program.Vcpu.Exception.EsrEl1.Class);
    }

    [Fact]
    public void TheFetchComesBeforeABreakpoint()
    {
        using GuestProgram program = Quiet(El1);
        SetBreakpoint(program, 0x9000_0000);
        program.Vcpu.ModifyCore().Pc = new Va(0x9000_0000);
        Assert.Equal(ExceptionClass.InstructionAbortLowerEl, program.Run().Esr.Class);
    }

    [Theory]
    [InlineData(El1 | Il, GuestProgram.AddX3)]
    [InlineData(El1, GuestProgram.Brk5)]
    [InlineData(El1, GuestProgram.Udf)]
    public void ABreakpointComesBeforeTheIllegalStateAndTheInstruction(ulong state, uint word)
    {
        using GuestProgram program = Quiet(state, word);
        SetBreakpoint(program, GuestProgram.Code);
        Assert.Equal(ExceptionClass.BreakpointLowerEl, program.Run().Esr.Class);
    }

    [Theory]
    [InlineData(GuestProgram.Brk5)]
    [InlineData(GuestProgram.Udf)]
    [InlineData(GuestProgram.Hvc42)]
    public void TheIllegalStateComesBeforeTheInstruction(uint word)
    {
        using GuestProgram program = Quiet(El1 | Il, word);
        Assert.Equal(0x104, program.RunToCall());
        Assert.Equal(ExceptionClass.IllegalState, program.Vcpu.Exception.EsrEl1.Class);
    }

    [Fact]
    public void StackAlignmentComesBeforeTheAccess()
    {
        // ldr x2, [sp] where nothing is mapped
        using GuestProgram program = Quiet(El1, 0xF940_03E2);
        program.SetBits(SystemRegister.SctlrEl1, (ulong)SctlrBits.Sa);
        program.Vcpu.ModifyCore().SpEl1 = 0x9000_0008;
        Assert.Equal(0x104, program.RunToCall());
        Assert.Equal(ExceptionClass.SpAlignment, program.Vcpu.Exception.EsrEl1.Class);
    }

    [Fact]
    public void AlignmentOfTheAccessComesBeforeItsTranslation()
    {
        using GuestProgram program = Quiet(El1, GuestProgram.LdrX2);
        program.SetBits(SystemRegister.SctlrEl1, (ulong)SctlrBits.A);
        program.Vcpu.ModifyCore()[1] = 0x9000_0001;
        Assert.Equal(0x104, program.RunToCall());
        Assert.Equal(0x9600_0021UL, program.Vcpu.Exception.EsrEl1.Value);
    }

    [Fact]
    public void TheTranslationComesBeforeAWatchpoint()
    {
        using GuestProgram program = Quiet(El1, GuestProgram.LdrX2);
        program.El2.WriteSystemRegister(SystemRegister.DbgWvrEl1(0), 0x9000_0000);
        program.El2.WriteSystemRegister(SystemRegister.DbgWcrEl1(0), 0x1FFF);
        program.El2.WriteSystemRegister(SystemRegister.MdscrEl1, MonitorDebug);
        program.Vcpu.ModifyCore()[1] = 0x9000_0000;
        Assert.Equal(ExceptionClass.DataAbortLowerEl, program.Run().Esr.Class);
    }

    [Fact]
    public void AWatchpointIsATrapOfTheInstructionAndNoStep()
    {
        using GuestProgram program = Make(El1 | Ss, GuestProgram.LdrX2);
        program.El2.WriteSystemRegister(SystemRegister.DbgWvrEl1(0), GuestProgram.Data);
        program.El2.WriteSystemRegister(SystemRegister.DbgWcrEl1(0), 0x1FFF);
        program.SetBits(SystemRegister.MdscrEl1, MonitorDebug);
        VcpuExit exit = program.Run();
        Assert.Equal(ExceptionClass.WatchpointLowerEl, exit.Esr.Class);
        Assert.Equal((GuestProgram.Code, El1 | Ss), (program.Vcpu.Core.Pc.Value, program.Vcpu.Core.Pstate.Value));
    }

    [Theory]
    [InlineData(El1)]
    [InlineData(El0)]
    public void AHaltIsUndefinedWithoutAnExternalDebugger(ulong state)
    {
        // hlt #5
        using GuestProgram program = Quiet(state, 0xD440_00A0);
        Assert.Equal(state == El0 ? 0x108 : 0x104, program.RunToCall());
        Assert.Equal(0x0200_0000UL, program.Vcpu.Exception.EsrEl1.Value);
    }

    [Fact]
    public void UnmaskingAnInterruptWhileSteppingStealsTheNextStep()
    {
        using GuestProgram program = Make(El1 | Ss, DaifClr2, GuestProgram.AddX3);
        program.Vcpu.SetInterruptLine(InterruptLine.VirtualIrq, true);

        // The step is pending when the interrupt is; the interrupt is taken first.
        AssertStep(program, Pending, GuestProgram.Vectors + 0x280, El1);
        Assert.Equal((GuestProgram.Code + 4, 0x345UL), (program.Vcpu.Exception.ElrEl1, program.Vcpu.Exception.SpsrEl1.Value));
    }

    // EL2 owns debug exceptions and steps.
    private static GuestProgram Make(ulong state, params uint[] words)
    {
        GuestProgram program = Quiet(state, words);
        program.El2.WriteSystemRegister(SystemRegister.MdscrEl1, StepEnable);
        return program;
    }

    private static GuestProgram Quiet(ulong state, params uint[] words)
    {
        var program = new GuestProgram(new MachineOptions(CoreModel.Max), words);
        program.El2.WriteSystemRegister(SystemRegister.OslarEl1, 0);
        program.El2.WriteSystemRegister(SystemRegister.MdcrEl2, (ulong)MdcrBits.Tde);
        program.SetBits(SystemRegister.CpacrEl1, 3UL << 20);
        program.SetState(state);
        return program;
    }

    private static void SetBreakpoint(GuestProgram program, ulong address)
    {
        program.El2.WriteSystemRegister(SystemRegister.DbgBvrEl1(0), address);
        program.El2.WriteSystemRegister(SystemRegister.DbgBcrEl1(0), 0x1E7);
        program.El2.WriteSystemRegister(SystemRegister.MdscrEl1, MonitorDebug);
    }

    private static void AssertStep(GuestProgram program, ulong esr, ulong pc, ulong state)
    {
        VcpuExit exit = program.Run();
        Assert.Equal((esr, pc, state), (exit.Esr.Value, program.Vcpu.Core.Pc.Value, program.Vcpu.Core.Pstate.Value));
    }
}
