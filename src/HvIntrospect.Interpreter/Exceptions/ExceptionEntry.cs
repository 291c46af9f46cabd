using System.Runtime.CompilerServices;
using HvIntrospect.Exceptions;
using HvIntrospect.Interpreter.Debug;
using HvIntrospect.Interpreter.Dispatch;
using HvIntrospect.Interpreter.Mmu;
using HvIntrospect.Interpreter.State;
using HvIntrospect.Registers;

namespace HvIntrospect.Interpreter.Exceptions;

/// <summary>Takes exceptions: to EL1 by changing the state, to EL2 by leaving the machine.</summary>
/// <remarks>
/// The forms with an operation are what handlers tail-call. They are never inlined: a local whose address is taken would keep the tail-threaded dispatcher's
/// last call from being a jump. The forms without one work on the written-down state
/// (<see cref="Flow.Materialise"/>): PC is that of the instruction and its count is not yet in <see cref="CpuState.Retired"/>.
/// ELR_EL2 and SPSR_EL2 are PC and PSTATE of the stopped vCPU.
/// </remarks>
internal static unsafe class ExceptionEntry
{
    private const ulong HcrTge = (ulong)HcrBits.Tge;

    /// <summary>The instruction is UNDEFINED.</summary>
    /// <param name="cpu">The state.</param>
    /// <param name="operation">The instruction.</param>
    /// <returns>The next operation.</returns>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static Operation* Undefined(CpuState* cpu, Operation* operation) => TakeToEl1(cpu, operation, Esr.Create(ExceptionClass.Unknown, 0));

    /// <summary>The instruction uses FP or SIMD registers while they are trapped.</summary>
    /// <param name="cpu">The state.</param>
    /// <param name="operation">The instruction.</param>
    /// <returns>The next operation.</returns>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static Operation* SimdFpTrap(CpuState* cpu, Operation* operation)
    {
        // The trap of EL1 comes first. Under TGE it is reported as an UNDEFINED instruction.
        bool isTrapOfEl1 = DerivedState.IsFpTrappedByEl1(cpu);
        bool isLost = isTrapOfEl1 && (cpu->System.HcrEl2 & HcrTge) != 0;
        Esr esr = isLost ? Esr.Create(ExceptionClass.Unknown, 0) : SimdFpSyndrome.Create();
        return isTrapOfEl1 ? TakeToEl1(cpu, operation, esr) : TakeToEl2(cpu, operation, esr);
    }

    /// <summary>SP is misaligned where it is the base of an access.</summary>
    /// <param name="cpu">The state.</param>
    /// <param name="operation">The instruction.</param>
    /// <returns>The next operation.</returns>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static Operation* SpAlignment(CpuState* cpu, Operation* operation) => TakeToEl1(cpu, operation, Esr.Create(ExceptionClass.SpAlignment, 0));

    /// <summary>Takes an exception to EL1, or to EL2 from EL0 under HCR_EL2.TGE. It returns to the instruction itself.</summary>
    /// <param name="cpu">The state.</param>
    /// <param name="operation">The instruction.</param>
    /// <param name="esr">The syndrome.</param>
    /// <returns>The next operation.</returns>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static Operation* TakeToEl1(CpuState* cpu, Operation* operation, Esr esr)
    {
        Flow.Materialise(cpu, operation);
        bool toEl2 = IsTge(cpu);
        Count(cpu, toEl2);
        Enter(cpu, toEl2, El1Exception.Synchronous(esr));
        return Flow.Resume(cpu);
    }

    /// <summary>Takes an exception to EL2. It returns to the instruction itself.</summary>
    /// <param name="cpu">The state.</param>
    /// <param name="operation">The instruction.</param>
    /// <param name="esr">The syndrome.</param>
    /// <returns>The next operation.</returns>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static Operation* TakeToEl2(CpuState* cpu, Operation* operation, Esr esr)
    {
        Flow.Materialise(cpu, operation);
        Count(cpu, toEl2: true);
        Leave(cpu, esr, null, null);
        return Flow.Resume(cpu);
    }

