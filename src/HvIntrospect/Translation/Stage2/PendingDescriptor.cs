namespace HvIntrospect.Translation.Stage2;

/// <summary>A descriptor that is prepared and becomes valid when a change is committed.</summary>
internal readonly struct PendingDescriptor
{
    public PendingDescriptor(ulong slot, ulong value, ulong ipa)
    {
        Slot = slot;
        Value = value;
        Ipa = ipa;
    }

    /// <summary>Gets the physical address of the descriptor.</summary>
    public ulong Slot { get; }

    public ulong Value { get; }

    /// <summary>Gets the first IPA that the descriptor translates.</summary>
    public ulong Ipa { get; }
}
