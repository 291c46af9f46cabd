using System;
using System.Collections.Generic;

namespace HvIntrospect.Translation.Stage2;

/// <summary>
/// Changes what a range covers wholly. Permissions and AF change in place; what must not change while it is valid is only broken here.
/// Tables that become empty are taken off.
/// </summary>
internal struct BreakPass : ITreeVisitor
{
    private readonly Stage2Tree _tree;
    private readonly TableChange _change;
    private readonly Stage2Maintenance _maintenance;
    private readonly FoundPages _found;
    private readonly List<PendingDescriptor> _alone;
    private readonly ulong _first;
    private readonly ulong _last;

    /// <summary>The run of contiguous leaves that was changed last.</summary>
    private ulong _runStart;
    private ulong _runSpan;
    private bool _hasRun;

    /// <summary>Makes the pass.</summary>
    /// <param name="tree">The tree.</param>
    /// <param name="range">What changes.</param>
    /// <param name="change">How.</param>
    /// <param name="maintenance">Receives what TLBs may hold that is no longer so.</param>
    /// <param name="found">Receives the pages that the change finds.</param>
    /// <param name="alone">Receives the leaves that are made again because they were in a contiguous run and are no more.</param>
    public BreakPass(
        Stage2Tree tree, IpaRange range, in TableChange change, Stage2Maintenance maintenance, FoundPages found, List<PendingDescriptor> alone)
    {
        _tree = tree;
        _first = range.Start.Value;
        _last = range.Last.Value;
        _change = change;
        _maintenance = maintenance;
        _found = found;
        _alone = alone;
        _runStart = 0;
        _runSpan = 0;
        _hasRun = false;
        HasBroken = false;
    }

    /// <summary>Gets a value indicating whether descriptors wait to be made.</summary>
    public bool HasBroken { get; private set; }

    public TreeStep Enter(ref TableWindow window, in TableSlot slot)
    {
        if (!Stage2Format.IsValid(slot.Descriptor))
        {
            return TreeStep.Next;
        }

        if (Stage2Format.IsTable(slot.Descriptor, slot.Level))
        {
            if (!slot.IsWhole || !_change.Unmaps)
            {
                return TreeStep.Into;
            }

            RemoveBelow(ref window, slot);
        }
        else if (slot.IsWhole && !(_hasRun && unchecked(slot.Ipa - _runStart) <= _runSpan))
        {
            if ((slot.Descriptor & Stage2Format.Contiguous) != 0)
            {
                ChangeRun(ref window, slot);
            }
            else
            {
                Report(_change.Finds(Change(ref window, slot.Address, slot.Descriptor, slot.Level, slot.Ipa)), slot);
            }
        }

        return TreeStep.Next;
    }

    public void Leave(ref TableWindow window, in TableSlot slot)
    {
        ulong table = _tree.Format.TableIn(slot.Descriptor);
        if (_change.Unmaps && _tree.IsEmpty(ref window, table))
        {
            TakeOff(ref window, slot, table);
        }
    }

    /// <summary>Takes the rest of a contiguous run apart of which some leaves are about to be tables.</summary>
    /// <param name="window">The tables.</param>
    /// <param name="slot">One of those.</param>
    /// <param name="noted">What was noted in those; receives what was noted in the whole run.</param>
    public void TearRun(ref TableWindow window, in TableSlot slot, ref ulong noted) => TakeApart(ref window, RunOf(slot), slot.Level, ref noted);

    /// <summary>Changes all leaves of a contiguous run. Where the range covers a part of it, none is in a run after that.</summary>
    private void ChangeRun(ref TableWindow window, in TableSlot slot)
    {
        TableSlot run = RunOf(slot);
        _runStart = run.Ipa;
        _runSpan = run.Span;
        _hasRun = true;
        if (!Concerns(ref window, run, slot.Level))
        {
            return;
        }

        if (run.Ipa < _first || run.Ipa + run.Span > _last || _change.MustSplit(run.Span, run.From, run.To))
        {
            ulong noted = 0;
            TakeApart(ref window, run, slot.Level, ref noted);
            return;
        }

        bool finds = false;
        for (ulong ipa = run.Ipa, address = run.Address; ipa - run.Ipa <= run.Span; ipa += slot.Span + 1, address += 8)
        {
            ulong leaf = window.Read(address);
            if (IsLeaf(leaf, slot.Level))
            {
                ulong before = Change(ref window, address, leaf, slot.Level, ipa);
                finds |= _change.Finds(before);
                if (_change.Apply(before, ipa) == before)
                {
                    // A TLB may hold it with what hardware noted in another.
                    AddStale(before, slot.Level, ipa);
                }
            }
        }

        Report(finds, run);
    }

    /// <summary>Gets the whole contiguous run around a leaf, as if it were one.</summary>
    private readonly TableSlot RunOf(in TableSlot slot)
    {
        ulong size = slot.Span + 1;
        ulong span = (size << _tree.Format.ContiguousLog2(slot.Level)) - 1;
        ulong ipa = slot.Ipa & ~span;
        return new TableSlot(
            slot.Address - (((slot.Ipa - ipa) / size) << 3), slot.Descriptor, slot.Level, ipa, span, Math.Max(ipa, _first), Math.Min(ipa + span, _last));
    }

