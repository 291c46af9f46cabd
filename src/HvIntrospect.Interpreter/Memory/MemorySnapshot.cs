using System;
using System.Collections.Generic;

namespace HvIntrospect.Interpreter.Memory;

/// <summary>The bytes of RAM at one moment: of the pages that were written since then and before the next snapshot. All others are those of the next snapshot, or of RAM.</summary>
/// <remarks>Snapshots of one memory form a chain by age. Used under the memory's lock.</remarks>
internal sealed unsafe class MemorySnapshot
{
    private readonly Dictionary<ulong, byte[]> _pages = [];
    private MemorySnapshot? _older;

    /// <summary>Initialises the newest snapshot.</summary>
    /// <param name="older">The newest one until now, or null.</param>
    public MemorySnapshot(MemorySnapshot? older)
    {
        _older = older;
    }

    /// <summary>Gets a value indicating whether the snapshot has left the chain.</summary>
    public bool IsReleased { get; private set; }

    /// <summary>Gets the bytes that differ from RAM, and perhaps some that do not.</summary>
    /// <param name="newest">The newest snapshot.</param>
    /// <param name="snapshot">The snapshot.</param>
    /// <returns>Pages by physical address.</returns>
    public static Dictionary<ulong, byte[]> Collect(MemorySnapshot? newest, MemorySnapshot snapshot)
    {
        var pages = new Dictionary<ulong, byte[]>();
        for (MemorySnapshot? at = newest; at is not null; at = at._older)
        {
            // What an older snapshot keeps of a page was there before what a newer one keeps.
            foreach ((ulong pa, byte[] bytes) in at._pages)
            {
                pages[pa] = bytes;
            }

            if (at == snapshot)
            {
                break;
            }
        }

        return pages;
    }

    /// <summary>Keeps the bytes of a page, unless it does already.</summary>
    /// <param name="page">The page, before it is written.</param>
    public void Keep(in RamPage page)
    {
        if (!_pages.ContainsKey(page.Pa))
        {
            _pages.Add(page.Pa, new ReadOnlySpan<byte>(page.Host, (int)PhysicalMemory.PageSize).ToArray());
        }
    }

    /// <summary>Leaves the chain. The next older snapshot takes over what it needs.</summary>
    /// <param name="newest">The newest snapshot.</param>
    /// <returns>The newest snapshot from now on.</returns>
    public MemorySnapshot? Unlink(MemorySnapshot? newest)
    {
        IsReleased = true;
        if (_older is not null)
        {
            foreach ((ulong pa, byte[] bytes) in _pages)
            {
                _older._pages.TryAdd(pa, bytes);
            }
        }

        if (newest == this)
        {
            return _older;
        }

        MemorySnapshot? newer = newest;
        while (newer is not null && newer._older != this)
        {
            newer = newer._older;
        }

        if (newer is not null)
        {
            newer._older = _older;
        }

        return newest;
    }
}
