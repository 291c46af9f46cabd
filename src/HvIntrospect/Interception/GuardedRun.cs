namespace HvIntrospect.Interception;

/// <summary>Neighbouring addresses of a view at which the same is held.</summary>
/// <remarks>Immutable.</remarks>
internal readonly struct GuardedRun
{
    /// <summary>Describes a run.</summary>
    /// <param name="first">Its first byte.</param>
    /// <param name="last">Its last byte.</param>
    /// <param name="pages">What is held in the base view.</param>
    /// <param name="own">What is held in the view alone.</param>
    public GuardedRun(ulong first, ulong last, GuardedPages pages, GuardedPages own)
    {
        First = first;
        Last = last;
        Pages = pages;
        Own = own;
    }

    /// <summary>Gets the first byte.</summary>
    public ulong First { get; }

    /// <summary>Gets the last byte.</summary>
    public ulong Last { get; }

    /// <summary>Gets what is held in the base view.</summary>
    public GuardedPages Pages { get; }

    /// <summary>Gets what is held in the view alone; nothing for the base view.</summary>
    public GuardedPages Own { get; }

    /// <summary>Gets the addresses.</summary>
    public IpaRange Range => new(new Ipa(First), Last - First + 1);
}