    /// <summary>Tells whether a run has a leaf that changes, or one that the change finds: hardware may note an access to any of a run in any other of it.</summary>
    private readonly bool Concerns(ref TableWindow window, in TableSlot run, int level)
    {
        ulong size = 1UL << _tree.Format.Granule.BlockSizeLog2(level);
        for (ulong ipa = run.Ipa, address = run.Address; ipa - run.Ipa <= run.Span; ipa += size, address += 8)
        {
            ulong leaf = window.Read(address);
            if (IsLeaf(leaf, level) && (_change.Finds(leaf) || (Covers(ipa, size) && _change.Apply(leaf, ipa) != leaf)))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Makes single leaves of those of a run, with the change where it applies. Each has what was noted in any of them: it may have been meant.</summary>
    private void TakeApart(ref TableWindow window, in TableSlot run, int level, ref ulong noted)
    {
        ulong size = 1UL << _tree.Format.Granule.BlockSizeLog2(level);
        for (ulong ipa = run.Ipa, address = run.Address; ipa - run.Ipa <= run.Span; ipa += size, address += 8)
        {
            ulong leaf = window.Read(address);
            if (!IsLeaf(leaf, level))
            {
                continue;
            }

            for (ulong before = leaf; _tree.BreaksRuns; before = leaf)
            {
                leaf = _tree.Replace(ref window, address, before, Stage2Format.Broken(before));
                if (leaf == before)
                {
                    break;
                }
            }

            noted |= WriteLog.Noted(leaf);
            AddStale(leaf, level, ipa);
        }

        for (ulong ipa = run.Ipa, address = run.Address; ipa - run.Ipa <= run.Span; ipa += size, address += 8)
        {
            ulong found = window.Read(address);
            ulong leaf = _tree.BreaksRuns && Stage2Format.IsInTransition(found) ? Stage2Format.Made(found) : found;
            if (IsLeaf(leaf, level))
            {
                leaf = WriteLog.Inherit(leaf, noted) & ~Stage2Format.Contiguous;
                TableSlot slot = new(address, found, level, ipa, size - 1, ipa, ipa + size - 1);
                bool isCovered = Covers(ipa, size);
                WriteAlone(ref window, slot, isCovered ? _change.Apply(leaf, ipa) : leaf);
                Report(isCovered && _change.Finds(leaf), slot);
            }
        }
    }

    private void WriteAlone(ref TableWindow window, in TableSlot slot, ulong leaf)
    {
        bool breaks = Stage2Format.IsValid(leaf) && (_tree.BreaksRuns || _tree.MustBreak(slot.Descriptor, leaf));
        window.Write(slot.Address, breaks ? Stage2Format.Broken(leaf) : leaf);
        if (breaks)
        {
            // Beyond the range, the pass that makes comes by nowhere.
            _alone.Add(new PendingDescriptor(slot, leaf));
        }
    }

    private readonly void Report(bool finds, in TableSlot slot)
    {
        if (finds)
        {
            _found.Add(slot.From, slot.To);
        }
    }

    private static bool IsLeaf(ulong descriptor, int level) => Stage2Format.IsValid(descriptor) && !Stage2Format.IsTable(descriptor, level);

    private readonly bool Covers(ulong ipa, ulong size) => ipa >= _first && ipa + size - 1 <= _last;

    /// <summary>Changes a leaf that the range covers.</summary>
    /// <returns>What it was last.</returns>
    private ulong Change(ref TableWindow window, ulong address, ulong leaf, int level, ulong ipa)
    {
        while (true)
        {
            ulong after = _change.Apply(leaf, ipa);
            if (after == leaf)
            {
                return leaf;
            }

            bool breaks = Stage2Format.IsValid(after) && _tree.MustBreak(leaf, after);
            ulong before = _tree.Replace(ref window, address, leaf, breaks ? Stage2Format.Broken(after) : after);
            if (before == leaf)
            {
                HasBroken |= breaks;
                AddStale(leaf, level, ipa);
                return leaf;
            }

            leaf = before;
        }
    }

    private readonly void AddStale(ulong leaf, int level, ulong ipa)
    {
        if (Stage2Format.MayBeCached(leaf))
        {
            _maintenance.AddLeaf(ipa, level);
        }
    }

    private void RemoveBelow(ref TableWindow window, in TableSlot slot)
    {
        ulong table = _tree.Format.TableIn(slot.Descriptor);
        var removal = new Removal(_tree, _maintenance);
        _tree.VisitBelow(ref window, table, slot, ref removal);
        TakeOff(ref window, slot, table);
    }

    private void TakeOff(ref TableWindow window, in TableSlot slot, ulong table)
    {
        window.Write(slot.Address, 0);
        _tree.Pages.Unlink(table);
        _maintenance.AddTable(slot.Ipa, slot.Level);
    }
}
