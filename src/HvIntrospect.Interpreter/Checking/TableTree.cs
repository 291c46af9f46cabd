using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Runtime.InteropServices;
using HvIntrospect.Registers;

namespace HvIntrospect.Interpreter.Checking;

/// <summary>The Stage 2 tables that cores use under one VMID: what they held when they were last looked at, and what was taken away since and may still be in TLBs.</summary>
/// <remarks>
/// The tables are looked at before each barrier, TLBI and guest entry. What happens to a descriptor between two of them has no order for a walker either, so that nothing is lost.
/// </remarks>
internal sealed class TableTree
{
    // Enough for 128 GB in pages of 4 KB. What hangs below more tables is not followed.
    private const int MostTables = 1 << 16;

    // AF and S2AP[1].
    private const ulong HardwareBits = (1UL << 10) | (1UL << 7);
    private readonly CheckedSystem _system;
    private readonly TableShape _shape;
    private readonly SortedDictionary<ulong, ShadowTable> _tables = [];
    private readonly List<ShadowTable> _unlinked = [];
    private readonly SortedSet<StaleTranslation> _stale = new(Comparer<StaleTranslation>.Create(static (left, right) =>
        left.Ipa != right.Ipa ? left.Ipa.CompareTo(right.Ipa) : left.Level.CompareTo(right.Level)));

    private readonly HashSet<(ulong Table, int First)> _groups = [];
    private readonly ulong[] _buffer;
    private int _core;

    /// <summary>Initialises a tree with what the tables hold now.</summary>
    /// <param name="system">The cores.</param>
    /// <param name="vmid">The VMID.</param>
    /// <param name="root">The address of the root tables.</param>
    /// <param name="shape">What VTCR_EL2 says of them.</param>
    /// <param name="core">The core that begins to use them.</param>
    public TableTree(CheckedSystem system, ushort vmid, ulong root, TableShape shape, int core)
    {
        _system = system;
        _shape = shape;
        _core = core;
        Vmid = vmid;
        _buffer = new ulong[Math.Max(shape.EntriesPerTable, shape.RootEntries)];
        Attach(root, 0, shape.StartLevel, shape.RootEntries);
    }

    /// <summary>Gets the VMID.</summary>
    public ushort Vmid { get; }

    /// <summary>Gets how often an entry was seen to have changed.</summary>
    public int Version { get; private set; }

    /// <summary>Tells whether memory has all of a run of descriptors.</summary>
    /// <param name="memory">The memory.</param>
    /// <param name="address">The physical address of the first.</param>
    /// <param name="count">The number of descriptors.</param>
    /// <returns>False when some are absent.</returns>
    public static bool IsPresent(IPhysicalMemory memory, ulong address, int count)
    {
        Span<byte> last = stackalloc byte[sizeof(ulong)];
        return memory.Read(new Pa(address), last) == last.Length
            && memory.Read(new Pa(address + ((ulong)(count - 1) * sizeof(ulong))), last) == last.Length;
    }

    /// <summary>Looks at the tables.</summary>
    /// <param name="core">The core that does something now.</param>
    public void Observe(int core)
    {
        _core = core;
        foreach (ShadowTable table in new List<ShadowTable>(_tables.Values))
        {
            if (table.Unlinked is null)
            {
                Observe(table);
            }
        }

        foreach (ShadowTable table in _unlinked)
        {
            ObserveUnlinked(table);
        }
    }

    /// <summary>Follows a TLBI.</summary>
    /// <param name="invalidation">The instruction.</param>
    public void Follow(in Invalidation invalidation)
    {
        foreach (StaleTranslation stale in _stale)
        {
            stale.Follow(invalidation, Vmid, _shape.GranuleShift, _system.HasOneCore);
        }
    }

    /// <summary>Follows a DSB.</summary>
    /// <param name="core">The core that executes it.</param>
    /// <param name="publishes">Whether walkers of all cores see the writes before it.</param>
    /// <param name="completes">Whether it completes the core's TLBIs.</param>
    public void Follow(int core, bool publishes, bool completes)
    {
        foreach (StaleTranslation stale in _stale)
        {
            stale.Follow(core, publishes, completes);
        }

        if (_stale.RemoveWhere(static stale => stale.IsGone) != 0)
        {
            _unlinked.RemoveAll(static table => table.Unlinked!.IsGone);
        }
    }

