using System.Runtime.CompilerServices;
using HvIntrospect.Interpreter.Dispatch;
using HvIntrospect.Interpreter.State;
using HvIntrospect.Registers;

namespace HvIntrospect.Interpreter.Exceptions;

/// <summary>Performs ERET, and the exception return by which EL2 enters the guest.</summary>
/// <remarks>Arm Architecture Reference Manual (DDI 0487), "Exception return" and "Illegal exception returns from AArch64 state".</remarks>
internal static unsafe class ExceptionReturn
{
    // M[4:0] of the states that EL1 may return to: EL0t, EL1t and EL1h.
    private const uint El0t = 0b00000;
    private const uint El1t = 0b00100;
    private const uint El1h = 0b00101;
    private const uint ModeMask = 0x1F;

    /// <summary>Performs the instruction.</summary>
    /// <param name="cpu">The state.</param>
    /// <param name="operation">The instruction.</param>
    /// <returns>The next operation.</returns>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static Operation* Execute(CpuState* cpu, Operation* operation) => ProcessState.ExceptionLevel(cpu) == 0
        ? ExceptionEntry.Undefined(cpu, operation)
        : Execute(cpu, operation, cpu->System.ElrEl1);

    /// <summary>Performs the instruction at EL1.</summary>
    /// <param name="cpu">The state.</param>
    /// <param name="operation">The instruction.</param>
    /// <param name="target">The address to return to.</param>
    /// <returns>The next operation.</returns>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static Operation* Execute(CpuState* cpu, Operation* operation, ulong target)
    {
        Processor processor = Processor.Of(cpu);
        processor.Pages.Synchronise(cpu);
        Flow.Materialise(cpu, operation);
        cpu->Retired++;
        uint spsr = (uint)cpu->System.SpsrEl1;
        uint mode = spsr & ModeMask;

        // What the return cannot change on an illegal mode are the Exception level and the stack pointer.
        bool isLegal = IsLegal(mode);
        int level = isLegal ? (int)(mode >> 2) & 3 : 1;
        bool step = SoftwareStep.StateAfterReturn(cpu, new Spsr(spsr), level, fromEl2: false);
        uint state = spsr & (ProcessState.FlagsMask | processor.Settings.StateFields);
        state |= isLegal ? spsr & (ModeMask | ProcessState.IllegalState) : (cpu->Pstate & ModeMask) | ProcessState.IllegalState;
        state |= step ? ProcessState.SoftwareStep : 0;
        ProcessState.Write(cpu, state);
        cpu->Pc = ProcessState.BranchAddress(cpu, target);
        cpu->MonitorSize = 0;
        cpu->System.EventRegister = 1;
        cpu->LeaveReason = LeaveReason.Events;
        return Flow.Resume(cpu);
    }

    /// <summary>Returns from EL2 to PC and PSTATE of the stopped vCPU: fields that the core lacks are dropped, and PSTATE.SS becomes what the step state machine makes of it.</summary>
    /// <param name="cpu">The state.</param>
    /// <returns>False when the return is illegal: EL2 takes the exception itself, and PC and PSTATE of the vCPU are as they were.</returns>
    public static bool TryEnter(CpuState* cpu)
    {
        // Under HCR_EL2.TGE there is no EL1 to return to.
        uint mode = cpu->Pstate & ModeMask;
        if (!IsLegal(mode) || (mode != El0t && (cpu->System.HcrEl2 & (ulong)HcrBits.Tge) != 0))
        {
            ExceptionEntry.IllegalReturn(cpu);
            return false;
        }

        cpu->Pstate &= Processor.Of(cpu).Settings.StateFields | ModeMask | ProcessState.IllegalState | ProcessState.SoftwareStep;
        var state = new Spsr(cpu->Pstate);
        bool step = SoftwareStep.StateAfterReturn(cpu, state, ProcessState.ExceptionLevel(cpu), fromEl2: true);
        cpu->Pstate = (uint)state.WithSoftwareStep(step).Value;
        cpu->Pc = ProcessState.BranchAddress(cpu, cpu->Pc);
        return true;
    }

    // There is no AArch32 state, and EL2 and above are not the guest's.
    private static bool IsLegal(uint mode) => mode is El0t or El1t or El1h;
}
