using System;
using System.Collections.Generic;

namespace HvIntrospect.Watchpoints;

/// <summary>The watches by address: the address space cut into segments in which the same watches apply.</summary>
/// <remarks>
/// Immutable, so that look-ups need no lock: a change makes a new table. A look-up is a binary search over the segment starts;
/// a change copies the segments and edits those that the watch covers.
/// </remarks>
internal sealed class WatchTable
{
    private static readonly Watch[] s_noWatches = [];

    // Segment i covers s[i] up to s[i + 1] - 1, the last one up to the end of the address space.
    private readonly ulong[] _starts;
    private readonly WatchKinds[] _kinds;
    private readonly Watch[][] _watches;

    private WatchTable(List<ulong> starts, List<Watch[]> watches)
    {
        _starts = starts.ToArray();
        _watches = watches.ToArray();
        _kinds = new WatchKinds[_watches.Length];
        for (int i = 0; i < _watches.Length; i++)
        {
            foreach (Watch watch in _watches[i])
            {
                _kinds[i] |= watch.Kinds;
            }
        }
    }

    /// <summary>Gets the table without watches.</summary>
    public static WatchTable Empty { get; } = new([0], [s_noWatches]);

    /// <summary>Tells whether some watch of the kind overlaps some bytes.</summary>
    /// <param name="address">The first byte.</param>
    /// <param name="size">The number of bytes, at least 1; they do not pass the end of the address space.</param>
    /// <param name="kinds">The kinds of the access.</param>
    /// <returns>True when one does.</returns>
    public bool Overlaps(Ipa address, int size, WatchKinds kinds)
    {
        ulong last = address.Value + (ulong)(size - 1);
        ulong[] starts = _starts;
        int i = SegmentOf(address.Value);
        do
        {
            if ((_kinds[i] & kinds) != 0)
            {
                return true;
            }

            i++;
        }
        while (i < starts.Length && starts[i] <= last);
        return false;
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
        ulong[] starts = _starts;
        Watch? next = null;
        int i = SegmentOf(address.Value);
        do
        {
            foreach (Watch watch in _watches[i])
            {
                if (watch.Id > after && (watch.Kinds & kinds) != 0)
                {
                    // The watches of a segment are in the order of registration.
                    if (next is null || watch.Id < next.Id)
                    {
                        next = watch;
                    }

                    break;
                }
            }

            i++;
        }
        while (i < starts.Length && starts[i] <= last);
        return next;
    }

    /// <summary>Gets every watch once.</summary>
    /// <returns>A new list.</returns>
    public HashSet<Watch> All()
    {
        var all = new HashSet<Watch>();
        foreach (Watch[] watches in _watches)
        {
            all.UnionWith(watches);
        }

        return all;
    }

    /// <summary>Makes the table with one more watch.</summary>
    /// <param name="watch">A watch that is not in the table. It may be older than others that came in before it.</param>
    /// <returns>The new table.</returns>
    public WatchTable With(Watch watch)
    {
        var starts = new List<ulong>(_starts);
        var watches = new List<Watch[]>(_watches);
        int first = Cut(starts, watches, watch.Range.Start.Value);
        ulong end = unchecked(watch.Range.Last.Value + 1);
        int beyond = end == 0 ? starts.Count : Cut(starts, watches, end);
        for (int i = first; i < beyond; i++)
        {
            watches[i] = InOrder(watches[i], watch);
        }

        return new WatchTable(starts, watches);
    }

    /// <summary>Makes the table without a watch.</summary>
    /// <param name="removed">The watch.</param>
    /// <returns>The new table.</returns>
    public WatchTable Without(Watch removed)
    {
        var starts = new List<ulong>(_starts.Length);
        var watches = new List<Watch[]>(_starts.Length);
        for (int i = 0; i < _starts.Length; i++)
        {
            Watch[] kept = Array.IndexOf(_watches[i], removed) < 0 ? _watches[i] : Array.FindAll(_watches[i], watch => watch != removed);
            if (watches.Count == 0 || !AreSame(watches[watches.Count - 1], kept))
            {
                starts.Add(_starts[i]);
                watches.Add(kept.Length == 0 ? s_noWatches : kept);
            }
        }

        return new WatchTable(starts, watches);
    }

    /// <summary>Makes an address the start of a segment and gets the segment's index.</summary>
    private static int Cut(List<ulong> starts, List<Watch[]> watches, ulong address)
    {
        int index = starts.BinarySearch(address);
        if (index >= 0)
        {
            return index;
        }

        index = ~index;
        starts.Insert(index, address);
        watches.Insert(index, watches[index - 1]);
        return index;
    }

    /// <summary>Adds a watch behind those that were registered before it.</summary>
    private static Watch[] InOrder(Watch[] watches, Watch added)
    {
        int place = watches.Length;
        while (place > 0 && watches[place - 1].Id > added.Id)
        {
            place--;
        }

        var joined = new Watch[watches.Length + 1];
        Array.Copy(watches, joined, place);
        joined[place] = added;
        Array.Copy(watches, place, joined, place + 1, watches.Length - place);
        return joined;
    }

    private static bool AreSame(Watch[] left, Watch[] right)
    {
        if (left.Length != right.Length)
        {
            return false;
        }

        for (int i = 0; i < left.Length; i++)
        {
            if (left[i] != right[i])
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>The index of the segment that holds an address.</summary>
    private int SegmentOf(ulong address)
    {
        ulong[] starts = _starts;
        int low = 0;
        int length = starts.Length;
        while (length > 1)
        {
            int half = length >> 1;
            low += starts[low + half] <= address ? half : 0;
            length -= half;
        }

        return low;
    }
}