    /// <summary>Tells what a guest can do with physical memory by these tables, as they were looked at last.</summary>
    /// <param name="pa">The address.</param>
    /// <param name="hasForcedWriteBack">Whether MemAttr is that of FEAT_S2FWB.</param>
    /// <returns>What all leaves that map it permit together.</returns>
    public LeafReach ReachOf(ulong pa, bool hasForcedWriteBack = false)
    {
        LeafReach reach = LeafReach.None;
        foreach (ShadowTable table in _tables.Values)
        {
            foreach (ulong entry in table.Entries)
            {
                var descriptor = new Stage2Descriptor(entry, table.Level, _shape);
                if (descriptor.IsValid && !descriptor.IsTable && (pa ^ descriptor.Output) >> descriptor.Shift == 0)
                {
                    reach |= descriptor.Reach(hasForcedWriteBack);
                }
            }
        }

        return reach;
    }

    /// <summary>A guest is about to use the tables.</summary>
    /// <param name="core">The core.</param>
    public void Enter(int core)
    {
        Observe(core);
        var counts = new SortedDictionary<ArchitectureRule, (int Count, StaleTranslation First)>();
        foreach (StaleTranslation stale in _stale)
        {
            if (!stale.IsReported && !stale.IsAged)
            {
                stale.IsReported = true;
                counts[stale.Missing] = counts.TryGetValue(stale.Missing, out (int Count, StaleTranslation First) found) ? (found.Count + 1, found.First) : (1, stale);
            }
        }

        foreach ((ArchitectureRule rule, (int count, StaleTranslation first)) in counts)
        {
            _system.Findings.Add(rule, core, $"a guest of VMID {Vmid} was entered, and TLBs may hold {count} old entries, the first of IPA 0x{first.Ipa:x} at level {first.Level}");
        }

        CheckGroups();
    }

    private void Observe(ShadowTable table)
    {
        ReadOnlySpan<ulong> now = Read(table.Address, table.Entries.Length);
        int at = 0;
        while (now.Length != 0 && at < now.Length)
        {
            int same = now[at..].CommonPrefixLength(table.Entries.AsSpan(at));
            at += same;
            if (at < now.Length)
            {
                ulong old = table.Entries[at];
                table.Entries[at] = now[at];
                Follow(table, at, old);

                // The buffer may have been used for another table meanwhile.
                now = Read(table.Address, table.Entries.Length);
                at++;
            }
        }
    }

    private void ObserveUnlinked(ShadowTable table)
    {
        ReadOnlySpan<ulong> now = Read(table.Address, table.Entries.Length);
        for (int i = 0; i < now.Length; i++)
        {
            if (now[i] != table.Entries[i] && (now[i] & 1) != 0 && !IsByWalker(table.Entries[i], now[i]) && !table.Unlinked!.IsReported)
            {
                table.Unlinked.IsReported = true;
                _system.Findings.Add(
                    ArchitectureRule.TableReuse, _core,
                    $"the table at 0x{table.Address:x} was written while walkers of VMID {Vmid} may still read it for IPA 0x{table.Ipa:x}: {table.Unlinked.Missing}");
            }

            table.Entries[i] = now[i];
        }
    }

    /// <summary>Tells whether a walker may have made the change, by setting the Access flag or the dirty state: in a table that it still knows too.</summary>
    private static bool IsByWalker(ulong before, ulong now) => (before & 1) != 0 && (before & ~now) == 0 && (now & ~before & ~HardwareBits) == 0;

