using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Runtime.InteropServices;
using HvIntrospect.A64;
using HvIntrospect.Interpreter;
using HvIntrospect.Registers;
using HvIntrospect.Samples.Decode.Programs;
using HvIntrospect.Samples.Decode.Words;
using HvIntrospect.Tests.A64;
using HvIntrospect.Tests.Interpreter;
using HvIntrospect.Tests.Support;
using Xunit;

namespace HvIntrospect.Tests.Samples.Decode;

/// <summary>The replacements of instructions that abort without a syndrome: they assemble, report syndromes, and do the same.</summary>
public sealed class ReplacementTests
{
    private const string Compiler = "aarch64-linux-gnu-gcc";
    private const string ObjectCopy = "aarch64-linux-gnu-objcopy";
    private const ulong Code = 0x4100_0000;
    private const ulong Window = 0x4200_0000;
    private const ulong Base = Window + 0x8000;
    private const int WindowSize = 0x2_0000;
    private const uint Call = 0xD4000842; // hvc #66

    [ToolFact(Compiler, ObjectCopy)]
    public void ReplacementsReportSyndromesAndDoTheSame()
    {
        Case[] cases = [.. Cases()];
        Assemble(cases);
        Assert.True(cases.Length > 500);
        Assert.All(cases, AssertReports);

        using var world = new World();
        Case[] run = [.. cases.Where(IsRun)];
        Assert.True(run.Length > 300);
        string[] differences = [.. run.Select(world.Difference).OfType<string>()];
        Assert.True(differences.Length == 0, $"{differences.Length} of {run.Length}\n{string.Join('\n', differences.Take(20))}");
    }

    [Theory]
    [InlineData(0xb8404422, "ldr w2, [x1]; add x1, x1, #4")]
    [InlineData(0xa9bf7bfd, "sub sp, sp, #16; str x29, [sp]; str x30, [sp, #8]")]
    [InlineData(0xa9400c21, "ldr x3, [x1, #8]; ldr x1, [x1]")]
    [InlineData(0xa9608c22, "sub x16, x1, #504; ldr x2, [x16]; ldr x3, [x16, #8]")]
    [InlineData(0xad600c22, "sub x17, x1, #1024; ldr x16, [x17]; fmov d2, x16; ldr x16, [x17, #8]; mov v2.d[1], x16; ldr x16, [x17, #16]; fmov d3, x16; ldr x16, [x17, #24]; mov v3.d[1], x16")]
    [InlineData(0x3dfffc41, "add x17, x2, #15, lsl #12; add x17, x17, #4080; ldr x16, [x17]; fmov d1, x16; ldr x16, [x17, #8]; mov v1.d[1], x16")]
    [InlineData(0x3ce3d841, "add x17, x2, w3, sxtw #4; ldr x16, [x17]; fmov d1, x16; ldr x16, [x17, #8]; mov v1.d[1], x16")]
    [InlineData(0x3dc00041, "ldr x16, [x2]; fmov d1, x16; ldr x16, [x2, #8]; mov v1.d[1], x16")]
    [InlineData(0x3c001c41, "add x2, x2, #1; umov w16, v1.b[0]; strb w16, [x2]")]
    [InlineData(0xf8bfc041, "ldar x1, [x2]")]
    [InlineData(0xd9c00841, "ldar x1, [x2]; add x2, x2, #8")]
    [InlineData(0xf8201c41, "autdza x2; add x2, x2, #8; ldr x1, [x2]")]
    [InlineData(0xc85f7c41, "")]
    [InlineData(0xf8408421, "")]
    public void AReplacementIsWrittenOut(uint word, string assembly)
    {
        A64Decoder.Default.DecodeLoadStore(word, out LoadStoreAccess access);
        Replacement replacement = Replacement.Of(access, access.ToString(), Silence.Of(access)!);
        Assert.Equal(assembly, string.Join("; ", replacement.Assembly));
        Assert.Equal(assembly.Length == 0, replacement.Advice is not null);
    }

    [Fact]
    public void EveryWordHasAReplacementOrAnAdvice()
    {
        foreach (DecoderVectorRow row in Rows())
        {
            A64Decoder.Default.DecodeLoadStore(row.Word, out LoadStoreAccess access);
            if (Silence.Of(access) is Silence reason)
            {
                Replacement replacement = Replacement.Of(access, access.ToString(), reason);
                Assert.True(replacement.Assembly.Count == 0 != replacement.Advice is null, row.ToString());
            }
        }
    }

    private static IEnumerable<DecoderVectorRow> Rows() =>
        VectorFiles.Find("decoder", null).SelectMany(VectorFiles.Read).Select(DecoderVectorRow.Parse).Where(row => row.Verdict is "valid");

    private static IEnumerable<Case> Cases()
    {
        foreach (DecoderVectorRow row in Rows())
        {
            A64Decoder.Default.DecodeLoadStore(row.Word, out LoadStoreAccess access);
            if (Silence.Of(access) is Silence reason && Replacement.Of(access, access.ToString(), reason) is { Assembly.Count: not 0 } replacement)
            {
                yield return new Case(access, replacement);
            }
        }
    }

