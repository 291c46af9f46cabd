using System;
using System.Buffers;
using System.Collections.Generic;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using HvIntrospect.Samples.Shared;

namespace HvIntrospect.Samples.WatchIpa;

/// <summary>Results for programs: one JSON object a line on standard output, and nothing else there.</summary>
/// <remarks>Addresses and values are hexadecimal strings, because JSON's readers may hold numbers in doubles.</remarks>
internal sealed class JsonReport : IReport
{
    private readonly ConsoleOutput _console;
    private readonly ArrayBufferWriter<byte> _line = new(0x400);
    private readonly Utf8JsonWriter _json;

    public JsonReport(ConsoleOutput console)
    {
        _console = console;

        // The lines are data for programs, never part of a web page: names such as main+0x10 stay readable.
        _json = new Utf8JsonWriter(_line, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
    }

    public void OnAccess(in AccessRecord access)
    {
        _json.WriteStartObject();
        _json.WriteString("type"u8, "access"u8);
        _json.WriteNumber("seq"u8, access.Sequence);
        _json.WriteNumber("vcpu"u8, access.Vcpu);
        WriteHex("pc"u8, access.Pc.Value, 1);
        WriteHex("ipa"u8, access.Ipa.Value, 1);
        WriteHex("va"u8, access.Va.Value, 1);
        _json.WriteNumber("size"u8, access.Size);
        _json.WriteString("kind"u8, access.KindText);
        WriteValue("old"u8, access.Old, 2 * access.Size);
        WriteValue("new"u8, access.New, 2 * access.Size);
        _json.WriteString("function"u8, access.Function);
        _json.WriteString("text"u8, access.Text);
        EndLine();
    }

    public void OnGuestLine(string line) => _console.WriteError("guest | " + line);

    public void OnNote(string note) => _console.WriteError("note | " + note);

    public void OnAbnormalEnd(string reason, IEnumerable<(string Name, string Value)> state) => _console.WriteTable(reason, state, toError: true);

    public void OnSummary(in RunSummary summary)
    {
        _json.WriteStartObject();
        _json.WriteString("type"u8, "summary"u8);
        _json.WriteNumber("instructions"u8, summary.Instructions);
        _json.WriteNumber("exits"u8, summary.Exits);
        _json.WriteNumber("accesses"u8, summary.Accesses);
        _json.WriteNumber("emulated"u8, summary.Emulated);
        _json.WriteNumber("stepped"u8, summary.Stepped);
        _json.WriteNumber("seconds"u8, Math.Round(summary.Seconds, 6));
        _json.WriteNumber("mips"u8, Math.Round(summary.Mips, 3));
        _json.WriteString("end"u8, summary.End);
        EndLine();
    }

    public void Dispose() => _json.Dispose();

    private void WriteValue(ReadOnlySpan<byte> name, ulong? value, int digits)
    {
        if (value is ulong known)
        {
            WriteHex(name, known, digits);
        }
        else
        {
            _json.WriteNull(name);
        }
    }

    private void WriteHex(ReadOnlySpan<byte> name, ulong value, int digits)
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
        _json.WriteString(name, text[..(written + 2)]);
    }

    private void EndLine()
    {
        _json.WriteEndObject();
        _json.Flush();
        _line.Write("\n"u8);
        _console.ClearStatus();
        _console.Data.Write(_line.WrittenSpan);
        if (_console.IsOutputTerminal)
        {
            _console.Data.Flush();
        }

        _line.ResetWrittenCount();
        _json.Reset();
    }
}
