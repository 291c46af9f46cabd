namespace HvIntrospect.Translation.Stage2;

/// <summary>Takes tables off whole: notes what TLBs may hold of them, and their pages.</summary>
internal readonly struct Removal : ITreeVisitor
{
    private readonly Stage2Tree _tree;
    private readonly Stage2Maintenance _maintenance;

    public Removal(Stage2Tree tree, Stage2Maintenance maintenance)
    {
        _tree = tree;
        _maintenance = maintenance;
    }

    public TreeStep Enter(ref TableWindow window, in TableSlot slot)
    {
        if (!Stage2Format.IsTable(slot.Descriptor, slot.Level))
        {
            // A walker that is on its way may still set the Access flag, in a table that nothing points to any more.
            if (_tree.IsRacing ? Stage2Format.IsValid(slot.Descriptor) : Stage2Format.MayBeCached(slot.Descriptor))
            {
                _maintenance.AddLeaf(slot.Ipa, slot.Level);
            }

            return TreeStep.Next;
        }

        if (slot.Level + 1 < TranslationGranule.LastLevel || !_maintenance.IsEverything)
        {
            return TreeStep.Into;
        }

        // What is in the last tables does not matter any more.
        Leave(ref window, slot);
        return TreeStep.Next;
    }

    public void Leave(ref TableWindow window, in TableSlot slot)
    {
        _tree.Pages.Unlink(_tree.Format.TableIn(slot.Descriptor));
        _maintenance.AddTable(slot.Ipa, slot.Level);
    }
}
