using System;

namespace HvIntrospect.Tooling.Loading;

/// <summary>A part of a program that is to be loaded (PT_LOAD).</summary>
/// <remarks>Immutable and thread-safe. No address in it passes 2^64 - 1: <see cref="ElfFile"/> has checked that.</remarks>
public sealed class ElfSegment
{
    internal ElfSegment(int index, long headerOffset, ulong fileOffset, Ipa physicalAddress, Va virtualAddress, ulong memorySize, ReadOnlyMemory<byte> data, ElfSegmentAccess access)
    {
        Index = index;
        HeaderOffset = headerOffset;
        FileOffset = fileOffset;
        PhysicalAddress = physicalAddress;
        VirtualAddress = virtualAddress;
        MemorySize = memorySize;
        Data = data;
        Access = access;
    }

    /// <summary>Gets the number of the segment's program header, from 0.</summary>
    public int Index { get; }

    /// <summary>Gets the address that it is loaded to (p_paddr).</summary>
    public Ipa PhysicalAddress { get; }

    /// <summary>Gets the address of the same bytes once the program has turned on its MMU (p_vaddr).</summary>
    public Va VirtualAddress { get; }

    /// <summary>Gets the bytes of memory that it takes, at least 1; those beyond <see cref="Data"/> are 0.</summary>
    public ulong MemorySize { get; }

    /// <summary>Gets the bytes that the file holds, not more than <see cref="MemorySize"/>.</summary>
    public ReadOnlyMemory<byte> Data { get; }

    /// <summary>Gets what the program wants to do with the memory; with the MMU off nothing enforces it.</summary>
    public ElfSegmentAccess Access { get; }

    /// <summary>Gets the last byte of physical memory that it takes.</summary>
    internal Ipa LastPhysical => PhysicalAddress + (MemorySize - 1);

    /// <summary>Gets the last byte of virtual memory that it takes.</summary>
    internal Va LastVirtual => VirtualAddress + (MemorySize - 1);

    /// <summary>Gets where in the file its program header is.</summary>
    internal long HeaderOffset { get; }

    /// <summary>Gets where in the file its first byte is.</summary>
    internal ulong FileOffset { get; }

    /// <summary>Formats the segment for messages.</summary>
    /// <returns>For example <c>segment 0 (0x40000000 to 0x40000fff)</c>.</returns>
    public override string ToString() => $"segment {Index} ({PhysicalAddress} to {LastPhysical})";
}
