using System;
using HvIntrospect.Interpreter.Memory;

namespace HvIntrospect.Interpreter.Mmu;

/// <summary>Where the bytes of a data access lie: in one page, or in two.</summary>
internal unsafe struct ResolvedAccess
{
    /// <summary>The first byte's host address.</summary>
    public byte* First;

    /// <summary>The first byte's physical address.</summary>
    public ulong FirstPa;

    /// <summary>How many bytes lie in the first page.</summary>
    public int FirstLength;

    /// <summary>The host address of the first byte in the second page; null when there is none.</summary>
    public byte* Second;

    /// <summary>The physical address of the first byte in the second page.</summary>
    public ulong SecondPa;

    /// <summary>True when the inline access filter decides.</summary>
    public bool IsFiltered;

    /// <summary>Reads the bytes.</summary>
    /// <param name="to">Receives them; its length is that of the access.</param>
    public readonly void Read(Span<byte> to)
    {
        new ReadOnlySpan<byte>(First, FirstLength).CopyTo(to);
        if (Second is not null)
        {
            new ReadOnlySpan<byte>(Second, to.Length - FirstLength).CopyTo(to[FirstLength..]);
        }
    }

    /// <summary>Writes the bytes and does what the pages' flags demand.</summary>
    /// <param name="memory">The machine's RAM.</param>
    /// <param name="from">The bytes; their number is that of the access.</param>
    public readonly void Write(PhysicalMemory memory, ReadOnlySpan<byte> from)
    {
        memory.WriteInPage(FirstPa, from[..FirstLength]);
        if (Second is not null)
        {
            memory.WriteInPage(SecondPa, from[FirstLength..]);
        }
    }
}
