using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text.Json;
using System.Threading;
using Xunit;

namespace HvIntrospect.Tests.Samples.WatchIpa;

/// <summary>The story of the guest inside the sample: one stray byte, and what the watch tells of it.</summary>
public sealed class InnerGuestTests
{
    private const ulong Instructions = 1_663_977;

    private static readonly string[] s_accessFields = ["type", "seq", "vcpu", "pc", "ipa", "va", "size", "kind", "old", "new", "function", "text"];
    private static readonly string[] s_summaryFields = ["type", "instructions", "exits", "accesses", "emulated", "stepped", "seconds", "mips", "end"];

    private static readonly Lazy<SampleRun> s_run = new(() => SampleRun.Of("--json"));

    [Fact]
    public void TheStrayWriteIsInTheLog()
    {
        SampleRun run = s_run.Value;
        Assert.Equal(0, run.ExitCode);
        JsonElement stray = Assert.Single(run.Accesses, access => Text(access, "function") == "log_message");
        Assert.Equal("w", Text(stray, "kind"));
        Assert.Equal(1, stray.GetProperty("size").GetInt32());
        Assert.Equal("0x08", Text(stray, "old"));
        Assert.Equal("0x00", Text(stray, "new"));
        Assert.Equal("strb wzr, [x19, x1]", Text(stray, "text"));
        Assert.Equal(Text(stray, "ipa"), Text(stray, "va"));

        // What the queue wrote just before is what the byte destroys.
        JsonElement before = run.Accesses[stray.GetProperty("seq").GetInt32() - 2];
        Assert.Equal("queue_put", Text(before, "function"));
        Assert.Equal("0x00000008", Text(before, "new"));
        Assert.Contains("guest | 96 samples produced, 88 consumed: 8 LOST", run.ErrorLines);
    }

    [Fact]
    public void EveryLineIsAnObjectOfTheDocumentedForm()
    {
        SampleRun run = s_run.Value;
        Assert.All(run.Accesses, access => Assert.Equal(s_accessFields, access.EnumerateObject().Select(field => field.Name)));
        Assert.All(run.Accesses, access => Assert.Equal("access", Text(access, "type")));
        Assert.Equal(Enumerable.Range(1, run.Accesses.Count), run.Accesses.Select(access => access.GetProperty("seq").GetInt32()));
        Assert.Equal(s_summaryFields, run.Summary.EnumerateObject().Select(field => field.Name));
        Assert.Equal("summary", Text(run.Summary, "type"));
        Assert.Equal("off", run.End);
        Assert.Equal(run.Accesses.Count, run.Summary.GetProperty("accesses").GetInt32());
        Assert.Equal(Instructions, run.Summary.GetProperty("instructions").GetUInt64());
        Assert.Equal(0, run.Summary.GetProperty("stepped").GetInt32());
        Assert.All(run.ErrorLines, line => Assert.StartsWith("guest | ", line, StringComparison.Ordinal));
    }

    [Fact]
    public void StageTwoAloneSeesTheSame()
    {
        SampleRun exits = SampleRun.Of("--json", "--no-inline");
        Assert.Equal(s_run.Value.OutputLines.SkipLast(1), exits.OutputLines.SkipLast(1));
        Assert.Equal(s_run.Value.Error, exits.Error);
        Assert.Equal(Instructions, exits.Summary.GetProperty("instructions").GetUInt64());
        Assert.True(exits.Summary.GetProperty("exits").GetUInt64() > s_run.Value.Summary.GetProperty("exits").GetUInt64());
    }

