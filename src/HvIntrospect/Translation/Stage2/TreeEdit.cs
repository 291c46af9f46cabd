using System;
using System.Collections.Generic;

namespace HvIntrospect.Translation.Stage2;

/// <summary>One change of one tree, in the steps that all trees of a VM take together.</summary>
/// <remarks>
/// <para>A <c>Prepare</c> method takes all pages and fills them while nothing points to them: it alone can fail for a reason of the
/// caller's, and leaves the tree as it was then; <see cref="Rollback"/> does so because another tree's failed. <see cref="Break"/> makes invalid what must not change while it is valid, and
/// changes the rest. When the TLBs of the tree's VMID have forgotten what was noted, <see cref="Make"/> writes the new descriptors.
/// <see cref="Finish"/> gives back the pages that nothing points to any more.</para>
/// </remarks>
internal sealed class TreeEdit
{
    private readonly Stage2Tree _tree;
    private readonly List<PendingDescriptor> _pending = [];
    private IpaRange _range;
    private bool _hasBroken;

    public TreeEdit(Stage2Tree tree)
    {
        _tree = tree;
    }

    /// <summary>Gets a value indicating whether <see cref="Make"/> has anything to write.</summary>
    public bool HasToMake => _pending.Count != 0 || _hasBroken;

    /// <summary>Prepares to map an unmapped range.</summary>
    /// <exception cref="ArgumentException">A part of it is mapped.</exception>
    /// <exception cref="Stage2Exception">There are not enough pages, or they are not in memory.</exception>
    public void PrepareMap(IpaRange range, in TableMapping mapping)
    {
        var plan = new MapPlan(_tree, mapping, _pending);
        Prepare(range, ref plan);
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
        Prepare(range, ref plan);
    }

    /// <summary>Prepares to turn tables that touch a range into blocks. It needs no page.</summary>
    public void PrepareMerge(IpaRange range, bool onlySplitBlocks)
    {
        var plan = new MergePlan(_tree, onlySplitBlocks, _pending);
        Prepare(range, ref plan);
    }

    /// <summary>Forgets what was prepared.</summary>
    public void Rollback()
    {
        _pending.Clear();
        _tree.Pages.Rollback();
    }

    /// <summary>Breaks what waits to be made and changes what changes in place.</summary>
    /// <param name="change">What was prepared.</param>
    /// <param name="maintenance">Receives what TLBs may hold that is no longer so.</param>
    public void Break(in TableChange change, Stage2Maintenance maintenance)
    {
        TableWindow window = _tree.Open();
        foreach (PendingDescriptor pending in _pending)
        {
            window.Write(pending.Slot.Address, Stage2Tree.Broken(pending.Value));
            if (Stage2Format.IsTable(pending.Slot.Descriptor, pending.Slot.Level))
            {
                BreakMerged(ref window, pending, maintenance);
            }
            else if (Stage2Tree.MayBeCached(pending.Slot.Descriptor))
            {
                maintenance.Add(pending.Slot.Ipa);
            }
        }

        if (change.ChangesLeaves)
        {
            var pass = new BreakPass(_tree, change, maintenance);
            _tree.Visit(ref window, _range, ref pass);
            _hasBroken = pass.HasBroken;
        }
    }

    /// <summary>Writes the new descriptors.</summary>
    public void Make()
    {
        TableWindow window = _tree.Open();
        foreach (PendingDescriptor pending in _pending)
        {
            window.Write(pending.Slot.Address, pending.Value);
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
        _hasBroken = false;
        _tree.Pages.Keep();
    }

    private void Prepare<TPlan>(IpaRange range, ref TPlan plan)
        where TPlan : struct, ITreeVisitor
    {
        _range = range;
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

    private void BreakMerged(ref TableWindow window, in PendingDescriptor pending, Stage2Maintenance maintenance)
    {
        ulong table = _tree.TableAddress(pending.Slot.Descriptor);
        if (Stage2Tree.MayBeCached(pending.Value))
        {
            // Each of the pieces may be in a TLB.
            maintenance.AddEverything();
        }
        else
        {
            maintenance.Add(pending.Slot.Ipa);
        }

        var removal = new Removal(_tree, maintenance);
        _tree.VisitBelow(ref window, table, pending.Slot, ref removal);
        _tree.Pages.Unlink(table);
    }
}
