using System;
using System.Collections.Generic;
using System.Globalization;
using System.Runtime.CompilerServices;
using HvIntrospect.Registers;

namespace HvIntrospect.Translation.Stage2;

/// <summary>Builds and changes the Stage 2 tables of one VM, in physical memory, as the hardware walker reads them.</summary>
/// <remarks>
/// <para>Arm Architecture Reference Manual (DDI 0487), "Using break-before-make when updating translation table entries". Every operation
/// prepares first: it takes all pages it needs and fills them while nothing points to them. Then it commits: descriptors whose size,
/// output address, memory type or shareability change are made invalid, the TLBs are invalidated in one batch, and only then the new
/// descriptors are written. A change of permissions or of AF alone is written in place and followed by the same batch. Where nothing was
/// valid before, no TLB entry can exist and none is invalidated.</para>
/// <para>On failure: an exception of the argument family or a <see cref="Stage2Exception"/> leaves tables and pages as they were. When the
/// maintenance capability or physical memory fails while a change is committed, the object is faulted: later calls throw
/// <see cref="InvalidOperationException"/>, and <see cref="Dispose"/> gives the pages back.</para>
/// <para>Not thread-safe. A walk on another thread may see a range that is being split or merged as unmapped for a moment.
/// No managed memory is allocated once the largest change has been made.</para>
/// </remarks>
public sealed class Stage2Tables : IDisposable
{
    /// <summary>Marks, in a bit that hardware ignores, a table that replaced a block. IPA ranges of such a table may become a block again.</summary>
    private const ulong SplitMark = 1UL << 55;

    private const ulong PageBit = 2;

    private readonly IPhysicalMemory _memory;
    private readonly ITablePages _pages;
    private readonly Stage2Maintenance _maintenance;
    private readonly List<PendingDescriptor> _pending = [];
    private readonly List<ulong> _taken = [];
    private readonly List<ulong> _unlinked = [];
    private readonly TranslationGranule _granule;
    private readonly ulong _addressMask;
    private readonly ulong _root;
    private readonly int _startLevel;
    private ulong _conflict;
    private bool _hasBroken;
    private bool _isFaulted;
    private bool _isDisposed;

    /// <summary>Takes the root tables and clears them.</summary>
    /// <param name="memory">Physical memory.</param>
    /// <param name="pages">Where table pages come from.</param>
    /// <param name="geometry">The shape of the tables.</param>
    /// <param name="vmid">The VMID; at most 255 unless the geometry has wide VMIDs. No other live tables may have it.</param>
    /// <param name="operations">What issues barriers and TLB maintenance.</param>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="vmid"/> is too large.</exception>
    /// <exception cref="Stage2Exception">There are no pages for the root, or they are not in memory; nothing was taken.</exception>
    public Stage2Tables(IPhysicalMemory memory, ITablePages pages, Stage2Geometry geometry, ushort vmid, IEl2Operations operations)
    {
        _memory = memory ?? throw new ArgumentNullException(nameof(memory));
        _pages = pages ?? throw new ArgumentNullException(nameof(pages));
        Geometry = geometry ?? throw new ArgumentNullException(nameof(geometry));
        _ = operations ?? throw new ArgumentNullException(nameof(operations));
        if (vmid > byte.MaxValue && !geometry.HasWideVmid)
        {
            throw new ArgumentOutOfRangeException(nameof(vmid), vmid, "A VMID is at most 255 unless the geometry has 16-bit VMIDs.");
        }

        _granule = geometry.Granule;
        _addressMask = 0x0000_FFFF_FFFF_FFFF & ~(_granule.Size - 1);
        _startLevel = geometry.StartLevel;
        Pa root = Allocate(geometry.RootTables) ?? throw OutOfPages();
        _root = root.Value;
        try
        {
            var window = new TableWindow(memory, _root);
            window.Fill(_root, RootDescriptors, 0, 0);
        }
        catch (Stage2Exception)
        {
            pages.Free(root, geometry.RootTables);
            throw;
        }

        Vttbr = Vttbr.Create(root, vmid);
        Walker = new Stage2Walker(memory, geometry.Vtcr, Vttbr, geometry.OutputBits);
        _maintenance = new Stage2Maintenance(operations, Vttbr);
    }

