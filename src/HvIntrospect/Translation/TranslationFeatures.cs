using System;

namespace HvIntrospect.Translation;

/// <summary>The features (FEAT_x) that change how tables are walked. They add no instruction.</summary>
/// <remarks>Arm Architecture Reference Manual (DDI 0487), "ID_AA64MMFR1_EL1, AArch64 Memory Model Feature Register 1".</remarks>
[Flags]
public enum TranslationFeatures : byte
{
    /// <summary>Armv8.0.</summary>
    None = 0,

    /// <summary>FEAT_HPDS: TCR_EL1.HPD0 and HPD1 switch the hierarchical permissions of Stage 1 tables off.</summary>
    HPDS = 1,

    /// <summary>FEAT_HAFDBS: the walker itself sets the Access flag and the dirty state where TCR_EL1 or VTCR_EL2 asks for it.</summary>
    HAFDBS = 2,

    /// <summary>FEAT_XNX: Stage 2 XN has two bits, for EL0 and EL1 apart.</summary>
    XNX = 4,

    /// <summary>FEAT_PAN3: SCTLR_EL1.EPAN lets PSTATE.PAN also cover memory that EL0 may only execute.</summary>
    PAN3 = 8,

    /// <summary>FEAT_E0PD: TCR_EL1.E0PD0 and E0PD1 close a half of the address space to EL0.</summary>
    E0PD = 16,

    /// <summary>FEAT_VMID16: VTCR_EL2.VS makes VMIDs 16 bits wide.</summary>
    VMID16 = 32,
}
