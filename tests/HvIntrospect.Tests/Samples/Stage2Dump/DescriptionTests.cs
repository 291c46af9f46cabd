using System.Globalization;
using System.IO;
using System.Linq;
using HvIntrospect.Tests.Support;
using Xunit;

namespace HvIntrospect.Tests.Samples.Stage2Dump;

/// <summary>Tables from a description: what is printed, what questions answer, and where a description is wrong.</summary>
public sealed class DescriptionTests : System.IDisposable
{
    private static readonly string s_example = RepositoryFiles.PathOf("samples/Stage2Dump/example.s2");

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void TheExampleIsPrintedAsRanges()
    {
        Stage2DumpRun run = Stage2DumpRun.Of(s_example);
        Assert.Equal(string.Empty, run.Error);
        Assert.Equal(0, run.ExitCode);
        Assert.Equal(
            [
                "0x0000009000000..0000009000fff  0x000001c090000        4K  1 x 4K            rw-     DeviceNGnRE        -",
                "0x0000040000000..00000401fffff  0x0000880000000        2M  1 x 2M            rwx     NormalWriteBack    InnerShareable",
                "0x0000040200000..0000040200fff  0x0000880200000        4K  1 x 4K            --x     NormalWriteBack    InnerShareable",
                "0x0000040201000..000004fefffff  0x0000880201000   259068K  892 x 4K..2M      rwx     NormalWriteBack    InnerShareable",
            ],
            run.OutputLines);
    }

    [Fact]
    public void JsonHoldsTheSame()
    {
        Stage2DumpRun run = Stage2DumpRun.Of(s_example, "--json");
        Assert.Equal(["range", "range", "range", "range", "end"], run.Objects.Select(line => line.GetProperty("type").GetString()!));
        Assert.Equal(
            """{"type":"range","ipa":"0x40200000","size":"0x1000","pa":"0x880200000","access":"--x","memory":"NormalWriteBack","shareability":"InnerShareable","accessFlag":true,"dirtyBitModifier":false,"marked":false,"descriptors":1,"contiguous":0,"smallest":"0x1000","largest":"0x1000"}""",
            run.OutputLines[2]);
        Assert.True(run.Objects[4].GetProperty("complete").GetBoolean());
    }

    [Fact]
    public void AWalkIsToldByItsDescriptors()
    {
        Stage2DumpRun run = Stage2DumpRun.Of(s_example, "--translate", "0x40200123", "--translate", "0x1234");
        Assert.Equal(0, run.ExitCode);
        Assert.Equal(7, run.OutputLines.Length);
        Assert.Matches("^level  1  0x100000008  0x00000001000[0-9a-f]{4}3$", run.OutputLines[0]);
        Assert.Matches("^level  3  0x1000[0-9a-f]{5}  0x00000008802007[0-9a-f]{2}$", run.OutputLines[2]);
        Assert.Equal("0x40200123 -> 0x880200123 (level 3, --x NormalWriteBack InnerShareable)", run.OutputLines[3]);
        Assert.StartsWith("0x1234 -> fault: Translation, level", Stage2DumpRun.Of(s_example, "--translate", "0x1234").OutputLines[^1], System.StringComparison.Ordinal);
    }

    [Fact]
    public void AReverseLookUpNamesEveryIpa()
    {
        string path = Write("geometry ipa=32 pa=40\nmap 0x1000 4K 0x5000 rwx wb\nmap 0x200000 2M 0 r-- nc\n");
        Assert.Equal(
            ["0x5123 <- 0x1123  rwx NormalWriteBack InnerShareable", "0x5123 <- 0x205123  r-- NormalNonCacheable InnerShareable"],
            Stage2DumpRun.Of(path, "--reverse", "0x5123").OutputLines);
        Assert.Equal(["0xffff000 <- nothing"], Stage2DumpRun.Of(path, "--reverse", "0xffff000").OutputLines);
        Stage2DumpRun json = Stage2DumpRun.Of(path, "--reverse", "0x5123", "--json", "--translate", "0x1000");
        Assert.Equal(["translation", "alias", "alias", "aliases"], json.Objects.Select(line => line.GetProperty("type").GetString()!));
        Assert.Equal("0x205123", json.Objects[2].GetProperty("ipa").GetString());
        Assert.Equal((2, true), (json.Objects[3].GetProperty("count").GetInt32(), json.Objects[3].GetProperty("complete").GetBoolean()));
    }

