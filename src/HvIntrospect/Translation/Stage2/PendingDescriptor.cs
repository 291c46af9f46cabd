namespace HvIntrospect.Translation.Stage2;

/// <summary>A descriptor that is prepared and becomes valid when a change is committed.</summary>
internal readonly struct PendingDescriptor
{
    public PendingDescriptor(in TableSlot slot, ulong value)
        : this(slot, value, slot.Descriptor)
    {
    }

    private PendingDescriptor(in TableSlot slot, ulong value, ulong before)
    {
        Slot = slot;
        Value = value;
        Before = before;
    }

    /// <summary>Gets the place of the descriptor and what stood there when it was prepared.</summary>
    public TableSlot Slot { get; }

    public ulong Value { get; }

    /// <summary>Gets what stood there last: walkers may have written to it since.</summary>
    public ulong Before { get; }

    /// <summary>Gets a value indicating whether a block is to be split.</summary>
    public bool IsSplit => Stage2Format.IsValid(Before) && !IsMerge;

    /// <summary>Gets a value indicating whether a table is to become a block.</summary>
    public bool IsMerge => Stage2Format.IsTable(Before, Slot.Level);

    public PendingDescriptor After(ulong before) => new(Slot, Value, before);
}
