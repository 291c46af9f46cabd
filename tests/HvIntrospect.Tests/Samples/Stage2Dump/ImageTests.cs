using System;
using System.IO;
using HvIntrospect.Tests.Support;
using Xunit;

namespace HvIntrospect.Tests.Samples.Stage2Dump;

/// <summary>Tables in an image of memory: what a description built comes back from it, and hostile images end.</summary>
public sealed class ImageTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("geometry ipa=40 pa=44 vmid=5\ntables 0x100000000 4M\nmap 0x40000000 256M 0x880000000 rwx wb inner\nprotect 0x40200000 4K --x")]
    [InlineData("geometry ipa=36 pa=40 granule=64K features=XNX,S2FWB\nmap 0 64K 0x80000 rwx(EL1) stage1\nmap 0x20000000 1G 0x40000000 rw- GRE")]
    [InlineData("geometry ipa=52 pa=52 granule=16K features=LPA2 start=0\ntables 0xffff0000000 2M\nmap 0xfffff00000000 64M 0xffffe00000000 r-x wb")]
    [InlineData("geometry ipa=47 pa=48 granule=16K\nmap 0x7ffffe000000 32M 0x2000000 rwx nc outer")]
    public void ADescriptionComesBackFromItsImage(string description)
    {
        string path = _folder.PathOf("tables.s2");
        string image = _folder.PathOf("tables.img");
        File.WriteAllText(path, description);
        Stage2DumpRun first = Stage2DumpRun.Of(path, "--save", image, "--json");
        Assert.Equal(0, first.ExitCode);
        string[] hint = Assert.Single(first.ErrorLines).Split(' ');
        int at = Array.IndexOf(hint, "--image");
        Assert.Equal("saved; to read it:", string.Join(' ', hint[..at]));
        string[] arguments = hint[at..];
        Assert.Equal((first.Output, string.Empty), Ran([.. arguments, "--json"]));
        Assert.True(new FileInfo(image).Length < 1 << 20);

        // Everything else is the same, too.
        Assert.Equal(Ran(path, "--geometry"), Ran([.. arguments, "--geometry"]));
        Assert.Equal(Ran(path, "--translate", "0x40200000"), Ran([.. arguments, "--translate", "0x40200000"]));
    }

    [Fact]
    public void AHostileImageEndsWithTheBudget()
    {
        // Each table is its own table.
        byte[] image = new byte[4096];
        for (int i = 0; i < image.Length; i += 8)
        {
            BitConverter.TryWriteBytes(image.AsSpan(i), 0x7FFUL | (1UL << 12));
        }

        string path = _folder.PathOf("hostile.img");
        File.WriteAllBytes(path, image);
        string[] arguments = ["--image", path, "--base", "0x1000", "--vttbr", "0x1000", "--vtcr", "0x80053590", "--parange", "48", "--budget", "1000"];
        Stage2DumpRun run = Stage2DumpRun.Of(arguments);
        Assert.Equal((1, string.Empty), (run.ExitCode, run.Error));
        Assert.Equal("the budget ended before 0x3e8000", run.OutputLines[^1]);
        Stage2DumpRun json = Stage2DumpRun.Of([.. arguments, "--json"]);
        Assert.Equal((1, "0x3e8000"), (json.ExitCode, json.Objects[^1].GetProperty("next").GetString()));
        Assert.Equal(1, Stage2DumpRun.Of([.. arguments, "--reverse", "0x1000"]).ExitCode);
        Assert.Equal(0, Stage2DumpRun.Of([.. arguments, "--translate", "0x1000"]).ExitCode);
    }

    [Fact]
    public void RandomImagesAndRegistersEnd()
    {
        var random = new Random(9);
        string path = _folder.PathOf("random.img");
        int read = 0;
        for (int i = 0; i < 150; i++)
        {
            byte[] image = new byte[random.Next(0x4000)];
            random.NextBytes(image);
            for (int j = 0; j + 8 <= image.Length; j += 8)
            {
                BitConverter.TryWriteBytes(image.AsSpan(j), ((ulong)random.Next(5) << 12) | 0x743UL);
            }

            File.WriteAllBytes(path, image);
            string vtcr = "0x" + (((ulong)random.NextInt64(1L << 34) & ~0x3FUL) | (uint)random.Next(12, 40)).ToString("x", System.Globalization.CultureInfo.InvariantCulture);
            Stage2DumpRun run = Stage2DumpRun.Of("--image", path, "--vttbr", "0x0", "--vtcr", vtcr, "--budget", "20000", "--features", "LPA2,XNX,TTST", "--parange", "52");
            Assert.InRange(run.ExitCode, 0, 2);
            read += run.ExitCode == 2 ? 0 : 1;
        }

        Assert.True(read > 5);
    }

    [Theory]
    [InlineData("neither a DESCRIPTION nor --image is given")]
    [InlineData("both a DESCRIPTION and --image are given", "x.s2", "--image", "x.img")]
    [InlineData("--image needs --vttbr and --vtcr", "--image", "x.img", "--vtcr", "1")]
    [InlineData("--vtcr is for --image: a description has its own geometry", "x.s2", "--vtcr", "1")]
    [InlineData("--fwb is for --image: a description has its own geometry", "x.s2", "--fwb")]
    [InlineData("--parange 41: not 32, 36, 40, 42, 44, 48 or 52", "--image", "x.img", "--vttbr", "0", "--vtcr", "1", "--parange", "41")]
    [InlineData("--vttbr q: not a decimal number, nor a hexadecimal one after 0x.", "--image", "x.img", "--vttbr", "q", "--vtcr", "1")]
    [InlineData("--features X: not names such as XNX,S2FWB,LPA2,HAFDBS,VMID16,TTST.", "--image", "x.img", "--features", "X")]
    [InlineData("--budget 0: not a number of walks of at least 1", "x.s2", "--budget", "0")]
    public void WrongOptionsAreNamed(string expected, params string[] arguments) => Stage2DumpRun.Of(arguments).AssertRefused(expected);

    [Fact]
    public void RegistersThatNoCoreWalksAreRefusedWithTheRule()
    {
        Stage2DumpRun run = Stage2DumpRun.Of("--image", "x.img", "--vttbr", "0", "--vtcr", "0x80000000");
        Assert.Equal(2, run.ExitCode);
        Assert.StartsWith("Stage2Dump: --vtcr 0x80000000: ", Assert.Single(run.ErrorLines), StringComparison.Ordinal);
    }

    [Fact]
    public void HelpStatesTheFormatAndTheExitCodes()
    {
        Stage2DumpRun run = Stage2DumpRun.Of("--help");
        Assert.Equal(0, run.ExitCode);
        Assert.Contains("Exit codes: 0 done; 1 the budget ended", run.Output, StringComparison.Ordinal);
        Assert.Contains("protect  IPA SIZE ACCESS", run.Output, StringComparison.Ordinal);
    }

    private static (string Output, string Error) Ran(params string[] arguments)
    {
        Stage2DumpRun run = Stage2DumpRun.Of(arguments);
        Assert.Equal(0, run.ExitCode);
        return (run.Output, run.Error);
    }
}
