using System;
using System.Collections.Generic;

namespace HvIntrospect.Translation.Stage2;

/// <summary>Prepares a change of what is mapped: makes the tables of all blocks that must be split, those that the range covers in part.</summary>
internal readonly struct ChangePlan : ITreeVisitor
{
    private readonly Stage2Tree _tree;
    private readonly TableChange _change;
    private readonly List<PendingDescriptor> _pending;

    public ChangePlan(Stage2Tree tree, in TableChange change, List<PendingDescriptor> pending)
    {
        _tree = tree;
        _change = change;
        _pending = pending;
    }

    public TreeStep Enter(ref TableWindow window, in TableSlot slot)
    {
        if (slot.Level == TranslationGranule.LastLevel)
        {
            return TreeStep.Last;
        }

        if (!_change.Splits && slot.IsWhole)
        {
            return TreeStep.Last;
        }

        if (Stage2Format.IsTable(slot.Descriptor, slot.Level))
        {
            return slot.Level + 1 < TranslationGranule.LastLevel ? TreeStep.Into : TreeStep.Next;
        }

        if (Stage2Format.IsValid(slot.Descriptor) && (_change.Splits || _change.Apply(slot.Descriptor) != slot.Descriptor))
        {
            _pending.Add(new PendingDescriptor(slot, Split(ref window, slot.Descriptor, slot.Level, slot.Ipa, slot.From, slot.To)));
        }

        return TreeStep.Next;
    }

    public void Leave(ref TableWindow window, in TableSlot slot)
    {
    }

    /// <summary>Makes a table that maps what a block maps, with the change applied to the part from..to.</summary>
    private ulong Split(ref TableWindow window, ulong block, int level, ulong ipa, ulong from, ulong to)
    {
        TranslationGranule granule = _tree.Geometry.Granule;
        ulong table = _tree.Pages.Take();
        level++;
        int shift = granule.BlockSizeLog2(level);
        ulong span = (1UL << shift) - 1;
        ulong piece = level == TranslationGranule.LastLevel ? block | Stage2Format.PageBit : block;
        window.Fill(table, granule.DescriptorsPerTable, piece, span + 1);
        ulong last = (to - ipa) >> shift;
        for (ulong index = (from - ipa) >> shift; index <= last; index++)
        {
            ulong pieceIpa = ipa + (index << shift);
            ulong pieceFrom = Math.Max(from, pieceIpa);
            ulong pieceTo = Math.Min(to, pieceIpa + span);
            ulong value = unchecked(piece + (index << shift));
            bool splitsAgain = level < TranslationGranule.LastLevel && (_change.Splits || pieceTo - pieceFrom != span);
            value = splitsAgain ? Split(ref window, value, level, pieceIpa, pieceFrom, pieceTo) : _change.Apply(value);
            window.Write(table + (index << 3), value);
        }

        return _tree.Format.EncodeTable(table) | Stage2Format.SplitMark;
    }
}
