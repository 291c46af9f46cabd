namespace HvIntrospect.Interpreter.Operations.SystemInstructions;

/// <summary>What else must hold for an access, besides the Exception level. Each is a control that EL1 owns.</summary>
internal enum AccessCondition : byte
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>At EL0 SCTLR_EL1.UCT.</summary>
    CacheType,

    /// <summary>At EL0 SCTLR_EL1.UCI.</summary>
    CacheMaintenance,

    /// <summary>At EL0 SCTLR_EL1.DZE.</summary>
    CacheZero,

    /// <summary>At EL0 SCTLR_EL1.UMA.</summary>
    InterruptMasks,

    /// <summary>At EL0 CNTKCTL_EL1.EL0PCTEN.</summary>
    PhysicalCounter,

    /// <summary>At EL0 CNTKCTL_EL1.EL0VCTEN.</summary>
    VirtualCounter,

    /// <summary>At EL0 one of the two counters' bits.</summary>
    AnyCounter,

    /// <summary>At EL0 CNTKCTL_EL1.EL0PTEN.</summary>
    PhysicalTimer,

    /// <summary>At EL0 CNTKCTL_EL1.EL0VTEN.</summary>
    VirtualTimer,

    /// <summary>At EL0 PMUSERENR_EL0.EN.</summary>
    PerformanceMonitors,

    /// <summary>At EL0 PMUSERENR_EL0.EN, or CR for a read.</summary>
    CycleCounter,

    /// <summary>At EL0 MDSCR_EL1.TDCC clear.</summary>
    DebugChannel,

    /// <summary>At EL1 PSTATE.SP set, else UNDEFINED: the current stack pointer has no name.</summary>
    OwnStackPointer,

    /// <summary>FP and SIMD registers are not trapped.</summary>
    FloatingPoint,
}