    private void Follow(ShadowTable table, int index, ulong before)
    {
        Version++;
        int shift = _shape.ShiftOf(table.Level);
        ulong ipa = table.Ipa + ((ulong)index << shift);
        var old = new Stage2Descriptor(before, table.Level, _shape);
        var now = new Stage2Descriptor(table.Entries[index], table.Level, _shape);
        bool wasCached = old.IsCacheable || IsAged(ipa, table.Level);
        bool replaces = wasCached && now.IsValid;
        if (replaces && !now.MayFollow(old, _system.BreakBeforeMakeLevel))
        {
            _system.Findings.Add(
                ArchitectureRule.BreakBeforeMake, _core,
                $"the entry of IPA 0x{ipa:x} at level {table.Level} under VMID {Vmid} went from {old} to {now} without being invalid in between");
        }
        else if (now.IsValid && !old.IsValid)
        {
            CheckMade(table.Level, ipa, 1UL << shift);
        }

        StaleTranslation? taken = null;
        bool isOther = replaces && (old.Output != now.Output || old.IsTable != now.IsTable);
        if (wasCached && (!now.IsValid || isOther || now.IsTighterThan(old)))
        {
            taken = AddStale(ipa, 1UL << shift, table.Level, old.IsTable);
        }
        else if (old.IsCacheable && !now.IsCacheable)
        {
            AddStale(ipa, 1UL << shift, table.Level, isTable: false).IsAged = true;
        }

        if (old.IsTable && (!now.IsTable || now.Output != old.Output))
        {
            Unlink(old.Output, taken!);
        }

        if (now.IsTable)
        {
            Attach(now.Output, ipa, table.Level + 1, _shape.EntriesPerTable);
        }

        if (now.IsContiguous || old.IsContiguous)
        {
            _groups.Add((table.Address, index & -_shape.ContiguousEntries(table.Level)));
        }
    }

    /// <summary>An entry was made valid: nothing that TLBs may hold may translate its addresses otherwise.</summary>
    private void CheckMade(int level, ulong ipa, ulong size)
    {
        StaleTranslation? found = null;
        foreach (StaleTranslation inside in _stale.GetViewBetween(new StaleTranslation(ipa, 1, int.MinValue, false), new StaleTranslation(ipa + size - 1, 1, int.MaxValue, false)))
        {
            found ??= inside.IsReported ? null : inside;
            inside.IsReported = true;
        }

        for (int above = _shape.StartLevel; above < level; above++)
        {
            ulong start = ipa & ~((1UL << _shape.ShiftOf(above)) - 1);
            if (_stale.TryGetValue(new StaleTranslation(start, 1, above, false), out StaleTranslation? around) && !around.IsReported)
            {
                around.IsReported = true;
                found ??= around;
            }
        }

        if (found is not null)
        {
            _system.Findings.Add(
                found.Missing, _core,
                $"the entry of IPA 0x{ipa:x} at level {level} under VMID {Vmid} was made valid while TLBs may hold the old one of IPA 0x{found.Ipa:x} at level {found.Level}");
        }
    }

    /// <summary>Tells whether TLBs may hold an entry from before its Access flag was cleared, which alone needs no maintenance.</summary>
    private bool IsAged(ulong ipa, int level) => _stale.TryGetValue(new StaleTranslation(ipa, 1, level, false), out StaleTranslation? stale) && stale.IsAged;

    private StaleTranslation AddStale(ulong ipa, ulong size, int level, bool isTable)
    {
        var stale = new StaleTranslation(ipa, size, level, isTable);

        // What was stale before is so again.
        _stale.Remove(stale);
        _stale.Add(stale);
        return stale;
    }

    private void Attach(ulong address, ulong ipa, int level, int count)
    {
        if (_tables.ContainsKey(address) || _tables.Count == MostTables)
        {
            return;
        }

        ReadOnlySpan<ulong> entries = Read(address, count);
        if (entries.Length != count)
        {
            _system.Findings.Add(ArchitectureRule.AbsentTable, _core, $"the table of IPA 0x{ipa:x} at level {level} under VMID {Vmid} is at 0x{address:x}, where no memory is");
            return;
        }

        _unlinked.RemoveAll(other => other.Address == address);
        var table = new ShadowTable(address, ipa, level, entries.ToArray());
        _tables.Add(address, table);
        for (int i = 0; i < count; i++)
        {
            var descriptor = new Stage2Descriptor(table.Entries[i], level, _shape);
            ulong inside = ipa + ((ulong)i << _shape.ShiftOf(level));
            if (descriptor.IsTable)
            {
                Attach(descriptor.Output, inside, level + 1, _shape.EntriesPerTable);
            }
            else if (descriptor.IsContiguous)
            {
                _groups.Add((address, i & -_shape.ContiguousEntries(level)));
            }
        }
    }

