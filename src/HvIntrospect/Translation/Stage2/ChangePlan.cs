using System.Collections.Generic;

namespace HvIntrospect.Translation.Stage2;

/// <summary>Prepares a change of what is mapped: makes the tables of all blocks that must be split, most often those that the range covers in part.</summary>
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
        bool mustSplit = _change.MustSplit(slot.Span, slot.From, slot.To);
        if (slot.Level == TranslationGranule.LastLevel || (slot.IsWhole && !mustSplit))
        {
            // Only the ends can be covered in part.
            return _change.Varies && slot.Level != TranslationGranule.LastLevel ? TreeStep.Next : TreeStep.Last;
        }

        if (Stage2Format.IsTable(slot.Descriptor, slot.Level))
        {
            return slot.Level + 1 < TranslationGranule.LastLevel ? TreeStep.Into : TreeStep.Next;
        }

        if (Stage2Format.IsValid(slot.Descriptor) && (mustSplit || _change.Apply(slot.Descriptor, slot.Ipa) != slot.Descriptor))
        {
            _pending.Add(new PendingDescriptor(slot, new BlockSplit(_tree, _change).Make(ref window, slot)));
        }

        return TreeStep.Next;
    }

    public void Leave(ref TableWindow window, in TableSlot slot)
    {
    }
}
