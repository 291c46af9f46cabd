using System;
using System.Collections.Generic;
using System.IO;
using System.IO.Compression;
using System.Linq;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using HvIntrospect.Tests.Support;
using Xunit;

namespace HvIntrospect.Tests.Samples.El2Replay;

/// <summary>What the sample does as a program. That its observations are right is held by the vectors' tests.</summary>
public sealed class ReplayTests
{
    // b .; and wfi
    private const string Endless = """{"id":"endless","env":"s1off","code":[{"pa":"0x48000000","u32":["14000000"]}],"init":{"pc":"0x80000000","spsr":"0x3c5","x":{},"sp_el0":"0x0","sp_el1":"0x0"},"steps":[{"do":"run"}],"on":["qemu-10.0.2/max"]}""";
    private const string Call = """{"id":"call","env":"s1off","code":[{"pa":"0x48000000","u32":["d2800143","d4000fe2"]}],"init":{"pc":"0x80000000","spsr":"0x3c5","x":{},"sp_el0":"0x0","sp_el1":"0x0"},"steps":[{"do":"run"},{"do":"sysr","reg":"TPIDR_EL0"},{"do":"at","op":"S1E1R","va":"0x80000000"},{"do":"memdiff"}],"on":["qemu-10.0.2/max"]}""";
    private static readonly string s_file = VectorFiles.Find("el2").First(static file => file.EndsWith("c.jsonl.gz", StringComparison.Ordinal));

    [Fact]
    public void EachCaseIsALine()
    {
        JsonElement[] cases = [.. VectorFiles.Read(s_file)];
        ReplayRun run = ReplayRun.Of(s_file);
        Assert.Equal(0, run.ExitCode);
        Assert.Empty(run.ErrorLines);
        Assert.Equal(cases.Select(static line => line.GetProperty("id").GetString()), run.Objects.Select(static line => line.GetProperty("id").GetString()));

        using var input = new MemoryStream(File.ReadAllBytes(s_file));
        Assert.Equal(run.Output, ReplayRun.OfInput(input).Output);
        using GZipStream text = new(File.OpenRead(s_file), CompressionMode.Decompress);
        Assert.Equal(run.Output, ReplayRun.OfInput(text, "-").Output);
    }

    [Fact]
    public void EachObservingStepIsAnObject()
    {
        JsonElement line = Assert.Single(ReplayRun.OfText(Call + "\n\n").Objects);
        Assert.Equal(
            """
            {"id":"call","steps":[{"do":"run","obs":{"vec":"0x400","esr":"0x5a00007f","elr":"0x80000008","spsr":"0x3c5","ec":"0x16","far":"unwritten","hpfar":"unwritten","x":{"3":"0xa"}}},{"do":"sysr","reg":"TPIDR_EL0","obs":"0x0"},{"do":"at","op":"S1E1R","va":"0x80000000","par":"0x80000b00"},{"do":"memdiff","obs":{}}]}
            """,
            line.GetRawText());
    }

    [Fact]
    public void ARunWithoutAnExceptionSaysHowItEnds()
    {
        Assert.Equal("limit", End(Endless));
        Assert.Equal("limit", End(Endless, "--limit", "1"));
        Assert.Equal("wait", End(Endless.Replace("14000000", "d503207f", StringComparison.Ordinal)));

        static string? End(string line, params string[] arguments) =>
            Assert.Single(ReplayRun.OfText(line, arguments).Objects).GetProperty("steps")[0].GetProperty("obs").GetProperty("end").GetString();
    }