    /// <summary>What a table held is out of reach for new walks, and in TLBs as before.</summary>
    private void Unlink(ulong address, StaleTranslation by)
    {
        if (!_tables.Remove(address, out ShadowTable? table))
        {
            return;
        }

        ReadOnlySpan<ulong> now = Read(table.Address, table.Entries.Length);
        for (int i = 0; i < now.Length; i++)
        {
            table.Entries[i] = IsByWalker(table.Entries[i], now[i]) ? now[i] : table.Entries[i];
        }

        table.Unlinked = by;
        _unlinked.Add(table);
        for (int i = 0; i < table.Entries.Length; i++)
        {
            var descriptor = new Stage2Descriptor(table.Entries[i], table.Level, _shape);
            int shift = _shape.ShiftOf(table.Level);
            ulong ipa = table.Ipa + ((ulong)i << shift);
            if (descriptor.IsCacheable || IsAged(ipa, table.Level))
            {
                StaleTranslation stale = AddStale(ipa, 1UL << shift, table.Level, descriptor.IsTable);
                stale.IsReported = by.IsReported;
                if (descriptor.IsTable)
                {
                    Unlink(descriptor.Output, stale);
                }
            }
        }
    }

    private void CheckGroups()
    {
        foreach ((ulong address, int first) in _groups)
        {
            if (_tables.TryGetValue(address, out ShadowTable? table) && !IsWhole(table, first))
            {
                _system.Findings.Add(
                    ArchitectureRule.ContiguousGroup, _core,
                    $"the contiguous group of IPA 0x{table.Ipa + ((ulong)first << _shape.ShiftOf(table.Level)):x} at level {table.Level} under VMID {Vmid} is not uniform");
            }
        }

        _groups.Clear();
    }

    private bool IsWhole(ShadowTable table, int first)
    {
        int count = _shape.ContiguousEntries(table.Level);
        if (first + count > table.Entries.Length)
        {
            return false;
        }

        int contiguous = 0;
        bool isUniform = true;
        for (int i = first; i < first + count; i++)
        {
            var descriptor = new Stage2Descriptor(table.Entries[i], table.Level, _shape);
            contiguous += descriptor.IsContiguous ? 1 : 0;
            isUniform &= i == first + count - 1 || descriptor.IsFollowedBy(new Stage2Descriptor(table.Entries[i + 1], table.Level, _shape));
        }

        ulong size = (ulong)count << _shape.ShiftOf(table.Level);
        return contiguous == 0 || (isUniform && contiguous == count && (new Stage2Descriptor(table.Entries[first], table.Level, _shape).Output & (size - 1)) == 0);
    }

    /// <summary>Reads descriptors; fewer when memory ends.</summary>
    private ReadOnlySpan<ulong> Read(ulong address, int count)
    {
        Span<byte> near = _system.Memory.GetSpan(new Pa(address), out Pa start);
        int bytes = count * sizeof(ulong);
        int offset = near.IsEmpty ? 0 : (int)(address - start.Value);
        if (BitConverter.IsLittleEndian && near.Length - offset >= bytes)
        {
            return MemoryMarshal.Cast<byte, ulong>(near.Slice(offset, bytes));
        }

        Span<ulong> copy = _buffer.AsSpan(0, count);
        int present = _system.Memory.Read(new Pa(address), MemoryMarshal.AsBytes(copy)) / sizeof(ulong);
        if (!BitConverter.IsLittleEndian)
        {
            BinaryPrimitives.ReverseEndianness(copy, copy);
        }

        return copy[..present];
    }
}
