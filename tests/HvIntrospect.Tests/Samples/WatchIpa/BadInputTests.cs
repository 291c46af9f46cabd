using System;
using System.Buffers.Binary;
using System.IO;
using HvIntrospect.Tests.Loading;
using HvIntrospect.Tests.Support;
using Xunit;

namespace HvIntrospect.Tests.Samples.WatchIpa;

/// <summary>What cannot be used ends with one line on standard error that says what and where, exit code 2 and nothing on standard output.</summary>
public sealed class BadInputTests
{
    [Theory]
    [InlineData("Unrecognized command or argument 'more'.", "more")]
    [InlineData("Required argument missing for option: '--watch'.", "--watch")]
    [InlineData("Option '--memory' expects a single argument but 2 were provided.", "--memory", "64M", "--memory", "32M")]
    [InlineData("--memory 64X: not a size, such as 64M or 0x4000000.", "--memory", "64X")]
    [InlineData("--memory 0: not a multiple of 4K up to 1G.", "--memory", "0")]
    [InlineData("--memory 6000: not a multiple of 4K up to 1G.", "--memory", "6000")]
    [InlineData("--memory 2G: not a multiple of 4K up to 1G.", "--memory", "2G")]
    [InlineData("--limit none: not a number of instructions of at least 1.", "--limit", "none")]
    [InlineData("--limit 0: not a number of instructions of at least 1.", "--limit", "0")]
    [InlineData("--watch a:4:q: 'q' is not r, w, x, rw or rwx; it is ADDR|SYMBOL[:LEN][:r|w|x|rw|rwx].", "--watch", "queue_head", "--watch", "a:4:q")]
    [InlineData("--watch nothing: default.elf has no symbol 'nothing'", "--watch", "nothing")]
    [InlineData("--watch 0x1000: 0x8 bytes from 0x1000 are not all in guest memory (0x40000000 to 0x43ffffff) or in the UART (0x9000000 to 0x9000fff)", "--watch", "0x1000")]
    [InlineData("--watch 0x43fffffc:5: 0x5 bytes from 0x43fffffc are not all in guest memory (0x40000000 to 0x43ffffff) or in the UART (0x9000000 to 0x9000fff)", "--watch", "0x43fffffc:5")]
    [InlineData("--watch 0xffffffffffffffff:2: 0x2 bytes from 0xffffffffffffffff are not all in guest memory (0x40000000 to 0x43ffffff) or in the UART (0x9000000 to 0x9000fff)", "--watch", "0xffffffffffffffff:2")]
    [InlineData("--watch 0x9000ffc:5: 0x5 bytes from 0x9000ffc are not all in guest memory (0x40000000 to 0x43ffffff) or in the UART (0x9000000 to 0x9000fff)", "--watch", "0x9000ffc:5")]
    [InlineData("--guest needs at least one --watch ADDR|SYMBOL[:LEN][:r|w|x|rw|rwx]: what to watch in a.elf is not known.", "--guest", "a.elf")]
    [InlineData("the name of a file is empty", "--guest", "", "--watch", "a")]
    [InlineData("/does/not/exist.elf: there is no such file", "--guest", "/does/not/exist.elf", "--watch", "a")]
    [InlineData("default.elf: segment 3 (0x40200000 to 0x402005ff) leaves memory, which is 0x40000000 to 0x401fffff (at file offset 0xe8)", "--memory", "2M")]
    public void ArgumentsThatDoNotFitAreNamed(string expected, params string[] arguments) => AssertRefused(expected, arguments);

    [Fact]
    public void AFileThatIsNoGuestIsNamedWithWhatIsWrong()
    {
        using var folder = new TemporaryFolder();
        string path = folder.PathOf("guest.elf");

        Assert.Equal("not an ELF file: it does not begin with 7f 45 4c 46 (at file offset 0x0)", Refusal("hello"u8.ToArray()));
        Assert.Equal("the file ends within its header: 0 of 64 bytes (at file offset 0x0)", Refusal([]));
        Assert.Equal("a 32-bit ELF file; only 64-bit ones can run (at file offset 0x4)", Refusal(Station(4, 1)));
        Assert.Equal("a big-endian ELF file; only little-endian ones can run (at file offset 0x5)", Refusal(Station(5, 2)));
        Assert.Equal("the file is for machine 62 (x86-64), not for 183 (AArch64) (at file offset 0x12)", Refusal(Station(18, 62)));
        Assert.Equal("the file is not an executable but a relocatable object, which has to be linked first (at file offset 0x10)", Refusal(Station(16, 1)));
        Assert.Equal("segment 1 (0x4000000f to 0x4000001e) overlaps segment 0 (0x40000000 to 0x4000000f) (at file offset 0x90)", Refusal(ElfImages.Make((0x4000_0000, 0x4000_0000, 16), (0x5000, 0x4000_000F, 16))));
        Assert.Equal("segment 1 (0x1000 to 0x100f) leaves memory, which is 0x40000000 to 0x43ffffff (at file offset 0x78)", Refusal(ElfImages.Make((0x4000_0000, 0x4000_0000, 16), (0x1000, 0x1000, 16))));
        Assert.Equal("the entry point 0x50000000 lies in no segment", Refusal(Station(24, 0x5000_0000)));
        Assert.Equal("the entry point 0x40000002 is not a multiple of 4", Refusal(Station(24, 0x4000_0002)));
        Assert.StartsWith("the table of section headers leaves the file: ", Refusal(ElfImages.Station()[..^1]), StringComparison.Ordinal);

        string Refusal(byte[] file)
        {
            File.WriteAllBytes(path, file);
            SampleRun run = SampleRun.Of("--guest", path, "--watch", "queue_head");
            Assert.Equal(2, run.ExitCode);
            Assert.Empty(run.Output);
            string line = Assert.Single(run.ErrorLines);
            Assert.StartsWith($"WatchIpa: {path}: ", line, StringComparison.Ordinal);
            return line[$"WatchIpa: {path}: ".Length..];
        }
    }

    [Fact]
    public void AFolderIsNoGuest()
    {
        string folder = Path.GetTempPath();
        SampleRun run = SampleRun.Of("--guest", folder, "--watch", "a", "--json");
        Assert.Equal(2, run.ExitCode);
        Assert.Empty(run.Output);
        Assert.StartsWith($"WatchIpa: {folder}: cannot be read: ", Assert.Single(run.ErrorLines), StringComparison.Ordinal);
    }

    [Fact]
    public void HelpIsDataAndNoError()
    {
        SampleRun run = SampleRun.Of("--help");
        Assert.Equal(0, run.ExitCode);
        Assert.Contains("--watch <ADDR|SYMBOL[:LEN][:r|w|x|rw|rwx]>", run.Output, StringComparison.Ordinal);
        Assert.Empty(run.Error);
    }

    private static byte[] Station(int offset, int value)
    {
        byte[] file = ElfImages.Station();
        if (offset >= 16)
        {
            BinaryPrimitives.WriteInt16LittleEndian(file.AsSpan(offset), (short)value);
            BinaryPrimitives.WriteInt16LittleEndian(file.AsSpan(offset + 2), offset == 24 ? (short)(value >> 16) : BinaryPrimitives.ReadInt16LittleEndian(file.AsSpan(offset + 2)));
        }
        else
        {
            file[offset] = (byte)value;
        }

        return file;
    }

    private static void AssertRefused(string expected, string[] arguments)
    {
        SampleRun run = SampleRun.Of(arguments);
        Assert.Equal(2, run.ExitCode);
        Assert.Empty(run.Output);
        Assert.Equal("WatchIpa: " + expected, Assert.Single(run.ErrorLines));
    }
}
