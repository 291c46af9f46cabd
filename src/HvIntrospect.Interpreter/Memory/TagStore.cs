using System.Collections.Generic;

namespace HvIntrospect.Interpreter.Memory;

/// <summary>The Allocation Tags of the guest's RAM. A page gets room for them when the first is written.</summary>
/// <remarks>Thread-safe.</remarks>
internal sealed class TagStore : ITagMemory
{
    private const int GranuleShift = 4;
    private const int GranulesPerPage = (int)PhysicalMemory.PageSize >> GranuleShift;
    private const int TagMask = 15;

    private readonly object _gate = new();
    private readonly IpaRange _ram;
    private readonly ulong _physicalBase;
    private Dictionary<ulong, byte[]> _pages = [];

    /// <summary>Initialises a store in which every tag is 0.</summary>
    /// <param name="ram">The IPAs of the RAM.</param>
    /// <param name="physicalBase">Its physical address.</param>
    public TagStore(IpaRange ram, Pa physicalBase)
    {
        _ram = ram;
        _physicalBase = physicalBase.Value;
    }

    /// <inheritdoc/>
    public int ReadTag(Ipa granule) => _ram.Contains(granule) ? Read(_physicalBase + (granule - _ram.Start)) : 0;

    /// <inheritdoc/>
    public void WriteTag(Ipa granule, int tag)
    {
        if (_ram.Contains(granule))
        {
            Write(_physicalBase + (granule - _ram.Start), tag);
        }
    }

    /// <summary>Reads the tag of a physical address.</summary>
    /// <param name="pa">An address in the granule.</param>
    /// <returns>0 to 15.</returns>
    public int Read(ulong pa)
    {
        lock (_gate)
        {
            return _pages.TryGetValue(pa >> PhysicalMemory.PageShift, out byte[]? tags) ? tags[IndexOf(pa)] : 0;
        }
    }

    /// <summary>Writes the tag of a physical address.</summary>
    /// <param name="pa">An address in the granule.</param>
    /// <param name="tag">0 to 15; higher bits are ignored.</param>
    public void Write(ulong pa, int tag)
    {
        lock (_gate)
        {
            if (!_pages.TryGetValue(pa >> PhysicalMemory.PageShift, out byte[]? tags))
            {
                tags = new byte[GranulesPerPage];
                _pages.Add(pa >> PhysicalMemory.PageShift, tags);
            }

            tags[IndexOf(pa)] = (byte)(tag & TagMask);
        }
    }

    /// <summary>Copies all tags.</summary>
    /// <returns>The copy.</returns>
    public IReadOnlyDictionary<ulong, byte[]> Save()
    {
        lock (_gate)
        {
            return Copy(_pages);
        }
    }

    /// <summary>Takes all tags back to a copy.</summary>
    /// <param name="saved">What <see cref="Save"/> returned.</param>
    public void Restore(IReadOnlyDictionary<ulong, byte[]> saved)
    {
        lock (_gate)
        {
            _pages = Copy(saved);
        }
    }

    private static Dictionary<ulong, byte[]> Copy(IReadOnlyDictionary<ulong, byte[]> pages)
    {
        var copy = new Dictionary<ulong, byte[]>(pages.Count);
        foreach ((ulong page, byte[] tags) in pages)
        {
            copy.Add(page, [.. tags]);
        }

        return copy;
    }

    private static int IndexOf(ulong pa) => (int)(pa >> GranuleShift) & (GranulesPerPage - 1);
}
