using System;
using System.Collections.Generic;

namespace HvIntrospect.Translation.Stage2;

/// <summary>One change of one tree, in the steps that all trees of a VM take together.</summary>
/// <remarks>
/// <para>A <c>Prepare</c> method takes all pages and fills them while nothing points to them: it alone can fail for a reason of the
/// caller's, and leaves the tree as it was then; <see cref="Rollback"/> does so because another tree's failed. <see cref="Break"/> makes invalid what must
/// not change while it is valid, and changes the rest. When the TLBs of the tree's VMID have forgotten what was noted, <see cref="Make"/> writes
/// the new descriptors, where <see cref="HasToMake"/> says so. <see cref="Finish"/> gives back the pages that nothing points to any more.</para>
/// </remarks>
internal sealed class TreeEdit
{
    private readonly Stage2Tree _tree;
    private readonly List<PendingDescriptor> _pending = [];
    private readonly List<PendingDescriptor> _neighbours = [];
    private IpaRange _range;
    private bool _pendingWait;
    private bool _hasBroken;

    public TreeEdit(Stage2Tree tree)
    {
        _tree = tree;
    }

    /// <summary>Gets what the change is about.</summary>
    public IpaRange Range => _range;

    /// <summary>Gets the descriptors that are replaced by what was prepared.</summary>
    public List<PendingDescriptor> Pending => _pending;

    /// <summary>Gets a value indicating whether anything was prepared that does not lie in the range as a leaf.</summary>
    public bool HasPending => _pending.Count != 0;

    /// <summary>Gets a value indicating whether <see cref="Make"/> has anything to write.</summary>
    public bool HasToMake => (_pending.Count != 0 && (_pendingWait || GathersFrom(_pending[0].Slot))) || _neighbours.Count != 0 || _hasBroken;

    /// <summary>Prepares to map an unmapped range.</summary>
    /// <exception cref="ArgumentException">A part of it is mapped.</exception>
    /// <exception cref="Stage2Exception">There are not enough pages, or they are not in memory.</exception>
    public void PrepareMap(IpaRange range, in TableMapping mapping)
    {
        var plan = new MapPlan(_tree, range, mapping, _pending);
        Prepare(range, ref plan, isMade: false);
        if (plan.Conflict is Ipa mapped)
        {
            Rollback();
            throw new ArgumentException("The IPA " + mapped + " is mapped already.", nameof(range));
        }
    }

    /// <summary>Prepares to change what is mapped in a range.</summary>
    /// <exception cref="Stage2Exception">There are not enough pages, or they are not in memory.</exception>
    public void PrepareChange(IpaRange range, in TableChange change)
    {
        var plan = new ChangePlan(_tree, change, _pending);
        Prepare(range, ref plan, isMade: !_tree.BreaksBlocks && !change.ChangesMemory);
    }

    /// <summary>Prepares to turn tables that touch a range into blocks. It needs no page.</summary>
    public void PrepareMerge(IpaRange range, bool onlySplitBlocks)
    {
        var plan = new MergePlan(_tree, onlySplitBlocks, _pending);
        Prepare(range, ref plan, isMade: !_tree.BreaksBlocks);
    }

    /// <summary>Forgets what was prepared.</summary>
    public void Rollback()
    {
        _pending.Clear();
        _tree.Pages.Rollback();
    }

    /// <summary>Breaks what waits to be made and changes the rest.</summary>
    /// <param name="change">What was prepared.</param>
    /// <param name="maintenance">Receives what TLBs may hold that is no longer so.</param>
    /// <param name="found">Receives the pages that the change finds.</param>
    public void Break(in TableChange change, Stage2Maintenance maintenance, FoundPages found)
    {
        TableWindow window = _tree.Open();
        var pass = new BreakPass(_tree, _range, change, maintenance, found, _neighbours);
        foreach (PendingDescriptor pending in _pending)
        {
            if (Stage2Format.IsTable(pending.Slot.Descriptor, pending.Slot.Level))
            {
                BreakMerged(ref window, pending, maintenance);
            }
            else
            {
                BreakBlock(ref window, pending, change, maintenance, found);
            }
        }

        foreach (PendingDescriptor pending in _pending)
        {
            if (!Stage2Format.IsTable(pending.Slot.Descriptor, pending.Slot.Level) && (pending.Slot.Descriptor & Stage2Format.Contiguous) != 0)
            {
                pass.ChangeRun(ref window, pending.Slot, isTorn: true);
            }
        }

        if (change.ChangesLeaves)
        {
            _tree.Visit(ref window, _range, ref pass);
        }

        _hasBroken = pass.HasBroken;
    }

