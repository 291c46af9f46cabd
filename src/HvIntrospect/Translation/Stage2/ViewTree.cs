using System;
using System.Collections.Generic;
using HvIntrospect.Registers;

namespace HvIntrospect.Translation.Stage2;

/// <summary>The tables of one view: those of the base view, but where something is overridden.</summary>
/// <remarks>
/// <para>What the view's own tables hold follows from the base's tables and the overrides alone. A descriptor that nothing is overridden below is the base's: a copy of
/// its block or page, or a pointer to its table with <see cref="Stage2Format.SharedMark"/>. Where the overrides are the same in all that it translates, the base's
/// block stays a block. Everywhere else the view has a table of its own, which is gone as soon as this is no longer so. So a change, of the base or of the overrides, is one pass
/// that compares what is there with what should be.</para>
/// <para>Takes the steps of a change together with the base's tables (<see cref="TreeEdit"/>): <see cref="PrepareToFollow"/> or <see cref="PrepareOverrides"/>, which alone
/// can fail for want of pages; <see cref="Break"/> when the base's descriptors are what they will be, but for those in transition; <see cref="Make"/> after
/// the TLBs have forgotten; <see cref="Finish"/>. Not thread-safe.</para>
/// </remarks>
internal sealed class ViewTree
{
    private const ulong InPlace = Stage2Format.AccessMask | Stage2Format.AccessFlag | Stage2Format.EmbedderBit;
    private static readonly SegmentMap<PageOverride> s_none = new(default(PageOverride));
    private static readonly Dictionary<ulong, ulong> s_nothing = [];

    private readonly Stage2Tree _base;
    private readonly Stage2Tree _tree;
    private readonly Stage2Maintenance _maintenance;
    private readonly TranslationGranule _granule;
    private readonly List<PendingDescriptor> _pending = [];
    private readonly Stack<ulong> _spare = new();
    private SegmentMap<PageOverride> _overrides = s_none;

    // The change that is under way.
    private SegmentMap<PageOverride> _next = s_none;
    private Dictionary<ulong, ulong> _basePending = s_nothing;
    private IpaRange _range;
    private bool _isOwnChange;

    /// <summary>Takes the root and shares everything with the base view.</summary>
    /// <exception cref="Stage2Exception">There are no pages for the root, or they are not in memory; nothing was taken.</exception>
    public ViewTree(Stage2Tree tree, ITablePages pages, ushort vmid, IEl2Operations operations, Stage2CoreFeatures cores)
    {
        _base = tree;
        _granule = tree.Geometry.Granule;
        _tree = new Stage2Tree(tree.Memory, pages, tree.Geometry);
        Vttbr = tree.Geometry.CreateVttbr(new Pa(_tree.Root), vmid);
        Walker = new Stage2Walker(tree.Memory, tree.Geometry, Vttbr);
        _maintenance = new Stage2Maintenance(operations, tree.Geometry, cores, Vttbr);
        _range = new IpaRange(default, (ulong.MaxValue >> (64 - tree.Geometry.InputBits)) + 1);
        bool isMade = false;
        try
        {
            Break();
            Make();
            Finish();
            _maintenance.Publish();
            isMade = true;
        }
        finally
        {
            if (!isMade)
            {
                _tree.Pages.GiveBackRoot(_tree.Root, tree.Geometry.RootTables);
            }
        }
    }

    /// <summary>Gets the value for VTTBR_EL2.</summary>
    public Vttbr Vttbr { get; }

    /// <summary>Gets a walker of the view.</summary>
    public Stage2Walker Walker { get; }

    /// <summary>Gets the memory that the view's own tables take, in bytes.</summary>
    public ulong MemoryUse => (ulong)_tree.Pages.Count << _granule.SizeLog2;

    /// <summary>Gets a value indicating whether <see cref="Break"/> met a table that the view shares with the base, so that what the base makes stale is stale in the view.</summary>
    public bool MeetsShared { get; private set; }

    /// <summary>Gets a value indicating whether <see cref="Make"/> has anything to write.</summary>
    public bool HasToMake => _pending.Count != 0;

    /// <summary>Gets the overrides.</summary>
    public SegmentMap<PageOverride> Overrides => _overrides;

    /// <summary>Prepares to follow a change of the base.</summary>
    /// <param name="range">What the change touches, with all that the replaced descriptors translate.</param>
    /// <param name="pending">The descriptors that the change replaces, by their address.</param>
    /// <exception cref="Stage2Exception">There are not enough pages; nothing was taken.</exception>
    public void PrepareToFollow(IpaRange range, Dictionary<ulong, ulong> pending)
    {
        _basePending = pending;
        Prepare(range, _overrides, isOwnChange: false);
    }

