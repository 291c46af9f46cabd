using System;
using System.IO;
using HvIntrospect.Tooling.Symbols;

namespace HvIntrospect.Tooling.Tracing;

/// <summary>Writes each call that ends as one JSON object a line (<c>{"type":"call",…}</c>), and last what was seen in all (<c>{"type":"end",…}</c>).</summary>
/// <remarks>
/// <para>Registers, addresses and keys of threads are hexadecimal strings, because readers may hold numbers in doubles; ids, vCPUs and times are numbers, times in the guest's ticks of
/// up to 64 bits. "value" is there only where "end" is "returned". An inner call comes before the one around it; "id" is in the order of entries.</para>
/// <para>Memory is bounded. Not thread-safe. The writer is flushed at the end and not disposed; give it UTF-8 without a byte order mark. Its exceptions pass through.</para>
/// </remarks>
public sealed class CallLineWriter : ICallObserver
{
    private readonly TextWriter _writer;
    private readonly SymbolTable _symbols;
    private readonly TextBuffer _text = new();

    /// <summary>Makes a writer.</summary>
    /// <param name="writer">Receives the lines.</param>
    /// <param name="symbols">The names of functions; those without a name are written as addresses.</param>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    public CallLineWriter(TextWriter writer, SymbolTable symbols)
    {
        _writer = writer ?? throw new ArgumentNullException(nameof(writer));
        _symbols = symbols ?? throw new ArgumentNullException(nameof(symbols));
    }

    /// <inheritdoc/>
    public void OnEntry(in CallRecord call)
    {
    }

    /// <inheritdoc/>
    public void OnEnd(in CallRecord call)
    {
        CallEntry entry = call.Entry;
        _text.Add("{\"type\":\"call\"");
        _text.AddMember("id", call.Id);
        _text.AddMember("parent", call.ParentId);
        _text.AddMember("depth", call.Depth);
        _text.AddHexMember("thread", entry.Thread);
        _text.AddMember("threadNumber", call.ThreadNumber);
        _text.Add(",\"function\":\"");
        _text.AddFunction(_symbols, entry.Function);
        _text.Add('"');
        _text.AddHexMember("address", entry.Function.Value);
        _text.AddMember("vcpu", entry.Vcpu);
        _text.AddMember("endVcpu", call.EndVcpu);
        _text.Add(",\"start\":");
        _text.AddDecimal(entry.Time);
        _text.Add(",\"finish\":");
        _text.AddDecimal(call.EndTime);
        _text.Add(",\"end\":\"");
        _text.Add(CallText.NameOf(call.End));
        _text.Add("\",\"arguments\":[");
        for (int i = 0; i < CallArguments.Count; i++)
        {
            _text.Add(i == 0 ? "\"" : ",\"");
            _text.AddHex(entry.Arguments[i]);
            _text.Add('"');
        }

        _text.Add(']');
        _text.AddHexMember("caller", entry.ReturnAddress.Value);
        if (call.End == CallEnd.Returned)
        {
            _text.AddHexMember("value", call.ReturnValue);
        }

        _text.Add("}\n");
        _text.MoveTo(_writer);
    }

    /// <inheritdoc/>
    public void OnComplete(in CallStatistics statistics)
    {
        _text.Add("{\"type\":\"end\"");
        _text.AddMember("entries", statistics.Entries);
        _text.AddMember("reported", statistics.Reported);
        _text.AddMember("filtered", statistics.Filtered);
        _text.AddMember("tooDeep", statistics.TooDeep);
        _text.AddMember("returns", statistics.Returns);
        _text.AddMember("unmatchedReturns", statistics.UnmatchedReturns);
        _text.AddMember("unseen", statistics.Unseen);
        _text.AddMember("forgottenThreads", statistics.ForgottenThreads);
        _text.Add("}\n");
        _text.MoveTo(_writer);
        _writer.Flush();
    }
}
