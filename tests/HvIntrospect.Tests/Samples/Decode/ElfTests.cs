using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text.Json;
using System.Text.RegularExpressions;
using HvIntrospect.Tests.Loading;
using HvIntrospect.Tests.Support;
using Xunit;

namespace HvIntrospect.Tests.Samples.Decode;

/// <summary>The instructions of a program that would abort without a syndrome.</summary>
public sealed partial class ElfTests
{
    private const string Compiler = "aarch64-linux-gnu-gcc";
    private const string Disassembler = "aarch64-linux-gnu-objdump";

    // Literal pools, jump tables and constants between functions: words of data that look like loads and stores.
    private const string Source = """
        #include <stdint.h>
        struct pair { uint64_t first, second; };
        __attribute__((section(".text"))) const uint32_t words_of_data[] = { 0xf8408422, 0xa9bf7bfd, 0x3dc00041, 0xc85f7c41 };
        __attribute__((noinline)) uint32_t read_twice(volatile uint32_t *port) { uint32_t sum; asm volatile("ldr %w0, [%1], #4" : "=r"(sum), "+r"(port)); return sum; }
        __attribute__((noinline)) void copy(struct pair *to, const struct pair *from) { *to = *from; }
        __attribute__((noinline)) double scale(const double *value) { return *value * 3.25; }
        __attribute__((noinline)) int add(int *counter) { return __atomic_add_fetch(counter, 1, __ATOMIC_SEQ_CST); }
        __attribute__((noinline)) uint8_t plain(const uint8_t *byte) { return byte[3]; }
        void zero(void *block) { asm volatile("dc zva, %0" : : "r"(block) : "memory"); }
        asm(".text\n.balign 8\n.type by_literal, %function\nby_literal: ldr x0, =0x123456789abcdef0\nprfm pldl1keep, [x0]\nret\n.ltorg\n.size by_literal, .-by_literal\n");
        int _start(int which, struct pair *pairs, int *counter, double *value, volatile uint32_t *port)
        {
            switch (which)
            {
            case 1: copy(pairs, pairs + 1); break;
            case 2: return add(counter);
            case 3: return (int)scale(value);
            case 4: return (int)read_twice(port);
            case 5: zero(pairs); break;
            case 6: return plain((uint8_t *)pairs);
            case 7: return words_of_data[which & 3];
            }
            return 0;
        }
        """;

    [ToolFact(Compiler)]
    public void EachFunctionsInstructionsAreListedWithTheirReplacement()
    {
        using var folder = new TemporaryFolder();
        string path = Compile(folder, "-O2");
        DecodeRun run = DecodeRun.Of("elf", path, "--json");
        Assert.Equal((0, string.Empty), (run.ExitCode, run.Error));
        ILookup<string, string> found = run.Objects.SkipLast(1).ToLookup(
            item => item.GetProperty("function").GetString()!,
            item => $"{item.GetProperty("text").GetString()} | {item.GetProperty("reason").GetString()} | {string.Join("; ", item.GetProperty("replacement").EnumerateArray())}{item.GetProperty("advice").GetString()}");

        Assert.Equal(["ldr w1, [x0], #4 | writeback | ldr w1, [x0]; add x0, x0, #4"], found["read_twice"].Select(line => Rename(line)));
        Assert.Equal(["dc | a loop of str xzr"], found["zero"].Select(line => line[(line.IndexOf('|', StringComparison.Ordinal) + 2)..]));
        Assert.Equal(["exclusive", "exclusive"], found["add"].Select(Reason));
        Assert.Equal(["simd"], found["scale"].Select(Reason).Distinct());
        Assert.NotEmpty(found["copy"]);
        Assert.Equal("ldr x0, #16 | literal | adr x16, #16; ldr x0, [x16]", Assert.Single(found["by_literal"]));
        Assert.Empty(found["plain"]);
        Assert.Empty(found["words_of_data"]);
        JsonElement summary = run.Objects[^1];
        Assert.Equal("summary", summary.GetProperty("type").GetString());
        Assert.Equal(run.Objects.Count - 1, summary.GetProperty("silent").GetInt32());
        Assert.True(summary.GetProperty("accesses").GetInt32() > summary.GetProperty("silent").GetInt32());
        Assert.Equal(found.Count, summary.GetProperty("functions").GetInt32());

        static string Reason(string line) => line.Split(" | ")[1];

        // The compiler chooses the registers.
        static string Rename(string line)
        {
            Match first = FirstRegister().Match(line);
            Match address = AddressRegister().Match(line);
            return Regex.Replace(line.Replace(address.Value, "[x0]", StringComparison.Ordinal).Replace($"{address.Value[1..^1]},", "x0,", StringComparison.Ordinal), $@"\b{first.Value}\b", "w1");
        }
    }

