using System;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace HvIntrospect.Registers;

/// <content>Names as text.</content>
public readonly partial struct SystemRegister
{
    /// <summary>Gets the register's name in the Arm Architecture Reference Manual.</summary>
    /// <param name="name">The name, for example <c>HCR_EL2</c>; empty when false is returned.</param>
    /// <returns>False for an encoding that has no name here.</returns>
    public bool TryGetName(out string name)
    {
        if (Names.ByEncoding.TryGetValue(Encoding, out string? known))
        {
            name = known;
            return true;
        }

        name = string.Empty;
        return false;
    }

    /// <summary>Finds a register by its name in the Arm Architecture Reference Manual or by its generic name.</summary>
    /// <param name="text">For example <c>HCR_EL2</c> or <c>S3_4_C1_C1_0</c>; upper and lower case are the same.</param>
    /// <param name="register">The register; the default value when false is returned.</param>
    /// <returns>False when the text is no known name.</returns>
    public static bool TryParse([NotNullWhen(true)] string? text, out SystemRegister register)
    {
        if (text is not null && Names.ByName.TryGetValue(text, out register))
        {
            return true;
        }

        return TryParseGeneric(text, out register);
    }

    /// <summary>Formats the name.</summary>
    /// <returns>The Arm ARM's name where there is one, for example <c>HCR_EL2</c>; otherwise the generic name, for example <c>S3_4_C15_C1_0</c>.</returns>
    public override string ToString() => TryGetName(out string name)
        ? name
        : string.Format(CultureInfo.InvariantCulture, "S{0}_{1}_C{2}_C{3}_{4}", Op0, Op1, CRn, CRm, Op2);

    private static bool TryParseGeneric(string? text, out SystemRegister register)
    {
        register = default;
        string[] parts = text is null ? [] : text.Split('_');
        if (parts.Length == 5
            && TryParseField(parts[0], "S", 3, out int op0)
            && TryParseField(parts[1], string.Empty, 7, out int op1)
            && TryParseField(parts[2], "C", 15, out int crn)
            && TryParseField(parts[3], "C", 15, out int crm)
            && TryParseField(parts[4], string.Empty, 7, out int op2))
        {
            register = new SystemRegister(op0, op1, crn, crm, op2);
            return true;
        }

        return false;
    }

    private static bool TryParseField(string text, string prefix, int maximum, out int value)
    {
        value = 0;
        if (text.Length == prefix.Length || !text.StartsWith(prefix, StringComparison.OrdinalIgnoreCase))
        {
            return false;
        }

        for (int i = prefix.Length; i < text.Length; i++)
        {
            int digit = text[i] - '0';
            value = (value * 10) + digit;
            if ((uint)digit > 9 || value > maximum)
            {
                return false;
            }
        }

        return true;
    }

    // A class of its own, so that using a register does not build the tables.
    private static class Names
    {
        internal static readonly Dictionary<ushort, string> ByEncoding = new();

        internal static readonly Dictionary<string, SystemRegister> ByName = new(StringComparer.OrdinalIgnoreCase);

        private static readonly (string Name, SystemRegister Register)[] s_named =
        [
            ("MIDR_EL1", MidrEl1),
            ("MPIDR_EL1", MpidrEl1),
            ("REVIDR_EL1", RevidrEl1),
            ("ID_PFR0_EL1", IdPfr0El1),
            ("ID_PFR1_EL1", IdPfr1El1),
            ("ID_DFR0_EL1", IdDfr0El1),
            ("ID_AFR0_EL1", IdAfr0El1),
            ("ID_MMFR0_EL1", IdMmfr0El1),
            ("ID_MMFR1_EL1", IdMmfr1El1),
            ("ID_MMFR2_EL1", IdMmfr2El1),
            ("ID_MMFR3_EL1", IdMmfr3El1),
            ("ID_ISAR0_EL1", IdIsar0El1),
            ("ID_ISAR1_EL1", IdIsar1El1),
            ("ID_ISAR2_EL1", IdIsar2El1),
            ("ID_ISAR3_EL1", IdIsar3El1),
            ("ID_ISAR4_EL1", IdIsar4El1),
            ("ID_ISAR5_EL1", IdIsar5El1),
            ("ID_MMFR4_EL1", IdMmfr4El1),
            ("ID_ISAR6_EL1", IdIsar6El1),
            ("MVFR0_EL1", Mvfr0El1),
            ("MVFR1_EL1", Mvfr1El1),
            ("MVFR2_EL1", Mvfr2El1),
            ("ID_PFR2_EL1", IdPfr2El1),
            ("ID_DFR1_EL1", IdDfr1El1),
            ("ID_MMFR5_EL1", IdMmfr5El1),
            ("ID_AA64PFR0_EL1", IdAa64Pfr0El1),
            ("ID_AA64PFR1_EL1", IdAa64Pfr1El1),
            ("ID_AA64PFR2_EL1", IdAa64Pfr2El1),
            ("ID_AA64ZFR0_EL1", IdAa64Zfr0El1),
            ("ID_AA64SMFR0_EL1", IdAa64Smfr0El1),
            ("ID_AA64FPFR0_EL1", IdAa64Fpfr0El1),
            ("ID_AA64DFR0_EL1", IdAa64Dfr0El1),
            ("ID_AA64DFR1_EL1", IdAa64Dfr1El1),
            ("ID_AA64DFR2_EL1", IdAa64Dfr2El1),
            ("ID_AA64AFR0_EL1", IdAa64Afr0El1),
            ("ID_AA64AFR1_EL1", IdAa64Afr1El1),
            ("ID_AA64ISAR0_EL1", IdAa64Isar0El1),
            ("ID_AA64ISAR1_EL1", IdAa64Isar1El1),
            ("ID_AA64ISAR2_EL1", IdAa64Isar2El1),
            ("ID_AA64ISAR3_EL1", IdAa64Isar3El1),
            ("ID_AA64MMFR0_EL1", IdAa64Mmfr0El1),
            ("ID_AA64MMFR1_EL1", IdAa64Mmfr1El1),
            ("ID_AA64MMFR2_EL1", IdAa64Mmfr2El1),
            ("ID_AA64MMFR3_EL1", IdAa64Mmfr3El1),
            ("ID_AA64MMFR4_EL1", IdAa64Mmfr4El1),
            ("CCSIDR_EL1", CcsidrEl1),
            ("CLIDR_EL1", ClidrEl1),
            ("GMID_EL1", GmidEl1),
            ("CCSIDR2_EL1", Ccsidr2El1),
            ("AIDR_EL1", AidrEl1),
            ("CSSELR_EL1", CsselrEl1),
            ("CTR_EL0", CtrEl0),
            ("DCZID_EL0", DczidEl0),
            ("VPIDR_EL2", VpidrEl2),
            ("VMPIDR_EL2", VmpidrEl2),
            ("SCTLR_EL1", SctlrEl1),
            ("ACTLR_EL1", ActlrEl1),
            ("CPACR_EL1", CpacrEl1),
            ("SCTLR_EL2", SctlrEl2),
            ("ACTLR_EL2", ActlrEl2),
            ("HCR_EL2", HcrEl2),
            ("MDCR_EL2", MdcrEl2),
            ("CPTR_EL2", CptrEl2),
            ("HSTR_EL2", HstrEl2),
            ("HACR_EL2", HacrEl2),
            ("HCRX_EL2", HcrxEl2),
            ("TTBR0_EL1", Ttbr0El1),
            ("TTBR1_EL1", Ttbr1El1),
            ("TCR_EL1", TcrEl1),
            ("TCR2_EL1", Tcr2El1),
            ("TTBR0_EL2", Ttbr0El2),
            ("TTBR1_EL2", Ttbr1El2),
            ("TCR_EL2", TcrEl2),
            ("VTTBR_EL2", VttbrEl2),
            ("VTCR_EL2", VtcrEl2),
            ("DACR32_EL2", Dacr32El2),
            ("MAIR_EL1", MairEl1),
            ("AMAIR_EL1", AmairEl1),
            ("MAIR_EL2", MairEl2),
            ("AMAIR_EL2", AmairEl2),
            ("LORSA_EL1", LorsaEl1),
            ("LOREA_EL1", LoreaEl1),
            ("LORN_EL1", LornEl1),
            ("LORC_EL1", LorcEl1),
            ("LORID_EL1", LoridEl1),
            ("PAR_EL1", ParEl1),
            ("CONTEXTIDR_EL1", ContextidrEl1),
            ("CONTEXTIDR_EL2", ContextidrEl2),
            ("SPSR_EL1", SpsrEl1),
            ("ELR_EL1", ElrEl1),
            ("SP_EL0", SpEl0),
            ("SPSel", SPSel),
            ("CurrentEL", CurrentEL),
            ("PAN", Pan),
            ("UAO", Uao),
            ("NZCV", Nzcv),
            ("DAIF", Daif),
            ("DIT", Dit),
            ("SSBS", Ssbs),
            ("TCO", Tco),
            ("FPCR", Fpcr),
            ("FPSR", Fpsr),
            ("DSPSR_EL0", DspsrEl0),
            ("DLR_EL0", DlrEl0),
            ("SPSR_EL2", SpsrEl2),
            ("ELR_EL2", ElrEl2),
            ("SP_EL1", SpEl1),
            ("SPSR_irq", SpsrIrq),
            ("SPSR_abt", SpsrAbt),
            ("SPSR_und", SpsrUnd),
            ("SPSR_fiq", SpsrFiq),
            ("SP_EL2", SpEl2),
            ("AFSR0_EL1", Afsr0El1),
            ("AFSR1_EL1", Afsr1El1),
            ("ESR_EL1", EsrEl1),
            ("IFSR32_EL2", Ifsr32El2),
            ("AFSR0_EL2", Afsr0El2),
            ("AFSR1_EL2", Afsr1El2),
            ("ESR_EL2", EsrEl2),
            ("VSESR_EL2", VsesrEl2),
            ("FPEXC32_EL2", Fpexc32El2),
            ("FAR_EL1", FarEl1),
            ("FAR_EL2", FarEl2),
            ("HPFAR_EL2", HpfarEl2),
            ("VBAR_EL1", VbarEl1),
            ("RVBAR_EL1", RvbarEl1),
            ("RMR_EL1", RmrEl1),
            ("ISR_EL1", IsrEl1),
            ("DISR_EL1", DisrEl1),
            ("VBAR_EL2", VbarEl2),
            ("RVBAR_EL2", RvbarEl2),
            ("RMR_EL2", RmrEl2),
            ("VDISR_EL2", VdisrEl2),
            ("APIAKeyLo_EL1", ApiaKeyLoEl1),
            ("APIAKeyHi_EL1", ApiaKeyHiEl1),
            ("APIBKeyLo_EL1", ApibKeyLoEl1),
            ("APIBKeyHi_EL1", ApibKeyHiEl1),
            ("APDAKeyLo_EL1", ApdaKeyLoEl1),
            ("APDAKeyHi_EL1", ApdaKeyHiEl1),
            ("APDBKeyLo_EL1", ApdbKeyLoEl1),
            ("APDBKeyHi_EL1", ApdbKeyHiEl1),
            ("APGAKeyLo_EL1", ApgaKeyLoEl1),
            ("APGAKeyHi_EL1", ApgaKeyHiEl1),
            ("RGSR_EL1", RgsrEl1),
            ("GCR_EL1", GcrEl1),
            ("TFSR_EL1", TfsrEl1),
            ("TFSRE0_EL1", Tfsre0El1),
            ("TPIDR_EL1", TpidrEl1),
            ("ACCDATA_EL1", AccdataEl1),
            ("RCWMASK_EL1", RcwmaskEl1),
            ("RCWSMASK_EL1", RcwsmaskEl1),
            ("TPIDR_EL0", TpidrEl0),
            ("TPIDRRO_EL0", TpidrroEl0),
            ("TPIDR_EL2", TpidrEl2),
            ("CNTKCTL_EL1", CntkctlEl1),
            ("CNTFRQ_EL0", CntfrqEl0),
            ("CNTPCT_EL0", CntpctEl0),
            ("CNTVCT_EL0", CntvctEl0),
            ("CNTP_TVAL_EL0", CntpTvalEl0),
            ("CNTP_CTL_EL0", CntpCtlEl0),
            ("CNTP_CVAL_EL0", CntpCvalEl0),
            ("CNTV_TVAL_EL0", CntvTvalEl0),
            ("CNTV_CTL_EL0", CntvCtlEl0),
            ("CNTV_CVAL_EL0", CntvCvalEl0),
            ("CNTVOFF_EL2", CntvoffEl2),
            ("CNTHCTL_EL2", CnthctlEl2),
            ("CNTHP_TVAL_EL2", CnthpTvalEl2),
            ("CNTHP_CTL_EL2", CnthpCtlEl2),
            ("CNTHP_CVAL_EL2", CnthpCvalEl2),
            ("CNTHV_TVAL_EL2", CnthvTvalEl2),
            ("CNTHV_CTL_EL2", CnthvCtlEl2),
            ("CNTHV_CVAL_EL2", CnthvCvalEl2),
            ("PMINTENSET_EL1", PmintensetEl1),
            ("PMINTENCLR_EL1", PmintenclrEl1),
            ("PMCR_EL0", PmcrEl0),
            ("PMCNTENSET_EL0", PmcntensetEl0),
            ("PMCNTENCLR_EL0", PmcntenclrEl0),
            ("PMOVSCLR_EL0", PmovsclrEl0),
            ("PMSWINC_EL0", PmswincEl0),
            ("PMSELR_EL0", PmselrEl0),
            ("PMCEID0_EL0", Pmceid0El0),
            ("PMCEID1_EL0", Pmceid1El0),
            ("PMCCNTR_EL0", PmccntrEl0),
            ("PMXEVTYPER_EL0", PmxevtyperEl0),
            ("PMXEVCNTR_EL0", PmxevcntrEl0),
            ("PMUSERENR_EL0", PmuserenrEl0),
            ("PMOVSSET_EL0", PmovssetEl0),
            ("PMCCFILTR_EL0", PmccfiltrEl0),
            ("OSDTRRX_EL1", OsdtrrxEl1),
            ("MDCCINT_EL1", MdccintEl1),
            ("MDSCR_EL1", MdscrEl1),
            ("OSDTRTX_EL1", OsdtrtxEl1),
            ("OSECCR_EL1", OseccrEl1),
            ("MDRAR_EL1", MdrarEl1),
            ("OSLAR_EL1", OslarEl1),
            ("OSLSR_EL1", OslsrEl1),
            ("OSDLR_EL1", OsdlrEl1),
            ("DBGPRCR_EL1", DbgprcrEl1),
            ("DBGCLAIMSET_EL1", DbgclaimsetEl1),
            ("DBGCLAIMCLR_EL1", DbgclaimclrEl1),
            ("DBGAUTHSTATUS_EL1", DbgauthstatusEl1),
            ("MDCCSR_EL0", MdccsrEl0),
            ("DBGDTR_EL0", DbgdtrEl0),
            ("DBGDTRRX_EL0", DbgdtrrxEl0),
            ("DBGVCR32_EL2", Dbgvcr32El2),
            ("ICC_PMR_EL1", IccPmrEl1),
            ("ICC_IAR0_EL1", IccIar0El1),
            ("ICC_EOIR0_EL1", IccEoir0El1),
            ("ICC_HPPIR0_EL1", IccHppir0El1),
            ("ICC_BPR0_EL1", IccBpr0El1),
            ("ICC_AP0R0_EL1", IccAp0r0El1),
            ("ICC_AP0R1_EL1", IccAp0r1El1),
            ("ICC_AP0R2_EL1", IccAp0r2El1),
            ("ICC_AP0R3_EL1", IccAp0r3El1),
            ("ICC_AP1R0_EL1", IccAp1r0El1),
            ("ICC_AP1R1_EL1", IccAp1r1El1),
            ("ICC_AP1R2_EL1", IccAp1r2El1),
            ("ICC_AP1R3_EL1", IccAp1r3El1),
            ("ICC_DIR_EL1", IccDirEl1),
            ("ICC_RPR_EL1", IccRprEl1),
            ("ICC_SGI1R_EL1", IccSgi1rEl1),
            ("ICC_ASGI1R_EL1", IccAsgi1rEl1),
            ("ICC_SGI0R_EL1", IccSgi0rEl1),
            ("ICC_IAR1_EL1", IccIar1El1),
            ("ICC_EOIR1_EL1", IccEoir1El1),
            ("ICC_HPPIR1_EL1", IccHppir1El1),
            ("ICC_BPR1_EL1", IccBpr1El1),
            ("ICC_CTLR_EL1", IccCtlrEl1),
            ("ICC_SRE_EL1", IccSreEl1),
            ("ICC_IGRPEN0_EL1", IccIgrpen0El1),
            ("ICC_IGRPEN1_EL1", IccIgrpen1El1),
            ("ICC_SRE_EL2", IccSreEl2),
            ("ICH_AP0R0_EL2", IchAp0r0El2),
            ("ICH_AP0R1_EL2", IchAp0r1El2),
            ("ICH_AP0R2_EL2", IchAp0r2El2),
            ("ICH_AP0R3_EL2", IchAp0r3El2),
            ("ICH_AP1R0_EL2", IchAp1r0El2),
            ("ICH_AP1R1_EL2", IchAp1r1El2),
            ("ICH_AP1R2_EL2", IchAp1r2El2),
            ("ICH_AP1R3_EL2", IchAp1r3El2),
            ("ICH_HCR_EL2", IchHcrEl2),
            ("ICH_VTR_EL2", IchVtrEl2),
            ("ICH_MISR_EL2", IchMisrEl2),
            ("ICH_EISR_EL2", IchEisrEl2),
            ("ICH_ELRSR_EL2", IchElrsrEl2),
            ("ICH_VMCR_EL2", IchVmcrEl2),
            ("SCTLR_EL12", SctlrEl12),
            ("CPACR_EL12", CpacrEl12),
            ("TTBR0_EL12", Ttbr0El12),
            ("TTBR1_EL12", Ttbr1El12),
            ("TCR_EL12", TcrEl12),
            ("SPSR_EL12", SpsrEl12),
            ("ELR_EL12", ElrEl12),
            ("AFSR0_EL12", Afsr0El12),
            ("AFSR1_EL12", Afsr1El12),
            ("ESR_EL12", EsrEl12),
            ("FAR_EL12", FarEl12),
            ("MAIR_EL12", MairEl12),
            ("AMAIR_EL12", AmairEl12),
            ("VBAR_EL12", VbarEl12),
            ("CONTEXTIDR_EL12", ContextidrEl12),
            ("CNTKCTL_EL12", CntkctlEl12),
            ("CNTP_TVAL_EL02", CntpTvalEl02),
            ("CNTP_CTL_EL02", CntpCtlEl02),
            ("CNTP_CVAL_EL02", CntpCvalEl02),
            ("CNTV_TVAL_EL02", CntvTvalEl02),
            ("CNTV_CTL_EL02", CntvCtlEl02),
            ("CNTV_CVAL_EL02", CntvCvalEl02),
        ];

        private static readonly (string Prefix, string Suffix, int Count, Func<int, SystemRegister> Get)[] s_numbered =
        [
            ("DBGBVR", "_EL1", 16, DbgBvrEl1),
            ("DBGBCR", "_EL1", 16, DbgBcrEl1),
            ("DBGWVR", "_EL1", 16, DbgWvrEl1),
            ("DBGWCR", "_EL1", 16, DbgWcrEl1),
            ("PMEVCNTR", "_EL0", 31, PmevcntrEl0),
            ("PMEVTYPER", "_EL0", 31, PmevtyperEl0),
            ("ICH_LR", "_EL2", 16, IchLrEl2),
        ];

        static Names()
        {
            foreach ((string name, SystemRegister register) in s_named)
            {
                Add(name, register);
            }

            foreach ((string prefix, string suffix, int count, Func<int, SystemRegister> get) in s_numbered)
            {
                for (int n = 0; n < count; n++)
                {
                    Add(prefix + n.ToString(CultureInfo.InvariantCulture) + suffix, get(n));
                }
            }

            // One encoding, two registers: a read is DBGDTRRX_EL0, a write is DBGDTRTX_EL0.
            ByName.Add("DBGDTRTX_EL0", DbgdtrrxEl0);

            static void Add(string name, SystemRegister register)
            {
                ByEncoding.Add(register.Encoding, name);
                ByName.Add(name, register);
            }
        }
    }
}
