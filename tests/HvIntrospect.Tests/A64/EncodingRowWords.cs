using System;
using HvIntrospect.A64;

namespace HvIntrospect.Tests.A64;

/// <summary>Makes words of an encoding.</summary>
internal static class EncodingRowWords
{
    /// <summary>Gets a word of the row: its fields from the bits of a number, should-be-one bits as they should be.</summary>
    public static uint Word(this EncodingRow row, uint fields) => row.Value | (fields & ~row.Mask) | row.FieldMask('S');

    /// <summary>Gets a word of the row that no earlier row takes and that is not UNDEFINED for its fields.</summary>
    public static uint AllocatedWord(this EncodingRow row)
    {
        // Different registers, none of them 31, even where pairs must be; other fields by trial.
        uint fields = 0b00000000000_00100_00010_00110_01000;
        for (int attempt = 0; attempt < 100_000; attempt++)
        {
            uint word = row.Word(fields);
            if (FirstMatch(word) == row && !UndefinedRules.IsUndefined(row.Section.UndefinedRule, word))
            {
                return word;
            }

            fields = (fields * 1_664_525) + 1_013_904_223;
        }

        throw new InvalidOperationException("No word was found for " + row);
    }

    /// <summary>Gets the row that takes a word, by looking at one row after the other.</summary>
    public static EncodingRow? FirstMatch(uint word)
    {
        foreach (EncodingRow row in EncodingTable.Instance.Rows)
        {
            if (row.Matches(word))
            {
                return row;
            }
        }

        return null;
    }
}