    /// <summary>Gets the shape of the tables.</summary>
    public Stage2Geometry Geometry { get; }

    /// <summary>Gets the value for VTCR_EL2.</summary>
    public Vtcr Vtcr => Geometry.Vtcr;

    /// <summary>Gets the value for VTTBR_EL2.</summary>
    public Vttbr Vttbr { get; }

    /// <summary>Gets a walker of these tables.</summary>
    public Stage2Walker Walker { get; }

    private int RootDescriptors => Geometry.RootTables << _granule.Stride;

    /// <summary>Maps an unmapped range with the largest blocks that fit.</summary>
    /// <param name="range">Intermediate physical addresses, aligned to the granule.</param>
    /// <param name="target">The physical address of the first byte, aligned to the granule.</param>
    /// <param name="attributes">The attributes of every block and page.</param>
    /// <param name="firstLevel">The first level at which a block may be made, 0 to 3; 3 makes pages only.</param>
    /// <exception cref="ArgumentException">Something is not aligned, beyond the address sizes, or already mapped. On failure: unchanged.</exception>
    /// <exception cref="Stage2Exception">There are not enough table pages. On failure: unchanged.</exception>
    /// <exception cref="InvalidOperationException">The object is faulted.</exception>
    public void Map(IpaRange range, Pa target, Stage2Attributes attributes, int firstLevel = 0)
    {
        CheckRange(range);
        ulong end = 1UL << Geometry.OutputBits;
        if (target.OffsetIn(_granule.Size) != 0 || target.Value >= end || range.Length > end - target.Value)
        {
            throw BadTarget(target);
        }

        if (firstLevel is < 0 or > TranslationGranule.LastLevel)
        {
            throw new ArgumentOutOfRangeException(nameof(firstLevel), firstLevel, "The first level with blocks is 0 to 3.");
        }

        CheckUsable();
        var mapping = new TableMapping(unchecked(target.Value - range.Start.Value), attributes.Bits, firstLevel);
        if (!TryMapOne(range.Start.Value, range.Last.Value, mapping))
        {
            MapAll(range, mapping);
        }
    }

    /// <summary>Unmaps a range and gives back the tables that become empty. Parts that are not mapped are left alone.</summary>
    /// <param name="range">Intermediate physical addresses, aligned to the granule.</param>
    /// <exception cref="ArgumentException">The range is not aligned or beyond the address size. On failure: unchanged.</exception>
    /// <exception cref="Stage2Exception">A block had to be split and there are not enough table pages. On failure: unchanged.</exception>
    /// <exception cref="InvalidOperationException">The object is faulted.</exception>
    public void Unmap(IpaRange range) => Change(range, TableChange.Unmap);

    /// <summary>Sets what is permitted in a range. Parts that are not mapped are left alone; blocks at the ends are split where needed.</summary>
    /// <param name="range">Intermediate physical addresses, aligned to the granule.</param>
    /// <param name="access">What is permitted from now on.</param>
    /// <exception cref="ArgumentException">The range is not aligned or beyond the address size. On failure: unchanged.</exception>
    /// <exception cref="Stage2Exception">A block had to be split and there are not enough table pages. On failure: unchanged.</exception>
    /// <exception cref="InvalidOperationException">The object is faulted.</exception>
    public void Protect(IpaRange range, Stage2Access access) => Change(range, TableChange.SetAccess(access));

    /// <summary>Sets all attributes in a range, by break-before-make where memory type or shareability change. Parts that are not mapped are left alone.</summary>
    /// <param name="range">Intermediate physical addresses, aligned to the granule.</param>
    /// <param name="attributes">The attributes from now on.</param>
    /// <exception cref="ArgumentException">The range is not aligned or beyond the address size. On failure: unchanged.</exception>
    /// <exception cref="Stage2Exception">A block had to be split and there are not enough table pages. On failure: unchanged.</exception>
    /// <exception cref="InvalidOperationException">The object is faulted.</exception>
    public void SetAttributes(IpaRange range, Stage2Attributes attributes) => Change(range, TableChange.SetAttributes(attributes));

