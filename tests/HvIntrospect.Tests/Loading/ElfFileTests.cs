using System;
using System.Buffers.Binary;
using System.IO;
using System.Linq;
using HvIntrospect.Tests.Support;
using HvIntrospect.Tooling.Loading;
using HvIntrospect.Tooling.Symbols;
using Xunit;

namespace HvIntrospect.Tests.Loading;

public sealed class ElfFileTests
{
    private const int FirstSegment = ElfImages.HeaderSize;
    private static readonly IpaRange s_ram = new(new Ipa(0x4000_0000), 0x400_0000);

    /// <summary>A part of a file with symbols; the sections by their numbers.</summary>
    public enum Part
    {
        FirstSection = 0,
        SymbolSection = 1,
        NameSection = 2,
        Segment,
        Symbol,
    }

    [Fact]
    public void TheStationsSegmentsAndSymbolsAreRead()
    {
        ElfFile elf = ElfFile.Read(ElfImages.Station());

        Assert.Equal(new Va(0x4000_0000), elf.EntryPoint);
        Assert.False(elf.IsPositionIndependent);
        Assert.Equal([0x4000_0000u, 0x4000_2000u, 0x4000_3000u, 0x4020_0000u], elf.Segments.Select(segment => segment.PhysicalAddress.Value));
        Assert.Equal(
            [ElfSegmentAccess.Read | ElfSegmentAccess.Execute, ElfSegmentAccess.Read, ElfSegmentAccess.Read | ElfSegmentAccess.Write, ElfSegmentAccess.Read | ElfSegmentAccess.Write],
            elf.Segments.Select(segment => segment.Access));
        Assert.True(elf.Segments[3].Data.IsEmpty);
        Assert.Equal("segment 3 (0x40200000 to 0x402005ff)", elf.Segments[3].ToString());

        SymbolTable symbols = elf.CreateSymbolTable();
        Assert.True(symbols.TryFind("queue_head", out Symbol head));
        Assert.Equal(4u, head.Size);
        Assert.Equal(SymbolKind.Object, head.Kind);
        Assert.True(symbols.TryFind("log_text", out Symbol text));
        Assert.Equal(head.Address, text.Address + text.Size);
        Assert.True(symbols.TryFind("log_message", out Symbol function));
        Assert.Equal(SymbolKind.Function, function.Kind);
        Assert.Equal("log_message+0x44", symbols.Format(function.Address + 0x44));
        Assert.True(symbols.TryFind("write_digits", out Symbol local));
        Assert.Equal(SymbolBinding.Local, local.Binding);
        Assert.Equal("_start", symbols.Format(elf.EntryPoint));
    }

    [Fact]
    public void ASegmentsVirtualAddressesAreTranslatedToWhereItIsLoaded()
    {
        ElfFile elf = ElfFile.Read(ElfImages.Make((0xFFFF_0000_0000_1000, 0x4000_0000, 0x100), (0x8000, 0x4001_0000, 0x10)));

        Assert.True(elf.TryTranslate(new Va(0xFFFF_0000_0000_10FF), out Ipa physical));
        Assert.Equal(new Ipa(0x4000_00FF), physical);
        Assert.True(elf.TryTranslate(new Va(0x8000), out physical));
        Assert.Equal(new Ipa(0x4001_0000), physical);
        Assert.False(elf.TryTranslate(new Va(0xFFFF_0000_0000_1100), out _));
        Assert.False(elf.TryTranslate(new Va(0x7FFF), out _));
    }

    [Theory]
    [InlineData(0x4000_0FFF, false)]
    [InlineData(0x4000_1000, true)]
    [InlineData(0x4000_1100, true)]
    [InlineData(0x4000_10FF, false)]
    public void SegmentsMayTouchButNotShareAByte(ulong physical, bool isAccepted)
    {
        // The second one is at 0x40001010 up to 0x400010ff.
        ulong size = physical < 0x4000_1000 ? 0x12ul : 0x10;
        byte[] file = ElfImages.Make((0x1000, physical, size), (0x2000, 0x4000_1010, 0xF0));
        Assert.Equal(isAccepted, ElfFile.TryRead(file, out _, out ElfError error));
        Assert.Equal(isAccepted ? ElfErrorKind.None : ElfErrorKind.OverlappingSegments, error.Kind);
    }

