using System.Runtime.CompilerServices;
using HvIntrospect.Interpreter.Mmu;
using HvIntrospect.Interpreter.State;

namespace HvIntrospect.Interpreter.Dispatch;

/// <summary>How operations name the next one: branches, jumps, and the way out of and back into the fast loop.</summary>
/// <remarks>
/// <para>While the fast loop runs, PC and the instruction count are implied by the operation and <see cref="CpuState.Budget"/>. A slow path
/// first calls <see cref="Materialise"/>, may then change any state, <see cref="CpuState.Pc"/> included, and ends with
/// <see cref="Resume"/>: <c>return Flow.Resume(cpu);</c>.</para>
/// <para>An instruction counts when it completes and when it takes a synchronous exception.</para>
/// </remarks>
internal static unsafe class Flow
{
    /// <summary>The operations of a page, and the longest straight run.</summary>
    public const int PageLength = 1024;

    /// <summary>Gets the place of an operation in its page.</summary>
    /// <param name="cpu">The state.</param>
    /// <param name="operation">An operation of the current page.</param>
    /// <returns>0 to 1024.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Index(CpuState* cpu, Operation* operation) =>
        (int)(uint)((nuint)((byte*)operation - (byte*)cpu->PageOperations) / Operation.Size);

    /// <summary>Gets the virtual address of an operation.</summary>
    /// <param name="cpu">The state.</param>
    /// <param name="operation">An operation of the current page.</param>
    /// <returns>PC while it is executed.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Pc(CpuState* cpu, Operation* operation) =>
        cpu->PageVa + ((ulong)((byte*)operation - (byte*)cpu->PageOperations) / (Operation.Size / 4));

    /// <summary>Gets how many instructions were executed before an operation.</summary>
    /// <param name="cpu">The state.</param>
    /// <param name="operation">The operation that is executed.</param>
    /// <returns>The exact count.</returns>
    public static ulong Retired(CpuState* cpu, Operation* operation) =>
        cpu->Due - PageLength - (ulong)cpu->Budget + (ulong)Index(cpu, operation);

    /// <summary>Gets how many instructions were executed when a control transfer that was bound with <see cref="OperationBuilder.SetTransfer"/> is done.</summary>
    /// <param name="cpu">The state, from before the transfer.</param>
    /// <param name="operation">The control transfer.</param>
    /// <returns>The exact count.</returns>
    public static ulong RetiredBy(CpuState* cpu, Operation* operation) =>
        cpu->Due - PageLength - (ulong)cpu->Budget + (ulong)operation->Count;

    /// <summary>Takes a branch inside the page, bound by <see cref="OperationBuilder"/>.</summary>
    /// <param name="cpu">The state.</param>
    /// <param name="operation">The branch.</param>
    /// <returns>The next operation.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Operation* Branch(CpuState* cpu, Operation* operation)
    {
        Operation* target = (Operation*)((byte*)operation + operation->Immediate);
        long budget = cpu->Budget - operation->Count;
        cpu->Budget = budget;
        if (budget >= 0)
        {
            return target;
        }

        cpu->Current = target;
        return (Operation*)((byte*)cpu + CpuState.SpentOffset);
    }

    /// <summary>Takes a branch to a later operation of the page. The straight run that the budget allows for contains it, so nothing is checked.</summary>
    /// <param name="cpu">The state.</param>
    /// <param name="operation">The branch.</param>
    /// <returns>The next operation.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Operation* BranchForward(CpuState* cpu, Operation* operation)
    {
        cpu->Budget -= operation->Count;
        return (Operation*)((byte*)operation + operation->Immediate);
    }

