using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using HvIntrospect.Translation.Stage2;

namespace HvIntrospect.Tests.Translation.Stage2;

/// <summary>
/// A core that reads and writes guest memory between any two accesses of the builder, with a TLB of its own and hardware management of AF and
/// the dirty state. It remembers which pages it used and wrote, so that a note that is lost is found.
/// </summary>
internal sealed class RacingWalker
{
    private const ulong Valid = 1;
    private const ulong WriteBit = 1UL << 7;
    private const ulong AccessFlag = 1UL << 10;
    private const ulong Modifier = 1UL << 51;
    private const ulong Contiguous = 1UL << 52;

    private readonly Stage2World _world;
    private readonly Random _random;
    private readonly ulong[] _hot;
    private readonly Dictionary<ulong, Entry> _tlb = [];
    private readonly List<ulong> _named = [];

    public RacingWalker(Stage2World world, int seed, IEnumerable<ulong> hot)
    {
        _world = world;
        _random = new Random(seed);
        _hot = [.. hot];
        world.Memory.Accessing = Step;
        world.Operations.Issued = OnIssued;
    }

    /// <summary>Gets the pages that were written while they were logged, and not yet taken from here.</summary>
    public HashSet<ulong> Written { get; } = [];

    /// <summary>Gets the pages that were used, and not yet taken from here.</summary>
    public HashSet<ulong> Used { get; } = [];

    /// <summary>Takes what a bitmap reports out of a set.</summary>
    public static void Take(HashSet<ulong> pages, IpaRange range, ulong page, ulong[] bitmap) => pages.RemoveWhere(ipa =>
        range.Contains(new Ipa(ipa)) && (bitmap[(ipa - range.Start.Value) / page / 64] & (1UL << (int)((ipa - range.Start.Value) / page % 64))) != 0);

    /// <summary>Gets what the tables say about the accesses to a page: what any leaf of its run says.</summary>
    public (bool IsWritten, bool IsUsed) NotesOf(ulong ipa)
    {
        if (!TryWalk(ipa, out Entry entry))
        {
            return default;
        }

        (bool isWritten, bool isUsed) = (false, false);
        foreach (ulong slot in RunOf(entry))
        {
            ulong leaf = _world.Memory[slot];
            FlatModel.Page page = FlatModel.Page.Decode(_world, leaf);
            isWritten |= page.IsWritten;
            isUsed |= page.IsAccessed;
        }

        return (isWritten, isUsed);
    }

    private void OnIssued(string operation)
    {
        if (operation.StartsWith("Ipas2", StringComparison.Ordinal))
        {
            int operand = operation.IndexOf("0x", StringComparison.Ordinal) + 2;
            _named.Add(ulong.Parse(operation.AsSpan(operand), NumberStyles.HexNumber, CultureInfo.InvariantCulture) << 12);
        }
        else if (operation == "Vmalls12E1Is")
        {
            _tlb.Clear();
        }
        else if (operation == "Vmalle1Is")
        {
            // What was translated by Stage 1 too goes only now.
            foreach (ulong ipa in _tlb.Where(pair => _named.Exists(name => name - pair.Value.Ipa < pair.Value.Size)).Select(pair => pair.Key).ToArray())
            {
                _tlb.Remove(ipa);
            }

            _named.Clear();
        }

        Step();
    }

    private void Step()
    {
        ulong ipa = _hot[_random.Next(_hot.Length)];
        bool writes = _random.Next(2) == 0;
        for (int attempt = 0; attempt < 2; attempt++)
        {
            if (!_tlb.TryGetValue(ipa, out Entry entry))
            {
                if (!TryWalk(ipa, out entry))
                {
                    return;
                }

                if ((entry.Leaf & AccessFlag) == 0)
                {
                    entry = entry with { Leaf = entry.Leaf | AccessFlag };
                    _world.Memory[entry.Slot] = entry.Leaf;
                }

                _tlb[ipa] = entry;
            }

            if (!writes || TryWrite(ipa, entry))
            {
                Used.Add(ipa);
                return;
            }

            // Hardware looks at the table again where its copy turns out to be stale.
            _tlb.Remove(ipa);
        }
    }

    /// <summary>Writes to a page; false when the copy of the descriptor is stale or denies it.</summary>
    private bool TryWrite(ulong ipa, Entry entry)
    {
        if ((entry.Leaf & WriteBit) == 0)
        {
            if ((entry.Leaf & Modifier) == 0 || _world.Memory[entry.Slot] != entry.Leaf)
            {
                return false;
            }

            // Any leaf of the run may be the one that hardware writes.
            ulong[] run = RunOf(entry).Where(slot => (_world.Memory[slot] & (Valid | Modifier | Contiguous)) == (entry.Leaf & (Valid | Modifier | Contiguous))).ToArray();
            _world.Memory[run[_random.Next(run.Length)]] |= WriteBit;
            entry = entry with { Leaf = entry.Leaf | WriteBit };
            _tlb[ipa] = entry;
        }

        if ((entry.Leaf & Modifier) != 0)
        {
            Written.Add(ipa);
        }

        return true;
    }

    private IEnumerable<ulong> RunOf(Entry entry)
    {
        int length = (entry.Leaf & Contiguous) != 0 ? _world.RunLength(entry.Level) : 1;
        ulong first = entry.Slot & ~(((ulong)length << 3) - 1);
        return Enumerable.Range(0, length).Select(i => first + ((ulong)i << 3)).Where(slot => (_world.Memory[slot] & Valid) != 0);
    }

    private bool TryWalk(ulong ipa, out Entry entry)
    {
        Stage2Geometry geometry = _world.Geometry;
        ulong table = _world.Root;
        for (int level = geometry.StartLevel; ; level++)
        {
            int shift = geometry.Granule.BlockSizeLog2(level);
            ulong index = level == geometry.StartLevel ? ipa >> shift : (ipa >> shift) & ((1UL << geometry.Granule.Stride) - 1);
            ulong slot = table + (index << 3);
            ulong descriptor = _world.Memory[slot];
            entry = new Entry(slot, descriptor, level, ipa & ~((1UL << shift) - 1), 1UL << shift);
            if ((descriptor & Valid) == 0)
            {
                return false;
            }

            if (level == 3 || (descriptor & 2) == 0)
            {
                return true;
            }

            table = descriptor & 0xFFFF_FFFF_F000;
        }
    }

    private readonly record struct Entry(ulong Slot, ulong Leaf, int Level, ulong Ipa, ulong Size);
}
