using System;
using System.IO;
using System.Linq;
using System.Text;
using HvIntrospect.Samples.Decode;
using HvIntrospect.Samples.Shared;
using Xunit;

namespace HvIntrospect.Tests.Samples.Decode;

/// <summary>Words from the command line and from standard input, good ones and bad ones.</summary>
public sealed class WordTests
{
    private const string FirstWord = "f8408422  ldr x2, [x1], #8\n";

    [Theory]
    [InlineData("f8408422", FirstWord)]
    [InlineData("0xF8408422", FirstWord)]
    [InlineData("0", "00000000  .inst 0x00000000 // UNDEFINED\n")]
    [InlineData("d50b7426", "d50b7426  .inst 0xd50b7426 // SYS_CR_systeminstrs, dc zva\n")]
    [InlineData("1e602820", "1e602820  .inst 0x1e602820 // FADD_D_floatdp2\n")]
    [InlineData("08217c41", "08217c41  .inst 0x08217c41 // UNDEFINED: CASP_cp32_comswappr, Rs odd\n")]
    [InlineData("f8408421", "f8408421  ldr x1, [x1], #8  // CONSTRAINED UNPREDICTABLE: wb_overlap_ld\n")]
    [InlineData("c9800041", "c9800041  .inst 0xc9800041 // UNDEFINED\n")]
    [InlineData("c9817c41", "c9817c41  .inst 0xc9817c41 // UNDEFINED: CAST_c64_comswap_unpriv needs FEAT_LSUI\n")]
    public void OneWordIsOneLine(string word, string line) => Assert.Equal(new DecodeRun(0, line, string.Empty), DecodeRun.Of(word));

    [Theory]
    [InlineData("f8210043", "v8.0", "f8210043  .inst 0xf8210043 // UNDEFINED: LDADD_64_memop needs FEAT_LSE\n")]
    [InlineData("f8210043", "v8.1", "f8210043  ldadd x1, x3, [x2]\n")]
    [InlineData("f8210043", "v8.0,FEAT_LSE", "f8210043  ldadd x1, x3, [x2]\n")]
    [InlineData("f8210043", "v8.0,lse", "f8210043  ldadd x1, x3, [x2]\n")]
    [InlineData("f8210043", "max", "f8210043  ldadd x1, x3, [x2]\n")]
    [InlineData("c9817c41", "max", "c9817c41  .inst 0xc9817c41 // UNDEFINED: CAST_c64_comswap_unpriv needs FEAT_LSUI\n")]
    [InlineData("c9817c41", "later", "c9817c41  cast x1, x1, [x2]\n")]
    public void FeaturesDecideWhatIsAllocated(string word, string features, string line) =>
        Assert.Equal(new DecodeRun(0, line, string.Empty), DecodeRun.Of(word, "--feature", features));

    [Fact]
    public void FeaturesMayBeGivenManyTimes() =>
        Assert.Equal("f8210043  ldadd x1, x3, [x2]\n", DecodeRun.Of("--feature", "v8.0", "f8210043", "--feature", "LSE").Output);

    [Fact]
    public void WhatAFeatureSetLacksIsUndefinedInJsonToo() => Assert.Equal(
        """
        {"w":"f8210043","v":"undef","why":"FEAT_LSE","near":"LDADD_64_memop","text":".inst 0xf8210043"}

        """.ReplaceLineEndings("\n"),
        DecodeRun.Of("f8210043", "--json", "--feature", "v8.0").Output);

    [Theory]
    [InlineData("f8408422\n")]
    [InlineData("f8408422")]
    [InlineData("\n\n  f8408422\t\r\n \n")]
    [InlineData("\uFEFF0xf8408422\r\n")]
    [InlineData("F8408422\n\n\n")]
    public void LinesMayLookAsTheyLike(string input) => Assert.Equal(new DecodeRun(0, FirstWord, string.Empty), DecodeRun.OfText(input));

    [Fact]
    public void TextMayComeInAnyPieces()
    {
        string input = string.Concat(Enumerable.Range(0, 300).Select(i => i % 7 == 0 ? $"  0x{i:x}\r\n\n" : $"{0xF8400000u + (uint)i:x8}\n"));
        DecodeRun whole = DecodeRun.OfText(input);
        Assert.Equal((0, 300), (whole.ExitCode, whole.OutputLines.Length));
        foreach (int size in (int[])[1, 2, 3, 7, 64])
        {
            Assert.Equal(whole, DecodeRun.OfInput(new PieceStream(Encoding.ASCII.GetBytes(input), size)));
        }
    }