    [Fact]
    public void TheGeometryIsATableOfFacts()
    {
        Stage2DumpRun run = Stage2DumpRun.Of(s_example, "--geometry");
        Assert.Contains("40 bits", run.Output, System.StringComparison.Ordinal);
        Assert.Contains("2, 8K at 0x100000000", run.Output, System.StringComparison.Ordinal);
        Stage2DumpRun json = Stage2DumpRun.Of(s_example, "--geometry", "--json");
        Assert.Equal("1 to 3", Assert.Single(json.Objects).GetProperty("levels").GetString());
    }

    [Theory]
    [InlineData("4K", 12)]
    [InlineData("16K", 14)]
    [InlineData("64K", 16)]
    public void EveryGranuleIsBuilt(string granule, int sizeLog2)
    {
        string path = Write($"geometry ipa=36 pa=40 granule={granule} vmid=200\nmap 0x100000 {granule} 0x200000 rwx wb outer\n");
        Assert.Equal("0x" + (1 << sizeLog2).ToString("x", CultureInfo.InvariantCulture), Stage2DumpRun.Of(path, "--json").Objects[0].GetProperty("size").GetString());
    }

    [Fact]
    public void FeaturesChangeWhatCanBeSaid()
    {
        string path = Write("geometry ipa=36 pa=40 features=XNX,S2FWB\nmap 0 4K 0 r-x(EL0) stage1\nmap 0x1000 4K 0x9000 rwx wb none\n");
        Assert.Equal(["r-x(EL0)", "rwx"], Stage2DumpRun.Of(path, "--json").Objects.Take(2).Select(line => line.GetProperty("access").GetString()!));
    }

    [Theory]
    [InlineData("", "line 1, column 1: a 'geometry' line comes before this")]
    [InlineData("map 0 4K 0 rwx wb", "line 1, column 1: a 'geometry' line comes before this")]
    [InlineData("geometry ipa=32", "line 1, column 16: pa= is missing")]
    [InlineData("geometry ipa=32 pa=4x", "line 1, column 17: 'pa=4x' is not a number up to 64")]
    [InlineData("geometry ipa=32 size=4", "line 1, column 17: 'size=4' is none of ipa=, pa=, granule=, start=, features= and vmid=")]
    [InlineData("geometry ipa=32 pa=40 granule=8K", "line 1, column 23: '8K' is none of 4K, 16K and 64K")]
    [InlineData("geometry ipa=32 pa=40 features=FWB2", "line 1, column 23: 'FWB2' is not names such as XNX,S2FWB,LPA2,HAFDBS,VMID16,TTST")]
    [InlineData("geometry ipa=32 pa=41", "line 1, column 1: The physical address size is 32, 36, 40, 42, 44, 48 or 52 bits.")]
    [InlineData("geometry ipa=32 pa=40\ngeometry ipa=32 pa=40", "line 2, column 1: 'geometry' comes too late: once, and before what is mapped")]
    [InlineData("\n\ttables 1 4M", "line 2, column 9: '1' is not a multiple of 64K")]
    [InlineData("tables 0 1G", "line 1, column 10: '1G' is not a multiple of 64K up to 256M")]
    [InlineData("geometry ipa=32 pa=40\nremap 0", "line 2, column 1: 'remap' is none of geometry, tables, map, protect and unmap")]
    [InlineData("geometry ipa=32 pa=40\nmap 0 4K 0 rwq wb", "line 2, column 12: 'rwq' is no access: rwx with - for what is not permitted; x(EL0) or x(EL1) for one level")]
    [InlineData("geometry ipa=32 pa=40\nmap 0 4K 0 rwx fast", "line 2, column 16: 'fast' is none of wb, wt, nc, stage1, nGnRnE, nGnRE, nGRE, GRE")]
    [InlineData("geometry ipa=32 pa=40\nmap 0 4K 0 rwx wb inner more", "line 2, column 25: 'more' is more than belongs here")]
    [InlineData("geometry ipa=32 pa=40\nmap 0 4K # 0", "line 2, column 10: physical address is missing")]
    [InlineData("geometry ipa=32 pa=40\nmap 0 0 0 rwx wb", "line 2, column 7: '0' is no size above 0, such as 64M or 0x1000")]
    [InlineData("geometry ipa=32 pa=40\nprotect 0 4K rwx(EL1)", "line 2, column 1: Execution at one Exception level alone needs FEAT_XNX, which the geometry does not have.")]
    [InlineData("geometry ipa=32 pa=40\nunmap 0xffffffffffffffff 2", "line 2, column 26: '2' passes the end of all addresses")]
    public void WhatIsWrongIsNamedWithLineAndColumn(string text, string expected)
    {
        string path = Write(text);
        Stage2DumpRun.Of(path).AssertRefused(path + ", " + expected);
    }

