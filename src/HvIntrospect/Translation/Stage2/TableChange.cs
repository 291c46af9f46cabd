namespace HvIntrospect.Translation.Stage2;

/// <summary>What happens to every block and page of a range.</summary>
internal readonly struct TableChange
{
    private readonly Kind _kind;
    private readonly ulong _bits;
    private readonly ulong _mask;
    private readonly ulong _misalignment;
    private readonly DescriptorLayout? _layout;
    private readonly Denials? _denials;

    private TableChange(Kind kind, ulong bits = 0, ulong mask = 0, ulong misalignment = 0, DescriptorLayout? layout = null, Denials? denials = null)
    {
        _kind = kind;
        _bits = bits;
        _mask = mask;
        _misalignment = misalignment;
        _layout = layout;
        _denials = denials;
    }

    private enum Kind
    {
        None,
        Unmap,
        SetAccess,
        SetAttributes,
        Remap,
        Log,
        ContinueLog,
        StopLog,
        CollectWritten,
        CollectAccessed,
        MarkWritten,
        MarkAccessed,
    }

    /// <summary>Gets the change that leaves blocks and pages as they are.</summary>
    public static TableChange None => default;

    public static TableChange Unmap => new(Kind.Unmap);

    public static TableChange Log => new(Kind.Log);

    /// <summary>Gets the change that logs what is not logged yet; what is keeps what the log knows.</summary>
    public static TableChange ContinueLog => new(Kind.ContinueLog);

    public static TableChange StopLog => new(Kind.StopLog);

    /// <summary>Gets the change that finds what was written and makes it clean.</summary>
    public static TableChange CollectWritten => new(Kind.CollectWritten);

    /// <summary>Gets the change that finds what has AF set and clears it.</summary>
    public static TableChange CollectAccessed => new(Kind.CollectAccessed);

    public static TableChange MarkWritten => new(Kind.MarkWritten);

    public static TableChange MarkAccessed => new(Kind.MarkAccessed);

    public bool ChangesLeaves => _kind != Kind.None;

    public bool Unmaps => _kind == Kind.Unmap;

    /// <summary>Gets a value indicating whether the change gives blocks and pages what they cannot have while they are valid, but by another size alone.</summary>
    public bool ChangesMemory => _kind is Kind.SetAttributes or Kind.Remap;

    /// <summary>Gets the change that only makes pages of blocks.</summary>
    public static TableChange Split(TranslationGranule granule) => new(Kind.None, misalignment: granule.Size);

    /// <summary>Gets the change of what is permitted.</summary>
    /// <param name="access">What is permitted.</param>
    /// <param name="denials">What of it guards deny where; null for nothing.</param>
    public static TableChange SetAccess(Stage2Access access, Denials? denials) => new(Kind.SetAccess, Stage2Format.EncodeAccess(access), denials: denials);

    /// <summary>Gets the change of all attributes.</summary>
    /// <param name="format">The format of descriptors.</param>
    /// <param name="attributes">The attributes, which fit it.</param>
    /// <param name="denials">What of their access guards deny where; null for nothing.</param>
    public static TableChange SetAttributes(Stage2Format format, Stage2Attributes attributes, Denials? denials) =>
        new(Kind.SetAttributes, format.Encode(attributes), format.AttributeMask, denials: denials);

    /// <summary>Gets the change of the output address.</summary>
    /// <param name="format">The format of descriptors.</param>
    /// <param name="distance">From IPA to PA.</param>
    public static TableChange Remap(Stage2Format format, ulong distance) =>
        new(Kind.Remap, distance, format.Layout.DirectMask | format.Layout.FoldedMask, distance, format.Layout);

    /// <summary>Gets a value indicating whether the change may make one block or page of a range otherwise than the next.</summary>
    public bool Varies => _denials is not null;

    /// <summary>Tells whether a leaf must become smaller ones even when the range covers all of it.</summary>
    /// <param name="span">The number of bytes that the leaf, or the run of leaves, maps, less 1.</param>
    /// <param name="from">The first of those that are in the range.</param>
    /// <param name="to">The last of those that are in the range.</param>
    public bool MustSplit(ulong span, ulong from, ulong to) => (_misalignment & span) != 0 || (_denials is not null && !_denials.IsSame(from, to));

    /// <summary>Gets the last address up to which the change makes the same of all.</summary>
    public ulong LastAlike(ulong ipa)
    {
        ulong last = ulong.MaxValue;
        _denials?.At(ipa, out last);
        return last;
    }

    /// <summary>Makes of a block or page descriptor what it shall be.</summary>
    /// <param name="leaf">The descriptor.</param>
    /// <param name="ipa">The first IPA that it maps.</param>
    public ulong Apply(ulong leaf, ulong ipa)
    {
        ulong made = Make(leaf, ipa);
        return _denials is null ? made : _denials.Deny(made, ipa);
    }

    /// <summary>Tells whether a block or page has what the change collects.</summary>
    public bool Finds(ulong leaf) => _kind switch
    {
        Kind.CollectWritten => WriteLog.IsWritten(leaf),
        Kind.CollectAccessed => (leaf & Stage2Format.AccessFlag) != 0,
        _ => false,
    };

    /// <summary>Tells whether a valid block or page can be marked by the change, or is already.</summary>
    public bool CanMark(ulong leaf) => _kind == Kind.MarkAccessed || (leaf & Stage2Format.DirtyBitModifier) != 0;

    private ulong Make(ulong leaf, ulong ipa)
    {
        switch (_kind)
        {
            case Kind.Unmap:
                return 0;
            case Kind.SetAccess:
                return WriteLog.Permit(leaf, _bits);
            case Kind.SetAttributes:
                // Attributes with DBM say themselves what is logged and written.
                ulong others = (leaf & ~_mask) | (_bits & ~Stage2Format.AccessMask);
                return (_bits & Stage2Format.DirtyBitModifier) != 0
                    ? (others & ~(Stage2Format.LogMark | Stage2Format.WrittenMark)) | (_bits & Stage2Format.AccessMask)
                    : WriteLog.Permit(others | (leaf & (Stage2Format.DirtyBitModifier | Stage2Format.Write)), _bits & Stage2Format.AccessMask);
            case Kind.Remap:
                return (leaf & ~_mask) | _layout!.Encode(unchecked(ipa + _bits));
            case Kind.Log:
                return WriteLog.Start(leaf);
            case Kind.ContinueLog:
                return WriteLog.IsLogged(leaf) ? leaf : WriteLog.Start(leaf);
            case Kind.StopLog:
                return WriteLog.Stop(leaf);
            case Kind.CollectWritten:
                return WriteLog.Clean(leaf);
            case Kind.CollectAccessed:
                return leaf & ~Stage2Format.AccessFlag;
            case Kind.MarkWritten:
                return WriteLog.Soil(leaf);
            case Kind.MarkAccessed:
                return leaf | Stage2Format.AccessFlag;
            default:
                return leaf;
        }
    }
}
