using System.Collections.Generic;

namespace HvIntrospect.Translation.Stage2;

/// <summary>Prepares a merge: finds the tables that map exactly what a block would map. It needs no table page.</summary>
internal readonly struct MergePlan : ITreeVisitor
{
    private readonly Stage2Tree _tree;
    private readonly bool _onlySplitBlocks;
    private readonly List<PendingDescriptor> _pending;

    public MergePlan(Stage2Tree tree, bool onlySplitBlocks, List<PendingDescriptor> pending)
    {
        _tree = tree;
        _onlySplitBlocks = onlySplitBlocks;
        _pending = pending;
    }

    public TreeStep Enter(ref TableWindow window, in TableSlot slot)
    {
        if (!Stage2Format.IsTable(slot.Descriptor, slot.Level))
        {
            return TreeStep.Next;
        }

        if (TryMerge(ref window, slot.Descriptor, slot.Level, out ulong block))
        {
            _pending.Add(new PendingDescriptor(slot, block));
            return TreeStep.Next;
        }

        return slot.Level + 1 < TranslationGranule.LastLevel ? TreeStep.Into : TreeStep.Next;
    }

    public void Leave(ref TableWindow window, in TableSlot slot)
    {
    }

    private bool TryMerge(ref TableWindow window, ulong descriptor, int level, out ulong block)
    {
        block = 0;
        TranslationGranule granule = _tree.Geometry.Granule;
        if (!_tree.Format.AllowsLeaf(level) || (_onlySplitBlocks && (descriptor & Stage2Format.SplitMark) == 0))
        {
            return false;
        }

        ulong table = _tree.Format.TableIn(descriptor);
        ulong step = 1UL << granule.BlockSizeLog2(level + 1);
        if (!TryMergeSlot(ref window, table, level + 1, out ulong first) || _tree.Format.LeafIn(first, level + 1) % (1UL << granule.BlockSizeLog2(level)) != 0)
        {
            return false;
        }

        // Where walkers set AF, pieces differ by it at any moment: the block has what any of them has when no walk writes any more.
        block = (first & ~(Stage2Format.TypeMask | Stage2Format.Contiguous)) | Stage2Format.Block;
        ulong ignored = Stage2Format.Contiguous | (_tree.IsRacing ? Stage2Format.AccessFlag : 0);
        int count = granule.DescriptorsPerTable;
        if (window.IsRun(table, count, first, step, ignored))
        {
            return true;
        }

        // Some pieces may be tables that can become blocks themselves.
        for (int index = 1; index < count; index++)
        {
            if (!TryMergeSlot(ref window, table + ((ulong)index << 3), level + 1, out ulong next) || ((next ^ unchecked(first + ((ulong)index * step))) & ~ignored) != 0)
            {
                return false;
            }
        }

        return true;
    }

    private bool TryMergeSlot(ref TableWindow window, ulong slot, int level, out ulong leaf)
    {
        leaf = window.Read(slot);
        return Stage2Format.IsTable(leaf, level) ? TryMerge(ref window, leaf, level, out leaf) : Stage2Format.IsValid(leaf);
    }
}
