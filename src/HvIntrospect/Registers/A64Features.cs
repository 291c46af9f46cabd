using System;

namespace HvIntrospect.Registers;

/// <summary>
/// A set of architecture features (FEAT_x): those that add encodings, and those that change what the library or an executor of
/// instructions must do.
/// </summary>
/// <remarks>
/// Arm Architecture Reference Manual (DDI 0487), "The Armv8-A and Armv9-A architecture extensions". The members are named as the
/// manual names the features, without the prefix. All 64 bits are in use: a further feature needs a wider type.
/// </remarks>
[Flags]
public enum A64Features : ulong
{
    /// <summary>Armv8.0 without options: nothing beyond the base architecture with floating-point and Advanced SIMD.</summary>
    Armv8_0 = 0,

    /// <summary>FEAT_LSE: Large System Extensions: CAS, CASP, SWP, LD&lt;op&gt; and ST&lt;op&gt; atomics.</summary>
    LSE = 1UL << 0,

    /// <summary>FEAT_LSE2: Single-copy atomicity of unaligned accesses inside 16 bytes; adds no encoding.</summary>
    LSE2 = 1UL << 1,

    /// <summary>FEAT_LSE128: 128-bit atomics: LDCLRP, LDSETP, SWPP.</summary>
    LSE128 = 1UL << 2,

    /// <summary>FEAT_LOR: Limited ordering regions: LDLAR, STLLR.</summary>
    LOR = 1UL << 3,

    /// <summary>FEAT_LRCPC: RCpc load-acquire: LDAPR.</summary>
    LRCPC = 1UL << 4,

    /// <summary>FEAT_LRCPC2: RCpc loads and stores with an offset: LDAPUR, STLUR.</summary>
    LRCPC2 = 1UL << 5,

    /// <summary>FEAT_LRCPC3: RCpc pairs, writeback and SIMD&amp;FP forms: LDIAPP, STILP, LDAP1, STL1.</summary>
    LRCPC3 = 1UL << 6,

    /// <summary>FEAT_PAuth: Pointer authentication: PAC*, AUT*, LDRAA, BRAA, RETAA and so on.</summary>
    PAuth = 1UL << 7,

    /// <summary>FEAT_MTE: Memory Tagging Extension, instructions: STG, LDG, IRG, ADDG and so on.</summary>
    MTE = 1UL << 8,

    /// <summary>FEAT_MTE2: Memory Tagging Extension, tag memory: LDGM, STGM, STZGM.</summary>
    MTE2 = 1UL << 9,

    /// <summary>FEAT_LS64: Single-copy atomic 64-byte loads and stores: LD64B, ST64B.</summary>
    LS64 = 1UL << 10,

    /// <summary>FEAT_LS64_V: 64-byte stores with a status result: ST64BV.</summary>
    LS64_V = 1UL << 11,

    /// <summary>FEAT_LS64_ACCDATA: 64-byte stores that insert ACCDATA_EL1: ST64BV0.</summary>
    LS64_ACCDATA = 1UL << 12,

    /// <summary>FEAT_THE: Translation Hardening Extension: RCW* read-check-write atomics.</summary>
    THE = 1UL << 13,

    /// <summary>FEAT_D128: 128-bit translation table descriptors: RCW* pairs, MRRS, MSRR, SYSP.</summary>
    D128 = 1UL << 14,

    /// <summary>FEAT_MOPS: Memory copy and set instructions: CPY*, SET*.</summary>
    MOPS = 1UL << 15,

    /// <summary>FEAT_GCS: Guarded Control Stack: GCSSTR, GCSSTTR, GCSPUSHM and so on.</summary>
    GCS = 1UL << 16,

    /// <summary>FEAT_RPRFM: Range prefetch hint: RPRFM, in words that are PRFM without it.</summary>
    RPRFM = 1UL << 17,

    /// <summary>FEAT_LSUI: Unprivileged atomics and pairs: LDTXR, CAST, LDTADD, LDTP and so on. Newer than Armv9.4.</summary>
    LSUI = 1UL << 18,

