using System;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using HvIntrospect.Interpreter.Debug;
using HvIntrospect.Interpreter.Dispatch;
using HvIntrospect.Interpreter.Exceptions;
using HvIntrospect.Interpreter.Inputs;
using HvIntrospect.Interpreter.Memory;
using HvIntrospect.Interpreter.Mmu;
using HvIntrospect.Interpreter.Operations;
using HvIntrospect.Interpreter.State;
using HvIntrospect.Registers;

namespace HvIntrospect.Interpreter;

/// <summary>The engine of one vCPU: its state, the loop that runs it, and what its slow paths reach for.</summary>
/// <remarks>Used by one thread at a time.</remarks>
internal sealed unsafe class Processor : IPageListener, IDisposable
{
    private const nuint DataTlbBytes = DataTlbEntry.Count * DataTlbEntry.Size;
    private const nuint FetchTlbBytes = FetchTlbEntry.Count * 16;

    private readonly bool _threaded;
    private GCHandle _handle;

    /// <summary>Initialises a processor at EL1h with everything masked and all registers 0.</summary>
    /// <param name="memory">The machine's RAM.</param>
    /// <param name="translator">The translation of the EL1&amp;0 regime.</param>
    /// <param name="pages">The machine's decoded pages.</param>
    /// <param name="filter">What is denied on top of Stage 2.</param>
    /// <param name="settings">What the core is.</param>
    /// <param name="threaded">True for the tail-threaded dispatcher.</param>
    public Processor(
        PhysicalMemory memory, ITranslator translator, DecodedPages pages, InlineAccessFilter filter, CoreSettings settings, bool threaded)
    {
        Settings = settings;
        Memory = memory;
        Translator = translator;
        Pages = pages;
        Filter = filter;
        filter.Add(this);
        _threaded = threaded;
        nuint size = (nuint)sizeof(CpuState) + 64 + (2 * (DataTlbBytes + FetchTlbBytes));
        byte* block = (byte*)NativeMemory.AlignedAlloc(size, 4096);
        NativeMemory.Clear(block, size);
        State = (CpuState*)block;
        byte* tables = (byte*)(((nuint)block + (nuint)sizeof(CpuState) + 63) & ~(nuint)63);
        State->DataTlbEl0 = (DataTlbEntry*)tables;
        State->DataTlbEl1 = (DataTlbEntry*)(tables + DataTlbBytes);
        State->FetchTlbEl0 = (FetchTlbEntry*)(tables + (2 * DataTlbBytes));
        State->FetchTlbEl1 = (FetchTlbEntry*)(tables + (2 * DataTlbBytes) + FetchTlbBytes);
        State->SlowOperations = HandlerTable.SlowOperations(threaded);
        State->LeaveOperation.Handler = (void*)(delegate*<CpuState*, Operation*, Operation*>)&Leave;
        new OperationBuilder(&State->SpentOperation, 0, threaded).Use<SpentBudget>();
        new OperationBuilder(&State->JumpOperation, 0, threaded).Use<SlowJump>();
        State->JumpOperation.Count = Operation.Deferred;
        _handle = GCHandle.Alloc(this, GCHandleType.Weak);
        State->Owner = GCHandle.ToIntPtr(_handle);
        State->FlagZ = 1;
        FastTlb.Flush(State);
        ResetState.Apply(State, settings);
        memory.AddListener(this);
    }

    /// <summary>Frees what a forgotten <see cref="Dispose"/> left.</summary>
    ~Processor()
    {
        Free();
    }

    /// <summary>Gets the state.</summary>
    public CpuState* State { get; private set; }

    /// <summary>Gets the state for those who may come when the machine has freed it.</summary>
    /// <exception cref="ObjectDisposedException">The machine is disposed.</exception>
    public CpuState* LiveState => State is null ? throw new ObjectDisposedException(typeof(Machine).FullName) : State;

    /// <summary>Gets the machine's RAM.</summary>
    public PhysicalMemory Memory { get; }

    /// <summary>Gets the translation of the EL1&amp;0 regime.</summary>
    public ITranslator Translator { get; }

    /// <summary>Gets the machine's decoded pages.</summary>
    public DecodedPages Pages { get; }

    /// <summary>Gets what is denied on top of Stage 2.</summary>
    public InlineAccessFilter Filter { get; }

    /// <summary>Gets or sets a value indicating whether who writes memory is this vCPU.</summary>
    public bool IsRunning { get; set; }

    /// <summary>Gets what the core is.</summary>
    public CoreSettings Settings { get; }

