namespace HvIntrospect.Translation.Stage2;

/// <summary>Makes valid what <see cref="BreakPass"/> broke, after TLBs have forgotten what it was.</summary>
internal readonly struct MakePass : ITreeVisitor
{
    public TreeStep Enter(ref TableWindow window, in TableSlot slot)
    {
        if (Stage2Format.IsInTransition(slot.Descriptor))
        {
            window.Write(slot.Address, Stage2Format.Made(slot.Descriptor));
            return TreeStep.Next;
        }

        return Stage2Format.IsTable(slot.Descriptor, slot.Level) ? TreeStep.Into : TreeStep.Next;
    }

    public void Leave(ref TableWindow window, in TableSlot slot)
    {
    }
}
