using System;
using System.IO;

namespace HvIntrospect.Samples.Decode.Words;

/// <summary>Collects lines of ASCII for a stream. Nothing is allocated once it is made.</summary>
internal sealed class OutputBuffer(Stream stream) : IDisposable
{
    private const int LongestLine = 0x1000;

    private readonly byte[] _bytes = new byte[0x1_0000];
    private int _length;

    /// <summary>Takes room for the next characters of a line.</summary>
    public Span<byte> Take(int count)
    {
        Span<byte> room = _bytes.AsSpan(_length, count);
        _length += count;
        return room;
    }

    /// <summary>Gives back the end of what was taken last.</summary>
    public void Return(int count) => _length -= count;

    /// <summary>Appends ASCII.</summary>
    public void Append(ReadOnlySpan<byte> text) => text.CopyTo(Take(text.Length));

    /// <summary>Appends one character.</summary>
    public void Append(char character) => _bytes[_length++] = (byte)character;

    /// <summary>Appends a word as eight hexadecimal digits.</summary>
    public void AppendHex(uint word)
    {
        Span<byte> digits = Take(8);
        for (int i = digits.Length - 1; i >= 0; i--)
        {
            digits[i] = "0123456789abcdef"u8[(int)(word & 0xF)];
            word >>= 4;
        }
    }

    /// <summary>Ends a line, after which there is room for the next one.</summary>
    public void EndLine()
    {
        Append('\n');
        if (_length > _bytes.Length - LongestLine)
        {
            Write();
        }
    }

    /// <summary>Hands everything to whoever reads the stream.</summary>
    public void Flush()
    {
        Write();
        stream.Flush();
    }

    /// <inheritdoc/>
    public void Dispose() => Flush();

    private void Write()
    {
        stream.Write(_bytes, 0, _length);
        _length = 0;
    }
}
