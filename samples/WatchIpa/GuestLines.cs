using System;
using System.Globalization;
using System.Text;

namespace HvIntrospect.Samples.WatchIpa;

/// <summary>Makes lines of the bytes that the guest writes to its UART.</summary>
/// <remarks>The guest is not trusted: what could steer a terminal is shown as its code, and a line without an end is cut.</remarks>
internal sealed class GuestLines
{
    private const int MaximumLength = 1000;

    private readonly Action<string> _write;
    private readonly StringBuilder _line = new();
    private bool _hasReturn;

    public GuestLines(Action<string> write)
    {
        _write = write;
    }

    /// <summary>Takes the next byte.</summary>
    public void Add(byte character)
    {
        if (character == (byte)'\n')
        {
            _hasReturn = false;
            WriteLine();
            return;
        }

        // A carriage return is part of the line's end, or else as strange as any other control character.
        if (_hasReturn)
        {
            AddVisible((byte)'\r');
        }

        _hasReturn = character == (byte)'\r';
        if (!_hasReturn)
        {
            AddVisible(character);
        }
    }

    /// <summary>Writes what the guest has begun and not ended.</summary>
    public void Complete()
    {
        if (_line.Length != 0)
        {
            WriteLine();
        }
    }

    private void AddVisible(byte character)
    {
        if (character is >= 0x20 and < 0x7F or (byte)'\t')
        {
            _line.Append((char)character);
        }
        else
        {
            _line.Append(CultureInfo.InvariantCulture, $"\\x{character:x2}");
        }

        if (_line.Length >= MaximumLength)
        {
            WriteLine();
        }
    }

    private void WriteLine()
    {
        _write(_line.ToString());
        _line.Clear();
    }
}
