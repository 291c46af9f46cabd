namespace HvIntrospect.Translation.Stage2;

/// <summary>What happens to every block and page of a range.</summary>
internal readonly struct TableChange
{
    private readonly ulong _cleared;
    private readonly ulong _set;

    private TableChange(ulong cleared, ulong set, bool unmaps, bool splits)
    {
        _cleared = cleared;
        _set = set;
        Unmaps = unmaps;
        Splits = splits;
    }

    public static TableChange Unmap => new(ulong.MaxValue, 0, unmaps: true, splits: false);

    public static TableChange Split => new(0, 0, unmaps: false, splits: true);

    public bool Unmaps { get; }

    /// <summary>Gets a value indicating whether blocks become pages even where nothing else changes.</summary>
    public bool Splits { get; }

    public static TableChange SetAccess(Stage2Access access) =>
        new(Stage2Attributes.AccessMask, Stage2Attributes.AccessBits(access), unmaps: false, splits: false);

    public static TableChange SetAttributes(Stage2Attributes attributes) => new(Stage2Attributes.Mask, attributes.Bits, unmaps: false, splits: false);

    public ulong Apply(ulong descriptor) => (descriptor & ~_cleared) | _set;
}
