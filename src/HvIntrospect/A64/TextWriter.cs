using System;

namespace HvIntrospect.A64;

/// <summary>Appends text to a span; what does not fit is counted out by <see cref="Overflowed"/>, never written.</summary>
internal ref struct TextWriter
{
    private readonly Span<char> _destination;
    private int _length;

    public TextWriter(Span<char> destination)
    {
        _destination = destination;
        _length = 0;
        Overflowed = false;
    }

    /// <summary>Gets a value indicating whether the text was longer than the span.</summary>
    public bool Overflowed { get; private set; }

    /// <summary>Gets the number of characters written.</summary>
    public readonly int Length => _length;

    /// <summary>Appends one character.</summary>
    /// <param name="c">The character.</param>
    public void Append(char c)
    {
        if (_length == _destination.Length)
        {
            Overflowed = true;
            return;
        }

        _destination[_length++] = c;
    }

    /// <summary>Appends a text.</summary>
    /// <param name="text">The text.</param>
    public void Append(string text)
    {
        foreach (char c in text)
        {
            Append(c);
        }
    }

    /// <summary>Appends a number in decimal.</summary>
    /// <param name="value">The number.</param>
    public void Append(int value)
    {
        uint rest = (uint)value;
        if (value < 0)
        {
            Append('-');
            rest = 0 - rest;
        }

        uint divisor = 1;
        while (rest / divisor >= 10)
        {
            divisor *= 10;
        }

        for (; divisor != 0; divisor /= 10)
        {
            Append((char)('0' + (rest / divisor % 10)));
        }
    }

    /// <summary>Appends a word as eight hexadecimal digits.</summary>
    /// <param name="value">The word.</param>
    public void AppendHex(uint value)
    {
        for (int shift = 28; shift >= 0; shift -= 4)
        {
            Append("0123456789abcdef"[(int)(value >> shift) & 0xF]);
        }
    }
}