    [Theory]
    [InlineData("'xyz' is not a word of 1 to 8 hexadecimal digits", "xyz")]
    [InlineData("'123456789' is not a word of 1 to 8 hexadecimal digits", "f8408422", "123456789")]
    [InlineData("'' is not a word of 1 to 8 hexadecimal digits", "")]
    [InlineData("'0x' is not a word of 1 to 8 hexadecimal digits", "0x")]
    [InlineData("'+1' is not a word of 1 to 8 hexadecimal digits", "+1")]
    [InlineData("--feature v8.10: 'v8.10' is not a feature; it is v8.0|…|v8.9|max|later|FEAT_x[,…].", "--feature", "v8.10", "0")]
    [InlineData("--feature LSE,: '' is not a feature; it is v8.0|…|v8.9|max|later|FEAT_x[,…].", "--feature", "LSE,", "0")]
    [InlineData("--feature 3: '3' is not a feature; it is v8.0|…|v8.9|max|later|FEAT_x[,…].", "--feature", "3", "0")]
    [InlineData("'--yaml' is not a word of 1 to 8 hexadecimal digits", "--yaml", "0")]
    public void ArgumentsThatDoNotFitAreNamed(string expected, params string[] arguments)
    {
        DecodeRun.Of(arguments).AssertRefused(expected);
    }

    [Theory]
    [InlineData("f8408422\nldr\n", "line 2: 'ldr'")]
    [InlineData("f8408422\n\n\n f8408422 f8408422\n", "line 4: 'f8408422 f8408422'")]
    [InlineData("f8408422\n0x\n", "line 2: '0x'")]
    [InlineData("f8408422\n\u001b[31m\u009b", "line 2: '?[31m??'")]
    public void ALineThatIsNoWordIsNamed(string input, string expected)
    {
        DecodeRun run = DecodeRun.OfText(input);
        Assert.Equal((2, FirstWord), (run.ExitCode, run.Output));
        Assert.Equal($"Decode: standard input, {expected} is not a word of 1 to 8 hexadecimal digits", Assert.Single(run.ErrorLines));
    }

    [Fact]
    public void AGiantLineIsRefusedWithoutBeingKept()
    {
        DecodeRun run = DecodeRun.OfInput(new PieceStream(Encoding.ASCII.GetBytes("1\n" + new string('0', 10_000_000)), 0x1_0000));
        Assert.Equal(2, run.ExitCode);
        Assert.Equal($"Decode: standard input, line 2: '{new string('0', 40)}…' is not a word of 1 to 8 hexadecimal digits", Assert.Single(run.ErrorLines));
    }

    [Fact]
    public void NoBytesCrashIt()
    {
        var random = new Random(1);
        for (int round = 0; round < 200; round++)
        {
            byte[] input = new byte[random.Next(2000)];
            random.NextBytes(input);
            for (int i = 0; i < input.Length && round % 2 == 0; i++)
            {
                // Mostly what words are made of.
                input[i] = input[i] < 250 ? "0123456789abcdef\r\n\n\n x"u8[input[i] % 22] : input[i];
            }

            DecodeRun run = DecodeRun.OfInput(new PieceStream(input, 1 + random.Next(300)), "--json");
            Assert.True(run.ExitCode is 0 or 2);
            Assert.Equal(run.ExitCode == 2 ? 1 : 0, run.ErrorLines.Length);
            Assert.DoesNotContain(run.Error, character => char.IsControl(character) && character != '\n');
        }
    }

    [Fact]
    public void HelpTellsTheExitCodes()
    {
        DecodeRun run = DecodeRun.Of("--help");
        Assert.Equal((0, string.Empty), (run.ExitCode, run.Error));
        Assert.Contains("Exit codes: 0 ", run.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(28, "Decode: the output cannot be written: no room\n")]
    [InlineData(32, "")]
    public void OutputThatCannotBeWrittenIsSaidUnlessItsReaderHasGone(int reason, string expected)
    {
        using var error = new StringWriter { NewLine = "\n" };
        int exitCode;
        using (var console = new ConsoleOutput(new FailingStream(reason), error, isOutputTerminal: false, isErrorTerminal: false))
        {
            exitCode = Program.Run(["0"], Stream.Null, console);
        }

        Assert.Equal((1, expected), (exitCode, error.ToString()));
    }

    /// <summary>Gives at most some bytes at a time.</summary>
    private sealed class PieceStream(byte[] bytes, int size) : MemoryStream(bytes)
    {
        public override int Read(byte[] buffer, int offset, int count) => base.Read(buffer, offset, Math.Min(count, size));
    }

    /// <summary>A disk without room, or a pipe without a reader.</summary>
    private sealed class FailingStream(int reason) : MemoryStream
    {
        public override void Write(ReadOnlySpan<byte> buffer) => throw new IOException("no room", reason);
    }
}
