using HvIntrospect.Interpreter.State;
using HvIntrospect.Registers;

namespace HvIntrospect.Interpreter.Operations.SystemInstructions;

/// <summary>Decides the accesses of EL0 and EL1 to system registers, and their system instructions.</summary>
/// <remarks>The controls of EL1 are asked before those of EL2, as in the manual's accessors.</remarks>
internal static unsafe class AccessRules
{
    private const ulong Tcpac = 1UL << 31;
    private const ulong TdccBit = 1UL << 12;

    // CNTKCTL_EL1 and, for the lowest two, CNTHCTL_EL2.
    private const ulong PhysicalCounterBit = 1;
    private const ulong VirtualCounterBit = 1UL << 1;
    private const ulong PhysicalTimerEl2Bit = 1UL << 1;
    private const ulong VirtualTimerBit = 1UL << 8;
    private const ulong PhysicalTimerBit = 1UL << 9;

    /// <summary>Decides an access.</summary>
    /// <param name="cpu">The vCPU, at EL0 or EL1.</param>
    /// <param name="access">Who may access at all.</param>
    /// <param name="condition">The control of EL1.</param>
    /// <param name="group">The control of EL2.</param>
    /// <param name="isRead">True for MRS.</param>
    /// <returns>The verdict.</returns>
    public static AccessVerdict Decide(CpuState* cpu, RegisterAccess access, AccessCondition condition, TrapGroup group, bool isRead)
    {
        bool isEl0 = ProcessState.ExceptionLevel(cpu) == 0;
        RegisterAccess needed = isEl0
            ? isRead ? RegisterAccess.ReadEl0 : RegisterAccess.WriteEl0
            : isRead ? RegisterAccess.ReadEl1 : RegisterAccess.WriteEl1;
        if ((access & needed) == 0)
        {
            return AccessVerdict.Undefined;
        }

        AccessVerdict verdict = condition == AccessCondition.None ? AccessVerdict.Permitted : DecideCondition(cpu, condition, isEl0);
        return verdict == AccessVerdict.Permitted && group != TrapGroup.None && IsTrapped(cpu, group, isRead) ? AccessVerdict.TrappedByEl2 : verdict;
    }

    private static AccessVerdict DecideCondition(CpuState* cpu, AccessCondition condition, bool isEl0)
    {
        switch (condition)
        {
            case AccessCondition.OwnStackPointer:
                return new Spsr(cpu->Pstate).UsesOwnStackPointer ? AccessVerdict.Permitted : AccessVerdict.Undefined;
            case AccessCondition.FloatingPoint:
                return cpu->FpTrapped == 0 ? AccessVerdict.Permitted : AccessVerdict.FloatingPointTrap;
            default:
                return !isEl0 || IsOpenToEl0(cpu, condition) ? AccessVerdict.Permitted : AccessVerdict.TrappedByEl1;
        }
    }

    private static bool IsOpenToEl0(CpuState* cpu, AccessCondition condition)
    {
        Sctlr sctlr = RegimeControls.Sctlr(cpu);
        ulong timers = cpu->System.CntkctlEl1;
        return condition switch
        {
            AccessCondition.CacheType => sctlr.Has(SctlrBits.Uct),
            AccessCondition.CacheMaintenance => sctlr.Has(SctlrBits.Uci),
            AccessCondition.CacheZero => sctlr.Has(SctlrBits.Dze),
            AccessCondition.InterruptMasks => sctlr.Has(SctlrBits.Uma),
            AccessCondition.PhysicalCounter => (timers & PhysicalCounterBit) != 0,
            AccessCondition.VirtualCounter => (timers & VirtualCounterBit) != 0,
            AccessCondition.AnyCounter => (timers & (PhysicalCounterBit | VirtualCounterBit)) != 0,
            AccessCondition.PhysicalTimer => (timers & PhysicalTimerBit) != 0,
            AccessCondition.VirtualTimer => (timers & VirtualTimerBit) != 0,
            _ => (cpu->System.MdscrEl1 & TdccBit) == 0,
        };
    }

    private static bool IsTrapped(CpuState* cpu, TrapGroup group, bool isRead)
    {
        var hcr = new Hcr(cpu->System.HcrEl2);
        var mdcr = new Mdcr(cpu->System.MdcrEl2);
        return group switch
        {
            TrapGroup.TranslationControls => hcr.Has(isRead ? HcrBits.Trvm : HcrBits.Tvm),
            TrapGroup.ExtendedTranslationControls => hcr.Has(isRead ? HcrBits.Trvm : HcrBits.Tvm) || ((HcrxBits)cpu->System.HcrxEl2 & HcrxBits.Tcr2En) == 0,
            TrapGroup.Identification1 => hcr.Has(HcrBits.Tid1),
            TrapGroup.Identification2 => hcr.Has(HcrBits.Tid2),
            TrapGroup.Identification3 => hcr.Has(HcrBits.Tid3),
            TrapGroup.AuxiliaryControl => hcr.Has(HcrBits.Tacr),
            TrapGroup.TlbMaintenance => hcr.Has(HcrBits.Ttlb),
            TrapGroup.CacheToCoherency => hcr.Has(HcrBits.Tpcp),
            TrapGroup.CacheToUnification => hcr.Has(HcrBits.Tpu),
            TrapGroup.CacheBySetWay => hcr.Has(HcrBits.Tsw),
            TrapGroup.CacheZero => hcr.Has(HcrBits.Tdz),
            TrapGroup.LimitedOrdering => hcr.Has(HcrBits.Tlor),
            TrapGroup.ImplementationDefined => hcr.Has(HcrBits.Tidcp),
            TrapGroup.Debug => mdcr.Has(MdcrBits.Tde | MdcrBits.Tda),
            TrapGroup.DebugOsLock => mdcr.Has(MdcrBits.Tde | MdcrBits.Tdosa),
            TrapGroup.DebugRom => mdcr.Has(MdcrBits.Tde | MdcrBits.Tdra),
            TrapGroup.FeatureAccess => (cpu->System.CptrEl2 & Tcpac) != 0,
            TrapGroup.PhysicalCounter => (cpu->System.CnthctlEl2 & PhysicalCounterBit) == 0,
            TrapGroup.PhysicalTimer => (cpu->System.CnthctlEl2 & PhysicalTimerEl2Bit) == 0,
            TrapGroup.AllocationTags => !hcr.Has(HcrBits.Ata),
            TrapGroup.PointerAuthenticationKeys => !hcr.Has(HcrBits.Apk),
            _ => false,
        };
    }
}
