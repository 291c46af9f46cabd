using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.IO;
using HvIntrospect.Tests.Support;

namespace HvIntrospect.Tests.Loading;

/// <summary>ELF files for tests: compiled ones of the repository and small ones that are made here.</summary>
internal static class ElfImages
{
    public const int HeaderSize = 64;
    public const int ProgramHeaderSize = 56;
    public const int SectionHeaderSize = 64;
    public const int SymbolSize = 24;

    /// <summary>Gets a fresh copy of the watch sample's guest.</summary>
    public static byte[] Station() => File.ReadAllBytes(RepositoryFiles.PathOf("samples/WatchIpa/Guest/default.elf"));

    public static IEnumerable<string> AllPaths()
    {
        yield return RepositoryFiles.PathOf("samples/WatchIpa/Guest/default.elf");
        foreach (string kernel in Directory.GetFiles(RepositoryFiles.PathOf("tests/guests"), "*.elf"))
        {
            yield return kernel;
        }
    }

    /// <summary>Makes a file with a header and one program header for each segment of 16 bytes in the file.</summary>
    public static byte[] Make(params (ulong Virtual, ulong Physical, ulong MemorySize)[] segments)
    {
        int data = HeaderSize + (segments.Length * ProgramHeaderSize);
        byte[] file = new byte[data + (segments.Length * 16)];
        WriteHeader(file, segments.Length);
        for (int index = 0; index < segments.Length; index++)
        {
            Span<byte> header = file.AsSpan(HeaderSize + (index * ProgramHeaderSize), ProgramHeaderSize);
            BinaryPrimitives.WriteUInt32LittleEndian(header, 1);
            BinaryPrimitives.WriteUInt32LittleEndian(header[4..], 7);
            BinaryPrimitives.WriteUInt64LittleEndian(header[8..], (ulong)(data + (index * 16)));
            BinaryPrimitives.WriteUInt64LittleEndian(header[16..], segments[index].Virtual);
            BinaryPrimitives.WriteUInt64LittleEndian(header[24..], segments[index].Physical);
            BinaryPrimitives.WriteUInt64LittleEndian(header[32..], Math.Min(16, segments[index].MemorySize));
            BinaryPrimitives.WriteUInt64LittleEndian(header[40..], segments[index].MemorySize);
            file.AsSpan(data + (index * 16), 16).Fill((byte)(index + 1));
        }

        return file;
    }

    /// <summary>Makes a file with one segment and a table of symbols, each given by its name's place in the string table.</summary>
    public static byte[] MakeWithSymbols(int count, Func<int, uint> nameOf, ReadOnlySpan<byte> strings)
    {
        byte[] program = Make((0x4000_0000, 0x4000_0000, 0x1000));
        int symbols = program.Length;
        int names = symbols + (count * SymbolSize);
        int sections = names + strings.Length;
        byte[] file = new byte[sections + (3 * SectionHeaderSize)];
        program.CopyTo(file, 0);
        for (int index = 0; index < count; index++)
        {
            Span<byte> symbol = file.AsSpan(symbols + (index * SymbolSize), SymbolSize);
            BinaryPrimitives.WriteUInt32LittleEndian(symbol, nameOf(index));
            symbol[4] = 0x12;
            symbol[6] = 1;
            BinaryPrimitives.WriteUInt64LittleEndian(symbol[8..], 0x4000_0000 + (ulong)index);
            BinaryPrimitives.WriteUInt64LittleEndian(symbol[16..], 1);
        }

        strings.CopyTo(file.AsSpan(names));
        WriteSection(file, sections + SectionHeaderSize, 2, symbols, count * SymbolSize, link: 2, entrySize: SymbolSize);
        WriteSection(file, sections + (2 * SectionHeaderSize), 3, names, strings.Length, link: 0, entrySize: 0);
        BinaryPrimitives.WriteUInt64LittleEndian(file.AsSpan(40), (ulong)sections);
        BinaryPrimitives.WriteUInt16LittleEndian(file.AsSpan(58), SectionHeaderSize);
        BinaryPrimitives.WriteUInt16LittleEndian(file.AsSpan(60), 3);
        return file;
    }

    private static void WriteHeader(byte[] file, int segments)
    {
        ReadOnlySpan<byte> identification = [0x7F, (byte)'E', (byte)'L', (byte)'F', 2, 1, 1];
        identification.CopyTo(file);
        BinaryPrimitives.WriteUInt16LittleEndian(file.AsSpan(16), 2);
        BinaryPrimitives.WriteUInt16LittleEndian(file.AsSpan(18), 183);
        BinaryPrimitives.WriteUInt32LittleEndian(file.AsSpan(20), 1);
        BinaryPrimitives.WriteUInt64LittleEndian(file.AsSpan(24), 0x4000_0000);
        BinaryPrimitives.WriteUInt64LittleEndian(file.AsSpan(32), HeaderSize);
        BinaryPrimitives.WriteUInt16LittleEndian(file.AsSpan(52), HeaderSize);
        BinaryPrimitives.WriteUInt16LittleEndian(file.AsSpan(54), ProgramHeaderSize);
        BinaryPrimitives.WriteUInt16LittleEndian(file.AsSpan(56), (ushort)segments);
    }

    private static void WriteSection(byte[] file, int header, uint type, int offset, int size, uint link, ulong entrySize)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(file.AsSpan(header + 4), type);
        BinaryPrimitives.WriteUInt64LittleEndian(file.AsSpan(header + 24), (ulong)offset);
        BinaryPrimitives.WriteUInt64LittleEndian(file.AsSpan(header + 32), (ulong)size);
        BinaryPrimitives.WriteUInt32LittleEndian(file.AsSpan(header + 40), link);
        BinaryPrimitives.WriteUInt64LittleEndian(file.AsSpan(header + 56), entrySize);
    }
}
