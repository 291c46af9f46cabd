using System.Runtime.CompilerServices;
using HvIntrospect.Interpreter.Dispatch;
using HvIntrospect.Interpreter.Exceptions;
using HvIntrospect.Interpreter.Mmu;
using HvIntrospect.Interpreter.State;
using HvIntrospect.Registers;

namespace HvIntrospect.Interpreter.Operations.SystemInstructions;

/// <summary>Performs MRS and MSR.</summary>
internal static unsafe class SystemAccess
{
    private const int NoRegister = 31;

    /// <summary>Gets the register that a system instruction names.</summary>
    /// <param name="word">MRS, MSR, SYS, SYSL or MSR (immediate).</param>
    /// <returns>Bits 20:5.</returns>
    public static SystemRegister RegisterOf(uint word) => SystemRegister.FromEncoding((ushort)((word >> 5) & 0xFFFF));

    /// <summary>Performs an MRS.</summary>
    /// <param name="cpu">The state.</param>
    /// <param name="operation">The instruction.</param>
    /// <returns>The next operation.</returns>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static Operation* Read(CpuState* cpu, Operation* operation)
    {
        if (SystemRegisterTable.Find(RegisterOf(operation->Word), Processor.Of(cpu).Settings.Features) is not SystemRegisterRule rule)
        {
            return Unknown(cpu, operation, isRead: true);
        }

        AccessVerdict verdict = AccessRules.Decide(cpu, rule.Access, rule.Condition, rule.Trap, isRead: true);
        if (verdict != AccessVerdict.Permitted)
        {
            return Refuse(cpu, operation, verdict, isRead: true);
        }

        Flow.Materialise(cpu, operation);
        Registers.X(cpu, operation->Rd) = rule.Read(cpu, ProcessState.ExceptionLevel(cpu));
        return operation + 1;
    }

    /// <summary>Performs an MSR of a register.</summary>
    /// <param name="cpu">The state.</param>
    /// <param name="operation">The instruction.</param>
    /// <returns>The next operation.</returns>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static Operation* Write(CpuState* cpu, Operation* operation)
    {
        if (SystemRegisterTable.Find(RegisterOf(operation->Word), Processor.Of(cpu).Settings.Features) is not SystemRegisterRule rule)
        {
            return Unknown(cpu, operation, isRead: false);
        }

        AccessVerdict verdict = AccessRules.Decide(cpu, rule.Access, rule.Condition, rule.Trap, isRead: false);
        if (verdict != AccessVerdict.Permitted)
        {
            return Refuse(cpu, operation, verdict, isRead: false);
        }

        Flow.Materialise(cpu, operation);
        rule.Write(cpu, Registers.X(cpu, operation->Rd), ProcessState.ExceptionLevel(cpu));
        Follow(cpu, rule.Effects);
        return rule.Effects == WriteEffects.None ? operation + 1 : Flow.NextAfterSync(cpu, operation);
    }

    /// <summary>Brings up to date what depends on a register that was written.</summary>
    /// <param name="cpu">The state.</param>
    /// <param name="effects">What must follow. <see cref="WriteEffects.Events"/> is left to the caller.</param>
    public static void Follow(CpuState* cpu, WriteEffects effects)
    {
        if ((effects & WriteEffects.Derived) != 0)
        {
            DerivedState.Update(cpu);
        }

        if ((effects & WriteEffects.Translation) != 0)
        {
            FastTlb.Flush(cpu);
        }
    }

    /// <summary>Takes the exception of a refused system instruction.</summary>
    /// <param name="cpu">The state.</param>
    /// <param name="operation">The instruction.</param>
    /// <param name="verdict">The verdict, not <see cref="AccessVerdict.Permitted"/>.</param>
    /// <param name="isRead">True for MRS and SYSL.</param>
    /// <returns>The next operation.</returns>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static Operation* Refuse(CpuState* cpu, Operation* operation, AccessVerdict verdict, bool isRead)
    {
        int rt = (int)operation->Word & NoRegister;
        Esr esr = SystemRegisterSyndrome.Create(RegisterOf(operation->Word), rt, isRead);
        return verdict switch
        {
            AccessVerdict.TrappedByEl1 => ExceptionEntry.TakeToEl1(cpu, operation, esr),
            AccessVerdict.TrappedByEl2 => ExceptionEntry.TakeToEl2(cpu, operation, esr),
            AccessVerdict.FloatingPointTrap => ExceptionEntry.SimdFpTrap(cpu, operation),
            _ => ExceptionEntry.Undefined(cpu, operation),
        };
    }

    /// <summary>Takes the exception of a register or system instruction that the core does not have.</summary>
    /// <param name="cpu">The state.</param>
    /// <param name="operation">The instruction.</param>
    /// <param name="isRead">True for MRS and SYSL.</param>
    /// <returns>The next operation.</returns>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static Operation* Unknown(CpuState* cpu, Operation* operation, bool isRead)
    {
        // The space that is IMPLEMENTATION DEFINED is trapped as a whole. IMPLEMENTATION DEFINED choice: from EL0 it is UNDEFINED even so.
        SystemRegister register = RegisterOf(operation->Word);
        bool isImplementationDefined = register.Op0 is 1 or 3 && register.CRn is 11 or 15;
        AccessVerdict verdict = isImplementationDefined && ProcessState.ExceptionLevel(cpu) != 0
            && (cpu->System.HcrEl2 & (ulong)HcrBits.Tidcp) != 0 ? AccessVerdict.TrappedByEl2 : AccessVerdict.Undefined;
        return Refuse(cpu, operation, verdict, isRead);
    }
}
