using System;

namespace HvIntrospect.Registers;

/// <content>The registers by their names.</content>
public readonly partial struct SystemRegister
{
    // Identification.
    /// <summary>Gets MIDR_EL1: Main ID.</summary>
    public static SystemRegister MidrEl1 => new(3, 0, 0, 0, 0);

    /// <summary>Gets MPIDR_EL1: Multiprocessor Affinity.</summary>
    public static SystemRegister MpidrEl1 => new(3, 0, 0, 0, 5);

    /// <summary>Gets REVIDR_EL1: Revision ID.</summary>
    public static SystemRegister RevidrEl1 => new(3, 0, 0, 0, 6);

    /// <summary>Gets ID_PFR0_EL1: AArch32 Processor Feature 0.</summary>
    public static SystemRegister IdPfr0El1 => new(3, 0, 0, 1, 0);

    /// <summary>Gets ID_PFR1_EL1: AArch32 Processor Feature 1.</summary>
    public static SystemRegister IdPfr1El1 => new(3, 0, 0, 1, 1);

    /// <summary>Gets ID_DFR0_EL1: AArch32 Debug Feature 0.</summary>
    public static SystemRegister IdDfr0El1 => new(3, 0, 0, 1, 2);

    /// <summary>Gets ID_AFR0_EL1: AArch32 Auxiliary Feature 0.</summary>
    public static SystemRegister IdAfr0El1 => new(3, 0, 0, 1, 3);

    /// <summary>Gets ID_MMFR0_EL1: AArch32 Memory Model Feature 0.</summary>
    public static SystemRegister IdMmfr0El1 => new(3, 0, 0, 1, 4);

    /// <summary>Gets ID_MMFR1_EL1: AArch32 Memory Model Feature 1.</summary>
    public static SystemRegister IdMmfr1El1 => new(3, 0, 0, 1, 5);

    /// <summary>Gets ID_MMFR2_EL1: AArch32 Memory Model Feature 2.</summary>
    public static SystemRegister IdMmfr2El1 => new(3, 0, 0, 1, 6);

    /// <summary>Gets ID_MMFR3_EL1: AArch32 Memory Model Feature 3.</summary>
    public static SystemRegister IdMmfr3El1 => new(3, 0, 0, 1, 7);

    /// <summary>Gets ID_ISAR0_EL1: AArch32 Instruction Set Attribute 0.</summary>
    public static SystemRegister IdIsar0El1 => new(3, 0, 0, 2, 0);

    /// <summary>Gets ID_ISAR1_EL1: AArch32 Instruction Set Attribute 1.</summary>
    public static SystemRegister IdIsar1El1 => new(3, 0, 0, 2, 1);

    /// <summary>Gets ID_ISAR2_EL1: AArch32 Instruction Set Attribute 2.</summary>
    public static SystemRegister IdIsar2El1 => new(3, 0, 0, 2, 2);

    /// <summary>Gets ID_ISAR3_EL1: AArch32 Instruction Set Attribute 3.</summary>
    public static SystemRegister IdIsar3El1 => new(3, 0, 0, 2, 3);

    /// <summary>Gets ID_ISAR4_EL1: AArch32 Instruction Set Attribute 4.</summary>
    public static SystemRegister IdIsar4El1 => new(3, 0, 0, 2, 4);

    /// <summary>Gets ID_ISAR5_EL1: AArch32 Instruction Set Attribute 5.</summary>
    public static SystemRegister IdIsar5El1 => new(3, 0, 0, 2, 5);

    /// <summary>Gets ID_MMFR4_EL1: AArch32 Memory Model Feature 4.</summary>
    public static SystemRegister IdMmfr4El1 => new(3, 0, 0, 2, 6);

    /// <summary>Gets ID_ISAR6_EL1: AArch32 Instruction Set Attribute 6.</summary>
    public static SystemRegister IdIsar6El1 => new(3, 0, 0, 2, 7);

    /// <summary>Gets MVFR0_EL1: AArch32 Media and VFP Feature 0.</summary>
    public static SystemRegister Mvfr0El1 => new(3, 0, 0, 3, 0);

    /// <summary>Gets MVFR1_EL1: AArch32 Media and VFP Feature 1.</summary>
    public static SystemRegister Mvfr1El1 => new(3, 0, 0, 3, 1);

    /// <summary>Gets MVFR2_EL1: AArch32 Media and VFP Feature 2.</summary>
    public static SystemRegister Mvfr2El1 => new(3, 0, 0, 3, 2);

    /// <summary>Gets ID_PFR2_EL1: AArch32 Processor Feature 2.</summary>
    public static SystemRegister IdPfr2El1 => new(3, 0, 0, 3, 4);

    /// <summary>Gets ID_DFR1_EL1: AArch32 Debug Feature 1.</summary>
    public static SystemRegister IdDfr1El1 => new(3, 0, 0, 3, 5);

    /// <summary>Gets ID_MMFR5_EL1: AArch32 Memory Model Feature 5.</summary>
    public static SystemRegister IdMmfr5El1 => new(3, 0, 0, 3, 6);

    /// <summary>Gets ID_AA64PFR0_EL1: AArch64 Processor Feature 0.</summary>
    public static SystemRegister IdAa64Pfr0El1 => new(3, 0, 0, 4, 0);

    /// <summary>Gets ID_AA64PFR1_EL1: AArch64 Processor Feature 1.</summary>
    public static SystemRegister IdAa64Pfr1El1 => new(3, 0, 0, 4, 1);

    /// <summary>Gets ID_AA64PFR2_EL1: AArch64 Processor Feature 2.</summary>
    public static SystemRegister IdAa64Pfr2El1 => new(3, 0, 0, 4, 2);

    /// <summary>Gets ID_AA64ZFR0_EL1: SVE Feature 0.</summary>
    public static SystemRegister IdAa64Zfr0El1 => new(3, 0, 0, 4, 4);

    /// <summary>Gets ID_AA64SMFR0_EL1: SME Feature 0.</summary>
    public static SystemRegister IdAa64Smfr0El1 => new(3, 0, 0, 4, 5);

    /// <summary>Gets ID_AA64FPFR0_EL1: Floating-point Feature 0.</summary>
    public static SystemRegister IdAa64Fpfr0El1 => new(3, 0, 0, 4, 7);

    /// <summary>Gets ID_AA64DFR0_EL1: AArch64 Debug Feature 0.</summary>
    public static SystemRegister IdAa64Dfr0El1 => new(3, 0, 0, 5, 0);

    /// <summary>Gets ID_AA64DFR1_EL1: AArch64 Debug Feature 1.</summary>
    public static SystemRegister IdAa64Dfr1El1 => new(3, 0, 0, 5, 1);

    /// <summary>Gets ID_AA64DFR2_EL1: AArch64 Debug Feature 2.</summary>
    public static SystemRegister IdAa64Dfr2El1 => new(3, 0, 0, 5, 2);

    /// <summary>Gets ID_AA64AFR0_EL1: AArch64 Auxiliary Feature 0.</summary>
    public static SystemRegister IdAa64Afr0El1 => new(3, 0, 0, 5, 4);

    /// <summary>Gets ID_AA64AFR1_EL1: AArch64 Auxiliary Feature 1.</summary>
    public static SystemRegister IdAa64Afr1El1 => new(3, 0, 0, 5, 5);

    /// <summary>Gets ID_AA64ISAR0_EL1: AArch64 Instruction Set Attribute 0.</summary>
    public static SystemRegister IdAa64Isar0El1 => new(3, 0, 0, 6, 0);

    /// <summary>Gets ID_AA64ISAR1_EL1: AArch64 Instruction Set Attribute 1.</summary>
    public static SystemRegister IdAa64Isar1El1 => new(3, 0, 0, 6, 1);

    /// <summary>Gets ID_AA64ISAR2_EL1: AArch64 Instruction Set Attribute 2.</summary>
    public static SystemRegister IdAa64Isar2El1 => new(3, 0, 0, 6, 2);

    /// <summary>Gets ID_AA64ISAR3_EL1: AArch64 Instruction Set Attribute 3.</summary>
    public static SystemRegister IdAa64Isar3El1 => new(3, 0, 0, 6, 3);

    /// <summary>Gets ID_AA64MMFR0_EL1: AArch64 Memory Model Feature 0.</summary>
    public static SystemRegister IdAa64Mmfr0El1 => new(3, 0, 0, 7, 0);

    /// <summary>Gets ID_AA64MMFR1_EL1: AArch64 Memory Model Feature 1.</summary>
    public static SystemRegister IdAa64Mmfr1El1 => new(3, 0, 0, 7, 1);

    /// <summary>Gets ID_AA64MMFR2_EL1: AArch64 Memory Model Feature 2.</summary>
    public static SystemRegister IdAa64Mmfr2El1 => new(3, 0, 0, 7, 2);

    /// <summary>Gets ID_AA64MMFR3_EL1: AArch64 Memory Model Feature 3.</summary>
    public static SystemRegister IdAa64Mmfr3El1 => new(3, 0, 0, 7, 3);

    /// <summary>Gets ID_AA64MMFR4_EL1: AArch64 Memory Model Feature 4.</summary>
    public static SystemRegister IdAa64Mmfr4El1 => new(3, 0, 0, 7, 4);

    /// <summary>Gets CCSIDR_EL1: Current Cache Size ID.</summary>
    public static SystemRegister CcsidrEl1 => new(3, 1, 0, 0, 0);

    /// <summary>Gets CLIDR_EL1: Cache Level ID.</summary>
    public static SystemRegister ClidrEl1 => new(3, 1, 0, 0, 1);

    /// <summary>Gets CCSIDR2_EL1: Current Cache Size ID 2.</summary>
    public static SystemRegister Ccsidr2El1 => new(3, 1, 0, 0, 2);

    /// <summary>Gets AIDR_EL1: Auxiliary ID.</summary>
    public static SystemRegister AidrEl1 => new(3, 1, 0, 0, 7);

    /// <summary>Gets CSSELR_EL1: Cache Size Selection.</summary>
    public static SystemRegister CsselrEl1 => new(3, 2, 0, 0, 0);

    /// <summary>Gets CTR_EL0: Cache Type.</summary>
    public static SystemRegister CtrEl0 => new(3, 3, 0, 0, 1);

    /// <summary>Gets GMID_EL1: Multiple tag transfer ID.</summary>
    public static SystemRegister GmidEl1 => new(3, 1, 0, 0, 4);

    /// <summary>Gets ACCDATA_EL1: Accelerator Data.</summary>
    public static SystemRegister AccdataEl1 => new(3, 0, 13, 0, 5);

    /// <summary>Gets RCWMASK_EL1: Read Check Write Instruction Mask (EL1); 128 bits wide with FEAT_D128.</summary>
    public static SystemRegister RcwmaskEl1 => new(3, 0, 13, 0, 6);

    /// <summary>Gets RCWSMASK_EL1: Software Read Check Write Instruction Mask (EL1); 128 bits wide with FEAT_D128.</summary>
    public static SystemRegister RcwsmaskEl1 => new(3, 0, 13, 0, 3);

    /// <summary>Gets DCZID_EL0: Data Cache Zero ID.</summary>
    public static SystemRegister DczidEl0 => new(3, 3, 0, 0, 7);

    /// <summary>Gets VPIDR_EL2: Virtualization Processor ID.</summary>
    public static SystemRegister VpidrEl2 => new(3, 4, 0, 0, 0);

    /// <summary>Gets VMPIDR_EL2: Virtualization Multiprocessor ID.</summary>
    public static SystemRegister VmpidrEl2 => new(3, 4, 0, 0, 5);

    // Control.
    /// <summary>Gets SCTLR_EL1: System Control (EL1).</summary>
    public static SystemRegister SctlrEl1 => new(3, 0, 1, 0, 0);

    /// <summary>Gets ACTLR_EL1: Auxiliary Control (EL1).</summary>
    public static SystemRegister ActlrEl1 => new(3, 0, 1, 0, 1);

    /// <summary>Gets CPACR_EL1: Architectural Feature Access Control.</summary>
    public static SystemRegister CpacrEl1 => new(3, 0, 1, 0, 2);

    /// <summary>Gets SCTLR_EL2: System Control (EL2).</summary>
    public static SystemRegister SctlrEl2 => new(3, 4, 1, 0, 0);

    /// <summary>Gets ACTLR_EL2: Auxiliary Control (EL2).</summary>
    public static SystemRegister ActlrEl2 => new(3, 4, 1, 0, 1);

    /// <summary>Gets HCR_EL2: Hypervisor Configuration.</summary>
    public static SystemRegister HcrEl2 => new(3, 4, 1, 1, 0);

    /// <summary>Gets MDCR_EL2: Monitor Debug Configuration (EL2).</summary>
    public static SystemRegister MdcrEl2 => new(3, 4, 1, 1, 1);

    /// <summary>Gets CPTR_EL2: Architectural Feature Trap (EL2).</summary>
    public static SystemRegister CptrEl2 => new(3, 4, 1, 1, 2);

    /// <summary>Gets HSTR_EL2: Hypervisor System Trap.</summary>
    public static SystemRegister HstrEl2 => new(3, 4, 1, 1, 3);

    /// <summary>Gets HACR_EL2: Hypervisor Auxiliary Control.</summary>
    public static SystemRegister HacrEl2 => new(3, 4, 1, 1, 7);

    /// <summary>Gets HCRX_EL2: Extended Hypervisor Configuration.</summary>
    public static SystemRegister HcrxEl2 => new(3, 4, 1, 2, 2);

    // Translation.
    /// <summary>Gets TTBR0_EL1: Translation Table Base 0 (EL1).</summary>
    public static SystemRegister Ttbr0El1 => new(3, 0, 2, 0, 0);

    /// <summary>Gets TTBR1_EL1: Translation Table Base 1 (EL1).</summary>
    public static SystemRegister Ttbr1El1 => new(3, 0, 2, 0, 1);

    /// <summary>Gets TCR_EL1: Translation Control (EL1).</summary>
    public static SystemRegister TcrEl1 => new(3, 0, 2, 0, 2);

    /// <summary>Gets TCR2_EL1: Extended Translation Control (EL1).</summary>
    public static SystemRegister Tcr2El1 => new(3, 0, 2, 0, 3);

    /// <summary>Gets TTBR0_EL2: Translation Table Base 0 (EL2).</summary>
    public static SystemRegister Ttbr0El2 => new(3, 4, 2, 0, 0);

    /// <summary>Gets TTBR1_EL2: Translation Table Base 1 (EL2), FEAT_VHE.</summary>
    public static SystemRegister Ttbr1El2 => new(3, 4, 2, 0, 1);

    /// <summary>Gets TCR_EL2: Translation Control (EL2).</summary>
    public static SystemRegister TcrEl2 => new(3, 4, 2, 0, 2);

    /// <summary>Gets VTTBR_EL2: Virtualization Translation Table Base.</summary>
    public static SystemRegister VttbrEl2 => new(3, 4, 2, 1, 0);

    /// <summary>Gets VTCR_EL2: Virtualization Translation Control.</summary>
    public static SystemRegister VtcrEl2 => new(3, 4, 2, 1, 2);

    /// <summary>Gets DACR32_EL2: AArch32 Domain Access Control.</summary>
    public static SystemRegister Dacr32El2 => new(3, 4, 3, 0, 0);

    /// <summary>Gets MAIR_EL1: Memory Attribute Indirection (EL1).</summary>
    public static SystemRegister MairEl1 => new(3, 0, 10, 2, 0);

    /// <summary>Gets AMAIR_EL1: Auxiliary Memory Attribute Indirection (EL1).</summary>
    public static SystemRegister AmairEl1 => new(3, 0, 10, 3, 0);

    /// <summary>Gets MAIR_EL2: Memory Attribute Indirection (EL2).</summary>
    public static SystemRegister MairEl2 => new(3, 4, 10, 2, 0);

    /// <summary>Gets AMAIR_EL2: Auxiliary Memory Attribute Indirection (EL2).</summary>
    public static SystemRegister AmairEl2 => new(3, 4, 10, 3, 0);

    /// <summary>Gets LORSA_EL1: LORegion Start Address, FEAT_LOR.</summary>
    public static SystemRegister LorsaEl1 => new(3, 0, 10, 4, 0);

    /// <summary>Gets LOREA_EL1: LORegion End Address, FEAT_LOR.</summary>
    public static SystemRegister LoreaEl1 => new(3, 0, 10, 4, 1);

    /// <summary>Gets LORN_EL1: LORegion Number, FEAT_LOR.</summary>
    public static SystemRegister LornEl1 => new(3, 0, 10, 4, 2);

    /// <summary>Gets LORC_EL1: LORegion Control, FEAT_LOR.</summary>
    public static SystemRegister LorcEl1 => new(3, 0, 10, 4, 3);

    /// <summary>Gets LORID_EL1: LORegion ID, FEAT_LOR.</summary>
    public static SystemRegister LoridEl1 => new(3, 0, 10, 4, 7);

    /// <summary>Gets PAR_EL1: Physical Address.</summary>
    public static SystemRegister ParEl1 => new(3, 0, 7, 4, 0);

    /// <summary>Gets CONTEXTIDR_EL1: Context ID (EL1).</summary>
    public static SystemRegister ContextidrEl1 => new(3, 0, 13, 0, 1);

    /// <summary>Gets CONTEXTIDR_EL2: Context ID (EL2), FEAT_VHE.</summary>
    public static SystemRegister ContextidrEl2 => new(3, 4, 13, 0, 1);

    // Exceptions and process state.
    /// <summary>Gets SPSR_EL1: Saved Program Status (EL1).</summary>
    public static SystemRegister SpsrEl1 => new(3, 0, 4, 0, 0);

    /// <summary>Gets ELR_EL1: Exception Link (EL1).</summary>
    public static SystemRegister ElrEl1 => new(3, 0, 4, 0, 1);

    /// <summary>Gets SP_EL0: Stack Pointer (EL0).</summary>
    public static SystemRegister SpEl0 => new(3, 0, 4, 1, 0);

    /// <summary>Gets SPSel: Stack Pointer Select.</summary>
    public static SystemRegister SPSel => new(3, 0, 4, 2, 0);

    /// <summary>Gets CurrentEL: Current Exception level.</summary>
    public static SystemRegister CurrentEL => new(3, 0, 4, 2, 2);

    /// <summary>Gets PAN: Privileged Access Never, FEAT_PAN.</summary>
    public static SystemRegister Pan => new(3, 0, 4, 2, 3);

    /// <summary>Gets UAO: User Access Override, FEAT_UAO.</summary>
    public static SystemRegister Uao => new(3, 0, 4, 2, 4);

    /// <summary>Gets NZCV: Condition Flags.</summary>
    public static SystemRegister Nzcv => new(3, 3, 4, 2, 0);

    /// <summary>Gets DAIF: Interrupt Mask Bits.</summary>
    public static SystemRegister Daif => new(3, 3, 4, 2, 1);

    /// <summary>Gets DIT: Data Independent Timing, FEAT_DIT.</summary>
    public static SystemRegister Dit => new(3, 3, 4, 2, 5);

    /// <summary>Gets SSBS: Speculative Store Bypass Safe, FEAT_SSBS2.</summary>
    public static SystemRegister Ssbs => new(3, 3, 4, 2, 6);

    /// <summary>Gets TCO: Tag Check Override, FEAT_MTE.</summary>
    public static SystemRegister Tco => new(3, 3, 4, 2, 7);

    /// <summary>Gets FPCR: Floating-point Control.</summary>
    public static SystemRegister Fpcr => new(3, 3, 4, 4, 0);

    /// <summary>Gets FPSR: Floating-point Status.</summary>
    public static SystemRegister Fpsr => new(3, 3, 4, 4, 1);

    /// <summary>Gets DSPSR_EL0: Debug Saved Program Status.</summary>
    public static SystemRegister DspsrEl0 => new(3, 3, 4, 5, 0);

    /// <summary>Gets DLR_EL0: Debug Link.</summary>
    public static SystemRegister DlrEl0 => new(3, 3, 4, 5, 1);

    /// <summary>Gets SPSR_EL2: Saved Program Status (EL2).</summary>
    public static SystemRegister SpsrEl2 => new(3, 4, 4, 0, 0);

    /// <summary>Gets ELR_EL2: Exception Link (EL2).</summary>
    public static SystemRegister ElrEl2 => new(3, 4, 4, 0, 1);

    /// <summary>Gets SP_EL1: Stack Pointer (EL1).</summary>
    public static SystemRegister SpEl1 => new(3, 4, 4, 1, 0);

    /// <summary>Gets SPSR_irq: Saved Program Status (Irq mode).</summary>
    public static SystemRegister SpsrIrq => new(3, 4, 4, 3, 0);

    /// <summary>Gets SPSR_abt: Saved Program Status (Abt mode).</summary>
    public static SystemRegister SpsrAbt => new(3, 4, 4, 3, 1);

    /// <summary>Gets SPSR_und: Saved Program Status (Und mode).</summary>
    public static SystemRegister SpsrUnd => new(3, 4, 4, 3, 2);

    /// <summary>Gets SPSR_fiq: Saved Program Status (Fiq mode).</summary>
    public static SystemRegister SpsrFiq => new(3, 4, 4, 3, 3);

    /// <summary>Gets SP_EL2: Stack Pointer (EL2).</summary>
    public static SystemRegister SpEl2 => new(3, 6, 4, 1, 0);

    /// <summary>Gets AFSR0_EL1: Auxiliary Fault Status 0 (EL1).</summary>
    public static SystemRegister Afsr0El1 => new(3, 0, 5, 1, 0);

    /// <summary>Gets AFSR1_EL1: Auxiliary Fault Status 1 (EL1).</summary>
    public static SystemRegister Afsr1El1 => new(3, 0, 5, 1, 1);

    /// <summary>Gets ESR_EL1: Exception Syndrome (EL1).</summary>
    public static SystemRegister EsrEl1 => new(3, 0, 5, 2, 0);

    /// <summary>Gets IFSR32_EL2: AArch32 Instruction Fault Status.</summary>
    public static SystemRegister Ifsr32El2 => new(3, 4, 5, 0, 1);

    /// <summary>Gets AFSR0_EL2: Auxiliary Fault Status 0 (EL2).</summary>
    public static SystemRegister Afsr0El2 => new(3, 4, 5, 1, 0);

    /// <summary>Gets AFSR1_EL2: Auxiliary Fault Status 1 (EL2).</summary>
    public static SystemRegister Afsr1El2 => new(3, 4, 5, 1, 1);

    /// <summary>Gets ESR_EL2: Exception Syndrome (EL2).</summary>
    public static SystemRegister EsrEl2 => new(3, 4, 5, 2, 0);

    /// <summary>Gets VSESR_EL2: Virtual SError Exception Syndrome, FEAT_RAS.</summary>
    public static SystemRegister VsesrEl2 => new(3, 4, 5, 2, 3);

    /// <summary>Gets FPEXC32_EL2: AArch32 Floating-point Exception Control.</summary>
    public static SystemRegister Fpexc32El2 => new(3, 4, 5, 3, 0);

    /// <summary>Gets FAR_EL1: Fault Address (EL1).</summary>
    public static SystemRegister FarEl1 => new(3, 0, 6, 0, 0);

    /// <summary>Gets FAR_EL2: Fault Address (EL2).</summary>
    public static SystemRegister FarEl2 => new(3, 4, 6, 0, 0);

    /// <summary>Gets HPFAR_EL2: Hypervisor IPA Fault Address.</summary>
    public static SystemRegister HpfarEl2 => new(3, 4, 6, 0, 4);

    /// <summary>Gets VBAR_EL1: Vector Base Address (EL1).</summary>
    public static SystemRegister VbarEl1 => new(3, 0, 12, 0, 0);

    /// <summary>Gets RVBAR_EL1: Reset Vector Base Address (EL1).</summary>
    public static SystemRegister RvbarEl1 => new(3, 0, 12, 0, 1);

    /// <summary>Gets RMR_EL1: Reset Management (EL1).</summary>
    public static SystemRegister RmrEl1 => new(3, 0, 12, 0, 2);

    /// <summary>Gets ISR_EL1: Interrupt Status.</summary>
    public static SystemRegister IsrEl1 => new(3, 0, 12, 1, 0);

    /// <summary>Gets DISR_EL1: Deferred Interrupt Status, FEAT_RAS.</summary>
    public static SystemRegister DisrEl1 => new(3, 0, 12, 1, 1);

    /// <summary>Gets VBAR_EL2: Vector Base Address (EL2).</summary>
    public static SystemRegister VbarEl2 => new(3, 4, 12, 0, 0);

    /// <summary>Gets RVBAR_EL2: Reset Vector Base Address (EL2).</summary>
    public static SystemRegister RvbarEl2 => new(3, 4, 12, 0, 1);

    /// <summary>Gets RMR_EL2: Reset Management (EL2).</summary>
    public static SystemRegister RmrEl2 => new(3, 4, 12, 0, 2);

    /// <summary>Gets VDISR_EL2: Virtual Deferred Interrupt Status, FEAT_RAS.</summary>
    public static SystemRegister VdisrEl2 => new(3, 4, 12, 1, 1);

    // Software thread identification.
    /// <summary>Gets APIAKeyLo_EL1: Pointer Authentication Key A for Instruction, bits 63:0.</summary>
    public static SystemRegister ApiaKeyLoEl1 => new(3, 0, 2, 1, 0);

    /// <summary>Gets APIAKeyHi_EL1: Pointer Authentication Key A for Instruction, bits 127:64.</summary>
    public static SystemRegister ApiaKeyHiEl1 => new(3, 0, 2, 1, 1);

    /// <summary>Gets APIBKeyLo_EL1: Pointer Authentication Key B for Instruction, bits 63:0.</summary>
    public static SystemRegister ApibKeyLoEl1 => new(3, 0, 2, 1, 2);

    /// <summary>Gets APIBKeyHi_EL1: Pointer Authentication Key B for Instruction, bits 127:64.</summary>
    public static SystemRegister ApibKeyHiEl1 => new(3, 0, 2, 1, 3);

    /// <summary>Gets APDAKeyLo_EL1: Pointer Authentication Key A for Data, bits 63:0.</summary>
    public static SystemRegister ApdaKeyLoEl1 => new(3, 0, 2, 2, 0);

    /// <summary>Gets APDAKeyHi_EL1: Pointer Authentication Key A for Data, bits 127:64.</summary>
    public static SystemRegister ApdaKeyHiEl1 => new(3, 0, 2, 2, 1);

    /// <summary>Gets APDBKeyLo_EL1: Pointer Authentication Key B for Data, bits 63:0.</summary>
    public static SystemRegister ApdbKeyLoEl1 => new(3, 0, 2, 2, 2);

    /// <summary>Gets APDBKeyHi_EL1: Pointer Authentication Key B for Data, bits 127:64.</summary>
    public static SystemRegister ApdbKeyHiEl1 => new(3, 0, 2, 2, 3);

    /// <summary>Gets APGAKeyLo_EL1: Pointer Authentication Key A for Code, bits 63:0.</summary>
    public static SystemRegister ApgaKeyLoEl1 => new(3, 0, 2, 3, 0);

    /// <summary>Gets APGAKeyHi_EL1: Pointer Authentication Key A for Code, bits 127:64.</summary>
    public static SystemRegister ApgaKeyHiEl1 => new(3, 0, 2, 3, 1);

    /// <summary>Gets RGSR_EL1: Random Allocation Tag Seed.</summary>
    public static SystemRegister RgsrEl1 => new(3, 0, 1, 0, 5);

    /// <summary>Gets GCR_EL1: Tag Control.</summary>
    public static SystemRegister GcrEl1 => new(3, 0, 1, 0, 6);

    /// <summary>Gets TFSR_EL1: Tag Fault Status (EL1).</summary>
    public static SystemRegister TfsrEl1 => new(3, 0, 5, 6, 0);

    /// <summary>Gets TFSRE0_EL1: Tag Fault Status (EL0).</summary>
    public static SystemRegister Tfsre0El1 => new(3, 0, 5, 6, 1);

    /// <summary>Gets TPIDR_EL1: EL1 Software Thread ID.</summary>
    public static SystemRegister TpidrEl1 => new(3, 0, 13, 0, 4);

    /// <summary>Gets TPIDR_EL0: EL0 Read/Write Software Thread ID.</summary>
    public static SystemRegister TpidrEl0 => new(3, 3, 13, 0, 2);

    /// <summary>Gets TPIDRRO_EL0: EL0 Read-only Software Thread ID.</summary>
    public static SystemRegister TpidrroEl0 => new(3, 3, 13, 0, 3);

    /// <summary>Gets TPIDR_EL2: EL2 Software Thread ID.</summary>
    public static SystemRegister TpidrEl2 => new(3, 4, 13, 0, 2);

    // Generic timer.
    /// <summary>Gets CNTKCTL_EL1: Counter-timer Kernel Control.</summary>
    public static SystemRegister CntkctlEl1 => new(3, 0, 14, 1, 0);

    /// <summary>Gets CNTFRQ_EL0: Counter-timer Frequency.</summary>
    public static SystemRegister CntfrqEl0 => new(3, 3, 14, 0, 0);

    /// <summary>Gets CNTPCT_EL0: Counter-timer Physical Count.</summary>
    public static SystemRegister CntpctEl0 => new(3, 3, 14, 0, 1);

    /// <summary>Gets CNTVCT_EL0: Counter-timer Virtual Count.</summary>
    public static SystemRegister CntvctEl0 => new(3, 3, 14, 0, 2);

    /// <summary>Gets CNTP_TVAL_EL0: Counter-timer Physical Timer TimerValue.</summary>
    public static SystemRegister CntpTvalEl0 => new(3, 3, 14, 2, 0);

    /// <summary>Gets CNTP_CTL_EL0: Counter-timer Physical Timer Control.</summary>
    public static SystemRegister CntpCtlEl0 => new(3, 3, 14, 2, 1);

    /// <summary>Gets CNTP_CVAL_EL0: Counter-timer Physical Timer CompareValue.</summary>
    public static SystemRegister CntpCvalEl0 => new(3, 3, 14, 2, 2);

    /// <summary>Gets CNTV_TVAL_EL0: Counter-timer Virtual Timer TimerValue.</summary>
    public static SystemRegister CntvTvalEl0 => new(3, 3, 14, 3, 0);

    /// <summary>Gets CNTV_CTL_EL0: Counter-timer Virtual Timer Control.</summary>
    public static SystemRegister CntvCtlEl0 => new(3, 3, 14, 3, 1);

    /// <summary>Gets CNTV_CVAL_EL0: Counter-timer Virtual Timer CompareValue.</summary>
    public static SystemRegister CntvCvalEl0 => new(3, 3, 14, 3, 2);

    /// <summary>Gets CNTVOFF_EL2: Counter-timer Virtual Offset.</summary>
    public static SystemRegister CntvoffEl2 => new(3, 4, 14, 0, 3);

    /// <summary>Gets CNTHCTL_EL2: Counter-timer Hypervisor Control.</summary>
    public static SystemRegister CnthctlEl2 => new(3, 4, 14, 1, 0);

    /// <summary>Gets CNTHP_TVAL_EL2: Counter-timer Hypervisor Physical Timer TimerValue.</summary>
    public static SystemRegister CnthpTvalEl2 => new(3, 4, 14, 2, 0);

    /// <summary>Gets CNTHP_CTL_EL2: Counter-timer Hypervisor Physical Timer Control.</summary>
    public static SystemRegister CnthpCtlEl2 => new(3, 4, 14, 2, 1);

    /// <summary>Gets CNTHP_CVAL_EL2: Counter-timer Hypervisor Physical Timer CompareValue.</summary>
    public static SystemRegister CnthpCvalEl2 => new(3, 4, 14, 2, 2);

    /// <summary>Gets CNTHV_TVAL_EL2: Counter-timer Hypervisor Virtual Timer TimerValue, FEAT_VHE.</summary>
    public static SystemRegister CnthvTvalEl2 => new(3, 4, 14, 3, 0);

    /// <summary>Gets CNTHV_CTL_EL2: Counter-timer Hypervisor Virtual Timer Control, FEAT_VHE.</summary>
    public static SystemRegister CnthvCtlEl2 => new(3, 4, 14, 3, 1);

    /// <summary>Gets CNTHV_CVAL_EL2: Counter-timer Hypervisor Virtual Timer CompareValue, FEAT_VHE.</summary>
    public static SystemRegister CnthvCvalEl2 => new(3, 4, 14, 3, 2);

    // Performance Monitors.
    /// <summary>Gets PMINTENSET_EL1: Performance Monitors Interrupt Enable Set.</summary>
    public static SystemRegister PmintensetEl1 => new(3, 0, 9, 14, 1);

    /// <summary>Gets PMINTENCLR_EL1: Performance Monitors Interrupt Enable Clear.</summary>
    public static SystemRegister PmintenclrEl1 => new(3, 0, 9, 14, 2);

    /// <summary>Gets PMCR_EL0: Performance Monitors Control.</summary>
    public static SystemRegister PmcrEl0 => new(3, 3, 9, 12, 0);

    /// <summary>Gets PMCNTENSET_EL0: Performance Monitors Count Enable Set.</summary>
    public static SystemRegister PmcntensetEl0 => new(3, 3, 9, 12, 1);

    /// <summary>Gets PMCNTENCLR_EL0: Performance Monitors Count Enable Clear.</summary>
    public static SystemRegister PmcntenclrEl0 => new(3, 3, 9, 12, 2);

    /// <summary>Gets PMOVSCLR_EL0: Performance Monitors Overflow Flag Status Clear.</summary>
    public static SystemRegister PmovsclrEl0 => new(3, 3, 9, 12, 3);

    /// <summary>Gets PMSWINC_EL0: Performance Monitors Software Increment.</summary>
    public static SystemRegister PmswincEl0 => new(3, 3, 9, 12, 4);

    /// <summary>Gets PMSELR_EL0: Performance Monitors Event Counter Selection.</summary>
    public static SystemRegister PmselrEl0 => new(3, 3, 9, 12, 5);

    /// <summary>Gets PMCEID0_EL0: Performance Monitors Common Event Identification 0.</summary>
    public static SystemRegister Pmceid0El0 => new(3, 3, 9, 12, 6);

    /// <summary>Gets PMCEID1_EL0: Performance Monitors Common Event Identification 1.</summary>
    public static SystemRegister Pmceid1El0 => new(3, 3, 9, 12, 7);

    /// <summary>Gets PMCCNTR_EL0: Performance Monitors Cycle Count.</summary>
    public static SystemRegister PmccntrEl0 => new(3, 3, 9, 13, 0);

    /// <summary>Gets PMXEVTYPER_EL0: Performance Monitors Selected Event Type.</summary>
    public static SystemRegister PmxevtyperEl0 => new(3, 3, 9, 13, 1);

    /// <summary>Gets PMXEVCNTR_EL0: Performance Monitors Selected Event Count.</summary>
    public static SystemRegister PmxevcntrEl0 => new(3, 3, 9, 13, 2);

    /// <summary>Gets PMUSERENR_EL0: Performance Monitors User Enable.</summary>
    public static SystemRegister PmuserenrEl0 => new(3, 3, 9, 14, 0);

    /// <summary>Gets PMOVSSET_EL0: Performance Monitors Overflow Flag Status Set.</summary>
    public static SystemRegister PmovssetEl0 => new(3, 3, 9, 14, 3);

    /// <summary>Gets PMCCFILTR_EL0: Performance Monitors Cycle Count Filter.</summary>
    public static SystemRegister PmccfiltrEl0 => new(3, 3, 14, 15, 7);

    // Debug.
    /// <summary>Gets OSDTRRX_EL1: OS Lock Data Transfer, Receive.</summary>
    public static SystemRegister OsdtrrxEl1 => new(2, 0, 0, 0, 2);

    /// <summary>Gets MDCCINT_EL1: Monitor DCC Interrupt Enable.</summary>
    public static SystemRegister MdccintEl1 => new(2, 0, 0, 2, 0);

    /// <summary>Gets MDSCR_EL1: Monitor Debug System Control.</summary>
    public static SystemRegister MdscrEl1 => new(2, 0, 0, 2, 2);

    /// <summary>Gets OSDTRTX_EL1: OS Lock Data Transfer, Transmit.</summary>
    public static SystemRegister OsdtrtxEl1 => new(2, 0, 0, 3, 2);

    /// <summary>Gets OSECCR_EL1: OS Lock Exception Catch Control.</summary>
    public static SystemRegister OseccrEl1 => new(2, 0, 0, 6, 2);

    /// <summary>Gets MDRAR_EL1: Monitor Debug ROM Address.</summary>
    public static SystemRegister MdrarEl1 => new(2, 0, 1, 0, 0);

    /// <summary>Gets OSLAR_EL1: OS Lock Access.</summary>
    public static SystemRegister OslarEl1 => new(2, 0, 1, 0, 4);

    /// <summary>Gets OSLSR_EL1: OS Lock Status.</summary>
    public static SystemRegister OslsrEl1 => new(2, 0, 1, 1, 4);

    /// <summary>Gets OSDLR_EL1: OS Double Lock.</summary>
    public static SystemRegister OsdlrEl1 => new(2, 0, 1, 3, 4);

    /// <summary>Gets DBGPRCR_EL1: Debug Power Control.</summary>
    public static SystemRegister DbgprcrEl1 => new(2, 0, 1, 4, 4);

    /// <summary>Gets DBGCLAIMSET_EL1: Debug Claim Tag Set.</summary>
    public static SystemRegister DbgclaimsetEl1 => new(2, 0, 7, 8, 6);

    /// <summary>Gets DBGCLAIMCLR_EL1: Debug Claim Tag Clear.</summary>
    public static SystemRegister DbgclaimclrEl1 => new(2, 0, 7, 9, 6);

    /// <summary>Gets DBGAUTHSTATUS_EL1: Debug Authentication Status.</summary>
    public static SystemRegister DbgauthstatusEl1 => new(2, 0, 7, 14, 6);

    /// <summary>Gets MDCCSR_EL0: Monitor DCC Status.</summary>
    public static SystemRegister MdccsrEl0 => new(2, 3, 0, 1, 0);

    /// <summary>Gets DBGDTR_EL0: Debug Data Transfer, half-duplex.</summary>
    public static SystemRegister DbgdtrEl0 => new(2, 3, 0, 4, 0);

    /// <summary>Gets DBGDTRRX_EL0: Debug Data Transfer, Receive; a write is DBGDTRTX_EL0, Transmit.</summary>
    public static SystemRegister DbgdtrrxEl0 => new(2, 3, 0, 5, 0);

    /// <summary>Gets DBGVCR32_EL2: AArch32 Debug Vector Catch.</summary>
    public static SystemRegister Dbgvcr32El2 => new(2, 4, 0, 7, 0);

    // GIC CPU interface.
    /// <summary>Gets ICC_PMR_EL1: Interrupt Controller Priority Mask.</summary>
    public static SystemRegister IccPmrEl1 => new(3, 0, 4, 6, 0);

    /// <summary>Gets ICC_IAR0_EL1: Interrupt Controller Interrupt Acknowledge, group 0.</summary>
    public static SystemRegister IccIar0El1 => new(3, 0, 12, 8, 0);

    /// <summary>Gets ICC_EOIR0_EL1: Interrupt Controller End Of Interrupt, group 0.</summary>
    public static SystemRegister IccEoir0El1 => new(3, 0, 12, 8, 1);

    /// <summary>Gets ICC_HPPIR0_EL1: Interrupt Controller Highest Priority Pending, group 0.</summary>
    public static SystemRegister IccHppir0El1 => new(3, 0, 12, 8, 2);

    /// <summary>Gets ICC_BPR0_EL1: Interrupt Controller Binary Point, group 0.</summary>
    public static SystemRegister IccBpr0El1 => new(3, 0, 12, 8, 3);

    /// <summary>Gets ICC_AP0R0_EL1: Interrupt Controller Active Priorities 0, group 0.</summary>
    public static SystemRegister IccAp0r0El1 => new(3, 0, 12, 8, 4);

    /// <summary>Gets ICC_AP0R1_EL1: Interrupt Controller Active Priorities 1, group 0.</summary>
    public static SystemRegister IccAp0r1El1 => new(3, 0, 12, 8, 5);

    /// <summary>Gets ICC_AP0R2_EL1: Interrupt Controller Active Priorities 2, group 0.</summary>
    public static SystemRegister IccAp0r2El1 => new(3, 0, 12, 8, 6);

    /// <summary>Gets ICC_AP0R3_EL1: Interrupt Controller Active Priorities 3, group 0.</summary>
    public static SystemRegister IccAp0r3El1 => new(3, 0, 12, 8, 7);

    /// <summary>Gets ICC_AP1R0_EL1: Interrupt Controller Active Priorities 0, group 1.</summary>
    public static SystemRegister IccAp1r0El1 => new(3, 0, 12, 9, 0);

    /// <summary>Gets ICC_AP1R1_EL1: Interrupt Controller Active Priorities 1, group 1.</summary>
    public static SystemRegister IccAp1r1El1 => new(3, 0, 12, 9, 1);

    /// <summary>Gets ICC_AP1R2_EL1: Interrupt Controller Active Priorities 2, group 1.</summary>
    public static SystemRegister IccAp1r2El1 => new(3, 0, 12, 9, 2);

    /// <summary>Gets ICC_AP1R3_EL1: Interrupt Controller Active Priorities 3, group 1.</summary>
    public static SystemRegister IccAp1r3El1 => new(3, 0, 12, 9, 3);

    /// <summary>Gets ICC_DIR_EL1: Interrupt Controller Deactivate Interrupt.</summary>
    public static SystemRegister IccDirEl1 => new(3, 0, 12, 11, 1);

    /// <summary>Gets ICC_RPR_EL1: Interrupt Controller Running Priority.</summary>
    public static SystemRegister IccRprEl1 => new(3, 0, 12, 11, 3);

    /// <summary>Gets ICC_SGI1R_EL1: Interrupt Controller Software Generated Interrupt, group 1.</summary>
    public static SystemRegister IccSgi1rEl1 => new(3, 0, 12, 11, 5);

    /// <summary>Gets ICC_ASGI1R_EL1: Interrupt Controller Alias Software Generated Interrupt, group 1.</summary>
    public static SystemRegister IccAsgi1rEl1 => new(3, 0, 12, 11, 6);

    /// <summary>Gets ICC_SGI0R_EL1: Interrupt Controller Software Generated Interrupt, group 0.</summary>
    public static SystemRegister IccSgi0rEl1 => new(3, 0, 12, 11, 7);

    /// <summary>Gets ICC_IAR1_EL1: Interrupt Controller Interrupt Acknowledge, group 1.</summary>
    public static SystemRegister IccIar1El1 => new(3, 0, 12, 12, 0);

    /// <summary>Gets ICC_EOIR1_EL1: Interrupt Controller End Of Interrupt, group 1.</summary>
    public static SystemRegister IccEoir1El1 => new(3, 0, 12, 12, 1);

    /// <summary>Gets ICC_HPPIR1_EL1: Interrupt Controller Highest Priority Pending, group 1.</summary>
    public static SystemRegister IccHppir1El1 => new(3, 0, 12, 12, 2);

    /// <summary>Gets ICC_BPR1_EL1: Interrupt Controller Binary Point, group 1.</summary>
    public static SystemRegister IccBpr1El1 => new(3, 0, 12, 12, 3);

    /// <summary>Gets ICC_CTLR_EL1: Interrupt Controller Control.</summary>
    public static SystemRegister IccCtlrEl1 => new(3, 0, 12, 12, 4);

    /// <summary>Gets ICC_SRE_EL1: Interrupt Controller System Register Enable.</summary>
    public static SystemRegister IccSreEl1 => new(3, 0, 12, 12, 5);

    /// <summary>Gets ICC_IGRPEN0_EL1: Interrupt Controller Group 0 Enable.</summary>
    public static SystemRegister IccIgrpen0El1 => new(3, 0, 12, 12, 6);

    /// <summary>Gets ICC_IGRPEN1_EL1: Interrupt Controller Group 1 Enable.</summary>
    public static SystemRegister IccIgrpen1El1 => new(3, 0, 12, 12, 7);

    /// <summary>Gets ICC_SRE_EL2: Interrupt Controller System Register Enable (EL2).</summary>
    public static SystemRegister IccSreEl2 => new(3, 4, 12, 9, 5);

    /// <summary>Gets ICH_AP0R0_EL2: Interrupt Controller Hyp Active Priorities 0, group 0.</summary>
    public static SystemRegister IchAp0r0El2 => new(3, 4, 12, 8, 0);

    /// <summary>Gets ICH_AP0R1_EL2: Interrupt Controller Hyp Active Priorities 1, group 0.</summary>
    public static SystemRegister IchAp0r1El2 => new(3, 4, 12, 8, 1);

    /// <summary>Gets ICH_AP0R2_EL2: Interrupt Controller Hyp Active Priorities 2, group 0.</summary>
    public static SystemRegister IchAp0r2El2 => new(3, 4, 12, 8, 2);

    /// <summary>Gets ICH_AP0R3_EL2: Interrupt Controller Hyp Active Priorities 3, group 0.</summary>
    public static SystemRegister IchAp0r3El2 => new(3, 4, 12, 8, 3);

    /// <summary>Gets ICH_AP1R0_EL2: Interrupt Controller Hyp Active Priorities 0, group 1.</summary>
    public static SystemRegister IchAp1r0El2 => new(3, 4, 12, 9, 0);

    /// <summary>Gets ICH_AP1R1_EL2: Interrupt Controller Hyp Active Priorities 1, group 1.</summary>
    public static SystemRegister IchAp1r1El2 => new(3, 4, 12, 9, 1);

    /// <summary>Gets ICH_AP1R2_EL2: Interrupt Controller Hyp Active Priorities 2, group 1.</summary>
    public static SystemRegister IchAp1r2El2 => new(3, 4, 12, 9, 2);

    /// <summary>Gets ICH_AP1R3_EL2: Interrupt Controller Hyp Active Priorities 3, group 1.</summary>
    public static SystemRegister IchAp1r3El2 => new(3, 4, 12, 9, 3);

    /// <summary>Gets ICH_HCR_EL2: Interrupt Controller Hyp Control.</summary>
    public static SystemRegister IchHcrEl2 => new(3, 4, 12, 11, 0);

    /// <summary>Gets ICH_VTR_EL2: Interrupt Controller Hyp VGIC Type.</summary>
    public static SystemRegister IchVtrEl2 => new(3, 4, 12, 11, 1);

    /// <summary>Gets ICH_MISR_EL2: Interrupt Controller Hyp Maintenance Interrupt State.</summary>
    public static SystemRegister IchMisrEl2 => new(3, 4, 12, 11, 2);

    /// <summary>Gets ICH_EISR_EL2: Interrupt Controller Hyp End of Interrupt Status.</summary>
    public static SystemRegister IchEisrEl2 => new(3, 4, 12, 11, 3);

    /// <summary>Gets ICH_ELRSR_EL2: Interrupt Controller Hyp Empty List Register Status.</summary>
    public static SystemRegister IchElrsrEl2 => new(3, 4, 12, 11, 5);

    /// <summary>Gets ICH_VMCR_EL2: Interrupt Controller Hyp Virtual Machine Control.</summary>
    public static SystemRegister IchVmcrEl2 => new(3, 4, 12, 11, 7);

    // Aliases at EL2 with HCR_EL2.E2H = 1 (FEAT_VHE).
    /// <summary>Gets SCTLR_EL12: the EL1 register SCTLR_EL1.</summary>
    public static SystemRegister SctlrEl12 => new(3, 5, 1, 0, 0);

    /// <summary>Gets CPACR_EL12: the EL1 register CPACR_EL1.</summary>
    public static SystemRegister CpacrEl12 => new(3, 5, 1, 0, 2);

    /// <summary>Gets TTBR0_EL12: the EL1 register TTBR0_EL1.</summary>
    public static SystemRegister Ttbr0El12 => new(3, 5, 2, 0, 0);

    /// <summary>Gets TTBR1_EL12: the EL1 register TTBR1_EL1.</summary>
    public static SystemRegister Ttbr1El12 => new(3, 5, 2, 0, 1);

    /// <summary>Gets TCR_EL12: the EL1 register TCR_EL1.</summary>
    public static SystemRegister TcrEl12 => new(3, 5, 2, 0, 2);

    /// <summary>Gets SPSR_EL12: the EL1 register SPSR_EL1.</summary>
    public static SystemRegister SpsrEl12 => new(3, 5, 4, 0, 0);

    /// <summary>Gets ELR_EL12: the EL1 register ELR_EL1.</summary>
    public static SystemRegister ElrEl12 => new(3, 5, 4, 0, 1);

    /// <summary>Gets AFSR0_EL12: the EL1 register AFSR0_EL1.</summary>
    public static SystemRegister Afsr0El12 => new(3, 5, 5, 1, 0);

    /// <summary>Gets AFSR1_EL12: the EL1 register AFSR1_EL1.</summary>
    public static SystemRegister Afsr1El12 => new(3, 5, 5, 1, 1);

    /// <summary>Gets ESR_EL12: the EL1 register ESR_EL1.</summary>
    public static SystemRegister EsrEl12 => new(3, 5, 5, 2, 0);

    /// <summary>Gets FAR_EL12: the EL1 register FAR_EL1.</summary>
    public static SystemRegister FarEl12 => new(3, 5, 6, 0, 0);

    /// <summary>Gets MAIR_EL12: the EL1 register MAIR_EL1.</summary>
    public static SystemRegister MairEl12 => new(3, 5, 10, 2, 0);

    /// <summary>Gets AMAIR_EL12: the EL1 register AMAIR_EL1.</summary>
    public static SystemRegister AmairEl12 => new(3, 5, 10, 3, 0);

    /// <summary>Gets VBAR_EL12: the EL1 register VBAR_EL1.</summary>
    public static SystemRegister VbarEl12 => new(3, 5, 12, 0, 0);

    /// <summary>Gets CONTEXTIDR_EL12: the EL1 register CONTEXTIDR_EL1.</summary>
    public static SystemRegister ContextidrEl12 => new(3, 5, 13, 0, 1);

    /// <summary>Gets CNTKCTL_EL12: the EL1 register CNTKCTL_EL1.</summary>
    public static SystemRegister CntkctlEl12 => new(3, 5, 14, 1, 0);

    /// <summary>Gets CNTP_TVAL_EL02: the EL0 register CNTP_TVAL_EL0.</summary>
    public static SystemRegister CntpTvalEl02 => new(3, 5, 14, 2, 0);

    /// <summary>Gets CNTP_CTL_EL02: the EL0 register CNTP_CTL_EL0.</summary>
    public static SystemRegister CntpCtlEl02 => new(3, 5, 14, 2, 1);

    /// <summary>Gets CNTP_CVAL_EL02: the EL0 register CNTP_CVAL_EL0.</summary>
    public static SystemRegister CntpCvalEl02 => new(3, 5, 14, 2, 2);

    /// <summary>Gets CNTV_TVAL_EL02: the EL0 register CNTV_TVAL_EL0.</summary>
    public static SystemRegister CntvTvalEl02 => new(3, 5, 14, 3, 0);

    /// <summary>Gets CNTV_CTL_EL02: the EL0 register CNTV_CTL_EL0.</summary>
    public static SystemRegister CntvCtlEl02 => new(3, 5, 14, 3, 1);

    /// <summary>Gets CNTV_CVAL_EL02: the EL0 register CNTV_CVAL_EL0.</summary>
    public static SystemRegister CntvCvalEl02 => new(3, 5, 14, 3, 2);

    // Registers with a number.
    /// <summary>Gets DBGBVRn_EL1: Debug Breakpoint Value n.</summary>
    /// <param name="index">n, 0 to 15.</param>
    /// <returns>The name.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="index"/> is not 0 to 15.</exception>
    public static SystemRegister DbgBvrEl1(int index) => new(2, 0, 0, Check(index, 15, nameof(index)), 4);

    /// <summary>Gets DBGBCRn_EL1: Debug Breakpoint Control n.</summary>
    /// <param name="index">n, 0 to 15.</param>
    /// <returns>The name.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="index"/> is not 0 to 15.</exception>
    public static SystemRegister DbgBcrEl1(int index) => new(2, 0, 0, Check(index, 15, nameof(index)), 5);

    /// <summary>Gets DBGWVRn_EL1: Debug Watchpoint Value n.</summary>
    /// <param name="index">n, 0 to 15.</param>
    /// <returns>The name.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="index"/> is not 0 to 15.</exception>
    public static SystemRegister DbgWvrEl1(int index) => new(2, 0, 0, Check(index, 15, nameof(index)), 6);

    /// <summary>Gets DBGWCRn_EL1: Debug Watchpoint Control n.</summary>
    /// <param name="index">n, 0 to 15.</param>
    /// <returns>The name.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="index"/> is not 0 to 15.</exception>
    public static SystemRegister DbgWcrEl1(int index) => new(2, 0, 0, Check(index, 15, nameof(index)), 7);

    /// <summary>Gets PMEVCNTRn_EL0: Performance Monitors Event Count n.</summary>
    /// <param name="index">n, 0 to 30.</param>
    /// <returns>The name.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="index"/> is not 0 to 30.</exception>
    public static SystemRegister PmevcntrEl0(int index) => new(3, 3, 14, 8 + (Check(index, 30, nameof(index)) >> 3), index & 7);

    /// <summary>Gets PMEVTYPERn_EL0: Performance Monitors Event Type n.</summary>
    /// <param name="index">n, 0 to 30.</param>
    /// <returns>The name.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="index"/> is not 0 to 30.</exception>
    public static SystemRegister PmevtyperEl0(int index) => new(3, 3, 14, 12 + (Check(index, 30, nameof(index)) >> 3), index & 7);

    /// <summary>Gets ICH_LRn_EL2: Interrupt Controller Hyp List n.</summary>
    /// <param name="index">n, 0 to 15.</param>
    /// <returns>The name.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="index"/> is not 0 to 15.</exception>
    public static SystemRegister IchLrEl2(int index) => new(3, 4, 12, 12 + (Check(index, 15, nameof(index)) >> 3), index & 7);
}
