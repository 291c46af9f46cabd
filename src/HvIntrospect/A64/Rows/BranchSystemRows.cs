using HvIntrospect.Registers;

namespace HvIntrospect.A64.Rows;

/// <summary>The encodings of the group "Branches, exception generating and system instructions".</summary>
/// <remarks>
/// Letters: t Rt, n Rn, m Rm, i immediate or CRm, c condition, b number of the tested bit, g o0 of a system register, o op1, k CRn, p op2, Z should be zero.
/// </remarks>
internal static class BranchSystemRows
{
    /// <summary>Adds the rows.</summary>
    /// <param name="table">The table to add them to.</param>
    public static void AddTo(EncodingTableBuilder table)
    {
        table.Add(
            new EncodingSection(EncodingGroup.BranchesSystem, "condbranch", stepClass: StepClass.Branch),
            """
            01010100iiiiiiiiiiiiiiiiiii0cccc B_only_condbranch
            """u8);

        table.Add(
            new EncodingSection(EncodingGroup.BranchesSystem, "condbranch", A64Features.HBC, stepClass: StepClass.Branch),
            """
            01010100iiiiiiiiiiiiiiiiiii1cccc BC_only_condbranch
            """u8);

        table.Add(
            new EncodingSection(EncodingGroup.BranchesSystem, "exception", stepClass: StepClass.ExceptionGenerating),
            """
            11010100000iiiiiiiiiiiiiiii00001 SVC_EX_exception
            11010100000iiiiiiiiiiiiiiii00010 HVC_EX_exception
            11010100000iiiiiiiiiiiiiiii00011 SMC_EX_exception
            11010100001iiiiiiiiiiiiiiii00000 BRK_EX_exception
            11010100010iiiiiiiiiiiiiiii00000 HLT_EX_exception
            11010100101iiiiiiiiiiiiiiii00001 DCPS1_DC_exception
            11010100101iiiiiiiiiiiiiiii00010 DCPS2_DC_exception
            11010100101iiiiiiiiiiiiiiii00011 DCPS3_DC_exception
            """u8);

        table.Add(
            new EncodingSection(EncodingGroup.BranchesSystem, "systeminstrswithreg", A64Features.WFxT, stepClass: StepClass.Wait),
            """
            110101010000001100010000000ttttt WFET_only_systeminstrswithreg
            110101010000001100010000001ttttt WFIT_only_systeminstrswithreg
            """u8);

        table.Add(
            new EncodingSection(EncodingGroup.BranchesSystem, "hints", stepClass: StepClass.Wait),
            """
            11010101000000110010000001011111 WFE_HI_hints before HINT_HM_hints
            11010101000000110010000001111111 WFI_HI_hints before HINT_HM_hints
            """u8);

        // What a hint of a later extension does without that extension is nothing: its words are allocated everywhere.
        table.Add(
            new EncodingSection(EncodingGroup.BranchesSystem, "hints", stepClass: StepClass.LandingPad),
            """
            11010101000000110010001100111111 PACIASP_HI_hints before HINT_HM_hints
            11010101000000110010001101111111 PACIBSP_HI_hints before HINT_HM_hints
            110101010000001100100100ii011111 BTI_HB_hints before HINT_HM_hints
            """u8);

        table.Add(
            new EncodingSection(EncodingGroup.BranchesSystem, "hints"),
            """
            11010101000000110010000000011111 NOP_HI_hints before HINT_HM_hints
            11010101000000110010000000111111 YIELD_HI_hints before HINT_HM_hints
            11010101000000110010000010011111 SEV_HI_hints before HINT_HM_hints
            11010101000000110010000010111111 SEVL_HI_hints before HINT_HM_hints
            11010101000000110010000011011111 DGH_HI_hints before HINT_HM_hints
            11010101000000110010000011111111 XPACLRI_HI_hints before HINT_HM_hints
            11010101000000110010000100011111 PACIA1716_HI_hints before HINT_HM_hints
            11010101000000110010000101011111 PACIB1716_HI_hints before HINT_HM_hints
            11010101000000110010000110011111 AUTIA1716_HI_hints before HINT_HM_hints
            11010101000000110010000111011111 AUTIB1716_HI_hints before HINT_HM_hints
            11010101000000110010001000011111 ESB_HI_hints before HINT_HM_hints
            11010101000000110010001000111111 PSB_HC_hints before HINT_HM_hints
            11010101000000110010001001011111 TSB_HC_hints before HINT_HM_hints
            11010101000000110010001010011111 CSDB_HI_hints before HINT_HM_hints
            11010101000000110010001100011111 PACIAZ_HI_hints before HINT_HM_hints
            11010101000000110010001101011111 PACIBZ_HI_hints before HINT_HM_hints
            11010101000000110010001110011111 AUTIAZ_HI_hints before HINT_HM_hints
            11010101000000110010001110111111 AUTIASP_HI_hints before HINT_HM_hints
            11010101000000110010001111011111 AUTIBZ_HI_hints before HINT_HM_hints
            11010101000000110010001111111111 AUTIBSP_HI_hints before HINT_HM_hints
            11010101000000110010iiiiooo11111 HINT_HM_hints
            """u8);

        table.Add(
            new EncodingSection(EncodingGroup.BranchesSystem, "barriers"),
            """
            11010101000000110011iiii01011111 CLREX_BN_barriers
            11010101000000110011iiii10011111 DSB_BO_barriers
            11010101000000110011iiii10111111 DMB_BO_barriers
            11010101000000110011iiii11011111 ISB_BI_barriers
            """u8);

        table.Add(
            new EncodingSection(EncodingGroup.BranchesSystem, "barriers", A64Features.SB),
            """
            11010101000000110011ZZZZ11111111 SB_only_barriers
            """u8);

        table.Add(
            new EncodingSection(EncodingGroup.BranchesSystem, "barriers", A64Features.XS),
            """
            11010101000000110011ii1000111111 DSB_BOn_barriers
            """u8);

        table.Add(
            new EncodingSection(EncodingGroup.BranchesSystem, "pstate", A64Features.FlagM),
            """
            11010101000000000100ZZZZ00011111 CFINV_M_pstate before MSR_SI_pstate
            """u8);

        table.Add(
            new EncodingSection(EncodingGroup.BranchesSystem, "pstate", A64Features.FlagM2),
            """
            11010101000000000100ZZZZ00111111 XAFLAG_M_pstate before MSR_SI_pstate
            11010101000000000100ZZZZ01011111 AXFLAG_M_pstate before MSR_SI_pstate
            """u8);

        table.Add(
            new EncodingSection(EncodingGroup.BranchesSystem, "pstate", stepClass: StepClass.System, undefinedRule: UndefinedRule.ReservedPstateField),
            """
            1101010100000ooo0100iiiippp11111 MSR_SI_pstate
            """u8);

        table.Add(
            new EncodingSection(EncodingGroup.BranchesSystem, "systeminstrs", stepClass: StepClass.System),
            """
            1101010100001oookkkkiiiipppttttt SYS_CR_systeminstrs
            1101010100101oookkkkiiiipppttttt SYSL_RC_systeminstrs
            """u8);

        table.Add(
            new EncodingSection(EncodingGroup.BranchesSystem, "systemmove", stepClass: StepClass.System),
            """
            110101010001goookkkkiiiipppttttt MSR_SR_systemmove
            110101010011goookkkkiiiipppttttt MRS_RS_systemmove
            """u8);

        table.Add(
            new EncodingSection(EncodingGroup.BranchesSystem, "branch_reg", stepClass: StepClass.Branch),
            """
            1101011000011111000000nnnnn00000 BR_64_branch_reg
            1101011000111111000000nnnnn00000 BLR_64_branch_reg
            1101011001011111000000nnnnn00000 RET_64R_branch_reg
            """u8);

        table.Add(
            new EncodingSection(EncodingGroup.BranchesSystem, "branch_reg", stepClass: StepClass.ExceptionReturn),
            """
            11010110100111110000001111100000 ERET_64E_branch_reg
            11010110101111110000001111100000 DRPS_64E_branch_reg
            """u8);

        table.Add(
            new EncodingSection(EncodingGroup.BranchesSystem, "branch_reg", A64Features.PAuth, stepClass: StepClass.Branch),
            """
            1101011000011111000010nnnnn11111 BRAAZ_64_branch_reg
            1101011000011111000011nnnnn11111 BRABZ_64_branch_reg
            1101011000111111000010nnnnn11111 BLRAAZ_64_branch_reg
            1101011000111111000011nnnnn11111 BLRABZ_64_branch_reg
            11010110010111110000101111111111 RETAA_64E_branch_reg
            11010110010111110000111111111111 RETAB_64E_branch_reg
            1101011100011111000010nnnnnmmmmm BRAA_64P_branch_reg
            1101011100011111000011nnnnnmmmmm BRAB_64P_branch_reg
            1101011100111111000010nnnnnmmmmm BLRAA_64P_branch_reg
            1101011100111111000011nnnnnmmmmm BLRAB_64P_branch_reg
            """u8);

        table.Add(
            new EncodingSection(EncodingGroup.BranchesSystem, "branch_reg", A64Features.PAuth, stepClass: StepClass.ExceptionReturn),
            """
            11010110100111110000101111111111 ERETAA_64E_branch_reg
            11010110100111110000111111111111 ERETAB_64E_branch_reg
            """u8);

        table.Add(
            new EncodingSection(EncodingGroup.BranchesSystem, "branch_imm", stepClass: StepClass.Branch),
            """
            000101iiiiiiiiiiiiiiiiiiiiiiiiii B_only_branch_imm
            100101iiiiiiiiiiiiiiiiiiiiiiiiii BL_only_branch_imm
            """u8);

        table.Add(
            new EncodingSection(EncodingGroup.BranchesSystem, "compbranch", stepClass: StepClass.Branch),
            """
            00110100iiiiiiiiiiiiiiiiiiittttt CBZ_32_compbranch
            00110101iiiiiiiiiiiiiiiiiiittttt CBNZ_32_compbranch
            10110100iiiiiiiiiiiiiiiiiiittttt CBZ_64_compbranch
            10110101iiiiiiiiiiiiiiiiiiittttt CBNZ_64_compbranch
            """u8);

        table.Add(
            new EncodingSection(EncodingGroup.BranchesSystem, "testbranch", stepClass: StepClass.Branch),
            """
            b0110110bbbbbiiiiiiiiiiiiiittttt TBZ_only_testbranch
            b0110111bbbbbiiiiiiiiiiiiiittttt TBNZ_only_testbranch
            """u8);
    }
}
