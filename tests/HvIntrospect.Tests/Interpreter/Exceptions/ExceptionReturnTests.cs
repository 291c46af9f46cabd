using HvIntrospect.Interpreter;
using HvIntrospect.Registers;
using Xunit;

namespace HvIntrospect.Tests.Interpreter.Exceptions;

public sealed class ExceptionReturnTests
{
    private const ulong Target = GuestProgram.Code + 0x1000;
    private const ulong IllegalBit = 1UL << 20;

    [Theory]
    [InlineData(0x6000_0000UL, 0x6000_0000UL)]
    [InlineData(0x0000_0304UL, 0x0000_0304UL)]
    [InlineData(0x0000_03C5UL, 0x0000_03C5UL)]
    [InlineData(0xF3DF_FC05UL & ~0x10UL & ~(1UL << 20), 0xF000_0005UL)] // fields that this core lacks
    public void AReturnTakesTheSavedState(ulong saved, ulong state)
    {
        using var program = new GuestProgram(GuestProgram.Eret);
        program.Write(Target, GuestProgram.Brk5);
        program.Vcpu.ModifyException().ElrEl1 = Target;
        program.Vcpu.ModifyException().SpsrEl1 = new Spsr(saved);
        program.RunToCall();
        Assert.Equal(Target, program.Vcpu.Exception.ElrEl1);
        Assert.Equal(state, program.Vcpu.Exception.SpsrEl1.Value);
        Assert.Equal(ExceptionClass.Brk64, program.Vcpu.Exception.EsrEl1.Class);
    }

    [Theory]
    [InlineData(0x8000_03C9UL)] // EL2h
    [InlineData(0x8000_03CDUL)] // EL3h
    [InlineData(0x8000_03C1UL)] // EL0 with its own stack pointer
    [InlineData(0x8000_03C2UL)] // M[1]
    [InlineData(0x8000_03D0UL)] // AArch32
    public void AnIllegalReturnKeepsTheLevelAndSetsIllegalState(ulong saved)
    {
        using var program = new GuestProgram(GuestProgram.Eret);
        program.Write(Target, GuestProgram.AddX3);
        program.Vcpu.ModifyException().ElrEl1 = Target;
        program.Vcpu.ModifyException().SpsrEl1 = new Spsr(saved);
        Assert.Equal(0x104, program.RunToCall());
        Assert.Equal(0x3A00_0000UL, program.Vcpu.Exception.EsrEl1.Value);
        Assert.Equal(Target, program.Vcpu.Exception.ElrEl1);
        Assert.Equal(0x8000_03C5UL | IllegalBit, program.Vcpu.Exception.SpsrEl1.Value);
        Assert.Equal(0UL, program.Vcpu.Core[3]);
    }

    [Fact]
    public void ASavedIllegalStateIsRestored()
    {
        using var program = new GuestProgram(GuestProgram.Eret);
        program.Vcpu.ModifyException().ElrEl1 = Target;
        program.Vcpu.ModifyException().SpsrEl1 = new Spsr(0x3C0 | IllegalBit);
        Assert.Equal(0x108, program.RunToCall());
        Assert.Equal(0x3A00_0000UL, program.Vcpu.Exception.EsrEl1.Value);
    }

    [Theory]
    [InlineData(0x3C9UL, HcrBits.None)] // EL2h
    [InlineData(0x3CDUL, HcrBits.None)] // EL3h
    [InlineData(0x3C1UL, HcrBits.None)] // EL0 with its own stack pointer
    [InlineData(0x3D0UL, HcrBits.None)] // AArch32
    [InlineData(0x3C5UL, HcrBits.Tge)] // EL1, which is not there
    public void AnIllegalReturnOfEl2IsAnExceptionOfItsOwn(ulong state, HcrBits control)
    {
        using var program = new GuestProgram(GuestProgram.AddX3);
        program.SetState(state);
        program.SetBits(SystemRegister.HcrEl2, (ulong)control);
        VcpuExit exit = program.Machine.Run(program.Vcpu, 100);
        Assert.Equal(0x3A00_0000UL, exit.Esr.Value);
        Assert.Equal((GuestProgram.Code, state, 0UL), (program.Vcpu.Core.Pc.Value, program.Vcpu.Core.Pstate.Value, program.Vcpu.Core[3]));
    }

    [Fact]
    public void AReturnOfEl2DropsATagThatIsIgnored()
    {
        using var program = new GuestProgram(GuestProgram.AddX3, GuestProgram.Brk5);
        program.Vcpu.ModifyTranslation().TcrEl1 = (ulong)TcrBits.Tbi0;
        program.Vcpu.ModifyCore().Pc = new Va(GuestProgram.Code | (0xA5UL << 56));
        program.RunToCall();
        Assert.Equal(GuestProgram.Code + 4, program.Vcpu.Exception.ElrEl1);
    }