    /// <summary>Gets what reaches the vCPU from outside.</summary>
    public InputQueue Inputs { get; } = new();

    /// <summary>Gets or sets who is told of the vCPU's number and the outputs of its timers when they change; bit n is <see cref="Timers.TimerKind"/> n.</summary>
    public Action<int, ulong>? TimerOutputs { get; set; }

    /// <summary>Gets or sets the vCPU as its users see it.</summary>
    public IEngineVcpu? Vcpu { get; set; }

    /// <summary>Gets the engine whose state this is.</summary>
    /// <param name="cpu">The state.</param>
    /// <returns>The engine.</returns>
    public static Processor Of(CpuState* cpu) => (Processor)GCHandle.FromIntPtr(cpu->Owner).Target!;

    /// <summary>Enters the guest from EL2. An exception return opens the exclusive monitor; after a mere interruption of the run there is none.</summary>
    public void Enter()
    {
        CpuState* cpu = State;
        cpu->Retired += cpu->IsTrapped != 0 && cpu->Pc != cpu->TrappedPc ? 1UL : 0UL;
        cpu->IsTrapped = 0;
        if (cpu->LeaveReason is LeaveReason.ExceptionToEl2 or LeaveReason.PhysicalInterrupt)
        {
            cpu->MonitorSize = cpu->MonitorKept == 0 ? 0 : cpu->MonitorSize;
            Pages.Synchronise(cpu);
        }

        cpu->MonitorKept = 0;
    }

    /// <summary>Executes until an instruction count is reached exactly, or something else ends the run.</summary>
    /// <param name="due">The value of <see cref="CpuState.Retired"/> at which to stop.</param>
    /// <param name="pause">The value around which to stop as well: where the fast loop ends before it, without the last instructions one by one.</param>
    /// <returns>Why the run ended; <see cref="LeaveReason.None"/> when a count is reached.</returns>
    public LeaveReason Execute(ulong due, ulong pause = ulong.MaxValue)
    {
        CpuState* cpu = State;
        while (cpu->Retired < due)
        {
            cpu->LeaveReason = LeaveReason.None;
            if (IsPauseDue(pause))
            {
                break;
            }

            if (due - cpu->Retired > Flow.PageLength)
            {
                cpu->Due = Math.Min(due, pause);
                RunFast(Flow.Resume(cpu));
            }
            else
            {
                ExecuteOne();
            }

            if (cpu->LeaveReason is not (LeaveReason.None or LeaveReason.Budget))
            {
                return cpu->LeaveReason;
            }
        }

        return cpu->LeaveReason = LeaveReason.None;
    }

    /// <summary>Tells whether the fast loop can go no nearer to a count.</summary>
    /// <param name="pause">The count.</param>
    /// <returns>True when it is reached, or less than the longest straight run away.</returns>
    public bool IsPauseDue(ulong pause) => State->Retired >= pause || pause - State->Retired <= Flow.PageLength;

    /// <summary>Fetches the instruction at PC and looks at what comes between the fetch and its execution: a breakpoint, the illegal state, then where a branch may land.</summary>
    /// <returns>False when an exception was taken.</returns>
    public bool TryReach()
    {
        CpuState* cpu = State;
        if (!TryFetch(cpu->Pc))
        {
            return false;
        }

        if (BreakpointRegisters.IsHit(cpu))
        {
            ExceptionEntry.Debug(cpu, BreakpointSyndrome.Create(DebugExceptions.AreOfSameLevel(cpu)));
            return false;
        }

        if (new Spsr(cpu->Pstate).IllegalState)
        {
            ExceptionEntry.IllegalState(cpu);
            return false;
        }

        if ((Settings.Features & A64Features.BTI) != 0 && !BranchTargets.MayLand(cpu, WordAt(cpu->Pc)))
        {
            ExceptionEntry.BranchTarget(cpu);
            return false;
        }

        return true;
    }

    /// <summary>Executes the instruction that <see cref="TryReach"/> has let through.</summary>
    public void ExecuteReached()
    {
        CpuState* cpu = State;
        bool setsType = BranchTargets.SetsType(WordAt(cpu->Pc));
        ulong exceptions = cpu->ExceptionsTaken;
        ExecuteSingle();

        // An instruction that completes leaves no branch type, unless it is such a branch. An exception has put it away.
        if (!setsType && cpu->ExceptionsTaken == exceptions)
        {
            cpu->Pstate &= ~ProcessState.BranchTypeMask;
        }
    }