    /// <summary>FEAT_LSFE: Floating-point atomics: LDFADD, STBFADD and so on. Newer than Armv9.4.</summary>
    LSFE = 1UL << 19,

    /// <summary>FEAT_LSCP: Acquire and release pairs: LDAP, LDAPP, STLP. Newer than Armv9.4.</summary>
    LSCP = 1UL << 20,

    /// <summary>FEAT_MOPS_GO: Tag-setting without data: SETGO*. Newer than Armv9.4.</summary>
    MOPS_GO = 1UL << 21,

    /// <summary>FEAT_CRC32: CRC32* and CRC32C*.</summary>
    CRC32 = 1UL << 22,

    /// <summary>FEAT_PAN: PSTATE.PAN, privileged access never.</summary>
    PAN = 1UL << 23,

    /// <summary>FEAT_UAO: PSTATE.UAO, user access override of LDTR and STTR.</summary>
    UAO = 1UL << 24,

    /// <summary>FEAT_FlagM: Flag manipulation: CFINV, RMIF, SETF8, SETF16.</summary>
    FlagM = 1UL << 25,

    /// <summary>FEAT_FlagM2: Flag format conversion: AXFLAG, XAFLAG.</summary>
    FlagM2 = 1UL << 26,

    /// <summary>FEAT_BTI: Branch target identification.</summary>
    BTI = 1UL << 27,

    /// <summary>FEAT_SB: Speculation barrier: SB.</summary>
    SB = 1UL << 28,

    /// <summary>FEAT_SSBS: PSTATE.SSBS, speculative store bypass safe.</summary>
    SSBS = 1UL << 29,

    /// <summary>FEAT_DIT: PSTATE.DIT, data-independent timing.</summary>
    DIT = 1UL << 30,

    /// <summary>FEAT_DPB: DC CVAP, clean to the point of persistence.</summary>
    DPB = 1UL << 31,

    /// <summary>FEAT_DPB2: DC CVADP, clean to the point of deep persistence.</summary>
    DPB2 = 1UL << 32,

    /// <summary>FEAT_RDM: Rounding double multiply accumulate: SQRDMLAH, SQRDMLSH.</summary>
    RDM = 1UL << 33,

    /// <summary>FEAT_DotProd: Integer dot product: SDOT, UDOT.</summary>
    DotProd = 1UL << 34,

    /// <summary>FEAT_FP16: Half-precision floating-point data processing.</summary>
    FP16 = 1UL << 35,

    /// <summary>FEAT_AES: AESE, AESD, AESMC, AESIMC.</summary>
    AES = 1UL << 36,

    /// <summary>FEAT_PMULL: PMULL and PMULL2 of 64-bit elements.</summary>
    PMULL = 1UL << 37,

    /// <summary>FEAT_SHA1: SHA1*.</summary>
    SHA1 = 1UL << 38,

    /// <summary>FEAT_SHA256: SHA256*.</summary>
    SHA256 = 1UL << 39,

    /// <summary>FEAT_SHA512: SHA512*.</summary>
    SHA512 = 1UL << 40,

    /// <summary>FEAT_SHA3: EOR3, RAX1, XAR, BCAX.</summary>
    SHA3 = 1UL << 41,

    /// <summary>FEAT_SM3: SM3*.</summary>
    SM3 = 1UL << 42,

    /// <summary>FEAT_SM4: SM4E, SM4EKEY.</summary>
    SM4 = 1UL << 43,

    /// <summary>FEAT_FHM: Half-precision multiply to single: FMLAL, FMLSL.</summary>
    FHM = 1UL << 44,

    /// <summary>FEAT_JSCVT: FJCVTZS.</summary>
    JSCVT = 1UL << 45,

    /// <summary>FEAT_FCMA: Complex arithmetic: FCADD, FCMLA.</summary>
    FCMA = 1UL << 46,

    /// <summary>FEAT_FRINTTS: Rounding to 32-bit and 64-bit integers: FRINT32*, FRINT64*.</summary>
    FRINTTS = 1UL << 47,

