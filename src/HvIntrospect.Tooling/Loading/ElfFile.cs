using System;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using HvIntrospect.Tooling.Symbols;

namespace HvIntrospect.Tooling.Loading;

/// <summary>A bare-metal AArch64 program in ELF format: its segments, entry point and symbols.</summary>
/// <remarks>
/// <para>Accepts ELF64, little-endian, EM_AARCH64, ET_EXEC or ET_DYN, with at least one non-empty PT_LOAD segment; segments are loaded by their physical
/// addresses, and relocations are not applied. Linkers put the file's own headers in front of the first section: where just these lie below memory,
/// they are left out. "ELF for the Arm 64-bit Architecture" and the System V ABI, "Object Files" and "Program Loading".</para>
/// <para>The file may be hostile: reading it takes time in proportion to its length and memory within the limits that the constants of this
/// class state, and never throws anything but <see cref="ElfFormatException"/>.</para>
/// <para>Immutable and thread-safe, provided that nobody changes the file's bytes, which are referred to and not copied.</para>
/// </remarks>
public sealed partial class ElfFile
{
    /// <summary>The most program headers that a file may have.</summary>
    public const int MaximumProgramHeaders = 4096;

    /// <summary>The most section headers that a file may have.</summary>
    public const int MaximumSectionHeaders = 0x1_0000;

    /// <summary>The most symbols that a file may have.</summary>
    public const int MaximumSymbols = 0x10_0000;

    // Where in the file the first section begins that a program can mean; what is before it are the file's own headers. 0 when no section says so.
    private readonly ulong _contentStart;
    private readonly ExecutablePart[] _executable;

    private ElfFile(Va entryPoint, bool isPositionIndependent, ElfSegment[] segments, Symbol[] symbols, ExecutablePart[] executable, ulong contentStart)
    {
        _executable = executable;
        _contentStart = contentStart;
        EntryPoint = entryPoint;
        IsPositionIndependent = isPositionIndependent;
        Segments = segments;
        Symbols = symbols;
    }

    /// <summary>Gets the address of the first instruction, as the program was linked (e_entry). <see cref="TryTranslate"/> says where it is loaded.</summary>
    public Va EntryPoint { get; }

    /// <summary>Gets a value indicating whether the file is of type ET_DYN: it could run elsewhere, but is loaded where its headers say.</summary>
    public bool IsPositionIndependent { get; }

    /// <summary>Gets the segments that take memory, in the order of their program headers; at least one.</summary>
    public IReadOnlyList<ElfSegment> Segments { get; }

    /// <summary>Gets the defined symbols in the order of the file: those of its symbol table, or of its dynamic symbol table when it has no other.</summary>
    public IReadOnlyList<Symbol> Symbols { get; }

    /// <summary>Reads a file.</summary>
    /// <param name="file">The file's bytes; the result refers to them.</param>
    /// <returns>The file.</returns>
    /// <exception cref="ElfFormatException">The bytes are not an ELF file that this class accepts.</exception>
    public static ElfFile Read(ReadOnlyMemory<byte> file) => TryRead(file, out ElfFile? elf, out ElfError error) ? elf : throw new ElfFormatException(error);

    /// <summary>Reads a file.</summary>
    /// <param name="file">The file's bytes; the result refers to them.</param>
    /// <param name="elf">Receives the file, or null.</param>
    /// <param name="error">Receives what is wrong with it.</param>
    /// <returns>False when the bytes are not an ELF file that this class accepts.</returns>
    public static bool TryRead(ReadOnlyMemory<byte> file, [NotNullWhen(true)] out ElfFile? elf, out ElfError error)
    {
        var reader = new Reader(file);
        elf = reader.TryRead();
        error = reader.Error;
        return elf is not null;
    }

    /// <summary>Finds where a linked address is loaded.</summary>
    /// <param name="address">An address as the program was linked.</param>
    /// <param name="physical">Receives the address in guest memory.</param>
    /// <returns>False when the address lies in no segment.</returns>
    public bool TryTranslate(Va address, out Ipa physical)
    {
        foreach (ElfSegment segment in Segments)
        {
            ulong offset = address - segment.VirtualAddress;
            if (offset < segment.MemorySize)
            {
                physical = segment.PhysicalAddress + offset;
                return true;
            }
        }

        physical = default;
        return false;
    }

    /// <summary>Makes a table of the symbols. A symbol of unknown size reaches at most to the end of its segment.</summary>
    /// <returns>The table.</returns>
    public SymbolTable CreateSymbolTable() => new(Symbols);

    /// <summary>Finds the instructions: the executable sections, or the executable segments of a file without sections, less the data that mapping symbols mark.</summary>
    /// <returns>Runs of instructions in the order of the file; no byte of the file is in two of them.</returns>
    public IReadOnlyList<ElfCode> FindCode() => new CodeFinder(Symbols).Find(_executable);

