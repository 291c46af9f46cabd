using System;
using System.Collections.Generic;

namespace HvIntrospect.Interception;

/// <summary>What all guards deny together, as disjoint ranges in ascending order.</summary>
/// <remarks>Immutable and thread-safe; a look-up is a binary search and allocates nothing.</remarks>
internal sealed class GuardMap
{
    private readonly Segment[] _segments;

    private GuardMap(Segment[] segments)
    {
        _segments = segments;
    }

    /// <summary>Gets the map in which nothing is denied.</summary>
    public static GuardMap Empty { get; } = new([]);

    /// <summary>Gets the denied ranges; neighbours differ.</summary>
    public IReadOnlyList<Segment> Segments => _segments;

    /// <summary>Joins the guards: each page denies what any of its denials denies, unless it is opened.</summary>
    /// <param name="guards">All guards.</param>
    /// <returns>The map.</returns>
    public static GuardMap Of(IReadOnlyCollection<PageGuard> guards)
    {
        var edges = new List<Edge>(2 * guards.Count);
        foreach (PageGuard guard in guards)
        {
            edges.Add(new Edge(guard.Pages.Start.Value, guard, +1));
            if (guard.Pages.Last.Value != ulong.MaxValue)
            {
                edges.Add(new Edge(guard.Pages.Last.Value + 1, guard, -1));
            }
        }

        edges.Sort((left, right) => left.Position.CompareTo(right.Position));
        var segments = new List<Segment>();
        int reads = 0, writes = 0, fetches = 0, openings = 0;
        for (int i = 0; i < edges.Count; i++)
        {
            Edge edge = edges[i];
            openings += edge.Guard.IsOpening ? edge.Step : 0;
            reads += (edge.Guard.Denied & Stage2Access.Read) != 0 ? edge.Step : 0;
            writes += (edge.Guard.Denied & Stage2Access.Write) != 0 ? edge.Step : 0;
            fetches += (edge.Guard.Denied & Stage2Access.Execute) != 0 ? edge.Step : 0;
            if (i + 1 < edges.Count && edges[i + 1].Position == edge.Position)
            {
                continue;
            }

            Stage2Access denied = openings != 0 ? Stage2Access.None
                : (reads != 0 ? Stage2Access.Read : 0) | (writes != 0 ? Stage2Access.Write : 0) | (fetches != 0 ? Stage2Access.Execute : 0);
            Append(segments, edge.Position, i + 1 < edges.Count ? edges[i + 1].Position - 1 : ulong.MaxValue, denied);
        }

        return new GuardMap([.. segments]);
    }

    /// <summary>Looks up what is denied at an address.</summary>
    /// <param name="address">The address.</param>
    /// <returns>The denied accesses.</returns>
    public Stage2Access At(Ipa address)
    {
        int index = IndexOf(address.Value);
        return index >= 0 ? _segments[index].Denied : Stage2Access.None;
    }

    /// <summary>Gets the longest range from an address on in which the same is denied.</summary>
    /// <param name="address">The first byte.</param>
    /// <param name="denied">What is denied there.</param>
    /// <returns>The last byte of the range.</returns>
    public ulong RunFrom(ulong address, out Stage2Access denied)
    {
        int index = IndexOf(address);
        if (index >= 0)
        {
            denied = _segments[index].Denied;
            return _segments[index].Last;
        }

        denied = Stage2Access.None;
        return ~index < _segments.Length ? _segments[~index].Start - 1 : ulong.MaxValue;
    }

    /// <summary>Finds the segment that holds an address, or the complement of the place of the next one.</summary>
    private int IndexOf(ulong address)
    {
        int low = 0;
        int high = _segments.Length - 1;
        while (low <= high)
        {
            int middle = (low + high) >> 1;
            if (_segments[middle].Last < address)
            {
                low = middle + 1;
            }
            else if (_segments[middle].Start > address)
            {
                high = middle - 1;
            }
            else
            {
                return middle;
            }
        }

        return ~low;
    }

    private static void Append(List<Segment> segments, ulong start, ulong last, Stage2Access denied)
    {
        if (denied == Stage2Access.None)
        {
            return;
        }

        int previous = segments.Count - 1;
        if (previous >= 0 && segments[previous].Last == start - 1 && segments[previous].Denied == denied)
        {
            segments[previous] = new Segment(segments[previous].Start, last, denied);
        }
        else
        {
            segments.Add(new Segment(start, last, denied));
        }
    }

    /// <summary>A range in which the same is denied.</summary>
    /// <param name="start">The first byte.</param>
    /// <param name="last">The last byte.</param>
    /// <param name="denied">What is denied.</param>
    internal readonly struct Segment(ulong start, ulong last, Stage2Access denied)
    {
        /// <summary>Gets the first byte.</summary>
        public ulong Start { get; } = start;

        /// <summary>Gets the last byte.</summary>
        public ulong Last { get; } = last;

        /// <summary>Gets what is denied.</summary>
        public Stage2Access Denied { get; } = denied;
    }

    private readonly struct Edge(ulong position, PageGuard guard, int step)
    {
        public ulong Position { get; } = position;

        public PageGuard Guard { get; } = guard;

        public int Step { get; } = step;
    }
}
