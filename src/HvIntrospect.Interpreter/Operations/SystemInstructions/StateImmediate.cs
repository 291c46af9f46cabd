using System.Runtime.CompilerServices;
using HvIntrospect.Interpreter.Dispatch;
using HvIntrospect.Interpreter.Exceptions;
using HvIntrospect.Interpreter.State;
using HvIntrospect.Registers;

namespace HvIntrospect.Interpreter.Operations.SystemInstructions;

/// <summary>Performs MSR of a PSTATE field by an immediate.</summary>
/// <remarks>Arm Architecture Reference Manual (DDI 0487), "MSR (immediate)".</remarks>
internal static unsafe class StateImmediate
{
    private const int MasksShift = 6;

    /// <summary>Performs the instruction.</summary>
    /// <param name="cpu">The state.</param>
    /// <param name="operation">The instruction.</param>
    /// <returns>The next operation.</returns>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static Operation* Execute(CpuState* cpu, Operation* operation)
    {
        SystemRegister field = SystemAccess.RegisterOf(operation->Word);
        uint immediate = (uint)field.CRm;
        switch (field.Op1, field.Op2)
        {
            case (3, 6):
                return ChangeMasks(cpu, operation, cpu->Pstate | (immediate << MasksShift));
            case (3, 7):
                return ChangeMasks(cpu, operation, cpu->Pstate & ~(immediate << MasksShift));
            case (0, 5):
                return ChangeBit(cpu, operation, A64Features.Armv8_0, isEl0Permitted: false, 1, immediate);
            case (0, 4):
                return ChangeBit(cpu, operation, A64Features.PAN, isEl0Permitted: false, 1U << 22, immediate);
            case (0, 3):
                return ChangeBit(cpu, operation, A64Features.UAO, isEl0Permitted: false, 1U << 23, immediate);
            case (3, 2):
                return ChangeBit(cpu, operation, A64Features.DIT, isEl0Permitted: true, 1U << 24, immediate);
            case (3, 1):
                return ChangeBit(cpu, operation, A64Features.SSBS, isEl0Permitted: true, 1U << 12, immediate);
            case (3, 4):
                return ChangeBit(cpu, operation, A64Features.MTE, isEl0Permitted: true, 1U << 25, immediate);
            default:
                return ExceptionEntry.Undefined(cpu, operation);
        }
    }

    private static Operation* ChangeMasks(CpuState* cpu, Operation* operation, uint state)
    {
        AccessVerdict verdict = AccessRules.Decide(cpu, RegisterAccess.El0, AccessCondition.InterruptMasks, TrapGroup.None, isRead: false);
        if (verdict != AccessVerdict.Permitted)
        {
            return SystemAccess.Refuse(cpu, operation, verdict, isRead: false);
        }

        cpu->Pstate = state;
        return Flow.NextAfterSync(cpu, operation);
    }

    private static Operation* ChangeBit(CpuState* cpu, Operation* operation, A64Features feature, bool isEl0Permitted, uint mask, uint immediate)
    {
        if ((feature & ~Processor.Of(cpu).Settings.Features) != 0 || (!isEl0Permitted && ProcessState.ExceptionLevel(cpu) == 0))
        {
            return ExceptionEntry.Undefined(cpu, operation);
        }

        ProcessState.WriteWithoutFlags(cpu, (immediate & 1) != 0 ? cpu->Pstate | mask : cpu->Pstate & ~mask);
        return operation + 1;
    }
}
