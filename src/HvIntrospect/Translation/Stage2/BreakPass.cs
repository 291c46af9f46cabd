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
    private readonly List<PendingDescriptor> _neighbours;
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
    /// <param name="neighbours">Receives the leaves outside the range that are made again because they were in a run with some that changed.</param>
    public BreakPass(
        Stage2Tree tree, IpaRange range, in TableChange change, Stage2Maintenance maintenance, FoundPages found, List<PendingDescriptor> neighbours)
    {
        _tree = tree;
        _first = range.Start.Value;
        _last = range.Last.Value;
        _change = change;
        _maintenance = maintenance;
        _found = found;
        _neighbours = neighbours;
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
                ChangeRun(ref window, slot, isTorn: false);
            }
            else
            {
                Change(ref window, slot.Address, slot.Descriptor, slot.Level, slot.Ipa, slot.Span, keepsRun: true);
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

    /// <summary>Changes all leaves of a contiguous run. Where the range covers a part of it, none is in a run after that.</summary>
    /// <param name="window">The tables.</param>
    /// <param name="slot">Any leaf of the run.</param>
    /// <param name="isTorn">True when some of the run are leaves no more, so that the others must not be in it.</param>
    public void ChangeRun(ref TableWindow window, in TableSlot slot, bool isTorn)
    {
        int count = 1 << _tree.Format.ContiguousLog2(slot.Level);
        ulong size = slot.Span + 1;
        ulong runSpan = ((ulong)count * size) - 1;
        ulong ipa = slot.Ipa & ~runSpan;
        ulong address = slot.Address - (((slot.Ipa - ipa) / size) << 3);
        _runStart = ipa;
        _runSpan = runSpan;
        _hasRun = true;

        // Hardware may keep AF and the dirty state of a whole run in any of its descriptors.
        bool changes = false;
        bool finds = false;
        for (int i = 0; i < count; i++)
        {
            ulong leaf = window.Read(address + ((ulong)i << 3));
            ulong leafIpa = ipa + ((ulong)i * size);
            changes |= IsLeaf(leaf, slot.Level) && IsInside(leafIpa) && _change.Apply(leaf, leafIpa) != leaf;
            finds |= IsLeaf(leaf, slot.Level) && _change.Finds(leaf);
        }

        if (finds)
        {
            _found.Add(Math.Max(ipa, _first), Math.Min(ipa + runSpan, _last));
        }

        if (!changes && !finds && !isTorn)
        {
            return;
        }

        bool isWhole = ipa >= _first && ipa + runSpan <= _last;
        bool keepsRun = isWhole && !isTorn && !_change.MustSplit(runSpan);
        for (int i = 0; i < count; i++, address += 8, ipa += size)
        {
            ulong leaf = window.Read(address);
            if (!IsLeaf(leaf, slot.Level))
            {
                continue;
            }

            if (IsInside(ipa))
            {
                Change(ref window, address, leaf, slot.Level, ipa, slot.Span, keepsRun);
            }
            else
            {
                Part(ref window, address, leaf, slot.Level, ipa, slot.Span);
            }
        }
    }

    private static bool IsLeaf(ulong descriptor, int level) => Stage2Format.IsValid(descriptor) && !Stage2Format.IsTable(descriptor, level);

    private readonly bool IsInside(ulong ipa) => ipa >= _first && ipa <= _last;

    /// <summary>Takes a leaf outside the range out of its run.</summary>
    private void Part(ref TableWindow window, ulong address, ulong leaf, int level, ulong ipa, ulong span)
    {
        bool breaks = _tree.BreaksRuns;
        ulong before;
        ulong alone;
        do
        {
            before = leaf;
            alone = before & ~Stage2Format.Contiguous;
            leaf = _tree.Replace(ref window, address, before, breaks ? Stage2Format.Broken(alone) : alone);
        }
        while (leaf != before);

        AddStale(before, level, ipa);
        if (breaks)
        {
            _neighbours.Add(new PendingDescriptor(new TableSlot(address, before, level, ipa, span, ipa, ipa + span), alone));
        }
    }

    private void Change(ref TableWindow window, ulong address, ulong leaf, int level, ulong ipa, ulong span, bool keepsRun)
    {
        ulong before;
        bool breaks;
        do
        {
            before = leaf;
            ulong after = _change.Apply(before, ipa);
            after = keepsRun ? after : after & ~Stage2Format.Contiguous;
            if (after == before)
            {
                return;
            }

            breaks = Stage2Format.IsValid(after) && _tree.MustBreak(before, after);
            leaf = _tree.Replace(ref window, address, before, breaks ? Stage2Format.Broken(after) : after);
        }
        while (leaf != before);

        HasBroken |= breaks;
        AddStale(before, level, ipa);
        if (_change.Finds(before))
        {
            _found.Add(ipa, ipa + span);
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