    [Fact]
    public void AReturnAtEl0IsUndefined()
    {
        using var program = new GuestProgram(GuestProgram.Eret);
        program.SetState(0);
        Assert.Equal(0x108, program.RunToCall());
        Assert.Equal(0x0200_0000UL, program.Vcpu.Exception.EsrEl1.Value);
    }

    [Fact]
    public void AReturnToAMisalignedAddressFaultsThere()
    {
        using var program = new GuestProgram(GuestProgram.Eret);
        program.Vcpu.ModifyException().ElrEl1 = Target + 2;
        program.Vcpu.ModifyException().SpsrEl1 = new Spsr(0);
        Assert.Equal(0x108, program.RunToCall());
        Assert.Equal(0x8A00_0000UL, program.Vcpu.Exception.EsrEl1.Value);
        Assert.Equal(Target + 2, program.Vcpu.Exception.FarEl1);
    }

    [Fact]
    public void AGuestThatFaultsInItsOwnVectorsReachesItsLimit()
    {
        using var program = new GuestProgram(GuestProgram.Udf);
        program.Vcpu.ModifyException().VbarEl1 = 0xFFFF_0000_0000_0000;
        Assert.Equal(VcpuExitKind.Canceled, program.Run().Kind);
        Assert.Equal(GuestProgram.Limit, program.Vcpu.RetiredInstructions);
    }

    [Theory]
    [InlineData(GuestProgram.Svc9, 0x108, 0x5600_0009UL, 4UL)]
    [InlineData(GuestProgram.Hvc42, 0x108, 0x0200_0000UL, 0UL)]
    [InlineData(0xD4000023U, 0x108, 0x0200_0000UL, 0UL)] // smc #1
    [InlineData(0xD4400020U, 0x108, 0x0200_0000UL, 0UL)] // hlt #1
    [InlineData(GuestProgram.Brk5, 0x108, 0xF200_0005UL, 0UL)]
    public void CallsOfEl0(uint word, int vector, ulong syndrome, ulong returnOffset)
    {
        using var program = new GuestProgram(word);
        program.SetState(0);
        Assert.Equal(vector, program.RunToCall());
        Assert.Equal(syndrome, program.Vcpu.Exception.EsrEl1.Value);
        Assert.Equal(GuestProgram.Code + returnOffset, program.Vcpu.Exception.ElrEl1);
    }

    [Fact]
    public void ASecureMonitorCallIsTrappedOrAnsweredByFirmware()
    {
        using var program = new GuestProgram(0xD4000023, GuestProgram.Hvc42);
        VcpuExit exit = program.Run();
        Assert.Equal(0x5E00_0001UL, exit.Esr.Value);
        Assert.Equal(GuestProgram.Code, program.Vcpu.Core.Pc.Value);
        program.El2.WriteSystemRegister(SystemRegister.HcrEl2, program.El2.ReadSystemRegister(SystemRegister.HcrEl2) & ~(ulong)HcrBits.Tsc);
        Assert.Equal(0x42, program.RunToCall());
        Assert.Equal(ulong.MaxValue, program.Vcpu.Core[0]);
    }

    [Fact]
    public void WithHcdACallIsUndefined()
    {
        using var program = new GuestProgram(GuestProgram.Hvc42);
        program.SetBits(SystemRegister.HcrEl2, (ulong)HcrBits.Hcd);
        VcpuExit exit = program.Run();
        Assert.Equal(VcpuExitKind.Canceled, exit.Kind);
        Assert.Equal(0x0200_0000UL, program.Vcpu.Exception.EsrEl1.Value);
    }

    [Fact]
    public void UnderTgeExceptionsOfEl0GoToEl2()
    {
        using var program = new GuestProgram(GuestProgram.Svc9, GuestProgram.Udf, GuestProgram.Brk5);
        program.SetState(0);
        program.SetBits(SystemRegister.HcrEl2, (ulong)HcrBits.Tge);
        Assert.Equal(0x5600_0009UL, program.Run().Esr.Value);
        Assert.Equal(GuestProgram.Code + 4, program.Vcpu.Core.Pc.Value);
        Assert.Equal(0x0200_0000UL, program.Run().Esr.Value);
        program.Vcpu.ModifyCore().Pc += 4;
        Assert.Equal(0xF200_0005UL, program.Run().Esr.Value);
    }

    [Fact]
    public void WithTdeABreakpointGoesToEl2()
    {
        using var program = new GuestProgram(GuestProgram.Brk5);
        program.SetBits(SystemRegister.MdcrEl2, (ulong)MdcrBits.Tde);
        VcpuExit exit = program.Run();
        Assert.Equal(0xF200_0005UL, exit.Esr.Value);
        Assert.False(exit.HasFar);
        Assert.Equal(GuestProgram.Code, program.Vcpu.Core.Pc.Value);
    }
}