    [Fact]
    public void ASegmentMayEndAtTheLastByteOfTheAddressSpace()
    {
        ElfFile elf = ElfFile.Read(ElfImages.Make((0xFFFF_FFFF_FFFF_F000, 0xFFFF_FFFF_FFFF_F000, 0x1000)));
        Assert.Equal("segment 0 (0xfffffffffffff000 to 0xffffffffffffffff)", elf.Segments[0].ToString());
    }

    [Fact]
    public void SegmentsThatTakeNoMemoryAreLeftOut()
    {
        byte[] file = ElfImages.Make((0x1000, 0x1000, 0x10), (0x1000, 0x1000, 0), (0x2000, 0x2000, 0x10));
        Assert.Equal([0, 2], ElfFile.Read(file).Segments.Select(segment => segment.Index));
    }

    [Fact]
    public void AnEmptySegmentMayLieBeyondTheEndOfTheFile()
    {
        byte[] file = ElfImages.Make((0x4000_0000, 0x4000_0000, 0x20));
        BinaryPrimitives.WriteUInt64LittleEndian(file.AsSpan(FirstSegment + 8), 0x10_0000);
        BinaryPrimitives.WriteUInt64LittleEndian(file.AsSpan(FirstSegment + 32), 0);
        Assert.Equal(0x20u, ElfFile.Read(file).Segments[0].MemorySize);
    }

    [Fact]
    public void MoreSectionsThan16BitsCountAreCountedByTheFirstHeader()
    {
        byte[] file = ElfImages.MakeWithSymbols(1, _ => 1, "\0name\0"u8);
        int sections = (int)BinaryPrimitives.ReadUInt64LittleEndian(file.AsSpan(40));
        BinaryPrimitives.WriteUInt16LittleEndian(file.AsSpan(60), 0);
        BinaryPrimitives.WriteUInt64LittleEndian(file.AsSpan(sections + 32), 3);
        Assert.Equal("name", Assert.Single(ElfFile.Read(file).Symbols).Name);
    }