    private static void Assemble(Case[] cases)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllLines(folder.PathOf("a.s"), [".arch armv8.5-a", .. cases.SelectMany(item => item.Replacement.Assembly)]);
        ExternalTool.Run(Compiler, "-c", "-o", folder.PathOf("a.o"), folder.PathOf("a.s"));
        ExternalTool.Run(ObjectCopy, "-O", "binary", "-j", ".text", folder.PathOf("a.o"), folder.PathOf("a.bin"));
        uint[] words = MemoryMarshal.Cast<byte, uint>(File.ReadAllBytes(folder.PathOf("a.bin"))).ToArray();
        Assert.Equal(cases.Sum(item => item.Replacement.Assembly.Count), words.Length);
        int position = 0;
        foreach (Case item in cases)
        {
            item.Words = words[position..(position + item.Replacement.Assembly.Count)];
            position += item.Words.Length;
        }
    }

    private static void AssertReports(Case item)
    {
        int accesses = 0;
        foreach (uint word in item.Words)
        {
            if (A64Decoder.Default.DecodeLoadStore(word, out LoadStoreAccess access) != LoadStoreStatus.NotLoadStore)
            {
                accesses++;
                Assert.True(access.ReportsSyndrome, $"{item}: {access}");
            }
        }

        Assert.True(accesses is >= 1 and <= 4, item.ToString());
    }

    /// <summary>What the machine executes, and what does not read its own code, misalign the stack or use an address as an index.</summary>
    private static bool IsRun(Case item) =>
        A64Decoder.GetFeature(item.Access.EncodingIndex) == A64Features.Armv8_0
        && !(item.Access.Rn == 31 && item.Access.HasWriteback && item.Access.Immediate % 16 != 0)
        && !(item.Access.AddressingMode == AddressingMode.Literal && Math.Abs(item.Access.Immediate) < 0x100)
        && !(item.Access.AddressingMode == AddressingMode.RegisterOffset && item.Access.Rm == item.Access.Rn);

    private sealed record Case(LoadStoreAccess Access, Replacement Replacement)
    {
        public uint[] Words { get; set; } = [];

        public override string ToString() => $"{Access} => {string.Join("; ", Replacement.Assembly)}";
    }

    /// <summary>A machine that runs the instruction and the replacement from the same state.</summary>
    private sealed class World : IDisposable
    {
        private readonly GuestProgram _guest = new();
        private readonly byte[] _before = new byte[WindowSize];
        private readonly byte[][] _after = [new byte[WindowSize], new byte[WindowSize]];
        private ulong _code = Code;

        public World()
        {
            new Random(1).NextBytes(_before);
            _guest.SetBits(SystemRegister.CpacrEl1, 3UL << 20);

            // Normal memory without an MMU, in which nothing has to be aligned.
            _guest.SetBits(SystemRegister.HcrEl2, (ulong)HcrBits.Dc);

            // Literals around the code.
            byte[] literals = new byte[0x40_0000];
            new Random(2).NextBytes(literals);
            _guest.Machine.Memory.Write(new Ipa(Code - 0x20_0000), literals);
        }

        public string? Difference(Case item)
        {
            string[] first = Run([item.Access.Word], item.Access, _after[0]);
            string[] second = Run(item.Words, item.Access, _after[1]);
            return first[0] != "call=66" ? $"{item}: {first[0]}"
                : !first.AsSpan().SequenceEqual(second) ? $"{item}: {string.Join(' ', first.Zip(second).Where(pair => pair.First != pair.Second))}"
                : _after[0].AsSpan().SequenceEqual(_after[1]) ? null : $"{item}: memory differs";
        }

        public void Dispose() => _guest.Dispose();

        private string[] Run(uint[] words, in LoadStoreAccess access, byte[] after)
        {
            // Both from the same place, so that literals are the same ones.
            _guest.Write(_code, [.. words, Call]);
            _guest.Machine.Memory.Write(new Ipa(Window), _before);
            ref CoreRegisters core = ref _guest.Vcpu.ModifyCore();
            for (int i = 0; i < CoreRegisters.GeneralCount; i++)
            {
                core[i] = 0x0123_4567_89AB_CDEFUL * (ulong)((2 * i) + 3);
            }

            core.SpEl1 = Base;
            if (access.AddressingMode == AddressingMode.RegisterOffset && access.Rm != 31)
            {
                core[access.Rm] = 0x30;
            }

            if (access.AddressingMode != AddressingMode.Literal && access.Rn != 31)
            {
                core[access.Rn] = Base;
            }

            core.Pc = new Va(_code);
            core.Pstate = new Spsr(0x3C5);
            ref VectorRegisters vector = ref _guest.Vcpu.ModifyVector();
            for (int i = 0; i < VectorRegisters.Count; i++)
            {
                vector[i] = new VectorRegister(0xFEDC_BA98_7654_3211UL * (ulong)((2 * i) + 1), 0x1357_9BDF_0246_8ACFUL * (ulong)((2 * i) + 1));
            }

            int call = _guest.RunToCall();
            _guest.Machine.Memory.Read(new Ipa(Window), after);
            return ["call=" + call, .. State(access)];
        }

        /// <summary>The registers, without those that the replacement takes as scratch registers.</summary>
        private IEnumerable<string> State(LoadStoreAccess access)
        {
            CoreRegisters core = _guest.Vcpu.Core;
            VectorRegisters vector = _guest.Vcpu.Vector;
            bool hasGeneral = !access.IsVector;
            IEnumerable<string> general = Enumerable.Range(0, CoreRegisters.GeneralCount)
                .Where(i => i is < 12 or > 17 || i == access.Rn || i == access.Rm || (hasGeneral && (i == access.Rt || i == access.Rt2)))
                .Select(i => $"x{i}={core[i]:x}");
            return [$"sp={core.SpEl1:x}", .. general, .. Enumerable.Range(0, VectorRegisters.Count).Select(i => $"v{i}={vector[i]}")];
        }
    }
}
