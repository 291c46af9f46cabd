using System;

namespace HvIntrospect.Translation;

/// <summary>The features (FEAT_x) that change how tables are walked. They add no instruction.</summary>
/// <remarks>Arm Architecture Reference Manual (DDI 0487), "ID_AA64MMFR0_EL1, AArch64 Memory Model Feature Register 0" and the registers 1 and 2 beside it.</remarks>
[Flags]
public enum TranslationFeatures : ushort
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

    /// <summary>FEAT_LPA2: TCR_EL1.DS and VTCR_EL2.DS make descriptors of 4 KB and 16 KB tables hold 52-bit addresses, on cores whose physical addresses have 52 bits.</summary>
    LPA2 = 64,

    /// <summary>FEAT_LVA: virtual addresses translated by 64 KB tables have up to 52 bits.</summary>
    LVA = 128,

    /// <summary>FEAT_TTST: T0SZ and T1SZ may be up to 48, or 47 with 64 KB tables, and a Stage 2 walk of 4 KB tables may start at level 3.</summary>
    TTST = 256,

    /// <summary>FEAT_S2FWB: HCR_EL2.FWB lets Stage 2 decide the memory type, so that what is Write-Back there needs no cache maintenance.</summary>
    S2FWB = 512,

    /// <summary>FEAT_BBM at level 1: the Contiguous bit may change, and blocks and tables may be exchanged with the help of nT, without break-before-make; what is found twice may be a TLB conflict abort.</summary>
    BBML1 = 1024,

    /// <summary>FEAT_BBM at level 2, which includes level 1: no TLB conflict abort follows, and nT is not needed.</summary>
    BBML2 = 2048,
}