    /// <summary>Prepares to change the overrides.</summary>
    /// <param name="range">Where they change.</param>
    /// <param name="overrides">What they will be.</param>
    /// <exception cref="Stage2Exception">There are not enough pages; nothing was taken.</exception>
    public void PrepareOverrides(IpaRange range, SegmentMap<PageOverride> overrides) => Prepare(range, overrides, isOwnChange: true);

    /// <summary>Forgets what was prepared.</summary>
    public void Rollback()
    {
        _spare.Clear();
        _basePending = s_nothing;
        _next = _overrides;
        _isOwnChange = false;
        _tree.Pages.Rollback();
    }

    /// <summary>Notes what a prepared change does to the memory behind a part of what the base maps by one descriptor. Of memory that is the base's, too, only what the base's own change does not do.</summary>
    /// <param name="caches">Receives it.</param>
    /// <param name="before">The base's descriptor before the change; invalid where nothing is mapped.</param>
    /// <param name="after">What it will be, unless pages take its place.</param>
    /// <param name="ipa">The first address that the descriptor translates.</param>
    /// <param name="from">The first address of the part.</param>
    /// <param name="to">The last one.</param>
    public void NoteMemory(Stage2Caches caches, ulong before, ulong after, ulong ipa, ulong from, ulong to)
    {
        ulong last;
        for (ulong at = from; ; at = last + 1)
        {
            PageOverride had = _overrides.RunFrom(at, out ulong lastHad);
            PageOverride has = _next.RunFrom(at, out last);
            last = Math.Min(Math.Min(last, lastHad), to);
            MappedMemory held = MemoryBehind(before, had, ipa, at, last);
            MappedMemory holds = MemoryBehind(after, has, ipa, at, last);
            if (_isOwnChange || has.HasFrame)
            {
                caches.Replace(held, holds);
            }
            else if (holds.IsNewlyExecutable(held) && !MemoryBehind(after, default, ipa, at, last).IsNewlyExecutable(MemoryBehind(before, default, ipa, at, last)))
            {
                caches.Fetch(holds.Range);
            }

            if (last == to)
            {
                return;
            }
        }
    }

    /// <summary>Builds new tables, breaks what must not change while it is valid, and changes the rest.</summary>
    public void Break()
    {
        _basePending = s_nothing;
        _maintenance.Reset();
        MeetsShared = false;
        TableWindow window = _tree.Open();
        Follow(ref window, BaseTable.RootOf(_base), _tree.Root, _tree.Geometry.StartLevel, 0, _range.Start.Value, _range.Last.Value);
    }

    /// <summary>Removes from all TLBs what the view itself has made stale.</summary>
    public void Invalidate()
    {
        if (!_maintenance.IsNothing)
        {
            _maintenance.Invalidate();
        }
    }

    /// <summary>Writes the new descriptors; whoever makes the change publishes them.</summary>
    public void Make()
    {
        TableWindow window = _tree.Open();
        foreach (PendingDescriptor pending in _pending)
        {
            window.Write(pending.Slot.Address, pending.Value);
        }
    }

    /// <summary>Ends a change that was made.</summary>
    public void Finish()
    {
        _overrides = _next;
        _isOwnChange = false;
        _pending.Clear();
        while (_spare.Count != 0)
        {
            // The base's change emptied a table that was expected to stay.
            _tree.Pages.Unlink(_spare.Pop());
        }

        _tree.Pages.Keep();
    }

    /// <summary>Invalidates the VMID and gives all pages back. No vCPU may run on the view.</summary>
    public void Dispose()
    {
        _maintenance.Reset();
        try
        {
            TableWindow window = _tree.Open();
            _maintenance.AddEverything();
            TakeOffBelow(ref window, _tree.Root, _tree.Geometry.RootTables << _granule.Stride, _tree.Geometry.StartLevel, 0, isOwn: true);
            _maintenance.Invalidate();
        }
        finally
        {
            _spare.Clear();
            _tree.Pages.Abandon();
            _tree.Pages.GiveBackRoot(_tree.Root, _tree.Geometry.RootTables);
        }
    }

    private static bool IsShared(ulong table) => (table & Stage2Format.SharedMark) != 0;

    private static bool IsOwnTable(ulong descriptor, int level) => Stage2Format.IsTable(descriptor, level) && !IsShared(descriptor);

