using System;
using System.Collections.Generic;

namespace HvIntrospect.Translation.Stage2;

/// <summary>Prepares a mapping: finds the invalid descriptors of its range and makes what shall stand there.</summary>
internal struct MapPlan : ITreeVisitor
{
    private readonly Stage2Tree _tree;
    private readonly TableMapping _mapping;
    private readonly List<PendingDescriptor> _pending;

    public MapPlan(Stage2Tree tree, in TableMapping mapping, List<PendingDescriptor> pending)
    {
        _tree = tree;
        _mapping = mapping;
        _pending = pending;
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

        _pending.Add(new PendingDescriptor(slot, Build(ref window, slot.Level, slot.Ipa, slot.From, slot.To)));
        return TreeStep.Next;
    }

    public readonly void Leave(ref TableWindow window, in TableSlot slot)
    {
    }

    /// <summary>Makes a descriptor that maps from..to: a block or page, or a new table.</summary>
    private readonly ulong Build(ref TableWindow window, int level, ulong ipa, ulong from, ulong to)
    {
        TranslationGranule granule = _tree.Geometry.Granule;
        if (to - from == (1UL << granule.BlockSizeLog2(level)) - 1 && _mapping.AllowsLeaf(level))
        {
            return _mapping.Descriptor(ipa, level);
        }

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
            int whole = leaves && childFrom == childIpa ? (int)(Math.Min(to - childIpa + 1, _tree.Format.PlainRun(_mapping.Target(childIpa))) >> shift) : 0;
            if (whole != 0)
            {
                window.Fill(address, whole, _mapping.Descriptor(childIpa, level), 1UL << shift);
                index += whole - 1;
                continue;
            }

            ulong childTo = Math.Min(to, childIpa + (1UL << shift) - 1);
            window.Write(address, Build(ref window, level, childIpa, childFrom, childTo));
        }

        return _tree.Format.EncodeTable(table);
    }
}
