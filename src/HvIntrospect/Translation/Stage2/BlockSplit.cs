using System;

namespace HvIntrospect.Translation.Stage2;

/// <summary>Makes the tables that map what a block maps, with a change applied to a part of it.</summary>
internal readonly struct BlockSplit
{
    private readonly Stage2Tree _tree;
    private readonly TableChange _change;

    public BlockSplit(Stage2Tree tree, in TableChange change)
    {
        _tree = tree;
        _change = change;
    }

    /// <summary>Takes tables and fills them.</summary>
    /// <returns>The descriptor of the first of them.</returns>
    /// <exception cref="Stage2Exception">There are not enough pages, or they are not in memory.</exception>
    public ulong Make(ref TableWindow window, in TableSlot slot)
    {
        ulong table = _tree.Pages.Take();
        Fill(ref window, table, slot.Level + 1, slot.Descriptor, slot.Ipa, slot.From, slot.To, takes: true);
        return _tree.Format.EncodeTable(table) | Stage2Format.SplitMark;
    }

    /// <summary>Fills the tables again, because hardware has set AF or S2AP[1] of the block since it was read.</summary>
    public void Remake(ref TableWindow window, in TableSlot slot, ulong table, ulong block) =>
        Fill(ref window, table, slot.Level + 1, block, slot.Ipa, slot.From, slot.To, takes: false);

    private void Fill(ref TableWindow window, ulong table, int level, ulong block, ulong ipa, ulong from, ulong to, bool takes)
    {
        Stage2Format format = _tree.Format;
        ulong bits = format.BitsBesideAddress(block) & ~(Stage2Format.TypeMask | Stage2Format.Contiguous);
        ulong target = format.LeafIn(block, level - 1);
        ulong size = 1UL << format.Granule.BlockSizeLog2(level);
        for (int index = 0; index < format.Granule.DescriptorsPerTable; index++)
        {
            ulong address = table + ((ulong)index << 3);
            ulong piece = format.EncodeLeaf(target, level, bits);
            ulong pieceFrom = Math.Max(from, ipa);
            ulong pieceTo = Math.Min(to, ipa + size - 1);
            if (pieceFrom <= pieceTo)
            {
                if (level < TranslationGranule.LastLevel && (pieceTo - pieceFrom != size - 1 || _change.MustSplit(size - 1, pieceFrom, pieceTo)))
                {
                    ulong below = takes ? _tree.Pages.Take() : format.TableIn(window.Read(address));
                    Fill(ref window, below, level + 1, piece, ipa, pieceFrom, pieceTo, takes);
                    piece = format.EncodeTable(below) | Stage2Format.SplitMark;
                }
                else
                {
                    piece = _change.Apply(piece, ipa);
                }
            }

            window.Write(address, piece);
            ipa += size;
            target += size;
        }
    }
}