    /// <summary>Completes SVC or HVC by its exception, which returns to the next instruction. It counts as a step.</summary>
    /// <param name="cpu">The state.</param>
    /// <param name="operation">The instruction.</param>
    /// <param name="esr">The syndrome.</param>
    /// <param name="toEl2">True for HVC; SVC goes to EL1, or under HCR_EL2.TGE to EL2.</param>
    /// <returns>The next operation.</returns>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static Operation* Call(CpuState* cpu, Operation* operation, Esr esr, bool toEl2)
    {
        Flow.Materialise(cpu, operation);
        Flow.Complete(cpu);
        cpu->Pstate &= ~ProcessState.SoftwareStep;
        Enter(cpu, toEl2 || IsTge(cpu), El1Exception.Synchronous(esr));
        return Flow.Resume(cpu);
    }

    /// <summary>A BRK. It goes to the Exception level that owns debug exceptions.</summary>
    /// <param name="cpu">The state.</param>
    /// <param name="operation">The instruction.</param>
    /// <param name="comment">Its immediate.</param>
    /// <returns>The next operation.</returns>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static Operation* BreakpointInstruction(CpuState* cpu, Operation* operation, ushort comment)
    {
        Flow.Materialise(cpu, operation);
        bool toEl2 = DebugExceptions.AreOwnedByEl2(cpu);
        Count(cpu, toEl2);
        Enter(cpu, toEl2, El1Exception.Synchronous(BreakpointInstructionSyndrome.Create(comment)));
        return Flow.Resume(cpu);
    }

    /// <summary>A data access of the instruction faulted, or hit a watchpoint.</summary>
    /// <param name="cpu">The state.</param>
    /// <param name="operation">The instruction.</param>
    /// <param name="fault">The fault.</param>
    /// <param name="instructionSyndrome">ISS[24:14] in place, with ISV set, when the instruction records one; else 0. Reported only where the architecture does.</param>
    /// <returns>The next operation.</returns>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static Operation* DataAbort(CpuState* cpu, Operation* operation, in FaultRecord fault, uint instructionSyndrome)
    {
        Flow.Materialise(cpu, operation);
        if (fault.Status.Kind == FaultKind.Debug)
        {
            Count(cpu, DebugExceptions.AreOwnedByEl2(cpu));
            Debug(cpu, WatchpointSyndrome.Create(DebugExceptions.AreOfSameLevel(cpu), fault.IsWrite, fault.IsCacheMaintenance), new Va(fault.Va));
            return Flow.Resume(cpu);
        }

        bool toEl2 = fault.IsStage2 || IsTge(cpu);
        Count(cpu, toEl2);
        Esr esr = DataAbortSyndrome.Create(
            !toEl2 && ProcessState.ExceptionLevel(cpu) == 1, fault.Status, fault.IsWrite, fault.IsStage1Walk, fault.IsCacheMaintenance);
        if (fault.IsStage2 && !fault.IsStage1Walk && fault.Status.Kind != FaultKind.SynchronousExternal)
        {
            esr = new Esr(esr.Value | instructionSyndrome);
        }

        Abort(cpu, toEl2, esr, fault);
        return Flow.Resume(cpu);
    }

    /// <summary>The fetch of the instruction at PC faulted. Works on the written-down state.</summary>
    /// <param name="cpu">The state.</param>
    /// <param name="fault">The fault.</param>
    public static void InstructionAbort(CpuState* cpu, in FaultRecord fault)
    {
        bool toEl2 = fault.IsStage2 || IsTge(cpu);
        Count(cpu, toEl2);
        Abort(cpu, toEl2, InstructionAbortSyndrome.Create(!toEl2 && ProcessState.ExceptionLevel(cpu) == 1, fault.Status, fault.IsStage1Walk), fault);
    }

    /// <summary>Takes a debug exception other than BRK where it is routed to. Works on the written-down state and does not count.</summary>
    /// <param name="cpu">The state.</param>
    /// <param name="esr">The syndrome.</param>
    /// <param name="far">The address that a watchpoint matched.</param>
    public static void Debug(CpuState* cpu, Esr esr, Va? far = null) =>
        Enter(cpu, DebugExceptions.AreOwnedByEl2(cpu), El1Exception.Synchronous(esr, far));

    /// <summary>PC is misaligned. Works on the written-down state.</summary>
    /// <param name="cpu">The state.</param>
    public static void PcAlignment(CpuState* cpu)
    {
        bool toEl2 = IsTge(cpu);
        Count(cpu, toEl2);
        Enter(cpu, toEl2, El1Exception.PcAlignment(new Va(cpu->Pc)));
    }

