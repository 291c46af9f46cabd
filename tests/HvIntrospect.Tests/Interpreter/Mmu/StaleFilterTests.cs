using HvIntrospect.Interpreter.Dispatch;
using HvIntrospect.Registers;
using Xunit;

namespace HvIntrospect.Tests.Interpreter.Mmu;

/// <summary>A page that the fast TLB remembers as denied, and whose translation has changed since: no access reaches the denied page unseen.</summary>
public sealed unsafe class StaleFilterTests
{
    private const ulong Denied = ScratchProcessor.DataVa + 0x2000;
    private const ulong Other = ScratchProcessor.DataVa + 0x8000;
    private const uint StrX2 = 0xF9000022; // str x2, [x1]

    [Theory]
    [InlineData(0xA9000C22, 0x10)] // stp x2, x3, [x1]
    [InlineData(StrX2, 0x13)] // unaligned
    [InlineData(StrX2, -3)] // into the page from the one before
    [InlineData(0x3D800022, 0x20)] // str q2, [x1]
    public void AnAccessThatIsNotPlainGoesWhereThePageLiesNow(uint word, int offset)
    {
        using ScratchProcessor scratch = RememberDenied();
        scratch.Translator.Move(Denied, Other);
        scratch.WriteWords(scratch.State->Pc, word);
        scratch.State->X[1] = Denied + (ulong)offset;
        for (int i = 2; i < 8; i++)
        {
            scratch.State->V[i] = ulong.MaxValue;
        }

        ulong pc = scratch.State->Pc;
        Assert.NotEqual(LeaveReason.ExceptionToEl2, scratch.Execute(1));
        Assert.Equal(pc + 4, scratch.State->Pc);
        Assert.True(IsZero(scratch, Denied));
        Assert.False(IsZero(scratch, Other));
    }

    /// <summary>The page is what it was when the access was offered: it faults there, whatever the tables say now.</summary>
    [Fact]
    public void APlainAccessThatIsTrappedFaultsAtThePageThatWasOffered()
    {
        using ScratchProcessor scratch = RememberDenied();
        scratch.Translator.Move(Denied, Other);
        scratch.Filter.SetHandler(new Trapper());
        scratch.WriteWords(scratch.State->Pc, StrX2);
        Assert.Equal(LeaveReason.ExceptionToEl2, scratch.Execute(1));
        Assert.Equal(new Ipa(Denied + FlatTranslator.IpaOffset), new Hpfar(scratch.State->System.HpfarEl2).Page);
        Assert.True(new Esr(scratch.State->System.EsrEl2).TryGetDataAbort(out DataAbortSyndrome abort));
        Assert.Equal((FaultKind.Permission, 3, true), (abort.Status.Kind, abort.Status.Level ?? 0, abort.IsWrite));
        Assert.True(IsZero(scratch, Denied));
        Assert.True(IsZero(scratch, Other));
    }

    /// <summary>A plain store to the denied page, which faults and leaves the page in the fast TLB.</summary>
    private static ScratchProcessor RememberDenied()
    {
        var scratch = new ScratchProcessor(threaded: true);
        scratch.Filter.Deny(new IpaRange(new Ipa(Denied + FlatTranslator.IpaOffset), 0x1000), Stage2Access.Write);
        scratch.WriteWords(ScratchProcessor.CodeVa, StrX2);
        scratch.State->X[1] = Denied;
        scratch.State->X[2] = ulong.MaxValue;
        scratch.State->X[3] = ulong.MaxValue;
        Assert.Equal(LeaveReason.ExceptionToEl2, scratch.Execute(1));
        Assert.True(IsZero(scratch, Denied));
        scratch.State->LeaveReason = LeaveReason.None;
        return scratch;
    }

    private static bool IsZero(ScratchProcessor scratch, ulong page)
    {
        for (ulong offset = 0; offset < 0x1000; offset += 8)
        {
            if (scratch.Read(page + offset, 8) != 0)
            {
                return false;
            }
        }

        return true;
    }

    private sealed class Trapper : IInlineAccessHandler
    {
        public bool Passes(int vcpu, Ipa address, int size, bool isWrite) => false;

        public InlineAccessDecision OnAccess(IVcpu vcpu, ref InlineAccess access) => InlineAccessDecision.Trap;
    }
}
