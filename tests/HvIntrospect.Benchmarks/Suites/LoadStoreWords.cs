using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.IO;
using System.Linq;

namespace HvIntrospect.Benchmarks.Suites;

/// <summary>The load/store words of real code, in the order in which they stand in it.</summary>
internal sealed record LoadStoreWords(string Source, uint[] Words)
{
    // The C library that the cross compiler brings: code of many authors and shapes.
    private const string Library = "/usr/aarch64-linux-gnu/lib/libc.so.6";

    private const int SectionHeaderSize = 64;

    /// <summary>Takes the words from the cross compiler's C library where it is installed, else from the benchmark's guests.</summary>
    public static LoadStoreWords Load()
    {
        IEnumerable<string> files = File.Exists(Library) ? [Library] : GuestKernel.Files;
        uint[] words = [.. files.SelectMany(static file => ReadText(File.ReadAllBytes(file))).Where(IsLoadStore)];
        return new LoadStoreWords(File.Exists(Library) ? "the C library for arm64" : "the guests", words);
    }

    /// <summary>Tests for the A64 group "Loads and stores".</summary>
    private static bool IsLoadStore(uint word) => (word & 0x0a000000) == 0x08000000;

    /// <summary>Reads the words of section .text.</summary>
    private static uint[] ReadText(byte[] file)
    {
        int headers = (int)BinaryPrimitives.ReadUInt64LittleEndian(file.AsSpan(0x28));
        int count = BinaryPrimitives.ReadUInt16LittleEndian(file.AsSpan(0x3c));
        int names = BinaryPrimitives.ReadUInt16LittleEndian(file.AsSpan(0x3e));
        int namesOffset = Offset(names);
        for (int i = 0; i < count; i++)
        {
            int name = BinaryPrimitives.ReadInt32LittleEndian(file.AsSpan(headers + (i * SectionHeaderSize)));
            if (file.AsSpan(namesOffset + name).StartsWith(".text\0"u8))
            {
                int size = (int)BinaryPrimitives.ReadUInt64LittleEndian(file.AsSpan(headers + (i * SectionHeaderSize) + 0x20));
                return [.. file.Skip(Offset(i)).Take(size).Chunk(sizeof(uint)).Select(static word => BinaryPrimitives.ReadUInt32LittleEndian(word))];
            }
        }

        return [];

        int Offset(int section) =>
            (int)BinaryPrimitives.ReadUInt64LittleEndian(file.AsSpan(headers + (section * SectionHeaderSize) + 0x18));
    }
}
