using HvIntrospect.Registers;

namespace HvIntrospect.A64.Rows;

/// <summary>The encodings of the group "Loads and stores".</summary>
/// <remarks>
/// Letters: t Rt, n Rn, s Rs, m Rm, 2 Rt2, d Rd, i immediate, o option, k the S bit (scale or lane), q Q, z size, S should be one.
/// </remarks>
internal static class LoadStoreRows
{
    /// <summary>Adds the rows.</summary>
    /// <param name="table">The table to add them to.</param>
    public static void AddTo(EncodingTableBuilder table)
    {
        table.Add(
            new LoadStoreSection(LoadStoreClass.ExclusiveRegister, "ldstexclr", stepClass: StepClass.Exclusive),
            """
            00001000000sssss0SSSSSnnnnnttttt STXRB_sr32_ldstexclr
            00001000010SSSSS0SSSSSnnnnnttttt LDXRB_lr32_ldstexclr
            00001000000sssss1SSSSSnnnnnttttt STLXRB_sr32_ldstexclr
            00001000010SSSSS1SSSSSnnnnnttttt LDAXRB_lr32_ldstexclr
            01001000000sssss0SSSSSnnnnnttttt STXRH_sr32_ldstexclr
            01001000010SSSSS0SSSSSnnnnnttttt LDXRH_lr32_ldstexclr
            01001000000sssss1SSSSSnnnnnttttt STLXRH_sr32_ldstexclr
            01001000010SSSSS1SSSSSnnnnnttttt LDAXRH_lr32_ldstexclr
            10001000000sssss0SSSSSnnnnnttttt STXR_sr32_ldstexclr
            10001000010SSSSS0SSSSSnnnnnttttt LDXR_lr32_ldstexclr
            10001000000sssss1SSSSSnnnnnttttt STLXR_sr32_ldstexclr
            10001000010SSSSS1SSSSSnnnnnttttt LDAXR_lr32_ldstexclr
            11001000000sssss0SSSSSnnnnnttttt STXR_sr64_ldstexclr
            11001000010SSSSS0SSSSSnnnnnttttt LDXR_lr64_ldstexclr
            11001000000sssss1SSSSSnnnnnttttt STLXR_sr64_ldstexclr
            11001000010SSSSS1SSSSSnnnnnttttt LDAXR_lr64_ldstexclr
            """u8);

        table.Add(
            new LoadStoreSection(LoadStoreClass.Ordered, "ldstord", A64Features.LOR),
            """
            00001000100SSSSS0SSSSSnnnnnttttt STLLRB_sl32_ldstord
            00001000110SSSSS0SSSSSnnnnnttttt LDLARB_lr32_ldstord
            01001000100SSSSS0SSSSSnnnnnttttt STLLRH_sl32_ldstord
            01001000110SSSSS0SSSSSnnnnnttttt LDLARH_lr32_ldstord
            10001000100SSSSS0SSSSSnnnnnttttt STLLR_sl32_ldstord
            10001000110SSSSS0SSSSSnnnnnttttt LDLAR_lr32_ldstord
            11001000100SSSSS0SSSSSnnnnnttttt STLLR_sl64_ldstord
            11001000110SSSSS0SSSSSnnnnnttttt LDLAR_lr64_ldstord
            """u8);

        table.Add(
            new LoadStoreSection(LoadStoreClass.Ordered, "ldstord"),
            """
            00001000100SSSSS1SSSSSnnnnnttttt STLRB_sl32_ldstord
            00001000110SSSSS1SSSSSnnnnnttttt LDARB_lr32_ldstord
            01001000100SSSSS1SSSSSnnnnnttttt STLRH_sl32_ldstord
            01001000110SSSSS1SSSSSnnnnnttttt LDARH_lr32_ldstord
            10001000100SSSSS1SSSSSnnnnnttttt STLR_sl32_ldstord
            10001000110SSSSS1SSSSSnnnnnttttt LDAR_lr32_ldstord
            11001000100SSSSS1SSSSSnnnnnttttt STLR_sl64_ldstord
            11001000110SSSSS1SSSSSnnnnnttttt LDAR_lr64_ldstord
            """u8);

        table.Add(
            new LoadStoreSection(LoadStoreClass.ExclusivePair, "ldstexclp", stepClass: StepClass.Exclusive),
            """
            10001000001sssss022222nnnnnttttt STXP_sp32_ldstexclp
            10001000011SSSSS022222nnnnnttttt LDXP_lp32_ldstexclp
            10001000001sssss122222nnnnnttttt STLXP_sp32_ldstexclp
            10001000011SSSSS122222nnnnnttttt LDAXP_lp32_ldstexclp
            11001000001sssss022222nnnnnttttt STXP_sp64_ldstexclp
            11001000011SSSSS022222nnnnnttttt LDXP_lp64_ldstexclp
            11001000001sssss122222nnnnnttttt STLXP_sp64_ldstexclp
            11001000011SSSSS122222nnnnnttttt LDAXP_lp64_ldstexclp
            """u8);

        table.Add(
            new LoadStoreSection(LoadStoreClass.CompareAndSwapPair, "comswappr", A64Features.LSE, undefinedRule: UndefinedRule.OddPair),
            """
            00001000001sssss011111nnnnnttttt CASP_cp32_comswappr
            00001000011sssss011111nnnnnttttt CASPA_cp32_comswappr
            00001000011sssss111111nnnnnttttt CASPAL_cp32_comswappr
            00001000001sssss111111nnnnnttttt CASPL_cp32_comswappr
            01001000001sssss011111nnnnnttttt CASP_cp64_comswappr
            01001000011sssss011111nnnnnttttt CASPA_cp64_comswappr
            01001000011sssss111111nnnnnttttt CASPAL_cp64_comswappr
            01001000001sssss111111nnnnnttttt CASPL_cp64_comswappr
            """u8);

        table.Add(
            new LoadStoreSection(LoadStoreClass.CompareAndSwap, "comswap", A64Features.LSE),
            """
            00001000101sssss011111nnnnnttttt CASB_c32_comswap
            00001000111sssss011111nnnnnttttt CASAB_c32_comswap
            00001000111sssss111111nnnnnttttt CASALB_c32_comswap
            00001000101sssss111111nnnnnttttt CASLB_c32_comswap
            01001000101sssss011111nnnnnttttt CASH_c32_comswap
            01001000111sssss011111nnnnnttttt CASAH_c32_comswap
            01001000111sssss111111nnnnnttttt CASALH_c32_comswap
            01001000101sssss111111nnnnnttttt CASLH_c32_comswap
            10001000101sssss011111nnnnnttttt CAS_c32_comswap
            10001000111sssss011111nnnnnttttt CASA_c32_comswap
            10001000111sssss111111nnnnnttttt CASAL_c32_comswap
            10001000101sssss111111nnnnnttttt CASL_c32_comswap
            11001000101sssss011111nnnnnttttt CAS_c64_comswap
            11001000111sssss011111nnnnnttttt CASA_c64_comswap
            11001000111sssss111111nnnnnttttt CASAL_c64_comswap
            11001000101sssss111111nnnnnttttt CASL_c64_comswap
            """u8);

        table.Add(
            new LoadStoreSection(LoadStoreClass.Literal, "loadlit", stepClass: StepClass.PcRelative),
            """
            00011000iiiiiiiiiiiiiiiiiiittttt LDR_32_loadlit
            01011000iiiiiiiiiiiiiiiiiiittttt LDR_64_loadlit
            10011000iiiiiiiiiiiiiiiiiiittttt LDRSW_64_loadlit
            11011000iiiiiiiiiiiiiiiiiiittttt PRFM_p_loadlit
            00011100iiiiiiiiiiiiiiiiiiittttt LDR_s_loadlit
            01011100iiiiiiiiiiiiiiiiiiittttt LDR_d_loadlit
            10011100iiiiiiiiiiiiiiiiiiittttt LDR_q_loadlit
            """u8);

        table.Add(
            new LoadStoreSection(LoadStoreClass.PairPostIndexed, "ldstpair_post"),
            """
            0010100010iiiiiii22222nnnnnttttt STP_32_ldstpair_post
            0010100011iiiiiii22222nnnnnttttt LDP_32_ldstpair_post
            1010100010iiiiiii22222nnnnnttttt STP_64_ldstpair_post
            1010100011iiiiiii22222nnnnnttttt LDP_64_ldstpair_post
            0010110010iiiiiii22222nnnnnttttt STP_s_ldstpair_post
            0010110011iiiiiii22222nnnnnttttt LDP_s_ldstpair_post
            0110110010iiiiiii22222nnnnnttttt STP_d_ldstpair_post
            0110110011iiiiiii22222nnnnnttttt LDP_d_ldstpair_post
            1010110010iiiiiii22222nnnnnttttt STP_q_ldstpair_post
            1010110011iiiiiii22222nnnnnttttt LDP_q_ldstpair_post
            0110100011iiiiiii22222nnnnnttttt LDPSW_64_ldstpair_post
            """u8);

        table.Add(
            new LoadStoreSection(LoadStoreClass.PairPostIndexed, "ldstpair_post", A64Features.MTE),
            """
            0110100010iiiiiii22222nnnnnttttt STGP_64_ldstpair_post
            """u8);

        table.Add(
            new LoadStoreSection(LoadStoreClass.PairPostIndexed, "ldstpair_post", A64Features.LSUI),
            """
            1110100010iiiiiii22222nnnnnttttt STTP_64_ldstpair_post
            1110100011iiiiiii22222nnnnnttttt LDTP_64_ldstpair_post
            1110110010iiiiiii22222nnnnnttttt STTP_q_ldstpair_post
            1110110011iiiiiii22222nnnnnttttt LDTP_q_ldstpair_post
            """u8);

        table.Add(
            new LoadStoreSection(LoadStoreClass.PairOffset, "ldstpair_off"),
            """
            0010100100iiiiiii22222nnnnnttttt STP_32_ldstpair_off
            0010100101iiiiiii22222nnnnnttttt LDP_32_ldstpair_off
            1010100100iiiiiii22222nnnnnttttt STP_64_ldstpair_off
            1010100101iiiiiii22222nnnnnttttt LDP_64_ldstpair_off
            0010110100iiiiiii22222nnnnnttttt STP_s_ldstpair_off
            0010110101iiiiiii22222nnnnnttttt LDP_s_ldstpair_off
            0110110100iiiiiii22222nnnnnttttt STP_d_ldstpair_off
            0110110101iiiiiii22222nnnnnttttt LDP_d_ldstpair_off
            1010110100iiiiiii22222nnnnnttttt STP_q_ldstpair_off
            1010110101iiiiiii22222nnnnnttttt LDP_q_ldstpair_off
            0110100101iiiiiii22222nnnnnttttt LDPSW_64_ldstpair_off
            """u8);

        table.Add(
            new LoadStoreSection(LoadStoreClass.PairOffset, "ldstpair_off", A64Features.MTE),
            """
            0110100100iiiiiii22222nnnnnttttt STGP_64_ldstpair_off
            """u8);

        table.Add(
            new LoadStoreSection(LoadStoreClass.PairOffset, "ldstpair_off", A64Features.LSUI),
            """
            1110100100iiiiiii22222nnnnnttttt STTP_64_ldstpair_off
            1110100101iiiiiii22222nnnnnttttt LDTP_64_ldstpair_off
            1110110100iiiiiii22222nnnnnttttt STTP_q_ldstpair_off
            1110110101iiiiiii22222nnnnnttttt LDTP_q_ldstpair_off
            """u8);

        table.Add(
            new LoadStoreSection(LoadStoreClass.PairPreIndexed, "ldstpair_pre"),
            """
            0010100110iiiiiii22222nnnnnttttt STP_32_ldstpair_pre
            0010100111iiiiiii22222nnnnnttttt LDP_32_ldstpair_pre
            1010100110iiiiiii22222nnnnnttttt STP_64_ldstpair_pre
            1010100111iiiiiii22222nnnnnttttt LDP_64_ldstpair_pre
            0010110110iiiiiii22222nnnnnttttt STP_s_ldstpair_pre
            0010110111iiiiiii22222nnnnnttttt LDP_s_ldstpair_pre
            0110110110iiiiiii22222nnnnnttttt STP_d_ldstpair_pre
            0110110111iiiiiii22222nnnnnttttt LDP_d_ldstpair_pre
            1010110110iiiiiii22222nnnnnttttt STP_q_ldstpair_pre
            1010110111iiiiiii22222nnnnnttttt LDP_q_ldstpair_pre
            0110100111iiiiiii22222nnnnnttttt LDPSW_64_ldstpair_pre
            """u8);

        table.Add(
            new LoadStoreSection(LoadStoreClass.PairPreIndexed, "ldstpair_pre", A64Features.MTE),
            """
            0110100110iiiiiii22222nnnnnttttt STGP_64_ldstpair_pre
            """u8);

        table.Add(
            new LoadStoreSection(LoadStoreClass.PairPreIndexed, "ldstpair_pre", A64Features.LSUI),
            """
            1110100110iiiiiii22222nnnnnttttt STTP_64_ldstpair_pre
            1110100111iiiiiii22222nnnnnttttt LDTP_64_ldstpair_pre
            1110110110iiiiiii22222nnnnnttttt STTP_q_ldstpair_pre
            1110110111iiiiiii22222nnnnnttttt LDTP_q_ldstpair_pre
            """u8);

        table.Add(
            new LoadStoreSection(LoadStoreClass.PairNoAllocate, "ldstnapair_offs"),
            """
            0010100000iiiiiii22222nnnnnttttt STNP_32_ldstnapair_offs
            0010100001iiiiiii22222nnnnnttttt LDNP_32_ldstnapair_offs
            1010100000iiiiiii22222nnnnnttttt STNP_64_ldstnapair_offs
            1010100001iiiiiii22222nnnnnttttt LDNP_64_ldstnapair_offs
            0010110000iiiiiii22222nnnnnttttt STNP_s_ldstnapair_offs
            0010110001iiiiiii22222nnnnnttttt LDNP_s_ldstnapair_offs
            0110110000iiiiiii22222nnnnnttttt STNP_d_ldstnapair_offs
            0110110001iiiiiii22222nnnnnttttt LDNP_d_ldstnapair_offs
            1010110000iiiiiii22222nnnnnttttt STNP_q_ldstnapair_offs
            1010110001iiiiiii22222nnnnnttttt LDNP_q_ldstnapair_offs
            """u8);

        table.Add(
            new LoadStoreSection(LoadStoreClass.PairNoAllocate, "ldstnapair_offs", A64Features.LSUI),
            """
            1110100000iiiiiii22222nnnnnttttt STTNP_64_ldstnapair_offs
            1110100001iiiiiii22222nnnnnttttt LDTNP_64_ldstnapair_offs
            1110110000iiiiiii22222nnnnnttttt STTNP_q_ldstnapair_offs
            1110110001iiiiiii22222nnnnnttttt LDTNP_q_ldstnapair_offs
            """u8);

        table.Add(
            new LoadStoreSection(LoadStoreClass.UnscaledImmediate, "ldst_unscaled"),
            """
            00111000000iiiiiiiii00nnnnnttttt STURB_32_ldst_unscaled
            00111000010iiiiiiiii00nnnnnttttt LDURB_32_ldst_unscaled
            00111000100iiiiiiiii00nnnnnttttt LDURSB_64_ldst_unscaled
            00111000110iiiiiiiii00nnnnnttttt LDURSB_32_ldst_unscaled
            01111000000iiiiiiiii00nnnnnttttt STURH_32_ldst_unscaled
            01111000010iiiiiiiii00nnnnnttttt LDURH_32_ldst_unscaled
            01111000100iiiiiiiii00nnnnnttttt LDURSH_64_ldst_unscaled
            01111000110iiiiiiiii00nnnnnttttt LDURSH_32_ldst_unscaled
            10111000000iiiiiiiii00nnnnnttttt STUR_32_ldst_unscaled
            10111000010iiiiiiiii00nnnnnttttt LDUR_32_ldst_unscaled
            10111000100iiiiiiiii00nnnnnttttt LDURSW_64_ldst_unscaled
            11111000000iiiiiiiii00nnnnnttttt STUR_64_ldst_unscaled
            11111000010iiiiiiiii00nnnnnttttt LDUR_64_ldst_unscaled
            11111000100iiiiiiiii00nnnnnttttt PRFUM_p_ldst_unscaled
            00111100000iiiiiiiii00nnnnnttttt STUR_b_ldst_unscaled
            00111100010iiiiiiiii00nnnnnttttt LDUR_b_ldst_unscaled
            00111100100iiiiiiiii00nnnnnttttt STUR_q_ldst_unscaled
            00111100110iiiiiiiii00nnnnnttttt LDUR_q_ldst_unscaled
            01111100000iiiiiiiii00nnnnnttttt STUR_h_ldst_unscaled
            01111100010iiiiiiiii00nnnnnttttt LDUR_h_ldst_unscaled
            10111100000iiiiiiiii00nnnnnttttt STUR_s_ldst_unscaled
            10111100010iiiiiiiii00nnnnnttttt LDUR_s_ldst_unscaled
            11111100000iiiiiiiii00nnnnnttttt STUR_d_ldst_unscaled
            11111100010iiiiiiiii00nnnnnttttt LDUR_d_ldst_unscaled
            """u8);

        table.Add(
            new LoadStoreSection(LoadStoreClass.ImmediatePostIndexed, "ldst_immpost"),
            """
            00111000000iiiiiiiii01nnnnnttttt STRB_32_ldst_immpost
            00111000010iiiiiiiii01nnnnnttttt LDRB_32_ldst_immpost
            00111000100iiiiiiiii01nnnnnttttt LDRSB_64_ldst_immpost
            00111000110iiiiiiiii01nnnnnttttt LDRSB_32_ldst_immpost
            01111000000iiiiiiiii01nnnnnttttt STRH_32_ldst_immpost
            01111000010iiiiiiiii01nnnnnttttt LDRH_32_ldst_immpost
            01111000100iiiiiiiii01nnnnnttttt LDRSH_64_ldst_immpost
            01111000110iiiiiiiii01nnnnnttttt LDRSH_32_ldst_immpost
            10111000000iiiiiiiii01nnnnnttttt STR_32_ldst_immpost
            10111000010iiiiiiiii01nnnnnttttt LDR_32_ldst_immpost
            10111000100iiiiiiiii01nnnnnttttt LDRSW_64_ldst_immpost
            11111000000iiiiiiiii01nnnnnttttt STR_64_ldst_immpost
            11111000010iiiiiiiii01nnnnnttttt LDR_64_ldst_immpost
            00111100000iiiiiiiii01nnnnnttttt STR_b_ldst_immpost
            00111100010iiiiiiiii01nnnnnttttt LDR_b_ldst_immpost
            00111100100iiiiiiiii01nnnnnttttt STR_q_ldst_immpost
            00111100110iiiiiiiii01nnnnnttttt LDR_q_ldst_immpost
            01111100000iiiiiiiii01nnnnnttttt STR_h_ldst_immpost
            01111100010iiiiiiiii01nnnnnttttt LDR_h_ldst_immpost
            10111100000iiiiiiiii01nnnnnttttt STR_s_ldst_immpost
            10111100010iiiiiiiii01nnnnnttttt LDR_s_ldst_immpost
            11111100000iiiiiiiii01nnnnnttttt STR_d_ldst_immpost
            11111100010iiiiiiiii01nnnnnttttt LDR_d_ldst_immpost
            """u8);

        table.Add(
            new LoadStoreSection(LoadStoreClass.ImmediatePreIndexed, "ldst_immpre"),
            """
            00111000000iiiiiiiii11nnnnnttttt STRB_32_ldst_immpre
            00111000010iiiiiiiii11nnnnnttttt LDRB_32_ldst_immpre
            00111000100iiiiiiiii11nnnnnttttt LDRSB_64_ldst_immpre
            00111000110iiiiiiiii11nnnnnttttt LDRSB_32_ldst_immpre
            01111000000iiiiiiiii11nnnnnttttt STRH_32_ldst_immpre
            01111000010iiiiiiiii11nnnnnttttt LDRH_32_ldst_immpre
            01111000100iiiiiiiii11nnnnnttttt LDRSH_64_ldst_immpre
            01111000110iiiiiiiii11nnnnnttttt LDRSH_32_ldst_immpre
            10111000000iiiiiiiii11nnnnnttttt STR_32_ldst_immpre
            10111000010iiiiiiiii11nnnnnttttt LDR_32_ldst_immpre
            10111000100iiiiiiiii11nnnnnttttt LDRSW_64_ldst_immpre
            11111000000iiiiiiiii11nnnnnttttt STR_64_ldst_immpre
            11111000010iiiiiiiii11nnnnnttttt LDR_64_ldst_immpre
            00111100000iiiiiiiii11nnnnnttttt STR_b_ldst_immpre
            00111100010iiiiiiiii11nnnnnttttt LDR_b_ldst_immpre
            00111100100iiiiiiiii11nnnnnttttt STR_q_ldst_immpre
            00111100110iiiiiiiii11nnnnnttttt LDR_q_ldst_immpre
            01111100000iiiiiiiii11nnnnnttttt STR_h_ldst_immpre
            01111100010iiiiiiiii11nnnnnttttt LDR_h_ldst_immpre
            10111100000iiiiiiiii11nnnnnttttt STR_s_ldst_immpre
            10111100010iiiiiiiii11nnnnnttttt LDR_s_ldst_immpre
            11111100000iiiiiiiii11nnnnnttttt STR_d_ldst_immpre
            11111100010iiiiiiiii11nnnnnttttt LDR_d_ldst_immpre
            """u8);

        table.Add(
            new LoadStoreSection(LoadStoreClass.Unprivileged, "ldst_unpriv"),
            """
            00111000000iiiiiiiii10nnnnnttttt STTRB_32_ldst_unpriv
            00111000010iiiiiiiii10nnnnnttttt LDTRB_32_ldst_unpriv
            00111000100iiiiiiiii10nnnnnttttt LDTRSB_64_ldst_unpriv
            00111000110iiiiiiiii10nnnnnttttt LDTRSB_32_ldst_unpriv
            01111000000iiiiiiiii10nnnnnttttt STTRH_32_ldst_unpriv
            01111000010iiiiiiiii10nnnnnttttt LDTRH_32_ldst_unpriv
            01111000100iiiiiiiii10nnnnnttttt LDTRSH_64_ldst_unpriv
            01111000110iiiiiiiii10nnnnnttttt LDTRSH_32_ldst_unpriv
            10111000000iiiiiiiii10nnnnnttttt STTR_32_ldst_unpriv
            10111000010iiiiiiiii10nnnnnttttt LDTR_32_ldst_unpriv
            10111000100iiiiiiiii10nnnnnttttt LDTRSW_64_ldst_unpriv
            11111000000iiiiiiiii10nnnnnttttt STTR_64_ldst_unpriv
            11111000010iiiiiiiii10nnnnnttttt LDTR_64_ldst_unpriv
            """u8);

        table.Add(
            new LoadStoreSection(LoadStoreClass.UnsignedImmediate, "ldst_pos"),
            """
            0011100100iiiiiiiiiiiinnnnnttttt STRB_32_ldst_pos
            0011100101iiiiiiiiiiiinnnnnttttt LDRB_32_ldst_pos
            0011100110iiiiiiiiiiiinnnnnttttt LDRSB_64_ldst_pos
            0011100111iiiiiiiiiiiinnnnnttttt LDRSB_32_ldst_pos
            0111100100iiiiiiiiiiiinnnnnttttt STRH_32_ldst_pos
            0111100101iiiiiiiiiiiinnnnnttttt LDRH_32_ldst_pos
            0111100110iiiiiiiiiiiinnnnnttttt LDRSH_64_ldst_pos
            0111100111iiiiiiiiiiiinnnnnttttt LDRSH_32_ldst_pos
            1011100100iiiiiiiiiiiinnnnnttttt STR_32_ldst_pos
            1011100101iiiiiiiiiiiinnnnnttttt LDR_32_ldst_pos
            1011100110iiiiiiiiiiiinnnnnttttt LDRSW_64_ldst_pos
            1111100100iiiiiiiiiiiinnnnnttttt STR_64_ldst_pos
            1111100101iiiiiiiiiiiinnnnnttttt LDR_64_ldst_pos
            1111100110iiiiiiiiiiiinnnnnttttt PRFM_p_ldst_pos
            0011110100iiiiiiiiiiiinnnnnttttt STR_b_ldst_pos
            0011110101iiiiiiiiiiiinnnnnttttt LDR_b_ldst_pos
            0011110110iiiiiiiiiiiinnnnnttttt STR_q_ldst_pos
            0011110111iiiiiiiiiiiinnnnnttttt LDR_q_ldst_pos
            0111110100iiiiiiiiiiiinnnnnttttt STR_h_ldst_pos
            0111110101iiiiiiiiiiiinnnnnttttt LDR_h_ldst_pos
            1011110100iiiiiiiiiiiinnnnnttttt STR_s_ldst_pos
            1011110101iiiiiiiiiiiinnnnnttttt LDR_s_ldst_pos
            1111110100iiiiiiiiiiiinnnnnttttt STR_d_ldst_pos
            1111110101iiiiiiiiiiiinnnnnttttt LDR_d_ldst_pos
            """u8);

        table.Add(
            new LoadStoreSection(LoadStoreClass.RegisterOffset, "ldst_regoff", A64Features.RPRFM),
            """
            11111000101mmmmmo1ok10nnnnn11ttt RPRFM_r_ldst_regoff before PRFM_p_ldst_regoff
            """u8);

        table.Add(
            new LoadStoreSection(LoadStoreClass.RegisterOffset, "ldst_regoff"),
            """
            00111000001mmmmm011k10nnnnnttttt STRB_32bl_ldst_regoff before STRB_32b_ldst_regoff
            00111000001mmmmmo1ok10nnnnnttttt STRB_32b_ldst_regoff
            00111000011mmmmm011k10nnnnnttttt LDRB_32bl_ldst_regoff before LDRB_32b_ldst_regoff
            00111000011mmmmmo1ok10nnnnnttttt LDRB_32b_ldst_regoff
            00111000101mmmmm011k10nnnnnttttt LDRSB_64bl_ldst_regoff before LDRSB_64b_ldst_regoff
            00111000101mmmmmo1ok10nnnnnttttt LDRSB_64b_ldst_regoff
            00111000111mmmmm011k10nnnnnttttt LDRSB_32bl_ldst_regoff before LDRSB_32b_ldst_regoff
            00111000111mmmmmo1ok10nnnnnttttt LDRSB_32b_ldst_regoff
            01111000001mmmmmo1ok10nnnnnttttt STRH_32_ldst_regoff
            01111000011mmmmmo1ok10nnnnnttttt LDRH_32_ldst_regoff
            01111000101mmmmmo1ok10nnnnnttttt LDRSH_64_ldst_regoff
            01111000111mmmmmo1ok10nnnnnttttt LDRSH_32_ldst_regoff
            10111000001mmmmmo1ok10nnnnnttttt STR_32_ldst_regoff
            10111000011mmmmmo1ok10nnnnnttttt LDR_32_ldst_regoff
            10111000101mmmmmo1ok10nnnnnttttt LDRSW_64_ldst_regoff
            11111000001mmmmmo1ok10nnnnnttttt STR_64_ldst_regoff
            11111000011mmmmmo1ok10nnnnnttttt LDR_64_ldst_regoff
            11111000101mmmmmo1ok10nnnnnttttt PRFM_p_ldst_regoff
            00111100001mmmmm011k10nnnnnttttt STR_bl_ldst_regoff before STR_b_ldst_regoff
            00111100001mmmmmo1ok10nnnnnttttt STR_b_ldst_regoff
            00111100011mmmmm011k10nnnnnttttt LDR_bl_ldst_regoff before LDR_b_ldst_regoff
            00111100011mmmmmo1ok10nnnnnttttt LDR_b_ldst_regoff
            00111100101mmmmmo1ok10nnnnnttttt STR_q_ldst_regoff
            00111100111mmmmmo1ok10nnnnnttttt LDR_q_ldst_regoff
            01111100001mmmmmo1ok10nnnnnttttt STR_h_ldst_regoff
            01111100011mmmmmo1ok10nnnnnttttt LDR_h_ldst_regoff
            10111100001mmmmmo1ok10nnnnnttttt STR_s_ldst_regoff
            10111100011mmmmmo1ok10nnnnnttttt LDR_s_ldst_regoff
            11111100001mmmmmo1ok10nnnnnttttt STR_d_ldst_regoff
            11111100011mmmmmo1ok10nnnnnttttt LDR_d_ldst_regoff
            """u8);

        table.Add(
            new LoadStoreSection(LoadStoreClass.PointerAuthentication, "ldst_pac", A64Features.PAuth),
            """
            111110000i1iiiiiiiii01nnnnnttttt LDRAA_64_ldst_pac
            111110000i1iiiiiiiii11nnnnnttttt LDRAA_64w_ldst_pac
            111110001i1iiiiiiiii01nnnnnttttt LDRAB_64_ldst_pac
            111110001i1iiiiiiiii11nnnnnttttt LDRAB_64w_ldst_pac
            """u8);

        table.Add(
            new LoadStoreSection(LoadStoreClass.Atomic, "memop", A64Features.LSE),
            """
            00111000001sssss000000nnnnnttttt LDADDB_32_memop
            00111000001sssss000100nnnnnttttt LDCLRB_32_memop
            00111000001sssss001000nnnnnttttt LDEORB_32_memop
            00111000001sssss001100nnnnnttttt LDSETB_32_memop
            00111000001sssss010000nnnnnttttt LDSMAXB_32_memop
            00111000001sssss010100nnnnnttttt LDSMINB_32_memop
            00111000001sssss011000nnnnnttttt LDUMAXB_32_memop
            00111000001sssss011100nnnnnttttt LDUMINB_32_memop
            00111000001sssss100000nnnnnttttt SWPB_32_memop
            00111000101sssss000000nnnnnttttt LDADDAB_32_memop
            00111000101sssss000100nnnnnttttt LDCLRAB_32_memop
            00111000101sssss001000nnnnnttttt LDEORAB_32_memop
            00111000101sssss001100nnnnnttttt LDSETAB_32_memop
            00111000101sssss010000nnnnnttttt LDSMAXAB_32_memop
            00111000101sssss010100nnnnnttttt LDSMINAB_32_memop
            00111000101sssss011000nnnnnttttt LDUMAXAB_32_memop
            00111000101sssss011100nnnnnttttt LDUMINAB_32_memop
            00111000101sssss100000nnnnnttttt SWPAB_32_memop
            00111000111sssss000000nnnnnttttt LDADDALB_32_memop
            00111000111sssss000100nnnnnttttt LDCLRALB_32_memop
            00111000111sssss001000nnnnnttttt LDEORALB_32_memop
            00111000111sssss001100nnnnnttttt LDSETALB_32_memop
            00111000111sssss010000nnnnnttttt LDSMAXALB_32_memop
            00111000111sssss010100nnnnnttttt LDSMINALB_32_memop
            00111000111sssss011000nnnnnttttt LDUMAXALB_32_memop
            00111000111sssss011100nnnnnttttt LDUMINALB_32_memop
            00111000111sssss100000nnnnnttttt SWPALB_32_memop
            00111000011sssss000000nnnnnttttt LDADDLB_32_memop
            00111000011sssss000100nnnnnttttt LDCLRLB_32_memop
            00111000011sssss001000nnnnnttttt LDEORLB_32_memop
            00111000011sssss001100nnnnnttttt LDSETLB_32_memop
            00111000011sssss010000nnnnnttttt LDSMAXLB_32_memop
            00111000011sssss010100nnnnnttttt LDSMINLB_32_memop
            00111000011sssss011000nnnnnttttt LDUMAXLB_32_memop
            00111000011sssss011100nnnnnttttt LDUMINLB_32_memop
            00111000011sssss100000nnnnnttttt SWPLB_32_memop
            01111000001sssss000000nnnnnttttt LDADDH_32_memop
            01111000001sssss000100nnnnnttttt LDCLRH_32_memop
            01111000001sssss001000nnnnnttttt LDEORH_32_memop
            01111000001sssss001100nnnnnttttt LDSETH_32_memop
            01111000001sssss010000nnnnnttttt LDSMAXH_32_memop
            01111000001sssss010100nnnnnttttt LDSMINH_32_memop
            01111000001sssss011000nnnnnttttt LDUMAXH_32_memop
            01111000001sssss011100nnnnnttttt LDUMINH_32_memop
            01111000001sssss100000nnnnnttttt SWPH_32_memop
            01111000101sssss000000nnnnnttttt LDADDAH_32_memop
            01111000101sssss000100nnnnnttttt LDCLRAH_32_memop
            01111000101sssss001000nnnnnttttt LDEORAH_32_memop
            01111000101sssss001100nnnnnttttt LDSETAH_32_memop
            01111000101sssss010000nnnnnttttt LDSMAXAH_32_memop
            01111000101sssss010100nnnnnttttt LDSMINAH_32_memop
            01111000101sssss011000nnnnnttttt LDUMAXAH_32_memop
            01111000101sssss011100nnnnnttttt LDUMINAH_32_memop
            01111000101sssss100000nnnnnttttt SWPAH_32_memop
            01111000111sssss000000nnnnnttttt LDADDALH_32_memop
            01111000111sssss000100nnnnnttttt LDCLRALH_32_memop
            01111000111sssss001000nnnnnttttt LDEORALH_32_memop
            01111000111sssss001100nnnnnttttt LDSETALH_32_memop
            01111000111sssss010000nnnnnttttt LDSMAXALH_32_memop
            01111000111sssss010100nnnnnttttt LDSMINALH_32_memop
            01111000111sssss011000nnnnnttttt LDUMAXALH_32_memop
            01111000111sssss011100nnnnnttttt LDUMINALH_32_memop
            01111000111sssss100000nnnnnttttt SWPALH_32_memop
            01111000011sssss000000nnnnnttttt LDADDLH_32_memop
            01111000011sssss000100nnnnnttttt LDCLRLH_32_memop
            01111000011sssss001000nnnnnttttt LDEORLH_32_memop
            01111000011sssss001100nnnnnttttt LDSETLH_32_memop
            01111000011sssss010000nnnnnttttt LDSMAXLH_32_memop
            01111000011sssss010100nnnnnttttt LDSMINLH_32_memop
            01111000011sssss011000nnnnnttttt LDUMAXLH_32_memop
            01111000011sssss011100nnnnnttttt LDUMINLH_32_memop
            01111000011sssss100000nnnnnttttt SWPLH_32_memop
            10111000001sssss000000nnnnnttttt LDADD_32_memop
            10111000001sssss000100nnnnnttttt LDCLR_32_memop
            10111000001sssss001000nnnnnttttt LDEOR_32_memop
            10111000001sssss001100nnnnnttttt LDSET_32_memop
            10111000001sssss010000nnnnnttttt LDSMAX_32_memop
            10111000001sssss010100nnnnnttttt LDSMIN_32_memop
            10111000001sssss011000nnnnnttttt LDUMAX_32_memop
            10111000001sssss011100nnnnnttttt LDUMIN_32_memop
            10111000001sssss100000nnnnnttttt SWP_32_memop
            10111000101sssss000000nnnnnttttt LDADDA_32_memop
            10111000101sssss000100nnnnnttttt LDCLRA_32_memop
            10111000101sssss001000nnnnnttttt LDEORA_32_memop
            10111000101sssss001100nnnnnttttt LDSETA_32_memop
            10111000101sssss010000nnnnnttttt LDSMAXA_32_memop
            10111000101sssss010100nnnnnttttt LDSMINA_32_memop
            10111000101sssss011000nnnnnttttt LDUMAXA_32_memop
            10111000101sssss011100nnnnnttttt LDUMINA_32_memop
            10111000101sssss100000nnnnnttttt SWPA_32_memop
            10111000111sssss000000nnnnnttttt LDADDAL_32_memop
            10111000111sssss000100nnnnnttttt LDCLRAL_32_memop
            10111000111sssss001000nnnnnttttt LDEORAL_32_memop
            10111000111sssss001100nnnnnttttt LDSETAL_32_memop
            10111000111sssss010000nnnnnttttt LDSMAXAL_32_memop
            10111000111sssss010100nnnnnttttt LDSMINAL_32_memop
            10111000111sssss011000nnnnnttttt LDUMAXAL_32_memop
            10111000111sssss011100nnnnnttttt LDUMINAL_32_memop
            10111000111sssss100000nnnnnttttt SWPAL_32_memop
            10111000011sssss000000nnnnnttttt LDADDL_32_memop
            10111000011sssss000100nnnnnttttt LDCLRL_32_memop
            10111000011sssss001000nnnnnttttt LDEORL_32_memop
            10111000011sssss001100nnnnnttttt LDSETL_32_memop
            10111000011sssss010000nnnnnttttt LDSMAXL_32_memop
            10111000011sssss010100nnnnnttttt LDSMINL_32_memop
            10111000011sssss011000nnnnnttttt LDUMAXL_32_memop
            10111000011sssss011100nnnnnttttt LDUMINL_32_memop
            10111000011sssss100000nnnnnttttt SWPL_32_memop
            11111000001sssss000000nnnnnttttt LDADD_64_memop
            11111000001sssss000100nnnnnttttt LDCLR_64_memop
            11111000001sssss001000nnnnnttttt LDEOR_64_memop
            11111000001sssss001100nnnnnttttt LDSET_64_memop
            11111000001sssss010000nnnnnttttt LDSMAX_64_memop
            11111000001sssss010100nnnnnttttt LDSMIN_64_memop
            11111000001sssss011000nnnnnttttt LDUMAX_64_memop
            11111000001sssss011100nnnnnttttt LDUMIN_64_memop
            11111000001sssss100000nnnnnttttt SWP_64_memop
            11111000101sssss000000nnnnnttttt LDADDA_64_memop
            11111000101sssss000100nnnnnttttt LDCLRA_64_memop
            11111000101sssss001000nnnnnttttt LDEORA_64_memop
            11111000101sssss001100nnnnnttttt LDSETA_64_memop
            11111000101sssss010000nnnnnttttt LDSMAXA_64_memop
            11111000101sssss010100nnnnnttttt LDSMINA_64_memop
            11111000101sssss011000nnnnnttttt LDUMAXA_64_memop
            11111000101sssss011100nnnnnttttt LDUMINA_64_memop
            11111000101sssss100000nnnnnttttt SWPA_64_memop
            11111000111sssss000000nnnnnttttt LDADDAL_64_memop
            11111000111sssss000100nnnnnttttt LDCLRAL_64_memop
            11111000111sssss001000nnnnnttttt LDEORAL_64_memop
            11111000111sssss001100nnnnnttttt LDSETAL_64_memop
            11111000111sssss010000nnnnnttttt LDSMAXAL_64_memop
            11111000111sssss010100nnnnnttttt LDSMINAL_64_memop
            11111000111sssss011000nnnnnttttt LDUMAXAL_64_memop
            11111000111sssss011100nnnnnttttt LDUMINAL_64_memop
            11111000111sssss100000nnnnnttttt SWPAL_64_memop
            11111000011sssss000000nnnnnttttt LDADDL_64_memop
            11111000011sssss000100nnnnnttttt LDCLRL_64_memop
            11111000011sssss001000nnnnnttttt LDEORL_64_memop
            11111000011sssss001100nnnnnttttt LDSETL_64_memop
            11111000011sssss010000nnnnnttttt LDSMAXL_64_memop
            11111000011sssss010100nnnnnttttt LDSMINL_64_memop
            11111000011sssss011000nnnnnttttt LDUMAXL_64_memop
            11111000011sssss011100nnnnnttttt LDUMINL_64_memop
            11111000011sssss100000nnnnnttttt SWPL_64_memop
            """u8);

        table.Add(
            new LoadStoreSection(LoadStoreClass.Atomic, "memop", A64Features.LRCPC),
            """
            00111000101SSSSS110000nnnnnttttt LDAPRB_32l_memop
            01111000101SSSSS110000nnnnnttttt LDAPRH_32l_memop
            10111000101SSSSS110000nnnnnttttt LDAPR_32l_memop
            11111000101SSSSS110000nnnnnttttt LDAPR_64l_memop
            """u8);

        table.Add(
            new LoadStoreSection(LoadStoreClass.Atomic, "memop", A64Features.LS64, undefinedRule: UndefinedRule.EightRegisters),
            """
            1111100000111111110100nnnnnttttt LD64B_64l_memop
            1111100000111111100100nnnnnttttt ST64B_64l_memop
            """u8);

        table.Add(
            new LoadStoreSection(LoadStoreClass.Atomic, "memop", A64Features.LS64_V, undefinedRule: UndefinedRule.EightRegisters),
            """
            11111000001sssss101100nnnnnttttt ST64BV_64_memop
            """u8);

        table.Add(
            new LoadStoreSection(LoadStoreClass.Atomic, "memop", A64Features.LS64_ACCDATA, undefinedRule: UndefinedRule.EightRegisters),
            """
            11111000001sssss101000nnnnnttttt ST64BV0_64_memop
            """u8);

        table.Add(
            new LoadStoreSection(LoadStoreClass.Atomic, "memop", A64Features.THE),
            """
            00111000001sssss100100nnnnnttttt RCWCLR_64_memop
            00111000001sssss101000nnnnnttttt RCWSWP_64_memop
            00111000001sssss101100nnnnnttttt RCWSET_64_memop
            00111000101sssss100100nnnnnttttt RCWCLRA_64_memop
            00111000101sssss101000nnnnnttttt RCWSWPA_64_memop
            00111000101sssss101100nnnnnttttt RCWSETA_64_memop
            00111000111sssss100100nnnnnttttt RCWCLRAL_64_memop
            00111000111sssss101000nnnnnttttt RCWSWPAL_64_memop
            00111000111sssss101100nnnnnttttt RCWSETAL_64_memop
            00111000011sssss100100nnnnnttttt RCWCLRL_64_memop
            00111000011sssss101000nnnnnttttt RCWSWPL_64_memop
            00111000011sssss101100nnnnnttttt RCWSETL_64_memop
            01111000001sssss100100nnnnnttttt RCWSCLR_64_memop
            01111000001sssss101000nnnnnttttt RCWSSWP_64_memop
            01111000001sssss101100nnnnnttttt RCWSSET_64_memop
            01111000101sssss100100nnnnnttttt RCWSCLRA_64_memop
            01111000101sssss101000nnnnnttttt RCWSSWPA_64_memop
            01111000101sssss101100nnnnnttttt RCWSSETA_64_memop
            01111000111sssss100100nnnnnttttt RCWSCLRAL_64_memop
            01111000111sssss101000nnnnnttttt RCWSSWPAL_64_memop
            01111000111sssss101100nnnnnttttt RCWSSETAL_64_memop
            01111000011sssss100100nnnnnttttt RCWSCLRL_64_memop
            01111000011sssss101000nnnnnttttt RCWSSWPL_64_memop
            01111000011sssss101100nnnnnttttt RCWSSETL_64_memop
            """u8);

        table.Add(
            new LoadStoreSection(LoadStoreClass.Atomic128, "memop_128", A64Features.D128 | A64Features.THE, undefinedRule: UndefinedRule.ZeroRegisterInPair),
            """
            0001100100122222100100nnnnnttttt RCWCLRP_128_memop_128
            0001100100122222101000nnnnnttttt RCWSWPP_128_memop_128
            0001100100122222101100nnnnnttttt RCWSETP_128_memop_128
            0001100110122222100100nnnnnttttt RCWCLRPA_128_memop_128
            0001100110122222101000nnnnnttttt RCWSWPPA_128_memop_128
            0001100110122222101100nnnnnttttt RCWSETPA_128_memop_128
            0001100111122222100100nnnnnttttt RCWCLRPAL_128_memop_128
            0001100111122222101000nnnnnttttt RCWSWPPAL_128_memop_128
            0001100111122222101100nnnnnttttt RCWSETPAL_128_memop_128
            0001100101122222100100nnnnnttttt RCWCLRPL_128_memop_128
            0001100101122222101000nnnnnttttt RCWSWPPL_128_memop_128
            0001100101122222101100nnnnnttttt RCWSETPL_128_memop_128
            0101100100122222100100nnnnnttttt RCWSCLRP_128_memop_128
            0101100100122222101000nnnnnttttt RCWSSWPP_128_memop_128
            0101100100122222101100nnnnnttttt RCWSSETP_128_memop_128
            0101100110122222100100nnnnnttttt RCWSCLRPA_128_memop_128
            0101100110122222101000nnnnnttttt RCWSSWPPA_128_memop_128
            0101100110122222101100nnnnnttttt RCWSSETPA_128_memop_128
            0101100111122222100100nnnnnttttt RCWSCLRPAL_128_memop_128
            0101100111122222101000nnnnnttttt RCWSSWPPAL_128_memop_128
            0101100111122222101100nnnnnttttt RCWSSETPAL_128_memop_128
            0101100101122222100100nnnnnttttt RCWSCLRPL_128_memop_128
            0101100101122222101000nnnnnttttt RCWSSWPPL_128_memop_128
            0101100101122222101100nnnnnttttt RCWSSETPL_128_memop_128
            """u8);

        table.Add(
            new LoadStoreSection(LoadStoreClass.ReadCheckWriteCompareAndSwap, "rcwcomswap", A64Features.THE),
            """
            00011001001sssss000010nnnnnttttt RCWCAS_c64_rcwcomswap
            00011001101sssss000010nnnnnttttt RCWCASA_c64_rcwcomswap
            00011001111sssss000010nnnnnttttt RCWCASAL_c64_rcwcomswap
            00011001011sssss000010nnnnnttttt RCWCASL_c64_rcwcomswap
            01011001001sssss000010nnnnnttttt RCWSCAS_c64_rcwcomswap
            01011001101sssss000010nnnnnttttt RCWSCASA_c64_rcwcomswap
            01011001111sssss000010nnnnnttttt RCWSCASAL_c64_rcwcomswap
            01011001011sssss000010nnnnnttttt RCWSCASL_c64_rcwcomswap
            """u8);

        table.Add(
            new LoadStoreSection(LoadStoreClass.ReadCheckWriteCompareAndSwapPair, "rcwcomswappr", A64Features.D128 | A64Features.THE, undefinedRule: UndefinedRule.OddPair),
            """
            00011001001sssss000011nnnnnttttt RCWCASP_c64_rcwcomswappr
            00011001101sssss000011nnnnnttttt RCWCASPA_c64_rcwcomswappr
            00011001111sssss000011nnnnnttttt RCWCASPAL_c64_rcwcomswappr
            00011001011sssss000011nnnnnttttt RCWCASPL_c64_rcwcomswappr
            01011001001sssss000011nnnnnttttt RCWSCASP_c64_rcwcomswappr
            01011001101sssss000011nnnnnttttt RCWSCASPA_c64_rcwcomswappr
            01011001111sssss000011nnnnnttttt RCWSCASPAL_c64_rcwcomswappr
            01011001011sssss000011nnnnnttttt RCWSCASPL_c64_rcwcomswappr
            """u8);

        table.Add(
            new LoadStoreSection(LoadStoreClass.Atomic128, "memop_128", A64Features.LSE128, undefinedRule: UndefinedRule.ZeroRegisterInPair),
            """
            0001100100122222000100nnnnnttttt LDCLRP_128_memop_128
            0001100100122222001100nnnnnttttt LDSETP_128_memop_128
            0001100100122222100000nnnnnttttt SWPP_128_memop_128
            0001100110122222000100nnnnnttttt LDCLRPA_128_memop_128
            0001100110122222001100nnnnnttttt LDSETPA_128_memop_128
            0001100110122222100000nnnnnttttt SWPPA_128_memop_128
            0001100111122222000100nnnnnttttt LDCLRPAL_128_memop_128
            0001100111122222001100nnnnnttttt LDSETPAL_128_memop_128
            0001100111122222100000nnnnnttttt SWPPAL_128_memop_128
            0001100101122222000100nnnnnttttt LDCLRPL_128_memop_128
            0001100101122222001100nnnnnttttt LDSETPL_128_memop_128
            0001100101122222100000nnnnnttttt SWPPL_128_memop_128
            """u8);

        table.Add(
            new LoadStoreSection(LoadStoreClass.RcpcUnscaledImmediate, "ldapstl_unscaled", A64Features.LRCPC2),
            """
            00011001000iiiiiiiii00nnnnnttttt STLURB_32_ldapstl_unscaled
            00011001010iiiiiiiii00nnnnnttttt LDAPURB_32_ldapstl_unscaled
            00011001100iiiiiiiii00nnnnnttttt LDAPURSB_64_ldapstl_unscaled
            00011001110iiiiiiiii00nnnnnttttt LDAPURSB_32_ldapstl_unscaled
            01011001000iiiiiiiii00nnnnnttttt STLURH_32_ldapstl_unscaled
            01011001010iiiiiiiii00nnnnnttttt LDAPURH_32_ldapstl_unscaled
            01011001100iiiiiiiii00nnnnnttttt LDAPURSH_64_ldapstl_unscaled
            01011001110iiiiiiiii00nnnnnttttt LDAPURSH_32_ldapstl_unscaled
            10011001000iiiiiiiii00nnnnnttttt STLUR_32_ldapstl_unscaled
            10011001010iiiiiiiii00nnnnnttttt LDAPUR_32_ldapstl_unscaled
            10011001100iiiiiiiii00nnnnnttttt LDAPURSW_64_ldapstl_unscaled
            11011001000iiiiiiiii00nnnnnttttt STLUR_64_ldapstl_unscaled
            11011001010iiiiiiiii00nnnnnttttt LDAPUR_64_ldapstl_unscaled
            """u8);

        table.Add(
            new LoadStoreSection(LoadStoreClass.RcpcUnscaledImmediateSimd, "ldapstl_simd", A64Features.LRCPC3),
            """
            00011101000iiiiiiiii10nnnnnttttt STLUR_b_ldapstl_simd
            00011101010iiiiiiiii10nnnnnttttt LDAPUR_b_ldapstl_simd
            00011101100iiiiiiiii10nnnnnttttt STLUR_q_ldapstl_simd
            00011101110iiiiiiiii10nnnnnttttt LDAPUR_q_ldapstl_simd
            01011101000iiiiiiiii10nnnnnttttt STLUR_h_ldapstl_simd
            01011101010iiiiiiiii10nnnnnttttt LDAPUR_h_ldapstl_simd
            10011101000iiiiiiiii10nnnnnttttt STLUR_s_ldapstl_simd
            10011101010iiiiiiiii10nnnnnttttt LDAPUR_s_ldapstl_simd
            11011101000iiiiiiiii10nnnnnttttt STLUR_d_ldapstl_simd
            11011101010iiiiiiiii10nnnnnttttt LDAPUR_d_ldapstl_simd
            """u8);

        table.Add(
            new LoadStoreSection(LoadStoreClass.RcpcPair, "ldiappstilp", A64Features.LRCPC3),
            """
            1001100100022222000010nnnnnttttt STILP_32se_ldiappstilp
            1001100100022222000110nnnnnttttt STILP_32s_ldiappstilp
            1001100101022222000010nnnnnttttt LDIAPP_32le_ldiappstilp
            1001100101022222000110nnnnnttttt LDIAPP_32l_ldiappstilp
            1101100100022222000010nnnnnttttt STILP_64ss_ldiappstilp
            1101100100022222000110nnnnnttttt STILP_64s_ldiappstilp
            1101100101022222000010nnnnnttttt LDIAPP_64ls_ldiappstilp
            1101100101022222000110nnnnnttttt LDIAPP_64l_ldiappstilp
            """u8);

        table.Add(
            new LoadStoreSection(LoadStoreClass.RcpcWriteback, "ldapstl_writeback", A64Features.LRCPC3),
            """
            1001100110000000000010nnnnnttttt STLR_32s_ldapstl_writeback
            1001100111000000000010nnnnnttttt LDAPR_32l_ldapstl_writeback
            1101100110000000000010nnnnnttttt STLR_64s_ldapstl_writeback
            1101100111000000000010nnnnnttttt LDAPR_64l_ldapstl_writeback
            """u8);

        table.Add(
            new LoadStoreSection(LoadStoreClass.MemoryTags, "ldsttags", A64Features.MTE),
            """
            11011001001iiiiiiiii01nnnnnttttt STG_64spost_ldsttags
            11011001001iiiiiiiii10nnnnnttttt STG_64soffset_ldsttags
            11011001001iiiiiiiii11nnnnnttttt STG_64spre_ldsttags
            11011001011iiiiiiiii01nnnnnttttt STZG_64spost_ldsttags
            11011001011iiiiiiiii10nnnnnttttt STZG_64soffset_ldsttags
            11011001011iiiiiiiii11nnnnnttttt STZG_64spre_ldsttags
            11011001101iiiiiiiii01nnnnnttttt ST2G_64spost_ldsttags
            11011001101iiiiiiiii10nnnnnttttt ST2G_64soffset_ldsttags
            11011001101iiiiiiiii11nnnnnttttt ST2G_64spre_ldsttags
            11011001111iiiiiiiii01nnnnnttttt STZ2G_64spost_ldsttags
            11011001111iiiiiiiii10nnnnnttttt STZ2G_64soffset_ldsttags
            11011001111iiiiiiiii11nnnnnttttt STZ2G_64spre_ldsttags
            11011001011iiiiiiiii00nnnnnttttt LDG_64loffset_ldsttags
            """u8);

        table.Add(
            new LoadStoreSection(LoadStoreClass.MemoryTags, "ldsttags", A64Features.MTE2),
            """
            1101100100100000000000nnnnnttttt STZGM_64bulk_ldsttags
            1101100110100000000000nnnnnttttt STGM_64bulk_ldsttags
            1101100111100000000000nnnnnttttt LDGM_64bulk_ldsttags
            """u8);

        table.Add(
            new LoadStoreSection(LoadStoreClass.GuardedControlStack, "ldst_gcs", A64Features.GCS),
            """
            1101100100011111000011nnnnnttttt GCSSTR_64_ldst_gcs
            1101100100011111000111nnnnnttttt GCSSTTR_64_ldst_gcs
            """u8);

        table.Add(
            new LoadStoreSection(LoadStoreClass.MemoryCopyAndSet, "memcms", A64Features.MOPS, stepClass: StepClass.Resumable),
            """
            00011001000sssss000001nnnnnddddd CPYFP_cpy_memcms
            00011001000sssss110001nnnnnddddd CPYFPN_cpy_memcms
            00011001000sssss100001nnnnnddddd CPYFPRN_cpy_memcms
            00011001000sssss001001nnnnnddddd CPYFPRT_cpy_memcms
            00011001000sssss111001nnnnnddddd CPYFPRTN_cpy_memcms
            00011001000sssss101001nnnnnddddd CPYFPRTRN_cpy_memcms
            00011001000sssss011001nnnnnddddd CPYFPRTWN_cpy_memcms
            00011001000sssss001101nnnnnddddd CPYFPT_cpy_memcms
            00011001000sssss111101nnnnnddddd CPYFPTN_cpy_memcms
            00011001000sssss101101nnnnnddddd CPYFPTRN_cpy_memcms
            00011001000sssss011101nnnnnddddd CPYFPTWN_cpy_memcms
            00011001000sssss010001nnnnnddddd CPYFPWN_cpy_memcms
            00011001000sssss000101nnnnnddddd CPYFPWT_cpy_memcms
            00011001000sssss110101nnnnnddddd CPYFPWTN_cpy_memcms
            00011001000sssss100101nnnnnddddd CPYFPWTRN_cpy_memcms
            00011001000sssss010101nnnnnddddd CPYFPWTWN_cpy_memcms
            00011001010sssss000001nnnnnddddd CPYFM_cpy_memcms
            00011001010sssss110001nnnnnddddd CPYFMN_cpy_memcms
            00011001010sssss100001nnnnnddddd CPYFMRN_cpy_memcms
            00011001010sssss001001nnnnnddddd CPYFMRT_cpy_memcms
            00011001010sssss111001nnnnnddddd CPYFMRTN_cpy_memcms
            00011001010sssss101001nnnnnddddd CPYFMRTRN_cpy_memcms
            00011001010sssss011001nnnnnddddd CPYFMRTWN_cpy_memcms
            00011001010sssss001101nnnnnddddd CPYFMT_cpy_memcms
            00011001010sssss111101nnnnnddddd CPYFMTN_cpy_memcms
            00011001010sssss101101nnnnnddddd CPYFMTRN_cpy_memcms
            00011001010sssss011101nnnnnddddd CPYFMTWN_cpy_memcms
            00011001010sssss010001nnnnnddddd CPYFMWN_cpy_memcms
            00011001010sssss000101nnnnnddddd CPYFMWT_cpy_memcms
            00011001010sssss110101nnnnnddddd CPYFMWTN_cpy_memcms
            00011001010sssss100101nnnnnddddd CPYFMWTRN_cpy_memcms
            00011001010sssss010101nnnnnddddd CPYFMWTWN_cpy_memcms
            00011001100sssss000001nnnnnddddd CPYFE_cpy_memcms
            00011001100sssss110001nnnnnddddd CPYFEN_cpy_memcms
            00011001100sssss100001nnnnnddddd CPYFERN_cpy_memcms
            00011001100sssss001001nnnnnddddd CPYFERT_cpy_memcms
            00011001100sssss111001nnnnnddddd CPYFERTN_cpy_memcms
            00011001100sssss101001nnnnnddddd CPYFERTRN_cpy_memcms
            00011001100sssss011001nnnnnddddd CPYFERTWN_cpy_memcms
            00011001100sssss001101nnnnnddddd CPYFET_cpy_memcms
            00011001100sssss111101nnnnnddddd CPYFETN_cpy_memcms
            00011001100sssss101101nnnnnddddd CPYFETRN_cpy_memcms
            00011001100sssss011101nnnnnddddd CPYFETWN_cpy_memcms
            00011001100sssss010001nnnnnddddd CPYFEWN_cpy_memcms
            00011001100sssss000101nnnnnddddd CPYFEWT_cpy_memcms
            00011001100sssss110101nnnnnddddd CPYFEWTN_cpy_memcms
            00011001100sssss100101nnnnnddddd CPYFEWTRN_cpy_memcms
            00011001100sssss010101nnnnnddddd CPYFEWTWN_cpy_memcms
            00011101000sssss000001nnnnnddddd CPYP_cpy_memcms
            00011101000sssss110001nnnnnddddd CPYPN_cpy_memcms
            00011101000sssss100001nnnnnddddd CPYPRN_cpy_memcms
            00011101000sssss001001nnnnnddddd CPYPRT_cpy_memcms
            00011101000sssss111001nnnnnddddd CPYPRTN_cpy_memcms
            00011101000sssss101001nnnnnddddd CPYPRTRN_cpy_memcms
            00011101000sssss011001nnnnnddddd CPYPRTWN_cpy_memcms
            00011101000sssss001101nnnnnddddd CPYPT_cpy_memcms
            00011101000sssss111101nnnnnddddd CPYPTN_cpy_memcms
            00011101000sssss101101nnnnnddddd CPYPTRN_cpy_memcms
            00011101000sssss011101nnnnnddddd CPYPTWN_cpy_memcms
            00011101000sssss010001nnnnnddddd CPYPWN_cpy_memcms
            00011101000sssss000101nnnnnddddd CPYPWT_cpy_memcms
            00011101000sssss110101nnnnnddddd CPYPWTN_cpy_memcms
            00011101000sssss100101nnnnnddddd CPYPWTRN_cpy_memcms
            00011101000sssss010101nnnnnddddd CPYPWTWN_cpy_memcms
            00011101010sssss000001nnnnnddddd CPYM_cpy_memcms
            00011101010sssss110001nnnnnddddd CPYMN_cpy_memcms
            00011101010sssss100001nnnnnddddd CPYMRN_cpy_memcms
            00011101010sssss001001nnnnnddddd CPYMRT_cpy_memcms
            00011101010sssss111001nnnnnddddd CPYMRTN_cpy_memcms
            00011101010sssss101001nnnnnddddd CPYMRTRN_cpy_memcms
            00011101010sssss011001nnnnnddddd CPYMRTWN_cpy_memcms
            00011101010sssss001101nnnnnddddd CPYMT_cpy_memcms
            00011101010sssss111101nnnnnddddd CPYMTN_cpy_memcms
            00011101010sssss101101nnnnnddddd CPYMTRN_cpy_memcms
            00011101010sssss011101nnnnnddddd CPYMTWN_cpy_memcms
            00011101010sssss010001nnnnnddddd CPYMWN_cpy_memcms
            00011101010sssss000101nnnnnddddd CPYMWT_cpy_memcms
            00011101010sssss110101nnnnnddddd CPYMWTN_cpy_memcms
            00011101010sssss100101nnnnnddddd CPYMWTRN_cpy_memcms
            00011101010sssss010101nnnnnddddd CPYMWTWN_cpy_memcms
            00011101100sssss000001nnnnnddddd CPYE_cpy_memcms
            00011101100sssss110001nnnnnddddd CPYEN_cpy_memcms
            00011101100sssss100001nnnnnddddd CPYERN_cpy_memcms
            00011101100sssss001001nnnnnddddd CPYERT_cpy_memcms
            00011101100sssss111001nnnnnddddd CPYERTN_cpy_memcms
            00011101100sssss101001nnnnnddddd CPYERTRN_cpy_memcms
            00011101100sssss011001nnnnnddddd CPYERTWN_cpy_memcms
            00011101100sssss001101nnnnnddddd CPYET_cpy_memcms
            00011101100sssss111101nnnnnddddd CPYETN_cpy_memcms
            00011101100sssss101101nnnnnddddd CPYETRN_cpy_memcms
            00011101100sssss011101nnnnnddddd CPYETWN_cpy_memcms
            00011101100sssss010001nnnnnddddd CPYEWN_cpy_memcms
            00011101100sssss000101nnnnnddddd CPYEWT_cpy_memcms
            00011101100sssss110101nnnnnddddd CPYEWTN_cpy_memcms
            00011101100sssss100101nnnnnddddd CPYEWTRN_cpy_memcms
            00011101100sssss010101nnnnnddddd CPYEWTWN_cpy_memcms
            00011001110sssss000001nnnnnddddd SETP_set_memcms
            00011001110sssss000101nnnnnddddd SETPT_set_memcms
            00011001110sssss001001nnnnnddddd SETPN_set_memcms
            00011001110sssss001101nnnnnddddd SETPTN_set_memcms
            00011001110sssss010001nnnnnddddd SETM_set_memcms
            00011001110sssss010101nnnnnddddd SETMT_set_memcms
            00011001110sssss011001nnnnnddddd SETMN_set_memcms
            00011001110sssss011101nnnnnddddd SETMTN_set_memcms
            00011001110sssss100001nnnnnddddd SETE_set_memcms
            00011001110sssss100101nnnnnddddd SETET_set_memcms
            00011001110sssss101001nnnnnddddd SETEN_set_memcms
            00011001110sssss101101nnnnnddddd SETETN_set_memcms
            """u8);

        table.Add(
            new LoadStoreSection(LoadStoreClass.MemoryCopyAndSet, "memcms", A64Features.MOPS | A64Features.MTE, stepClass: StepClass.Resumable),
            """
            00011101110sssss000001nnnnnddddd SETGP_set_memcms
            00011101110sssss000101nnnnnddddd SETGPT_set_memcms
            00011101110sssss001001nnnnnddddd SETGPN_set_memcms
            00011101110sssss001101nnnnnddddd SETGPTN_set_memcms
            00011101110sssss010001nnnnnddddd SETGM_set_memcms
            00011101110sssss010101nnnnnddddd SETGMT_set_memcms
            00011101110sssss011001nnnnnddddd SETGMN_set_memcms
            00011101110sssss011101nnnnnddddd SETGMTN_set_memcms
            00011101110sssss100001nnnnnddddd SETGE_set_memcms
            00011101110sssss100101nnnnnddddd SETGET_set_memcms
            00011101110sssss101001nnnnnddddd SETGEN_set_memcms
            00011101110sssss101101nnnnnddddd SETGETN_set_memcms
            """u8);

        table.Add(
            new LoadStoreSection(LoadStoreClass.MultipleStructures, "asisdlse", undefinedRule: UndefinedRule.OneDoubleword),
            """
            0q001100000000000000zznnnnnttttt ST4_asisdlse_r4
            0q001100000000000100zznnnnnttttt ST3_asisdlse_r3
            0q001100000000001000zznnnnnttttt ST2_asisdlse_r2
            0q001100010000000000zznnnnnttttt LD4_asisdlse_r4
            0q001100010000000100zznnnnnttttt LD3_asisdlse_r3
            0q001100010000001000zznnnnnttttt LD2_asisdlse_r2
            """u8);

        table.Add(
            new LoadStoreSection(LoadStoreClass.MultipleStructures, "asisdlse"),
            """
            0q001100000000000010zznnnnnttttt ST1_asisdlse_r4_4v
            0q001100000000000110zznnnnnttttt ST1_asisdlse_r3_3v
            0q001100000000000111zznnnnnttttt ST1_asisdlse_r1_1v
            0q001100000000001010zznnnnnttttt ST1_asisdlse_r2_2v
            0q001100010000000010zznnnnnttttt LD1_asisdlse_r4_4v
            0q001100010000000110zznnnnnttttt LD1_asisdlse_r3_3v
            0q001100010000000111zznnnnnttttt LD1_asisdlse_r1_1v
            0q001100010000001010zznnnnnttttt LD1_asisdlse_r2_2v
            """u8);

        table.Add(
            new LoadStoreSection(LoadStoreClass.MultipleStructuresPostIndexed, "asisdlsep", undefinedRule: UndefinedRule.OneDoubleword),
            """
            0q001100100111110000zznnnnnttttt ST4_asisdlsep_i4_i before ST4_asisdlsep_r4_r
            0q001100100mmmmm0000zznnnnnttttt ST4_asisdlsep_r4_r
            0q001100100111110100zznnnnnttttt ST3_asisdlsep_i3_i before ST3_asisdlsep_r3_r
            0q001100100mmmmm0100zznnnnnttttt ST3_asisdlsep_r3_r
            0q001100100111111000zznnnnnttttt ST2_asisdlsep_i2_i before ST2_asisdlsep_r2_r
            0q001100100mmmmm1000zznnnnnttttt ST2_asisdlsep_r2_r
            0q001100110111110000zznnnnnttttt LD4_asisdlsep_i4_i before LD4_asisdlsep_r4_r
            0q001100110mmmmm0000zznnnnnttttt LD4_asisdlsep_r4_r
            0q001100110111110100zznnnnnttttt LD3_asisdlsep_i3_i before LD3_asisdlsep_r3_r
            0q001100110mmmmm0100zznnnnnttttt LD3_asisdlsep_r3_r
            0q001100110111111000zznnnnnttttt LD2_asisdlsep_i2_i before LD2_asisdlsep_r2_r
            0q001100110mmmmm1000zznnnnnttttt LD2_asisdlsep_r2_r
            """u8);

        table.Add(
            new LoadStoreSection(LoadStoreClass.MultipleStructuresPostIndexed, "asisdlsep"),
            """
            0q001100100111110010zznnnnnttttt ST1_asisdlsep_i4_i4 before ST1_asisdlsep_r4_r4
            0q001100100mmmmm0010zznnnnnttttt ST1_asisdlsep_r4_r4
            0q001100100111110110zznnnnnttttt ST1_asisdlsep_i3_i3 before ST1_asisdlsep_r3_r3
            0q001100100mmmmm0110zznnnnnttttt ST1_asisdlsep_r3_r3
            0q001100100111110111zznnnnnttttt ST1_asisdlsep_i1_i1 before ST1_asisdlsep_r1_r1
            0q001100100mmmmm0111zznnnnnttttt ST1_asisdlsep_r1_r1
            0q001100100111111010zznnnnnttttt ST1_asisdlsep_i2_i2 before ST1_asisdlsep_r2_r2
            0q001100100mmmmm1010zznnnnnttttt ST1_asisdlsep_r2_r2
            0q001100110111110010zznnnnnttttt LD1_asisdlsep_i4_i4 before LD1_asisdlsep_r4_r4
            0q001100110mmmmm0010zznnnnnttttt LD1_asisdlsep_r4_r4
            0q001100110111110110zznnnnnttttt LD1_asisdlsep_i3_i3 before LD1_asisdlsep_r3_r3
            0q001100110mmmmm0110zznnnnnttttt LD1_asisdlsep_r3_r3
            0q001100110111110111zznnnnnttttt LD1_asisdlsep_i1_i1 before LD1_asisdlsep_r1_r1
            0q001100110mmmmm0111zznnnnnttttt LD1_asisdlsep_r1_r1
            0q001100110111111010zznnnnnttttt LD1_asisdlsep_i2_i2 before LD1_asisdlsep_r2_r2
            0q001100110mmmmm1010zznnnnnttttt LD1_asisdlsep_r2_r2
            """u8);

        table.Add(
            new LoadStoreSection(LoadStoreClass.SingleStructure, "asisdlso"),
            """
            0q00110100000000000kzznnnnnttttt ST1_asisdlso_b1_1b
            0q00110100000000010kz0nnnnnttttt ST1_asisdlso_h1_1h
            0q00110100000000100k00nnnnnttttt ST1_asisdlso_s1_1s
            0q00110100000000100001nnnnnttttt ST1_asisdlso_d1_1d
            0q00110100100000000kzznnnnnttttt ST2_asisdlso_b2_2b
            0q00110100100000010kz0nnnnnttttt ST2_asisdlso_h2_2h
            0q00110100100000100k00nnnnnttttt ST2_asisdlso_s2_2s
            0q00110100100000100001nnnnnttttt ST2_asisdlso_d2_2d
            0q00110100000000001kzznnnnnttttt ST3_asisdlso_b3_3b
            0q00110100000000011kz0nnnnnttttt ST3_asisdlso_h3_3h
            0q00110100000000101k00nnnnnttttt ST3_asisdlso_s3_3s
            0q00110100000000101001nnnnnttttt ST3_asisdlso_d3_3d
            0q00110100100000001kzznnnnnttttt ST4_asisdlso_b4_4b
            0q00110100100000011kz0nnnnnttttt ST4_asisdlso_h4_4h
            0q00110100100000101k00nnnnnttttt ST4_asisdlso_s4_4s
            0q00110100100000101001nnnnnttttt ST4_asisdlso_d4_4d
            0q00110101000000000kzznnnnnttttt LD1_asisdlso_b1_1b
            0q00110101000000010kz0nnnnnttttt LD1_asisdlso_h1_1h
            0q00110101000000100k00nnnnnttttt LD1_asisdlso_s1_1s
            0q00110101000000100001nnnnnttttt LD1_asisdlso_d1_1d
            0q001101010000001100zznnnnnttttt LD1R_asisdlso_r1
            0q00110101100000000kzznnnnnttttt LD2_asisdlso_b2_2b
            0q00110101100000010kz0nnnnnttttt LD2_asisdlso_h2_2h
            0q00110101100000100k00nnnnnttttt LD2_asisdlso_s2_2s
            0q00110101100000100001nnnnnttttt LD2_asisdlso_d2_2d
            0q001101011000001100zznnnnnttttt LD2R_asisdlso_r2
            0q00110101000000001kzznnnnnttttt LD3_asisdlso_b3_3b
            0q00110101000000011kz0nnnnnttttt LD3_asisdlso_h3_3h
            0q00110101000000101k00nnnnnttttt LD3_asisdlso_s3_3s
            0q00110101000000101001nnnnnttttt LD3_asisdlso_d3_3d
            0q001101010000001110zznnnnnttttt LD3R_asisdlso_r3
            0q00110101100000001kzznnnnnttttt LD4_asisdlso_b4_4b
            0q00110101100000011kz0nnnnnttttt LD4_asisdlso_h4_4h
            0q00110101100000101k00nnnnnttttt LD4_asisdlso_s4_4s
            0q00110101100000101001nnnnnttttt LD4_asisdlso_d4_4d
            0q001101011000001110zznnnnnttttt LD4R_asisdlso_r4
            """u8);

        table.Add(
            new LoadStoreSection(LoadStoreClass.SingleStructurePostIndexed, "asisdlsop"),
            """
            0q00110110011111000kzznnnnnttttt ST1_asisdlsop_b1_i1b before ST1_asisdlsop_bx1_r1b
            0q001101100mmmmm000kzznnnnnttttt ST1_asisdlsop_bx1_r1b
            0q00110110011111010kz0nnnnnttttt ST1_asisdlsop_h1_i1h before ST1_asisdlsop_hx1_r1h
            0q001101100mmmmm010kz0nnnnnttttt ST1_asisdlsop_hx1_r1h
            0q00110110011111100k00nnnnnttttt ST1_asisdlsop_s1_i1s before ST1_asisdlsop_sx1_r1s
            0q001101100mmmmm100k00nnnnnttttt ST1_asisdlsop_sx1_r1s
            0q00110110011111100001nnnnnttttt ST1_asisdlsop_d1_i1d before ST1_asisdlsop_dx1_r1d
            0q001101100mmmmm100001nnnnnttttt ST1_asisdlsop_dx1_r1d
            0q00110110111111000kzznnnnnttttt ST2_asisdlsop_b2_i2b before ST2_asisdlsop_bx2_r2b
            0q001101101mmmmm000kzznnnnnttttt ST2_asisdlsop_bx2_r2b
            0q00110110111111010kz0nnnnnttttt ST2_asisdlsop_h2_i2h before ST2_asisdlsop_hx2_r2h
            0q001101101mmmmm010kz0nnnnnttttt ST2_asisdlsop_hx2_r2h
            0q00110110111111100k00nnnnnttttt ST2_asisdlsop_s2_i2s before ST2_asisdlsop_sx2_r2s
            0q001101101mmmmm100k00nnnnnttttt ST2_asisdlsop_sx2_r2s
            0q00110110111111100001nnnnnttttt ST2_asisdlsop_d2_i2d before ST2_asisdlsop_dx2_r2d
            0q001101101mmmmm100001nnnnnttttt ST2_asisdlsop_dx2_r2d
            0q00110110011111001kzznnnnnttttt ST3_asisdlsop_b3_i3b before ST3_asisdlsop_bx3_r3b
            0q001101100mmmmm001kzznnnnnttttt ST3_asisdlsop_bx3_r3b
            0q00110110011111011kz0nnnnnttttt ST3_asisdlsop_h3_i3h before ST3_asisdlsop_hx3_r3h
            0q001101100mmmmm011kz0nnnnnttttt ST3_asisdlsop_hx3_r3h
            0q00110110011111101k00nnnnnttttt ST3_asisdlsop_s3_i3s before ST3_asisdlsop_sx3_r3s
            0q001101100mmmmm101k00nnnnnttttt ST3_asisdlsop_sx3_r3s
            0q00110110011111101001nnnnnttttt ST3_asisdlsop_d3_i3d before ST3_asisdlsop_dx3_r3d
            0q001101100mmmmm101001nnnnnttttt ST3_asisdlsop_dx3_r3d
            0q00110110111111001kzznnnnnttttt ST4_asisdlsop_b4_i4b before ST4_asisdlsop_bx4_r4b
            0q001101101mmmmm001kzznnnnnttttt ST4_asisdlsop_bx4_r4b
            0q00110110111111011kz0nnnnnttttt ST4_asisdlsop_h4_i4h before ST4_asisdlsop_hx4_r4h
            0q001101101mmmmm011kz0nnnnnttttt ST4_asisdlsop_hx4_r4h
            0q00110110111111101k00nnnnnttttt ST4_asisdlsop_s4_i4s before ST4_asisdlsop_sx4_r4s
            0q001101101mmmmm101k00nnnnnttttt ST4_asisdlsop_sx4_r4s
            0q00110110111111101001nnnnnttttt ST4_asisdlsop_d4_i4d before ST4_asisdlsop_dx4_r4d
            0q001101101mmmmm101001nnnnnttttt ST4_asisdlsop_dx4_r4d
            0q00110111011111000kzznnnnnttttt LD1_asisdlsop_b1_i1b before LD1_asisdlsop_bx1_r1b
            0q001101110mmmmm000kzznnnnnttttt LD1_asisdlsop_bx1_r1b
            0q00110111011111010kz0nnnnnttttt LD1_asisdlsop_h1_i1h before LD1_asisdlsop_hx1_r1h
            0q001101110mmmmm010kz0nnnnnttttt LD1_asisdlsop_hx1_r1h
            0q00110111011111100k00nnnnnttttt LD1_asisdlsop_s1_i1s before LD1_asisdlsop_sx1_r1s
            0q001101110mmmmm100k00nnnnnttttt LD1_asisdlsop_sx1_r1s
            0q00110111011111100001nnnnnttttt LD1_asisdlsop_d1_i1d before LD1_asisdlsop_dx1_r1d
            0q001101110mmmmm100001nnnnnttttt LD1_asisdlsop_dx1_r1d
            0q001101110111111100zznnnnnttttt LD1R_asisdlsop_r1_i before LD1R_asisdlsop_rx1_r
            0q001101110mmmmm1100zznnnnnttttt LD1R_asisdlsop_rx1_r
            0q00110111111111000kzznnnnnttttt LD2_asisdlsop_b2_i2b before LD2_asisdlsop_bx2_r2b
            0q001101111mmmmm000kzznnnnnttttt LD2_asisdlsop_bx2_r2b
            0q00110111111111010kz0nnnnnttttt LD2_asisdlsop_h2_i2h before LD2_asisdlsop_hx2_r2h
            0q001101111mmmmm010kz0nnnnnttttt LD2_asisdlsop_hx2_r2h
            0q00110111111111100k00nnnnnttttt LD2_asisdlsop_s2_i2s before LD2_asisdlsop_sx2_r2s
            0q001101111mmmmm100k00nnnnnttttt LD2_asisdlsop_sx2_r2s
            0q00110111111111100001nnnnnttttt LD2_asisdlsop_d2_i2d before LD2_asisdlsop_dx2_r2d
            0q001101111mmmmm100001nnnnnttttt LD2_asisdlsop_dx2_r2d
            0q001101111111111100zznnnnnttttt LD2R_asisdlsop_r2_i before LD2R_asisdlsop_rx2_r
            0q001101111mmmmm1100zznnnnnttttt LD2R_asisdlsop_rx2_r
            0q00110111011111001kzznnnnnttttt LD3_asisdlsop_b3_i3b before LD3_asisdlsop_bx3_r3b
            0q001101110mmmmm001kzznnnnnttttt LD3_asisdlsop_bx3_r3b
            0q00110111011111011kz0nnnnnttttt LD3_asisdlsop_h3_i3h before LD3_asisdlsop_hx3_r3h
            0q001101110mmmmm011kz0nnnnnttttt LD3_asisdlsop_hx3_r3h
            0q00110111011111101k00nnnnnttttt LD3_asisdlsop_s3_i3s before LD3_asisdlsop_sx3_r3s
            0q001101110mmmmm101k00nnnnnttttt LD3_asisdlsop_sx3_r3s
            0q00110111011111101001nnnnnttttt LD3_asisdlsop_d3_i3d before LD3_asisdlsop_dx3_r3d
            0q001101110mmmmm101001nnnnnttttt LD3_asisdlsop_dx3_r3d
            0q001101110111111110zznnnnnttttt LD3R_asisdlsop_r3_i before LD3R_asisdlsop_rx3_r
            0q001101110mmmmm1110zznnnnnttttt LD3R_asisdlsop_rx3_r
            0q00110111111111001kzznnnnnttttt LD4_asisdlsop_b4_i4b before LD4_asisdlsop_bx4_r4b
            0q001101111mmmmm001kzznnnnnttttt LD4_asisdlsop_bx4_r4b
            0q00110111111111011kz0nnnnnttttt LD4_asisdlsop_h4_i4h before LD4_asisdlsop_hx4_r4h
            0q001101111mmmmm011kz0nnnnnttttt LD4_asisdlsop_hx4_r4h
            0q00110111111111101k00nnnnnttttt LD4_asisdlsop_s4_i4s before LD4_asisdlsop_sx4_r4s
            0q001101111mmmmm101k00nnnnnttttt LD4_asisdlsop_sx4_r4s
            0q00110111111111101001nnnnnttttt LD4_asisdlsop_d4_i4d before LD4_asisdlsop_dx4_r4d
            0q001101111mmmmm101001nnnnnttttt LD4_asisdlsop_dx4_r4d
            0q001101111111111110zznnnnnttttt LD4R_asisdlsop_r4_i before LD4R_asisdlsop_rx4_r
            0q001101111mmmmm1110zznnnnnttttt LD4R_asisdlsop_rx4_r
            """u8);

        table.Add(
            new LoadStoreSection(LoadStoreClass.SingleStructure, "asisdlso", A64Features.LRCPC3),
            """
            0q00110100000001100001nnnnnttttt STL1_asisdlso_d1
            0q00110101000001100001nnnnnttttt LDAP1_asisdlso_d1
            """u8);

        table.Add(
            new LoadStoreSection(LoadStoreClass.ExclusiveRegisterUnprivileged, "ldstexclr_unpriv", A64Features.LSUI, stepClass: StepClass.Exclusive),
            """
            10001001000sssss0SSSSSnnnnnttttt STTXR_sr32_ldstexclr_unpriv
            10001001010SSSSS0SSSSSnnnnnttttt LDTXR_lr32_ldstexclr_unpriv
            10001001000sssss1SSSSSnnnnnttttt STLTXR_sr32_ldstexclr_unpriv
            10001001010SSSSS1SSSSSnnnnnttttt LDATXR_lr32_ldstexclr_unpriv
            11001001000sssss0SSSSSnnnnnttttt STTXR_sr64_ldstexclr_unpriv
            11001001010SSSSS0SSSSSnnnnnttttt LDTXR_lr64_ldstexclr_unpriv
            11001001000sssss1SSSSSnnnnnttttt STLTXR_sr64_ldstexclr_unpriv
            11001001010SSSSS1SSSSSnnnnnttttt LDATXR_lr64_ldstexclr_unpriv
            """u8);

        table.Add(
            new LoadStoreSection(LoadStoreClass.AtomicUnprivileged, "memop_unpriv", A64Features.LSUI),
            """
            00011001001sssss000001nnnnnttttt LDTADD_32_memop_unpriv
            00011001001sssss000101nnnnnttttt LDTCLR_32_memop_unpriv
            00011001001sssss001101nnnnnttttt LDTSET_32_memop_unpriv
            00011001001sssss100001nnnnnttttt SWPT_32_memop_unpriv
            00011001101sssss000001nnnnnttttt LDTADDA_32_memop_unpriv
            00011001101sssss000101nnnnnttttt LDTCLRA_32_memop_unpriv
            00011001101sssss001101nnnnnttttt LDTSETA_32_memop_unpriv
            00011001101sssss100001nnnnnttttt SWPTA_32_memop_unpriv
            00011001111sssss000001nnnnnttttt LDTADDAL_32_memop_unpriv
            00011001111sssss000101nnnnnttttt LDTCLRAL_32_memop_unpriv
            00011001111sssss001101nnnnnttttt LDTSETAL_32_memop_unpriv
            00011001111sssss100001nnnnnttttt SWPTAL_32_memop_unpriv
            00011001011sssss000001nnnnnttttt LDTADDL_32_memop_unpriv
            00011001011sssss000101nnnnnttttt LDTCLRL_32_memop_unpriv
            00011001011sssss001101nnnnnttttt LDTSETL_32_memop_unpriv
            00011001011sssss100001nnnnnttttt SWPTL_32_memop_unpriv
            01011001001sssss000001nnnnnttttt LDTADD_64_memop_unpriv
            01011001001sssss000101nnnnnttttt LDTCLR_64_memop_unpriv
            01011001001sssss001101nnnnnttttt LDTSET_64_memop_unpriv
            01011001001sssss100001nnnnnttttt SWPT_64_memop_unpriv
            01011001101sssss000001nnnnnttttt LDTADDA_64_memop_unpriv
            01011001101sssss000101nnnnnttttt LDTCLRA_64_memop_unpriv
            01011001101sssss001101nnnnnttttt LDTSETA_64_memop_unpriv
            01011001101sssss100001nnnnnttttt SWPTA_64_memop_unpriv
            01011001111sssss000001nnnnnttttt LDTADDAL_64_memop_unpriv
            01011001111sssss000101nnnnnttttt LDTCLRAL_64_memop_unpriv
            01011001111sssss001101nnnnnttttt LDTSETAL_64_memop_unpriv
            01011001111sssss100001nnnnnttttt SWPTAL_64_memop_unpriv
            01011001011sssss000001nnnnnttttt LDTADDL_64_memop_unpriv
            01011001011sssss000101nnnnnttttt LDTCLRL_64_memop_unpriv
            01011001011sssss001101nnnnnttttt LDTSETL_64_memop_unpriv
            01011001011sssss100001nnnnnttttt SWPTL_64_memop_unpriv
            """u8);

        table.Add(
            new LoadStoreSection(LoadStoreClass.CompareAndSwapUnprivileged, "comswap_unpriv", A64Features.LSUI),
            """
            11001001100sssss011111nnnnnttttt CAST_c64_comswap_unpriv
            11001001110sssss011111nnnnnttttt CASAT_c64_comswap_unpriv
            11001001110sssss111111nnnnnttttt CASALT_c64_comswap_unpriv
            11001001100sssss111111nnnnnttttt CASLT_c64_comswap_unpriv
            """u8);

        table.Add(
            new LoadStoreSection(LoadStoreClass.CompareAndSwapPairUnprivileged, "comswappr_unpriv", A64Features.LSUI, undefinedRule: UndefinedRule.OddPair),
            """
            01001001100sssss011111nnnnnttttt CASPT_cp64_comswappr_unpriv
            01001001110sssss011111nnnnnttttt CASPAT_cp64_comswappr_unpriv
            01001001110sssss111111nnnnnttttt CASPALT_cp64_comswappr_unpriv
            01001001100sssss111111nnnnnttttt CASPLT_cp64_comswappr_unpriv
            """u8);

        table.Add(
            new LoadStoreSection(LoadStoreClass.AtomicFloatingPoint, "memop_fp", A64Features.LSFE),
            """
            00111100001sssss000000nnnnnttttt LDBFADD_16
            00111100001sssss100000nnnnn11111 STBFADD_16
            00111100001sssss010000nnnnnttttt LDBFMAX_16
            00111100001sssss110000nnnnn11111 STBFMAX_16
            00111100001sssss011000nnnnnttttt LDBFMAXNM_16
            00111100001sssss111000nnnnn11111 STBFMAXNM_16
            00111100001sssss010100nnnnnttttt LDBFMIN_16
            00111100001sssss110100nnnnn11111 STBFMIN_16
            00111100001sssss011100nnnnnttttt LDBFMINNM_16
            00111100001sssss111100nnnnn11111 STBFMINNM_16
            00111100101sssss000000nnnnnttttt LDBFADDA_16
            00111100101sssss010000nnnnnttttt LDBFMAXA_16
            00111100101sssss011000nnnnnttttt LDBFMAXNMA_16
            00111100101sssss010100nnnnnttttt LDBFMINA_16
            00111100101sssss011100nnnnnttttt LDBFMINNMA_16
            00111100111sssss000000nnnnnttttt LDBFADDAL_16
            00111100111sssss010000nnnnnttttt LDBFMAXAL_16
            00111100111sssss011000nnnnnttttt LDBFMAXNMAL_16
            00111100111sssss010100nnnnnttttt LDBFMINAL_16
            00111100111sssss011100nnnnnttttt LDBFMINNMAL_16
            00111100011sssss000000nnnnnttttt LDBFADDL_16
            00111100011sssss100000nnnnn11111 STBFADDL_16
            00111100011sssss010000nnnnnttttt LDBFMAXL_16
            00111100011sssss110000nnnnn11111 STBFMAXL_16
            00111100011sssss011000nnnnnttttt LDBFMAXNML_16
            00111100011sssss111000nnnnn11111 STBFMAXNML_16
            00111100011sssss010100nnnnnttttt LDBFMINL_16
            00111100011sssss110100nnnnn11111 STBFMINL_16
            00111100011sssss011100nnnnnttttt LDBFMINNML_16
            00111100011sssss111100nnnnn11111 STBFMINNML_16
            01111100001sssss000000nnnnnttttt LDFADD_16
            01111100001sssss100000nnnnn11111 STFADD_16
            01111100001sssss010000nnnnnttttt LDFMAX_16
            01111100001sssss110000nnnnn11111 STFMAX_16
            01111100001sssss011000nnnnnttttt LDFMAXNM_16
            01111100001sssss111000nnnnn11111 STFMAXNM_16
            01111100001sssss010100nnnnnttttt LDFMIN_16
            01111100001sssss110100nnnnn11111 STFMIN_16
            01111100001sssss011100nnnnnttttt LDFMINNM_16
            01111100001sssss111100nnnnn11111 STFMINNM_16
            01111100101sssss000000nnnnnttttt LDFADDA_16
            01111100101sssss010000nnnnnttttt LDFMAXA_16
            01111100101sssss011000nnnnnttttt LDFMAXNMA_16
            01111100101sssss010100nnnnnttttt LDFMINA_16
            01111100101sssss011100nnnnnttttt LDFMINNMA_16
            01111100111sssss000000nnnnnttttt LDFADDAL_16
            01111100111sssss010000nnnnnttttt LDFMAXAL_16
            01111100111sssss011000nnnnnttttt LDFMAXNMAL_16
            01111100111sssss010100nnnnnttttt LDFMINAL_16
            01111100111sssss011100nnnnnttttt LDFMINNMAL_16
            01111100011sssss000000nnnnnttttt LDFADDL_16
            01111100011sssss100000nnnnn11111 STFADDL_16
            01111100011sssss010000nnnnnttttt LDFMAXL_16
            01111100011sssss110000nnnnn11111 STFMAXL_16
            01111100011sssss011000nnnnnttttt LDFMAXNML_16
            01111100011sssss111000nnnnn11111 STFMAXNML_16
            01111100011sssss010100nnnnnttttt LDFMINL_16
            01111100011sssss110100nnnnn11111 STFMINL_16
            01111100011sssss011100nnnnnttttt LDFMINNML_16
            01111100011sssss111100nnnnn11111 STFMINNML_16
            10111100001sssss000000nnnnnttttt LDFADD_32
            10111100001sssss100000nnnnn11111 STFADD_32
            10111100001sssss010000nnnnnttttt LDFMAX_32
            10111100001sssss110000nnnnn11111 STFMAX_32
            10111100001sssss011000nnnnnttttt LDFMAXNM_32
            10111100001sssss111000nnnnn11111 STFMAXNM_32
            10111100001sssss010100nnnnnttttt LDFMIN_32
            10111100001sssss110100nnnnn11111 STFMIN_32
            10111100001sssss011100nnnnnttttt LDFMINNM_32
            10111100001sssss111100nnnnn11111 STFMINNM_32
            10111100101sssss000000nnnnnttttt LDFADDA_32
            10111100101sssss010000nnnnnttttt LDFMAXA_32
            10111100101sssss011000nnnnnttttt LDFMAXNMA_32
            10111100101sssss010100nnnnnttttt LDFMINA_32
            10111100101sssss011100nnnnnttttt LDFMINNMA_32
            10111100111sssss000000nnnnnttttt LDFADDAL_32
            10111100111sssss010000nnnnnttttt LDFMAXAL_32
            10111100111sssss011000nnnnnttttt LDFMAXNMAL_32
            10111100111sssss010100nnnnnttttt LDFMINAL_32
            10111100111sssss011100nnnnnttttt LDFMINNMAL_32
            10111100011sssss000000nnnnnttttt LDFADDL_32
            10111100011sssss100000nnnnn11111 STFADDL_32
            10111100011sssss010000nnnnnttttt LDFMAXL_32
            10111100011sssss110000nnnnn11111 STFMAXL_32
            10111100011sssss011000nnnnnttttt LDFMAXNML_32
            10111100011sssss111000nnnnn11111 STFMAXNML_32
            10111100011sssss010100nnnnnttttt LDFMINL_32
            10111100011sssss110100nnnnn11111 STFMINL_32
            10111100011sssss011100nnnnnttttt LDFMINNML_32
            10111100011sssss111100nnnnn11111 STFMINNML_32
            11111100001sssss000000nnnnnttttt LDFADD_64
            11111100001sssss100000nnnnn11111 STFADD_64
            11111100001sssss010000nnnnnttttt LDFMAX_64
            11111100001sssss110000nnnnn11111 STFMAX_64
            11111100001sssss011000nnnnnttttt LDFMAXNM_64
            11111100001sssss111000nnnnn11111 STFMAXNM_64
            11111100001sssss010100nnnnnttttt LDFMIN_64
            11111100001sssss110100nnnnn11111 STFMIN_64
            11111100001sssss011100nnnnnttttt LDFMINNM_64
            11111100001sssss111100nnnnn11111 STFMINNM_64
            11111100101sssss000000nnnnnttttt LDFADDA_64
            11111100101sssss010000nnnnnttttt LDFMAXA_64
            11111100101sssss011000nnnnnttttt LDFMAXNMA_64
            11111100101sssss010100nnnnnttttt LDFMINA_64
            11111100101sssss011100nnnnnttttt LDFMINNMA_64
            11111100111sssss000000nnnnnttttt LDFADDAL_64
            11111100111sssss010000nnnnnttttt LDFMAXAL_64
            11111100111sssss011000nnnnnttttt LDFMAXNMAL_64
            11111100111sssss010100nnnnnttttt LDFMINAL_64
            11111100111sssss011100nnnnnttttt LDFMINNMAL_64
            11111100011sssss000000nnnnnttttt LDFADDL_64
            11111100011sssss100000nnnnn11111 STFADDL_64
            11111100011sssss010000nnnnnttttt LDFMAXL_64
            11111100011sssss110000nnnnn11111 STFMAXL_64
            11111100011sssss011000nnnnnttttt LDFMAXNML_64
            11111100011sssss111000nnnnn11111 STFMAXNML_64
            11111100011sssss010100nnnnnttttt LDFMINL_64
            11111100011sssss110100nnnnn11111 STFMINL_64
            11111100011sssss011100nnnnnttttt LDFMINNML_64
            11111100011sssss111100nnnnn11111 STFMINNML_64
            """u8);

        table.Add(
            new LoadStoreSection(LoadStoreClass.OrderedPair, "lscp", A64Features.LSCP),
            """
            1101100101022222010110nnnnnttttt LDAP_64_lscp
            1101100101022222011110nnnnnttttt LDAPP_64_lscp
            1101100100022222010110nnnnnttttt STLP_64_lscp
            """u8);

        table.Add(
            new LoadStoreSection(LoadStoreClass.MemorySetTags, "memcms_go", A64Features.MOPS_GO, stepClass: StepClass.Resumable),
            """
            0001110111011111000000nnnnnddddd SETGOP_memcms
            0001110111011111000100nnnnnddddd SETGOPT_memcms
            0001110111011111001000nnnnnddddd SETGOPN_memcms
            0001110111011111001100nnnnnddddd SETGOPTN_memcms
            0001110111011111010000nnnnnddddd SETGOM_memcms
            0001110111011111010100nnnnnddddd SETGOMT_memcms
            0001110111011111011000nnnnnddddd SETGOMN_memcms
            0001110111011111011100nnnnnddddd SETGOMTN_memcms
            0001110111011111100000nnnnnddddd SETGOE_memcms
            0001110111011111100100nnnnnddddd SETGOET_memcms
            0001110111011111101000nnnnnddddd SETGOEN_memcms
            0001110111011111101100nnnnnddddd SETGOETN_memcms
            """u8);
    }
}
