using HvIntrospect.Interpreter;
using HvIntrospect.Registers;
using Xunit;

namespace HvIntrospect.Tests.Interpreter.SystemInstructions;

/// <summary>The cycle counter: the only thing that the Performance Monitors of the machine count.</summary>
public sealed class CycleCounterTests
{
    private const ulong Bit = 1UL << 31;
    private const ulong El0t = 0x3C0;
    private static readonly uint s_read = SystemWord.Mrs(SystemRegister.PmccntrEl0);

    [Fact]
    public void AnInstructionIsACycle()
    {
        using GuestProgram program = Make(GuestProgram.Nop, GuestProgram.Nop, s_read, GuestProgram.Hvc42);
        Assert.Equal(0x42, program.RunToCall());
        Assert.Equal(2UL, program.Vcpu.Core[SystemWord.Rt]);
        Assert.Equal(4UL, program.El2.ReadSystemRegister(SystemRegister.PmccntrEl0));
    }

    [Theory]
    [InlineData("PMCR_EL0", 0UL)]
    [InlineData("PMCNTENCLR_EL0", Bit)]
    [InlineData("PMCCFILTR_EL0", Bit)]
    public void ItStandsStillWhereItIsNotEnabled(string name, ulong value)
    {
        SystemRegister.TryParse(name, out SystemRegister register);
        using GuestProgram program = Make(GuestProgram.Nop, SystemWord.Msr(register), GuestProgram.Nop, s_read, GuestProgram.Hvc42);
        program.Vcpu.ModifyCore()[SystemWord.Rt] = value;
        Assert.Equal(0x42, program.RunToCall());
        Assert.Equal(1UL, program.Vcpu.Core[SystemWord.Rt]);
    }

    [Fact]
    public void TheFilterIsByExceptionLevel()
    {
        // EL0 counts nothing: of the way to the vector only what follows counts.
        using GuestProgram program = Make(GuestProgram.Nop, GuestProgram.Nop, GuestProgram.Svc9);
        program.El2.WriteSystemRegister(SystemRegister.PmccfiltrEl0, 1UL << 30);
        program.Write(GuestProgram.Vectors + 0x400, GuestProgram.Nop, s_read, GuestProgram.Hvc42);
        program.SetState(El0t);
        Assert.Equal(0x42, program.RunToCall());
        Assert.Equal(1UL, program.Vcpu.Core[SystemWord.Rt]);
    }

    [Fact]
    public void AnOverflowIsRecorded()
    {
        using GuestProgram program = Make(GuestProgram.Nop, GuestProgram.Nop, s_read, GuestProgram.Hvc42);
        program.El2.WriteSystemRegister(SystemRegister.PmccntrEl0, ulong.MaxValue);
        Assert.Equal(0x42, program.RunToCall());
        Assert.Equal((1UL, Bit), (program.Vcpu.Core[SystemWord.Rt], program.El2.ReadSystemRegister(SystemRegister.PmovssetEl0)));
        program.El2.WriteSystemRegister(SystemRegister.PmovsclrEl0, Bit);
        Assert.Equal(0UL, program.El2.ReadSystemRegister(SystemRegister.PmovsclrEl0));
        program.El2.WriteSystemRegister(SystemRegister.PmcrEl0, 4);
        Assert.Equal((0UL, 0x40UL), (program.El2.ReadSystemRegister(SystemRegister.PmccntrEl0), program.El2.ReadSystemRegister(SystemRegister.PmcrEl0)));
    }

    [Theory]
    [InlineData(0UL, false, false)]
    [InlineData(1UL, true, true)]
    [InlineData(4UL, true, false)]
    [InlineData(8UL, false, false)]
    public void AnApplicationNeedsTheKernelsLeave(ulong enable, bool canReadCycles, bool canDoAll)
    {
        Assert.Equal(canReadCycles, Can(s_read));
        Assert.Equal(canDoAll, Can(SystemWord.Msr(SystemRegister.PmccntrEl0)));
        Assert.Equal(canDoAll, Can(SystemWord.Mrs(SystemRegister.PmcrEl0)));
        Assert.True(Can(SystemWord.Mrs(SystemRegister.PmuserenrEl0)));

        bool Can(uint word)
        {
            using GuestProgram program = Make(word, GuestProgram.Svc9);
            program.El2.WriteSystemRegister(SystemRegister.PmuserenrEl0, enable);
            program.SetState(El0t);
            Assert.Equal(0x108, program.RunToCall());
            return program.Vcpu.Exception.EsrEl1.Class == ExceptionClass.Svc64;
        }
    }

    [Fact]
    public void TheIdentificationSaysWhatThereIs()
    {
        using GuestProgram program = Make(GuestProgram.Nop);
        Assert.Equal(1UL, (program.El2.ReadSystemRegister(SystemRegister.IdAa64Dfr0El1) >> 8) & 15);
        Assert.Equal(0UL, (program.El2.ReadSystemRegister(SystemRegister.PmcrEl0) >> 11) & 31);

        // The selected filter is the cycle counter's; there is no event counter.
        program.El2.WriteSystemRegister(SystemRegister.PmccfiltrEl0, Bit);
        program.El2.WriteSystemRegister(SystemRegister.PmselrEl0, 31);
        Assert.Equal(Bit, program.El2.ReadSystemRegister(SystemRegister.PmxevtyperEl0));
        program.El2.WriteSystemRegister(SystemRegister.PmselrEl0, 0);
        Assert.Equal(0UL, program.El2.ReadSystemRegister(SystemRegister.PmxevtyperEl0));
    }

    private static GuestProgram Make(params uint[] words)
    {
        var program = new GuestProgram(words);
        program.El2.WriteSystemRegister(SystemRegister.PmcntensetEl0, Bit);
        program.El2.WriteSystemRegister(SystemRegister.PmcrEl0, 1);
        return program;
    }
}
