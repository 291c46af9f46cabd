namespace HvIntrospect.Translation.Stage2;

/// <summary>Marks the leaf that maps an address as accessed or written.</summary>
internal struct MarkPass : ITreeVisitor
{
    private readonly Stage2Tree _tree;
    private readonly TableChange _change;
    private readonly Stage2Maintenance _maintenance;

    public MarkPass(Stage2Tree tree, in TableChange change, Stage2Maintenance maintenance)
    {
        _tree = tree;
        _change = change;
        _maintenance = maintenance;
        IsMarked = false;
    }

    /// <summary>Gets a value indicating whether there is a leaf and it has the mark.</summary>
    public bool IsMarked { get; private set; }

    public TreeStep Enter(ref TableWindow window, in TableSlot slot)
    {
        if (Stage2Format.IsTable(slot.Descriptor, slot.Level))
        {
            return TreeStep.Into;
        }

        // A run is one unit, as it is where hardware notes the access.
        int log2 = (slot.Descriptor & Stage2Format.Contiguous) != 0 ? _tree.Format.ContiguousLog2(slot.Level) : 0;
        ulong address = slot.Address & ~((8UL << log2) - 1);
        ulong ipa = slot.Ipa & ~(((slot.Span + 1) << log2) - 1);
        for (int i = 0; i < 1 << log2; i++)
        {
            Mark(ref window, address + ((ulong)i << 3), slot.Level, ipa + ((ulong)i * (slot.Span + 1)));
        }

        return TreeStep.End;
    }

    public readonly void Leave(ref TableWindow window, in TableSlot slot)
    {
    }

    private void Mark(ref TableWindow window, ulong address, int level, ulong ipa)
    {
        ulong leaf = window.Read(address);
        while (Stage2Format.IsValid(leaf))
        {
            ulong marked = _change.Apply(leaf, ipa);
            ulong before = marked == leaf ? leaf : _tree.Replace(ref window, address, leaf, marked);
            if (before == leaf)
            {
                IsMarked = _change.Finds(marked);
                if (marked != leaf && Stage2Format.MayBeCached(leaf))
                {
                    _maintenance.AddLeaf(ipa, level);
                }

                return;
            }

            leaf = before;
        }
    }
}
