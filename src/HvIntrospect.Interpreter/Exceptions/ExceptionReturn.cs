using System.Runtime.CompilerServices;
using HvIntrospect.Interpreter.Dispatch;
using HvIntrospect.Interpreter.State;
using HvIntrospect.Registers;

namespace HvIntrospect.Interpreter.Exceptions;

/// <summary>Performs ERET.</summary>
/// <remarks>Arm Architecture Reference Manual (DDI 0487), "Exception return" and "Illegal exception returns from AArch64 state".</remarks>
internal static unsafe class ExceptionReturn
{
    // M[4:0] of the states that EL1 may return to: EL0t, EL1t and EL1h.
    private const uint El0t = 0b00000;
    private const uint El1t = 0b00100;
    private const uint El1h = 0b00101;
    private const uint ModeMask = 0x1F;

    // N, Z, C, V and the masks; the fields of features are added where the core has them.
    private const uint CommonFields = ProcessState.FlagsMask | ProcessState.MasksMask;

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

        // This core has no AArch32 state. What the return cannot change on an illegal mode are the Exception level and the stack pointer.
        bool isLegal = mode is El0t or El1t or El1h;
        int level = isLegal ? (int)(mode >> 2) & 3 : 1;
        bool step = SoftwareStep.StateAfterReturn(cpu, new Spsr(spsr), level, fromEl2: false);
        uint state = spsr & (CommonFields | FeatureFields(processor.Settings.Features));
        state |= isLegal ? spsr & (ModeMask | ProcessState.IllegalState) : (cpu->Pstate & ModeMask) | ProcessState.IllegalState;
        state |= step ? ProcessState.SoftwareStep : 0;
        ProcessState.Write(cpu, state);
        cpu->Pc = ProcessState.BranchAddress(cpu, target);
        cpu->MonitorSize = 0;
        cpu->System.EventRegister = 1;
        cpu->LeaveReason = LeaveReason.Events;
        return Flow.Resume(cpu);
    }

    private static uint FeatureFields(A64Features features)
    {
        uint fields = 0;
        fields |= (features & A64Features.PAN) != 0 ? ProcessState.PrivilegedAccessNever : 0;
        fields |= (features & A64Features.UAO) != 0 ? 1U << 23 : 0;
        fields |= (features & A64Features.DIT) != 0 ? 1U << 24 : 0;
        fields |= (features & A64Features.MTE) != 0 ? 1U << 25 : 0;
        fields |= (features & A64Features.SSBS) != 0 ? 1U << 12 : 0;
        fields |= (features & A64Features.BTI) != 0 ? 3U << 10 : 0;
        return fields;
    }
}