    [Fact]
    public void WorldsComeFromTheLinesOrFromBesideTheFile()
    {
        const string World = """{"env":"own","sysregs":[["VBAR_EL1","0x48001000"],["CPTR_EL2","0x33ff"],["HCR_EL2","0x80001000"]],"mem":[["0x48000000","0xd4000fe2d4000fe2"]],"pattern":[["0x48010000",4]]}""";
        string own = Call.Replace("s1off", "own", StringComparison.Ordinal).Replace("0x80000000", "0x48000000", StringComparison.Ordinal);
        ReplayRun.OfText(own).AssertRefused("standard input, line 1: there is no world 'own'");
        ReplayRun inLine = ReplayRun.OfText(World + "\n" + own);
        Assert.Equal("0x48000008", inLine.Objects[0].GetProperty("steps")[0].GetProperty("obs").GetProperty("elr").GetString());

        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.PathOf("envs.jsonl"), World);
        string file = folder.PathOf("x.jsonl");
        File.WriteAllText(file, own);
        Assert.Equal(inLine.Output, ReplayRun.Of(file).Output);
    }

    [Theory]
    [InlineData("steps", "there is no step 'jump'", "{\"do\":\"run\"}", "{\"do\":\"jump\"}")]
    [InlineData("register", "step 1: there is no system register 'TPIDR_EL9'", "TPIDR_EL0", "TPIDR_EL9")]
    [InlineData("absent register", "step 1: the core does not implement ICC_PMR_EL1, or not for this access", "TPIDR_EL0", "ICC_PMR_EL1")]
    [InlineData("number", "'pc' is not a hexadecimal number of at most 0xffffffffffffffff", "\"pc\":\"0x80000000\"", "\"pc\":\"0x1g\"")]
    [InlineData("word", "'u32' is not a hexadecimal number of at most 0xffffffff", "d2800143", "1d2800143")]
    [InlineData("operation", "step 2: there is no AT 'S9'", "S1E1R", "S9")]
    [InlineData("core", "'on' names no known core", "/max", "/z80")]
    [InlineData("missing", "'init' is missing", "\"init\"", "\"tini\"")]
    [InlineData("general register", "there is no register x31", "\"x\":{}", "\"x\":{\"31\":\"0x0\"}")]
    public void ACaseThatCannotBeReplayedIsNamedAndTheOthersAreReplayed(string name, string why, string old, string wrong)
    {
        ReplayRun run = ReplayRun.OfText(Call.Replace(old, wrong, StringComparison.Ordinal) + "\n" + Call);
        string reason = name == "steps" ? "step 0: " + why : why;
        run.AssertRefused("standard input, line 1: " + reason);
        Assert.Equal(reason, run.Objects[0].GetProperty("error").GetString());
        Assert.Equal(4, run.Objects[1].GetProperty("steps").GetArrayLength());
    }

    [Fact]
    public void ALineThatIsNoCaseEndsTheProgram()
    {
        using var folder = new TemporaryFolder();
        string file = folder.PathOf("cases.jsonl");
        File.WriteAllText(file, Call + "\n{\"id\":");
        ReplayRun run = ReplayRun.Of(file);
        Assert.Equal(2, run.ExitCode);
        Assert.Single(run.OutputLines);
        Assert.StartsWith($"El2Replay: {file}, line 2: is no JSON object: ", Assert.Single(run.ErrorLines), StringComparison.Ordinal);
        File.Delete(file);
        ReplayRun.Of(file).AssertRefused($"{file}: there is no such file");
        ReplayRun.OfText("[]").AssertRefused("standard input, line 1: is neither a world nor a case with an 'id'");
        ReplayRun.OfText("{\"env\":\"x\",\"sysregs\":[1],\"mem\":[]}").AssertRefused("standard input, line 1: an item of 'sysregs' is not a list of 2");
        ReplayRun.Of("--limit", "0").AssertRefused("--limit 0: is not a number of instructions above 0.");
        ReplayRun gzip = ReplayRun.OfInput(new MemoryStream([0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3, 0xFF, 0xFF, 0xFF, 0xFF]));
        Assert.Equal(2, gzip.ExitCode);
        Assert.StartsWith("El2Replay: standard input: cannot be read: ", Assert.Single(gzip.ErrorLines), StringComparison.Ordinal);
        Assert.Contains("--limit", ReplayRun.Of("--help").Output, StringComparison.Ordinal);
    }

    [Fact]
    public void WhateverTheLinesSayNothingIsThrown()
    {
        // Any digits of the addresses, registers and words of a case are replaced by others.
        var random = new Random(20);
        string[] lines = [.. VectorFiles.Find("el2").Where(static file => !file.Contains("envs", StringComparison.Ordinal)).SelectMany(static file => VectorFiles.Read(file).Take(40)).Select(static line => line.GetRawText())];
        var text = new StringBuilder();
        foreach (string line in Enumerable.Repeat(lines, 6).SelectMany(static line => line))
        {
            char[] characters = line.ToCharArray();
            int[] digits = [.. Regex.Matches(line, "0x([0-9a-f]+)\"|\"([0-9a-f]{8})\"").SelectMany(static match => match.Groups.Values.Skip(1))
                .SelectMany(static group => Enumerable.Range(group.Index, group.Length))];
            for (int i = random.Next(1, 6); i > 0; i--)
            {
                characters[digits[random.Next(digits.Length)]] = "0123456789abcdef"[random.Next(16)];
            }

            text.Append(characters).Append('\n');
        }

        ReplayRun run = ReplayRun.OfText(text.ToString(), "--limit", "2000");
        Assert.True(run.ExitCode is 0 or 2, run.Error);
        Assert.Equal(6 * lines.Length, run.Objects.Count);
        Assert.True(run.Objects.Count(static line => !line.TryGetProperty("error", out _)) > 4 * lines.Length, run.Error);
    }
}
