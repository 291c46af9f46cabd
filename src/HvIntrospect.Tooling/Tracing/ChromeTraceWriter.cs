using System;
using System.IO;
using HvIntrospect.Tooling.Symbols;

namespace HvIntrospect.Tooling.Tracing;

/// <summary>Writes calls in Chrome's trace event format, which ui.perfetto.dev and chrome://tracing show: a track for each guest thread, a slice for each call.</summary>
/// <remarks>
/// <para>An array of complete events ("ph":"X") with times in microseconds, each written when its call ends; names of threads are metadata events ("M"). Registers are hexadecimal
/// strings in "args", with the vCPU at entry and end and how the call ended. A file that was cut off can still be opened: the format lets the closing bracket be absent.</para>
/// <para>Memory is bounded. Not thread-safe. The writer is flushed at the end and not disposed; give it UTF-8 without a byte order mark. Its exceptions pass through.</para>
/// </remarks>
public sealed class ChromeTraceWriter : ICallObserver
{
    private readonly TextWriter _writer;
    private readonly SymbolTable _symbols;
    private readonly ulong _frequency;
    private readonly TextBuffer _text = new();
    private long _lastNamed;

    /// <summary>Makes a writer and writes the beginning.</summary>
    /// <param name="writer">Receives the text.</param>
    /// <param name="symbols">The names of functions; those without a name are written as addresses.</param>
    /// <param name="ticksPerSecond">The unit of <see cref="CallEntry.Time"/>, 1 to 10,000,000,000, for example CNTFRQ_EL0.</param>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="ticksPerSecond"/> is out of range.</exception>
    public ChromeTraceWriter(TextWriter writer, SymbolTable symbols, ulong ticksPerSecond)
    {
        _writer = writer ?? throw new ArgumentNullException(nameof(writer));
        _symbols = symbols ?? throw new ArgumentNullException(nameof(symbols));
        _frequency = GuestTime.Check(ticksPerSecond, nameof(ticksPerSecond));
        _text.Add("[\n{\"name\":\"process_name\",\"ph\":\"M\",\"pid\":1,\"args\":{\"name\":\"guest\"}}");
        _text.MoveTo(_writer);
    }

    /// <inheritdoc/>
    public void OnEntry(in CallRecord call)
    {
        // Threads are numbered in the order of their first calls.
        if (call.ThreadNumber <= _lastNamed)
        {
            return;
        }

        _lastNamed = call.ThreadNumber;
        Begin("thread_name", "M", call.ThreadNumber);
        _text.Add(",\"args\":{\"name\":\"thread ");
        _text.AddHex(call.Entry.Thread);
        _text.Add("\"}}");
        _text.MoveTo(_writer);
    }

    /// <inheritdoc/>
    public void OnEnd(in CallRecord call)
    {
        CallEntry entry = call.Entry;
        var start = new GuestTime(entry.Time, _frequency);
        Begin(null, "X", call.ThreadNumber, entry.Function);
        _text.Add(",\"cat\":\"function\",\"ts\":");
        start.AddTo(_text);
        _text.Add(",\"dur\":");
        new GuestTime(call.EndTime, _frequency).Since(start).AddTo(_text);
        _text.Add(",\"args\":{\"end\":\"");
        _text.Add(CallText.NameOf(call.End));
        _text.Add('"');
        _text.AddMember("vcpu", entry.Vcpu);
        _text.AddMember("endVcpu", call.EndVcpu);
        for (int i = 0; i < CallArguments.Count; i++)
        {
            _text.AddHexMember(CallText.NameOfArgument(i), entry.Arguments[i]);
        }

        _text.AddHexMember("caller", entry.ReturnAddress.Value);
        if (call.End == CallEnd.Returned)
        {
            _text.AddHexMember("value", call.ReturnValue);
        }

        _text.Add("}}");
        _text.MoveTo(_writer);
    }

    /// <inheritdoc/>
    public void OnComplete(in CallStatistics statistics)
    {
        _writer.Write("\n]\n");
        _writer.Flush();
    }

    private void Begin(string? name, string phase, long thread, Va function = default)
    {
        _text.Add(",\n{\"name\":\"");
        if (name is null)
        {
            _text.AddFunction(_symbols, function);
        }
        else
        {
            _text.Add(name);
        }

        _text.Add("\",\"ph\":\"");
        _text.Add(phase);
        _text.Add("\",\"pid\":1");
        _text.AddMember("tid", thread);
    }
}
