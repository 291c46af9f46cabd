using HvIntrospect.Interpreter.Memory;
using HvIntrospect.Interpreter.State;
using HvIntrospect.Registers;

namespace HvIntrospect.Interpreter.Mmu;

/// <summary>The caches of host pointers and decoded pages in front of the architectural translation, one set for each Exception level.</summary>
internal static unsafe class FastTlb
{
    // Up to 16 pages go one by one.
    private const int MostPagesShift = PhysicalMemory.PageShift + 4;

    /// <summary>Drops everything of both levels.</summary>
    /// <remarks>An operation that calls this goes on by <see cref="Dispatch.Flow.NextAfterSync"/> or <see cref="Dispatch.Flow.Next"/>, so that the next instruction is fetched anew.</remarks>
    /// <param name="cpu">The vCPU.</param>
    public static void Flush(CpuState* cpu)
    {
        cpu->IsPageStale = 1;
        for (int i = 0; i < DataTlbEntry.Count; i++)
        {
            Drop(cpu->DataTlbEl0 + i);
            Drop(cpu->DataTlbEl1 + i);
        }

        for (int i = 0; i < FetchTlbEntry.Count; i++)
        {
            cpu->FetchTlbEl0[i].Tag = DataTlbEntry.NoPage;
            cpu->FetchTlbEl1[i].Tag = DataTlbEntry.NoPage;
        }
    }

    /// <summary>Drops a range, for both levels.</summary>
    /// <param name="cpu">The vCPU.</param>
    /// <param name="va">The first address.</param>
    /// <param name="shift">The logarithm of the size, at least 12.</param>
    public static void FlushRange(CpuState* cpu, ulong va, int shift)
    {
        if (shift > MostPagesShift)
        {
            Flush(cpu);
            return;
        }

        for (ulong page = 0; page >> shift == 0; page += PhysicalMemory.PageSize)
        {
            FlushPage(cpu, va + page);
        }
    }

    /// <summary>Drops one page of 4096 bytes, for both levels.</summary>
    /// <param name="cpu">The vCPU.</param>
    /// <param name="va">An address in the page, in the form in which instructions use it; tagged aliases must be dropped too.</param>
    public static void FlushPage(CpuState* cpu, ulong va)
    {
        cpu->IsPageStale = 1;
        int data = (int)(va >> 12) & (DataTlbEntry.Count - 1);
        Drop(cpu->DataTlbEl0 + data);
        Drop(cpu->DataTlbEl1 + data);
        int fetch = (int)(va >> 12) & (FetchTlbEntry.Count - 1);
        cpu->FetchTlbEl0[fetch].Tag = DataTlbEntry.NoPage;
        cpu->FetchTlbEl1[fetch].Tag = DataTlbEntry.NoPage;
    }

    /// <summary>Sets MDSCR_EL1. MDE decides whether the pages of breakpoints and watchpoints are kept out.</summary>
    /// <param name="cpu">The vCPU.</param>
    /// <param name="value">The new value.</param>
    public static void SetMonitorDebug(CpuState* cpu, Mdscr value)
    {
        bool isChanged = new Mdscr(cpu->System.MdscrEl1).MonitorDebugEnable != value.MonitorDebugEnable;
        cpu->System.MdscrEl1 = value.Value;
        if (isChanged)
        {
            Flush(cpu);
        }
    }

    private static void Drop(DataTlbEntry* entry)
    {
        entry->ReadTag = DataTlbEntry.NoPage;
        entry->WriteTag = DataTlbEntry.NoPage;
        entry->PageTag = DataTlbEntry.NoPage;
    }
}
