using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text.Json;
using HvIntrospect.A64;
using HvIntrospect.Registers;
using HvIntrospect.Samples.Decode.Faults;
using HvIntrospect.Tests.Support;
using Xunit;

namespace HvIntrospect.Tests.Samples.Decode;

/// <summary>Aborts in words.</summary>
public sealed class FaultTests
{
    private const int ReportedDifferences = 10;

    [Fact]
    public void AnAbortWithoutSyndromeIsExplained()
    {
        DecodeRun run = DecodeRun.Of("fault", "92000006", "0xFFFF000009000004", "90000", "b8404422");
        Assert.Equal((0, string.Empty), (run.ExitCode, run.Error));
        Assert.Equal(
            """
            exception         EC 0x24: Data Abort from a lower Exception level
            fault             DFSC 0x06: Translation fault, level 2 of Stage 2
            direction         WnR=0: a read, or an atomic that was not allowed to read
            syndrome          ISV=0: nothing is said of the size, the register or the extension, because it writes its base register back
            virtual address   0xffff000009000004, the first byte that faulted: of an access over two pages it may be the second page's first byte
            physical address  IPA 0x9000004: the page from HPFAR_EL2, the offset in it from FAR_EL2
            instruction       b8404422  ldr w2, [x1], #4
            access            reads 4 bytes at x1; then x1 becomes x1 + 4
            base              x1 was 0xffff000009000004 if the access faulted at its first byte, and 0xffff000009000008 after it
            to do             if the page is memory that is mapped on demand, map it and retry; otherwise it belongs to a device or to nobody
                              to perform it: compute all addresses from registers (FAR_EL2 may be in the middle), translate and check every page before anything is changed
                              perform each element once, in order, and write the base back only when all have succeeded
                              then set ELR_EL2 to the next instruction, clear SPSR_EL2.BTYPE and SPSR_EL2.SS

            """.ReplaceLineEndings("\n"),
            run.Output);
    }

