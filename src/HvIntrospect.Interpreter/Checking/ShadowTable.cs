namespace HvIntrospect.Interpreter.Checking;

/// <summary>What a table held when it was last looked at.</summary>
internal sealed class ShadowTable
{
    /// <summary>Initialises the shadow of a table.</summary>
    /// <param name="address">The physical address of the table.</param>
    /// <param name="ipa">The first address that it translates.</param>
    /// <param name="level">Its level.</param>
    /// <param name="entries">What it holds.</param>
    public ShadowTable(ulong address, ulong ipa, int level, ulong[] entries)
    {
        Address = address;
        Ipa = ipa;
        Level = level;
        Entries = entries;
    }

    /// <summary>Gets the physical address of the table.</summary>
    public ulong Address { get; }

    /// <summary>Gets the first address that it translates.</summary>
    public ulong Ipa { get; }

    /// <summary>Gets its level.</summary>
    public int Level { get; }

    /// <summary>Gets what it held.</summary>
    public ulong[] Entries { get; }

    /// <summary>Gets or sets the entry that led to the table, once it does no more: until no TLB holds that entry, walkers may read the table.</summary>
    public StaleTranslation? Unlinked { get; set; }
}
