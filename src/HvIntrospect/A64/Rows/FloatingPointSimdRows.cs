using HvIntrospect.Registers;

namespace HvIntrospect.A64.Rows;

/// <summary>The encodings of the group "Data processing -- scalar floating-point and Advanced SIMD".</summary>
/// <remarks>
/// Letters: d Rd, n Rn, m Rm, a Ra, q Q, z size, i j immediates, h immh, x scale, s shift of the immediate, l m k the index and register of an element, c condition,
/// v NZCV, Z should be zero.
/// </remarks>
internal static class FloatingPointSimdRows
{
    /// <summary>Adds the rows.</summary>
    /// <param name="table">The table to add them to.</param>
    public static void AddTo(EncodingTableBuilder table)
    {
        table.Add(
            new EncodingSection(EncodingGroup.FloatingPointSimd, "float2fix"),
            """
            00011110000000101xxxxxnnnnnddddd SCVTF_S32_float2fix
            00011110000000111xxxxxnnnnnddddd UCVTF_S32_float2fix
            00011110000110001xxxxxnnnnnddddd FCVTZS_32S_float2fix
            00011110000110011xxxxxnnnnnddddd FCVTZU_32S_float2fix
            1001111000000010xxxxxxnnnnnddddd SCVTF_S64_float2fix
            1001111000000011xxxxxxnnnnnddddd UCVTF_S64_float2fix
            1001111000011000xxxxxxnnnnnddddd FCVTZS_64S_float2fix
            1001111000011001xxxxxxnnnnnddddd FCVTZU_64S_float2fix
            00011110010000101xxxxxnnnnnddddd SCVTF_D32_float2fix
            00011110010000111xxxxxnnnnnddddd UCVTF_D32_float2fix
            00011110010110001xxxxxnnnnnddddd FCVTZS_32D_float2fix
            00011110010110011xxxxxnnnnnddddd FCVTZU_32D_float2fix
            1001111001000010xxxxxxnnnnnddddd SCVTF_D64_float2fix
            1001111001000011xxxxxxnnnnnddddd UCVTF_D64_float2fix
            1001111001011000xxxxxxnnnnnddddd FCVTZS_64D_float2fix
            1001111001011001xxxxxxnnnnnddddd FCVTZU_64D_float2fix
            """u8);

        table.Add(
            new EncodingSection(EncodingGroup.FloatingPointSimd, "float2fix", A64Features.FP16),
            """
            00011110110000101xxxxxnnnnnddddd SCVTF_H32_float2fix
            00011110110000111xxxxxnnnnnddddd UCVTF_H32_float2fix
            00011110110110001xxxxxnnnnnddddd FCVTZS_32H_float2fix
            00011110110110011xxxxxnnnnnddddd FCVTZU_32H_float2fix
            1001111011000010xxxxxxnnnnnddddd SCVTF_H64_float2fix
            1001111011000011xxxxxxnnnnnddddd UCVTF_H64_float2fix
            1001111011011000xxxxxxnnnnnddddd FCVTZS_64H_float2fix
            1001111011011001xxxxxxnnnnnddddd FCVTZU_64H_float2fix
            """u8);

        table.Add(
            new EncodingSection(EncodingGroup.FloatingPointSimd, "float2int"),
            """
            0001111000100000000000nnnnnddddd FCVTNS_32S_float2int
            0001111000100001000000nnnnnddddd FCVTNU_32S_float2int
            0001111000100010000000nnnnnddddd SCVTF_S32_float2int
            0001111000100011000000nnnnnddddd UCVTF_S32_float2int
            0001111000100100000000nnnnnddddd FCVTAS_32S_float2int
            0001111000100101000000nnnnnddddd FCVTAU_32S_float2int
            0001111000100110000000nnnnnddddd FMOV_32S_float2int
            0001111000100111000000nnnnnddddd FMOV_S32_float2int
            0001111000101000000000nnnnnddddd FCVTPS_32S_float2int
            0001111000101001000000nnnnnddddd FCVTPU_32S_float2int
            0001111000110000000000nnnnnddddd FCVTMS_32S_float2int
            0001111000110001000000nnnnnddddd FCVTMU_32S_float2int
            0001111000111000000000nnnnnddddd FCVTZS_32S_float2int
            0001111000111001000000nnnnnddddd FCVTZU_32S_float2int
            1001111000100000000000nnnnnddddd FCVTNS_64S_float2int
            1001111000100001000000nnnnnddddd FCVTNU_64S_float2int
            1001111000100010000000nnnnnddddd SCVTF_S64_float2int
            1001111000100011000000nnnnnddddd UCVTF_S64_float2int
            1001111000100100000000nnnnnddddd FCVTAS_64S_float2int
            1001111000100101000000nnnnnddddd FCVTAU_64S_float2int
            1001111000101000000000nnnnnddddd FCVTPS_64S_float2int
            1001111000101001000000nnnnnddddd FCVTPU_64S_float2int
            1001111000110000000000nnnnnddddd FCVTMS_64S_float2int
            1001111000110001000000nnnnnddddd FCVTMU_64S_float2int
            1001111000111000000000nnnnnddddd FCVTZS_64S_float2int
            1001111000111001000000nnnnnddddd FCVTZU_64S_float2int
            0001111001100000000000nnnnnddddd FCVTNS_32D_float2int
            0001111001100001000000nnnnnddddd FCVTNU_32D_float2int
            0001111001100010000000nnnnnddddd SCVTF_D32_float2int
            0001111001100011000000nnnnnddddd UCVTF_D32_float2int
            0001111001100100000000nnnnnddddd FCVTAS_32D_float2int
            0001111001100101000000nnnnnddddd FCVTAU_32D_float2int
            0001111001101000000000nnnnnddddd FCVTPS_32D_float2int
            0001111001101001000000nnnnnddddd FCVTPU_32D_float2int
            0001111001110000000000nnnnnddddd FCVTMS_32D_float2int
            0001111001110001000000nnnnnddddd FCVTMU_32D_float2int
            0001111001111000000000nnnnnddddd FCVTZS_32D_float2int
            0001111001111001000000nnnnnddddd FCVTZU_32D_float2int
            1001111001100000000000nnnnnddddd FCVTNS_64D_float2int
            1001111001100001000000nnnnnddddd FCVTNU_64D_float2int
            1001111001100010000000nnnnnddddd SCVTF_D64_float2int
            1001111001100011000000nnnnnddddd UCVTF_D64_float2int
            1001111001100100000000nnnnnddddd FCVTAS_64D_float2int
            1001111001100101000000nnnnnddddd FCVTAU_64D_float2int
            1001111001100110000000nnnnnddddd FMOV_64D_float2int
            1001111001100111000000nnnnnddddd FMOV_D64_float2int
            1001111001101000000000nnnnnddddd FCVTPS_64D_float2int
            1001111001101001000000nnnnnddddd FCVTPU_64D_float2int
            1001111001110000000000nnnnnddddd FCVTMS_64D_float2int
            1001111001110001000000nnnnnddddd FCVTMU_64D_float2int
            1001111001111000000000nnnnnddddd FCVTZS_64D_float2int
            1001111001111001000000nnnnnddddd FCVTZU_64D_float2int
            1001111010101110000000nnnnnddddd FMOV_64VX_float2int
            1001111010101111000000nnnnnddddd FMOV_V64I_float2int
            """u8);

        table.Add(
            new EncodingSection(EncodingGroup.FloatingPointSimd, "float2int", A64Features.FP16),
            """
            0001111011100000000000nnnnnddddd FCVTNS_32H_float2int
            0001111011100001000000nnnnnddddd FCVTNU_32H_float2int
            0001111011100010000000nnnnnddddd SCVTF_H32_float2int
            0001111011100011000000nnnnnddddd UCVTF_H32_float2int
            0001111011100100000000nnnnnddddd FCVTAS_32H_float2int
            0001111011100101000000nnnnnddddd FCVTAU_32H_float2int
            0001111011100110000000nnnnnddddd FMOV_32H_float2int
            0001111011100111000000nnnnnddddd FMOV_H32_float2int
            0001111011101000000000nnnnnddddd FCVTPS_32H_float2int
            0001111011101001000000nnnnnddddd FCVTPU_32H_float2int
            0001111011110000000000nnnnnddddd FCVTMS_32H_float2int
            0001111011110001000000nnnnnddddd FCVTMU_32H_float2int
            0001111011111000000000nnnnnddddd FCVTZS_32H_float2int
            0001111011111001000000nnnnnddddd FCVTZU_32H_float2int
            1001111011100000000000nnnnnddddd FCVTNS_64H_float2int
            1001111011100001000000nnnnnddddd FCVTNU_64H_float2int
            1001111011100010000000nnnnnddddd SCVTF_H64_float2int
            1001111011100011000000nnnnnddddd UCVTF_H64_float2int
            1001111011100100000000nnnnnddddd FCVTAS_64H_float2int
            1001111011100101000000nnnnnddddd FCVTAU_64H_float2int
            1001111011100110000000nnnnnddddd FMOV_64H_float2int
            1001111011100111000000nnnnnddddd FMOV_H64_float2int
            1001111011101000000000nnnnnddddd FCVTPS_64H_float2int
            1001111011101001000000nnnnnddddd FCVTPU_64H_float2int
            1001111011110000000000nnnnnddddd FCVTMS_64H_float2int
            1001111011110001000000nnnnnddddd FCVTMU_64H_float2int
            1001111011111000000000nnnnnddddd FCVTZS_64H_float2int
            1001111011111001000000nnnnnddddd FCVTZU_64H_float2int
            """u8);

        table.Add(
            new EncodingSection(EncodingGroup.FloatingPointSimd, "float2int", A64Features.JSCVT),
            """
            0001111001111110000000nnnnnddddd FJCVTZS_32D_float2int
            """u8);

        table.Add(
            new EncodingSection(EncodingGroup.FloatingPointSimd, "floatdp1"),
            """
            0001111000100000010000nnnnnddddd FMOV_S_floatdp1
            0001111000100000110000nnnnnddddd FABS_S_floatdp1
            0001111000100001010000nnnnnddddd FNEG_S_floatdp1
            0001111000100001110000nnnnnddddd FSQRT_S_floatdp1
            0001111000100100010000nnnnnddddd FRINTN_S_floatdp1
            0001111000100100110000nnnnnddddd FRINTP_S_floatdp1
            0001111000100101010000nnnnnddddd FRINTM_S_floatdp1
            0001111000100101110000nnnnnddddd FRINTZ_S_floatdp1
            0001111000100110010000nnnnnddddd FRINTA_S_floatdp1
            0001111000100111010000nnnnnddddd FRINTX_S_floatdp1
            0001111000100111110000nnnnnddddd FRINTI_S_floatdp1
            0001111001100000010000nnnnnddddd FMOV_D_floatdp1
            0001111001100000110000nnnnnddddd FABS_D_floatdp1
            0001111001100001010000nnnnnddddd FNEG_D_floatdp1
            0001111001100001110000nnnnnddddd FSQRT_D_floatdp1
            0001111001100100010000nnnnnddddd FRINTN_D_floatdp1
            0001111001100100110000nnnnnddddd FRINTP_D_floatdp1
            0001111001100101010000nnnnnddddd FRINTM_D_floatdp1
            0001111001100101110000nnnnnddddd FRINTZ_D_floatdp1
            0001111001100110010000nnnnnddddd FRINTA_D_floatdp1
            0001111001100111010000nnnnnddddd FRINTX_D_floatdp1
            0001111001100111110000nnnnnddddd FRINTI_D_floatdp1
            """u8);

        table.Add(
            new EncodingSection(EncodingGroup.FloatingPointSimd, "floatdp1", A64Features.FP16),
            """
            0001111011100000010000nnnnnddddd FMOV_H_floatdp1
            0001111011100000110000nnnnnddddd FABS_H_floatdp1
            0001111011100001010000nnnnnddddd FNEG_H_floatdp1
            0001111011100001110000nnnnnddddd FSQRT_H_floatdp1
            0001111011100100010000nnnnnddddd FRINTN_H_floatdp1
            0001111011100100110000nnnnnddddd FRINTP_H_floatdp1
            0001111011100101010000nnnnnddddd FRINTM_H_floatdp1
            0001111011100101110000nnnnnddddd FRINTZ_H_floatdp1
            0001111011100110010000nnnnnddddd FRINTA_H_floatdp1
            0001111011100111010000nnnnnddddd FRINTX_H_floatdp1
            0001111011100111110000nnnnnddddd FRINTI_H_floatdp1
            """u8);

        table.Add(
            new EncodingSection(EncodingGroup.FloatingPointSimd, "floatdp1"),
            """
            0001111000100010110000nnnnnddddd FCVT_DS_floatdp1
            0001111000100011110000nnnnnddddd FCVT_HS_floatdp1
            0001111001100010010000nnnnnddddd FCVT_SD_floatdp1
            0001111001100011110000nnnnnddddd FCVT_HD_floatdp1
            0001111011100010010000nnnnnddddd FCVT_SH_floatdp1
            0001111011100010110000nnnnnddddd FCVT_DH_floatdp1
            """u8);

        table.Add(
            new EncodingSection(EncodingGroup.FloatingPointSimd, "floatdp1", A64Features.FRINTTS),
            """
            0001111000101000010000nnnnnddddd FRINT32Z_S_floatdp1
            0001111000101000110000nnnnnddddd FRINT32X_S_floatdp1
            0001111000101001010000nnnnnddddd FRINT64Z_S_floatdp1
            0001111000101001110000nnnnnddddd FRINT64X_S_floatdp1
            0001111001101000010000nnnnnddddd FRINT32Z_D_floatdp1
            0001111001101000110000nnnnnddddd FRINT32X_D_floatdp1
            0001111001101001010000nnnnnddddd FRINT64Z_D_floatdp1
            0001111001101001110000nnnnnddddd FRINT64X_D_floatdp1
            """u8);

        table.Add(
            new EncodingSection(EncodingGroup.FloatingPointSimd, "floatdp1", A64Features.BF16),
            """
            0001111001100011010000nnnnnddddd BFCVT_BS_floatdp1
            """u8);

        table.Add(
            new EncodingSection(EncodingGroup.FloatingPointSimd, "floatcmp"),
            """
            00011110001mmmmm001000nnnnn00000 FCMP_S_floatcmp
            00011110001ZZZZZ001000nnnnn01000 FCMP_SZ_floatcmp
            00011110001mmmmm001000nnnnn10000 FCMPE_S_floatcmp
            00011110001ZZZZZ001000nnnnn11000 FCMPE_SZ_floatcmp
            00011110011mmmmm001000nnnnn00000 FCMP_D_floatcmp
            00011110011ZZZZZ001000nnnnn01000 FCMP_DZ_floatcmp
            00011110011mmmmm001000nnnnn10000 FCMPE_D_floatcmp
            00011110011ZZZZZ001000nnnnn11000 FCMPE_DZ_floatcmp
            """u8);

        table.Add(
            new EncodingSection(EncodingGroup.FloatingPointSimd, "floatcmp", A64Features.FP16),
            """
            00011110111mmmmm001000nnnnn00000 FCMP_H_floatcmp
            00011110111ZZZZZ001000nnnnn01000 FCMP_HZ_floatcmp
            00011110111mmmmm001000nnnnn10000 FCMPE_H_floatcmp
            00011110111ZZZZZ001000nnnnn11000 FCMPE_HZ_floatcmp
            """u8);

        table.Add(
            new EncodingSection(EncodingGroup.FloatingPointSimd, "floatimm"),
            """
            00011110001iiiiiiii10000000ddddd FMOV_S_floatimm
            00011110011iiiiiiii10000000ddddd FMOV_D_floatimm
            """u8);

        table.Add(
            new EncodingSection(EncodingGroup.FloatingPointSimd, "floatimm", A64Features.FP16),
            """
            00011110111iiiiiiii10000000ddddd FMOV_H_floatimm
            """u8);

        table.Add(
            new EncodingSection(EncodingGroup.FloatingPointSimd, "floatccmp"),
            """
            00011110001mmmmmcccc01nnnnn0vvvv FCCMP_S_floatccmp
            00011110001mmmmmcccc01nnnnn1vvvv FCCMPE_S_floatccmp
            00011110011mmmmmcccc01nnnnn0vvvv FCCMP_D_floatccmp
            00011110011mmmmmcccc01nnnnn1vvvv FCCMPE_D_floatccmp
            """u8);

        table.Add(
            new EncodingSection(EncodingGroup.FloatingPointSimd, "floatccmp", A64Features.FP16),
            """
            00011110111mmmmmcccc01nnnnn0vvvv FCCMP_H_floatccmp
            00011110111mmmmmcccc01nnnnn1vvvv FCCMPE_H_floatccmp
            """u8);

        table.Add(
            new EncodingSection(EncodingGroup.FloatingPointSimd, "floatdp2"),
            """
            00011110001mmmmm000010nnnnnddddd FMUL_S_floatdp2
            00011110001mmmmm000110nnnnnddddd FDIV_S_floatdp2
            00011110001mmmmm001010nnnnnddddd FADD_S_floatdp2
            00011110001mmmmm001110nnnnnddddd FSUB_S_floatdp2
            00011110001mmmmm010010nnnnnddddd FMAX_S_floatdp2
            00011110001mmmmm010110nnnnnddddd FMIN_S_floatdp2
            00011110001mmmmm011010nnnnnddddd FMAXNM_S_floatdp2
            00011110001mmmmm011110nnnnnddddd FMINNM_S_floatdp2
            00011110001mmmmm100010nnnnnddddd FNMUL_S_floatdp2
            00011110011mmmmm000010nnnnnddddd FMUL_D_floatdp2
            00011110011mmmmm000110nnnnnddddd FDIV_D_floatdp2
            00011110011mmmmm001010nnnnnddddd FADD_D_floatdp2
            00011110011mmmmm001110nnnnnddddd FSUB_D_floatdp2
            00011110011mmmmm010010nnnnnddddd FMAX_D_floatdp2
            00011110011mmmmm010110nnnnnddddd FMIN_D_floatdp2
            00011110011mmmmm011010nnnnnddddd FMAXNM_D_floatdp2
            00011110011mmmmm011110nnnnnddddd FMINNM_D_floatdp2
            00011110011mmmmm100010nnnnnddddd FNMUL_D_floatdp2
            """u8);

        table.Add(
            new EncodingSection(EncodingGroup.FloatingPointSimd, "floatdp2", A64Features.FP16),
            """
            00011110111mmmmm000010nnnnnddddd FMUL_H_floatdp2
            00011110111mmmmm000110nnnnnddddd FDIV_H_floatdp2
            00011110111mmmmm001010nnnnnddddd FADD_H_floatdp2
            00011110111mmmmm001110nnnnnddddd FSUB_H_floatdp2
            00011110111mmmmm010010nnnnnddddd FMAX_H_floatdp2
            00011110111mmmmm010110nnnnnddddd FMIN_H_floatdp2
            00011110111mmmmm011010nnnnnddddd FMAXNM_H_floatdp2
            00011110111mmmmm011110nnnnnddddd FMINNM_H_floatdp2
            00011110111mmmmm100010nnnnnddddd FNMUL_H_floatdp2
            """u8);

        table.Add(
            new EncodingSection(EncodingGroup.FloatingPointSimd, "floatsel"),
            """
            00011110001mmmmmcccc11nnnnnddddd FCSEL_S_floatsel
            00011110011mmmmmcccc11nnnnnddddd FCSEL_D_floatsel
            """u8);

        table.Add(
            new EncodingSection(EncodingGroup.FloatingPointSimd, "floatsel", A64Features.FP16),
            """
            00011110111mmmmmcccc11nnnnnddddd FCSEL_H_floatsel
            """u8);

        table.Add(
            new EncodingSection(EncodingGroup.FloatingPointSimd, "floatdp3"),
            """
            00011111000mmmmm0aaaaannnnnddddd FMADD_S_floatdp3
            00011111000mmmmm1aaaaannnnnddddd FMSUB_S_floatdp3
            00011111001mmmmm0aaaaannnnnddddd FNMADD_S_floatdp3
            00011111001mmmmm1aaaaannnnnddddd FNMSUB_S_floatdp3
            00011111010mmmmm0aaaaannnnnddddd FMADD_D_floatdp3
            00011111010mmmmm1aaaaannnnnddddd FMSUB_D_floatdp3
            00011111011mmmmm0aaaaannnnnddddd FNMADD_D_floatdp3
            00011111011mmmmm1aaaaannnnnddddd FNMSUB_D_floatdp3
            """u8);

        table.Add(
            new EncodingSection(EncodingGroup.FloatingPointSimd, "floatdp3", A64Features.FP16),
            """
            00011111110mmmmm0aaaaannnnnddddd FMADD_H_floatdp3
            00011111110mmmmm1aaaaannnnnddddd FMSUB_H_floatdp3
            00011111111mmmmm0aaaaannnnnddddd FNMADD_H_floatdp3
            00011111111mmmmm1aaaaannnnnddddd FNMSUB_H_floatdp3
            """u8);

        table.Add(
            new EncodingSection(EncodingGroup.FloatingPointSimd, "asimdins", undefinedRule: UndefinedRule.DuplicatedElement),
            """
            0q001110000iiiii000001nnnnnddddd DUP_asimdins_DV_v
            0q001110000iiiii000011nnnnnddddd DUP_asimdins_DR_r
            """u8);

        table.Add(
            new EncodingSection(EncodingGroup.FloatingPointSimd, "asimdins", undefinedRule: UndefinedRule.ElementAboveHalfword),
            """
            00001110000iiiii001011nnnnnddddd SMOV_asimdins_W_w
            """u8);

        table.Add(
            new EncodingSection(EncodingGroup.FloatingPointSimd, "asimdins", undefinedRule: UndefinedRule.ElementAboveWord),
            """
            00001110000iiiii001111nnnnnddddd UMOV_asimdins_W_w
            01001110000iiiii001011nnnnnddddd SMOV_asimdins_X_x
            """u8);

        table.Add(
            new EncodingSection(EncodingGroup.FloatingPointSimd, "asimdins"),
            """
            01001110000i1000001111nnnnnddddd UMOV_asimdins_X_x
            """u8);

        table.Add(
            new EncodingSection(EncodingGroup.FloatingPointSimd, "asimdins", undefinedRule: UndefinedRule.ElementAboveDoubleword),
            """
            01001110000iiiii000111nnnnnddddd INS_asimdins_IR_r
            01101110000iiiii0jjjj1nnnnnddddd INS_asimdins_IV_v
            """u8);

        table.Add(
            new EncodingSection(EncodingGroup.FloatingPointSimd, "asisdone", undefinedRule: UndefinedRule.ElementAboveDoubleword),
            """
            01011110000iiiii000001nnnnnddddd DUP_asisdone_only
            """u8);

        table.Add(
            new EncodingSection(EncodingGroup.FloatingPointSimd, "asimdimm"),
            """
            0q00111100000iii0ss001iiiiiddddd MOVI_asimdimm_L_sl before asimdshf
            0q00111100000iii0ss101iiiiiddddd ORR_asimdimm_L_sl before asimdshf
            0q00111100000iii10s001iiiiiddddd MOVI_asimdimm_L_hl before asimdshf
            0q00111100000iii10s101iiiiiddddd ORR_asimdimm_L_hl before asimdshf
            0q00111100000iii110s01iiiiiddddd MOVI_asimdimm_M_sm
            0q00111100000iii111001iiiiiddddd MOVI_asimdimm_N_b before asimdshf
            0q00111100000iii111101iiiiiddddd FMOV_asimdimm_S_s
            0q10111100000iii0ss001iiiiiddddd MVNI_asimdimm_L_sl before asimdshf
            0q10111100000iii0ss101iiiiiddddd BIC_asimdimm_L_sl before asimdshf
            0q10111100000iii10s001iiiiiddddd MVNI_asimdimm_L_hl before asimdshf
            0q10111100000iii10s101iiiiiddddd BIC_asimdimm_L_hl before asimdshf
            0q10111100000iii110s01iiiiiddddd MVNI_asimdimm_M_sm
            0010111100000iii111001iiiiiddddd MOVI_asimdimm_D_ds before asimdshf
            0110111100000iii111001iiiiiddddd MOVI_asimdimm_D2_d before asimdshf
            0110111100000iii111101iiiiiddddd FMOV_asimdimm_D2_d
            """u8);

        table.Add(
            new EncodingSection(EncodingGroup.FloatingPointSimd, "asimdperm", undefinedRule: UndefinedRule.VectorOfOneDoubleword),
            """
            0q001110zz0mmmmm000110nnnnnddddd UZP1_asimdperm_only
            0q001110zz0mmmmm001010nnnnnddddd TRN1_asimdperm_only
            0q001110zz0mmmmm001110nnnnnddddd ZIP1_asimdperm_only
            0q001110zz0mmmmm010110nnnnnddddd UZP2_asimdperm_only
            0q001110zz0mmmmm011010nnnnnddddd TRN2_asimdperm_only
            0q001110zz0mmmmm011110nnnnnddddd ZIP2_asimdperm_only
            """u8);

        table.Add(
            new EncodingSection(EncodingGroup.FloatingPointSimd, "asimdext", undefinedRule: UndefinedRule.ExtractBeyondVector),
            """
            0q101110000mmmmm0iiii0nnnnnddddd EXT_asimdext_only
            """u8);

        table.Add(
            new EncodingSection(EncodingGroup.FloatingPointSimd, "asimdtbl"),
            """
            0q001110000mmmmm000000nnnnnddddd TBL_asimdtbl_L1_1
            0q001110000mmmmm000100nnnnnddddd TBX_asimdtbl_L1_1
            0q001110000mmmmm001000nnnnnddddd TBL_asimdtbl_L2_2
            0q001110000mmmmm001100nnnnnddddd TBX_asimdtbl_L2_2
            0q001110000mmmmm010000nnnnnddddd TBL_asimdtbl_L3_3
            0q001110000mmmmm010100nnnnnddddd TBX_asimdtbl_L3_3
            0q001110000mmmmm011000nnnnnddddd TBL_asimdtbl_L4_4
            0q001110000mmmmm011100nnnnnddddd TBX_asimdtbl_L4_4
            """u8);

        table.Add(
            new EncodingSection(EncodingGroup.FloatingPointSimd, "asimdmisc", undefinedRule: UndefinedRule.DoublewordElements),
            """
            0q001110zz100000000010nnnnnddddd REV64_asimdmisc_R
            0q001110zz100000001010nnnnnddddd SADDLP_asimdmisc_P
            0q101110zz100000001010nnnnnddddd UADDLP_asimdmisc_P
            0q001110zz100000010010nnnnnddddd CLS_asimdmisc_R
            0q101110zz100000010010nnnnnddddd CLZ_asimdmisc_R
            0q001110zz100000011010nnnnnddddd SADALP_asimdmisc_P
            0q101110zz100000011010nnnnnddddd UADALP_asimdmisc_P
            0q001110zz100001001010nnnnnddddd XTN_asimdmisc_N
            0q101110zz100001001010nnnnnddddd SQXTUN_asimdmisc_N
            0q001110zz100001010010nnnnnddddd SQXTN_asimdmisc_N
            0q101110zz100001010010nnnnnddddd UQXTN_asimdmisc_N
            0q101110zz100001001110nnnnnddddd SHLL_asimdmisc_S
            """u8);

        table.Add(
            new EncodingSection(EncodingGroup.FloatingPointSimd, "asimdmisc"),
            """
            0q1011100z100000000010nnnnnddddd REV32_asimdmisc_R
            """u8);

        table.Add(
            new EncodingSection(EncodingGroup.FloatingPointSimd, "asimdmisc"),
            """
            0q00111000100000000110nnnnnddddd REV16_asimdmisc_R
            0q00111000100000010110nnnnnddddd CNT_asimdmisc_R
            0q10111000100000010110nnnnnddddd NOT_asimdmisc_R
            0q10111001100000010110nnnnnddddd RBIT_asimdmisc_R
            """u8);

        table.Add(
            new EncodingSection(EncodingGroup.FloatingPointSimd, "asimdmisc", undefinedRule: UndefinedRule.VectorOfOneDoubleword),
            """
            0q001110zz100000001110nnnnnddddd SUQADD_asimdmisc_R
            0q101110zz100000001110nnnnnddddd USQADD_asimdmisc_R
            0q001110zz100000011110nnnnnddddd SQABS_asimdmisc_R
            0q101110zz100000011110nnnnnddddd SQNEG_asimdmisc_R
            0q001110zz100000100010nnnnnddddd CMGT_asimdmisc_Z
            0q101110zz100000100010nnnnnddddd CMGE_asimdmisc_Z
            0q001110zz100000100110nnnnnddddd CMEQ_asimdmisc_Z
            0q101110zz100000100110nnnnnddddd CMLE_asimdmisc_Z
            0q001110zz100000101010nnnnnddddd CMLT_asimdmisc_Z
            0q001110zz100000101110nnnnnddddd ABS_asimdmisc_R
            0q101110zz100000101110nnnnnddddd NEG_asimdmisc_R
            """u8);

        table.Add(
            new EncodingSection(EncodingGroup.FloatingPointSimd, "asimdmisc"),
            """
            0q0011100z100001011010nnnnnddddd FCVTN_asimdmisc_N
            0q0011100z100001011110nnnnnddddd FCVTL_asimdmisc_L
            0q10111001100001011010nnnnnddddd FCVTXN_asimdmisc_N
            0q00111010100001110010nnnnnddddd URECPE_asimdmisc_R
            0q10111010100001110010nnnnnddddd URSQRTE_asimdmisc_R
            """u8);

        table.Add(
            new EncodingSection(EncodingGroup.FloatingPointSimd, "asimdmisc", undefinedRule: UndefinedRule.VectorOfOneDouble),
            """
            0q0011100z100001100010nnnnnddddd FRINTN_asimdmisc_R
            0q0011100z100001100110nnnnnddddd FRINTM_asimdmisc_R
            0q0011100z100001101010nnnnnddddd FCVTNS_asimdmisc_R
            0q0011100z100001101110nnnnnddddd FCVTMS_asimdmisc_R
            0q0011100z100001110010nnnnnddddd FCVTAS_asimdmisc_R
            0q0011100z100001110110nnnnnddddd SCVTF_asimdmisc_R
            0q0011101z100000110010nnnnnddddd FCMGT_asimdmisc_FZ
            0q0011101z100000110110nnnnnddddd FCMEQ_asimdmisc_FZ
            0q0011101z100000111010nnnnnddddd FCMLT_asimdmisc_FZ
            0q0011101z100000111110nnnnnddddd FABS_asimdmisc_R
            0q0011101z100001100010nnnnnddddd FRINTP_asimdmisc_R
            0q0011101z100001100110nnnnnddddd FRINTZ_asimdmisc_R
            0q0011101z100001101010nnnnnddddd FCVTPS_asimdmisc_R
            0q0011101z100001101110nnnnnddddd FCVTZS_asimdmisc_R
            0q0011101z100001110110nnnnnddddd FRECPE_asimdmisc_R
            0q1011100z100001100010nnnnnddddd FRINTA_asimdmisc_R
            0q1011100z100001100110nnnnnddddd FRINTX_asimdmisc_R
            0q1011100z100001101010nnnnnddddd FCVTNU_asimdmisc_R
            0q1011100z100001101110nnnnnddddd FCVTMU_asimdmisc_R
            0q1011100z100001110010nnnnnddddd FCVTAU_asimdmisc_R
            0q1011100z100001110110nnnnnddddd UCVTF_asimdmisc_R
            0q1011101z100000110010nnnnnddddd FCMGE_asimdmisc_FZ
            0q1011101z100000110110nnnnnddddd FCMLE_asimdmisc_FZ
            0q1011101z100000111110nnnnnddddd FNEG_asimdmisc_R
            0q1011101z100001100110nnnnnddddd FRINTI_asimdmisc_R
            0q1011101z100001101010nnnnnddddd FCVTPU_asimdmisc_R
            0q1011101z100001101110nnnnnddddd FCVTZU_asimdmisc_R
            0q1011101z100001110110nnnnnddddd FRSQRTE_asimdmisc_R
            0q1011101z100001111110nnnnnddddd FSQRT_asimdmisc_R
            """u8);

        table.Add(
            new EncodingSection(EncodingGroup.FloatingPointSimd, "asimdall", undefinedRule: UndefinedRule.AcrossTwoLanes),
            """
            0q001110zz110000001110nnnnnddddd SADDLV_asimdall_only
            0q101110zz110000001110nnnnnddddd UADDLV_asimdall_only
            0q001110zz110000101010nnnnnddddd SMAXV_asimdall_only
            0q101110zz110000101010nnnnnddddd UMAXV_asimdall_only
            0q001110zz110001101010nnnnnddddd SMINV_asimdall_only
            0q101110zz110001101010nnnnnddddd UMINV_asimdall_only
            0q001110zz110001101110nnnnnddddd ADDV_asimdall_only
            """u8);

        table.Add(
            new EncodingSection(EncodingGroup.FloatingPointSimd, "asimdall"),
            """
            0110111000110000110010nnnnnddddd FMAXNMV_asimdall_only_SD
            0110111010110000110010nnnnnddddd FMINNMV_asimdall_only_SD
            0110111000110000111110nnnnnddddd FMAXV_asimdall_only_SD
            0110111010110000111110nnnnnddddd FMINV_asimdall_only_SD
            """u8);

        table.Add(
            new EncodingSection(EncodingGroup.FloatingPointSimd, "asimddiff", undefinedRule: UndefinedRule.DoublewordElements),
            """
            0q001110zz1mmmmm000000nnnnnddddd SADDL_asimddiff_L
            0q101110zz1mmmmm000000nnnnnddddd UADDL_asimddiff_L
            0q001110zz1mmmmm000100nnnnnddddd SADDW_asimddiff_W
            0q101110zz1mmmmm000100nnnnnddddd UADDW_asimddiff_W
            0q001110zz1mmmmm001000nnnnnddddd SSUBL_asimddiff_L
            0q101110zz1mmmmm001000nnnnnddddd USUBL_asimddiff_L
            0q001110zz1mmmmm001100nnnnnddddd SSUBW_asimddiff_W
            0q101110zz1mmmmm001100nnnnnddddd USUBW_asimddiff_W
            0q001110zz1mmmmm010000nnnnnddddd ADDHN_asimddiff_N
            0q101110zz1mmmmm010000nnnnnddddd RADDHN_asimddiff_N
            0q001110zz1mmmmm010100nnnnnddddd SABAL_asimddiff_L
            0q101110zz1mmmmm010100nnnnnddddd UABAL_asimddiff_L
            0q001110zz1mmmmm011000nnnnnddddd SUBHN_asimddiff_N
            0q101110zz1mmmmm011000nnnnnddddd RSUBHN_asimddiff_N
            0q001110zz1mmmmm011100nnnnnddddd SABDL_asimddiff_L
            0q101110zz1mmmmm011100nnnnnddddd UABDL_asimddiff_L
            0q001110zz1mmmmm100000nnnnnddddd SMLAL_asimddiff_L
            0q101110zz1mmmmm100000nnnnnddddd UMLAL_asimddiff_L
            0q001110zz1mmmmm101000nnnnnddddd SMLSL_asimddiff_L
            0q101110zz1mmmmm101000nnnnnddddd UMLSL_asimddiff_L
            0q001110zz1mmmmm110000nnnnnddddd SMULL_asimddiff_L
            0q101110zz1mmmmm110000nnnnnddddd UMULL_asimddiff_L
            """u8);

        table.Add(
            new EncodingSection(EncodingGroup.FloatingPointSimd, "asimddiff", undefinedRule: UndefinedRule.ByteOrDoublewordElements),
            """
            0q001110zz1mmmmm100100nnnnnddddd SQDMLAL_asimddiff_L
            0q001110zz1mmmmm101100nnnnnddddd SQDMLSL_asimddiff_L
            0q001110zz1mmmmm110100nnnnnddddd SQDMULL_asimddiff_L
            """u8);

        table.Add(
            new EncodingSection(EncodingGroup.FloatingPointSimd, "asimddiff"),
            """
            0q001110001mmmmm111000nnnnnddddd PMULL_asimddiff_L
            """u8);

        table.Add(
            new EncodingSection(EncodingGroup.FloatingPointSimd, "asimdsame", undefinedRule: UndefinedRule.DoublewordElements),
            """
            0q001110zz1mmmmm000001nnnnnddddd SHADD_asimdsame_only
            0q101110zz1mmmmm000001nnnnnddddd UHADD_asimdsame_only
            0q001110zz1mmmmm000101nnnnnddddd SRHADD_asimdsame_only
            0q101110zz1mmmmm000101nnnnnddddd URHADD_asimdsame_only
            0q001110zz1mmmmm001001nnnnnddddd SHSUB_asimdsame_only
            0q101110zz1mmmmm001001nnnnnddddd UHSUB_asimdsame_only
            0q001110zz1mmmmm011001nnnnnddddd SMAX_asimdsame_only
            0q101110zz1mmmmm011001nnnnnddddd UMAX_asimdsame_only
            0q001110zz1mmmmm011011nnnnnddddd SMIN_asimdsame_only
            0q101110zz1mmmmm011011nnnnnddddd UMIN_asimdsame_only
            0q001110zz1mmmmm011101nnnnnddddd SABD_asimdsame_only
            0q101110zz1mmmmm011101nnnnnddddd UABD_asimdsame_only
            0q001110zz1mmmmm011111nnnnnddddd SABA_asimdsame_only
            0q101110zz1mmmmm011111nnnnnddddd UABA_asimdsame_only
            0q001110zz1mmmmm100101nnnnnddddd MLA_asimdsame_only
            0q101110zz1mmmmm100101nnnnnddddd MLS_asimdsame_only
            0q001110zz1mmmmm100111nnnnnddddd MUL_asimdsame_only
            0q001110zz1mmmmm101001nnnnnddddd SMAXP_asimdsame_only
            0q101110zz1mmmmm101001nnnnnddddd UMAXP_asimdsame_only
            0q001110zz1mmmmm101011nnnnnddddd SMINP_asimdsame_only
            0q101110zz1mmmmm101011nnnnnddddd UMINP_asimdsame_only
            """u8);

        table.Add(
            new EncodingSection(EncodingGroup.FloatingPointSimd, "asimdsame"),
            """
            0q101110001mmmmm100111nnnnnddddd PMUL_asimdsame_only
            """u8);

        table.Add(
            new EncodingSection(EncodingGroup.FloatingPointSimd, "asimdsame", undefinedRule: UndefinedRule.ByteOrDoublewordElements),
            """
            0q001110zz1mmmmm101101nnnnnddddd SQDMULH_asimdsame_only
            0q101110zz1mmmmm101101nnnnnddddd SQRDMULH_asimdsame_only
            """u8);

        table.Add(
            new EncodingSection(EncodingGroup.FloatingPointSimd, "asimdsame", undefinedRule: UndefinedRule.VectorOfOneDoubleword),
            """
            0q001110zz1mmmmm000011nnnnnddddd SQADD_asimdsame_only
            0q101110zz1mmmmm000011nnnnnddddd UQADD_asimdsame_only
            0q001110zz1mmmmm001011nnnnnddddd SQSUB_asimdsame_only
            0q101110zz1mmmmm001011nnnnnddddd UQSUB_asimdsame_only
            0q001110zz1mmmmm001101nnnnnddddd CMGT_asimdsame_only
            0q101110zz1mmmmm001101nnnnnddddd CMHI_asimdsame_only
            0q001110zz1mmmmm001111nnnnnddddd CMGE_asimdsame_only
            0q101110zz1mmmmm001111nnnnnddddd CMHS_asimdsame_only
            0q001110zz1mmmmm010001nnnnnddddd SSHL_asimdsame_only
            0q101110zz1mmmmm010001nnnnnddddd USHL_asimdsame_only
            0q001110zz1mmmmm010011nnnnnddddd SQSHL_asimdsame_only
            0q101110zz1mmmmm010011nnnnnddddd UQSHL_asimdsame_only
            0q001110zz1mmmmm010101nnnnnddddd SRSHL_asimdsame_only
            0q101110zz1mmmmm010101nnnnnddddd URSHL_asimdsame_only
            0q001110zz1mmmmm010111nnnnnddddd SQRSHL_asimdsame_only
            0q101110zz1mmmmm010111nnnnnddddd UQRSHL_asimdsame_only
            0q001110zz1mmmmm100001nnnnnddddd ADD_asimdsame_only
            0q101110zz1mmmmm100001nnnnnddddd SUB_asimdsame_only
            0q001110zz1mmmmm100011nnnnnddddd CMTST_asimdsame_only
            0q101110zz1mmmmm100011nnnnnddddd CMEQ_asimdsame_only
            0q001110zz1mmmmm101111nnnnnddddd ADDP_asimdsame_only
            """u8);

        table.Add(
            new EncodingSection(EncodingGroup.FloatingPointSimd, "asimdsame"),
            """
            0q001110001mmmmm000111nnnnnddddd AND_asimdsame_only
            0q001110011mmmmm000111nnnnnddddd BIC_asimdsame_only
            0q001110101mmmmm000111nnnnnddddd ORR_asimdsame_only
            0q001110111mmmmm000111nnnnnddddd ORN_asimdsame_only
            0q101110001mmmmm000111nnnnnddddd EOR_asimdsame_only
            0q101110011mmmmm000111nnnnnddddd BSL_asimdsame_only
            0q101110101mmmmm000111nnnnnddddd BIT_asimdsame_only
            0q101110111mmmmm000111nnnnnddddd BIF_asimdsame_only
            """u8);

        table.Add(
            new EncodingSection(EncodingGroup.FloatingPointSimd, "asimdsame", undefinedRule: UndefinedRule.VectorOfOneDouble),
            """
            0q0011100z1mmmmm110001nnnnnddddd FMAXNM_asimdsame_only
            0q0011100z1mmmmm110011nnnnnddddd FMLA_asimdsame_only
            0q0011100z1mmmmm110101nnnnnddddd FADD_asimdsame_only
            0q0011100z1mmmmm110111nnnnnddddd FMULX_asimdsame_only
            0q0011100z1mmmmm111001nnnnnddddd FCMEQ_asimdsame_only
            0q0011100z1mmmmm111101nnnnnddddd FMAX_asimdsame_only
            0q0011100z1mmmmm111111nnnnnddddd FRECPS_asimdsame_only
            0q0011101z1mmmmm110001nnnnnddddd FMINNM_asimdsame_only
            0q0011101z1mmmmm110011nnnnnddddd FMLS_asimdsame_only
            0q0011101z1mmmmm110101nnnnnddddd FSUB_asimdsame_only
            0q0011101z1mmmmm111101nnnnnddddd FMIN_asimdsame_only
            0q0011101z1mmmmm111111nnnnnddddd FRSQRTS_asimdsame_only
            0q1011100z1mmmmm110001nnnnnddddd FMAXNMP_asimdsame_only
            0q1011100z1mmmmm110101nnnnnddddd FADDP_asimdsame_only
            0q1011100z1mmmmm110111nnnnnddddd FMUL_asimdsame_only
            0q1011100z1mmmmm111001nnnnnddddd FCMGE_asimdsame_only
            0q1011100z1mmmmm111011nnnnnddddd FACGE_asimdsame_only
            0q1011100z1mmmmm111101nnnnnddddd FMAXP_asimdsame_only
            0q1011100z1mmmmm111111nnnnnddddd FDIV_asimdsame_only
            0q1011101z1mmmmm110001nnnnnddddd FMINNMP_asimdsame_only
            0q1011101z1mmmmm110101nnnnnddddd FABD_asimdsame_only
            0q1011101z1mmmmm111001nnnnnddddd FCMGT_asimdsame_only
            0q1011101z1mmmmm111011nnnnnddddd FACGT_asimdsame_only
            0q1011101z1mmmmm111101nnnnnddddd FMINP_asimdsame_only
            """u8);

        table.Add(
            new EncodingSection(EncodingGroup.FloatingPointSimd, "asimdshf", undefinedRule: UndefinedRule.ShiftOfOneDoubleword),
            """
            0q0011110hhhhiii000001nnnnnddddd SSHR_asimdshf_R
            0q1011110hhhhiii000001nnnnnddddd USHR_asimdshf_R
            0q0011110hhhhiii000101nnnnnddddd SSRA_asimdshf_R
            0q1011110hhhhiii000101nnnnnddddd USRA_asimdshf_R
            0q0011110hhhhiii001001nnnnnddddd SRSHR_asimdshf_R
            0q1011110hhhhiii001001nnnnnddddd URSHR_asimdshf_R
            0q0011110hhhhiii001101nnnnnddddd SRSRA_asimdshf_R
            0q1011110hhhhiii001101nnnnnddddd URSRA_asimdshf_R
            0q1011110hhhhiii010001nnnnnddddd SRI_asimdshf_R
            0q0011110hhhhiii010101nnnnnddddd SHL_asimdshf_R
            0q1011110hhhhiii010101nnnnnddddd SLI_asimdshf_R
            0q1011110hhhhiii011001nnnnnddddd SQSHLU_asimdshf_R
            0q0011110hhhhiii011101nnnnnddddd SQSHL_asimdshf_R
            0q1011110hhhhiii011101nnnnnddddd UQSHL_asimdshf_R
            """u8);

        table.Add(
            new EncodingSection(EncodingGroup.FloatingPointSimd, "asimdshf", undefinedRule: UndefinedRule.ShiftOfDoublewords),
            """
            0q0011110hhhhiii100001nnnnnddddd SHRN_asimdshf_N
            0q1011110hhhhiii100001nnnnnddddd SQSHRUN_asimdshf_N
            0q0011110hhhhiii100011nnnnnddddd RSHRN_asimdshf_N
            0q1011110hhhhiii100011nnnnnddddd SQRSHRUN_asimdshf_N
            0q0011110hhhhiii100101nnnnnddddd SQSHRN_asimdshf_N
            0q1011110hhhhiii100101nnnnnddddd UQSHRN_asimdshf_N
            0q0011110hhhhiii100111nnnnnddddd SQRSHRN_asimdshf_N
            0q1011110hhhhiii100111nnnnnddddd UQRSHRN_asimdshf_N
            0q0011110hhhhiii101001nnnnnddddd SSHLL_asimdshf_L
            0q1011110hhhhiii101001nnnnnddddd USHLL_asimdshf_L
            """u8);

        table.Add(
            new EncodingSection(EncodingGroup.FloatingPointSimd, "asimdshf", undefinedRule: UndefinedRule.FixedPointVector),
            """
            0q0011110hhhhiii111001nnnnnddddd SCVTF_asimdshf_C
            0q1011110hhhhiii111001nnnnnddddd UCVTF_asimdshf_C
            0q0011110hhhhiii111111nnnnnddddd FCVTZS_asimdshf_C
            0q1011110hhhhiii111111nnnnnddddd FCVTZU_asimdshf_C
            """u8);

        table.Add(
            new EncodingSection(EncodingGroup.FloatingPointSimd, "asimdelem", undefinedRule: UndefinedRule.ByteOrDoublewordElements),
            """
            0q101111zzlmmmmm0000k0nnnnnddddd MLA_asimdelem_R
            0q101111zzlmmmmm0100k0nnnnnddddd MLS_asimdelem_R
            0q001111zzlmmmmm1000k0nnnnnddddd MUL_asimdelem_R
            0q001111zzlmmmmm0010k0nnnnnddddd SMLAL_asimdelem_L
            0q101111zzlmmmmm0010k0nnnnnddddd UMLAL_asimdelem_L
            0q001111zzlmmmmm0110k0nnnnnddddd SMLSL_asimdelem_L
            0q101111zzlmmmmm0110k0nnnnnddddd UMLSL_asimdelem_L
            0q001111zzlmmmmm1010k0nnnnnddddd SMULL_asimdelem_L
            0q101111zzlmmmmm1010k0nnnnnddddd UMULL_asimdelem_L
            0q001111zzlmmmmm0011k0nnnnnddddd SQDMLAL_asimdelem_L
            0q001111zzlmmmmm0111k0nnnnnddddd SQDMLSL_asimdelem_L
            0q001111zzlmmmmm1011k0nnnnnddddd SQDMULL_asimdelem_L
            0q001111zzlmmmmm1100k0nnnnnddddd SQDMULH_asimdelem_R
            0q001111zzlmmmmm1101k0nnnnnddddd SQRDMULH_asimdelem_R
            """u8);

        table.Add(
            new EncodingSection(EncodingGroup.FloatingPointSimd, "asimdelem", undefinedRule: UndefinedRule.IndexedDouble),
            """
            0q0011111zlmmmmm0001k0nnnnnddddd FMLA_asimdelem_R_SD
            0q0011111zlmmmmm0101k0nnnnnddddd FMLS_asimdelem_R_SD
            0q0011111zlmmmmm1001k0nnnnnddddd FMUL_asimdelem_R_SD
            0q1011111zlmmmmm1001k0nnnnnddddd FMULX_asimdelem_R_SD
            """u8);

        table.Add(
            new EncodingSection(EncodingGroup.FloatingPointSimd, "asisdsame"),
            """
            01011110zz1mmmmm000011nnnnnddddd SQADD_asisdsame_only
            01111110zz1mmmmm000011nnnnnddddd UQADD_asisdsame_only
            01011110zz1mmmmm001011nnnnnddddd SQSUB_asisdsame_only
            01111110zz1mmmmm001011nnnnnddddd UQSUB_asisdsame_only
            01011110zz1mmmmm010011nnnnnddddd SQSHL_asisdsame_only
            01111110zz1mmmmm010011nnnnnddddd UQSHL_asisdsame_only
            01011110zz1mmmmm010111nnnnnddddd SQRSHL_asisdsame_only
            01111110zz1mmmmm010111nnnnnddddd UQRSHL_asisdsame_only
            """u8);

        table.Add(
            new EncodingSection(EncodingGroup.FloatingPointSimd, "asisdsame"),
            """
            01011110111mmmmm001101nnnnnddddd CMGT_asisdsame_only
            01111110111mmmmm001101nnnnnddddd CMHI_asisdsame_only
            01011110111mmmmm001111nnnnnddddd CMGE_asisdsame_only
            01111110111mmmmm001111nnnnnddddd CMHS_asisdsame_only
            01011110111mmmmm010001nnnnnddddd SSHL_asisdsame_only
            01111110111mmmmm010001nnnnnddddd USHL_asisdsame_only
            01011110111mmmmm010101nnnnnddddd SRSHL_asisdsame_only
            01111110111mmmmm010101nnnnnddddd URSHL_asisdsame_only
            01011110111mmmmm100001nnnnnddddd ADD_asisdsame_only
            01111110111mmmmm100001nnnnnddddd SUB_asisdsame_only
            01011110111mmmmm100011nnnnnddddd CMTST_asisdsame_only
            01111110111mmmmm100011nnnnnddddd CMEQ_asisdsame_only
            """u8);

        table.Add(
            new EncodingSection(EncodingGroup.FloatingPointSimd, "asisdsame", undefinedRule: UndefinedRule.ByteOrDoublewordElements),
            """
            01011110zz1mmmmm101101nnnnnddddd SQDMULH_asisdsame_only
            01111110zz1mmmmm101101nnnnnddddd SQRDMULH_asisdsame_only
            """u8);

        table.Add(
            new EncodingSection(EncodingGroup.FloatingPointSimd, "asisdsame"),
            """
            010111100z1mmmmm110111nnnnnddddd FMULX_asisdsame_only
            010111100z1mmmmm111001nnnnnddddd FCMEQ_asisdsame_only
            010111100z1mmmmm111111nnnnnddddd FRECPS_asisdsame_only
            010111101z1mmmmm111111nnnnnddddd FRSQRTS_asisdsame_only
            011111100z1mmmmm111001nnnnnddddd FCMGE_asisdsame_only
            011111100z1mmmmm111011nnnnnddddd FACGE_asisdsame_only
            011111101z1mmmmm110101nnnnnddddd FABD_asisdsame_only
            011111101z1mmmmm111001nnnnnddddd FCMGT_asisdsame_only
            011111101z1mmmmm111011nnnnnddddd FACGT_asisdsame_only
            """u8);

        table.Add(
            new EncodingSection(EncodingGroup.FloatingPointSimd, "asisdmisc"),
            """
            01011110zz100000001110nnnnnddddd SUQADD_asisdmisc_R
            01111110zz100000001110nnnnnddddd USQADD_asisdmisc_R
            01011110zz100000011110nnnnnddddd SQABS_asisdmisc_R
            01111110zz100000011110nnnnnddddd SQNEG_asisdmisc_R
            """u8);

        table.Add(
            new EncodingSection(EncodingGroup.FloatingPointSimd, "asisdmisc"),
            """
            0101111011100000100010nnnnnddddd CMGT_asisdmisc_Z
            0111111011100000100010nnnnnddddd CMGE_asisdmisc_Z
            0101111011100000100110nnnnnddddd CMEQ_asisdmisc_Z
            0111111011100000100110nnnnnddddd CMLE_asisdmisc_Z
            0101111011100000101010nnnnnddddd CMLT_asisdmisc_Z
            0101111011100000101110nnnnnddddd ABS_asisdmisc_R
            0111111011100000101110nnnnnddddd NEG_asisdmisc_R
            """u8);

        table.Add(
            new EncodingSection(EncodingGroup.FloatingPointSimd, "asisdmisc", undefinedRule: UndefinedRule.DoublewordElements),
            """
            01111110zz100001001010nnnnnddddd SQXTUN_asisdmisc_N
            01011110zz100001010010nnnnnddddd SQXTN_asisdmisc_N
            01111110zz100001010010nnnnnddddd UQXTN_asisdmisc_N
            """u8);

        table.Add(
            new EncodingSection(EncodingGroup.FloatingPointSimd, "asisdmisc"),
            """
            0111111001100001011010nnnnnddddd FCVTXN_asisdmisc_N
            010111100z100001101010nnnnnddddd FCVTNS_asisdmisc_R
            010111100z100001101110nnnnnddddd FCVTMS_asisdmisc_R
            010111100z100001110010nnnnnddddd FCVTAS_asisdmisc_R
            010111100z100001110110nnnnnddddd SCVTF_asisdmisc_R
            010111101z100000110010nnnnnddddd FCMGT_asisdmisc_FZ
            010111101z100000110110nnnnnddddd FCMEQ_asisdmisc_FZ
            010111101z100000111010nnnnnddddd FCMLT_asisdmisc_FZ
            010111101z100001101010nnnnnddddd FCVTPS_asisdmisc_R
            010111101z100001101110nnnnnddddd FCVTZS_asisdmisc_R
            010111101z100001110110nnnnnddddd FRECPE_asisdmisc_R
            010111101z100001111110nnnnnddddd FRECPX_asisdmisc_R
            011111100z100001101010nnnnnddddd FCVTNU_asisdmisc_R
            011111100z100001101110nnnnnddddd FCVTMU_asisdmisc_R
            011111100z100001110010nnnnnddddd FCVTAU_asisdmisc_R
            011111100z100001110110nnnnnddddd UCVTF_asisdmisc_R
            011111101z100000110010nnnnnddddd FCMGE_asisdmisc_FZ
            011111101z100000110110nnnnnddddd FCMLE_asisdmisc_FZ
            011111101z100001101010nnnnnddddd FCVTPU_asisdmisc_R
            011111101z100001101110nnnnnddddd FCVTZU_asisdmisc_R
            011111101z100001110110nnnnnddddd FRSQRTE_asisdmisc_R
            """u8);

        table.Add(
            new EncodingSection(EncodingGroup.FloatingPointSimd, "asisdpair"),
            """
            0101111011110001101110nnnnnddddd ADDP_asisdpair_only
            011111100z110000110010nnnnnddddd FMAXNMP_asisdpair_only_SD
            011111100z110000110110nnnnnddddd FADDP_asisdpair_only_SD
            011111100z110000111110nnnnnddddd FMAXP_asisdpair_only_SD
            011111101z110000110010nnnnnddddd FMINNMP_asisdpair_only_SD
            011111101z110000111110nnnnnddddd FMINP_asisdpair_only_SD
            """u8);

        table.Add(
            new EncodingSection(EncodingGroup.FloatingPointSimd, "asisddiff", undefinedRule: UndefinedRule.ByteOrDoublewordElements),
            """
            01011110zz1mmmmm100100nnnnnddddd SQDMLAL_asisddiff_only
            01011110zz1mmmmm101100nnnnnddddd SQDMLSL_asisddiff_only
            01011110zz1mmmmm110100nnnnnddddd SQDMULL_asisddiff_only
            """u8);

        table.Add(
            new EncodingSection(EncodingGroup.FloatingPointSimd, "asisdshf"),
            """
            0101111101hhhiii000001nnnnnddddd SSHR_asisdshf_R
            0111111101hhhiii000001nnnnnddddd USHR_asisdshf_R
            0101111101hhhiii000101nnnnnddddd SSRA_asisdshf_R
            0111111101hhhiii000101nnnnnddddd USRA_asisdshf_R
            0101111101hhhiii001001nnnnnddddd SRSHR_asisdshf_R
            0111111101hhhiii001001nnnnnddddd URSHR_asisdshf_R
            0101111101hhhiii001101nnnnnddddd SRSRA_asisdshf_R
            0111111101hhhiii001101nnnnnddddd URSRA_asisdshf_R
            0111111101hhhiii010001nnnnnddddd SRI_asisdshf_R
            0101111101hhhiii010101nnnnnddddd SHL_asisdshf_R
            0111111101hhhiii010101nnnnnddddd SLI_asisdshf_R
            """u8);

        table.Add(
            new EncodingSection(EncodingGroup.FloatingPointSimd, "asisdshf", undefinedRule: UndefinedRule.ShiftOfNothing),
            """
            011111110hhhhiii011001nnnnnddddd SQSHLU_asisdshf_R
            010111110hhhhiii011101nnnnnddddd SQSHL_asisdshf_R
            011111110hhhhiii011101nnnnnddddd UQSHL_asisdshf_R
            """u8);

        table.Add(
            new EncodingSection(EncodingGroup.FloatingPointSimd, "asisdshf", undefinedRule: UndefinedRule.ShiftOfDoublewords),
            """
            011111110hhhhiii100001nnnnnddddd SQSHRUN_asisdshf_N
            011111110hhhhiii100011nnnnnddddd SQRSHRUN_asisdshf_N
            010111110hhhhiii100101nnnnnddddd SQSHRN_asisdshf_N
            011111110hhhhiii100101nnnnnddddd UQSHRN_asisdshf_N
            010111110hhhhiii100111nnnnnddddd SQRSHRN_asisdshf_N
            011111110hhhhiii100111nnnnnddddd UQRSHRN_asisdshf_N
            """u8);

        table.Add(
            new EncodingSection(EncodingGroup.FloatingPointSimd, "asisdshf", undefinedRule: UndefinedRule.FixedPointScalar),
            """
            010111110hhhhiii111001nnnnnddddd SCVTF_asisdshf_C
            011111110hhhhiii111001nnnnnddddd UCVTF_asisdshf_C
            010111110hhhhiii111111nnnnnddddd FCVTZS_asisdshf_C
            011111110hhhhiii111111nnnnnddddd FCVTZU_asisdshf_C
            """u8);

        table.Add(
            new EncodingSection(EncodingGroup.FloatingPointSimd, "asisdelem", undefinedRule: UndefinedRule.ByteOrDoublewordElements),
            """
            01011111zzlmmmmm0011k0nnnnnddddd SQDMLAL_asisdelem_L
            01011111zzlmmmmm0111k0nnnnnddddd SQDMLSL_asisdelem_L
            01011111zzlmmmmm1011k0nnnnnddddd SQDMULL_asisdelem_L
            01011111zzlmmmmm1100k0nnnnnddddd SQDMULH_asisdelem_R
            01011111zzlmmmmm1101k0nnnnnddddd SQRDMULH_asisdelem_R
            """u8);

        table.Add(
            new EncodingSection(EncodingGroup.FloatingPointSimd, "asisdelem", undefinedRule: UndefinedRule.IndexedDoubleScalar),
            """
            010111111zlmmmmm0001k0nnnnnddddd FMLA_asisdelem_R_SD
            010111111zlmmmmm0101k0nnnnnddddd FMLS_asisdelem_R_SD
            010111111zlmmmmm1001k0nnnnnddddd FMUL_asisdelem_R_SD
            011111111zlmmmmm1001k0nnnnnddddd FMULX_asisdelem_R_SD
            """u8);

        table.Add(
            new EncodingSection(EncodingGroup.FloatingPointSimd, "cryptoaes", A64Features.AES),
            """
            0100111000101000010010nnnnnddddd AESE_B_cryptoaes
            0100111000101000010110nnnnnddddd AESD_B_cryptoaes
            0100111000101000011010nnnnnddddd AESMC_B_cryptoaes
            0100111000101000011110nnnnnddddd AESIMC_B_cryptoaes
            """u8);

        table.Add(
            new EncodingSection(EncodingGroup.FloatingPointSimd, "cryptosha3", A64Features.SHA1),
            """
            01011110000mmmmm000000nnnnnddddd SHA1C_QSV_cryptosha3
            01011110000mmmmm000100nnnnnddddd SHA1P_QSV_cryptosha3
            01011110000mmmmm001000nnnnnddddd SHA1M_QSV_cryptosha3
            01011110000mmmmm001100nnnnnddddd SHA1SU0_VVV_cryptosha3
            """u8);

        table.Add(
            new EncodingSection(EncodingGroup.FloatingPointSimd, "cryptosha3", A64Features.SHA256),
            """
            01011110000mmmmm010000nnnnnddddd SHA256H_QQV_cryptosha3
            01011110000mmmmm010100nnnnnddddd SHA256H2_QQV_cryptosha3
            01011110000mmmmm011000nnnnnddddd SHA256SU1_VVV_cryptosha3
            """u8);

        table.Add(
            new EncodingSection(EncodingGroup.FloatingPointSimd, "cryptosha2", A64Features.SHA1),
            """
            0101111000101000000010nnnnnddddd SHA1H_SS_cryptosha2
            0101111000101000000110nnnnnddddd SHA1SU1_VV_cryptosha2
            """u8);

        table.Add(
            new EncodingSection(EncodingGroup.FloatingPointSimd, "cryptosha2", A64Features.SHA256),
            """
            0101111000101000001010nnnnnddddd SHA256SU0_VV_cryptosha2
            """u8);
    }
}
