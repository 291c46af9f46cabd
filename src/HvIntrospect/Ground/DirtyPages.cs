using System;

namespace HvIntrospect;

/// <summary>Fills the bitmap that <see cref="IDirtyLog.Collect"/> promises.</summary>
internal ref struct DirtyPages
{
    /// <summary>The size of a page of a dirty log in bytes.</summary>
    public const ulong PageSize = 1UL << PageShift;

    private const int PageShift = 12;

    private readonly Span<ulong> _bitmap;
    private readonly IpaRange _range;

    /// <summary>Makes a bitmap without any page.</summary>
    /// <param name="range">The pages, aligned to 4096 bytes at both ends.</param>
    /// <param name="bitmap">Receives page i of the range as bit i % 64 of item i / 64; overwritten as far as the range needs it.</param>
    /// <exception cref="ArgumentException">The range is not aligned, or <paramref name="bitmap"/> is shorter than one bit for each page; nothing was changed.</exception>
    public DirtyPages(IpaRange range, Span<ulong> bitmap)
    {
        if (((range.Start.Value | range.Length) & (PageSize - 1)) != 0)
        {
            throw new ArgumentException("The range is not aligned to 4096 bytes at both ends.", nameof(range));
        }

        ulong items = ((range.Length >> PageShift) + 63) / 64;
        if ((ulong)bitmap.Length < items)
        {
            throw new ArgumentException("The bitmap is shorter than one bit for each page.", nameof(bitmap));
        }

        _range = range;
        _bitmap = bitmap.Slice(0, (int)items);
        _bitmap.Clear();
        Count = 0;
    }

    /// <summary>Gets the number of pages in the bitmap.</summary>
    public int Count { get; private set; }

    /// <summary>Adds pages.</summary>
    /// <param name="dirty">A part of the range; every page that it touches is added.</param>
    public void Add(IpaRange dirty)
    {
        ulong last = (dirty.Last - _range.Start) >> PageShift;
        for (ulong page = (dirty.Start - _range.Start) >> PageShift; page <= last; page++)
        {
            ref ulong item = ref _bitmap[(int)(page >> 6)];
            ulong bit = 1UL << (int)(page & 63);
            Count += (item & bit) == 0 ? 1 : 0;
            item |= bit;
        }
    }
}
