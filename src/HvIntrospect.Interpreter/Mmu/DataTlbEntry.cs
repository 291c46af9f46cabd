using System.Runtime.InteropServices;

namespace HvIntrospect.Interpreter.Mmu;

/// <summary>A page of data that handlers may access by host pointer.</summary>
/// <remarks>
/// Direct-mapped by bits 19:12 of the address. A tag is the page's virtual address, or <see cref="NoPage"/>. A handler compares it with the
/// address without the offset bits above the access size, so that an unaligned access never matches and takes the slow path.
/// </remarks>
[StructLayout(LayoutKind.Sequential, Size = 32)]
internal unsafe struct DataTlbEntry
{
    /// <summary>The number of entries.</summary>
    public const int Count = 256;

    /// <summary>A tag that no address matches: tags of pages have bits 11:0 zero.</summary>
    public const ulong NoPage = 0xFFF;

    /// <summary>The tag for reads.</summary>
    public ulong ReadTag;

    /// <summary>The tag for writes.</summary>
    public ulong WriteTag;

    /// <summary>What to add to a virtual address of the page to get the host address.</summary>
    public ulong Addend;

    /// <summary>Not 0 when unaligned accesses are permitted: Normal memory without SCTLR_EL1.A.</summary>
    public ulong Unaligned;
}
