using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using HvIntrospect.Registers;
using HvIntrospect.Translation;
using HvIntrospect.Translation.Stage2;

namespace HvIntrospect.Tests.Translation.Stage2;

/// <summary>What a change of tables makes stale in TLBs, and what its removal takes: from the tables before and after it alone, whatever the change was.</summary>
internal sealed class StaleEntries
{
    private const ulong Valid = 1;
    private const ulong TableBit = 2;
    private const ulong AccessFlag = 1 << 10;
    private const ulong Contiguous = 1UL << 52;

    // The largest number of TLBI by IPA in a batch, as documented.
    private const int Most = 64;

    private readonly Stage2Geometry _geometry;
    private readonly bool _hasRanges;
    private readonly List<Leaf> _stale = [];
    private readonly List<(ulong Ipa, ulong Size)> _removed = [];

    /// <summary>Compares tables.</summary>
    /// <param name="before">The tables before a change.</param>
    /// <param name="after">The tables after it.</param>
    /// <param name="geometry">Their geometry.</param>
    /// <param name="hasRanges">Whether TLBI by range may be used.</param>
    public StaleEntries(Snapshot before, Snapshot after, Stage2Geometry geometry, bool hasRanges)
    {
        _geometry = geometry;
        _hasRanges = hasRanges;
        var remaining = new HashSet<Leaf>(after.Leaves);
        var changedRuns = new HashSet<(int, ulong)>();
        foreach (Leaf leaf in before.Leaves)
        {
            if (!remaining.Contains(leaf) && leaf.IsContiguous)
            {
                changedRuns.Add((leaf.Level, leaf.Ipa / RunSize(leaf)));
            }
        }

        foreach (Leaf leaf in before.Leaves)
        {
            bool isChanged = !remaining.Contains(leaf) || (leaf.IsContiguous && changedRuns.Contains((leaf.Level, leaf.Ipa / RunSize(leaf))));
            if (isChanged && (leaf.Descriptor & AccessFlag) != 0)
            {
                _stale.Add(leaf);
            }
        }

        foreach ((ulong ipa, ulong size, ulong address) in before.Tables)
        {
            if (!after.Tables.Contains((ipa, size, address)))
            {
                _removed.Add((ipa, size));
            }
        }

        _removed.Sort(static (one, other) => one.Size.CompareTo(other.Size));
    }

    /// <summary>Gets what was changed that TLBs may hold: each block and page, or the whole contiguous run in which it was.</summary>
    public IEnumerable<(ulong Start, ulong Size)> Reaches
    {
        get
        {
            foreach (Leaf leaf in _stale)
            {
                ulong size = leaf.IsContiguous ? RunSize(leaf) : leaf.Size;
                yield return (leaf.Ipa & ~(size - 1), size);
            }
        }
    }

    /// <summary>Gets the numbers of TLBI by IPA, of the VMID, and of the combined entries, that remove all of it.</summary>
    public (int ByAddress, int OfVmid, int OfCombined) Instructions
    {
        get
        {
            List<Run> runs = Runs();
            int count = 0;
            foreach (Run run in runs)
            {
                count += Cost(run.Start, run.Last, run.Size);
            }

            if (count > Most)
            {
                // One run around everything, where it takes less.
                count = Cost(runs[0].Start, runs[^1].Last, _geometry.Granule.Size);
            }

            return count == 0 ? default : count > Most ? (0, 1, 0) : (count, 0, 1);
        }
    }

    public override string ToString() => string.Join(", ", Runs());

    /// <summary>Gets what ranges count: with large descriptors 64 KB.</summary>
    private ulong Unit => Math.Max(_geometry.HasLargeDescriptors ? 0x1_0000UL : 0, _geometry.Granule.Size);

