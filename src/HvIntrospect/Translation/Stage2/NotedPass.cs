namespace HvIntrospect.Translation.Stage2;

/// <summary>Collects what walkers have noted in any leaf.</summary>
internal struct NotedPass : ITreeVisitor
{
    /// <summary>Gets what any leaf tells about accesses, as <see cref="WriteLog.Noted"/> gives it.</summary>
    public ulong Noted { get; private set; }

    public TreeStep Enter(ref TableWindow window, in TableSlot slot)
    {
        if (Stage2Format.IsTable(slot.Descriptor, slot.Level))
        {
            return TreeStep.Into;
        }

        Noted |= WriteLog.Noted(slot.Descriptor);
        return TreeStep.Next;
    }

    public readonly void Leave(ref TableWindow window, in TableSlot slot)
    {
    }
}
