using HvIntrospect.Registers;

namespace HvIntrospect.A64.Rows;

/// <summary>The encodings of the group "Data processing -- immediate".</summary>
/// <remarks>
/// Letters: d Rd, n Rn, m Rm, i immediate (ADR: its upper part, l its lower), h shift of the immediate, N r s the bitmask or bitfield, u tag.
/// </remarks>
internal static class DataProcessingImmediateRows
{
    /// <summary>Adds the rows.</summary>
    /// <param name="table">The table to add them to.</param>
    public static void AddTo(EncodingTableBuilder table)
    {
        table.Add(
            new EncodingSection(EncodingGroup.DataProcessingImmediate, "pcreladdr", stepClass: StepClass.PcRelative),
            """
            0ll10000iiiiiiiiiiiiiiiiiiiddddd ADR_only_pcreladdr
            1ll10000iiiiiiiiiiiiiiiiiiiddddd ADRP_only_pcreladdr
            """u8);

        table.Add(
            new EncodingSection(EncodingGroup.DataProcessingImmediate, "addsub_imm"),
            """
            000100010hiiiiiiiiiiiinnnnnddddd ADD_32_addsub_imm
            001100010hiiiiiiiiiiiinnnnnddddd ADDS_32S_addsub_imm
            010100010hiiiiiiiiiiiinnnnnddddd SUB_32_addsub_imm
            011100010hiiiiiiiiiiiinnnnnddddd SUBS_32S_addsub_imm
            100100010hiiiiiiiiiiiinnnnnddddd ADD_64_addsub_imm
            101100010hiiiiiiiiiiiinnnnnddddd ADDS_64S_addsub_imm
            110100010hiiiiiiiiiiiinnnnnddddd SUB_64_addsub_imm
            111100010hiiiiiiiiiiiinnnnnddddd SUBS_64S_addsub_imm
            """u8);

        table.Add(
            new EncodingSection(EncodingGroup.DataProcessingImmediate, "addsub_immtags", A64Features.MTE),
            """
            1001000110iiiiii00uuuunnnnnddddd ADDG_64_addsub_immtags
            1101000110iiiiii00uuuunnnnnddddd SUBG_64_addsub_immtags
            """u8);

        table.Add(
            new EncodingSection(EncodingGroup.DataProcessingImmediate, "log_imm", undefinedRule: UndefinedRule.ReservedBitmask),
            """
            0001001000rrrrrrssssssnnnnnddddd AND_32_log_imm
            0011001000rrrrrrssssssnnnnnddddd ORR_32_log_imm
            0101001000rrrrrrssssssnnnnnddddd EOR_32_log_imm
            0111001000rrrrrrssssssnnnnnddddd ANDS_32S_log_imm
            100100100Nrrrrrrssssssnnnnnddddd AND_64_log_imm
            101100100Nrrrrrrssssssnnnnnddddd ORR_64_log_imm
            110100100Nrrrrrrssssssnnnnnddddd EOR_64_log_imm
            111100100Nrrrrrrssssssnnnnnddddd ANDS_64S_log_imm
            """u8);

        table.Add(
            new EncodingSection(EncodingGroup.DataProcessingImmediate, "movewide"),
            """
            0001001010hiiiiiiiiiiiiiiiiddddd MOVN_32_movewide
            0101001010hiiiiiiiiiiiiiiiiddddd MOVZ_32_movewide
            0111001010hiiiiiiiiiiiiiiiiddddd MOVK_32_movewide
            100100101hhiiiiiiiiiiiiiiiiddddd MOVN_64_movewide
            110100101hhiiiiiiiiiiiiiiiiddddd MOVZ_64_movewide
            111100101hhiiiiiiiiiiiiiiiiddddd MOVK_64_movewide
            """u8);

        table.Add(
            new EncodingSection(EncodingGroup.DataProcessingImmediate, "bitfield"),
            """
            00010011000rrrrr0sssssnnnnnddddd SBFM_32M_bitfield
            00110011000rrrrr0sssssnnnnnddddd BFM_32M_bitfield
            01010011000rrrrr0sssssnnnnnddddd UBFM_32M_bitfield
            1001001101rrrrrrssssssnnnnnddddd SBFM_64M_bitfield
            1011001101rrrrrrssssssnnnnnddddd BFM_64M_bitfield
            1101001101rrrrrrssssssnnnnnddddd UBFM_64M_bitfield
            """u8);

        table.Add(
            new EncodingSection(EncodingGroup.DataProcessingImmediate, "extract"),
            """
            00010011100mmmmm0sssssnnnnnddddd EXTR_32_extract
            10010011110mmmmmssssssnnnnnddddd EXTR_64_extract
            """u8);
    }
}
