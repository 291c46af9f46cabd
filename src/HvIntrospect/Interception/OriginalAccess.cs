using System;
using System.Collections.Generic;

namespace HvIntrospect.Interception;

/// <summary>What Stage 2 permitted before the first guard of a page changed it.</summary>
/// <remarks>
/// Disjoint ranges by their first byte. Changed under the lock of <see cref="PageGuards"/>; looked up by vCPU threads, which must not wait for that lock:
/// its holder may wait for them. The lock here is held for a search only.
/// </remarks>
internal sealed class OriginalAccess
{
    private readonly SortedList<ulong, (ulong Last, Stage2Access Access)> _ranges = [];

    /// <summary>Remembers a range that is not held yet.</summary>
    /// <param name="range">The range.</param>
    /// <param name="access">What is permitted.</param>
    public void Add(IpaRange range, Stage2Access access)
    {
        lock (_ranges)
        {
            _ranges.Add(range.Start.Value, (range.Last.Value, access));
        }
    }

    /// <summary>Looks up an address. Allocates nothing.</summary>
    /// <param name="address">The address.</param>
    /// <param name="access">What was permitted there.</param>
    /// <returns>False when no range that is held contains it.</returns>
    public bool TryGet(Ipa address, out Stage2Access access)
    {
        lock (_ranges)
        {
            int index = FirstEndingAt(address.Value);
            bool isHeld = index < _ranges.Count && _ranges.Keys[index] <= address.Value;
            access = isHeld ? _ranges.Values[index].Access : Stage2Access.None;
            return isHeld;
        }
    }

    /// <summary>Gets the parts of a range that are held.</summary>
    /// <param name="start">The first byte.</param>
    /// <param name="last">The last byte.</param>
    /// <returns>The parts with what was permitted there, in ascending order.</returns>
    public List<(IpaRange Range, Stage2Access Access)> PartsOf(ulong start, ulong last)
    {
        var parts = new List<(IpaRange, Stage2Access)>();
        for (int i = FirstEndingAt(start); i < _ranges.Count && _ranges.Keys[i] <= last; i++)
        {
            parts.Add((Between(Math.Max(start, _ranges.Keys[i]), Math.Min(last, _ranges.Values[i].Last)), _ranges.Values[i].Access));
        }

        return parts;
    }

    /// <summary>Forgets a range; what lies around it stays.</summary>
    /// <param name="start">The first byte.</param>
    /// <param name="last">The last byte.</param>
    public void Remove(ulong start, ulong last)
    {
        lock (_ranges)
        {
            RemoveLocked(start, last);
        }
    }

    private static IpaRange Between(ulong start, ulong last) => new(new Ipa(start), last - start + 1);

    private void RemoveLocked(ulong start, ulong last)
    {
        for (int i = FirstEndingAt(start); i < _ranges.Count && _ranges.Keys[i] <= last;)
        {
            ulong first = _ranges.Keys[i];
            (ulong end, Stage2Access access) = _ranges.Values[i];
            _ranges.RemoveAt(i);
            if (first < start)
            {
                _ranges.Add(first, (start - 1, access));
                i++;
            }

            if (end > last)
            {
                _ranges.Add(last + 1, (end, access));
                i++;
            }
        }
    }

    /// <summary>Finds the first range whose last byte is not below an address.</summary>
    private int FirstEndingAt(ulong address)
    {
        int low = 0;
        int high = _ranges.Count;
        while (low < high)
        {
            int middle = (low + high) >> 1;
            if (_ranges.Values[middle].Last < address)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return low;
    }
}
