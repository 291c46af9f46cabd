using System.Collections.Generic;
using HvIntrospect.Registers;

namespace HvIntrospect.A64;

/// <summary>One A64 encoding: Arm's name of it, its pattern, and what follows from the pattern and the encoding class.</summary>
/// <remarks>Immutable and thread-safe.</remarks>
internal sealed class EncodingRow
{
    /// <summary>The number of letters of a pattern.</summary>
    public const int PatternLength = 32;

    /// <summary>Initialises a row.</summary>
    /// <param name="index">The row's place in the table, from 1: 0 stands for "no encoding".</param>
    /// <param name="section">What it shares with its class.</param>
    /// <param name="id">Arm's encoding id, for example <c>LDR_64_ldst_immpost</c>.</param>
    /// <param name="pattern">Bits 31 to 0: '0' and '1' are fixed, equal letters make one field, 'S' is a should-be-one bit.</param>
    /// <param name="mask">One for each fixed bit.</param>
    /// <param name="value">The values of the fixed bits.</param>
    /// <param name="takesWordsFrom">Ids of later rows, or names of later sections, whose words this row takes.</param>
    public EncodingRow(int index, EncodingSection section, string id, string pattern, uint mask, uint value, IReadOnlyList<string> takesWordsFrom)
    {
        Index = index;
        Section = section;
        Id = id;
        Pattern = pattern;
        Mask = mask;
        Value = value;
        TakesWordsFrom = takesWordsFrom;
    }

    /// <summary>Gets the row's place in the table, from 1.</summary>
    public int Index { get; }

    /// <summary>Gets what the row shares with its class.</summary>
    public EncodingSection Section { get; }

    /// <summary>Gets Arm's encoding id.</summary>
    public string Id { get; }

    /// <summary>Gets the 32 letters of the pattern, bit 31 first.</summary>
    public string Pattern { get; }

    /// <summary>Gets a word with a one for each fixed bit.</summary>
    public uint Mask { get; }

    /// <summary>Gets a word with the values of the fixed bits.</summary>
    public uint Value { get; }

    /// <summary>Gets the later rows (by id) or sections (by name) that this row declares to overlap; it comes first.</summary>
    public IReadOnlyList<string> TakesWordsFrom { get; }

    /// <summary>Gets the features that the encoding needs, all of them.</summary>
    public A64Features Feature => Section.Feature;

    /// <summary>Gets the top-level group.</summary>
    public EncodingGroup Group => Section.Group;

    /// <summary>Gets what it takes to step the instruction.</summary>
    public StepClass StepClass => Section.StepClass;

    /// <summary>Tests whether a word has the fixed bits of the pattern. Earlier rows and the UNDEFINED rule are not considered.</summary>
    /// <param name="word">The instruction word.</param>
    /// <returns>True when it has.</returns>
    public bool Matches(uint word) => (word & Mask) == Value;

    /// <summary>Gets the bits of the pattern that carry a letter.</summary>
    /// <param name="letter">The field's letter.</param>
    /// <returns>A word with a one for each of its bits; 0 when the pattern lacks the field.</returns>
    public uint FieldMask(char letter)
    {
        uint mask = 0;
        foreach (char c in Pattern)
        {
            mask = (mask << 1) | (c == letter ? 1u : 0u);
        }

        return mask;
    }

    /// <summary>Extracts a field. The bits of a field that is split are joined, the upper part first.</summary>
    /// <param name="word">The instruction word.</param>
    /// <param name="letter">The field's letter.</param>
    /// <returns>Its value, unsigned; 0 when the pattern lacks the field.</returns>
    public uint Field(uint word, char letter)
    {
        uint field = 0;
        for (int i = 0; i < PatternLength; i++)
        {
            if (Pattern[i] == letter)
            {
                field = (field << 1) | ((word >> (31 - i)) & 1);
            }
        }

        return field;
    }

    /// <inheritdoc/>
    public override string ToString() => Pattern + " " + Id;
}