    /// <summary>Goes to any address. The operation was bound with <see cref="OperationBuilder.SetTransfer"/>.</summary>
    /// <param name="cpu">The state.</param>
    /// <param name="operation">The control transfer.</param>
    /// <param name="target">The next PC.</param>
    /// <returns>The next operation.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Operation* Jump(CpuState* cpu, Operation* operation, ulong target)
    {
        FetchTlbEntry* entry = cpu->FetchTlb + ((target >> 12) & (FetchTlbEntry.Count - 1));
        ulong index = (target >> 2) & (PageLength - 1);
        long budget = cpu->Budget - operation->Count + (long)index;

        // Bits 1:0 take part, so that a misaligned PC never matches; a negative budget never matches either.
        if (((entry->Tag ^ (target & ~0xFFCUL)) | ((ulong)budget >> 63)) == 0)
        {
            cpu->Budget = budget;
            cpu->PageVa = entry->Tag;
            cpu->PageOperations = entry->Operations;
            return entry->Operations + index;
        }

        cpu->Current = operation;
        cpu->JumpTarget = target;
        return (Operation*)((byte*)cpu + CpuState.JumpOffset);
    }

    /// <summary>Performs the slow path of an operation. Not a call, so that the handler needs no stack frame.</summary>
    /// <param name="cpu">The state.</param>
    /// <param name="operation">The operation, bound by <see cref="OperationBuilder.UseWithSlowPath"/>.</param>
    /// <returns>The next operation.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Operation* Slow(CpuState* cpu, Operation* operation)
    {
        cpu->Current = operation;
        return cpu->SlowOperations + operation->HandlerId;
    }

    /// <summary>Goes on with the next instruction after looking at events, interrupts and the translation of PC: for instructions that may have changed any of them.</summary>
    /// <param name="cpu">The state.</param>
    /// <param name="operation">The operation that was performed.</param>
    /// <returns>The next operation.</returns>
    public static Operation* NextAfterSync(CpuState* cpu, Operation* operation)
    {
        Materialise(cpu, operation);
        Complete(cpu);
        cpu->LeaveReason = LeaveReason.Events;
        return &cpu->LeaveOperation;
    }

    /// <summary>Writes down PC and the instruction count as they are before an operation.</summary>
    /// <param name="cpu">The state.</param>
    /// <param name="operation">The operation that is executed.</param>
    public static void Materialise(CpuState* cpu, Operation* operation)
    {
        cpu->Pc = Pc(cpu, operation);
        cpu->Retired = Retired(cpu, operation);
    }

    /// <summary>After <see cref="Materialise"/>: counts the instruction and advances PC.</summary>
    /// <param name="cpu">The state.</param>
    public static void Complete(CpuState* cpu)
    {
        cpu->Pc += 4;
        cpu->Retired++;
    }

    /// <summary>After <see cref="Materialise"/>: goes on at <see cref="CpuState.Pc"/>, or leaves when there is a reason or the count is due.</summary>
    /// <param name="cpu">The state.</param>
    /// <returns>The next operation.</returns>
    public static Operation* Resume(CpuState* cpu)
    {
        cpu->IsPageStale = 0;
        if (cpu->IsOneByOne != 0)
        {
            return &cpu->LeaveOperation;
        }

        // Each turn either ends the loop or takes an exception, which counts, so that a guest without usable vectors reaches its limit.
        while (cpu->LeaveReason == LeaveReason.None)
        {
            ulong pc = cpu->Pc;
            long budget = (long)(cpu->Due - PageLength - cpu->Retired + ((pc >> 2) & (PageLength - 1)));
            if (budget < 0)
            {
                cpu->LeaveReason = LeaveReason.Budget;
            }
            else if (Processor.Of(cpu).TryFetchToRun(pc))
            {
                cpu->Budget = budget;
                return cpu->PageOperations + ((pc >> 2) & (PageLength - 1));
            }
        }

        return &cpu->LeaveOperation;
    }

    /// <summary>Goes on behind an operation whose slow path may have changed translations or flags of pages.</summary>
    /// <param name="cpu">The state.</param>
    /// <param name="operation">The operation that was performed.</param>
    /// <returns>The next operation.</returns>
    public static Operation* Next(CpuState* cpu, Operation* operation) =>
        cpu->IsPageStale == 0 ? operation + 1 : NextAfterSync(cpu, operation);
}