    /// <summary>Notes a leaf that TLBs may hold: where walkers set the Access flag, they may do so at any moment.</summary>
    private void NoteLeaf(ulong leaf, int level, ulong ipa)
    {
        if (_tree.IsRacing ? Stage2Format.IsValid(leaf) : Stage2Format.MayBeCached(leaf))
        {
            _maintenance.AddLeaf(ipa, level);
        }
    }

    private void Prepare(IpaRange range, SegmentMap<PageOverride> overrides, bool isOwnChange)
    {
        _range = range;
        _next = overrides;
        _isOwnChange = isOwnChange;
        bool isPrepared = false;
        try
        {
            TableWindow window = _tree.Open();
            Reserve(ref window, BaseTable.RootOf(_base), _tree.Root, _tree.Geometry.StartLevel, 0, range.Start.Value, range.Last.Value);
            isPrepared = true;
        }
        finally
        {
            if (!isPrepared)
            {
                Rollback();
            }
        }
    }

    /// <summary>Takes a page for each table that the view will have and has not.</summary>
    private void Reserve(ref TableWindow window, in BaseTable source, ulong own, int level, ulong tableIpa, ulong first, ulong last)
    {
        if (level == TranslationGranule.LastLevel)
        {
            return;
        }

        int shift = _granule.BlockSizeLog2(level);
        ulong span = (1UL << shift) - 1;
        ulong lastIndex = (last - tableIpa) >> shift;
        for (ulong index = (first - tableIpa) >> shift; index <= lastIndex; index++)
        {
            ulong ipa = tableIpa + (index << shift);
            if (!_basePending.TryGetValue(source.AddressOf(index), out ulong descriptor))
            {
                descriptor = source.Read(ref window, index);
            }

            if (!MustOwn(descriptor, level, ipa, span))
            {
                continue;
            }

            ulong now = own == 0 ? 0 : window.Read(own + (index << 3));
            if (IsOwnTable(now, level))
            {
                Reserve(ref window, source.Below(descriptor), _tree.Format.TableIn(now), level + 1, ipa, Math.Max(first, ipa), Math.Min(last, ipa + span));
            }
            else
            {
                _spare.Push(_tree.Pages.Take());
                Reserve(ref window, source.Below(descriptor), 0, level + 1, ipa, ipa, ipa + span);
            }
        }
    }

    /// <summary>Makes the view's descriptors in a range what they should be.</summary>
    private void Follow(ref TableWindow window, in BaseTable source, ulong own, int level, ulong tableIpa, ulong first, ulong last)
    {
        int shift = _granule.BlockSizeLog2(level);
        ulong span = (1UL << shift) - 1;
        ulong lastIndex = (last - tableIpa) >> shift;
        for (ulong index = (first - tableIpa) >> shift; index <= lastIndex; index++)
        {
            ulong ipa = tableIpa + (index << shift);
            ulong address = own + (index << 3);
            ulong now = window.Read(address);
            ulong descriptor = source.Read(ref window, index);
            if (MustOwn(descriptor, level, ipa, span) && IsOwnTable(now, level))
            {
                Follow(ref window, source.Below(descriptor), _tree.Format.TableIn(now), level + 1, ipa, Math.Max(first, ipa), Math.Min(last, ipa + span));
                continue;
            }

            Replace(ref window, new TableSlot(address, now, level, ipa, span, ipa, ipa + span), Wanted(ref window, source, descriptor, level, ipa));
        }
    }

    /// <summary>Gets the descriptor that should be in a place, with new tables where the view must have its own.</summary>
    private ulong Wanted(ref TableWindow window, in BaseTable source, ulong descriptor, int level, ulong ipa)
    {
        ulong span = (1UL << _granule.BlockSizeLog2(level)) - 1;
        if (!MustOwn(descriptor, level, ipa, span))
        {
            return Stage2Format.IsTable(descriptor, level) ? descriptor | Stage2Format.SharedMark : Overridden(descriptor, level, ipa);
        }

        BaseTable below = source.Below(descriptor);
        ulong table = _spare.Pop();
        int shift = _granule.BlockSizeLog2(level + 1);
        for (int index = 0; index < _granule.DescriptorsPerTable; index++)
        {
            ulong childIpa = ipa + ((ulong)index << shift);
            ulong child = Wanted(ref window, below, below.Read(ref window, (ulong)index), level + 1, childIpa);
            window.Write(table + ((ulong)index << 3), child);
        }

        return _tree.Format.EncodeTable(table);
    }

