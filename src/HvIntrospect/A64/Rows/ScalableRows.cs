using HvIntrospect.Registers;

namespace HvIntrospect.A64.Rows;

/// <summary>SVE and SME: one row a group, so that their words are named. Which of them are allocated is not modelled.</summary>
internal static class ScalableRows
{
    /// <summary>Adds the rows.</summary>
    /// <param name="table">The table to add them to.</param>
    public static void AddTo(EncodingTableBuilder table)
    {
        table.Add(
            new EncodingSection(EncodingGroup.Sve, "sve", A64Features.SVE, isModelled: false),
            """
            xxx0010xxxxxxxxxxxxxxxxxxxxxxxxx SVE
            """u8);

        table.Add(
            new EncodingSection(EncodingGroup.Sme, "sme", A64Features.SME, isModelled: false),
            """
            1xx0000xxxxxxxxxxxxxxxxxxxxxxxxx SME
            """u8);
    }
}