    /// <summary>Tests whether all segments lie in a range of physical memory. The file's own headers may lie below it.</summary>
    /// <param name="ram">The range.</param>
    /// <param name="error">Receives which segment leaves it and where.</param>
    /// <returns>False when a segment leaves <paramref name="ram"/>.</returns>
    public bool FitsIn(IpaRange ram, out ElfError error)
    {
        foreach (ElfSegment segment in Segments)
        {
            ulong left = HeadersBelow(segment, ram);
            if (left != segment.MemorySize && !ram.Contains(segment.PhysicalAddress + left, segment.MemorySize - left))
            {
                error = new ElfError(ElfErrorKind.OutsideMemory, segment.HeaderOffset, $"{segment} leaves memory, which is {ram.Start} to {ram.Last}");
                return false;
            }
        }

        error = default;
        return true;
    }

    /// <summary>Copies the segments to guest memory and clears what their files leave out.</summary>
    /// <param name="memory">The guest's memory.</param>
    /// <param name="ram">The part of it that segments may take.</param>
    /// <exception cref="ArgumentNullException"><paramref name="memory"/> is null.</exception>
    /// <exception cref="ElfFormatException">A segment leaves <paramref name="ram"/> or lies where memory is absent. On failure: memory is unchanged.</exception>
    public void Load(IGuestMemory memory, IpaRange ram)
    {
        if (!TryLoad(memory, ram, out ElfError error))
        {
            throw new ElfFormatException(error);
        }
    }

    /// <summary>Copies the segments to guest memory and clears what their files leave out.</summary>
    /// <param name="memory">The guest's memory.</param>
    /// <param name="ram">The part of it that segments may take.</param>
    /// <param name="error">Receives which segment leaves it and where.</param>
    /// <returns>False when a segment leaves <paramref name="ram"/> or lies where memory is absent; then memory is unchanged.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="memory"/> is null.</exception>
    public bool TryLoad(IGuestMemory memory, IpaRange ram, out ElfError error)
    {
        _ = memory ?? throw new ArgumentNullException(nameof(memory));
        if (!FitsIn(ram, out error))
        {
            return false;
        }

        foreach (ElfSegment segment in Segments)
        {
            ulong left = HeadersBelow(segment, ram);
            if (left != segment.MemorySize && TryFindAbsent(memory, segment.PhysicalAddress + left, segment.LastPhysical, out Ipa absent))
            {
                error = new ElfError(ElfErrorKind.OutsideMemory, segment.HeaderOffset, $"{segment} has no memory at {absent}");
                return false;
            }
        }

        foreach (ElfSegment segment in Segments)
        {
            Copy(memory, segment, HeadersBelow(segment, ram));
        }

        return true;
    }

    /// <summary>Looks at one byte in each page, because memory comes and goes by pages.</summary>
    private static bool TryFindAbsent(IGuestMemory memory, Ipa first, Ipa last, out Ipa absent)
    {
        const ulong PageSize = 0x1000;
        Span<byte> probe = stackalloc byte[1];
        absent = first;
        while (memory.Read(absent, probe) == 1)
        {
            ulong step = PageSize - absent.OffsetIn(PageSize);
            if (step > last - absent)
            {
                return false;
            }

            absent += step;
        }

        return true;
    }

    private static void Copy(IGuestMemory memory, ElfSegment segment, ulong left)
    {
        ReadOnlySpan<byte> data = segment.Data.Span.Slice((int)Math.Min(left, (ulong)segment.Data.Length));
        Ipa start = segment.PhysicalAddress + left;
        memory.Write(start, data);
        ulong zeros = segment.MemorySize - left - (ulong)data.Length;
        if (zeros == 0)
        {
            return;
        }

        Span<byte> block = stackalloc byte[0x400];
        block.Clear();
        Ipa next = start + (ulong)data.Length;
        while (true)
        {
            ReadOnlySpan<byte> part = block.Slice(0, (int)Math.Min(zeros, (ulong)block.Length));
            memory.Write(next, part);
            zeros -= (ulong)part.Length;
            if (zeros == 0)
            {
                return;
            }

            next += (ulong)part.Length;
        }
    }

    /// <summary>Gets the bytes at a segment's start that lie below memory and hold nothing but the file's own headers.</summary>
    private ulong HeadersBelow(ElfSegment segment, IpaRange ram)
    {
        if (segment.FileOffset != 0 || segment.PhysicalAddress >= ram.Start)
        {
            return 0;
        }

        ulong below = Math.Min(ram.Start - segment.PhysicalAddress, segment.MemorySize);
        return below <= _contentStart ? below : 0;
    }
}
