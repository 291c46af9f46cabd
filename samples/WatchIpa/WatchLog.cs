using System;
using HvIntrospect.A64;
using HvIntrospect.Tooling.Symbols;
using HvIntrospect.Watchpoints;

namespace HvIntrospect.Samples.WatchIpa;

/// <summary>Receives what the watches see and reports each access once.</summary>
internal sealed class WatchLog
{
    private readonly SymbolTable _symbols;
    private readonly IReport _report;
    private long _lastSequence;

    public WatchLog(SymbolTable symbols, IReport report)
    {
        _symbols = symbols;
        _report = report;
    }

    /// <summary>Gets the number of accesses.</summary>
    public ulong Count { get; private set; }

    /// <summary>Takes an event of any watch.</summary>
    public WatchResponse OnAccess(in WatchEvent e)
    {
        // Watches may overlap: what several of them see is still one access.
        if (e.Sequence != _lastSequence)
        {
            _lastSequence = e.Sequence;
            Count++;
            bool isNamed = _symbols.TryResolve(e.Pc, out Symbol function, out ulong offset);
            _report.OnAccess(new AccessRecord(
                e.Sequence, e.Vcpu.Index, e.Pc, e.Ipa, e.Va, e.Size, e.Kind, Number(e.OldValue), Number(e.NewValue), isNamed ? function.Name : null, offset,
                A64Decoder.Default.Decode(e.Opcode).ToString()));
        }

        return WatchResponse.Continue;
    }

    private static ulong? Number(ReadOnlySpan<byte> bytes)
    {
        ulong value = 0;
        for (int index = bytes.Length - 1; index >= 0; index--)
        {
            value = value << 8 | bytes[index];
        }

        return bytes.IsEmpty ? null : value;
    }
}
