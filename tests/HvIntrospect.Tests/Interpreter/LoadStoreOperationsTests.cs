using System;
using HvIntrospect.Interpreter.Dispatch;
using HvIntrospect.Interpreter.State;
using HvIntrospect.Registers;
using Xunit;

namespace HvIntrospect.Tests.Interpreter;

public sealed unsafe class LoadStoreOperationsTests
{
    private const uint LdrX2X1 = 0xF9400022;
    private const uint LdrX2X1Post8 = 0xF8408422;
    private const uint StrX2X1 = 0xF9000022;
    private const uint LdpX2X3X1Pre16 = 0xA9C10C22;
    private const uint StpX2X3X1 = 0xA9000C22;
    private const uint LdrswX2X1 = 0xB9800022;
    private const uint LdrsbW2X1 = 0x39C00022;
    private const uint LdrQ2X1 = 0x3DC00022;
    private const uint LdrX2Sp = 0xF94003E2;
    private const uint LdxrX2X1 = 0xC85F7C22;
    private const uint StxrW4X2X1 = 0xC8047C22;
    private const uint LdrX2Literal8 = 0x58000042;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void LoadsExtendAndWriteBack(bool threaded)
    {
        using var scratch = new ScratchProcessor(threaded);
        scratch.WriteWords(ScratchProcessor.CodeVa, LdrX2X1Post8, LdrswX2X1, LdrsbW2X1);
        scratch.WriteBytes(ScratchProcessor.DataVa, 1, 2, 3, 4, 5, 6, 7, 0x88, 0xF0, 0xFF, 0xFF, 0xFF);
        scratch.State->X[1] = ScratchProcessor.DataVa;

        scratch.Execute(1);
        Assert.Equal(0x8807060504030201UL, scratch.State->X[2]);
        Assert.Equal(ScratchProcessor.DataVa + 8, scratch.State->X[1]);
        scratch.Execute(1);
        Assert.Equal(unchecked((ulong)-16L), scratch.State->X[2]);
        scratch.Execute(1);
        Assert.Equal(0xFFFFFFF0UL, scratch.State->X[2]);
        Assert.Equal(3UL, scratch.State->Retired);
        Assert.Equal(ScratchProcessor.CodeVa + 12, scratch.State->Pc);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void PairsAreOneAccessOrNone(bool threaded)
    {
        using var scratch = new ScratchProcessor(threaded);
        scratch.WriteWords(ScratchProcessor.CodeVa, StpX2X3X1, LdpX2X3X1Pre16);
        scratch.State->X[1] = ScratchProcessor.DataVa + 0xFF8;
        scratch.State->X[2] = 0x1111;
        scratch.State->X[3] = 0x2222;
        scratch.Translator.Permit(ScratchProcessor.DataVa + 0x1000, Stage2Access.Read);

        Assert.Equal(LeaveReason.ExceptionToEl2, scratch.Execute(1));
        Assert.Equal(0UL, scratch.Read(ScratchProcessor.DataVa + 0xFF8, 8));
        Assert.Equal(ScratchProcessor.DataVa + 0x1000, scratch.State->System.FarEl2);
        Assert.Equal(ScratchProcessor.CodeVa, scratch.State->Pc);
        var esr = new Esr(scratch.State->System.EsrEl2);
        Assert.True(esr.TryGetDataAbort(out DataAbortSyndrome abort));
        Assert.True(abort.IsWrite);
        Assert.False(abort.TryGetInstructionSyndrome(out _));

        scratch.State->X[1] = ScratchProcessor.DataVa;
        scratch.Execute(2);
        Assert.Equal(0x1111UL, scratch.Read(ScratchProcessor.DataVa, 8));
        Assert.Equal(0x2222UL, scratch.Read(ScratchProcessor.DataVa + 8, 8));
        Assert.Equal(ScratchProcessor.DataVa + 16, scratch.State->X[1]);
        Assert.Equal(0UL, scratch.State->X[2]);
    }

    [Fact]
    public void APlainStoreReportsItsSyndromeAtStage2()
    {
        using var scratch = new ScratchProcessor(threaded: true);
        scratch.WriteWords(ScratchProcessor.CodeVa, StrX2X1);
        scratch.State->X[1] = ScratchProcessor.DataVa + 0x10;
        scratch.Translator.Permit(ScratchProcessor.DataVa, Stage2Access.Read);

        Assert.Equal(LeaveReason.ExceptionToEl2, scratch.Execute(1));
        Assert.True(new Esr(scratch.State->System.EsrEl2).TryGetDataAbort(out DataAbortSyndrome abort));
        Assert.True(abort.TryGetInstructionSyndrome(out InstructionSyndrome syndrome));
        Assert.Equal(8, syndrome.AccessSize);
        Assert.Equal(2, syndrome.TransferRegister);
        Assert.Equal(0UL, scratch.State->Retired);
    }

    [Fact]
    public void UnalignedAccessesWorkOnNormalMemoryOnly()
    {
        using var scratch = new ScratchProcessor(threaded: true);
        scratch.WriteWords(ScratchProcessor.CodeVa, LdrX2X1, LdrX2X1, LdrX2X1);
        scratch.WriteBytes(ScratchProcessor.DataVa + 0xFFC, 1, 2, 3, 4, 5, 6, 7, 8);
        scratch.State->X[1] = ScratchProcessor.DataVa + 0xFFC;
        scratch.Execute(1);
        Assert.Equal(0x0807060504030201UL, scratch.State->X[2]);

        scratch.Translator.MakeDevice(ScratchProcessor.DataVa + 0x2000);
        scratch.State->X[1] = ScratchProcessor.DataVa + 0x2001;
        scratch.Execute(1);
        Assert.Equal(scratch.State->System.VbarEl1 + 0x200, scratch.State->Pc);
        Assert.Equal(0x96000021UL, scratch.State->System.EsrEl1);
        Assert.Equal(ScratchProcessor.DataVa + 0x2001, scratch.State->System.FarEl1);

        scratch.State->Pc = ScratchProcessor.CodeVa;
        scratch.State->System.SctlrEl1 = 2;
        scratch.State->X[1] = ScratchProcessor.DataVa + 1;
        scratch.Execute(1);
        Assert.Equal(scratch.State->System.VbarEl1 + 0x200, scratch.State->Pc);
    }

    [Fact]
    public void VectorLoadsClearTheUpperBitsAndTrap()
    {
        using var scratch = new ScratchProcessor(threaded: true);
        scratch.WriteWords(ScratchProcessor.CodeVa, LdrQ2X1, 0xBD400022, LdrQ2X1);
        scratch.WriteBytes(ScratchProcessor.DataVa, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16);
        scratch.State->X[1] = ScratchProcessor.DataVa;
        scratch.Execute(1);
        Assert.Equal(0x100F0E0D0C0B0A09UL, scratch.State->V[5]);
        scratch.Execute(1);
        Assert.Equal(0x04030201UL, scratch.State->V[4]);
        Assert.Equal(0UL, scratch.State->V[5]);
        scratch.State->System.CpacrEl1 = 0;
        DerivedState.Update(scratch.State);
        scratch.Execute(1);
        Assert.Equal(ExceptionClass.SimdFp, new Esr(scratch.State->System.EsrEl1).Class);
    }

    [Fact]
    public void AMisalignedStackPointerFaultsBeforeTheAddressIsUsed()
    {
        using var scratch = new ScratchProcessor(threaded: true);
        scratch.WriteWords(ScratchProcessor.CodeVa, LdrX2Sp, LdrX2Sp);
        scratch.State->Sp = ScratchProcessor.DataVa + 8;
        scratch.Execute(1);
        Assert.Equal(ScratchProcessor.CodeVa + 4, scratch.State->Pc);
        scratch.State->System.SctlrEl1 = 8;
        DerivedState.Update(scratch.State);
        scratch.Execute(1);
        Assert.Equal(ExceptionClass.SpAlignment, new Esr(scratch.State->System.EsrEl1).Class);
    }

    [Fact]
    public void AStoreExclusiveNeedsItsLoad()
    {
        using var scratch = new ScratchProcessor(threaded: true);
        scratch.WriteWords(ScratchProcessor.CodeVa, LdxrX2X1, StxrW4X2X1, StxrW4X2X1, LdxrX2X1, StxrW4X2X1);
        scratch.State->X[1] = ScratchProcessor.DataVa;
        scratch.WriteBytes(ScratchProcessor.DataVa, 7);
        scratch.State->X[4] = 9;
        scratch.Execute(2);
        Assert.Equal(0UL, scratch.State->X[4]);
        scratch.Execute(1);
        Assert.Equal(1UL, scratch.State->X[4]);
        scratch.Execute(1);
        scratch.State->X[1] += 8;
        scratch.Execute(1);
        Assert.Equal(1UL, scratch.State->X[4]);
    }

    [Fact]
    public void ALiteralIsRelativeToThePageWhereverItIsMapped()
    {
        using var scratch = new ScratchProcessor(threaded: true);
        scratch.WriteWords(ScratchProcessor.CodeVa + 0x1000, LdrX2Literal8, 0, 0x55667788, 0x11223344);
        scratch.State->Pc = ScratchProcessor.CodeVa + 0x1000;
        scratch.Execute(1);
        Assert.Equal(0x1122334455667788UL, scratch.State->X[2]);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void WrittenCodeIsExecutedAsWritten(bool threaded)
    {
        // A store in front of the code that it changes: the next instruction is the new one.
        using var scratch = new ScratchProcessor(threaded);
        scratch.WriteWords(ScratchProcessor.CodeVa, StrX2X1, 0, 0);
        scratch.State->X[1] = ScratchProcessor.CodeVa + 8;
        scratch.State->X[2] = ((ulong)LdrX2X1 << 32) | LdrsbW2X1;
        scratch.WriteWords(ScratchProcessor.CodeVa + 4, LdrX2X1Post8);
        scratch.Execute(2);
        Assert.Equal(ScratchProcessor.CodeVa + 16, scratch.State->X[1]);
        scratch.State->X[1] = ScratchProcessor.DataVa;
        scratch.WriteBytes(ScratchProcessor.DataVa, 0x80);
        scratch.Execute(1);
        Assert.Equal(0xFFFFFF80UL, scratch.State->X[2]);

        // The host's writes count as well.
        scratch.State->Pc = ScratchProcessor.CodeVa + 8;
        scratch.WriteWords(ScratchProcessor.CodeVa + 8, LdrX2X1);
        scratch.Execute(1);
        Assert.Equal(0x80UL, scratch.State->X[2]);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void ARunStopsExactlyWhereItsCountIsDueAcrossPages(bool threaded)
    {
        foreach (ulong count in (ReadOnlySpan<ulong>)[1, 1023, 1024, 1025, 2048, 2049, 5000])
        {
            using var scratch = new ScratchProcessor(threaded);
            var words = new uint[8192];
            Array.Fill(words, LdrX2X1Post8);
            scratch.WriteWords(ScratchProcessor.CodeVa, words);
            scratch.State->X[1] = ScratchProcessor.DataVa;
            Assert.Equal(LeaveReason.None, scratch.Execute(count));
            Assert.Equal(count, scratch.State->Retired);
            Assert.Equal(ScratchProcessor.CodeVa + (count * 4), scratch.State->Pc);
            Assert.Equal(ScratchProcessor.DataVa + (count * 8), scratch.State->X[1]);
        }
    }

    [Fact]
    public void TheThreadedDispatcherIsUsableHere() => Assert.True(DispatcherProbe.IsThreadedUsable);
}