    [Theory]
    [InlineData(0, 0x7E, 1, ElfErrorKind.NotElf, 0, "not an ELF file: it does not begin with 7f 45 4c 46 (at file offset 0x0)")]
    [InlineData(4, 1, 1, ElfErrorKind.Not64Bit, 4, "a 32-bit ELF file; only 64-bit ones can run (at file offset 0x4)")]
    [InlineData(4, 3, 1, ElfErrorKind.Corrupt, 4, "the class of the file is 3, which does not exist (at file offset 0x4)")]
    [InlineData(5, 2, 1, ElfErrorKind.BigEndian, 5, "a big-endian ELF file; only little-endian ones can run (at file offset 0x5)")]
    [InlineData(5, 0, 1, ElfErrorKind.Corrupt, 5, "the byte order of the file is 0, which does not exist (at file offset 0x5)")]
    [InlineData(6, 0, 1, ElfErrorKind.Corrupt, 6, "the version of the file is not 1 (at file offset 0x6)")]
    [InlineData(20, 2, 4, ElfErrorKind.Corrupt, 20, "the version of the file is not 1 (at file offset 0x14)")]
    [InlineData(18, 62, 2, ElfErrorKind.WrongMachine, 18, "the file is for machine 62 (x86-64), not for 183 (AArch64) (at file offset 0x12)")]
    [InlineData(16, 1, 2, ElfErrorKind.NotExecutable, 16, "the file is not an executable but a relocatable object, which has to be linked first (at file offset 0x10)")]
    [InlineData(16, 4, 2, ElfErrorKind.NotExecutable, 16, "the file is not an executable but a core dump (at file offset 0x10)")]
    [InlineData(52, 63, 2, ElfErrorKind.Corrupt, 52, "the file's header has 63 bytes instead of 64 (at file offset 0x34)")]
    [InlineData(54, 32, 2, ElfErrorKind.Corrupt, 54, "a program header has 32 bytes instead of 56 (at file offset 0x36)")]
    [InlineData(56, 0, 2, ElfErrorKind.NoLoadableSegment, 56, "no segment is to be loaded: the file has no program headers (at file offset 0x38)")]
    [InlineData(56, 0xFFFF, 2, ElfErrorKind.LimitExceeded, 56, "the file has 65535 program headers, the limit is 4096 (at file offset 0x38)")]
    [InlineData(56, 3, 2, ElfErrorKind.Truncated, 32, "the table of program headers leaves the file: 0xa8 bytes from 0x40, but the file has 0xd0 (at file offset 0x20)")]
    [InlineData(32, -1, 8, ElfErrorKind.Truncated, 32, "the table of program headers leaves the file: 0x70 bytes from 0xffffffffffffffff, but the file has 0xd0 (at file offset 0x20)")]
    [InlineData(60, 1, 2, ElfErrorKind.Corrupt, 40, "the file has 1 section headers at no place (at file offset 0x28)")]
    [InlineData(40, 64, 8, ElfErrorKind.Corrupt, 58, "a section header has 0 bytes instead of 64 (at file offset 0x3a)")]
    [InlineData(FirstSegment + 8, -16, 8, ElfErrorKind.Truncated, FirstSegment + 8, "segment 0 leaves the file: 0x10 bytes from 0xfffffffffffffff0, but the file has 0xd0 (at file offset 0x48)")]
    [InlineData(FirstSegment + 32, 0x41, 8, ElfErrorKind.Truncated, FirstSegment + 8, "segment 0 leaves the file: 0x41 bytes from 0xb0, but the file has 0xd0 (at file offset 0x48)")]
    [InlineData(FirstSegment + 40, 15, 8, ElfErrorKind.Corrupt, FirstSegment + 32, "segment 0 has 0x10 bytes in the file but only 0xf in memory (at file offset 0x60)")]
    [InlineData(FirstSegment + 40, -1, 8, ElfErrorKind.AddressOverflow, FirstSegment + 16, "segment 0 passes the end of virtual memory: 0xffffffffffffffff bytes from 0x40000000 (at file offset 0x50)")]
    [InlineData(FirstSegment + 24, -255, 8, ElfErrorKind.AddressOverflow, FirstSegment + 24, "segment 0 passes the end of physical memory: 0x100 bytes from 0xffffffffffffff01 (at file offset 0x58)")]
    [InlineData(FirstSegment + 24, 0x4000_1F81, 8, ElfErrorKind.OverlappingSegments, FirstSegment + 24, "segment 0 (0x40001f81 to 0x40002080) overlaps segment 1 (0x40001f00 to 0x40001fff) (at file offset 0x58)")]
    [InlineData(FirstSegment + 48, 0x1001, 8, ElfErrorKind.Corrupt, FirstSegment + 48, "the alignment of segment 0 is 0x1001, which is not a power of two (at file offset 0x70)")]
    public void AWrongFieldIsNamedWithItsPlace(int offset, long value, int width, ElfErrorKind kind, long fileOffset, string message)
    {
        byte[] file = ElfImages.Make((0x4000_0000, 0x4000_0000, 0x100), (0x4000_1F00, 0x4000_1F00, 0x100));
        Span<byte> bytes = stackalloc byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, value);
        bytes[..width].CopyTo(file.AsSpan(offset));

