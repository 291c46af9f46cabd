using System;
using System.Buffers;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace HvIntrospect.Samples.Shared;

/// <summary>Writes JSON objects to standard output, one a line. Numbers that may exceed 53 bits are hexadecimal strings, because readers may hold numbers in doubles.</summary>
internal sealed class JsonLines : IDisposable
{
    private readonly ConsoleOutput _console;
    private readonly ArrayBufferWriter<byte> _line = new(0x400);

    public JsonLines(ConsoleOutput console)
    {
        _console = console;

        // The lines are data for programs, never part of a web page: names such as main+0x10 stay readable.
        Json = new Utf8JsonWriter(_line, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
    }

    /// <summary>Gets the writer of the current object.</summary>
    public Utf8JsonWriter Json { get; }

    /// <summary>Begins an object.</summary>
    /// <param name="type">What it is about.</param>
    public void Begin(ReadOnlySpan<byte> type)
    {
        Json.WriteStartObject();
        Json.WriteString("type"u8, type);
    }

    /// <summary>Writes a number as a hexadecimal string of at least some digits.</summary>
    public void WriteHex(ReadOnlySpan<byte> name, ulong value, int digits = 1)
    {
        Span<char> text = stackalloc char[18];
        "0x".CopyTo(text);
        _ = value.TryFormat(text[2..], out int written, digits switch
        {
            2 => "x2",
            4 => "x4",
            8 => "x8",
            16 => "x16",
            _ => "x",
        }, CultureInfo.InvariantCulture);
        Json.WriteString(name, text[..(written + 2)]);
    }

    /// <summary>Ends the object and its line.</summary>
    public void End()
    {
        Json.WriteEndObject();
        Json.Flush();
        _line.Write("\n"u8);
        _console.ClearStatus();
        _console.Data.Write(_line.WrittenSpan);
        if (_console.IsOutputTerminal)
        {
            _console.Data.Flush();
        }

        _line.ResetWrittenCount();
        Json.Reset();
    }

    /// <inheritdoc/>
    public void Dispose() => Json.Dispose();
}
