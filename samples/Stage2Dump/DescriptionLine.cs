using System;
using System.Globalization;
using HvIntrospect.Samples.Shared;

namespace HvIntrospect.Samples.Stage2Dump;

/// <summary>One line of a description, read word by word; a word that does not fit is named with its line and column.</summary>
/// <param name="file">The name of the file.</param>
/// <param name="number">The number of the line, from 1.</param>
/// <param name="text">The line without its end.</param>
internal sealed class DescriptionLine(string file, int number, string text)
{
    private const char Comment = '#';

    private int _next;
    private int _start;

    /// <summary>Gets the word that was read last.</summary>
    public ReadOnlySpan<char> Word => text.AsSpan(_start, _next - _start);

    /// <summary>Reads the next word.</summary>
    /// <returns>False at the end of the line or at a comment.</returns>
    public bool TryRead()
    {
        while (_next < text.Length && char.IsWhiteSpace(text[_next]))
        {
            _next++;
        }

        _start = _next;
        if (_next == text.Length || text[_next] == Comment)
        {
            return false;
        }

        while (_next < text.Length && !char.IsWhiteSpace(text[_next]) && text[_next] != Comment)
        {
            _next++;
        }

        return true;
    }

    /// <summary>Reads a word that has to be there.</summary>
    /// <param name="what">What it is.</param>
    /// <returns>The word.</returns>
    /// <exception cref="BadInputException">The line ends here.</exception>
    public ReadOnlySpan<char> Read(string what) => TryRead() ? Word : throw Bad($"{what} is missing");

    /// <summary>Reads an address.</summary>
    /// <param name="what">What it is.</param>
    /// <returns>The number.</returns>
    /// <exception cref="BadInputException">It is missing or no number.</exception>
    public ulong ReadNumber(string what) => NumberText.TryParse(Read(what), out ulong value) ? value : throw Bad($"'{Word}' is no {what}: a decimal number, or a hexadecimal one after 0x");

    /// <summary>Reads a number of bytes.</summary>
    /// <returns>At least 1.</returns>
    /// <exception cref="BadInputException">It is missing or no size.</exception>
    public ulong ReadSize() =>
        NumberText.TryParseSize(Read("size"), out ulong value) && value != 0 ? value : throw Bad($"'{Word}' is no size above 0, such as 64M or 0x1000");

    /// <summary>Demands that the line ends here.</summary>
    /// <exception cref="BadInputException">It does not.</exception>
    public void End()
    {
        if (TryRead())
        {
            throw Bad($"'{Word}' is more than belongs here");
        }
    }

    /// <summary>Goes back to the first word, so that what is wrong with the line as a whole is reported there.</summary>
    /// <returns>This line.</returns>
    public DescriptionLine AtStart()
    {
        _next = 0;
        TryRead();
        return this;
    }

    /// <summary>Makes the exception that says what is wrong with the last word.</summary>
    /// <param name="message">What is wrong.</param>
    /// <returns>The exception.</returns>
    public BadInputException Bad(string message) =>
        new(string.Create(CultureInfo.InvariantCulture, $"{file}, line {number}, column {_start + 1}: {message}"));
}
