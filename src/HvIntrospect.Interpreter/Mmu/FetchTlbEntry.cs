using System.Runtime.InteropServices;
using HvIntrospect.Interpreter.Dispatch;

namespace HvIntrospect.Interpreter.Mmu;

/// <summary>A page of code that may be executed.</summary>
/// <remarks>Direct-mapped by bits 17:12 of the address.</remarks>
[StructLayout(LayoutKind.Sequential, Size = 16)]
internal unsafe struct FetchTlbEntry
{
    /// <summary>The number of entries.</summary>
    public const int Count = 64;

    /// <summary>The page's virtual address, or <see cref="DataTlbEntry.NoPage"/>.</summary>
    public ulong Tag;

    /// <summary>The page's operations.</summary>
    public Operation* Operations;
}