    [Fact]
    public void PeopleSeeTheStoryInOneStream()
    {
        SampleRun run = SampleRun.Of();
        Assert.Equal(0, run.ExitCode);
        Assert.Empty(run.Error);
        Assert.Contains(run.OutputLines, line => line.Contains("log_message+0x44", StringComparison.Ordinal) && line.Contains("08 -> 00", StringComparison.Ordinal));
        Assert.Contains("guest | 96 samples produced, 88 consumed: 8 LOST", run.OutputLines);
        Assert.Contains(run.OutputLines, line => line.Contains("1,663,977", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(1000)]
    [InlineData(200_001)]
    [InlineData(Instructions - 1)]
    public void TheLimitIsExact(ulong limit)
    {
        SampleRun run = SampleRun.Of("--json", "--limit", limit.ToString(CultureInfo.InvariantCulture));
        Assert.Equal(1, run.ExitCode);
        Assert.Equal("limit", run.End);
        Assert.Equal(limit, run.Summary.GetProperty("instructions").GetUInt64());
        Assert.Contains("PSTATE", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void TheLastInstructionIsWithinTheLimit()
    {
        SampleRun run = SampleRun.Of("--json", "--limit", Instructions.ToString(CultureInfo.InvariantCulture));
        Assert.Equal(0, run.ExitCode);
        Assert.Equal("off", run.End);
    }

    [Fact]
    public void ADeviceCanBeWatchedAndItsOldBytesAreNotKnown()
    {
        IReadOnlyList<JsonElement> accesses = SampleRun.Of("--json", "--watch", "0x09000000:1:w", "--watch", "0x09000fe0:32").Accesses;
        JsonElement first = accesses.First(access => Text(access, "kind") == "w");
        Assert.Equal(JsonValueKind.Null, first.GetProperty("old").ValueKind);
        Assert.Equal("0x00000077", Text(first, "new"));
        JsonElement[] identification = [.. accesses.Where(access => Text(access, "function") == "window_read_bytes")];
        Assert.Equal(8, identification.Length);
        Assert.Equal(["0x00000011", "0x00000010", "0x00000034"], identification.Take(3).Select(access => Text(access, "new")));
    }

    [Fact]
    public void ExecutedInstructionsAreSeen()
    {
        const int Limit = 20_000;
        SampleRun run = SampleRun.Of("--json", "--watch", "_start:8:x", "--limit", Limit.ToString(CultureInfo.InvariantCulture));
        Assert.Equal(2, run.Accesses.Count);
        Assert.All(run.Accesses, access => Assert.Equal(("x", "_start", 4), (Text(access, "kind"), Text(access, "function"), access.GetProperty("size").GetInt32())));
        Assert.All(run.Accesses, access => Assert.Equal((Text(access, "pc"), Text(access, "old")), (Text(access, "ipa"), Text(access, "new"))));
        Assert.Equal("limit", run.End);
        Assert.Equal(Limit, run.Summary.GetProperty("instructions").GetInt32());
    }

    [Fact]
    public void WatchesThatOverlapTellOfOneAccessOnce()
    {
        SampleRun run = SampleRun.Of("--json", "--watch", "queue_head", "--watch", "queue_head:1:w", "--watch", "queue_head:r");
        Assert.Equal(s_run.Value.OutputLines.SkipLast(1), run.OutputLines.SkipLast(1));
    }

    [Fact]
    public void CountsDoNotDependOnWhatIsWatched()
    {
        // The guest's translation tables are in memory too: accesses of its table walks are stepped.
        SampleRun run = SampleRun.Of("--json", "--watch", "0x40000000:8M:r");
        Assert.Equal(0, run.ExitCode);
        Assert.NotEqual(0, run.Summary.GetProperty("stepped").GetInt32());
        Assert.Equal(Instructions, run.Summary.GetProperty("instructions").GetUInt64());
    }

    [Fact]
    public void AStoppedRunReportsItsState()
    {
        SampleRun run = SampleRun.Of(new CancellationToken(canceled: true), "--json");
        Assert.Equal(1, run.ExitCode);
        Assert.Equal("interrupted", run.End);
        Assert.Contains("0x40000000 _start", run.Error, StringComparison.Ordinal);
    }

    private static string? Text(JsonElement element, string field) => element.GetProperty(field).GetString();
}