    /// <summary>Writes the new descriptors.</summary>
    public void Make()
    {
        TableWindow window = _tree.Open();
        foreach (PendingDescriptor pending in _pending)
        {
            MakePending(ref window, pending);
        }

        foreach (PendingDescriptor neighbour in _neighbours)
        {
            window.Write(neighbour.Slot.Address, neighbour.Value);
        }

        if (_hasBroken)
        {
            var pass = default(MakePass);
            _tree.Visit(ref window, _range, ref pass);
        }
    }

    /// <summary>Marks the one leaf that maps an address, whatever its size: a change in place that takes no other step.</summary>
    /// <returns>False where nothing is mapped, or what is mapped cannot be marked.</returns>
    public bool TryMark(Ipa address, in TableChange change, Stage2Maintenance maintenance)
    {
        var pass = new MarkPass(_tree, change, maintenance);
        TableWindow window = _tree.Open();
        _tree.Visit(ref window, new IpaRange(address, 1), ref pass);
        return pass.IsMarked;
    }

    /// <summary>Ends a change that was made.</summary>
    public void Finish()
    {
        _pending.Clear();
        _neighbours.Clear();
        _hasBroken = false;
        _tree.Pages.Keep();
    }

    private void Prepare<TPlan>(IpaRange range, ref TPlan plan, bool isMade)
        where TPlan : struct, ITreeVisitor
    {
        _range = range;
        _pendingWait = !isMade;
        bool isPrepared = false;
        try
        {
            TableWindow window = _tree.Open();
            _tree.Visit(ref window, range, ref plan);
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

    private void BreakBlock(ref TableWindow window, in PendingDescriptor pending, in TableChange change, Stage2Maintenance maintenance, FoundPages found)
    {
        TableSlot slot = pending.Slot;
        ulong before = slot.Descriptor;
        for (ulong block = before; ; before = block)
        {
            block = _tree.Replace(ref window, slot.Address, before, _pendingWait ? Stage2Format.Broken(pending.Value) : pending.Value);
            if (block == before)
            {
                break;
            }

            new BlockSplit(_tree, change).Remake(ref window, slot, _tree.Format.TableIn(pending.Value), block);
        }

        if (Stage2Format.MayBeCached(before))
        {
            maintenance.AddLeaf(slot.Ipa, slot.Level);
        }

        if (change.Finds(before))
        {
            found.Add(slot.From, slot.To);
        }
    }

    private void BreakMerged(ref TableWindow window, in PendingDescriptor pending, Stage2Maintenance maintenance)
    {
        TableSlot slot = pending.Slot;
        window.Write(slot.Address, _pendingWait ? Stage2Format.Broken(pending.Value) : pending.Value);
        ulong table = _tree.Format.TableIn(slot.Descriptor);
        var removal = new Removal(_tree, maintenance);
        _tree.VisitBelow(ref window, table, slot, ref removal);
        _tree.Pages.Unlink(table);
        maintenance.AddTable(slot.Ipa, slot.Level);
    }

    private void MakePending(ref TableWindow window, in PendingDescriptor pending)
    {
        TableSlot slot = pending.Slot;
        ulong value = pending.Value;
        if (GathersFrom(slot))
        {
            // From now on no walk writes to the pieces any more.
            var written = default(HardwareBits);
            _tree.VisitBelow(ref window, _tree.Format.TableIn(slot.Descriptor), slot, ref written);
            value |= written.Bits;
        }

        if (_pendingWait)
        {
            window.Write(slot.Address, value);
            return;
        }

        for (ulong block = pending.Value; (block & value) != value;)
        {
            ulong observed = _tree.Replace(ref window, slot.Address, block, block | value);
            block = observed == block ? block | value : observed;
        }
    }

    /// <summary>Tells whether a block replaces pieces to which walkers may have written until TLBs had forgotten them.</summary>
    private bool GathersFrom(in TableSlot slot) => _tree.IsRacing && Stage2Format.IsTable(slot.Descriptor, slot.Level);
}
