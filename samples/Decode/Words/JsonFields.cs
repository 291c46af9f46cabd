using System;
using System.Buffers.Text;

namespace HvIntrospect.Samples.Decode.Words;

/// <summary>Writes fields as one JSON object.</summary>
internal ref struct JsonFields : IFieldSink
{
    private readonly OutputBuffer _output;
    private byte _separator;

    public JsonFields(OutputBuffer output)
    {
        _output = output;
        _separator = (byte)'{';
    }

    /// <inheritdoc/>
    public void Text(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        Name(name);
        Span<byte> quoted = _output.Take(value.Length + 2);
        quoted[0] = (byte)'"';
        value.CopyTo(quoted[1..]);
        quoted[^1] = (byte)'"';
    }

    /// <summary>Takes a word as eight hexadecimal digits.</summary>
    public void Hex(ReadOnlySpan<byte> name, uint word)
    {
        Name(name);
        _output.Append('"');
        _output.AppendHex(word);
        _output.Append('"');
    }

    /// <inheritdoc/>
    public void Number(ReadOnlySpan<byte> name, int value)
    {
        Name(name);
        if ((uint)value < 10)
        {
            _output.Append((char)('0' + value));
            return;
        }

        const int LongestNumber = 11;
        _ = Utf8Formatter.TryFormat(value, _output.Take(LongestNumber), out int length);
        _output.Return(LongestNumber - length);
    }

    /// <inheritdoc/>
    public void List(ReadOnlySpan<byte> name, ReadOnlySpan<byte> items)
    {
        Name(name);
        _output.Append("[\""u8);
        foreach (byte character in items)
        {
            if (character == (byte)' ')
            {
                _output.Append("\",\""u8);
            }
            else
            {
                _output.Append((char)character);
            }
        }

        _output.Append("\"]"u8);
    }

    /// <summary>Ends the object and its line.</summary>
    public readonly void End()
    {
        _output.Append('}');
        _output.EndLine();
    }

    private void Name(ReadOnlySpan<byte> name)
    {
        Span<byte> quoted = _output.Take(name.Length + 4);
        quoted[0] = _separator;
        quoted[1] = (byte)'"';
        name.CopyTo(quoted[2..]);
        quoted[^2] = (byte)'"';
        quoted[^1] = (byte)':';
        _separator = (byte)',';
    }
}
