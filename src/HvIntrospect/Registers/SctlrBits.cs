using System;

namespace HvIntrospect.Registers;

/// <summary>The one-bit fields of SCTLR_EL1.</summary>
/// <remarks>Arm Architecture Reference Manual (DDI 0487), "SCTLR_EL1, System Control Register (EL1)".</remarks>
[Flags]
public enum SctlrBits : ulong
{
    /// <summary>No bit.</summary>
    None = 0,

    /// <summary>M: Stage 1 of the EL1&amp;0 regime is on.</summary>
    M = 1UL << 0,

    /// <summary>A: unaligned accesses are Alignment faults.</summary>
    A = 1UL << 1,

    /// <summary>C: data accesses are cacheable.</summary>
    C = 1UL << 2,

    /// <summary>SA: SP alignment is checked at EL1.</summary>
    Sa = 1UL << 3,

    /// <summary>SA0: SP alignment is checked at EL0.</summary>
    Sa0 = 1UL << 4,

    /// <summary>CP15BEN: AArch32 barrier instructions are enabled at EL0.</summary>
    Cp15ben = 1UL << 5,

    /// <summary>nAA: unaligned ordered accesses inside 16 bytes are allowed (FEAT_LSE2).</summary>
    NAa = 1UL << 6,

    /// <summary>ITD: some T32 IT forms are disabled at EL0.</summary>
    Itd = 1UL << 7,

    /// <summary>SED: SETEND is disabled at EL0.</summary>
    Sed = 1UL << 8,

    /// <summary>UMA: EL0 may access DAIF.</summary>
    Uma = 1UL << 9,

    /// <summary>EnRCTX: EL0 may use the RCTX instructions (FEAT_SPECRES).</summary>
    EnRctx = 1UL << 10,

    /// <summary>EOS: exception return synchronizes the context (FEAT_ExS, otherwise RES1).</summary>
    Eos = 1UL << 11,

    /// <summary>I: instruction accesses are cacheable.</summary>
    I = 1UL << 12,

    /// <summary>EnDB: pointer authentication key DB is enabled.</summary>
    EnDb = 1UL << 13,

    /// <summary>DZE: EL0 may use DC ZVA.</summary>
    Dze = 1UL << 14,

    /// <summary>UCT: EL0 may read CTR_EL0.</summary>
    Uct = 1UL << 15,

    /// <summary>nTWI: WFI at EL0 is not trapped.</summary>
    NTwi = 1UL << 16,

    /// <summary>nTWE: WFE at EL0 is not trapped.</summary>
    NTwe = 1UL << 18,

    /// <summary>WXN: writable memory is not executable.</summary>
    Wxn = 1UL << 19,

    /// <summary>TSCXT: EL0 access to SCXTNUM_EL0 is trapped.</summary>
    Tscxt = 1UL << 20,

    /// <summary>IESB: implicit error synchronization.</summary>
    Iesb = 1UL << 21,

    /// <summary>EIS: exception entry synchronizes the context (FEAT_ExS, otherwise RES1).</summary>
    Eis = 1UL << 22,

    /// <summary>SPAN: exception entry leaves PSTATE.PAN (FEAT_PAN, otherwise RES1).</summary>
    Span = 1UL << 23,

    /// <summary>E0E: data of EL0 is big-endian.</summary>
    E0e = 1UL << 24,

    /// <summary>EE: data of EL1 and of Stage 1 walks is big-endian.</summary>
    Ee = 1UL << 25,

    /// <summary>UCI: EL0 may use cache maintenance instructions.</summary>
    Uci = 1UL << 26,

    /// <summary>EnDA: pointer authentication key DA is enabled.</summary>
    EnDa = 1UL << 27,

    /// <summary>nTLSMD.</summary>
    NTlsmd = 1UL << 28,

    /// <summary>LSMAOE.</summary>
    Lsmaoe = 1UL << 29,

    /// <summary>EnIB: pointer authentication key IB is enabled.</summary>
    EnIb = 1UL << 30,

    /// <summary>EnIA: pointer authentication key IA is enabled.</summary>
    EnIa = 1UL << 31,

    /// <summary>MSCEn: memory copies and sets are enabled at EL0 (FEAT_MOPS).</summary>
    MscEn = 1UL << 33,

    /// <summary>BT0: BR and BLR compatibility of PACIxSP at EL0 (FEAT_BTI).</summary>
    Bt0 = 1UL << 35,

    /// <summary>BT1: BR and BLR compatibility of PACIxSP at EL1 (FEAT_BTI).</summary>
    Bt1 = 1UL << 36,

    /// <summary>ITFSB: entry to EL1 completes the checks of tags (FEAT_MTE2).</summary>
    Itfsb = 1UL << 37,

    /// <summary>Allocation Tags are accessed at EL0 (FEAT_MTE2).</summary>
    Ata0 = 1UL << 42,

    /// <summary>Allocation Tags are accessed at EL1 (FEAT_MTE2).</summary>
    Ata = 1UL << 43,

    /// <summary>DSSBS: PSTATE.SSBS on exception entry (FEAT_SSBS).</summary>
    Dssbs = 1UL << 44,

    /// <summary>EPAN: PSTATE.PAN also covers what EL0 may only execute (FEAT_PAN3).</summary>
    Epan = 1UL << 57,
}