    [Theory]
    [InlineData("syndrome", "ISV=1: 8 bytes, x2 (a hint that the opcode must confirm)", "93c28007", "1000", "90000")]
    [InlineData("syndrome", "ISV=1: 1 byte, wzr, sign-extended (a hint that the opcode must confirm)", "933f0007", "1000", "90000")]
    [InlineData("syndrome", "ISV=0: nothing is said of the size, the register or the extension, because it transfers a pair of registers", "92000047", "1000", "90000", "a9bf7bfd")]
    [InlineData("syndrome", "ISV=0: nothing is said of the size, the register or the extension, because it is an atomic read-modify-write", "92000007", "1000", "90000", "f8210043")]
    [InlineData("syndrome", "ISV=0: nothing is said of the size, the register or the extension, because it is a load-exclusive or store-exclusive", "92000007", "1000", "90000", "c85f7c41")]
    [InlineData("syndrome", "ISV=0: nothing is said of the size, the register or the extension, because it transfers SIMD&FP registers", "92000007", "1000", "90000", "3dc00041")]
    [InlineData("syndrome", "ISV=0: nothing is said of the size, the register or the extension, because it transfers structures of SIMD&FP registers", "92000007", "1000", "90000", "4c407041")]
    [InlineData("syndrome", "ISV=0: nothing is said of the size, the register or the extension, because it is a memory copy or memory set", "92000007", "1000", "90000", "19020461")]
    [InlineData("syndrome", "ISV=0: nothing is said of the size, the register or the extension, because it accesses Allocation Tags", "92000047", "1000", "90000", "d9200841")]
    [InlineData("syndrome", "ISV=0: nothing is said of the size, the register or the extension, because it stores to a Guarded Control Stack", "92000047", "1000", "90000", "d91f0c41")]
    [InlineData("syndrome", "ISV=0: nothing is said of the size, the register or the extension, because it is a DC instruction that zeroes data or sets tags", "92000047", "1000", "90000", "d50b7426")]
    [InlineData("syndrome", "ISV=0: nothing is said of the size, the register or the extension, because the implementation left it out, which is always allowed", "92000007", "1000", "90000", "f9400041")]
    [InlineData("syndrome", "ISV=0: nothing is said of the size, the register or the extension, because only the instruction tells why: give its word", "92000007", "1000", "90000")]
    [InlineData("syndrome", "ISV=0: nothing is said of the size, the register or the extension, because the access is the table walker's and not the instruction's", "92000087", "1000", "90000", "f9400041")]
    [InlineData("fault", "DFSC 0x07: Translation fault, level 3 of Stage 2, on an access of the guest's own Stage 1 walk", "92000087", "1000", "90000")]
    [InlineData("fault", "DFSC 0x2b: Translation fault, level -1 of Stage 2", "9200002b", "1000", "90000")]
    [InlineData("fault", "DFSC 0x35: IMPLEMENTATION DEFINED fault (exclusive, atomic or 64-byte access that the memory does not support)", "92000035", "1000", "-")]
    [InlineData("physical address", "IPA 0x9000000: the page of the table; which descriptor in it, only a walk of FAR_EL2 tells", "9200008f", "1234", "90000")]
    [InlineData("physical address", "HPFAR_EL2 is UNKNOWN after a Permission fault that is not on a walk: translate FAR_EL2 through the guest's Stage 1", "9200000f", "1234", "90000")]
    [InlineData("physical address", "HPFAR_EL2 is UNKNOWN after this fault", "92000010", "1234", "90000")]
    [InlineData("physical address", "HPFAR_EL2 is not given", "92000007", "1234", "-")]
    [InlineData("virtual address", "FnV=1: FAR_EL2 is not valid", "92000410", "1234", "-")]
    [InlineData("virtual address", "FAR_EL2 is not given", "92000007", "-", "90000")]
    [InlineData("physical address", "IPA 0x9000000: the page from HPFAR_EL2", "92000007", "-", "90000")]
    [InlineData("contradiction", "SRT says register 2, the word names 1: the word at ELR_EL2 is not the one that aborted, another vCPU may have rewritten it", "93c28007", "1000", "90000", "f9400041")]
    [InlineData("contradiction", "WnR says a read, the word is a store: the word at ELR_EL2 is not the one that aborted, another vCPU may have rewritten it", "92000007", "1000", "90000", "f9000041")]
    [InlineData("contradiction", "CM says cache maintenance or address translation, the word is a load or store: the word at ELR_EL2 is not the one that aborted, another vCPU may have rewritten it", "92000147", "1000", "90000", "f9400041")]
    [InlineData("contradiction", "WnR says a read, the word writes: the word at ELR_EL2 is not the one that aborted, another vCPU may have rewritten it", "92000007", "1000", "90000", "d50b7426")]
    [InlineData("", "to perform it: align the address register down to the block that DCZID_EL0 gives the size of (FAR_EL2 may be any byte of it), and do all of the block or nothing", "92000047", "1000", "90000", "d50b7426")]
    [InlineData("contradiction", "a prefetch never aborts: the word at ELR_EL2 is not the one that aborted, another vCPU may have rewritten it", "92000007", "1000", "90000", "f9800040")]
    [InlineData("exception", "EC 0x20: Instruction Abort from a lower Exception level", "82000007", "1000", "90000")]
    [InlineData("syndrome", "ISS 0x7f: immediate 0x7f", "5a00007f", "-", "-")]
    [InlineData("exception", "EC 0x02: reserved", "08000000", "-", "-")]
    [InlineData("access", "writes 16 bytes in elements of 8 at sp - 16; then sp becomes sp - 16", "92000047", "1000", "90000", "a9bf7bfd")]
    [InlineData("access", "reads 8 bytes at x2 + sign-extended w3 * 8", "92000007", "1000", "90000", "f863d841")]
    [InlineData("access", "reads 8 bytes at PC + 8", "92000007", "1000", "90000", "58000041")]
    [InlineData("access", "reads and writes memory at x2 and x1, as many bytes as x3 says", "92000007", "1000", "90000", "19020461")]
    [InlineData("unpredictable", "CONSTRAINED UNPREDICTABLE: wb_overlap_ld", "92000007", "1000", "90000", "f8408421")]
    public void EachPartIsSaid(string name, string text, params string[] arguments)
    {
        DecodeRun run = DecodeRun.Of(["fault", .. arguments]);
        Assert.Equal((0, string.Empty), (run.ExitCode, run.Error));
        Assert.Contains(run.OutputLines, line => line.StartsWith(name + " ", StringComparison.Ordinal) && line.EndsWith("  " + text, StringComparison.Ordinal));
    }

    [Fact]
    public void JsonIsOneObject()
    {
        JsonElement report = Assert.Single(DecodeRun.Of("fault", "92000006", "9000004", "90000", "b8404422", "--json").Objects);
        Assert.Equal("fault", report.GetProperty("type").GetString());
        Assert.Equal("IPA 0x9000004: the page from HPFAR_EL2, the offset in it from FAR_EL2", report.GetProperty("physical_address").GetString());
        Assert.Equal(4, report.GetProperty("to_do").GetArrayLength());
    }

    [Fact]
    public void EachOfSeveralWordsIsExplained()
    {
        // A load and a store: a write was aborted.
        string[] arguments = ["fault", "92000046", "9000004", "90000", "f9400041", "f9000041"];
        JsonElement[] reports = [.. DecodeRun.Of([.. arguments, "--json"]).Objects];
        Assert.Equal(2, reports.Length);
        Assert.True(reports[0].TryGetProperty("contradiction", out _));
        Assert.False(reports[1].TryGetProperty("contradiction", out _));
        string[] texts = DecodeRun.Of(arguments).Output.Split("\n\n");
        Assert.Equal(2, texts.Length);
        Assert.All(texts, text => Assert.StartsWith("exception ", text, StringComparison.Ordinal));
        DecodeRun.Of([.. arguments, "ldr"]).AssertRefused("'ldr' is not a word of 1 to 8 hexadecimal digits");
    }

