using System;
using System.Collections.Generic;

namespace HvIntrospect.Translation.Stage2;

/// <summary>Prepares a mapping: finds the invalid descriptors of its range and makes what shall stand there.</summary>
internal struct MapPlan : ITreeVisitor
{
    private readonly Stage2Tree _tree;
    private readonly TableMapping _mapping;
    private readonly List<PendingDescriptor> _pending;
    private readonly ulong _first;
    private readonly ulong _last;

    public MapPlan(Stage2Tree tree, IpaRange range, in TableMapping mapping, List<PendingDescriptor> pending)
    {
        _tree = tree;
        _mapping = mapping;
        _pending = pending;
        _first = range.Start.Value;
        _last = range.Last.Value;
        Conflict = null;
    }

    /// <summary>Gets an address that is mapped already, where the plan ended; null when it is complete.</summary>
    public Ipa? Conflict { get; private set; }

    public TreeStep Enter(ref TableWindow window, in TableSlot slot)
    {
        if (Stage2Format.IsTable(slot.Descriptor, slot.Level))
        {
            return TreeStep.Into;
        }

        if (Stage2Format.IsValid(slot.Descriptor))
        {
            Conflict = new Ipa(slot.From);
            return TreeStep.End;
        }

        ulong descriptor = Build(ref window, slot.Level, slot.Ipa, slot.From, slot.To);
        _pending.Add(new PendingDescriptor(slot, IsInRun(ref window, slot) ? descriptor | Stage2Format.Contiguous : descriptor));
        return TreeStep.Next;
    }

    public readonly void Leave(ref TableWindow window, in TableSlot slot)
    {
    }

    /// <summary>Tells whether a leaf and all of its run are mapped by this plan, in one table.</summary>
    private readonly bool IsInRun(ref TableWindow window, in TableSlot slot)
    {
        ulong run = slot.IsWhole && _mapping.AllowsLeaf(slot.Level) ? _mapping.RunSize(slot.Level) : 0;
        ulong start = slot.Ipa & ~(run - 1);
        if (run == 0 || start < _first || start + run - 1 > Math.Min(_last, _mapping.LastAlike(start)))
        {
            return false;
        }

        // A table would stay where the others of the run are leaves.
        ulong size = slot.Span + 1;
        ulong address = slot.Address - (((slot.Ipa - start) / size) << 3);
        return window.IsRun(address, (int)(run / size), 0, 0, ignored: ~Stage2Format.Valid);
    }

    /// <summary>Makes a descriptor that maps from..to: a block or page, or a new table.</summary>
    private readonly ulong Build(ref TableWindow window, int level, ulong ipa, ulong from, ulong to)
    {
        TranslationGranule granule = _tree.Format.Granule;
        bool isWhole = to - from == (1UL << granule.BlockSizeLog2(level)) - 1 && _mapping.AllowsLeaf(level);
        if (isWhole && (level == TranslationGranule.LastLevel || to <= _mapping.LastAlike(from)))
        {
            return _mapping.Descriptor(ipa, level);
        }

        // What only guards keep from being a block becomes one when they are gone.
        ulong mark = isWhole ? Stage2Format.SplitMark : 0;
        ulong table = _tree.Pages.Take();
        level++;
        int shift = granule.BlockSizeLog2(level);
        int first = (int)((from - ipa) >> shift);
        int last = (int)((to - ipa) >> shift);
        window.Fill(table, first, 0, 0);
        window.Fill(table + ((ulong)(last + 1) << 3), granule.DescriptorsPerTable - last - 1, 0, 0);
        bool leaves = _mapping.AllowsLeaf(level);
        for (int index = first; index <= last; index++)
        {
            ulong address = table + ((ulong)index << 3);
            ulong childIpa = ipa + ((ulong)index << shift);
            ulong childFrom = Math.Max(from, childIpa);
            int whole = leaves && childFrom == childIpa ? (int)((Math.Min(to, _mapping.LastAlike(childIpa)) - childIpa + 1) >> shift) : 0;
            if (whole != 0)
            {
                _mapping.Fill(ref window, address, level, childIpa, whole);
                index += whole - 1;
                continue;
            }

            ulong childTo = Math.Min(to, childIpa + (1UL << shift) - 1);
            window.Write(address, Build(ref window, level, childIpa, childFrom, childTo));
        }

        return _tree.Format.EncodeTable(table) | mark;
    }
}