        AssertError(file, kind, fileOffset, message);
    }

    [Theory]
    [InlineData(Part.Segment, 0, 2, 4, ElfErrorKind.NoLoadableSegment)]
    [InlineData(Part.FirstSection, 4, 1, 4, ElfErrorKind.None)]
    [InlineData(Part.SymbolSection, 24, -1, 8, ElfErrorKind.Truncated)]
    [InlineData(Part.SymbolSection, 32, 25, 8, ElfErrorKind.Corrupt)]
    [InlineData(Part.SymbolSection, 40, 1, 4, ElfErrorKind.Corrupt)]
    [InlineData(Part.SymbolSection, 40, 3, 4, ElfErrorKind.Corrupt)]
    [InlineData(Part.SymbolSection, 56, 25, 8, ElfErrorKind.Corrupt)]
    [InlineData(Part.NameSection, 32, 3, 8, ElfErrorKind.Corrupt)]
    [InlineData(Part.Symbol, 0, 7, 4, ElfErrorKind.Corrupt)]
    [InlineData(Part.Symbol, 8, -1, 8, ElfErrorKind.None)]
    [InlineData(Part.Symbol, 16, -1, 8, ElfErrorKind.AddressOverflow)]
    public void AWrongFieldOfTheSymbolsIsRefused(Part part, int field, long value, int width, ElfErrorKind kind)
    {
        byte[] file = ElfImages.MakeWithSymbols(1, _ => 1, "\0name\0"u8);
        int sections = (int)BinaryPrimitives.ReadUInt64LittleEndian(file.AsSpan(40));
        int start = part switch
        {
            Part.Segment => FirstSegment,
            Part.Symbol => (int)BinaryPrimitives.ReadUInt64LittleEndian(file.AsSpan(sections + ElfImages.SectionHeaderSize + 24)),
            _ => sections + ((int)part * ElfImages.SectionHeaderSize),
        };
        Span<byte> bytes = stackalloc byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, value);
        bytes[..width].CopyTo(file.AsSpan(start + field));

        Assert.Equal(kind == ElfErrorKind.None, ElfFile.TryRead(file, out _, out ElfError error));
        Assert.Equal(kind, error.Kind);
    }

    [Fact]
    public void TheTwinThatThrowsSaysTheSame()
    {
        ElfFormatException exception = Assert.Throws<ElfFormatException>(() => ElfFile.Read(new byte[] { 1, 2, 3, 4, 5 }));
        Assert.Equal(ElfErrorKind.NotElf, exception.Kind);
        Assert.Equal(exception.Error.Message, exception.Message);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    [InlineData(63)]
    public void AFileThatEndsInItsHeaderIsTruncated(int length) =>
        AssertError(ElfImages.Station()[..length], ElfErrorKind.Truncated, length, $"the file ends within its header: {length} of 64 bytes (at file offset 0x{length:x})");

    [Fact]
    public void TooManySymbolsAreRefused()
    {
        byte[] file = ElfImages.MakeWithSymbols(ElfFile.MaximumSymbols + 1, _ => 1, "\0name\0"u8);
        Assert.False(ElfFile.TryRead(file, out _, out ElfError error));
        Assert.Equal(ElfErrorKind.LimitExceeded, error.Kind);
    }

    [Fact]
    public void SymbolsThatShareOneLongNameAreRefusedBeforeTheyTakeMuchMemory()
    {
        byte[] strings = new byte[0x1_0000];
        strings.AsSpan(1, strings.Length - 2).Fill((byte)'a');
        byte[] file = ElfImages.MakeWithSymbols(2000, _ => 1, strings);

        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.False(ElfFile.TryRead(file, out _, out ElfError error));
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.Equal(ElfErrorKind.LimitExceeded, error.Kind);
        Assert.InRange(allocated, 0, 20L * file.Length);
    }

    [Fact]
    public void SegmentsAreCopiedAndTheRestOfThemIsCleared()
    {
        var memory = new PagedMemory(s_ram.Start, 0x1_0000);
        ElfFile elf = ElfFile.Read(ElfImages.Make((0x4000_0F00, 0x4000_0F00, 0x2345), (0x4000_8000, 0x4000_8000, 16)));
        elf.Load(memory, s_ram);

        byte[] expected = [.. Enumerable.Repeat((byte)0xCC, 0x10), .. Enumerable.Repeat((byte)1, 16), .. new byte[0x2335], .. Enumerable.Repeat((byte)0xCC, 0x10)];
        Assert.Equal(expected, memory.Bytes(new Ipa(0x4000_0EF0), expected.Length));
        Assert.Equal(Enumerable.Repeat((byte)2, 16), memory.Bytes(new Ipa(0x4000_8000), 16));
    }

    [Fact]
    public void ASegmentThatLeavesMemoryIsNamedAndNothingIsWritten()
    {
        var memory = new PagedMemory(s_ram.Start, s_ram.Length);
        ElfFile elf = ElfFile.Read(ElfImages.Make((0x4000_0000, 0x4000_0000, 0x10), (0x43FF_FFF0, 0x43FF_FFF0, 0x11)));

        Assert.False(elf.TryLoad(memory, s_ram, out ElfError error));
        Assert.Equal(ElfErrorKind.OutsideMemory, error.Kind);
        Assert.Equal("segment 1 (0x43fffff0 to 0x44000000) leaves memory, which is 0x40000000 to 0x43ffffff (at file offset 0x78)", error.Message);
        Assert.Equal(error, Assert.Throws<ElfFormatException>(() => elf.Load(memory, s_ram)).Error);
        Assert.Equal(0, memory.Writes);
    }

    [Theory]
    [InlineData(0x4000_3000)]
    [InlineData(0x4000_5000)]
    public void ASegmentOverAHoleInMemoryIsNamedAndNothingIsWritten(ulong hole)
    {
        var memory = new PagedMemory(s_ram.Start, 0x1_0000);
        memory.Remove(new Ipa(hole));
        ElfFile elf = ElfFile.Read(ElfImages.Make((0x4000_0800, 0x4000_0800, 0x4801)));

        Assert.False(elf.TryLoad(memory, s_ram, out ElfError error));
        Assert.Equal($"segment 0 (0x40000800 to 0x40005000) has no memory at 0x{hole:x} (at file offset 0x40)", error.Message);
        Assert.Equal(0, memory.Writes);
    }

    [ToolFact("aarch64-linux-gnu-gcc", "aarch64-linux-gnu-ld")]
    public void FilesOfOtherKindsThatACompilerMakesAreToldApart()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.PathOf("a.c"), "int data = 1; int zero[100]; int _start(void) { return data + zero[3]; }");
        Assert.Equal(ElfErrorKind.None, Compile("program.elf", "-static", "-no-pie"));
        Assert.Equal(ElfErrorKind.None, Compile("library.so", "-shared", "-fpic"));
        Assert.Equal(ElfErrorKind.NotExecutable, Compile("a.o", "-c"));
        Assert.Equal(ElfErrorKind.BigEndian, Compile("big.elf", "-mbig-endian", "-static", "-no-pie"));
        Assert.Equal(ElfErrorKind.Not64Bit, Compile("ilp32.elf", "-mabi=ilp32", "-static", "-no-pie"));

        ElfFile library = ElfFile.Read(File.ReadAllBytes(folder.PathOf("library.so")));
        Assert.True(library.IsPositionIndependent);
        Assert.Contains(library.Symbols, symbol => symbol is { Name: "data", Kind: SymbolKind.Object, Size: 4 });

        // Without its symbol table a library still names what it exports.
        ExternalTool.Run("aarch64-linux-gnu-strip", folder.PathOf("library.so"));
        library = ElfFile.Read(File.ReadAllBytes(folder.PathOf("library.so")));
        Assert.Contains(library.Symbols, symbol => symbol is { Name: "data", Kind: SymbolKind.Object, Size: 4 });

        ElfErrorKind Compile(string output, params string[] options)
        {
            string[] arguments = [.. options, "-nostdlib", "-ffreestanding", "-Wl,--build-id=none", "-o", folder.PathOf(output), folder.PathOf("a.c")];
            ExternalTool.Run("aarch64-linux-gnu-gcc", arguments);
            ElfFile.TryRead(File.ReadAllBytes(folder.PathOf(output)), out _, out ElfError error);
            return error.Kind;
        }
    }

    private static void AssertError(byte[] file, ElfErrorKind kind, long fileOffset, string message)
    {
        Assert.False(ElfFile.TryRead(file, out ElfFile? elf, out ElfError error));
        Assert.Null(elf);
        Assert.Equal(kind, error.Kind);
        Assert.Equal(fileOffset, error.FileOffset);
        Assert.Equal(message, error.Message);
    }
}
