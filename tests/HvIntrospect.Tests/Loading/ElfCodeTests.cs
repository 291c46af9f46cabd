using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using HvIntrospect.Tooling.Loading;
using Xunit;

namespace HvIntrospect.Tests.Loading;

/// <summary>Which bytes of a program are instructions.</summary>
public sealed class ElfCodeTests
{
    private const int HeaderSize = 64;
    private const int ProgramHeaderSize = 56;
    private const int SectionHeaderSize = 64;
    private const int CodeStart = 0x200;
    private const int CodeSize = 0x100;
    private const ulong Address = 0x4000_0000;
    private const ulong Executable = 6;

    [Fact]
    public void WithoutSectionsTheExecutableSegmentsAreCode()
    {
        ElfCode code = Assert.Single(Read([], []));
        Assert.Equal((new Va(Address), CodeSize), (code.Address, code.Data.Length));
    }

    [Fact]
    public void ExecutableSectionsAreCodeAndOthersAreNot()
    {
        IReadOnlyList<ElfCode> code = Read([(0x10, 0x20, Executable), (0x30, 0x20, 2), (0x50, 0x20, Executable)], []);
        Assert.Equal([(Address + 0x10, 0x20), (Address + 0x50, 0x20)], code.Select(run => (run.Address.Value, run.Data.Length)));
    }

    [Fact]
    public void MappingSymbolsTellDataFromCode()
    {
        IReadOnlyList<ElfCode> code = Read([(0, 0x80, Executable)], [("$x", 0), ("$d.1", 0x10), ("$x.2", 0x1C), ("$dollar", 0x20), ("$d", 0x40), ("$x", 0x40)]);
        Assert.Equal([(Address, 0x10), (Address + 0x1C, 0x24), (Address + 0x40, 0x40)], code.Select(run => (run.Address.Value, run.Data.Length)));
    }

    [Fact]
    public void DataBeforeTheFirstCodeMarkIsLeftOut()
    {
        IReadOnlyList<ElfCode> code = Read([(0, 0x80, Executable)], [("$d", 0), ("$x", 0x7C)]);
        Assert.Equal([(Address + 0x7C, 4)], code.Select(run => (run.Address.Value, run.Data.Length)));
    }

    [Fact]
    public void RunsAreWholeWordsAtMultiplesOfFour()
    {
        IReadOnlyList<ElfCode> code = Read([(1, 0x0E, Executable), (0x12, 1, Executable)], []);
        Assert.Equal([(Address + 4, 8)], code.Select(run => (run.Address.Value, run.Data.Length)));
    }

    [Fact]
    public void NoByteIsSeenTwiceHoweverManySectionsClaimIt()
    {
        // Looking at each section's bytes would find them tens of thousands of times.
        IReadOnlyList<ElfCode> code = Read([.. Enumerable.Range(0, 60_000).Select(i => (i % 7 * 4, CodeSize - (i % 7 * 4), Executable))], []);
        Assert.Equal(CodeSize, code.Sum(run => run.Data.Length));
    }

    /// <summary>Makes a program of one segment with sections (offset, size, flags) and local symbols in it, and finds its code.</summary>
    private static IReadOnlyList<ElfCode> Read((int Offset, int Size, ulong Flags)[] sections, (string Name, ulong Offset)[] symbols)
    {
        const int SymbolSize = 24;
        int symbolTable = CodeStart + CodeSize;
        byte[] names = [0, .. symbols.SelectMany(symbol => Encoding.ASCII.GetBytes(symbol.Name + "\0"))];
        int strings = symbolTable + ((symbols.Length + 1) * SymbolSize);
        int headers = (strings + names.Length + 7) & ~7;
        int count = sections.Length == 0 ? 0 : sections.Length + 3;
        byte[] file = new byte[headers + (count * SectionHeaderSize)];
        Write("7F454C46020101"u8, 0);
        Put(16, 2, 2);
        Put(18, 183, 2);
        Put(20, 1, 4);
        Put(24, Address, 8);
        Put(32, HeaderSize, 8);
        Put(52, HeaderSize, 2);
        Put(54, ProgramHeaderSize, 2);
        Put(56, 1, 2);
        Put(58, SectionHeaderSize, 2);
        Put(HeaderSize, 1, 4);
        Put(HeaderSize + 4, 5, 4);
        Put(HeaderSize + 8, CodeStart, 8);
        Put(HeaderSize + 16, Address, 8);
        Put(HeaderSize + 24, Address, 8);
        Put(HeaderSize + 32, CodeSize, 8);
        Put(HeaderSize + 40, CodeSize, 8);
        if (count != 0)
        {
            Put(40, (ulong)headers, 8);
            Put(60, (ulong)count, 2);
            for (int i = 0; i < sections.Length; i++)
            {
                Section(i + 1, 1, sections[i].Flags, Address + (ulong)sections[i].Offset, CodeStart + sections[i].Offset, sections[i].Size);
            }

            Section(count - 2, 2, 0, 0, symbolTable, strings - symbolTable);
            Put(headers + ((count - 2) * SectionHeaderSize) + 40, (ulong)(count - 1), 4);
            Put(headers + ((count - 2) * SectionHeaderSize) + 56, SymbolSize, 8);
            Section(count - 1, 3, 0, 0, strings, names.Length);
            names.CopyTo(file, strings);
            int name = 1;
            for (int i = 0; i < symbols.Length; i++)
            {
                int symbol = symbolTable + ((i + 1) * SymbolSize);
                Put(symbol, (ulong)name, 4);
                Put(symbol + 6, 1, 2);
                Put(symbol + 8, Address + symbols[i].Offset, 8);
                name += symbols[i].Name.Length + 1;
            }
        }

        return ElfFile.Read(file).FindCode();

        void Section(int index, uint type, ulong flags, ulong address, int offset, int size)
        {
            int header = headers + (index * SectionHeaderSize);
            Put(header + 4, type, 4);
            Put(header + 8, flags, 8);
            Put(header + 16, address, 8);
            Put(header + 24, (ulong)offset, 8);
            Put(header + 32, (ulong)size, 8);
        }

        void Put(int offset, ulong value, int size)
        {
            Span<byte> bytes = stackalloc byte[8];
            BinaryPrimitives.WriteUInt64LittleEndian(bytes, value);
            bytes[..size].CopyTo(file.AsSpan(offset));
        }

        void Write(ReadOnlySpan<byte> hex, int offset) => Convert.FromHexString(Encoding.ASCII.GetString(hex)).CopyTo(file, offset);
    }
}
