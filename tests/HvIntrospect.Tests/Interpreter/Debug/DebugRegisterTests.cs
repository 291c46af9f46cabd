using HvIntrospect.Interpreter;
using HvIntrospect.Interpreter.Dispatch;
using HvIntrospect.Interpreter.Mmu;
using HvIntrospect.Interpreter.State;
using HvIntrospect.Registers;
using Xunit;

namespace HvIntrospect.Tests.Interpreter.Debug;

/// <summary>Breakpoints and watchpoints where EL1 owns them, and beside the fast paths that never look at them. The EL2 vectors hold the rest.</summary>
public sealed unsafe class DebugRegisterTests
{
    private const uint Nop = 0xD503_201F;
    private const uint Hvc = 0xD400_0002;
    private const uint StoreX0AtX1 = 0xF900_0020;
    private const uint LoadX2AtX1 = 0xF940_0022;
    private const uint SubsX0 = 0xF100_0400;
    private const uint BranchBackIfNot0 = 0x54FF_FFE1;
    private const ulong MonitorDebug = 1UL << 15;
    private const ulong KernelDebug = 1UL << 13;
    private const ulong BreakpointEverywhere = 0x1E7;
    private const ulong WatchpointEverywhere = 0x1FFF;
    private const uint El1Unmasked = 0x1C5;
    private const uint El1Masked = 0x3C5;

    [Theory]
    [InlineData(MonitorDebug | KernelDebug, 0UL, El1Unmasked, true)]
    [InlineData(MonitorDebug | KernelDebug, 0UL, El1Masked, false)]
    [InlineData(MonitorDebug | KernelDebug, 1UL, El1Unmasked, false)]
    [InlineData(MonitorDebug, 0UL, El1Unmasked, false)]
    [InlineData(KernelDebug, 0UL, El1Unmasked, false)]
    public void El1TakesItsOwnBreakpointOnlyWhenItAsksForIt(ulong mdscr, ulong osLock, uint pstate, bool isTaken)
    {
        using var scratch = new ScratchProcessor(threaded: true);
        CpuState* cpu = scratch.State;
        scratch.WriteWords(ScratchProcessor.CodeVa, Nop, Nop, Nop, Hvc);
        scratch.WriteWords(cpu->System.VbarEl1 + 0x200, Hvc);
        cpu->System.OsLock = osLock;
        SetBreakpoint(cpu, ScratchProcessor.CodeVa + 8, mdscr);
        ProcessState.Write(cpu, pstate);

        Assert.Equal(LeaveReason.ExceptionToEl2, EventLoop.Run(scratch.Processor, cpu->Retired + 100));

        Assert.Equal(isTaken ? 0xC600_0022UL : 0UL, cpu->System.EsrEl1);
        Assert.Equal(isTaken ? ScratchProcessor.CodeVa + 8 : 0UL, cpu->System.ElrEl1);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void ABreakpointEndsALoopExactlyWhereItIs(bool threaded)
    {
        const ulong Turns = 10_000;
        using var scratch = new ScratchProcessor(threaded);
        CpuState* cpu = scratch.State;
        scratch.WriteWords(ScratchProcessor.CodeVa + 0xFF8, SubsX0, BranchBackIfNot0, Nop);
        cpu->Pc = ScratchProcessor.CodeVa + 0xFF8;
        cpu->X[0] = Turns;
        cpu->System.OsLock = 0;
        cpu->System.MdcrEl2 = (ulong)MdcrBits.Tde;
        SetBreakpoint(cpu, ScratchProcessor.CodeVa + 0x1000, MonitorDebug);

        // As often as it is reached.
        for (int i = 0; i < 2; i++)
        {
            Assert.Equal(LeaveReason.ExceptionToEl2, EventLoop.Run(scratch.Processor, (2 * Turns) + 100));
            Assert.Equal(0xC200_0022UL, cpu->System.EsrEl2);
            Assert.Equal(ScratchProcessor.CodeVa + 0x1000, cpu->Pc);
            Assert.Equal(2 * Turns, cpu->Retired);
        }
    }

    [Fact]
    public void AWatchpointIsNotMissedInAPageThatWasAlreadyFast()
    {
        using var scratch = new ScratchProcessor(threaded: true);
        CpuState* cpu = scratch.State;
        scratch.WriteWords(ScratchProcessor.CodeVa, StoreX0AtX1, LoadX2AtX1, StoreX0AtX1, Nop);
        cpu->X[0] = 5;
        cpu->X[1] = ScratchProcessor.DataVa;
        scratch.Execute(2);
        cpu->System.OsLock = 0;
        cpu->System.MdcrEl2 = (ulong)MdcrBits.Tde;
        cpu->System.Dbgwvr[3] = ScratchProcessor.DataVa;
        cpu->System.Dbgwcr[3] = WatchpointEverywhere;
        FastTlb.SetMonitorDebug(cpu, new Mdscr(MonitorDebug));
        cpu->X[0] = 6;

        Assert.Equal(LeaveReason.ExceptionToEl2, scratch.Execute(1));

        Assert.Equal(0xD200_0062UL, cpu->System.EsrEl2);
        Assert.Equal(ScratchProcessor.DataVa, cpu->System.FarEl2);
        Assert.Equal(ScratchProcessor.CodeVa + 8, cpu->Pc);
        Assert.Equal(5UL, scratch.Read(ScratchProcessor.DataVa, 8));

        // Beside the watched bytes, in the same page.
        cpu->X[1] += 8;
        Assert.Equal(LeaveReason.None, scratch.Execute(1));
        Assert.Equal(6UL, scratch.Read(ScratchProcessor.DataVa + 8, 8));
    }

    private static void SetBreakpoint(CpuState* cpu, ulong address, ulong mdscr)
    {
        cpu->System.Dbgbvr[0] = address;
        cpu->System.Dbgbcr[0] = BreakpointEverywhere;
        FastTlb.SetMonitorDebug(cpu, new Mdscr(mdscr));
    }
}