    /// <summary>FEAT_BF16: BFloat16 instructions.</summary>
    BF16 = 1UL << 48,

    /// <summary>FEAT_I8MM: 8-bit integer matrix multiply: SMMLA, USDOT and so on.</summary>
    I8MM = 1UL << 49,

    /// <summary>FEAT_VHE: Virtualization Host Extensions: HCR_EL2.E2H.</summary>
    VHE = 1UL << 50,

    /// <summary>FEAT_XNX: Stage 2 execute-never for EL0 and EL1 apart.</summary>
    XNX = 1UL << 51,

    /// <summary>FEAT_TTL: Translation table level hint of TLBI by address.</summary>
    TTL = 1UL << 52,

    /// <summary>FEAT_TLBIOS: TLBI in the Outer Shareable domain.</summary>
    TLBIOS = 1UL << 53,

    /// <summary>FEAT_TLBIRANGE: TLBI by address range.</summary>
    TLBIRANGE = 1UL << 54,

    /// <summary>FEAT_RAS: Reliability, availability and serviceability: ESB, virtual SError syndrome.</summary>
    RAS = 1UL << 55,

    /// <summary>FEAT_SPECRES: Prediction restriction by context: CFP, CPP, DVP RCTX.</summary>
    SPECRES = 1UL << 56,

    /// <summary>FEAT_RNG: RNDR and RNDRRS.</summary>
    RNG = 1UL << 57,

    /// <summary>FEAT_XS: XS attribute: DSB and TLBI with nXS.</summary>
    XS = 1UL << 58,

    /// <summary>FEAT_WFxT: WFET and WFIT.</summary>
    WFxT = 1UL << 59,

    /// <summary>FEAT_HBC: Hinted conditional branches: BC.cond.</summary>
    HBC = 1UL << 60,

    /// <summary>FEAT_CSSC: Common short sequence compression: ABS, CNT, CTZ, SMAX and so on.</summary>
    CSSC = 1UL << 61,

    /// <summary>FEAT_SVE: Scalable Vector Extension. Its encodings are recognised, not modelled.</summary>
    SVE = 1UL << 62,

    /// <summary>FEAT_SME: Scalable Matrix Extension. Its encodings are recognised, not modelled.</summary>
    SME = 1UL << 63,

    /// <summary>Armv8.1 without options.</summary>
    Armv8_1 = Armv8_0 | LSE | RDM | LOR | PAN | VHE | CRC32,

    /// <summary>Armv8.2 without options.</summary>
    Armv8_2 = Armv8_1 | UAO | DPB | RAS | XNX,

    /// <summary>Armv8.3 without options.</summary>
    Armv8_3 = Armv8_2 | PAuth | LRCPC | FCMA | JSCVT,

    /// <summary>Armv8.4 without options.</summary>
    Armv8_4 = Armv8_3 | LRCPC2 | LSE2 | FlagM | DIT | DotProd | TTL | TLBIOS | TLBIRANGE,

    /// <summary>Armv8.5 without options.</summary>
    Armv8_5 = Armv8_4 | FlagM2 | FRINTTS | BTI | SB | SSBS | DPB2 | SPECRES,

    /// <summary>Armv8.6 without options.</summary>
    Armv8_6 = Armv8_5 | BF16 | I8MM,

    /// <summary>Armv8.7 without options.</summary>
    Armv8_7 = Armv8_6 | WFxT | XS,

    /// <summary>Armv8.8 without options.</summary>
    Armv8_8 = Armv8_7 | MOPS | HBC,

    /// <summary>Armv8.9 without options.</summary>
    Armv8_9 = Armv8_8 | CSSC | RPRFM,

    /// <summary>The features that are newer than Armv9.4, whose encodings are marked so.</summary>
    Later = LSUI | LSFE | LSCP | MOPS_GO,

    /// <summary>Everything up to Armv9.4, options included.</summary>
    All = ~Later,
}
