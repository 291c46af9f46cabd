using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace HvIntrospect.Interpreter.Mmu;

/// <summary>A page of data, 4096 bytes, that was translated: one cache line.</summary>
/// <remarks>
/// Direct-mapped by bits 19:12 of the address. A tag is the page's virtual address, or <see cref="NoPage"/>. The first two tags serve the
/// handlers: they match only where an aligned access needs nothing but the host's memory. The rest serves the slow path.
/// </remarks>
[StructLayout(LayoutKind.Sequential, Size = Size)]
internal unsafe struct DataTlbEntry
{
    /// <summary>The number of entries.</summary>
    public const int Count = 256;

    /// <summary>The size in bytes.</summary>
    public const int Size = 64;

    /// <summary>A tag that no address matches: tags of pages have bits 11:0 zero.</summary>
    public const ulong NoPage = 0xFFF;

    /// <summary>The tag for reads by host pointer.</summary>
    public ulong ReadTag;

    /// <summary>The tag for writes by host pointer.</summary>
    public ulong WriteTag;

    /// <summary>What to add to a virtual address of the page to get the host address; valid with any tag, when the page is RAM.</summary>
    public ulong Addend;

    /// <summary>The tag of everything below.</summary>
    public ulong PageTag;

    /// <summary>The physical address of the page.</summary>
    public ulong Pa;

    /// <summary>The intermediate physical address of the page.</summary>
    public ulong Ipa;

    /// <summary>What is known of the page.</summary>
    public DataPageFlags Flags;

    /// <summary>Finds the entry that would hold an address.</summary>
    /// <param name="table">The table.</param>
    /// <param name="va">The address.</param>
    /// <returns>The entry.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static DataTlbEntry* Of(DataTlbEntry* table, ulong va) =>
        (DataTlbEntry*)((byte*)table + ((va >> (12 - 6)) & ((Count - 1) * Size)));

    /// <summary>Gets what a handler compares with a tag: the page of the access and the bits that must be 0 for it to be aligned.</summary>
    /// <param name="va">The address.</param>
    /// <param name="size">The size of the access in bytes, a power of two.</param>
    /// <returns>The value. Any of bits 3:0 set keeps it from matching, so that a handler can add other reasons there.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Key(ulong va, int size) => va & ~(0xFFFUL & ~((ulong)size - 1));
}
