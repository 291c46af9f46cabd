using System.Collections.Generic;
using System.Globalization;
using HvIntrospect.Samples.Shared;
using HvIntrospect.Watchpoints;

namespace HvIntrospect.Samples.WatchIpa;

/// <summary>Results for people: a line for each access, the guest's own lines in between, tables at the end.</summary>
internal sealed class TextReport : IReport
{
    private readonly ConsoleOutput _console;
    private bool _hasHeader;

    public TextReport(ConsoleOutput console)
    {
        _console = console;
    }

    public void OnAccess(in AccessRecord access)
    {
        if (!_hasHeader)
        {
            _hasHeader = true;
            WriteRow("#", "pc", "function", string.Empty, "ipa", "size", "old", "new", "instruction");
        }

        string digits = "x" + (access.Size * 2).ToString(CultureInfo.InvariantCulture);
        WriteRow(
            access.Sequence.ToString(CultureInfo.InvariantCulture),
            access.Pc.ToString(),
            PlaceOf(access),
            access.KindText,
            access.Ipa.ToString(),
            access.Size.ToString(CultureInfo.InvariantCulture),
            Value(access.Old, digits),
            access.Kind is WatchKinds.Read or WatchKinds.Execute ? string.Empty : Value(access.New, digits),
            access.Text);
    }

    public void OnGuestLine(string line) => _console.WriteLine("guest | " + line);

    public void OnNote(string note) => _console.WriteError("note | " + note);

    public void OnAbnormalEnd(string reason, IEnumerable<(string Name, string Value)> state) => _console.WriteTable(reason, state);

    public void OnSummary(in RunSummary summary) => _console.WriteTable("summary",
    [
        ("end", summary.End),
        ("accesses", Count(summary.Accesses)),
        ("exits", Count(summary.Exits)),
        ("emulated", Count(summary.Emulated)),
        ("stepped", Count(summary.Stepped)),
        ("guest instructions", Count(summary.Instructions)),
        ("seconds", summary.Seconds.ToString("F3", CultureInfo.InvariantCulture)),
        ("MIPS", summary.Mips.ToString("F1", CultureInfo.InvariantCulture)),
    ]);

    public void Dispose()
    {
    }

    private static string PlaceOf(in AccessRecord access) =>
        access.Function is null ? "?" : access.Offset == 0 ? access.Function : string.Create(CultureInfo.InvariantCulture, $"{access.Function}+0x{access.Offset:x}");

    private static string Value(ulong? value, string digits) => value?.ToString(digits, CultureInfo.InvariantCulture) ?? "?";

    private static string Count(ulong count) => count.ToString("N0", CultureInfo.InvariantCulture);

    private void WriteRow(string number, string pc, string function, string kind, string ipa, string size, string old, string after, string text) =>
        _console.WriteLine($"{number,6}  {pc,-12} {function,-24} {kind,-2} {ipa,-12} {size,4}  {old,16} {(after.Length == 0 ? "  " : "->")} {after,-16}  {text}");
}
