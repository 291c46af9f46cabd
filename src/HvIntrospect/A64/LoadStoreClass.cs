namespace HvIntrospect.A64;

/// <summary>The encoding classes of the load/store group; every encoding of a class has its fields in the same places.</summary>
/// <remarks>Arm Architecture Reference Manual (DDI 0487), "Loads and stores" of "A64 instruction set encoding". The remark of each member is Arm's short name.</remarks>
public enum LoadStoreClass : byte
{
    /// <summary>Not a load/store.</summary>
    None,

    /// <summary>Load/store exclusive register: LDXR, STXR and so on.</summary>
    /// <remarks>ldstexclr</remarks>
    ExclusiveRegister,

    /// <summary>Load/store exclusive pair: LDXP, STXP and so on.</summary>
    /// <remarks>ldstexclp</remarks>
    ExclusivePair,

    /// <summary>Load/store ordered: LDAR, STLR, LDLAR, STLLR.</summary>
    /// <remarks>ldstord</remarks>
    Ordered,

    /// <summary>Compare and swap: CAS and so on.</summary>
    /// <remarks>comswap</remarks>
    CompareAndSwap,

    /// <summary>Compare and swap pair: CASP and so on.</summary>
    /// <remarks>comswappr</remarks>
    CompareAndSwapPair,

    /// <summary>Load register (literal).</summary>
    /// <remarks>loadlit</remarks>
    Literal,

    /// <summary>Load/store no-allocate pair (offset): LDNP, STNP.</summary>
    /// <remarks>ldstnapair_offs</remarks>
    PairNoAllocate,

    /// <summary>Load/store register pair (post-indexed).</summary>
    /// <remarks>ldstpair_post</remarks>
    PairPostIndexed,

    /// <summary>Load/store register pair (offset).</summary>
    /// <remarks>ldstpair_off</remarks>
    PairOffset,

    /// <summary>Load/store register pair (pre-indexed).</summary>
    /// <remarks>ldstpair_pre</remarks>
    PairPreIndexed,

    /// <summary>Load/store register (unscaled immediate): LDUR, STUR.</summary>
    /// <remarks>ldst_unscaled</remarks>
    UnscaledImmediate,

    /// <summary>Load/store register (immediate post-indexed).</summary>
    /// <remarks>ldst_immpost</remarks>
    ImmediatePostIndexed,

    /// <summary>Load/store register (immediate pre-indexed).</summary>
    /// <remarks>ldst_immpre</remarks>
    ImmediatePreIndexed,

    /// <summary>Load/store register (unprivileged): LDTR, STTR.</summary>
    /// <remarks>ldst_unpriv</remarks>
    Unprivileged,

    /// <summary>Load/store register (unsigned immediate).</summary>
    /// <remarks>ldst_pos</remarks>
    UnsignedImmediate,

    /// <summary>Load/store register (register offset).</summary>
    /// <remarks>ldst_regoff</remarks>
    RegisterOffset,

    /// <summary>Load/store register (pac): LDRAA, LDRAB.</summary>
    /// <remarks>ldst_pac</remarks>
    PointerAuthentication,

    /// <summary>Atomic memory operations, LDAPR and 64-byte loads and stores.</summary>
    /// <remarks>memop</remarks>
    Atomic,

    /// <summary>128-bit atomic memory operations: LDCLRP, SWPP, RCWCLRP and so on.</summary>
    /// <remarks>memop_128</remarks>
    Atomic128,

    /// <summary>RCW compare and swap: RCWCAS, RCWSCAS.</summary>
    /// <remarks>rcwcomswap</remarks>
    ReadCheckWriteCompareAndSwap,

    /// <summary>RCW compare and swap pair: RCWCASP, RCWSCASP.</summary>
    /// <remarks>rcwcomswappr</remarks>
    ReadCheckWriteCompareAndSwapPair,

    /// <summary>LDAPR/STLR (unscaled immediate): LDAPUR, STLUR.</summary>
    /// <remarks>ldapstl_unscaled</remarks>
    RcpcUnscaledImmediate,

    /// <summary>LDAPR/STLR (SIMD&amp;FP): LDAPUR, STLUR of a SIMD&amp;FP register.</summary>
    /// <remarks>ldapstl_simd</remarks>
    RcpcUnscaledImmediateSimd,

    /// <summary>LDIAPP/STILP.</summary>
    /// <remarks>ldiappstilp</remarks>
    RcpcPair,

    /// <summary>LDAPR/STLR (writeback).</summary>
    /// <remarks>ldapstl_writeback</remarks>
    RcpcWriteback,

    /// <summary>Load/store memory tags: STG, LDG, STGM and so on.</summary>
    /// <remarks>ldsttags</remarks>
    MemoryTags,

    /// <summary>Guarded Control Stack stores: GCSSTR, GCSSTTR.</summary>
    /// <remarks>ldst_gcs</remarks>
    GuardedControlStack,

    /// <summary>Memory copy and memory set: CPY*, SET*.</summary>
    /// <remarks>memcms</remarks>
    MemoryCopyAndSet,

    /// <summary>Advanced SIMD load/store multiple structures.</summary>
    /// <remarks>asisdlse</remarks>
    MultipleStructures,

    /// <summary>Advanced SIMD load/store multiple structures (post-indexed).</summary>
    /// <remarks>asisdlsep</remarks>
    MultipleStructuresPostIndexed,

    /// <summary>Advanced SIMD load/store single structure.</summary>
    /// <remarks>asisdlso</remarks>
    SingleStructure,

    /// <summary>Advanced SIMD load/store single structure (post-indexed).</summary>
    /// <remarks>asisdlsop</remarks>
    SingleStructurePostIndexed,

    /// <summary>Load/store exclusive register unprivileged: LDTXR, STTXR. Newer than Armv9.4.</summary>
    /// <remarks>ldstexclr_unpriv</remarks>
    ExclusiveRegisterUnprivileged,

    /// <summary>Atomic memory operations unprivileged: LDTADD, SWPT and so on. Newer than Armv9.4.</summary>
    /// <remarks>memop_unpriv</remarks>
    AtomicUnprivileged,

    /// <summary>Compare and swap unprivileged: CAST. Newer than Armv9.4.</summary>
    /// <remarks>comswap_unpriv</remarks>
    CompareAndSwapUnprivileged,

    /// <summary>Compare and swap pair unprivileged: CASPT. Newer than Armv9.4.</summary>
    /// <remarks>comswappr_unpriv</remarks>
    CompareAndSwapPairUnprivileged,

    /// <summary>Atomic floating-point memory operations: LDFADD, STFADD and so on. Newer than Armv9.4.</summary>
    /// <remarks>memop_fp</remarks>
    AtomicFloatingPoint,

    /// <summary>Load-acquire and store-release pairs: LDAP, LDAPP, STLP. Newer than Armv9.4.</summary>
    /// <remarks>lscp</remarks>
    OrderedPair,

    /// <summary>Memory set of tags only: SETGO*. Newer than Armv9.4.</summary>
    /// <remarks>memcms_go</remarks>
    MemorySetTags,
}
