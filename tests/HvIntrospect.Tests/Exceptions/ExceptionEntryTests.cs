using HvIntrospect.Exceptions;
using HvIntrospect.Registers;
using Xunit;

namespace HvIntrospect.Tests.Exceptions;

public sealed class ExceptionEntryTests
{
    private const ulong Vbar = 0xFFFF_0000_1234_5800;
    private const A64Features AllPstate = A64Features.PAN | A64Features.UAO | A64Features.SSBS | A64Features.MTE | A64Features.DIT | A64Features.BTI;

    [Theory]
    [InlineData(0x000UL, El1ExceptionKind.Synchronous, 0x400UL)]
    [InlineData(0x000UL, El1ExceptionKind.Irq, 0x480UL)]
    [InlineData(0x004UL, El1ExceptionKind.Fiq, 0x100UL)]
    [InlineData(0x004UL, El1ExceptionKind.SError, 0x180UL)]
    [InlineData(0x005UL, El1ExceptionKind.Synchronous, 0x200UL)]
    [InlineData(0x3C5UL, El1ExceptionKind.Irq, 0x280UL)]
    [InlineData(0x010UL, El1ExceptionKind.Synchronous, 0x600UL)]
    [InlineData(0x030UL, El1ExceptionKind.SError, 0x780UL)]
    public void VectorDependsOnSourceAndKind(ulong source, El1ExceptionKind kind, ulong offset)
    {
        Assert.Equal(new Va(Vbar + offset), ExceptionEntry.VectorOf(Vbar, new Spsr(source), kind));
    }

    [Fact]
    public void LowBitsOfVbarAreNotUsed()
    {
        Assert.Equal(new Va(Vbar + 0x400), ExceptionEntry.VectorOf(Vbar + 0x7FF, new Spsr(0), El1ExceptionKind.Synchronous));
    }

    [Fact]
    public void SynchronousExceptionWritesAllFour()
    {
        var core = new CoreRegisters { Pc = new Va(0x4000), Pstate = new Spsr(0x6000_0000) };
        var registers = new ExceptionRegisters { VbarEl1 = Vbar, EsrEl1 = new Esr(1), FarEl1 = 2, ElrEl1 = 3, SpsrEl1 = new Spsr(4) };
        var far = new Va(0xFFFF_0000_0000_1234);
        El1Exception abort = El1Exception.DataAbort(core.Pstate, FaultStatus.Create(FaultKind.Permission, 3), far, isWrite: true);

        ExceptionEntry.EnterEl1(ref core, ref registers, default, A64Features.Armv8_0, abort);

        Assert.Equal(0x9200_004FUL, registers.EsrEl1.Value);
        Assert.Equal(far.Value, registers.FarEl1);
        Assert.Equal(0x4000UL, registers.ElrEl1);
        Assert.Equal(0x6000_0000UL, registers.SpsrEl1.Value);
        Assert.Equal(new Va(Vbar + 0x400), core.Pc);
        Assert.Equal(0x6000_03C5UL, core.Pstate.Value);
    }

    [Fact]
    public void InterruptKeepsSyndromeAndAddress()
    {
        var core = new CoreRegisters { Pc = new Va(0x4000), Pstate = new Spsr(0x5) };
        var registers = new ExceptionRegisters { EsrEl1 = new Esr(0x5600_0001), FarEl1 = 2 };

        ExceptionEntry.EnterEl1(ref core, ref registers, default, A64Features.Armv8_0, El1Exception.Irq);

        Assert.Equal(0x5600_0001UL, registers.EsrEl1.Value);
        Assert.Equal(2UL, registers.FarEl1);
        Assert.Equal(new Va(0x280), core.Pc);
    }

