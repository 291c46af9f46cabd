namespace HvIntrospect.Translation.Stage2;

/// <summary>What happens to every block and page of a range.</summary>
internal readonly struct TableChange
{
    private readonly ulong _cleared;
    private readonly ulong _set;

    private TableChange(ulong cleared, ulong set, bool splits = false)
    {
        _cleared = cleared;
        _set = set;
        Splits = splits;
    }

    /// <summary>Gets the change that leaves blocks and pages as they are.</summary>
    public static TableChange None => default;

    public static TableChange Unmap => new(ulong.MaxValue, 0);

    public static TableChange Split => new(0, 0, splits: true);

    public bool ChangesLeaves => _cleared != 0;

    public bool Unmaps => _cleared == ulong.MaxValue;

    /// <summary>Gets a value indicating whether blocks become pages even where nothing else changes.</summary>
    public bool Splits { get; }

    public static TableChange SetAccess(Stage2Access access) => new(Stage2Format.AccessMask, Stage2Format.EncodeAccess(access));

    public static TableChange SetAttributes(Stage2Format format, Stage2Attributes attributes) =>
        new(format.AttributeMask, format.Encode(attributes));

    public ulong Apply(ulong descriptor) => (descriptor & ~_cleared) | _set;
}
