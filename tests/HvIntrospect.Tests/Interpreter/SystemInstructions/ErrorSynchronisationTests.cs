using HvIntrospect.Interpreter;
using HvIntrospect.Registers;
using Xunit;

namespace HvIntrospect.Tests.Interpreter.SystemInstructions;

/// <summary>ESB, and the registers of deferred SErrors (FEAT_RAS).</summary>
public sealed class ErrorSynchronisationTests
{
    private const uint Esb = 0xD503_221F;
    private const ulong Recorded = 1UL << 31;
    private const ulong Syndrome = 0x155_0155;
    private const ulong Unmasked = 0x2C5;

    [Fact]
    public void AMaskedVirtualErrorIsDeferred()
    {
        using GuestProgram program = Make(A64Features.Armv8_2, Esb, SystemWord.Mrs(SystemRegister.DisrEl1), GuestProgram.Hvc42);
        Assert.Equal(0x42, program.RunToCall());
        Assert.Equal(Recorded | Syndrome, program.Vcpu.Core[SystemWord.Rt]);
        Assert.Equal(Recorded | Syndrome, program.El2.ReadSystemRegister(SystemRegister.VdisrEl2));
        Assert.Equal(0UL, program.El2.ReadSystemRegister(SystemRegister.DisrEl1));
        Assert.Equal(0UL, program.El2.ReadSystemRegister(SystemRegister.HcrEl2) & (ulong)HcrBits.Vse);

        // The guest clears its own.
        program.Vcpu.ModifyCore()[SystemWord.Rt] = 0;
        program.Write(GuestProgram.Code, SystemWord.Msr(SystemRegister.DisrEl1), GuestProgram.Hvc42);
        program.Vcpu.ModifyCore().Pc = new Va(GuestProgram.Code);
        program.El2.WriteSystemRegister(SystemRegister.DisrEl1, Recorded);
        Assert.Equal(0x42, program.RunToCall());
        Assert.Equal((0UL, Recorded), (program.El2.ReadSystemRegister(SystemRegister.VdisrEl2), program.El2.ReadSystemRegister(SystemRegister.DisrEl1)));
    }

    [Fact]
    public void AnUnmaskedVirtualErrorIsTakenWithItsSyndrome()
    {
        using GuestProgram program = Make(A64Features.Armv8_2, GuestProgram.AddX3, GuestProgram.Hvc42);
        program.SetState(Unmasked);
        Assert.Equal(0x107, program.RunToCall());
        Assert.Equal(0xBE00_0000UL | Syndrome, program.Vcpu.Exception.EsrEl1.Value);
        Assert.Equal((GuestProgram.Code, 0UL), (program.Vcpu.Exception.ElrEl1, program.El2.ReadSystemRegister(SystemRegister.HcrEl2) & (ulong)HcrBits.Vse));
    }

    [Fact]
    public void AMaskedPhysicalErrorIsDeferredWhereItIsEl1s()
    {
        using var program = new GuestProgram(new MachineOptions { Features = A64Features.Armv8_2 }, Esb, SystemWord.Mrs(SystemRegister.DisrEl1), GuestProgram.Hvc42);
        program.El2.WriteSystemRegister(SystemRegister.HcrEl2, program.El2.ReadSystemRegister(SystemRegister.HcrEl2) & ~(ulong)HcrBits.Amo);
        program.Vcpu.SetInterruptLine(InterruptLine.SError, true);
        Assert.Equal(0x42, program.RunToCall());
        Assert.Equal(Recorded, program.Vcpu.Core[SystemWord.Rt]);

        program.SetState(Unmasked);
        program.Write(GuestProgram.Code, GuestProgram.Hvc42);
        program.Vcpu.ModifyCore().Pc = new Va(GuestProgram.Code);
        Assert.Equal(0x42, program.RunToCall());
    }

    [Fact]
    public void WithoutTheFeatureItIsAHint()
    {
        using GuestProgram program = Make(A64Features.Armv8_1, Esb, SystemWord.Mrs(SystemRegister.DisrEl1));
        Assert.Equal(0x104, program.RunToCall());
        Assert.NotEqual(0UL, program.El2.ReadSystemRegister(SystemRegister.HcrEl2) & (ulong)HcrBits.Vse);
    }

    private static GuestProgram Make(A64Features features, params uint[] words)
    {
        var program = new GuestProgram(new MachineOptions { Features = features }, words);
        program.SetBits(SystemRegister.HcrEl2, (ulong)HcrBits.Vse);
        if ((features & A64Features.RAS) != 0)
        {
            program.El2.WriteSystemRegister(SystemRegister.VsesrEl2, Syndrome);
        }

        return program;
    }
}
