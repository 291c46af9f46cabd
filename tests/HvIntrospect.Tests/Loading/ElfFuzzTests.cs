using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.IO;
using FsCheck;
using FsCheck.Fluent;
using HvIntrospect.Tooling.Loading;
using HvIntrospect.Tooling.Symbols;
using Xunit;

namespace HvIntrospect.Tests.Loading;

/// <summary>Hostile files: whatever the bytes are, reading ends soon, takes little memory and fails only as documented.</summary>
public sealed class ElfFuzzTests
{
    private static readonly byte[] s_station = ElfImages.Station();

    /// <summary>Values at which arithmetic on sizes and addresses goes wrong.</summary>
    private static readonly Gen<ulong> s_values = Gen.OneOf(
        Gen.Elements<ulong>(
            0, 1, 2, 0x38, 0x40, 0xFF, 0x7FFF, 0xFFF0, 0xFFFF, 0x7FFF_FFFF, 0x8000_0000, 0xFFFF_FFFF, 0x1_0000_0000,
            0x7FFF_FFFF_FFFF_FFFF, 0x8000_0000_0000_0000, 0xFFFF_FFFF_FFFF_FFC0, ulong.MaxValue),
        Gen.Choose(0, s_station.Length + 0x100).Select(value => (ulong)value),
        ArbMap.Default.GeneratorFor<ulong>());

    [Fact]
    public void AFileCutAtAnyLengthIsRefusedAsTruncated()
    {
        // The section headers end each of these files, so every cut takes something away.
        foreach (string path in ElfImages.AllPaths())
        {
            byte[] file = File.ReadAllBytes(path);
            for (int length = 0; length < file.Length; length++)
            {
                Assert.False(ElfFile.TryRead(file.AsMemory(0, length), out _, out ElfError error));
                Assert.Equal(ElfErrorKind.Truncated, error.Kind);
            }

            Assert.True(ElfFile.TryRead(file, out _, out _));
        }
    }

    [Fact]
    public void FlippedBitsAreHarmless()
    {
        Gen<byte[]> flipped =
            from bits in Gen.NonEmptyListOf(Gen.Choose(0, (s_station.Length * 8) - 1))
            select Flip(bits);
        Prop.ForAll(flipped.ToArbitrary(), CheckHarmless).Check(Config.QuickThrowOnFailure.WithMaxTest(1000));

        static byte[] Flip(List<int> bits)
        {
            byte[] file = (byte[])s_station.Clone();
            foreach (int bit in bits)
            {
                file[bit / 8] ^= (byte)(1 << (bit % 8));
            }

            return file;
        }
    }

    [Fact]
    public void RandomHeaderFieldsAreHarmless()
    {
        Gen<byte[]> changed =
            from changes in Gen.NonEmptyListOf(from place in Places() from value in s_values select (place, value))
            select Change(changes);
        Prop.ForAll(changed.ToArbitrary(), CheckHarmless).Check(Config.QuickThrowOnFailure.WithMaxTest(3000));

        static byte[] Change(List<((int Offset, int Width) Place, ulong Value)> changes)
        {
            byte[] file = (byte[])s_station.Clone();
            Span<byte> bytes = stackalloc byte[8];
            foreach (((int offset, int width), ulong value) in changes)
            {
                BinaryPrimitives.WriteUInt64LittleEndian(bytes, value);
                bytes[..width].CopyTo(file.AsSpan(offset));
            }

            return file;
        }
    }

    [Fact]
    public void RandomBytesBehindAGoodHeaderAreHarmless()
    {
        Gen<byte[]> random =
            from tail in ArbMap.Default.GeneratorFor<byte[]>().Resize(2000)
            select (byte[])[.. s_station.AsSpan(0, ElfImages.HeaderSize), .. tail];
        Prop.ForAll(random.ToArbitrary(), CheckHarmless).Check(Config.QuickThrowOnFailure.WithMaxTest(300));
    }

    /// <summary>A field of the file's header, of a program header, of a section header or of a symbol.</summary>
    private static Gen<(int Offset, int Width)> Places()
    {
        int sections = (int)BinaryPrimitives.ReadUInt64LittleEndian(s_station.AsSpan(40));
        int sectionCount = BinaryPrimitives.ReadUInt16LittleEndian(s_station.AsSpan(60));
        int symbols = (int)BinaryPrimitives.ReadUInt64LittleEndian(s_station.AsSpan(sections + ((sectionCount - 3) * ElfImages.SectionHeaderSize) + 24));
        return Gen.OneOf(
            Gen.Elements((16, 2), (18, 2), (20, 4), (24, 8), (32, 8), (40, 8), (48, 4), (52, 2), (54, 2), (56, 2), (58, 2), (60, 2), (62, 2)),
            from header in Gen.Choose(0, 3)
            from field in Gen.Elements((0, 4), (4, 4), (8, 8), (16, 8), (24, 8), (32, 8), (40, 8), (48, 8))
            select (ElfImages.HeaderSize + (header * ElfImages.ProgramHeaderSize) + field.Item1, field.Item2),
            from header in Gen.Choose(0, sectionCount - 1)
            from field in Gen.Elements((0, 4), (4, 4), (8, 8), (16, 8), (24, 8), (32, 8), (40, 4), (44, 4), (48, 8), (56, 8))
            select (sections + (header * ElfImages.SectionHeaderSize) + field.Item1, field.Item2),
            from symbol in Gen.Choose(0, 40)
            from field in Gen.Elements((0, 4), (4, 1), (5, 1), (6, 2), (8, 8), (16, 8))
            select (symbols + (symbol * ElfImages.SymbolSize) + field.Item1, field.Item2));
    }

    /// <summary>Reads, and where that succeeds also loads and resolves. An exception is a failure of the property by itself, and so is what does not end.</summary>
    private static void CheckHarmless(byte[] bytes)
    {
        long limit = 0x1000 + (32L * bytes.Length);
        long before = GC.GetAllocatedBytesForCurrentThread();
        bool isRead = ElfFile.TryRead(bytes, out ElfFile? elf, out ElfError error);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, limit);
        Assert.Equal(isRead, error.Kind == ElfErrorKind.None);
        if (elf is not null)
        {
            var memory = new PagedMemory(new Ipa(0x4000_0000), 0x40_0000);
            elf.TryLoad(memory, new IpaRange(new Ipa(0x4000_0000), 0x40_0000), out _);
            SymbolTable symbols = elf.CreateSymbolTable();
            foreach (Symbol symbol in elf.Symbols)
            {
                symbols.Format(symbol.Address);
                symbols.Format(symbol.Address + symbol.Size);
            }

            elf.TryTranslate(elf.EntryPoint, out _);
        }
    }
}
