using HvIntrospect.Interpreter.Dispatch;
using HvIntrospect.Interpreter.Mmu;
using HvIntrospect.Interpreter.State;
using HvIntrospect.Registers;

namespace HvIntrospect.Interpreter.Exceptions;

/// <summary>Takes synchronous exceptions: to EL1 by changing the state, to EL2 by leaving the machine.</summary>
/// <remarks>
/// The forms with an operation are what handlers tail-call. The forms without one work on the written-down state
/// (<see cref="Flow.Materialise"/>): PC is that of the instruction and its count is not yet in <see cref="CpuState.Retired"/>.
/// </remarks>
internal static unsafe class ExceptionEntry
{
    private const ulong HcrTge = 1UL << 27;
    private const uint SpsrMasks = 0x3C0;

    /// <summary>The instruction is UNDEFINED.</summary>
    /// <param name="cpu">The state.</param>
    /// <param name="operation">The instruction.</param>
    /// <returns>The next operation.</returns>
    public static Operation* Undefined(CpuState* cpu, Operation* operation) => Raise(cpu, operation, ExceptionClass.Unknown, 0);

    /// <summary>The instruction uses FP or SIMD registers while they are trapped.</summary>
    /// <param name="cpu">The state.</param>
    /// <param name="operation">The instruction.</param>
    /// <returns>The next operation.</returns>
    public static Operation* SimdFpTrap(CpuState* cpu, Operation* operation) =>
        Raise(cpu, operation, ExceptionClass.SimdFp, (1u << 24) | (0xEu << 20));

    /// <summary>SP is misaligned where it is the base of an access.</summary>
    /// <param name="cpu">The state.</param>
    /// <param name="operation">The instruction.</param>
    /// <returns>The next operation.</returns>
    public static Operation* SpAlignment(CpuState* cpu, Operation* operation) => Raise(cpu, operation, ExceptionClass.SpAlignment, 0);

    /// <summary>An exception of a class that does not report an address; it returns to the instruction itself.</summary>
    /// <param name="cpu">The state.</param>
    /// <param name="operation">The instruction.</param>
    /// <param name="exceptionClass">EC, in the form for a lower Exception level where there are two.</param>
    /// <param name="iss">ISS.</param>
    /// <returns>The next operation.</returns>
    public static Operation* Raise(CpuState* cpu, Operation* operation, ExceptionClass exceptionClass, uint iss)
    {
        Flow.Materialise(cpu, operation);
        bool toEl2 = ProcessState.ExceptionLevel(cpu) == 0 && (cpu->System.HcrEl2 & HcrTge) != 0;
        Take(cpu, toEl2, exceptionClass, iss, cpu->Pc, null, null);
        return Flow.Resume(cpu);
    }

    /// <summary>A data access of the instruction faulted.</summary>
    /// <param name="cpu">The state.</param>
    /// <param name="operation">The instruction.</param>
    /// <param name="fault">The fault.</param>
    /// <param name="instructionSyndrome">ISS[24:14] in place, with ISV set, when the instruction records one; else 0. Reported only where the architecture does.</param>
    /// <returns>The next operation.</returns>
    public static Operation* DataAbort(CpuState* cpu, Operation* operation, in FaultRecord fault, uint instructionSyndrome)
    {
        Flow.Materialise(cpu, operation);
        uint iss = fault.Status.Code | (fault.IsWrite ? 1u << 6 : 0) | (fault.IsStage1Walk ? 1u << 7 : 0) | (fault.IsCacheMaintenance ? 1u << 8 : 0);
        if (fault.IsStage2 && !fault.IsStage1Walk && fault.Status.Kind != FaultKind.SynchronousExternal)
        {
            iss |= instructionSyndrome;
        }

        TakeAbort(cpu, ExceptionClass.DataAbortLowerEl, fault, iss);
        return Flow.Resume(cpu);
    }

    /// <summary>The fetch of the instruction at PC faulted. Works on the written-down state.</summary>
    /// <param name="cpu">The state.</param>
    /// <param name="fault">The fault.</param>
    public static void InstructionAbort(CpuState* cpu, in FaultRecord fault) =>
        TakeAbort(cpu, ExceptionClass.InstructionAbortLowerEl, fault, fault.Status.Code | (fault.IsStage1Walk ? 1u << 7 : 0));

    /// <summary>PC is misaligned. Works on the written-down state.</summary>
    /// <param name="cpu">The state.</param>
    public static void PcAlignment(CpuState* cpu)
    {
        bool toEl2 = ProcessState.ExceptionLevel(cpu) == 0 && (cpu->System.HcrEl2 & HcrTge) != 0;
        Take(cpu, toEl2, ExceptionClass.PcAlignment, 0, cpu->Pc, cpu->Pc, null);
    }

    private static void TakeAbort(CpuState* cpu, ExceptionClass exceptionClass, in FaultRecord fault, uint iss)
    {
        bool toEl2 = fault.IsStage2 || (ProcessState.ExceptionLevel(cpu) == 0 && (cpu->System.HcrEl2 & HcrTge) != 0);
        ulong? hpfar = fault.IsStage2 ? fault.Ipa >> 12 << 4 : null;
        Take(cpu, toEl2, exceptionClass, iss, cpu->Pc, fault.Va, hpfar);
    }

    private static void Take(CpuState* cpu, bool toEl2, ExceptionClass exceptionClass, uint iss, ulong returnAddress, ulong? far, ulong? hpfar)
    {
        cpu->Retired++;
        cpu->ExceptionsTaken++;
        uint spsr = ProcessState.Read(cpu);
        ref SystemState system = ref cpu->System;
        if (toEl2)
        {
            system.EsrEl2 = Esr.Create(exceptionClass, iss).Value;
            system.ElrEl2 = returnAddress;
            cpu->Pc = returnAddress;
            system.SpsrEl2 = spsr;
            cpu->Exit.HasFar = far is null ? (byte)0 : (byte)1;
            cpu->Exit.HasHpfar = hpfar is null ? (byte)0 : (byte)1;
            system.FarEl2 = far ?? system.FarEl2;
            system.HpfarEl2 = hpfar ?? system.HpfarEl2;
            cpu->LeaveReason = LeaveReason.ExceptionToEl2;
            return;
        }

        bool fromEl1 = ProcessState.ExceptionLevel(cpu) == 1;
        if (fromEl1 && exceptionClass is ExceptionClass.DataAbortLowerEl or ExceptionClass.InstructionAbortLowerEl)
        {
            exceptionClass++;
        }

        system.EsrEl1 = Esr.Create(exceptionClass, iss).Value;
        system.ElrEl1 = returnAddress;
        system.SpsrEl1 = spsr;
        system.FarEl1 = far ?? system.FarEl1;
        ulong offset = !fromEl1 ? 0x400u : (spsr & 1) != 0 ? 0x200u : 0u;
        ProcessState.WriteWithoutFlags(cpu, SpsrMasks | ProcessState.El1h);
        cpu->Pc = system.VbarEl1 + offset;
    }
}
