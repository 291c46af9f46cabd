using System;
using System.Collections.Generic;

namespace HvIntrospect;

/// <summary>A value for every address of the 64-bit space: segments in which the same value applies.</summary>
/// <remarks>
/// Immutable, so that look-ups need no lock: a change makes a new map. Segments lie in chunks, of which a change copies those that it touches; the cost is that
/// of the changed segments and of the chunks' list. A look-up is two binary searches and allocates nothing.
/// </remarks>
/// <typeparam name="T">The value. Neighbours with equal values are one segment.</typeparam>
internal sealed class SegmentMap<T>
    where T : struct, IEquatable<T>
{
    private const int LargestChunk = 128;
    private const int SmallestChunk = 32;

    // The first byte of each chunk.
    private readonly ulong[] _firsts;
    private readonly Chunk[] _chunks;

    /// <summary>Makes a map with one value everywhere.</summary>
    /// <param name="value">The value.</param>
    public SegmentMap(T value)
        : this([0], [new Chunk([0], [value])])
    {
    }

    private SegmentMap(ulong[] firsts, Chunk[] chunks)
    {
        _firsts = firsts;
        _chunks = chunks;
    }

    /// <summary>Gets the value at an address.</summary>
    /// <param name="address">The address.</param>
    /// <returns>The value.</returns>
    public T At(ulong address)
    {
        Chunk chunk = _chunks[Floor(_firsts, address)];
        return chunk.Values[Floor(chunk.Starts, address)];
    }

    /// <summary>Gets the value at an address and how far it reaches.</summary>
    /// <param name="address">The address.</param>
    /// <param name="last">Receives the last byte of the segment.</param>
    /// <returns>The value.</returns>
    public T RunFrom(ulong address, out ulong last)
    {
        int number = Floor(_firsts, address);
        Chunk chunk = _chunks[number];
        int index = Floor(chunk.Starts, address);
        last = LastOf(number, index);
        return chunk.Values[index];
    }

    /// <summary>Makes a map in which the values of a range are others.</summary>
    /// <param name="first">The first byte.</param>
    /// <param name="last">The last byte.</param>
    /// <param name="change">Makes the new value of an old one.</param>
    /// <returns>The new map.</returns>
    public SegmentMap<T> With(ulong first, ulong last, Func<T, T> change)
    {
        // The segments beside the range may become one with those in it.
        int low = Floor(_firsts, first);
        low -= low > 0 && _firsts[low] == first ? 1 : 0;
        int high = last == ulong.MaxValue ? _chunks.Length - 1 : Floor(_firsts, last + 1);
        if (low == high && _chunks[low].Starts.Length < SmallestChunk && _chunks.Length > 1)
        {
            low -= high + 1 < _chunks.Length ? 0 : 1;
            high = low + 1;
        }

        var starts = new List<ulong>(_chunks[low].Starts.Length + 2);
        var values = new List<T>(_chunks[low].Starts.Length + 2);
        for (int number = low; number <= high; number++)
        {
            Chunk chunk = _chunks[number];
            for (int i = 0; i < chunk.Starts.Length; i++)
            {
                ulong start = chunk.Starts[i];
                ulong end = LastOf(number, i);
                if (end < first || start > last)
                {
                    Append(starts, values, start, chunk.Values[i]);
                    continue;
                }

                if (start < first)
                {
                    Append(starts, values, start, chunk.Values[i]);
                }

                Append(starts, values, Math.Max(start, first), change(chunk.Values[i]));
                if (end > last)
                {
                    Append(starts, values, last + 1, chunk.Values[i]);
                }
            }
        }

        return Replace(low, high, starts, values);
    }

    private static void Append(List<ulong> starts, List<T> values, ulong start, T value)
    {
        if (values.Count == 0 || !values[values.Count - 1].Equals(value))
        {
            starts.Add(start);
            values.Add(value);
        }
    }

    /// <summary>Finds the last of some ascending numbers that is not above another one; the first is 0.</summary>
    private static int Floor(ulong[] numbers, ulong number)
    {
        int low = 0;
        int length = numbers.Length;
        while (length > 1)
        {
            int half = length >> 1;
            low += numbers[low + half] <= number ? half : 0;
            length -= half;
        }

        return low;
    }

    private ulong LastOf(int number, int index)
    {
        ulong[] starts = _chunks[number].Starts;
        return index + 1 < starts.Length ? starts[index + 1] - 1
            : number + 1 < _firsts.Length ? _firsts[number + 1] - 1
            : ulong.MaxValue;
    }

    private SegmentMap<T> Replace(int low, int high, List<ulong> starts, List<T> values)
    {
        int pieces = (starts.Count + LargestChunk - 1) / LargestChunk;
        int size = (starts.Count + pieces - 1) / pieces;
        int behind = _chunks.Length - high - 1;
        var firsts = new ulong[low + pieces + behind];
        var chunks = new Chunk[firsts.Length];
        Array.Copy(_firsts, firsts, low);
        Array.Copy(_chunks, chunks, low);
        for (int piece = 0; piece < pieces; piece++)
        {
            int at = piece * size;
            int count = Math.Min(size, starts.Count - at);
            var chunk = new Chunk(new ulong[count], new T[count]);
            starts.CopyTo(at, chunk.Starts, 0, count);
            values.CopyTo(at, chunk.Values, 0, count);
            firsts[low + piece] = chunk.Starts[0];
            chunks[low + piece] = chunk;
        }

        Array.Copy(_firsts, high + 1, firsts, low + pieces, behind);
        Array.Copy(_chunks, high + 1, chunks, low + pieces, behind);
        return new SegmentMap<T>(firsts, chunks);
    }

    private sealed class Chunk
    {
        public Chunk(ulong[] starts, T[] values)
        {
            Starts = starts;
            Values = values;
        }

        public ulong[] Starts { get; }

        public T[] Values { get; }
    }
}
