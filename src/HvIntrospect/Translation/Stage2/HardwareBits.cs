namespace HvIntrospect.Translation.Stage2;

/// <summary>Collects what walkers have written to any leaf: AF, and S2AP[1] where DBM permits it.</summary>
internal struct HardwareBits : ITreeVisitor
{
    /// <summary>Gets the collected bits.</summary>
    public ulong Bits { get; private set; }

    public TreeStep Enter(ref TableWindow window, in TableSlot slot)
    {
        if (Stage2Format.IsTable(slot.Descriptor, slot.Level))
        {
            return TreeStep.Into;
        }

        ulong writable = (slot.Descriptor & Stage2Format.DirtyBitModifier) != 0 ? Stage2Format.AccessFlag | Stage2Format.Write : Stage2Format.AccessFlag;
        Bits |= slot.Descriptor & writable;
        return TreeStep.Next;
    }

    public readonly void Leave(ref TableWindow window, in TableSlot slot)
    {
    }
}
