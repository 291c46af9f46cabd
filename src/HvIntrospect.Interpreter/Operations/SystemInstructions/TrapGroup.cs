namespace HvIntrospect.Interpreter.Operations.SystemInstructions;

/// <summary>The controls of EL2 that trap an access of EL0 or EL1.</summary>
internal enum TrapGroup : byte
{
    /// <summary>No control.</summary>
    None,

    /// <summary>HCR_EL2.TVM for writes, TRVM for reads.</summary>
    TranslationControls,

    /// <summary>HCR_EL2.TVM for writes, TRVM for reads, and HCRX_EL2.TCR2En clear.</summary>
    ExtendedTranslationControls,

    /// <summary>HCR_EL2.TID1.</summary>
    Identification1,

    /// <summary>HCR_EL2.TID2.</summary>
    Identification2,

    /// <summary>HCR_EL2.TID3.</summary>
    Identification3,

    /// <summary>HCR_EL2.TID5.</summary>
    Identification5,

    /// <summary>HCR_EL2.TID2 or TID4.</summary>
    CacheIdentification,

    /// <summary>HCR_EL2.TACR.</summary>
    AuxiliaryControl,

    /// <summary>HCR_EL2.TTLB.</summary>
    TlbMaintenance,

    /// <summary>HCR_EL2.TTLB or TTLBIS.</summary>
    InnerTlbMaintenance,

    /// <summary>HCR_EL2.TTLB or TTLBOS.</summary>
    OuterTlbMaintenance,

    /// <summary>HCR_EL2.TPCP.</summary>
    CacheToCoherency,

    /// <summary>HCR_EL2.TPU or TOCU.</summary>
    CacheToUnification,

    /// <summary>HCR_EL2.TPU or TICAB.</summary>
    InnerInstructionCache,

    /// <summary>HCR_EL2.TSW.</summary>
    CacheBySetWay,

    /// <summary>HCR_EL2.TDZ.</summary>
    CacheZero,

    /// <summary>HCR_EL2.TLOR.</summary>
    LimitedOrdering,

    /// <summary>HCR_EL2.TIDCP.</summary>
    ImplementationDefined,

    /// <summary>HCR_EL2.TERR.</summary>
    ErrorRecords,

    /// <summary>MDCR_EL2.TPM.</summary>
    PerformanceMonitors,

    /// <summary>MDCR_EL2.TPM or TPMCR.</summary>
    PerformanceMonitorsControl,

    /// <summary>MDCR_EL2.TDA or TDE.</summary>
    Debug,

    /// <summary>MDCR_EL2.TDOSA or TDE.</summary>
    DebugOsLock,

    /// <summary>MDCR_EL2.TDRA or TDE.</summary>
    DebugRom,

    /// <summary>CPTR_EL2.TCPAC.</summary>
    FeatureAccess,

    /// <summary>CNTHCTL_EL2.EL1PCTEN clear, in the layout of HCR_EL2.E2H.</summary>
    PhysicalCounter,

    /// <summary>CNTHCTL_EL2.EL1PCEN clear, or under HCR_EL2.E2H EL1PTEN.</summary>
    PhysicalTimer,

    /// <summary>HCR_EL2.APK clear.</summary>
    PointerAuthenticationKeys,

    /// <summary>HCR_EL2.ATA clear.</summary>
    AllocationTags,
}