    /// <summary>Fetches like <see cref="TryFetch"/>, for a run that looks at nothing between instructions.</summary>
    /// <param name="pc">The address; <see cref="CpuState.Pc"/> holds it too.</param>
    /// <returns>False when an exception was taken, or when the run ends because a breakpoint may be in the page.</returns>
    public bool TryFetchToRun(ulong pc)
    {
        if (BreakpointRegisters.AreAnyIn(State, pc))
        {
            State->LeaveReason = LeaveReason.Events;
            return false;
        }

        return TryFetch(pc);
    }

    /// <summary>Executes the instruction at PC alone, without fetching its successor.</summary>
    /// <remarks><see cref="TryFetch"/> has just succeeded for PC.</remarks>
    public void ExecuteSingle()
    {
        CpuState* cpu = State;
        int index = (int)(cpu->Pc >> 2) & (Flow.PageLength - 1);
        Operation* operation = cpu->PageOperations + index;
        if (!DecodedPages.IsDecoded(operation))
        {
            Pages.Decode(operation, index);
        }

        Perform(operation);
    }

    /// <summary>Performs one operation of any page, without fetching its successor.</summary>
    /// <param name="operation">The operation; its page is the current one.</param>
    public void Perform(Operation* operation)
    {
        CpuState* cpu = State;

        // So far away that no transfer leaves by itself.
        cpu->Due = cpu->Retired + (4 * Flow.PageLength);
        cpu->Budget = (3 * Flow.PageLength) + Flow.Index(cpu, operation);
        cpu->LeaveReason = LeaveReason.None;
        cpu->IsOneByOne = 1;
        do
        {
            operation = ((delegate*<CpuState*, Operation*, Operation*>)HandlerTable.Looped(operation->HandlerId))(cpu, operation);
        }
        while (operation->Count == Operation.Deferred);
        cpu->IsOneByOne = 0;
        if (operation != &cpu->LeaveOperation)
        {
            Flow.Materialise(cpu, operation);
        }
    }

    /// <summary>Fetches for execution at an address: sets <see cref="CpuState.PageVa"/> and <see cref="CpuState.PageOperations"/>, or takes the exception.</summary>
    /// <param name="pc">The address; <see cref="CpuState.Pc"/> holds it too.</param>
    /// <returns>False when an exception was taken, so that <see cref="CpuState.Pc"/> or the leave reason has changed.</returns>
    public bool TryFetch(ulong pc)
    {
        CpuState* cpu = State;
        if ((pc & 3) != 0)
        {
            ExceptionEntry.PcAlignment(cpu);
            return false;
        }

        ulong page = pc & ~(PhysicalMemory.PageSize - 1);
        FetchTlbEntry* entry = cpu->FetchTlb + ((pc >> PhysicalMemory.PageShift) & (FetchTlbEntry.Count - 1));
        if (entry->Tag != page)
        {
            Translator.Translate(cpu, pc, AccessKind.Fetch, ProcessState.ExceptionLevel(cpu), out TranslationResult result);
            if (result.IsMapped && !Memory.TryGetPage(result.Pa, out _))
            {
                result.IsMapped = false;
                result.Fault = FaultRecord.External(pc, isWrite: false);
            }

            if (!result.IsMapped)
            {
                ExceptionEntry.InstructionAbort(cpu, result.Fault);
                return false;
            }

            Memory.TryGetPage(result.Pa, out RamPage ram);
            entry->Operations = Pages.Get(ram);
            entry->Tag = BreakpointRegisters.AreAnyIn(cpu, pc) ? DataTlbEntry.NoPage : page;
        }

        cpu->PageVa = page;
        cpu->PageOperations = entry->Operations;
        return true;
    }

    /// <summary>Gets the instruction word at an address of the page that is executed.</summary>
    /// <param name="pc">An address for which <see cref="TryFetch"/> has just succeeded.</param>
    /// <returns>The word.</returns>
    public uint WordAt(ulong pc) => DecodedPages.WordAt(State->PageOperations, (int)(pc >> 2) & (Flow.PageLength - 1));

    /// <summary>Offers an access to a handler, to which the vCPU looks stopped before the instruction.</summary>
    /// <param name="handler">The handler.</param>
    /// <param name="operation">The instruction.</param>
    /// <param name="access">The access.</param>
    /// <returns>The decision.</returns>
    public InlineAccessDecision Offer(IInlineAccessHandler handler, Operation* operation, ref InlineAccess access)
    {
        if (Vcpu is null)
        {
            return InlineAccessDecision.Trap;
        }

        Flow.Materialise(State, operation);
        Vcpu.Fetch();
        EndExecution();
        InlineAccessDecision decision = handler.OnAccess(Vcpu, ref access);
        IsRunning = true;
        Vcpu.Flush();

        // What the handler has posted is taken before the next instruction.
        State->IsPageStale |= Inputs.HasPosted ? 1U : 0U;
        return decision;
    }

