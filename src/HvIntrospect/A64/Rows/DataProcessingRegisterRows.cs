using HvIntrospect.Registers;

namespace HvIntrospect.A64.Rows;

/// <summary>The encodings of the group "Data processing -- register".</summary>
/// <remarks>
/// Letters: d Rd, n Rn, m Rm, a Ra, h kind of shift, o extend option, i amount or immediate, c condition, v NZCV or its mask, S should be one.
/// </remarks>
internal static class DataProcessingRegisterRows
{
    /// <summary>Adds the rows.</summary>
    /// <param name="table">The table to add them to.</param>
    public static void AddTo(EncodingTableBuilder table)
    {
        table.Add(
            new EncodingSection(EncodingGroup.DataProcessingRegister, "log_shift"),
            """
            00001010hh0mmmmm0iiiiinnnnnddddd AND_32_log_shift
            00001010hh1mmmmm0iiiiinnnnnddddd BIC_32_log_shift
            00101010hh0mmmmm0iiiiinnnnnddddd ORR_32_log_shift
            00101010hh1mmmmm0iiiiinnnnnddddd ORN_32_log_shift
            01001010hh0mmmmm0iiiiinnnnnddddd EOR_32_log_shift
            01001010hh1mmmmm0iiiiinnnnnddddd EON_32_log_shift
            01101010hh0mmmmm0iiiiinnnnnddddd ANDS_32_log_shift
            01101010hh1mmmmm0iiiiinnnnnddddd BICS_32_log_shift
            10001010hh0mmmmmiiiiiinnnnnddddd AND_64_log_shift
            10001010hh1mmmmmiiiiiinnnnnddddd BIC_64_log_shift
            10101010hh0mmmmmiiiiiinnnnnddddd ORR_64_log_shift
            10101010hh1mmmmmiiiiiinnnnnddddd ORN_64_log_shift
            11001010hh0mmmmmiiiiiinnnnnddddd EOR_64_log_shift
            11001010hh1mmmmmiiiiiinnnnnddddd EON_64_log_shift
            11101010hh0mmmmmiiiiiinnnnnddddd ANDS_64_log_shift
            11101010hh1mmmmmiiiiiinnnnnddddd BICS_64_log_shift
            """u8);

        table.Add(
            new EncodingSection(EncodingGroup.DataProcessingRegister, "addsub_shift", undefinedRule: UndefinedRule.ReservedShift),
            """
            00001011hh0mmmmm0iiiiinnnnnddddd ADD_32_addsub_shift
            00101011hh0mmmmm0iiiiinnnnnddddd ADDS_32_addsub_shift
            01001011hh0mmmmm0iiiiinnnnnddddd SUB_32_addsub_shift
            01101011hh0mmmmm0iiiiinnnnnddddd SUBS_32_addsub_shift
            10001011hh0mmmmmiiiiiinnnnnddddd ADD_64_addsub_shift
            10101011hh0mmmmmiiiiiinnnnnddddd ADDS_64_addsub_shift
            11001011hh0mmmmmiiiiiinnnnnddddd SUB_64_addsub_shift
            11101011hh0mmmmmiiiiiinnnnnddddd SUBS_64_addsub_shift
            """u8);

        table.Add(
            new EncodingSection(EncodingGroup.DataProcessingRegister, "addsub_ext", undefinedRule: UndefinedRule.ExtendShift),
            """
            00001011001mmmmmoooiiinnnnnddddd ADD_32_addsub_ext
            00101011001mmmmmoooiiinnnnnddddd ADDS_32S_addsub_ext
            01001011001mmmmmoooiiinnnnnddddd SUB_32_addsub_ext
            01101011001mmmmmoooiiinnnnnddddd SUBS_32S_addsub_ext
            10001011001mmmmmoooiiinnnnnddddd ADD_64_addsub_ext
            10101011001mmmmmoooiiinnnnnddddd ADDS_64S_addsub_ext
            11001011001mmmmmoooiiinnnnnddddd SUB_64_addsub_ext
            11101011001mmmmmoooiiinnnnnddddd SUBS_64S_addsub_ext
            """u8);

        table.Add(
            new EncodingSection(EncodingGroup.DataProcessingRegister, "addsub_carry"),
            """
            00011010000mmmmm000000nnnnnddddd ADC_32_addsub_carry
            00111010000mmmmm000000nnnnnddddd ADCS_32_addsub_carry
            01011010000mmmmm000000nnnnnddddd SBC_32_addsub_carry
            01111010000mmmmm000000nnnnnddddd SBCS_32_addsub_carry
            10011010000mmmmm000000nnnnnddddd ADC_64_addsub_carry
            10111010000mmmmm000000nnnnnddddd ADCS_64_addsub_carry
            11011010000mmmmm000000nnnnnddddd SBC_64_addsub_carry
            11111010000mmmmm000000nnnnnddddd SBCS_64_addsub_carry
            """u8);

        table.Add(
            new EncodingSection(EncodingGroup.DataProcessingRegister, "rmif", A64Features.FlagM),
            """
            10111010000iiiiii00001nnnnn0vvvv RMIF_only_rmif
            """u8);

        table.Add(
            new EncodingSection(EncodingGroup.DataProcessingRegister, "setf", A64Features.FlagM),
            """
            0011101000000000000010nnnnn01101 SETF8_only_setf
            0011101000000000010010nnnnn01101 SETF16_only_setf
            """u8);

        table.Add(
            new EncodingSection(EncodingGroup.DataProcessingRegister, "condcmp_reg"),
            """
            00111010010mmmmmcccc00nnnnn0vvvv CCMN_32_condcmp_reg
            01111010010mmmmmcccc00nnnnn0vvvv CCMP_32_condcmp_reg
            10111010010mmmmmcccc00nnnnn0vvvv CCMN_64_condcmp_reg
            11111010010mmmmmcccc00nnnnn0vvvv CCMP_64_condcmp_reg
            """u8);

        table.Add(
            new EncodingSection(EncodingGroup.DataProcessingRegister, "condcmp_imm"),
            """
            00111010010iiiiicccc10nnnnn0vvvv CCMN_32_condcmp_imm
            01111010010iiiiicccc10nnnnn0vvvv CCMP_32_condcmp_imm
            10111010010iiiiicccc10nnnnn0vvvv CCMN_64_condcmp_imm
            11111010010iiiiicccc10nnnnn0vvvv CCMP_64_condcmp_imm
            """u8);

        table.Add(
            new EncodingSection(EncodingGroup.DataProcessingRegister, "condsel"),
            """
            00011010100mmmmmcccc00nnnnnddddd CSEL_32_condsel
            00011010100mmmmmcccc01nnnnnddddd CSINC_32_condsel
            01011010100mmmmmcccc00nnnnnddddd CSINV_32_condsel
            01011010100mmmmmcccc01nnnnnddddd CSNEG_32_condsel
            10011010100mmmmmcccc00nnnnnddddd CSEL_64_condsel
            10011010100mmmmmcccc01nnnnnddddd CSINC_64_condsel
            11011010100mmmmmcccc00nnnnnddddd CSINV_64_condsel
            11011010100mmmmmcccc01nnnnnddddd CSNEG_64_condsel
            """u8);

        table.Add(
            new EncodingSection(EncodingGroup.DataProcessingRegister, "dp_3src"),
            """
            00011011000mmmmm0aaaaannnnnddddd MADD_32A_dp_3src
            00011011000mmmmm1aaaaannnnnddddd MSUB_32A_dp_3src
            10011011000mmmmm0aaaaannnnnddddd MADD_64A_dp_3src
            10011011000mmmmm1aaaaannnnnddddd MSUB_64A_dp_3src
            10011011001mmmmm0aaaaannnnnddddd SMADDL_64WA_dp_3src
            10011011001mmmmm1aaaaannnnnddddd SMSUBL_64WA_dp_3src
            10011011010mmmmm0SSSSSnnnnnddddd SMULH_64_dp_3src
            10011011101mmmmm0aaaaannnnnddddd UMADDL_64WA_dp_3src
            10011011101mmmmm1aaaaannnnnddddd UMSUBL_64WA_dp_3src
            10011011110mmmmm0SSSSSnnnnnddddd UMULH_64_dp_3src
            """u8);

        table.Add(
            new EncodingSection(EncodingGroup.DataProcessingRegister, "dp_2src"),
            """
            00011010110mmmmm000010nnnnnddddd UDIV_32_dp_2src
            00011010110mmmmm000011nnnnnddddd SDIV_32_dp_2src
            00011010110mmmmm001000nnnnnddddd LSLV_32_dp_2src
            00011010110mmmmm001001nnnnnddddd LSRV_32_dp_2src
            00011010110mmmmm001010nnnnnddddd ASRV_32_dp_2src
            00011010110mmmmm001011nnnnnddddd RORV_32_dp_2src
            10011010110mmmmm000010nnnnnddddd UDIV_64_dp_2src
            10011010110mmmmm000011nnnnnddddd SDIV_64_dp_2src
            10011010110mmmmm001000nnnnnddddd LSLV_64_dp_2src
            10011010110mmmmm001001nnnnnddddd LSRV_64_dp_2src
            10011010110mmmmm001010nnnnnddddd ASRV_64_dp_2src
            10011010110mmmmm001011nnnnnddddd RORV_64_dp_2src
            """u8);

        table.Add(
            new EncodingSection(EncodingGroup.DataProcessingRegister, "dp_2src", A64Features.CRC32),
            """
            00011010110mmmmm010000nnnnnddddd CRC32B_32C_dp_2src
            00011010110mmmmm010001nnnnnddddd CRC32H_32C_dp_2src
            00011010110mmmmm010010nnnnnddddd CRC32W_32C_dp_2src
            10011010110mmmmm010011nnnnnddddd CRC32X_64C_dp_2src
            00011010110mmmmm010100nnnnnddddd CRC32CB_32C_dp_2src
            00011010110mmmmm010101nnnnnddddd CRC32CH_32C_dp_2src
            00011010110mmmmm010110nnnnnddddd CRC32CW_32C_dp_2src
            10011010110mmmmm010111nnnnnddddd CRC32CX_64C_dp_2src
            """u8);

        table.Add(
            new EncodingSection(EncodingGroup.DataProcessingRegister, "dp_2src", A64Features.PAuth),
            """
            10011010110mmmmm001100nnnnnddddd PACGA_64P_dp_2src
            """u8);

        table.Add(
            new EncodingSection(EncodingGroup.DataProcessingRegister, "dp_2src", A64Features.MTE),
            """
            10011010110mmmmm000000nnnnnddddd SUBP_64S_dp_2src
            10111010110mmmmm000000nnnnnddddd SUBPS_64S_dp_2src
            10011010110mmmmm000100nnnnnddddd IRG_64I_dp_2src
            10011010110mmmmm000101nnnnnddddd GMI_64G_dp_2src
            """u8);

        table.Add(
            new EncodingSection(EncodingGroup.DataProcessingRegister, "dp_1src"),
            """
            0101101011000000000000nnnnnddddd RBIT_32_dp_1src
            0101101011000000000001nnnnnddddd REV16_32_dp_1src
            0101101011000000000010nnnnnddddd REV_32_dp_1src
            0101101011000000000100nnnnnddddd CLZ_32_dp_1src
            0101101011000000000101nnnnnddddd CLS_32_dp_1src
            1101101011000000000000nnnnnddddd RBIT_64_dp_1src
            1101101011000000000001nnnnnddddd REV16_64_dp_1src
            1101101011000000000010nnnnnddddd REV32_64_dp_1src
            1101101011000000000011nnnnnddddd REV_64_dp_1src
            1101101011000000000100nnnnnddddd CLZ_64_dp_1src
            1101101011000000000101nnnnnddddd CLS_64_dp_1src
            """u8);

        table.Add(
            new EncodingSection(EncodingGroup.DataProcessingRegister, "dp_1src", A64Features.PAuth),
            """
            1101101011000001000000nnnnnddddd PACIA_64P_dp_1src
            1101101011000001000001nnnnnddddd PACIB_64P_dp_1src
            1101101011000001000010nnnnnddddd PACDA_64P_dp_1src
            1101101011000001000011nnnnnddddd PACDB_64P_dp_1src
            1101101011000001000100nnnnnddddd AUTIA_64P_dp_1src
            1101101011000001000101nnnnnddddd AUTIB_64P_dp_1src
            1101101011000001000110nnnnnddddd AUTDA_64P_dp_1src
            1101101011000001000111nnnnnddddd AUTDB_64P_dp_1src
            110110101100000100100011111ddddd PACIZA_64Z_dp_1src
            110110101100000100100111111ddddd PACIZB_64Z_dp_1src
            110110101100000100101011111ddddd PACDZA_64Z_dp_1src
            110110101100000100101111111ddddd PACDZB_64Z_dp_1src
            110110101100000100110011111ddddd AUTIZA_64Z_dp_1src
            110110101100000100110111111ddddd AUTIZB_64Z_dp_1src
            110110101100000100111011111ddddd AUTDZA_64Z_dp_1src
            110110101100000100111111111ddddd AUTDZB_64Z_dp_1src
            110110101100000101000011111ddddd XPACI_64Z_dp_1src
            110110101100000101000111111ddddd XPACD_64Z_dp_1src
            """u8);
    }
}
