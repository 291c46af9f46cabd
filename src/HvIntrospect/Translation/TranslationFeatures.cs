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
}
