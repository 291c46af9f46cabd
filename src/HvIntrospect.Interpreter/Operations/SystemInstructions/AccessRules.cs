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

    // CNTHCTL_EL2 under HCR_EL2.E2H, where the bits of CNTKCTL_EL1 are about a host's EL0.
    private const ulong PhysicalCounterHostBit = 1UL << 10;
    private const ulong PhysicalTimerHostBit = 1UL << 11;
    private const ulong UserEnableBit = 1;
    private const ulong UserCycleReadBit = 1UL << 2;
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
            bool isTrappedRead = isEl0 && isRead && (access & RegisterAccess.TrappedReadEl0) != 0
                && IdentificationRegisters.HasTrappedReads(Processor.Of(cpu).Settings.Features);
            return isTrappedRead ? AccessVerdict.TrappedByEl1 : AccessVerdict.Undefined;
        }

        AccessVerdict verdict = condition == AccessCondition.None ? AccessVerdict.Permitted : DecideCondition(cpu, condition, isEl0, isRead);
        return verdict == AccessVerdict.Permitted && group != TrapGroup.None && IsTrapped(cpu, group, isRead) ? AccessVerdict.TrappedByEl2 : verdict;
    }

    private static AccessVerdict DecideCondition(CpuState* cpu, AccessCondition condition, bool isEl0, bool isRead)
    {
        switch (condition)
        {
            case AccessCondition.OwnStackPointer:
                return new Spsr(cpu->Pstate).UsesOwnStackPointer ? AccessVerdict.Permitted : AccessVerdict.Undefined;
            case AccessCondition.FloatingPoint:
                return cpu->FpTrapped == 0 ? AccessVerdict.Permitted : AccessVerdict.FloatingPointTrap;
            default:
                return !isEl0 || IsOpenToEl0(cpu, condition, isRead) ? AccessVerdict.Permitted : AccessVerdict.TrappedByEl1;
        }
    }

    private static bool IsOpenToEl0(CpuState* cpu, AccessCondition condition, bool isRead)
    {
        Sctlr sctlr = RegimeControls.Sctlr(cpu);
        ulong timers = RegimeControls.IsHost(cpu) ? cpu->System.CnthctlEl2 : cpu->System.CntkctlEl1;
        ulong monitors = cpu->System.PmuserenrEl0;
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
            AccessCondition.PerformanceMonitors => (monitors & UserEnableBit) != 0,
            AccessCondition.CycleCounter => (monitors & (UserEnableBit | (isRead ? UserCycleReadBit : 0))) != 0,
            _ => (cpu->System.MdscrEl1 & TdccBit) == 0,
        };
    }

    private static bool IsTrapped(CpuState* cpu, TrapGroup group, bool isRead)
    {
        // A host's EL0 is none of the business of the traps for guests. Under TGE debug traps act as set.
        bool isHost = RegimeControls.IsHost(cpu) && ProcessState.ExceptionLevel(cpu) == 0;
        var hcr = new Hcr(isHost ? 0 : cpu->System.HcrEl2);
        var mdcr = new Mdcr((cpu->System.HcrEl2 & (ulong)HcrBits.Tge) != 0 ? cpu->System.MdcrEl2 | (ulong)MdcrBits.Tde : cpu->System.MdcrEl2);
        bool isE2h = hcr.Has(HcrBits.E2h);
        ulong timers = isHost ? ulong.MaxValue : cpu->System.CnthctlEl2;
        return group switch
        {
            TrapGroup.TranslationControls => hcr.Has(isRead ? HcrBits.Trvm : HcrBits.Tvm),
            TrapGroup.ExtendedTranslationControls => hcr.Has(isRead ? HcrBits.Trvm : HcrBits.Tvm) || ((HcrxBits)cpu->System.HcrxEl2 & HcrxBits.Tcr2En) == 0,
            TrapGroup.Identification1 => hcr.Has(HcrBits.Tid1),
            TrapGroup.Identification2 => hcr.Has(HcrBits.Tid2),
            TrapGroup.Identification3 => hcr.Has(HcrBits.Tid3),
            TrapGroup.Identification5 => hcr.Has(HcrBits.Tid5),
            TrapGroup.CacheIdentification => hcr.Has(HcrBits.Tid2 | HcrBits.Tid4),
            TrapGroup.AuxiliaryControl => hcr.Has(HcrBits.Tacr),
            TrapGroup.TlbMaintenance => hcr.Has(HcrBits.Ttlb),
            TrapGroup.InnerTlbMaintenance => hcr.Has(HcrBits.Ttlb | HcrBits.Ttlbis),
            TrapGroup.OuterTlbMaintenance => hcr.Has(HcrBits.Ttlb | HcrBits.Ttlbos),
            TrapGroup.CacheToCoherency => hcr.Has(HcrBits.Tpcp),
            TrapGroup.CacheToUnification => hcr.Has(HcrBits.Tpu | HcrBits.Tocu),
            TrapGroup.InnerInstructionCache => hcr.Has(HcrBits.Tpu | HcrBits.Ticab),
            TrapGroup.CacheBySetWay => hcr.Has(HcrBits.Tsw),
            TrapGroup.CacheZero => hcr.Has(HcrBits.Tdz),
            TrapGroup.LimitedOrdering => hcr.Has(HcrBits.Tlor),
            TrapGroup.ImplementationDefined => hcr.Has(HcrBits.Tidcp),
            TrapGroup.ErrorRecords => hcr.Has(HcrBits.Terr),
            TrapGroup.PerformanceMonitors => mdcr.Has(MdcrBits.Tpm),
            TrapGroup.PerformanceMonitorsControl => mdcr.Has(MdcrBits.Tpm | MdcrBits.Tpmcr),
            TrapGroup.Debug => mdcr.Has(MdcrBits.Tde | MdcrBits.Tda),
            TrapGroup.DebugOsLock => mdcr.Has(MdcrBits.Tde | MdcrBits.Tdosa),
            TrapGroup.DebugRom => mdcr.Has(MdcrBits.Tde | MdcrBits.Tdra),
            TrapGroup.FeatureAccess => (cpu->System.CptrEl2 & Tcpac) != 0,
            TrapGroup.PhysicalCounter => (timers & (isE2h ? PhysicalCounterHostBit : PhysicalCounterBit)) == 0,
            TrapGroup.PhysicalTimer => (timers & (isE2h ? PhysicalTimerHostBit : PhysicalTimerEl2Bit)) == 0,
            TrapGroup.AllocationTags => !hcr.Has(HcrBits.Ata),
            TrapGroup.PointerAuthenticationKeys => !hcr.Has(HcrBits.Apk),
            _ => false,
        };
    }
}