    /// <summary>The instruction at PC is not executed because PSTATE.IL is set. Works on the written-down state.</summary>
    /// <param name="cpu">The state.</param>
    public static void IllegalState(CpuState* cpu)
    {
        bool toEl2 = IsTge(cpu);
        Count(cpu, toEl2);
        Enter(cpu, toEl2, El1Exception.IllegalState);
    }

    /// <summary>The return of EL2 to the guest is illegal: EL2 itself takes the exception, before anything is executed.</summary>
    /// <param name="cpu">The state.</param>
    public static void IllegalReturn(CpuState* cpu) => Leave(cpu, Esr.Create(ExceptionClass.IllegalState, 0), null, null);

    /// <summary>The instruction at PC is not executed because it is no landing pad for the branch that led there. Works on the written-down state.</summary>
    /// <param name="cpu">The state.</param>
    public static void BranchTarget(CpuState* cpu)
    {
        bool toEl2 = IsTge(cpu);
        Count(cpu, toEl2);
        Enter(cpu, toEl2, El1Exception.Synchronous(BranchTargetSyndrome.Create(new Spsr(cpu->Pstate).Btype)));
    }

    /// <summary>Takes an exception that no instruction completes or faults by: a debug exception or an interrupt. Works on the written-down state and does not count.</summary>
    /// <param name="cpu">The state.</param>
    /// <param name="toEl2">True when it goes to EL2; never for interrupts.</param>
    /// <param name="exception">The exception.</param>
    public static void Enter(CpuState* cpu, bool toEl2, in El1Exception exception)
    {
        if (toEl2)
        {
            Leave(cpu, exception.Esr, exception.Far?.Value, null);
            return;
        }

        ref SystemState system = ref cpu->System;
        var core = new CoreRegisters { Pc = new Va(cpu->Pc), Pstate = new Spsr(ProcessState.Read(cpu)) };
        var registers = new ExceptionRegisters { VbarEl1 = system.VbarEl1, EsrEl1 = new Esr(system.EsrEl1), FarEl1 = system.FarEl1 };
        Processor processor = Processor.Of(cpu);
        HvIntrospect.Exceptions.ExceptionEntry.EnterEl1(
            ref core, ref registers, new Sctlr(system.SctlrEl1), processor.Settings.Features, exception);
        processor.Pages.Synchronise(cpu);
        system.ElrEl1 = registers.ElrEl1;
        system.SpsrEl1 = registers.SpsrEl1.Value;
        system.EsrEl1 = registers.EsrEl1.Value;
        system.FarEl1 = registers.FarEl1;
        system.SteppedInstruction = SoftwareStep.NoInstruction;
        cpu->ExceptionsTaken++;
        ProcessState.Write(cpu, (uint)core.Pstate.Value);
        cpu->Pc = core.Pc.Value;
    }

    /// <summary>Counts an instruction that an exception ends. EL2 may let it execute again: then it has not been executed yet.</summary>
    private static void Count(CpuState* cpu, bool toEl2)
    {
        if (toEl2)
        {
            cpu->TrappedPc = cpu->Pc;
            cpu->IsTrapped = 1;
        }
        else
        {
            cpu->Retired++;
        }
    }

    private static bool IsTge(CpuState* cpu) => ProcessState.ExceptionLevel(cpu) == 0 && (cpu->System.HcrEl2 & HcrTge) != 0;

    private static void Abort(CpuState* cpu, bool toEl2, Esr esr, in FaultRecord fault)
    {
        if (toEl2)
        {
            Leave(cpu, esr, fault.Va, fault.IsStage2 ? Hpfar.FromIpa(new Ipa(fault.Ipa)).Value : null);
        }
        else
        {
            Enter(cpu, false, El1Exception.Synchronous(esr, new Va(fault.Va)));
        }
    }

    private static void Leave(CpuState* cpu, Esr esr, ulong? far, ulong? hpfar)
    {
        ref SystemState system = ref cpu->System;
        system.EsrEl2 = esr.Value;
        system.FarEl2 = far ?? system.FarEl2;
        system.HpfarEl2 = hpfar ?? system.HpfarEl2;
        cpu->ExceptionsTaken++;
        cpu->Exit.HasFar = far is null ? (byte)0 : (byte)1;
        cpu->Exit.HasHpfar = hpfar is null ? (byte)0 : (byte)1;
        cpu->LeaveReason = LeaveReason.ExceptionToEl2;
    }
}
