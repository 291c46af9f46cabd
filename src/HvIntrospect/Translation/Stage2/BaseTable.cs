namespace HvIntrospect.Translation.Stage2;

/// <summary>What the base view has in the place of one table of a view: a table, or a block that the view has in pieces.</summary>
internal readonly struct BaseTable
{
    private readonly Stage2Format _format;
    private readonly ulong _table;
    private readonly ulong _block;
    private readonly int _level;

    private BaseTable(Stage2Format format, ulong table, ulong block, int level)
    {
        _format = format;
        _table = table;
        _block = block;
        _level = level;
    }

    /// <summary>Gets the base view's first tables.</summary>
    public static BaseTable RootOf(Stage2Tree tree) => new(tree.Format, tree.Root, 0, tree.Geometry.StartLevel);

    /// <summary>Gets what is below a valid descriptor.</summary>
    public BaseTable Below(ulong descriptor) => Stage2Format.IsTable(descriptor, _level)
        ? new BaseTable(_format, _format.TableIn(descriptor), 0, _level + 1)
        : new BaseTable(_format, 0, descriptor, _level + 1);

    /// <summary>Gets where a descriptor stands; 0 for the piece of a block.</summary>
    public ulong AddressOf(ulong index) => _table == 0 ? 0 : _table + (index << 3);

    /// <summary>Gets a descriptor as it is, or will be when the change that is under way is made.</summary>
    public ulong Read(ref TableWindow window, ulong index)
    {
        if (_table == 0)
        {
            ulong address = _format.LeafIn(_block, _level - 1) + (index << _format.Granule.BlockSizeLog2(_level));
            return _format.EncodeLeaf(address, _level, _block & ~(Stage2Format.TypeMask | _format.Layout.DirectMask | _format.Layout.FoldedMask));
        }

        ulong descriptor = window.Read(_table + (index << 3));
        return Stage2Format.IsInTransition(descriptor) ? Stage2Format.Made(descriptor) : descriptor;
    }
}