    [Fact]
    public void ExceptionWithoutAddressKeepsFar()
    {
        var core = new CoreRegisters { Pstate = new Spsr(0x5) };
        var registers = new ExceptionRegisters { FarEl1 = 2 };

        ExceptionEntry.EnterEl1(ref core, ref registers, default, A64Features.Armv8_0, El1Exception.Undefined);

        Assert.Equal(0x0200_0000UL, registers.EsrEl1.Value);
        Assert.Equal(2UL, registers.FarEl1);
    }

    [Fact]
    public void StepIllegalStateAndBranchTypeAreSavedAndCleared()
    {
        var core = new CoreRegisters { Pstate = new Spsr((1UL << 21) | (1UL << 20) | (2UL << 10) | 5) };
        var registers = default(ExceptionRegisters);

        ExceptionEntry.EnterEl1(ref core, ref registers, default, AllPstate, El1Exception.IllegalState);

        Assert.True(registers.SpsrEl1.SoftwareStep);
        Assert.True(registers.SpsrEl1.IllegalState);
        Assert.Equal(2, registers.SpsrEl1.Btype);
        Assert.False(core.Pstate.SoftwareStep);
        Assert.False(core.Pstate.IllegalState);
        Assert.Equal(0, core.Pstate.Btype);
    }

    [Theory]
    [InlineData(0UL, false, true)]
    [InlineData(0UL, true, true)]
    [InlineData(1UL << 23, false, false)]
    [InlineData(1UL << 23, true, true)]
    public void PanIsSetUnlessSpanKeepsIt(ulong sctlr, bool before, bool after)
    {
        var source = new Spsr(before ? 1UL << 22 : 0);
        Assert.Equal(after, ExceptionEntry.StateAfter(source, new Sctlr(sctlr), AllPstate).Pan);
        Assert.Equal(before, ExceptionEntry.StateAfter(source, new Sctlr(sctlr), A64Features.Armv8_0).Pan);
    }

    [Fact]
    public void FeatureFieldsFollowTheirRules()
    {
        var source = new Spsr((1UL << 23) | (1UL << 24) | (1UL << 12));
        Spsr after = ExceptionEntry.StateAfter(source, new Sctlr(1UL << 23), AllPstate);
        Assert.False(after.Uao);
        Assert.True(after.Dit);
        Assert.True(after.Tco);
        Assert.False(after.Ssbs);
        Assert.True(ExceptionEntry.StateAfter(default, new Sctlr(0).With(SctlrBits.Dssbs), AllPstate).Ssbs);
        Assert.Equal(0x3C5UL, ExceptionEntry.StateAfter(default, new Sctlr(0).With(SctlrBits.Dssbs), A64Features.Armv8_0).Value);
    }

    [Fact]
    public void StateOfAArch32IsNotTakenForAArch64Fields()
    {
        // GE, IT, Q, T and E of AArch32 lie where AArch64 has other fields.
        var source = new Spsr(0xFE0F_FE30);
        Assert.Equal(0xF000_03C5UL, ExceptionEntry.StateAfter(source, new Sctlr(0), A64Features.Armv8_0).Value);
    }

    [Theory]
    [InlineData(0x3C5UL, 0x21, 0x25)]
    [InlineData(0x3C4UL, 0x21, 0x25)]
    [InlineData(0x000UL, 0x20, 0x24)]
    [InlineData(0x010UL, 0x20, 0x24)]
    public void AbortClassDependsOnSourceLevel(ulong source, int fetchClass, int dataClass)
    {
        FaultStatus external = FaultStatus.Create(FaultKind.SynchronousExternal);
        Esr fetch = El1Exception.InstructionAbort(new Spsr(source), external, default).Esr;
        Esr data = El1Exception.DataAbort(new Spsr(source), external, default, isWrite: false).Esr;
        Assert.Equal(fetchClass, (int)fetch.Class);
        Assert.Equal(dataClass, (int)data.Class);
        Assert.Equal(0x10U, fetch.Iss);
        Assert.Equal(0x10U, data.Iss);
        Assert.True(fetch.IL && data.IL);
    }
}