    /// <summary>Splits the blocks of a range into pages, ahead of changes that shall need no table page.</summary>
    /// <param name="range">Intermediate physical addresses, aligned to the granule.</param>
    /// <exception cref="ArgumentException">The range is not aligned or beyond the address size. On failure: unchanged.</exception>
    /// <exception cref="Stage2Exception">There are not enough table pages. On failure: unchanged.</exception>
    /// <exception cref="InvalidOperationException">The object is faulted.</exception>
    public void Split(IpaRange range) => Change(range, TableChange.Split);

    /// <summary>Turns tables that touch a range back into blocks where all of their descriptors are uniform. It needs no table page.</summary>
    /// <param name="range">Intermediate physical addresses, aligned to the granule.</param>
    /// <param name="onlySplitBlocks">True to merge only what a split made of a block; false to merge also what was mapped by smaller pieces.</param>
    /// <exception cref="ArgumentException">The range is not aligned or beyond the address size. On failure: unchanged.</exception>
    /// <exception cref="InvalidOperationException">The object is faulted.</exception>
    public void Merge(IpaRange range, bool onlySplitBlocks = false)
    {
        CheckRange(range);
        var window = Begin();
        PrepareMerge(ref window, _root, _startLevel, 0, range.Start.Value, range.Last.Value, onlySplitBlocks);
        if (_pending.Count == 0)
        {
            return;
        }

        Commit(ref window, range, null);
    }

    /// <summary>Makes the tables empty, invalidates the VMID and gives all pages back. No vCPU may run on the tables.</summary>
    public void Dispose()
    {
        if (_isDisposed)
        {
            return;
        }

        _isDisposed = true;

        // A change that failed while it was committed has tables that nothing points to.
        var tables = new HashSet<ulong>();
        if (_isFaulted)
        {
            tables.UnionWith(_taken);
            tables.UnionWith(_unlinked);
        }

        _unlinked.Clear();
        _maintenance.AddEverything();
        try
        {
            var window = new TableWindow(_memory, _root);
            Unlink(ref window, _root, _startLevel, 0, RootDescriptors);
            window.Fill(_root, RootDescriptors, 0, 0);
            _maintenance.Invalidate();
        }
        finally
        {
            tables.UnionWith(_unlinked);
            foreach (ulong table in tables)
            {
                _pages.Free(new Pa(table), 1);
            }

            _pages.Free(new Pa(_root), Geometry.RootTables);
        }
    }

    private static bool IsValid(ulong descriptor) => (descriptor & 1) != 0;

    private static bool IsTable(ulong descriptor, int level) => level < TranslationGranule.LastLevel && (descriptor & 3) == 3;

    private static string Hex(ulong value) => "0x" + value.ToString("x", CultureInfo.InvariantCulture);

    private static Stage2Exception OutOfPages() => new(Stage2ErrorKind.OutOfTablePages, "There are not enough pages for the translation tables.");

    private ulong TableAddress(ulong descriptor) => descriptor & _addressMask;

    private void CheckRange(IpaRange range)
    {
        if (range.Length == 0 || ((range.Start.Value | range.Length) & (_granule.Size - 1)) != 0 || range.Last.Value >> Geometry.InputBits != 0)
        {
            throw BadRange(range);
        }
    }

    // The texts of errors are made apart: they would keep what they name out of registers where nothing is wrong.
    private ArgumentException BadRange(IpaRange range) => range.Length == 0 || ((range.Start.Value | range.Length) & (_granule.Size - 1)) != 0
        ? new ArgumentException("The range " + range + " is empty or not aligned to " + Hex(_granule.Size) + ".", nameof(range))
        : new ArgumentOutOfRangeException(
            nameof(range), range, "The range ends at or below " + Hex(1UL << Geometry.InputBits) + ", the end of intermediate physical addresses.");

    private ArgumentException BadTarget(Pa target) => target.OffsetIn(_granule.Size) != 0
        ? new ArgumentException("The physical address " + target + " is not a multiple of " + Hex(_granule.Size) + ".", nameof(target))
        : new ArgumentOutOfRangeException(
            nameof(target), target, "The mapped memory ends at or below " + Hex(1UL << Geometry.OutputBits) + ", the end of physical addresses.");