    [Theory]
    [InlineData("map 0x800 4K 0 rwx wb")]
    [InlineData("map 0 4K 0x10000000000 rwx wb")]
    [InlineData("map 0 4K 0 rwx wb\nmap 0 4K 0 rwx wb")]
    [InlineData("map 0 4K 0 rwx(EL0) wb")]
    [InlineData("map 0x100000000 4K 0 rwx wb")]
    [InlineData("unmap 0 2048")]
    public void WhatTheLibraryRefusesIsNamedWithItsLine(string text)
    {
        string path = Write("geometry ipa=32 pa=40\n" + text);
        Stage2DumpRun run = Stage2DumpRun.Of(path);
        int line = 1 + text.Split('\n').Length;
        Assert.Equal(2, run.ExitCode);
        Assert.StartsWith(string.Create(CultureInfo.InvariantCulture, $"Stage2Dump: {path}, line {line}, column 1: "), Assert.Single(run.ErrorLines), System.StringComparison.Ordinal);
        Assert.DoesNotContain("Parameter", run.Error, System.StringComparison.Ordinal);
    }

    [Fact]
    public void FullTablesAreNamedWithTheLine()
    {
        string path = Write("geometry ipa=32 pa=40\ntables 0 64K\nmap 0 1G 0 rwx wb\nmap 0x80001000 1020M 0 rwx wb\n");
        Stage2DumpRun.Of(path).AssertRefused(path + ", line 4, column 1: There are not enough pages for the translation tables.");
    }

    [Fact]
    public void AnyBytesEndInALine()
    {
        var random = new System.Random(3);
        byte[] example = File.ReadAllBytes(s_example);
        for (int i = 0; i < 300; i++)
        {
            byte[] bytes = (byte[])example.Clone();
            for (int j = random.Next(8); j >= 0; j--)
            {
                bytes[random.Next(bytes.Length)] = (byte)(random.Next(3) == 0 ? random.Next(256) : "0123456789abcdefKMGx=-rw \n"[random.Next(26)]);
            }

            string path = _folder.PathOf("any.s2");
            File.WriteAllBytes(path, bytes);
            Stage2DumpRun run = Stage2DumpRun.Of(path, "--budget", "100000");
            Assert.InRange(run.ExitCode, 0, 2);
            Assert.Equal(run.ExitCode == 2 ? 1 : 0, run.ErrorLines.Length);
        }
    }

    private string Write(string text)
    {
        string path = _folder.PathOf("tables.s2");
        File.WriteAllText(path, text);
        return path;
    }
}
