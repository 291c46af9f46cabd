using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using HvIntrospect.A64;

namespace HvIntrospect.Benchmarks.Suites;

/// <summary>The load/store words of real code, in the order in which they stand in it.</summary>
internal sealed record LoadStoreWords(string Source, uint[] Words)
{
    // The C library that the cross compiler brings: code of many authors and shapes.
    private const string Library = "/usr/aarch64-linux-gnu/lib/libc.so.6";

    private const int SectionHeaderSize = 64;

    /// <summary>Takes the words from the cross compiler's C library where it is installed, else from the benchmark's guests.</summary>
    public static LoadStoreWords Load() =>
        File.Exists(Library) ? From("the C library for arm64", [Library]) : From("the guests", GuestKernel.Files);

    /// <summary>Takes the words from the section .text of ELF files.</summary>
    public static LoadStoreWords From(string source, IEnumerable<string> files) =>
        new(source, [.. files.SelectMany(static file => ReadText(File.ReadAllBytes(file))).Where(IsLoadStore)]);

    /// <summary>Tests for a load or store; constants that stand between the functions fall out, as far as they are not like one.</summary>
    private static bool IsLoadStore(uint word) => A64Decoder.Default.TryDecodeLoadStore(word, out _);

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
