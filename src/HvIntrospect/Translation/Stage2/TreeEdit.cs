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
    private readonly List<PendingDescriptor> _alone = [];
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
    public bool HasToMake => (_pending.Count != 0 && (_pendingWait || (_tree.IsRacing && _pending[0].IsMerge))) || _alone.Count != 0 || _hasBroken;

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
        _pendingWait |= _tree.BreaksRuns && _pending.Exists(static pending => (pending.Before & Stage2Format.Contiguous) != 0);
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
        for (int i = 0; i < _pending.Count; i++)
        {
            _pending[i] = _pending[i].IsMerge ? BreakMerged(ref window, _pending[i], maintenance) : BreakBlock(ref window, _pending[i], change, maintenance);
        }

        var pass = new BreakPass(_tree, _range, change, maintenance, found, _alone);
        TearRuns(ref window, change, ref pass);
        foreach (PendingDescriptor pending in _pending)
        {
            if (change.Finds(pending.Before))
            {
                found.Add(pending.Slot.From, pending.Slot.To);
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

        foreach (PendingDescriptor alone in _alone)
        {
            window.Write(alone.Slot.Address, alone.Value);
        }

        if (_hasBroken)
        {
            var pass = default(MakePass);
            _tree.Visit(ref window, _range, ref pass);
        }
    }

    /// <summary>Ends a change that was made.</summary>
    public void Finish()
    {
        _pending.Clear();
        _alone.Clear();
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

    private PendingDescriptor BreakBlock(ref TableWindow window, in PendingDescriptor pending, in TableChange change, Stage2Maintenance maintenance)
    {
        ulong block = pending.Before;
        while (true)
        {
            ulong before = _tree.Replace(ref window, pending.Slot.Address, block, _pendingWait ? Stage2Format.Broken(pending.Value) : pending.Value);
            if (before == block)
            {
                break;
            }

            block = before;
            new BlockSplit(_tree, change).Remake(ref window, pending.Slot, _tree.Format.TableIn(pending.Value), block);
        }

        if (Stage2Format.MayBeCached(block))
        {
            maintenance.AddLeaf(pending.Slot.Ipa, pending.Slot.Level);
        }

        return pending.After(block);
    }

    /// <summary>Takes the runs apart in which blocks were that are split.</summary>
    private void TearRuns(ref TableWindow window, in TableChange change, ref BreakPass pass)
    {
        int next;
        for (int first = 0; first < _pending.Count; first = next)
        {
            next = first + 1;
            TableSlot slot = _pending[first].Slot;
            if (!_pending[first].IsSplit || (slot.Descriptor & Stage2Format.Contiguous) == 0)
            {
                continue;
            }

            // Blocks of one run were prepared one after the other.
            ulong runSpan = ((slot.Span + 1) << _tree.Format.ContiguousLog2(slot.Level)) - 1;
            ulong noted = WriteLog.Noted(_pending[first].Before);
            while (next < _pending.Count && (_pending[next].Slot.Ipa ^ slot.Ipa) <= runSpan)
            {
                noted |= WriteLog.Noted(_pending[next++].Before);
            }

            pass.TearRun(ref window, slot, ref noted);
            for (int i = first; i < next; i++)
            {
                ulong block = WriteLog.Inherit(_pending[i].Before, noted);
                if (block != _pending[i].Before)
                {
                    new BlockSplit(_tree, change).Remake(ref window, _pending[i].Slot, _tree.Format.TableIn(_pending[i].Value), block);
                    _pending[i] = _pending[i].After(block);
                }
            }
        }
    }

    private PendingDescriptor BreakMerged(ref TableWindow window, in PendingDescriptor pending, Stage2Maintenance maintenance)
    {
        TableSlot slot = pending.Slot;
        window.Write(slot.Address, _pendingWait ? Stage2Format.Broken(pending.Value) : pending.Value);
        ulong table = _tree.Format.TableIn(slot.Descriptor);
        var removal = new Removal(_tree, maintenance);
        _tree.VisitBelow(ref window, table, slot, ref removal);
        _tree.Pages.Unlink(table);
        maintenance.AddTable(slot.Ipa, slot.Level);
        return pending;
    }

    private void MakePending(ref TableWindow window, in PendingDescriptor pending)
    {
        ulong value = pending.Value;
        if (_tree.IsRacing && pending.IsMerge)
        {
            // From now on no walk writes to the pieces any more.
            var pieces = default(NotedPass);
            _tree.VisitBelow(ref window, _tree.Format.TableIn(pending.Before), pending.Slot, ref pieces);
            value = WriteLog.Inherit(value, pieces.Noted);
        }

        if (_pendingWait)
        {
            window.Write(pending.Slot.Address, value);
            return;
        }

        for (ulong block = pending.Value; (block & value) != value;)
        {
            ulong before = _tree.Replace(ref window, pending.Slot.Address, block, block | value);
            block = before == block ? value : before;
        }
    }
}
