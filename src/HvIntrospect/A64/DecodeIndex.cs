using System.Collections.Generic;
using System.Runtime.CompilerServices;

namespace HvIntrospect.A64;

/// <summary>Finds the row of a word: the top eleven bits choose a bucket, a window of further bits one of its ways, mask and value verify.</summary>
/// <remarks>
/// The builder picks each bucket's window from the rows that fall into it, so that nearly every way has one candidate. Where patterns
/// overlap a way has several, in the table's order. Built once from the table; immutable and thread-safe.
/// </remarks>
internal sealed class DecodeIndex
{
    /// <summary>The number of low bits of a word that do not choose its bucket.</summary>
    public const int BucketShift = 21;

    private const int MaximumWindow = 8;

    private readonly IReadOnlyList<EncodingRow> _rows;
    private readonly List<int> _ways = [];
    private readonly List<int> _more = [];
    private readonly List<int> _chains = [];

    /// <summary>Builds the index of a table.</summary>
    /// <param name="rows">The rows in the order of precedence.</param>
    public DecodeIndex(IReadOnlyList<EncodingRow> rows)
    {
        _rows = rows;
        Buckets = new uint[1 << (32 - BucketShift)];
        FillBuckets();
        Ways = Narrow(_ways);
        More = Narrow(_more);
        Chains = Narrow(_chains);
    }

    /// <summary>Gets the index of the library's table.</summary>
    public static DecodeIndex Instance { get; } = new(EncodingTable.Instance.Rows);

    /// <summary>Gets, by the top bits of a word, the first way in bits 15:0, the window's lowest bit in 20:16 and its mask in 31:24.</summary>
    public uint[] Buckets { get; }

    /// <summary>Gets the index of each way's first candidate row; 0 for none.</summary>
    public ushort[] Ways { get; }

    /// <summary>Gets, for each way, where its further candidates start in <see cref="Chains"/>; 0 for none.</summary>
    public ushort[] More { get; }

    /// <summary>Gets the lists of further candidates, each ended by 0.</summary>
    public ushort[] Chains { get; }

    /// <summary>Makes sixteen bits of each number: the builder fails loudly, in every test, when a table outgrows them.</summary>
    private static ushort[] Narrow(List<int> numbers)
    {
        ushort[] narrow = new ushort[numbers.Count];
        for (int i = 0; i < narrow.Length; i++)
        {
            narrow[i] = checked((ushort)numbers[i]);
        }

        return narrow;
    }

    [MethodImpl(Startup.Optimized)]
    private void FillBuckets()
    {
        var candidates = new List<EncodingRow>?[Buckets.Length];
        foreach (EncodingRow row in _rows)
        {
            uint free = ~row.Mask >> BucketShift;
            uint fixedBits = row.Value >> BucketShift;

            // Counts through all values of the free bits, which need not be contiguous.
            uint subset = 0;
            do
            {
                (candidates[fixedBits | subset] ??= []).Add(row);
                subset = (subset - free) & free;
            }
            while (subset != 0);
        }

        // Way 0 is that of the buckets without rows, chain 0 that of the ways with one candidate.
        _ways.Add(0);
        _more.Add(0);
        _chains.Add(0);

        // Neighbours that differ in a bit of an immediate hold the same rows: by a list's first row, the last bucket that began with it.
        int[] lastBucket = new int[_rows.Count + 1];
        for (int bucket = 0; bucket < Buckets.Length; bucket++)
        {
            List<EncodingRow>? rows = candidates[bucket];
            if (rows is null)
            {
                continue;
            }

            ref int last = ref lastBucket[rows[0].Index];
            bool isKnown = candidates[last] is List<EncodingRow> known && SameRows(rows, known) && Buckets[last] != 0;
            Buckets[bucket] = isKnown ? Buckets[last] : AddBucket(rows);
            last = bucket;
        }
    }

    private static bool SameRows(List<EncodingRow> left, List<EncodingRow> right)
    {
        if (left.Count != right.Count)
        {
            return false;
        }

        for (int i = 0; i < left.Count; i++)
        {
            if (left[i] != right[i])
            {
                return false;
            }
        }

        return true;
    }

    private uint AddBucket(List<EncodingRow> rows)
    {
        (int shift, int width) = ChooseWindow(rows);
        int first = _ways.Count;
        uint windowMask = (1u << width) - 1;
        for (uint way = 0; way <= windowMask; way++)
        {
            AddWay(rows, windowMask << shift, way << shift);
        }

        return checked((ushort)first) | (uint)shift << 16 | windowMask << 24;
    }

    /// <summary>Chooses the narrowest contiguous bits that tell the most rows apart.</summary>
    [MethodImpl(Startup.Optimized)]
    private static (int Shift, int Width) ChooseWindow(List<EncodingRow> rows)
    {
        uint telling = 0;
        for (int i = 0; i < rows.Count; i++)
        {
            for (int j = i + 1; j < rows.Count; j++)
            {
                telling |= (rows[i].Value ^ rows[j].Value) & rows[i].Mask & rows[j].Mask;
            }
        }

        // A window that starts beside a telling bit is no better than the one that starts at the bit.
        telling &= (1u << BucketShift) - 1;
        (int Shift, int Width) best = (0, 0);
        int bestCount = 0;
        for (int shift = 0; shift < BucketShift; shift++)
        {
            int count = 0;
            for (int width = 1; width <= MaximumWindow && ((telling >> shift) & 1) != 0 && shift + width <= BucketShift; width++)
            {
                count += (int)(telling >> (shift + width - 1)) & 1;
                if (count > bestCount || (count == bestCount && width < best.Width))
                {
                    bestCount = count;
                    best = (shift, width);
                }
            }
        }

        return best;
    }

    [MethodImpl(Startup.Optimized)]
    private void AddWay(List<EncodingRow> rows, uint windowMask, uint windowValue)
    {
        const uint BucketMask = ~((1u << BucketShift) - 1);
        int start = _chains.Count;
        int first = 0;
        foreach (EncodingRow row in rows)
        {
            if (((row.Value ^ windowValue) & row.Mask & windowMask) != 0)
            {
                continue;
            }

            if (first == 0)
            {
                first = row.Index;
            }
            else
            {
                _chains.Add(row.Index);
            }

            // Nothing can follow a row that takes every word of the way, unless a feature set may take the row away.
            if ((row.Mask & ~(windowMask | BucketMask)) == 0 && row.Feature == 0)
            {
                break;
            }
        }

        _ways.Add(first);
        if (_chains.Count > start)
        {
            _more.Add(start);
            _chains.Add(0);
        }
        else
        {
            _more.Add(0);
        }
    }
}