    [Theory]
    [InlineData("Required argument 'HPFAR' missing for command: 'fault'.", "fault", "92000007", "1000")]
    [InlineData("FAR 10x: not a register value of 1 to 16 hexadecimal digits, or -", "fault", "92000007", "10x", "-")]
    [InlineData("HPFAR 12345678901234567: not a register value of 1 to 16 hexadecimal digits, or -", "fault", "92000007", "-", "12345678901234567")]
    [InlineData("ESR must be known", "fault", "-", "1000", "-")]
    [InlineData("'ldr' is not a word of 1 to 8 hexadecimal digits", "fault", "92000007", "1000", "-", "ldr")]
    [InlineData("'f9400041' before fault: words and commands cannot be mixed", "f9400041", "fault", "92000007", "1000", "-")]
    public void ArgumentsThatDoNotFitAreNamed(string expected, params string[] arguments)
    {
        DecodeRun.Of(arguments).AssertRefused(expected);
    }

    [Fact]
    public void EveryRecordedAbortOfAFirstInstructionIsExplainedWithoutContradiction()
    {
        int explained = 0;
        var differences = new List<string>();
        foreach (JsonElement recorded in VectorFiles.Find("el2", null).Where(file => Path.GetFileName(file).StartsWith("a.", StringComparison.Ordinal)).SelectMany(VectorFiles.Read))
        {
            if (recorded.TryGetProperty("qemu_wrong", out _) || !TryGetFirstAbort(recorded, out Esr esr, out Va? far, out Hpfar? hpfar, out uint word))
            {
                continue;
            }

            explained++;
            IReadOnlyList<(string Name, string Text)> lines = new FaultReport(esr, far, hpfar, word, A64Decoder.Default).Lines;
            if (lines.Any(line => line.Name == "contradiction") || !IsBaseRight(recorded, lines.FirstOrDefault(line => line.Name == "base").Text))
            {
                differences.Add($"{recorded.GetProperty("id")}: {string.Join("; ", lines)}");
            }
        }

        Assert.True(explained > 1000);
        Assert.True(differences.Count == 0, $"{differences.Count} of {explained} differ.\n{string.Join('\n', differences.Take(ReportedDifferences))}");
    }

    [Fact]
    public void NoSyndromeCrashesIt()
    {
        var random = new Random(1);
        for (int round = 0; round < 20_000; round++)
        {
            var esr = new Esr(((ulong)(uint)(round & 0x3F) << 26) | (uint)random.Next(1 << 25));
            var report = new FaultReport(
                esr,
                random.Next(4) == 0 ? null : new Va((ulong)random.NextInt64(long.MinValue, long.MaxValue)),
                random.Next(4) == 0 ? null : new Hpfar((ulong)random.NextInt64(long.MinValue, long.MaxValue)),
                random.Next(4) == 0 ? null : (uint)random.NextInt64(1L << 32),
                A64Decoder.Default);
            Assert.All(report.Lines, line => Assert.NotEqual(string.Empty, line.Text));
            Assert.Contains(report.Lines, line => line.Name == "to do");
        }
    }

    /// <summary>Gets the first exit of a case when it is an abort of the first instruction.</summary>
    private static bool TryGetFirstAbort(JsonElement recorded, out Esr esr, out Va? far, out Hpfar? hpfar, out uint word)
    {
        JsonElement seen = recorded.GetProperty("steps").EnumerateArray().First(step => step.GetProperty("do").GetString() == "run").GetProperty("obs");
        esr = new Esr(Number(seen.GetProperty("esr")));
        far = IsWritten("far") ? new Va(Number(seen.GetProperty("far"))) : null;
        hpfar = IsWritten("hpfar") ? new Hpfar(Number(seen.GetProperty("hpfar"))) : null;
        word = uint.Parse(recorded.GetProperty("code")[0].GetProperty("u32")[0].GetString()!, NumberStyles.HexNumber, CultureInfo.InvariantCulture);
        return esr.Class == ExceptionClass.DataAbortLowerEl && Number(seen.GetProperty("elr")) == Number(recorded.GetProperty("init").GetProperty("pc"));

        bool IsWritten(string name) => seen.TryGetProperty(name, out JsonElement value) && value.GetString() != "unwritten";
    }

    /// <summary>Compares the base that is said with the register; an access over two pages may fault in the middle.</summary>
    private static bool IsBaseRight(JsonElement recorded, string? text)
    {
        if (text is null || recorded.GetProperty("variant").GetString()!.Contains("cross", StringComparison.Ordinal))
        {
            return true;
        }

        string[] words = text.Split(' ');
        JsonElement init = recorded.GetProperty("init");
        bool isStack = words[0] == "sp";
        JsonElement registers = isStack ? init : init.GetProperty("x");
        bool usesEl1 = (Number(init.GetProperty("spsr")) & 1) != 0;
        return !registers.TryGetProperty(isStack ? usesEl1 ? "sp_el1" : "sp_el0" : words[0][1..], out JsonElement value)
            || Number(value) == Convert.ToUInt64(words[2].TrimEnd(','), 16);
    }

    private static ulong Number(JsonElement value) => Convert.ToUInt64(value.GetString(), 16);
}
