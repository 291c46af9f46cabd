using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text;
using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using HvIntrospect.Tests.Support;
using HvIntrospect.Tooling.Symbols;
using HvIntrospect.Tooling.Tracing;
using Xunit;

namespace HvIntrospect.Tests.Tracing;

/// <summary>What exporters write is read back by a JSON parser of others, and is what was recorded.</summary>
public sealed class CallExporterTests
{
    private const string Odd = "q\"b\\s\u0001\n\uD83D\uDE00\uD800é";
    private const string OddRead = "q\"b\\s\u0001\n\uD83D\uDE00\uFFFDé";

    private static readonly SymbolTable s_symbols = new(
    [
        new Symbol(Odd, new Va(0x1000), 4, SymbolKind.Function, SymbolBinding.Global),
        new Symbol("g", new Va(0x1FF8), 16, SymbolKind.Function, SymbolBinding.Global),
    ]);

    [Fact]
    public void TheChromeTraceOfAnyCallsHasThemAllNestedOnTheirTracks() => Prop.ForAll(CallStream.Any.ToArbitrary(), Gen.Choose(1, 5).ToArbitrary(), static (steps, threads) =>
    {
        const ulong Frequency = 3;
        var text = new StringWriter();
        var log = new CallLog();
        CallStream.Feed(new CallRecorder(new CallRecorderOptions { MaximumThreads = threads }, log, new ChromeTraceWriter(text, s_symbols, Frequency)), steps);
        using var document = JsonDocument.Parse(text.ToString());
        JsonElement[] events = [.. document.RootElement.EnumerateArray()];

        // Every event has a name, a phase and a process; slices have times and a thread that was named before.
        var named = new Dictionary<long, string>();
        var slices = new List<JsonElement>();
        foreach (JsonElement entry in events)
        {
            Assert.Equal(1, entry.GetProperty("pid").GetInt32());
            if (entry.GetProperty("ph").GetString() == "X")
            {
                Assert.Contains(entry.GetProperty("tid").GetInt64(), named.Keys);
                slices.Add(entry);
            }
            else if (entry.GetProperty("name").GetString() == "thread_name")
            {
                Assert.Equal("M", entry.GetProperty("ph").GetString());
                named.Add(entry.GetProperty("tid").GetInt64(), entry.GetProperty("args").GetProperty("name").GetString()!);
            }
        }

        Assert.Equal(log.Ended.Count, slices.Count);
        foreach ((CallRecord call, JsonElement slice) in log.Ended.Zip(slices))
        {
            Assert.Equal(NameOf(call), slice.GetProperty("name").GetString());
            Assert.Equal(call.ThreadNumber, slice.GetProperty("tid").GetInt64());
            Assert.Equal("thread 0x" + call.Entry.Thread.ToString("x"), named[call.ThreadNumber]);
            Assert.Equal(Nanoseconds(call.Entry.Time), 1000 * slice.GetProperty("ts").GetDecimal());
            Assert.Equal(Nanoseconds(call.EndTime) - Nanoseconds(call.Entry.Time), 1000 * slice.GetProperty("dur").GetDecimal());
            JsonElement arguments = slice.GetProperty("args");
            Assert.Equal("0x" + call.Entry.Arguments[0].ToString("x"), arguments.GetProperty("x0").GetString());
            Assert.Equal("0xffffffffffffffff", arguments.GetProperty("x7").GetString());
            Assert.Equal((call.Entry.Vcpu, call.EndVcpu), (arguments.GetProperty("vcpu").GetInt32(), arguments.GetProperty("endVcpu").GetInt32()));
            Assert.Equal(call.End == CallEnd.Returned, arguments.TryGetProperty("value", out _));
        }

        // On a track slices lie in one another or apart.
        foreach (IGrouping<long, CallRecord> track in log.Ended.GroupBy(static call => call.ThreadNumber))
        {
            (decimal Start, decimal End)[] spans = [.. track.Select(static call => (Nanoseconds(call.Entry.Time), Nanoseconds(call.EndTime)))];
            foreach ((decimal Start, decimal End) one in spans)
            {
                Assert.DoesNotContain(spans, other => one.Start < other.Start && other.Start < one.End && one.End < other.End);
            }
        }

        static decimal Nanoseconds(ulong ticks) => decimal.Floor((decimal)ticks * 1_000_000_000 / Frequency);
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(500));

    [Fact]
    public void EachLineIsACallAndTheLastOneTheStatistics() => Prop.ForAll(CallStream.Any.ToArbitrary(), static steps =>
    {
        var text = new StringWriter();
        var log = new CallLog();
        CallStream.Feed(new CallRecorder(null, log, new CallLineWriter(text, s_symbols)), steps);
        string[] lines = text.ToString().Split('\n');
        Assert.Equal(log.Ended.Count + 2, lines.Length);
        Assert.Equal(string.Empty, lines[^1]);
        foreach ((CallRecord call, string line) in log.Ended.Zip(lines))
        {
            using var document = JsonDocument.Parse(line);
            JsonElement read = document.RootElement;
            Assert.Equal("call", read.GetProperty("type").GetString());
            Assert.Equal((call.Id, call.ParentId, call.Depth), (read.GetProperty("id").GetInt64(), read.GetProperty("parent").GetInt64(), read.GetProperty("depth").GetInt32()));
            Assert.Equal((Hex(call.Entry.Thread), call.ThreadNumber), (read.GetProperty("thread").GetString(), read.GetProperty("threadNumber").GetInt64()));
            Assert.Equal((NameOf(call), call.Entry.Function.ToString()), (read.GetProperty("function").GetString(), read.GetProperty("address").GetString()));
            Assert.Equal((call.Entry.Vcpu, call.EndVcpu), (read.GetProperty("vcpu").GetInt32(), read.GetProperty("endVcpu").GetInt32()));
            Assert.Equal((call.Entry.Time, call.EndTime), (read.GetProperty("start").GetUInt64(), read.GetProperty("finish").GetUInt64()));
            Assert.Equal(call.End.ToString(), read.GetProperty("end").GetString(), ignoreCase: true);
            Assert.Equal(Enumerable.Range(0, 8).Select(i => Hex(call.Entry.Arguments[i])), read.GetProperty("arguments").EnumerateArray().Select(static value => value.GetString()));
            Assert.Equal(call.Entry.ReturnAddress.ToString(), read.GetProperty("caller").GetString());
            Assert.Equal(call.End == CallEnd.Returned ? Hex(call.ReturnValue) : null, read.TryGetProperty("value", out JsonElement value) ? value.GetString() : null);
        }

        using var end = JsonDocument.Parse(lines[^2]);
        Assert.Equal("end", end.RootElement.GetProperty("type").GetString());
        Assert.Equal(log.Final!.Value.Entries, end.RootElement.GetProperty("entries").GetInt64());
        Assert.Equal(log.Final.Value.UnmatchedReturns, end.RootElement.GetProperty("unmatchedReturns").GetInt64());
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(500));

    [Fact]
    public void TheTreeAddsUpWhatWasRecorded() => Prop.ForAll(CallStream.Any.ToArbitrary(), static steps =>
    {
        var text = new StringWriter();
        var log = new CallLog();
        var tree = new CallTree();
        CallStream.Feed(new CallRecorder(null, log, tree), steps);
        tree.WriteText(text, SymbolTable.Empty, 1_000_000);

        // One row a path of callers: calls, time, time without what was called.
        var expected = new Dictionary<string, (long Calls, ulong Total, ulong Inner)>();
        foreach (CallRecord call in log.Ended)
        {
            expected.TryGetValue(PathOf(call), out (long Calls, ulong Total, ulong Inner) sum);
            ulong inner = log.Ended.Where(other => other.ParentId == call.Id).Aggregate(0UL, static (total, other) => total + other.Duration);
            expected[PathOf(call)] = (sum.Calls + 1, sum.Total + call.Duration, sum.Inner + inner);
        }

        string[] lines = text.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var read = new Dictionary<string, (long Calls, ulong Total, ulong Inner)>();
        var path = new List<string>();
        foreach (string line in lines.Skip(1))
        {
            string function = line[42..];
            int depth = (function.Length - function.TrimStart().Length - 2) / 2;
            path.RemoveRange(depth, path.Count - depth);
            path.Add(function.Trim().Split(' ')[0]);
            ulong total = (ulong)decimal.Parse(line[14..28], CultureInfo.InvariantCulture);
            read.Add(string.Concat(path), (long.Parse(line[..14], CultureInfo.InvariantCulture), total, total - (ulong)decimal.Parse(line[28..42], CultureInfo.InvariantCulture)));
        }

        Assert.Equal(expected.OrderBy(static row => row.Key, StringComparer.Ordinal), read.OrderBy(static row => row.Key, StringComparer.Ordinal));

        string PathOf(CallRecord call) => (call.ParentId == 0 ? string.Empty : PathOf(log.Entered[(int)call.ParentId - 1])) + call.Entry.Function;
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(500));

    [Fact]
    public void TheTreeIsReadable()
    {
        var tree = new CallTree();
        var recorder = new CallRecorder(null, tree);
        for (ulong i = 0; i < 3; i++)
        {
            recorder.OnEntry(new CallEntry { Function = new Va(0x2000), StackPointer = 100, Time = 10 * i });
            recorder.OnEntry(new CallEntry { Function = new Va(0x3000), StackPointer = 90, Time = (10 * i) + 2, ReturnAddress = new Va(i) });
            recorder.OnReturn(new CallReturn { StackPointer = 90, Time = (10 * i) + 5, ReturnAddress = new Va(i) });
            recorder.OnReturn(new CallReturn { StackPointer = 100, Time = (10 * i) + 9 });
        }

        recorder.OnEntry(new CallEntry { Function = new Va(0x1000_0000), StackPointer = 100, Time = 1000 });
        recorder.OnEntry(new CallEntry { Function = new Va(0x3000), StackPointer = 100, Time = 2500, ReturnAddress = new Va(1) });
        recorder.Complete();
        var text = new StringWriter();
        tree.WriteText(text, s_symbols, 1000);
        Assert.Equal(
            """
                     calls      total us       self us  function
                         3     27000.000     18000.000  g+0x8
                         3      9000.000      9000.000    0x3000
                         1   1500000.000   1500000.000  0x10000000  unseen: 1
                         1         0.000         0.000  0x3000  unfinished: 1

            """,
            text.ToString());
    }

    [Fact]
    public void PathsAreBoundedAndDeepOnesAreNotIndentedWithoutEnd()
    {
        var tree = new CallTree(200);
        var recorder = new CallRecorder(null, tree);
        for (ulong depth = 0; depth < 300; depth++)
        {
            recorder.OnEntry(new CallEntry { Function = new Va(0x1000_0000), StackPointer = 1000 - depth, Time = depth });
        }

        recorder.Complete();
        var text = new StringWriter();
        tree.WriteText(text, s_symbols, 1);
        string[] lines = text.ToString().Split('\n');
        Assert.Equal(100, tree.Omitted);
        Assert.Equal("100 calls are on further paths", lines[201]);
        Assert.EndsWith(" [199] 0x10000000  unfinished: 1", lines[200], StringComparison.Ordinal);
        Assert.True(lines.Max(static line => line.Length) < 250);
    }

    [Theory]
    [InlineData(0, 1, "0.000")]
    [InlineData(1, 62_500_000, "0.016")]
    [InlineData(1, 1_000_000_000, "0.001")]
    [InlineData(62_500_001, 62_500_000, "1000000.016")]
    [InlineData(ulong.MaxValue, 1, "18446744073709551615000000.000")]
    [InlineData(ulong.MaxValue, 10_000_000_000, "1844674407370955.161")]
    public void TimesAreExactAndNeverOverflow(ulong ticks, ulong frequency, string expected)
    {
        CultureInfo before = CultureInfo.CurrentCulture;
        var other = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        other.NumberFormat.NumberDecimalSeparator = ",";
        CultureInfo.CurrentCulture = other;
        try
        {
            var text = new StringWriter();
            var recorder = new CallRecorder(null, new ChromeTraceWriter(text, s_symbols, frequency));
            recorder.OnEntry(new CallEntry { Time = ticks, Function = new Va(0x1000) });
            recorder.Complete();
            Assert.Contains($"\"ts\":{expected},\"dur\":0.000,", text.ToString(), StringComparison.Ordinal);
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Fact]
    public void WritersAreFlushedAndLeftOpen()
    {
        var stream = new MemoryStream();
        using var lines = new StreamWriter(stream, new UTF8Encoding(false));
        var recorder = new CallRecorder(null, new CallLineWriter(lines, s_symbols));
        recorder.OnEntry(new CallEntry { Function = new Va(0x1000) });
        recorder.Complete();
        Assert.EndsWith("\"forgottenThreads\":0}\n", Encoding.UTF8.GetString(stream.ToArray()), StringComparison.Ordinal);
        lines.Write("more");
    }

    [Fact]
    public void ExportersAllocateNothingForACall()
    {
        using var writer = new StreamWriter(Stream.Null);
        SymbolTable symbols = new([new Symbol("f", new Va(0x1000), 4, SymbolKind.Function, SymbolBinding.Global)]);
        var recorder = new CallRecorder(null, new ChromeTraceWriter(writer, symbols, 1000), new CallLineWriter(writer, symbols));
        Feed();
        Assert.Equal(0, Allocation.Of(Feed));

        void Feed()
        {
            for (ulong time = 0; time < 1000; time += 2)
            {
                recorder.OnEntry(new CallEntry { Function = new Va(0x1000), StackPointer = 100, Time = time });
                recorder.OnReturn(new CallReturn { StackPointer = 100, Time = time + 1 });
            }
        }
    }

    [Fact]
    public void MisuseIsNamed()
    {
        Assert.Throws<ArgumentNullException>("writer", static () => new CallLineWriter(null!, s_symbols));
        Assert.Throws<ArgumentNullException>("symbols", static () => new ChromeTraceWriter(TextWriter.Null, null!, 1));
        Assert.Throws<ArgumentOutOfRangeException>("ticksPerSecond", static () => new ChromeTraceWriter(TextWriter.Null, s_symbols, 0));
        Assert.Throws<ArgumentOutOfRangeException>("ticksPerSecond", static () => new CallTree().WriteText(TextWriter.Null, s_symbols, 10_000_000_001));
        Assert.Throws<ArgumentOutOfRangeException>("maximumPaths", static () => new CallTree(0));
    }

    private static string Hex(ulong value) => "0x" + value.ToString("x");

    private static string NameOf(CallRecord call) => call.Entry.Function.Value switch { 0x1000 => OddRead, 0x2000 => "g+0x8", ulong other => Hex(other) };
}
