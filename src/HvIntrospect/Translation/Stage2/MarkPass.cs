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

        ulong leaf = slot.Descriptor;
        IsMarked = Stage2Format.IsValid(leaf) && _change.Finds(_change.Apply(leaf, slot.Ipa));
        while (IsMarked)
        {
            ulong marked = _change.Apply(leaf, slot.Ipa);
            ulong before = marked == leaf ? leaf : _tree.Replace(ref window, slot.Address, leaf, marked);
            if (before == leaf)
            {
                if (marked != leaf && Stage2Format.MayBeCached(leaf))
                {
                    _maintenance.AddLeaf(slot.Ipa, slot.Level);
                }

                break;
            }

            leaf = before;
        }

        return TreeStep.End;
    }

    public readonly void Leave(ref TableWindow window, in TableSlot slot)
    {
    }
}
