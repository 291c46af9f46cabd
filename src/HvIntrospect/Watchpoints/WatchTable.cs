using System.Collections.Generic;

namespace HvIntrospect.Watchpoints;

/// <summary>The watches by address: the address space cut into segments in which the same watches apply.</summary>
/// <remarks>Immutable, so that look-ups need no lock: a change makes a new table.</remarks>
internal sealed class WatchTable
{
    private readonly SegmentMap<SegmentWatches> _segments;

    private WatchTable(SegmentMap<SegmentWatches> segments)
    {
        _segments = segments;
    }

    /// <summary>Gets the table without watches.</summary>
    public static WatchTable Empty { get; } = new(new SegmentMap<SegmentWatches>(SegmentWatches.None));

    /// <summary>Tells whether some watch of the kind overlaps some bytes.</summary>
    /// <param name="address">The first byte.</param>
    /// <param name="size">The number of bytes, at least 1; they do not pass the end of the address space.</param>
    /// <param name="kinds">The kinds of the access.</param>
    /// <returns>True when one does.</returns>
    public bool Overlaps(Ipa address, int size, WatchKinds kinds)
    {
        ulong last = address.Value + (ulong)(size - 1);
        ulong end;
        for (ulong at = address.Value; ; at = end + 1)
        {
            if ((_segments.RunFrom(at, out end).Kinds & kinds) != 0)
            {
                return true;
            }

            if (end >= last)
            {
                return false;
            }
        }
    }

    /// <summary>Finds the watch of the kind that overlaps some bytes and follows another in the order of registration.</summary>
    /// <param name="address">The first byte.</param>
    /// <param name="size">The number of bytes, at least 1; they do not pass the end of the address space.</param>
    /// <param name="kinds">The kinds of the access.</param>
    /// <param name="after">The number of the watch that was found before, 0 at first.</param>
    /// <returns>The watch, or null when there is no further one.</returns>
    public Watch? Next(Ipa address, int size, WatchKinds kinds, int after)
    {
        ulong last = address.Value + (ulong)(size - 1);
        Watch? next = null;
        ulong end;
        for (ulong at = address.Value; ; at = end + 1)
        {
            Watch? first = _segments.RunFrom(at, out end).Next(kinds, after);
            if (first is not null && (next is null || first.Id < next.Id))
            {
                next = first;
            }

            if (end >= last)
            {
                return next;
            }
        }
    }

    /// <summary>Gets every watch once.</summary>
    /// <returns>A new set.</returns>
    public HashSet<Watch> All()
    {
        var all = new HashSet<Watch>();
        ulong end;
        for (ulong at = 0; ; at = end + 1)
        {
            _segments.RunFrom(at, out end).AddTo(all);
            if (end == ulong.MaxValue)
            {
                return all;
            }
        }
    }

    /// <summary>Makes the table with one more watch.</summary>
    /// <param name="watch">A watch that is not in the table. It may be older than others that came in before it.</param>
    /// <returns>The new table.</returns>
    public WatchTable With(Watch watch) =>
        new(_segments.With(watch.Range.Start.Value, watch.Range.Last.Value, watches => watches.With(watch)));

    /// <summary>Makes the table without a watch.</summary>
    /// <param name="removed">A watch that is in the table.</param>
    /// <returns>The new table.</returns>
    public WatchTable Without(Watch removed) =>
        new(_segments.With(removed.Range.Start.Value, removed.Range.Last.Value, watches => watches.Without(removed)));
}
