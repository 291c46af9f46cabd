using System;
using System.Collections;
using System.Globalization;

namespace HvIntrospect.Translation.Stage2;

/// <summary>Table pages from one range of the hypervisor's own physical memory.</summary>
/// <remarks>Not thread-safe: one set of tables uses it. Taking and giving a page allocate no managed memory.</remarks>
public sealed class TablePool : ITablePages
{
    private readonly ulong _start;
    private readonly int _pageSizeLog2;
    private readonly BitArray _taken;
    private readonly int[] _free;
    private int _freeCount;
    private int _untouched;

    /// <summary>Makes a pool.</summary>
    /// <param name="range">The memory; start and length are multiples of the granule's size.</param>
    /// <param name="granule">The granule of the tables; null means 4 KB.</param>
    /// <exception cref="ArgumentException"><paramref name="range"/> is empty, not aligned, or has more than 2^24 pages.</exception>
    public TablePool(PaRange range, TranslationGranule? granule = null)
    {
        granule ??= TranslationGranule.Granule4K;
        if (range.Length == 0 || range.Start.OffsetIn(granule.Size) != 0 || (range.Length & (granule.Size - 1)) != 0)
        {
            throw new ArgumentException(
                "Start and length of a table pool are multiples of 0x" + granule.Size.ToString("x", CultureInfo.InvariantCulture) + ".", nameof(range));
        }

        ulong pages = range.Length >> granule.SizeLog2;
        if (pages > 1 << 24)
        {
            throw new ArgumentException("A table pool has at most 2^24 pages.", nameof(range));
        }

        _start = range.Start.Value;
        _pageSizeLog2 = granule.SizeLog2;
        Capacity = (int)pages;
        _taken = new BitArray(Capacity);
        _free = new int[Capacity];
    }

    /// <summary>Gets the number of pages in the pool.</summary>
    public int Capacity { get; }

    /// <summary>Gets the number of pages that are not taken.</summary>
    public int Available => _freeCount + Capacity - _untouched;

    /// <inheritdoc/>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="count"/> is not a power of two from 1 to 16.</exception>
    public bool TryAllocate(int count, out Pa first)
    {
        if (count is < 1 or > 16 || (count & (count - 1)) != 0)
        {
            throw new ArgumentOutOfRangeException(nameof(count), count, "The number of pages is 1, 2, 4, 8 or 16.");
        }

        if (count == 1 && _freeCount != 0)
        {
            first = Take(_free[--_freeCount], 1);
            return true;
        }

        // Runs come from untouched pages only: a root is taken once in the life of a VM.
        int aligned = AlignedIndex(count);
        if (aligned > Capacity - count)
        {
            first = default;
            return false;
        }

        while (_untouched < aligned)
        {
            _free[_freeCount++] = _untouched++;
        }

        _untouched += count;
        first = Take(aligned, count);
        return true;
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The pages are not taken from this pool.</exception>
    public void Free(Pa first, int count)
    {
        ulong index = unchecked(first.Value - _start) >> _pageSizeLog2;
        if (index >= (ulong)Capacity || count < 1 || count > Capacity - (int)index)
        {
            throw new ArgumentException("The pages do not belong to this pool.", nameof(first));
        }

        for (int i = 0; i < count; i++)
        {
            if (!_taken[(int)index + i])
            {
                throw new ArgumentException("A page is given back that is not taken.", nameof(first));
            }
        }

        for (int i = 0; i < count; i++)
        {
            _taken[(int)index + i] = false;
            _free[_freeCount++] = (int)index + i;
        }
    }

    private int AlignedIndex(int count)
    {
        ulong size = (ulong)count << _pageSizeLog2;
        ulong next = _start + ((ulong)_untouched << _pageSizeLog2);
        ulong aligned = unchecked(next + size - 1) & ~(size - 1);
        return aligned < next ? Capacity : (int)Math.Min((ulong)Capacity, (aligned - _start) >> _pageSizeLog2);
    }

    private Pa Take(int index, int count)
    {
        for (int i = 0; i < count; i++)
        {
            _taken[index + i] = true;
        }

        return new Pa(_start + ((ulong)index << _pageSizeLog2));
    }
}