    /// <summary>Tells whether the view needs a table of its own where the base has a descriptor.</summary>
    private bool MustOwn(ulong descriptor, int level, ulong ipa, ulong span)
    {
        if (level == TranslationGranule.LastLevel || !Stage2Format.IsValid(descriptor))
        {
            return false;
        }

        PageOverride changed = _next.RunFrom(ipa, out ulong last);
        return last - ipa < span || (!changed.IsNone && (Stage2Format.IsTable(descriptor, level) || !changed.FitsBlock(span)));
    }

    /// <summary>Gets what the view has behind addresses, as an override makes it of the base's block or page.</summary>
    private MappedMemory MemoryBehind(ulong leaf, in PageOverride changed, ulong ipa, ulong at, ulong last)
    {
        MappedMemory memory = MappedMemory.Of(_tree.Format, _tree.Format.LeafFields.Override(leaf, changed.Access), at - ipa, last - at + 1);
        return memory.IsMapped && changed.HasFrame ? new MappedMemory(new PaRange(new Pa(changed.AddressOf(at)), last - at + 1), memory.Attributes) : memory;
    }

    /// <summary>Makes of the base's block or page what the view maps. A run of contiguous ones may be torn by an override, so that none of the view's is in one.</summary>
    private ulong Overridden(ulong leaf, int level, ulong ipa)
    {
        if (!Stage2Format.IsValid(leaf))
        {
            return 0;
        }

        PageOverride changed = _next.At(ipa);
        DescriptorLayout layout = _tree.Format.Layout;
        ulong attributes = leaf & ~(level < TranslationGranule.LastLevel ? Stage2Format.Contiguous | Stage2Format.NoTranslation : Stage2Format.Contiguous);
        attributes = WriteLog.Copy(attributes, isSamePage: !changed.HasFrame);
        if (changed.HasFrame)
        {
            attributes = (attributes & ~(layout.DirectMask | layout.FoldedMask)) | layout.Encode(changed.AddressOf(ipa));
        }

        return _tree.Format.LeafFields.Override(attributes, changed.Access);
    }

    private void Replace(ref TableWindow window, in TableSlot slot, ulong wanted)
    {
        ulong now = slot.Descriptor;
        bool isTable = Stage2Format.IsTable(now, slot.Level);
        MeetsShared |= isTable && !_isOwnChange;
        if (now == wanted)
        {
            return;
        }

        if (!Stage2Format.IsValid(now))
        {
            _pending.Add(new PendingDescriptor(slot, wanted));
            return;
        }

        // What was stale below a table of the base's is in the base's own batch, unless the base has not changed. Of the view's own descriptors it tells nothing:
        // what the base has in a block the view may have in pages.
        if (!isTable)
        {
            NoteLeaf(now, slot.Level, slot.Ipa);
        }
        else if (_isOwnChange || !IsShared(now))
        {
            TakeOff(ref window, now, slot.Level, slot.Ipa, !IsShared(now));
        }

        bool isInPlace = Stage2Format.IsValid(wanted) && !Stage2Format.IsTable(now | wanted, slot.Level) && ((now ^ wanted) & ~InPlace) == 0;
        if (isInPlace || wanted == 0)
        {
            window.Write(slot.Address, wanted);
            return;
        }

        window.Write(slot.Address, Stage2Format.Broken(wanted));
        _pending.Add(new PendingDescriptor(slot, wanted));
    }

    /// <summary>Notes what TLBs may hold of a table that the view points to no more, and its page if it is the view's.</summary>
    private void TakeOff(ref TableWindow window, ulong descriptor, int level, ulong ipa, bool isOwn)
    {
        ulong table = _tree.Format.TableIn(descriptor);
        TakeOffBelow(ref window, table, _granule.DescriptorsPerTable, level + 1, ipa, isOwn);
        _maintenance.AddTable(ipa, level);
        if (isOwn)
        {
            _tree.Pages.Unlink(table);
        }
    }

    private void TakeOffBelow(ref TableWindow window, ulong table, int descriptors, int level, ulong tableIpa, bool isOwn)
    {
        if (_maintenance.IsEverything && (level == TranslationGranule.LastLevel || !isOwn))
        {
            return;
        }

        for (int index = 0; index < descriptors; index++)
        {
            ulong descriptor = window.Read(table + ((ulong)index << 3));
            ulong ipa = tableIpa + ((ulong)index << _granule.BlockSizeLog2(level));
            if (Stage2Format.IsTable(descriptor, level))
            {
                TakeOff(ref window, descriptor, level, ipa, isOwn && !IsShared(descriptor));
            }
            else
            {
                NoteLeaf(descriptor, level, ipa);
            }
        }
    }
}
