using System;
using System.Collections.Generic;
using System.Runtime.CompilerServices;
using System.Text;

namespace HvIntrospect.A64;

/// <summary>Collects rows in the order of their precedence: where two patterns overlap, the earlier row takes the word.</summary>
internal sealed class EncodingTableBuilder
{
    private readonly List<EncodingRow> _rows = new(2048);

    /// <summary>Gets the rows added so far.</summary>
    public List<EncodingRow> Rows => _rows;

    /// <summary>Adds the encodings of one class.</summary>
    /// <param name="section">What they have in common.</param>
    /// <param name="rows">
    /// One encoding a line: the pattern of 32 letters, Arm's encoding id and, where the pattern overlaps those of later rows,
    /// the word <c>before</c> and the ids of those rows or the names of their sections. UTF-8, so that the text is data of the
    /// assembly and costs nothing until it is read.
    /// </param>
    /// <exception cref="FormatException">A line is malformed.</exception>
    public void Add(EncodingSection section, ReadOnlySpan<byte> rows)
    {
        while (!rows.IsEmpty)
        {
            int end = rows.IndexOf((byte)'\n');
            ReadOnlySpan<byte> line = end < 0 ? rows : rows.Slice(0, end);
            rows = end < 0 ? default : rows.Slice(end + 1);
            if (!line.IsEmpty && line[line.Length - 1] == '\r')
            {
                line = line.Slice(0, line.Length - 1);
            }

            if (!line.IsEmpty)
            {
                AddLine(section, line);
            }
        }
    }

    private static string Text(ReadOnlySpan<byte> ascii) => Encoding.ASCII.GetString(ascii.ToArray());

    private static FormatException Malformed(ReadOnlySpan<byte> line) => new("Malformed encoding row: " + Text(line));

    /// <summary>Reads the fixed bits of a pattern. The only loop over each letter: what is around it costs more to optimise than to run.</summary>
    [MethodImpl(Startup.Optimized)]
    private static bool TryReadPattern(ReadOnlySpan<byte> line, out uint mask, out uint value)
    {
        uint known = 0;
        uint ones = 0;
        bool isWhole = true;
        for (int i = 0; i < EncodingRow.PatternLength; i++)
        {
            uint c = line[i];
            isWhole &= c != ' ';
            uint bit = (c & ~1u) == '0' ? 1u : 0;
            known = (known << 1) | bit;
            ones = (ones << 1) | (c & bit);
        }

        mask = known;
        value = ones;
        return isWhole;
    }

    private void AddLine(EncodingSection section, ReadOnlySpan<byte> line)
    {
        uint mask = 0;
        uint value = 0;
        if (line.Length < EncodingRow.PatternLength + 2 || line[EncodingRow.PatternLength] != ' ' || !TryReadPattern(line, out mask, out value))
        {
            throw Malformed(line);
        }

        ReadOnlySpan<byte> rest = line.Slice(EncodingRow.PatternLength + 1);
        int idEnd = rest.IndexOf((byte)' ');
        string[] takesWordsFrom = [];
        if (idEnd >= 0)
        {
            ReadOnlySpan<byte> declaration = rest.Slice(idEnd + 1);
            if (!declaration.StartsWith("before "u8))
            {
                throw Malformed(line);
            }

            takesWordsFrom = Text(declaration.Slice("before ".Length)).Split(' ');
            rest = rest.Slice(0, idEnd);
        }

        string pattern = Text(line.Slice(0, EncodingRow.PatternLength));
        _rows.Add(new EncodingRow(_rows.Count + 1, section, Text(rest), pattern, mask, value, takesWordsFrom));
    }
}
