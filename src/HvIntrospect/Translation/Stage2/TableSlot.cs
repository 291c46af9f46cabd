namespace HvIntrospect.Translation.Stage2;

/// <summary>A descriptor on the way of a visit, and the part of what it translates that the visit is about.</summary>
internal readonly struct TableSlot
{
    public TableSlot(ulong address, ulong descriptor, int level, ulong ipa, ulong span, ulong from, ulong to)
    {
        Address = address;
        Descriptor = descriptor;
        Level = level;
        Ipa = ipa;
        Span = span;
        From = from;
        To = to;
    }

    /// <summary>Gets the physical address of the descriptor.</summary>
    public ulong Address { get; }

    /// <summary>Gets the descriptor as it was when the visit came to it.</summary>
    public ulong Descriptor { get; }

    public int Level { get; }

    /// <summary>Gets the first IPA that the descriptor translates.</summary>
    public ulong Ipa { get; }

    /// <summary>Gets the number of bytes that the descriptor translates, less 1.</summary>
    public ulong Span { get; }

    /// <summary>Gets the first IPA that the visit is about.</summary>
    public ulong From { get; }

    /// <summary>Gets the last IPA that the visit is about.</summary>
    public ulong To { get; }

    /// <summary>Gets a value indicating whether the visit is about all that the descriptor translates.</summary>
    public bool IsWhole => To - From == Span;
}
