namespace HvIntrospect.Translation.Stage2;

/// <summary>A descriptor that is prepared and becomes valid when a change is committed.</summary>
internal readonly struct PendingDescriptor
{
    public PendingDescriptor(in TableSlot slot, ulong value)
    {
        Slot = slot;
        Value = value;
    }

    /// <summary>Gets the place of the descriptor and what stood there.</summary>
    public TableSlot Slot { get; }

    public ulong Value { get; }
}