    [ToolFact(Compiler)]
    public void OneFunctionMayBeAskedFor()
    {
        using var folder = new TemporaryFolder();
        string path = Compile(folder, "-O2");
        DecodeRun run = DecodeRun.Of("elf", path, "--function", "by_literal");
        Assert.Equal((0, string.Empty), (run.ExitCode, run.Error));
        Assert.Equal(3, run.OutputLines.Length);
        Assert.Equal("by_literal:", run.OutputLines[0]);
        Assert.EndsWith("literal   -> adr x16, #16; ldr x0, [x16]", run.OutputLines[1], StringComparison.Ordinal);
        Assert.Equal("1 of 1 instructions that access memory, in 1 functions, would abort without a syndrome", run.OutputLines[2]);
        Assert.StartsWith("0 of 1 ", DecodeRun.Of("elf", path, "--function", "plain").OutputLines[^1], StringComparison.Ordinal);
    }

    [ToolFact(Disassembler)]
    public void TheGuestsOfTheRepositoryAreSeenAsADisassemblerSeesThem()
    {
        foreach (string path in ElfImages.AllPaths())
        {
            AssertAlike(path);
        }
    }

    [ToolFact(Compiler, Disassembler)]
    public void ProgramsOfACompilerAreSeenAsADisassemblerSeesThem()
    {
        using var folder = new TemporaryFolder();
        AssertAlike(Compile(folder, "-O2"));
        AssertAlike(Compile(folder, "-O0", "-Wl,-N"));
        AssertAlike(Compile(folder, "-O3", "-march=armv8.1-a", "-Wl,-z,noseparate-code"));

        // The C library brings all that hand-written assembly has: atomics, structures, tags, SVE.
        File.WriteAllText(folder.PathOf("libc.c"), "#include <stdio.h>\nint main(void) { return printf(\"%f\", 1.0); }");
        ExternalTool.Run(Compiler, "-static", "-o", folder.PathOf("libc.elf"), folder.PathOf("libc.c"));
        AssertAlike(folder.PathOf("libc.elf"));
    }

    [ToolFact(Compiler)]
    public void AProgramWithoutSectionsIsReadByItsSegments()
    {
        using var folder = new TemporaryFolder();
        string path = Compile(folder, "-O2");
        ExternalTool.Run("aarch64-linux-gnu-objcopy", "--strip-all", path);
        byte[] file = File.ReadAllBytes(path);

        // No section headers: e_shoff, e_shnum and e_shstrndx are 0.
        file.AsSpan(40, 8).Clear();
        file.AsSpan(60, 4).Clear();
        File.WriteAllBytes(path, file);
        DecodeRun run = DecodeRun.Of("elf", path, "--json");
        Assert.Equal((0, string.Empty), (run.ExitCode, run.Error));
        Assert.True(run.Objects.Count > 5);
        Assert.All(run.Objects.SkipLast(1), item => Assert.Equal(JsonValueKind.Null, item.GetProperty("function").ValueKind));
    }