    private void CheckUsable()
    {
        if (_isDisposed || _isFaulted)
        {
            throw _isDisposed
                ? new ObjectDisposedException(nameof(Stage2Tables))
                : new InvalidOperationException("An earlier change failed while it was committed: the tables are in an unknown state.");
        }
    }

    private TableWindow Begin()
    {
        CheckUsable();
        _pending.Clear();
        _taken.Clear();
        _unlinked.Clear();
        _maintenance.Reset();
        _hasBroken = false;
        return new TableWindow(_memory, _root);
    }

    private Pa? Allocate(int count)
    {
        if (!_pages.TryAllocate(count, out Pa first))
        {
            return null;
        }

        ulong size = (ulong)count << _granule.SizeLog2;
        if (first.OffsetIn(size) == 0 && first.Value >> Geometry.OutputBits == 0)
        {
            return first;
        }

        _pages.Free(first, count);
        throw new InvalidOperationException("The table page " + first + " is not aligned to " + Hex(size) + " or beyond the end of physical addresses.");
    }

    private bool TryTakeTable(out ulong table)
    {
        Pa? page = Allocate(1);
        table = page.GetValueOrDefault().Value;
        if (page is null)
        {
            return false;
        }

        _taken.Add(table);
        return true;
    }

    private void GiveBackTaken()
    {
        foreach (ulong table in _taken)
        {
            _pages.Free(new Pa(table), 1);
        }

        _taken.Clear();
    }

    private void GiveBackUnlinked()
    {
        foreach (ulong table in _unlinked)
        {
            _pages.Free(new Pa(table), 1);
        }

        _unlinked.Clear();
    }

    private void WritePending(ref TableWindow window)
    {
        foreach (PendingDescriptor pending in _pending)
        {
            window.Write(pending.Slot, pending.Value);
        }
    }

