namespace HvIntrospect.Interpreter.Checking;

/// <summary>What a hypervisor must do, and what silicon punishes at random when it does not.</summary>
/// <remarks>
/// Arm Architecture Reference Manual (DDI 0487), "TLB maintenance", "Using break-before-make when updating translation table entries", "Synchronization requirements for AArch64 System registers",
/// "Concurrent modification and execution of instructions". The names are stable: tests and logs may depend on them.
/// </remarks>
public enum ArchitectureRule
{
    /// <summary>An entry was replaced by one that may not stand beside it in a TLB (another output address, size, memory type or shareability) without being invalid in between.</summary>
    BreakBeforeMake,

    /// <summary>A TLBI was issued before a DSB had made the written entry visible to the walkers, which may fetch the old one again.</summary>
    MissingBarrierBeforeInvalidation,

    /// <summary>No TLBI by IPA, or of the whole VMID, has reached what may be cached of the old entry.</summary>
    MissingInvalidationByIpa,

    /// <summary>The TLBI of the combined entries was issued before a DSB had completed the one by IPA: a walk in between makes a combined entry of the old one.</summary>
    MissingBarrierBetweenInvalidations,

    /// <summary>The entries that combine Stage 1 and Stage 2 were not invalidated: TLBI by IPA leaves them.</summary>
    MissingInvalidationOfCombined,

    /// <summary>No DSB for loads and stores has completed the last TLBI.</summary>
    MissingBarrierAfterInvalidation,

    /// <summary>The TLBI was issued while VTTBR_EL2 held another VMID, on which it acts.</summary>
    InvalidationOfOtherVmid,

    /// <summary>The TLBI was local, and other cores keep their entries.</summary>
    MissingBroadcast,

    /// <summary>The TTL hint of the TLBI names another level or granule than the entry's, or any level for one that led to a table, so that it may have invalidated nothing.</summary>
    WrongLevelHint,

    /// <summary>The TLBI was of the form for the last level (IPAS2LE1), and the entry led to a table: walkers may still hold it.</summary>
    LastLevelInvalidationOfTable,

    /// <summary>The TLBI by range has a reserved granule, another one than the tables, or a start that is not aligned to the blocks that its TTL hint names, so that it may have invalidated nothing.</summary>
    UndefinedRange,

    /// <summary>A register of the translation regime was written, and an instruction that depends on it was issued without an ISB in between.</summary>
    MissingInstructionBarrier,

    /// <summary>A guest was entered with the VTTBR_EL2 that maintenance for another VM had left.</summary>
    ForeignVttbr,

    /// <summary>A core used two sets of tables, or tables and none, under one VMID without invalidating the VMID in between.</summary>
    VmidOfTwoTables,

    /// <summary>A core ran two vCPUs one after the other under one VMID without invalidating the combined entries in between: each vCPU has ASIDs of its own choice.</summary>
    MissingInvalidationBetweenVcpus,

    /// <summary>CnP says that cores share their tables under a VMID, and they do not.</summary>
    CommonNotPrivate,

    /// <summary>VTCR_EL2 has a start level that the granule and the input size exclude, or a reserved granule.</summary>
    IllegalGeometry,

    /// <summary>VTTBR_EL2 has a base that is not aligned to the root tables or is not in memory, or a VMID wider than VTCR_EL2.VS says.</summary>
    IllegalVttbr,

    /// <summary>A table descriptor names memory that is not there.</summary>
    AbsentTable,

    /// <summary>A page was written as another table while walkers may still use it as the one that it was.</summary>
    TableReuse,

    /// <summary>Entries with the Contiguous bit do not form a complete, aligned group of equal attributes and consecutive addresses.</summary>
    ContiguousGroup,

    /// <summary>The guest expects Stage 1, but HCR_EL2.TGE without FEAT_VHE turns it off.</summary>
    Stage1OffUnderTge,

    /// <summary>The guest was entered with neither stage on: its addresses are physical ones.</summary>
    UntranslatedGuest,

    /// <summary>The exception return to the guest is illegal: HCR_EL2.RW or TGE excludes its Exception level or Execution state.</summary>
    IllegalReturn,

    /// <summary>An instruction was replaced while a core may execute it, and old or new one is not among those that may be.</summary>
    ConcurrentModification,

    /// <summary>A guest was entered before the cache maintenance that a replaced instruction needs was complete.</summary>
    MissingCodeMaintenance,

    /// <summary>A guest that reads without the cache was given memory that EL2 had written through its cache, and that was not cleaned to the Point of Coherency: without FEAT_S2FWB nothing else makes it visible.</summary>
    MissingDataCacheClean,

    /// <summary>A guest was given memory to execute that EL2 had written, before caches were maintained so that fetches see the new bytes.</summary>
    MissingExecutionMaintenance,

    /// <summary>A TLBI of the guest reached the VMID of one view of the VM only, and another view was entered with what that one may have cached.</summary>
    GuestInvalidationMissesView,
}