    [ToolFact(Compiler)]
    public void NoNameSteersATerminal()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.PathOf("a.S"), "\"evil\u001b[31m\u0007\u009b\u202e\": .globl _start\n_start: ldp x0, x1, [x2]\n.type \"evil\u001b[31m\u0007\u009b\u202e\", %function\n");
        ExternalTool.Run(Compiler, "-nostdlib", "-static", "-o", folder.PathOf("a.elf"), folder.PathOf("a.S"));
        DecodeRun text = DecodeRun.Of("elf", folder.PathOf("a.elf"));
        Assert.Contains("evil", text.Output, StringComparison.Ordinal);
        Assert.DoesNotContain(text.Output, character => char.IsControl(character) && character != '\n');
        Assert.Contains("evil?[31m???:", text.Output, StringComparison.Ordinal);
        DecodeRun json = DecodeRun.Of("elf", folder.PathOf("a.elf"), "--json");
        Assert.DoesNotContain(json.Output, character => char.IsControl(character) && character != '\n');
        Assert.StartsWith("evil\u001b[31m", json.Objects[0].GetProperty("function").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public void WhatIsNoProgramIsNamed()
    {
        using var folder = new TemporaryFolder();
        string path = folder.PathOf("a.elf");
        AssertRefused($"{path}: there is no such file", "elf", path);
        File.WriteAllText(path, "hello");
        AssertRefused($"{path}: not an ELF file: it does not begin with 7f 45 4c 46 (at file offset 0x0)", "elf", path, "--json");
        File.WriteAllBytes(path, ElfImages.Station());
        AssertRefused($"--function nothing: {path} has no symbol 'nothing'", "elf", path, "--function", "nothing");
        AssertRefused("Required argument 'FILE' missing for command: 'elf'.", "elf");
        AssertRefused("Required argument missing for option: '--function'.", "elf", path, "--function");

        static void AssertRefused(string expected, params string[] arguments) => DecodeRun.Of(arguments).AssertRefused(expected);
    }

    [Fact]
    public void NoFileCrashesIt()
    {
        using var folder = new TemporaryFolder();
        string path = folder.PathOf("a.elf");
        var random = new Random(1);
        byte[] good = ElfImages.Station();
        for (int round = 0; round < 300; round++)
        {
            byte[] file = (byte[])good.Clone();
            for (int i = random.Next(1, 20); i > 0; i--)
            {
                // Headers and symbols, which lie at the end, more often than code.
                int position = random.Next(3) switch { 0 => random.Next(0x200), 1 => file.Length - 1 - random.Next(0x2000), _ => random.Next(file.Length) };
                file[position] = (byte)random.Next(256);
            }

            File.WriteAllBytes(path, file);
            DecodeRun run = DecodeRun.Of("elf", path);
            Assert.True(run.ExitCode is 0 or 2);
            Assert.DoesNotContain(run.Output + run.Error, character => char.IsControl(character) && character != '\n');
        }
    }

    private static string Compile(TemporaryFolder folder, params string[] options)
    {
        File.WriteAllText(folder.PathOf("a.c"), Source);
        ExternalTool.Run(Compiler, ["-nostdlib", "-static", "-ffreestanding", "-fno-pie", "-no-pie", "-mno-outline-atomics", "-w", .. options, "-o", folder.PathOf("a.elf"), folder.PathOf("a.c")]);
        return folder.PathOf("a.elf");
    }

    /// <summary>Compares the listed places with those that the text of a disassembler says are silent.</summary>
    private static void AssertAlike(string path)
    {
        SortedSet<string> expected = [.. ExternalTool.Run(Disassembler, "-d", path).Split('\n').Select(SilentPlace).OfType<string>()];
        SortedSet<string> actual =
        [
            .. DecodeRun.Of("elf", path, "--json").Objects.SkipLast(1)
                .Select(item => $"{item.GetProperty("address").GetString()} {item.GetProperty("w").GetString()}"),
        ];
        Assert.NotEmpty(expected);
        string[] differences = [.. expected.Except(actual).Select(place => "not listed: " + place), .. actual.Except(expected).Select(place => "listed: " + place)];
        Assert.True(differences.Length == 0, $"{path}: {differences.Length} of {expected.Count}\n{string.Join('\n', differences.Take(20))}");
    }

    /// <summary>Judges an instruction by its text alone.</summary>
    private static string? SilentPlace(string line)
    {
        Match match = DisassembledLine().Match(line);
        if (!match.Success)
        {
            return null;
        }

        string mnemonic = match.Groups[3].Value;
        string operands = match.Groups[4].Value;
        bool isAccess = AccessMnemonic().IsMatch(mnemonic);
        bool isSilent = (isAccess && (SilentMnemonic().IsMatch(mnemonic) || SilentOperands().IsMatch(operands) || !operands.Contains('[', StringComparison.Ordinal)))
            || (mnemonic == "dc" && operands.StartsWith("zva", StringComparison.Ordinal))
            || (mnemonic == "dc" && operands.Contains("gva,", StringComparison.Ordinal))
            || (mnemonic == "dc" && operands.Contains("gzva,", StringComparison.Ordinal));
        return isSilent ? $"0x{ulong.Parse(match.Groups[1].Value, NumberStyles.HexNumber, CultureInfo.InvariantCulture):x} {match.Groups[2].Value}" : null;
    }

    [GeneratedRegex(@"^ *([0-9a-f]+):\t([0-9a-f]{8}) \t(\S+)(?:\t(.*))?$")]
    private static partial Regex DisassembledLine();

    [GeneratedRegex("^(ld|st|cas|swp|cpy|set[gpme])")]
    private static partial Regex AccessMnemonic();

    // Pairs, exclusives, atomics, structures, tags, copies; never ldapur and its kin.
    [GeneratedRegex("^(ldn?p|stn?p|ldpsw|stgp|ldiapp|stilp|lda?x|stl?x|cas|swp|ld(add|clr|eor|set|smax|smin|umax|umin)|st(add|clr|eor|set|smax|smin|umax|umin)|ldapr|ld[1-4]|st[1-4]|ldg|stz?2?g|stzgm|stgm|ldgm|cpy|set)")]
    private static partial Regex SilentMnemonic();

    // Writeback, or a SIMD, SVE or predicate register first.
    [GeneratedRegex(@"\]!|\], |^\{|^[bhsdqvzp][0-9]")]
    private static partial Regex SilentOperands();

    [GeneratedRegex(@"(?<=ldr )w[0-9]+")]
    private static partial Regex FirstRegister();

    [GeneratedRegex(@"\[x[0-9]+\]")]
    private static partial Regex AddressRegister();
}