    /// <summary>Maps one block or page into a table that exists: what mapping page by page does nearly always.</summary>
    private bool TryMapOne(ulong first, ulong last, in TableMapping mapping)
    {
        DescriptorSpan tables = DescriptorSpan.Around(_memory, _root);
        ulong span = first ^ last;
        int level = _startLevel;
        int shift = _granule.BlockSizeLog2(level);
        ulong slot = _root + ((first >> shift) << 3);
        while (span >> shift == 0 && tables.TryRead(slot, out ulong descriptor))
        {
            if (!IsTable(descriptor, level))
            {
                // All bits below the slot differ between first and last, and first has none of them: the range is the slot.
                if (IsValid(descriptor) || span != (1UL << shift) - 1 || (first & span) != 0 || !AllowsLeaf(level, mapping))
                {
                    return false;
                }

                _isFaulted = true;
                tables.TryWrite(slot, mapping.Descriptor(first, level));
                _maintenance.Publish();
                _isFaulted = false;
                return true;
            }

            level++;
            shift -= _granule.Stride;
            slot = TableAddress(descriptor) + (((first >> shift) & (ulong)(_granule.DescriptorsPerTable - 1)) << 3);
        }

        return false;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void MapAll(IpaRange range, TableMapping mapping)
    {
        var window = Begin();
        Outcome outcome;
        try
        {
            outcome = PrepareMap(ref window, _root, _startLevel, 0, range.Start.Value, range.Last.Value, mapping);
        }
        catch
        {
            GiveBackTaken();
            throw;
        }

        if (outcome != Outcome.Prepared)
        {
            GiveBackTaken();
            throw outcome == Outcome.OutOfPages
                ? OutOfPages()
                : new ArgumentException("The IPA " + new Ipa(_conflict) + " is mapped already.", nameof(range));
        }

        _isFaulted = true;
        WritePending(ref window);
        _maintenance.Publish();
        _isFaulted = false;
    }

    private Outcome PrepareMap(ref TableWindow window, ulong table, int level, ulong tableIpa, ulong first, ulong last, in TableMapping mapping)
    {
        int shift = _granule.BlockSizeLog2(level);
        ulong lastIndex = (last - tableIpa) >> shift;
        for (ulong index = (first - tableIpa) >> shift; index <= lastIndex; index++)
        {
            ulong slot = table + (index << 3);
            ulong slotIpa = tableIpa + (index << shift);
            ulong from = Math.Max(first, slotIpa);
            ulong to = Math.Min(last, slotIpa + (1UL << shift) - 1);
            ulong descriptor = window.Read(slot);
            if (!IsValid(descriptor))
            {
                if (!TryBuild(ref window, level, slotIpa, from, to, mapping, out descriptor))
                {
                    return Outcome.OutOfPages;
                }

                _pending.Add(new PendingDescriptor(slot, descriptor, slotIpa));
            }
            else if (IsTable(descriptor, level))
            {
                Outcome outcome = PrepareMap(ref window, TableAddress(descriptor), level + 1, slotIpa, from, to, mapping);
                if (outcome != Outcome.Prepared)
                {
                    return outcome;
                }
            }
            else
            {
                _conflict = from;
                return Outcome.Overlap;
            }
        }

        return Outcome.Prepared;
    }

    private bool AllowsLeaf(int level, in TableMapping mapping) => level == TranslationGranule.LastLevel
        || (level >= mapping.FirstLevel && _granule.AllowsLeaf(level, Geometry.OutputBits) && mapping.IsAligned(1UL << _granule.BlockSizeLog2(level)));

    /// <summary>Makes the descriptor of a slot that was invalid: a block or page, or a new table for the part from..to.</summary>
    private bool TryBuild(ref TableWindow window, int level, ulong slotIpa, ulong from, ulong to, in TableMapping mapping, out ulong descriptor)
    {
        if (to - from == (1UL << _granule.BlockSizeLog2(level)) - 1 && AllowsLeaf(level, mapping))
        {
            descriptor = mapping.Descriptor(slotIpa, level);
            return true;
        }

        if (!TryTakeTable(out ulong table))
        {
            descriptor = 0;
            return false;
        }

        descriptor = table | 3;
        level++;
        int shift = _granule.BlockSizeLog2(level);
        ulong size = 1UL << shift;
        int first = (int)((from - slotIpa) >> shift);
        int last = (int)((to - slotIpa) >> shift);
        window.Fill(table, first, 0, 0);
        window.Fill(table + ((ulong)(last + 1) << 3), _granule.DescriptorsPerTable - last - 1, 0, 0);
        bool leaves = AllowsLeaf(level, mapping);
        for (int index = first; index <= last; index++)
        {
            ulong childIpa = slotIpa + ((ulong)index << shift);
            ulong childFrom = Math.Max(from, childIpa);
            ulong childTo = Math.Min(to, childIpa + size - 1);
            if (leaves && childTo - childFrom == size - 1)
            {
                int whole = (int)((to - childIpa + 1) >> shift);
                window.Fill(table + ((ulong)index << 3), whole, mapping.Descriptor(childIpa, level), size);
                index += whole - 1;
                continue;
            }

            if (!TryBuild(ref window, level, childIpa, childFrom, childTo, mapping, out ulong child))
            {
                return false;
            }

            window.Write(table + ((ulong)index << 3), child);
        }

        return true;
    }

    private void Change(IpaRange range, in TableChange change)
    {
        CheckRange(range);
        var window = Begin();
        bool prepared;
        try
        {
            prepared = PrepareChange(ref window, _root, _startLevel, 0, range.Start.Value, range.Last.Value, change);
        }
        catch
        {
            GiveBackTaken();
            throw;
        }

        if (!prepared)
        {
            GiveBackTaken();
            throw OutOfPages();
        }

        Commit(ref window, range, change);
    }

    /// <summary>Makes the tables of all blocks that must be split: those that the range covers in part.</summary>
    private bool PrepareChange(ref TableWindow window, ulong table, int level, ulong tableIpa, ulong first, ulong last, in TableChange change)
    {
        if (level == TranslationGranule.LastLevel)
        {
            return true;
        }

        int shift = _granule.BlockSizeLog2(level);
        ulong size = 1UL << shift;
        ulong lastIndex = (last - tableIpa) >> shift;
        for (ulong index = (first - tableIpa) >> shift; index <= lastIndex; index++)
        {
            ulong slot = table + (index << 3);
            ulong slotIpa = tableIpa + (index << shift);
            ulong from = Math.Max(first, slotIpa);
            ulong to = Math.Min(last, slotIpa + size - 1);
            if (!change.Splits && to - from == size - 1)
            {
                // Only the ends can be covered in part: go on with the last one.
                if (index < lastIndex)
                {
                    index = lastIndex - 1;
                }

                continue;
            }

            ulong descriptor = window.Read(slot);
            if (IsTable(descriptor, level))
            {
                if (!PrepareChange(ref window, TableAddress(descriptor), level + 1, slotIpa, from, to, change))
                {
                    return false;
                }
            }
            else if (IsValid(descriptor) && (change.Splits || change.Apply(descriptor) != descriptor))
            {
                if (!TrySplit(ref window, descriptor, level, slotIpa, from, to, change, out ulong split))
                {
                    return false;
                }

                _pending.Add(new PendingDescriptor(slot, split, slotIpa));
            }
        }

        return true;
    }

    /// <summary>Makes a table that maps what a block maps, with the change applied to the part from..to.</summary>
    private bool TrySplit(
        ref TableWindow window, ulong block, int level, ulong blockIpa, ulong from, ulong to, in TableChange change, out ulong descriptor)
    {
        descriptor = 0;
        if (!TryTakeTable(out ulong table))
        {
            return false;
        }

        level++;
        int shift = _granule.BlockSizeLog2(level);
        ulong size = 1UL << shift;
        ulong piece = level == TranslationGranule.LastLevel ? block | PageBit : block;
        window.Fill(table, _granule.DescriptorsPerTable, piece, size);
        ulong last = (to - blockIpa) >> shift;
        for (ulong index = (from - blockIpa) >> shift; index <= last; index++)
        {
            ulong pieceIpa = blockIpa + (index << shift);
            ulong pieceFrom = Math.Max(from, pieceIpa);
            ulong pieceTo = Math.Min(to, pieceIpa + size - 1);
            ulong value = change.Apply(unchecked(piece + (index << shift)));
            bool splitsAgain = level < TranslationGranule.LastLevel && (change.Splits || pieceTo - pieceFrom != size - 1);
            if (splitsAgain && !TrySplit(ref window, unchecked(piece + (index << shift)), level, pieceIpa, pieceFrom, pieceTo, change, out value))
            {
                return false;
            }

            window.Write(table + (index << 3), value);
        }

        descriptor = table | 3 | SplitMark;
        return true;
    }

    /// <summary>Breaks, invalidates and makes. Whatever fails in here leaves the object faulted.</summary>
    private void Commit(ref TableWindow window, IpaRange range, TableChange? change)
    {
        _isFaulted = true;
        ulong first = range.Start.Value;
        ulong last = range.Last.Value;
        foreach (PendingDescriptor pending in _pending)
        {
            if (change is not null)
            {
                AddStale(window.Read(pending.Slot), pending.Ipa);
            }

            window.Write(pending.Slot, 0);
        }

        if (change is TableChange inPlace)
        {
            Apply(ref window, _root, _startLevel, 0, first, last, inPlace);
        }

        _maintenance.Invalidate();
        if (_pending.Count != 0 || _hasBroken)
        {
            WritePending(ref window);
            if (_hasBroken)
            {
                MakeBroken(ref window, _root, _startLevel, 0, first, last);
            }

            _maintenance.Publish();
        }

        _isFaulted = false;
        GiveBackUnlinked();
    }

    /// <summary>Notes that a block or page was valid; one with AF = 0 is never in a TLB.</summary>
    private void AddStale(ulong descriptor, ulong ipa)
    {
        if ((descriptor & Stage2Attributes.AccessFlagBit) != 0)
        {
            _maintenance.Add(ipa);
        }
    }

    private void Apply(ref TableWindow window, ulong table, int level, ulong tableIpa, ulong first, ulong last, in TableChange change)
    {
        int shift = _granule.BlockSizeLog2(level);
        ulong size = 1UL << shift;
        ulong lastIndex = (last - tableIpa) >> shift;
        for (ulong index = (first - tableIpa) >> shift; index <= lastIndex; index++)
        {
            ulong slot = table + (index << 3);
            ulong descriptor = window.Read(slot);
            if (!IsValid(descriptor))
            {
                continue;
            }

            ulong slotIpa = tableIpa + (index << shift);
            ulong from = Math.Max(first, slotIpa);
            ulong to = Math.Min(last, slotIpa + size - 1);
            bool covered = to - from == size - 1;
            if (IsTable(descriptor, level))
            {
                ApplyToTable(ref window, slot, TableAddress(descriptor), level + 1, slotIpa, from, to, covered, change);
            }
            else if (covered)
            {
                ApplyToLeaf(ref window, slot, descriptor, slotIpa, change);
            }
        }
    }

    private void ApplyToTable(
        ref TableWindow window, ulong slot, ulong table, int level, ulong tableIpa, ulong from, ulong to, bool covered, in TableChange change)
    {
        int stale = _maintenance.Count;
        if (covered && change.Unmaps)
        {
            Unlink(ref window, table, level, tableIpa, _granule.DescriptorsPerTable);
        }
        else
        {
            Apply(ref window, table, level, tableIpa, from, to, change);
            if (!change.Unmaps || !IsEmpty(ref window, table))
            {
                return;
            }
        }

        window.Write(slot, 0);
        _unlinked.Add(table);
        if (_maintenance.Count == stale && !_maintenance.IsEverything)
        {
            // Nothing below could be in a TLB as a translation, but the way to this table could.
            _maintenance.Add(tableIpa);
        }
    }

    private void ApplyToLeaf(ref TableWindow window, ulong slot, ulong descriptor, ulong ipa, in TableChange change)
    {
        ulong changed = change.Apply(descriptor);
        if (changed == descriptor)
        {
            return;
        }

        if (!change.Unmaps && ((changed ^ descriptor) & Stage2Attributes.MemoryMask) != 0)
        {
            // Break first: without bit 0 hardware ignores the rest, which waits here to be made valid.
            changed &= ~1UL;
            _hasBroken = true;
        }

        window.Write(slot, changed);
        AddStale(descriptor, ipa);
    }

    private bool IsEmpty(ref TableWindow window, ulong table)
    {
        foreach (PendingDescriptor pending in _pending)
        {
            if ((pending.Slot & ~(_granule.Size - 1)) == table)
            {
                return false;
            }
        }

        return window.IsRun(table, _granule.DescriptorsPerTable, 0, 0);
    }

    /// <summary>Notes all that becomes stale below a table, and the tables below it.</summary>
    private void Unlink(ref TableWindow window, ulong table, int level, ulong tableIpa, int descriptors)
    {
        if (level == TranslationGranule.LastLevel && _maintenance.IsEverything)
        {
            return;
        }

        int shift = _granule.BlockSizeLog2(level);
        for (int index = 0; index < descriptors; index++)
        {
            ulong descriptor = window.Read(table + ((ulong)index << 3));
            ulong ipa = tableIpa + ((ulong)index << shift);
            if (IsTable(descriptor, level))
            {
                ulong child = TableAddress(descriptor);
                Unlink(ref window, child, level + 1, ipa, _granule.DescriptorsPerTable);
                _unlinked.Add(child);
            }
            else if (IsValid(descriptor))
            {
                AddStale(descriptor, ipa);
            }
        }
    }

    /// <summary>Makes valid what <see cref="ApplyToLeaf"/> broke: nothing else in the tables is invalid and not 0.</summary>
    private void MakeBroken(ref TableWindow window, ulong table, int level, ulong tableIpa, ulong first, ulong last)
    {
        int shift = _granule.BlockSizeLog2(level);
        ulong lastIndex = (last - tableIpa) >> shift;
        for (ulong index = (first - tableIpa) >> shift; index <= lastIndex; index++)
        {
            ulong slot = table + (index << 3);
            ulong descriptor = window.Read(slot);
            if (IsTable(descriptor, level))
            {
                ulong slotIpa = tableIpa + (index << shift);
                ulong to = Math.Min(last, slotIpa + (1UL << shift) - 1);
                MakeBroken(ref window, TableAddress(descriptor), level + 1, slotIpa, Math.Max(first, slotIpa), to);
            }
            else if (descriptor != 0 && !IsValid(descriptor))
            {
                window.Write(slot, descriptor | 1);
            }
        }
    }

    private void PrepareMerge(ref TableWindow window, ulong table, int level, ulong tableIpa, ulong first, ulong last, bool onlySplitBlocks)
    {
        if (level == TranslationGranule.LastLevel)
        {
            return;
        }

        int shift = _granule.BlockSizeLog2(level);
        ulong lastIndex = (last - tableIpa) >> shift;
        for (ulong index = (first - tableIpa) >> shift; index <= lastIndex; index++)
        {
            ulong slot = table + (index << 3);
            ulong descriptor = window.Read(slot);
            if (!IsTable(descriptor, level))
            {
                continue;
            }

            ulong slotIpa = tableIpa + (index << shift);
            if (TryMerge(ref window, descriptor, level, onlySplitBlocks, out ulong block))
            {
                _pending.Add(new PendingDescriptor(slot, block, slotIpa));
                bool mayBeCached = (block & Stage2Attributes.AccessFlagBit) != 0;
                UnlinkMerged(ref window, TableAddress(descriptor), level + 1);
                if (mayBeCached)
                {
                    _maintenance.AddEverything();
                }
                else
                {
                    _maintenance.Add(slotIpa);
                }

                continue;
            }

            ulong to = Math.Min(last, slotIpa + (1UL << shift) - 1);
            PrepareMerge(ref window, TableAddress(descriptor), level + 1, slotIpa, Math.Max(first, slotIpa), to, onlySplitBlocks);
        }
    }

    /// <summary>Finds the block that maps exactly what a table maps.</summary>
    private bool TryMerge(ref TableWindow window, ulong descriptor, int level, bool onlySplitBlocks, out ulong block)
    {
        block = 0;
        if (!_granule.AllowsLeaf(level, Geometry.OutputBits) || (onlySplitBlocks && (descriptor & SplitMark) == 0))
        {
            return false;
        }

        ulong table = TableAddress(descriptor);
        ulong step = 1UL << _granule.BlockSizeLog2(level + 1);
        if (!TryMergeSlot(ref window, table, level + 1, onlySplitBlocks, out ulong first)
            || TableAddress(first) % (1UL << _granule.BlockSizeLog2(level)) != 0)
        {
            return false;
        }

        int count = _granule.DescriptorsPerTable;
        if (!window.IsRun(table, count, first, step))
        {
            if (level + 1 == TranslationGranule.LastLevel)
            {
                return false;
            }

            for (int index = 1; index < count; index++)
            {
                if (!TryMergeSlot(ref window, table + ((ulong)index << 3), level + 1, onlySplitBlocks, out ulong next)
                    || next != unchecked(first + ((ulong)index * step)))
                {
                    return false;
                }
            }
        }

        block = first & ~PageBit;
        return true;
    }

    private bool TryMergeSlot(ref TableWindow window, ulong slot, int level, bool onlySplitBlocks, out ulong leaf)
    {
        leaf = window.Read(slot);
        return IsTable(leaf, level) ? TryMerge(ref window, leaf, level, onlySplitBlocks, out leaf) : IsValid(leaf);
    }

    private void UnlinkMerged(ref TableWindow window, ulong table, int level)
    {
        _unlinked.Add(table);
        if (level == TranslationGranule.LastLevel)
        {
            return;
        }

        for (int index = 0; index < _granule.DescriptorsPerTable; index++)
        {
            ulong descriptor = window.Read(table + ((ulong)index << 3));
            if (IsTable(descriptor, level))
            {
                UnlinkMerged(ref window, TableAddress(descriptor), level + 1);
            }
        }
    }

    private enum Outcome
    {
        Prepared,
        OutOfPages,
        Overlap,
    }
}