    /// <summary>Before anyone but the vCPU may write memory: it does not execute from now on.</summary>
    public void EndExecution()
    {
        IsRunning = false;
        FlagMonitor();
    }

    /// <summary>Flags the page that the exclusive monitor holds, so that whoever writes it comes by.</summary>
    public void FlagMonitor()
    {
        if (State->MonitorSize != 0 && Memory.TryGetPage(State->MonitorPa, out RamPage page) && (*page.Flags & PageFlags.Exclusive) == 0)
        {
            Memory.SetFlag(page, PageFlags.Exclusive);
        }
    }

    /// <inheritdoc/>
    public void OnPageFlagged(in RamPage page)
    {
        for (int i = 0; i < DataTlbEntry.Count; i++)
        {
            DropWrite(State->DataTlbEl0 + i, page.Host);
            DropWrite(State->DataTlbEl1 + i, page.Host);
        }
    }

    /// <inheritdoc/>
    public void OnPagesFlagged()
    {
        for (int i = 0; i < DataTlbEntry.Count; i++)
        {
            State->DataTlbEl0[i].WriteTag = DataTlbEntry.NoPage;
            State->DataTlbEl1[i].WriteTag = DataTlbEntry.NoPage;
        }
    }

    /// <inheritdoc/>
    public bool IsExecuting(Operation* operations) => State->PageOperations == operations;

    /// <inheritdoc/>
    public void OnOperationsDropped(Operation* operations)
    {
        State->PageOperations = State->PageOperations == operations ? null : State->PageOperations;
        for (int i = 0; i < FetchTlbEntry.Count; i++)
        {
            Drop(State->FetchTlbEl0 + i, operations);
            Drop(State->FetchTlbEl1 + i, operations);
        }
    }

    /// <inheritdoc/>
    public bool OnExclusiveWritten(in RamPage page, int offset, int length)
    {
        CpuState* cpu = State;
        ulong pa = page.Pa + (ulong)offset;

        // IMPLEMENTATION DEFINED whether a store opens the monitor of the vCPU that executes it: here it never does, so that it does not matter where a run was cut.
        if (!IsRunning && cpu->MonitorSize != 0 && cpu->MonitorPa < pa + (ulong)length && pa < cpu->MonitorPa + cpu->MonitorSize)
        {
            cpu->MonitorSize = 0;
            cpu->System.EventRegister = 1;
        }

        return cpu->MonitorSize != 0 && cpu->MonitorPa - page.Pa < PhysicalMemory.PageSize;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Free();
        GC.SuppressFinalize(this);
    }

    /// <summary>Ends the loop, and notes the height of the stack for whoever checks that no handler makes it grow.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static Operation* Leave(CpuState* cpu, Operation* operation)
    {
        byte marker;
        cpu->JumpTarget = (ulong)&marker;
        return null;
    }

    private static void DropWrite(DataTlbEntry* entry, byte* host)
    {
        if (entry->WriteTag != DataTlbEntry.NoPage && entry->WriteTag + entry->Addend == (ulong)host)
        {
            entry->WriteTag = DataTlbEntry.NoPage;
        }
    }

    private static void Drop(FetchTlbEntry* entry, Operation* operations)
    {
        if (entry->Operations == operations)
        {
            entry->Tag = DataTlbEntry.NoPage;
        }
    }

    /// <summary>Executes one instruction or takes one exception.</summary>
    private void ExecuteOne()
    {
        State->LeaveReason = LeaveReason.None;
        State->IsPageStale = 0;
        if (TryFetchToRun(State->Pc))
        {
            ExecuteSingle();
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void RunFast(Operation* operation)
    {
        CpuState* cpu = State;
        if (_threaded)
        {
            ((delegate*<CpuState*, Operation*, Operation*>)operation->Handler)(cpu, operation);
            return;
        }

        while (operation is not null)
        {
            operation = ((delegate*<CpuState*, Operation*, Operation*>)operation->Handler)(cpu, operation);
        }
    }

    private void Free()
    {
        if (State is not null)
        {
            NativeMemory.AlignedFree(State);
            State = null;
            _handle.Free();
        }
    }
}
