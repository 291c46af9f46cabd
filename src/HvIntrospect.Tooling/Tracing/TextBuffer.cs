using System;
using System.IO;
using HvIntrospect.Tooling.Symbols;

namespace HvIntrospect.Tooling.Tracing;

/// <summary>Puts text together without allocating: for JSON, and for columns, whose numbers look the same. Nothing in it depends on a culture.</summary>
internal sealed class TextBuffer
{
    private const string HexDigits = "0123456789abcdef";

    private char[] _characters = new char[512];

    public int Length { get; private set; }

    public void Add(char character)
    {
        if (Length == _characters.Length)
        {
            Array.Resize(ref _characters, 2 * Length);
        }

        _characters[Length++] = character;
    }

    public void Add(string text)
    {
        foreach (char character in text)
        {
            Add(character);
        }
    }

    /// <summary>Adds what a JSON string has between its quotation marks. Of a surrogate pair no half remains alone: that would not be Unicode.</summary>
    public void AddEscaped(string text)
    {
        for (int i = 0; i < text.Length; i++)
        {
            char character = text[i];
            if (character is '"' or '\\')
            {
                Add('\\');
                Add(character);
            }
            else if (character < ' ')
            {
                Add("\\u00");
                Add(HexDigits[character >> 4]);
                Add(HexDigits[character & 15]);
            }
            else if (!char.IsSurrogate(character))
            {
                Add(character);
            }
            else if (i + 1 < text.Length && char.IsSurrogatePair(character, text[i + 1]))
            {
                Add(character);
                Add(text[++i]);
            }
            else
            {
                Add('\uFFFD');
            }
        }
    }

    /// <summary>Adds a number in decimal.</summary>
    public void AddDecimal(ulong value, int minimumDigits = 1)
    {
        int digits = 1;
        for (ulong rest = value / 10; rest != 0; rest /= 10)
        {
            digits++;
        }

        for (; digits < minimumDigits; minimumDigits--)
        {
            Add('0');
        }

        for (int i = 0; i < digits; i++)
        {
            Add('0');
        }

        for (int i = 1; i <= digits; i++, value /= 10)
        {
            _characters[Length - i] = (char)('0' + (value % 10));
        }
    }

    /// <summary>Adds a number that is not negative in decimal.</summary>
    public void AddDecimal(long value) => AddDecimal((ulong)value);

    /// <summary>Adds a number in hexadecimal, with 0x.</summary>
    public void AddHex(ulong value)
    {
        Add("0x");
        int shift = 60;
        while (shift > 0 && value >> shift == 0)
        {
            shift -= 4;
        }

        for (; shift >= 0; shift -= 4)
        {
            Add(HexDigits[(int)(value >> shift) & 15]);
        }
    }

    /// <summary>Adds <c>,"name":"0x…"</c>: readers of JSON may hold numbers in doubles.</summary>
    public void AddHexMember(string name, ulong value)
    {
        Add(",\"");
        Add(name);
        Add("\":\"");
        AddHex(value);
        Add('"');
    }

    /// <summary>Adds <c>,"name":…</c> with a number that is not negative.</summary>
    public void AddMember(string name, long value)
    {
        Add(",\"");
        Add(name);
        Add("\":");
        AddDecimal(value);
    }

    /// <summary>Adds the name of a function, or its address where it has none, as a JSON string has it.</summary>
    public void AddFunction(SymbolTable symbols, Va function)
    {
        if (symbols.TryResolve(function, out Symbol symbol, out ulong offset))
        {
            AddEscaped(symbol.Name);
            if (offset != 0)
            {
                Add('+');
                AddHex(offset);
            }
        }
        else
        {
            AddHex(function.Value);
        }
    }

    /// <summary>Moves what was added since a position to the right, so that it ends in a column.</summary>
    public void AlignRight(int start, int width)
    {
        int length = Length - start;
        for (int i = length; i < width; i++)
        {
            Add(' ');
        }

        if (length < width)
        {
            Array.Copy(_characters, start, _characters, start + width - length, length);
            _characters.AsSpan(start, width - length).Fill(' ');
        }
    }

    /// <summary>Writes all of it and begins anew.</summary>
    public void MoveTo(TextWriter writer)
    {
        int length = Length;
        Length = 0;
        writer.Write(_characters, 0, length);
    }
}
