using System;

namespace HvIntrospect.Registers;

/// <summary>The one-bit fields of TCR_EL1.</summary>
/// <remarks>Arm Architecture Reference Manual (DDI 0487), "TCR_EL1, Translation Control Register (EL1)".</remarks>
[Flags]
public enum TcrBits : ulong
{
    /// <summary>No bit.</summary>
    None = 0,

    /// <summary>EPD0: no walks from TTBR0_EL1.</summary>
    Epd0 = 1UL << 7,

    /// <summary>A1: the ASID is in TTBR1_EL1.</summary>
    A1 = 1UL << 22,

    /// <summary>EPD1: no walks from TTBR1_EL1.</summary>
    Epd1 = 1UL << 23,

    /// <summary>AS: ASIDs are 16 bits.</summary>
    As = 1UL << 36,

    /// <summary>TBI0: the top byte is ignored in the lower half.</summary>
    Tbi0 = 1UL << 37,

    /// <summary>TBI1: the top byte is ignored in the upper half.</summary>
    Tbi1 = 1UL << 38,

    /// <summary>HA: hardware sets the Access flag (FEAT_HAFDBS).</summary>
    Ha = 1UL << 39,

    /// <summary>HD: hardware manages the dirty state (FEAT_HAFDBS).</summary>
    Hd = 1UL << 40,

    /// <summary>HPD0: no hierarchical permissions in the lower half (FEAT_HPDS).</summary>
    Hpd0 = 1UL << 41,

    /// <summary>HPD1: no hierarchical permissions in the upper half (FEAT_HPDS).</summary>
    Hpd1 = 1UL << 42,

    /// <summary>TBID0: TBI0 does not apply to instructions (FEAT_PAuth).</summary>
    Tbid0 = 1UL << 51,

    /// <summary>TBID1: TBI1 does not apply to instructions (FEAT_PAuth).</summary>
    Tbid1 = 1UL << 52,

    /// <summary>NFD0.</summary>
    Nfd0 = 1UL << 53,

    /// <summary>NFD1.</summary>
    Nfd1 = 1UL << 54,

    /// <summary>E0PD0: EL0 has no access to the lower half (FEAT_E0PD).</summary>
    E0pd0 = 1UL << 55,

    /// <summary>E0PD1: EL0 has no access to the upper half (FEAT_E0PD).</summary>
    E0pd1 = 1UL << 56,

    /// <summary>TCMA0: accesses of the lower half with tag 0 are not checked (FEAT_MTE2).</summary>
    Tcma0 = 1UL << 57,

    /// <summary>TCMA1: accesses of the upper half with tag 15 are not checked (FEAT_MTE2).</summary>
    Tcma1 = 1UL << 58,

    /// <summary>DS: 52-bit output addresses with 4 and 16 KB granules (FEAT_LPA2).</summary>
    Ds = 1UL << 59,
}