    /// <summary>Joins what is of one size, follows each other, and is removed with the tables on the way or without.</summary>
    private List<Run> Runs()
    {
        var runs = new List<Run>();
        var withTables = new HashSet<ulong>();

        // One address stands for a removed table and those above it: the last of what it held, or its first page where it held nothing.
        foreach ((ulong ipa, ulong size) in _removed)
        {
            if (runs.Exists(run => run.Start >= ipa && run.Start < ipa + size))
            {
                continue;
            }

            int last = _stale.FindLastIndex(leaf => leaf.Ipa >= ipa && leaf.Ipa < ipa + size);
            if (last < 0)
            {
                runs.Add(new Run(ipa, ipa + _geometry.Granule.Size - 1, _geometry.Granule.Size, HasTables: true, IsAlone: true));
                continue;
            }

            for (int i = last; i >= 0 && _stale[i].Ipa >= ipa && (i == last || _stale[i].IsFollowedBy(_stale[i + 1])); i--)
            {
                withTables.Add(_stale[i].Ipa);
            }
        }

        foreach (Leaf leaf in _stale)
        {
            runs.Add(new Run(leaf.Ipa, leaf.Ipa + leaf.Size - 1, leaf.Size, withTables.Contains(leaf.Ipa), IsAlone: false));
        }

        runs.Sort(static (one, other) => one.Start.CompareTo(other.Start));
        Join(runs, static (run, next) => next.Start == run.Last + 1);
        Join(runs, (run, next) => _hasRanges && run.Last / Unit == next.Start / Unit && (run.IsOfSeveral || next.IsOfSeveral));
        return runs;
    }

    private static void Join(List<Run> runs, Func<Run, Run, bool> areOne)
    {
        for (int i = runs.Count - 1; i > 0; i--)
        {
            Run run = runs[i - 1];
            Run next = runs[i];
            if (next.Size == run.Size && next.HasTables == run.HasTables && !run.IsAlone && !next.IsAlone && areOne(run, next))
            {
                runs[i - 1] = run with { Last = next.Last };
                runs.RemoveAt(i);
            }
        }
    }

    private int Cost(ulong start, ulong last, ulong size)
    {
        ulong leaves = (last - start + 1) / size;
        if (leaves <= 1 || !_hasRanges)
        {
            return (int)leaves;
        }

        ulong pages = ((last | (Unit - 1)) + 1 - (start & ~(Unit - 1))) / _geometry.Granule.Size;
        for (int scale = 0; scale < 4; scale++)
        {
            ulong unit = 2UL << (5 * scale);
            if (pages % unit == 0 && pages / unit <= 32)
            {
                return 1;
            }
        }

        return 2;
    }

    private ulong RunSize(Leaf leaf) => leaf.Size * (ulong)Stage2World.RunLength(_geometry.Granule, leaf.Level);

    private readonly record struct Run(ulong Start, ulong Last, ulong Size, bool HasTables, bool IsAlone)
    {
        public bool IsOfSeveral => Last - Start >= Size;
    }

    /// <summary>A block or page.</summary>
    internal readonly record struct Leaf(ulong Ipa, ulong Size, int Level, ulong Descriptor)
    {
        public bool IsContiguous => (Descriptor & Contiguous) != 0;

        public bool IsFollowedBy(Leaf next) => next.Level == Level && next.Ipa == Ipa + Size;
    }

    /// <summary>The blocks, pages and tables of a moment, read without the library's walker.</summary>
    internal sealed class Snapshot
    {
        private readonly IPhysicalMemory _memory;
        private readonly Stage2Geometry _geometry;

        public Snapshot(IPhysicalMemory memory, Stage2Geometry geometry, Vttbr vttbr)
        {
            _memory = memory;
            _geometry = geometry;
            Visit(geometry.RootOf(vttbr).Value, geometry.StartLevel, 0, geometry.Granule.DescriptorsPerTable * geometry.RootTables);
        }

        /// <summary>Gets the blocks and pages in the order of addresses.</summary>
        public List<Leaf> Leaves { get; } = [];

        /// <summary>Gets what each table below the root translates, and where it is.</summary>
        public HashSet<(ulong Ipa, ulong Size, ulong Address)> Tables { get; } = [];

        private void Visit(ulong table, int level, ulong tableIpa, int count)
        {
            byte[] bytes = new byte[count * 8];
            _memory.Read(new Pa(table), bytes);
            ulong size = 1UL << _geometry.Granule.BlockSizeLog2(level);
            for (int i = 0; i < count; i++)
            {
                ulong descriptor = BinaryPrimitives.ReadUInt64LittleEndian(bytes.AsSpan(i * 8));
                ulong ipa = tableIpa + ((ulong)i * size);
                if ((descriptor & Valid) == 0)
                {
                    continue;
                }

                if (level == TranslationGranule.LastLevel || (descriptor & TableBit) == 0)
                {
                    Leaves.Add(new Leaf(ipa, size, level, descriptor));
                    continue;
                }

                ulong child = _geometry.Format.TableIn(descriptor);
                Tables.Add((ipa, size, child));
                Visit(child, level + 1, ipa, _geometry.Granule.DescriptorsPerTable);
            }
        }
    }
}
