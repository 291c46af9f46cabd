using System.Collections.Generic;

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
    private readonly List<ushort> _ways = [];
    private readonly List<ushort> _more = [];
    private readonly List<ushort> _chains = [0];

    private DecodeIndex(IReadOnlyList<EncodingRow> rows)
    {
        _rows = rows;
        Buckets = new uint[1 << (32 - BucketShift)];
        FillBuckets();
        Ways = _ways.ToArray();
        More = _more.ToArray();
        Chains = _chains.ToArray();
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

    private static int CountBits(uint value)
    {
        int count = 0;
        for (; value != 0; value &= value - 1)
        {
            count++;
        }

        return count;
    }

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

        // Way 0 is that of the buckets without rows.
        _ways.Add(0);
        _more.Add(0);
        var known = new Dictionary<(int, int, int), (uint Entry, List<EncodingRow> Rows)>();
        for (int bucket = 0; bucket < Buckets.Length; bucket++)
        {
            List<EncodingRow>? rows = candidates[bucket];
            if (rows is null)
            {
                continue;
            }

            // Neighbours that differ in a bit of an immediate hold the same rows.
            (int, int, int) key = (rows[0].Index, rows[rows.Count - 1].Index, rows.Count);
            if (!known.TryGetValue(key, out (uint Entry, List<EncodingRow> Rows) earlier) || !SameRows(rows, earlier.Rows))
            {
                earlier = (AddBucket(rows), rows);
                known[key] = earlier;
            }

            Buckets[bucket] = earlier.Entry;
        }
    }

    private static bool SameRows(List<EncodingRow> left, List<EncodingRow> right)
    {
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

        // Sixteen bits hold the first way: the builder fails loudly, in every test, when a table outgrows them.
        return checked((ushort)first) | (uint)shift << 16 | windowMask << 24;
    }

    /// <summary>Chooses the narrowest contiguous bits that tell the most rows apart.</summary>
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

        telling &= (1u << BucketShift) - 1;
        (int Shift, int Width) best = (0, 0);
        int bestCount = 0;
        for (int width = 1; width <= MaximumWindow; width++)
        {
            for (int shift = 0; shift + width <= BucketShift; shift++)
            {
                int count = CountBits(telling & (((1u << width) - 1) << shift));
                if (count > bestCount)
                {
                    bestCount = count;
                    best = (shift, width);
                }
            }
        }

        return best;
    }

    private void AddWay(List<EncodingRow> rows, uint windowMask, uint windowValue)
    {
        const uint BucketMask = ~((1u << BucketShift) - 1);
        int start = _chains.Count;
        ushort first = 0;
        foreach (EncodingRow row in rows)
        {
            if (((row.Value ^ windowValue) & row.Mask & windowMask) != 0)
            {
                continue;
            }

            if (first == 0)
            {
                first = (ushort)row.Index;
            }
            else
            {
                _chains.Add((ushort)row.Index);
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
            _more.Add(checked((ushort)start));
            _chains.Add(0);
        }
        else
        {
            _more.Add(0);
        }
    }
}
