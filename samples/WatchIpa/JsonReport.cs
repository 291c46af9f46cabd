using System;
using System.Collections.Generic;
using HvIntrospect.Samples.Shared;

namespace HvIntrospect.Samples.WatchIpa;

/// <summary>Results for programs: one JSON object a line on standard output, and nothing else there.</summary>
internal sealed class JsonReport : IReport
{
    private readonly ConsoleOutput _console;
    private readonly JsonLines _lines;

    public JsonReport(ConsoleOutput console)
    {
        _console = console;
        _lines = new JsonLines(console);
    }

    public void OnAccess(in AccessRecord access)
    {
        _lines.Begin("access"u8);
        _lines.Json.WriteNumber("seq"u8, access.Sequence);
        _lines.Json.WriteNumber("vcpu"u8, access.Vcpu);
        _lines.WriteHex("pc"u8, access.Pc.Value);
        _lines.WriteHex("ipa"u8, access.Ipa.Value);
        _lines.WriteHex("va"u8, access.Va.Value);
        _lines.Json.WriteNumber("size"u8, access.Size);
        _lines.Json.WriteString("kind"u8, access.KindText);
        WriteValue("old"u8, access.Old, 2 * access.Size);
        WriteValue("new"u8, access.New, 2 * access.Size);
        _lines.Json.WriteString("function"u8, access.Function);
        _lines.Json.WriteString("text"u8, access.Text);
        _lines.End();
    }

    public void OnGuestLine(string line) => _console.WriteError("guest | " + line);

    public void OnNote(string note) => _console.WriteError("note | " + note);

    public void OnAbnormalEnd(string reason, IEnumerable<(string Name, string Value)> state) => _console.WriteTable(reason, state, toError: true);

    public void OnSummary(in RunSummary summary)
    {
        _lines.Begin("summary"u8);
        _lines.Json.WriteNumber("instructions"u8, summary.Instructions);
        _lines.Json.WriteNumber("exits"u8, summary.Exits);
        _lines.Json.WriteNumber("accesses"u8, summary.Accesses);
        _lines.Json.WriteNumber("emulated"u8, summary.Emulated);
        _lines.Json.WriteNumber("stepped"u8, summary.Stepped);
        _lines.Json.WriteNumber("seconds"u8, Math.Round(summary.Seconds, 6));
        _lines.Json.WriteNumber("mips"u8, Math.Round(summary.Mips, 3));
        _lines.Json.WriteString("end"u8, summary.End);
        _lines.End();
    }

    public void Dispose() => _lines.Dispose();

    private void WriteValue(ReadOnlySpan<byte> name, ulong? value, int digits)
    {
        if (value is ulong known)
        {
            _lines.WriteHex(name, known, digits);
        }
        else
        {
            _lines.Json.WriteNull(name);
        }
    }
}
