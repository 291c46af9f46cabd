using System;
using System.Globalization;
using System.IO;
using HvIntrospect.Samples.Shared;

namespace HvIntrospect.Samples.Decode.Words;

/// <summary>Reads words from text: one to eight hexadecimal digits, with or without 0x, one word a line. Blank lines are skipped.</summary>
/// <remarks>The text may be anything: no line is kept that is longer than a word can be, and nothing is allocated per line.</remarks>
internal sealed class WordReader(Stream stream)
{
    private const string Name = "standard input";
    private const int LongestLine = 0x100;
    private const int LongestQuote = 40;

    private readonly byte[] _chunk = new byte[0x1_0000];
    private readonly byte[] _begun = new byte[LongestLine];
    private int _begunLength;
    private int _position;
    private int _end;
    private long _line;

    /// <summary>Reads the next chunk, when all words of the last one have been taken.</summary>
    /// <returns>False at the end, after which one word may be left.</returns>
    public bool Fill()
    {
        try
        {
            _position = 0;
            _end = stream.Read(_chunk, 0, _chunk.Length);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new BadInputException($"{Name}: cannot be read: {exception.Message}");
        }

        return _end != 0;
    }

    /// <summary>Takes the next word whose line ends in this chunk, or at the end of the text the last one.</summary>
    /// <param name="word">Receives the word.</param>
    /// <returns>False when there is none.</returns>
    /// <exception cref="BadInputException">A line is not a word.</exception>
    public bool TryTake(out uint word)
    {
        while (TryTakeLine(out ReadOnlySpan<byte> line))
        {
            _line++;
            if (_line == 1 && line.StartsWith("\uFEFF"u8))
            {
                line = line["\uFEFF"u8.Length..];
            }

            line = line.Trim(" \t\r"u8);
            if (line.IsEmpty)
            {
                continue;
            }

            if (!TryParse(line, out word))
            {
                throw Bad(line);
            }

            return true;
        }

        word = 0;
        return false;
    }

    /// <summary>Reads a word from an argument.</summary>
    /// <exception cref="BadInputException">It is not a word.</exception>
    public static uint Parse(string text)
    {
        ReadOnlySpan<char> digits = text.StartsWith("0x", StringComparison.OrdinalIgnoreCase) ? text.AsSpan(2) : text;
        return digits.Length <= 8 && uint.TryParse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out uint word)
            ? word
            : throw new BadInputException($"'{text}' is not a word of 1 to 8 hexadecimal digits");
    }

    private static bool TryParse(ReadOnlySpan<byte> text, out uint word)
    {
        if (text.Length > 2 && text[0] == (byte)'0' && (text[1] | 0x20) == (byte)'x')
        {
            text = text[2..];
        }

        word = 0;
        if (text.Length > 8)
        {
            return false;
        }

        foreach (byte character in text)
        {
            int digit = HexDigit(character);
            if (digit < 0)
            {
                return false;
            }

            word = (word << 4) | (uint)digit;
        }

        return true;
    }

    private static int HexDigit(byte character)
    {
        int digit = character - '0';
        int letter = (character | 0x20) - 'a';
        return (uint)digit < 10 ? digit : (uint)letter < 6 ? letter + 10 : -1;
    }

    private bool TryTakeLine(out ReadOnlySpan<byte> line)
    {
        ReadOnlySpan<byte> rest = _chunk.AsSpan(_position, _end - _position);
        int length = rest.IndexOf((byte)'\n');
        if (length < 0)
        {
            bool isLast = _end == 0 && _begunLength != 0;
            Begin(rest);
            line = _begun.AsSpan(0, _begunLength);
            _begunLength = isLast ? 0 : _begunLength;
            _position = _end;
            return isLast;
        }

        line = rest[..length];
        _position += length + 1;
        if (_begunLength != 0)
        {
            Begin(line);
            line = _begun.AsSpan(0, _begunLength);
            _begunLength = 0;
        }
        else if (length > LongestLine)
        {
            Begin(line);
        }

        return true;
    }

    /// <summary>Keeps a part of a line until the rest has come.</summary>
    private void Begin(ReadOnlySpan<byte> part)
    {
        int kept = Math.Min(part.Length, LongestLine - _begunLength);
        part[..kept].CopyTo(_begun.AsSpan(_begunLength));
        _begunLength += kept;
        if (kept != part.Length)
        {
            _line++;
            throw Bad(_begun.AsSpan(0, _begunLength).TrimStart(" \t"u8));
        }
    }

    private BadInputException Bad(ReadOnlySpan<byte> line)
    {
        // What is not plain text is shown as what it cannot be.
        string quote = string.Create(Math.Min(line.Length, LongestQuote), line, static (characters, source) =>
        {
            for (int i = 0; i < characters.Length; i++)
            {
                characters[i] = source[i] is >= 0x20 and < 0x7F ? (char)source[i] : '?';
            }
        });
        string more = line.Length > LongestQuote ? "…" : string.Empty;
        return new BadInputException($"{Name}, line {_line}: '{quote}{more}' is not a word of 1 to 8 hexadecimal digits");
    }
}
