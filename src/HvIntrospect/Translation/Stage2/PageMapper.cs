namespace HvIntrospect.Translation.Stage2;

/// <summary>Maps one page into a table that exists: what mapping page by page does nearly always. It remembers the last table and the last attributes.</summary>
internal sealed class PageMapper
{
    private const ulong None = ulong.MaxValue;

    private readonly Stage2Tree _tree;
    private readonly IPhysicalMemory _memory;
    private readonly Stage2Format _format;
    private readonly int _pageShift;
    private readonly int _tableShift;
    private readonly ulong _indexMask;
    private Stage2Attributes _attributes;
    private ulong _bits;
    private bool _hasAttributes;
    private ulong _table;

    /// <summary>The upper part of the addresses that the last table translates.</summary>
    private ulong _tableNumber = None;

    public PageMapper(Stage2Tree tree)
    {
        _tree = tree;
        _memory = tree.Memory;
        _format = tree.Format;
        _pageShift = _format.Granule.SizeLog2;
        _tableShift = _pageShift + _format.Granule.Stride;
        _indexMask = (1UL << _format.Granule.Stride) - 1;
    }

    /// <summary>Remembers attributes that fit the format.</summary>
    public void Use(Stage2Attributes attributes)
    {
        _attributes = attributes;
        _bits = _format.Encode(attributes);
        _hasAttributes = true;
    }

    /// <summary>Forgets the last table: it may be taken off.</summary>
    public void Forget() => _tableNumber = None;

    /// <summary>Maps a page, if it is not mapped and has a table, and the attributes are the last ones.</summary>
    /// <param name="ipa">The page's address, a multiple of the granule below the input size.</param>
    /// <param name="target">Its physical address, a multiple of the granule below the output size.</param>
    /// <param name="attributes">The attributes.</param>
    /// <returns>False when there is more to be done; nothing was changed.</returns>
    public bool TryMap(ulong ipa, ulong target, Stage2Attributes attributes)
    {
        if (!_hasAttributes || attributes != _attributes || ((ipa >> _tableShift) != _tableNumber && !TryFindTable(ipa)))
        {
            return false;
        }

        ulong slot = _table + (((ipa >> _pageShift) & _indexMask) << 3);
        DescriptorSpan tables = DescriptorSpan.Around(_memory, slot);
        return tables.TryRead(slot, out ulong descriptor) && !Stage2Format.IsValid(descriptor)
            && tables.TryWrite(slot, _format.EncodeLeaf(target, TranslationGranule.LastLevel, _bits));
    }

    private bool TryFindTable(ulong ipa)
    {
        int level = _tree.Geometry.StartLevel;
        ulong number = ipa >> _tableShift;
        ulong table = _tree.Root;
        if (level == TranslationGranule.LastLevel)
        {
            table += number << _pageShift;
        }

        DescriptorSpan tables = DescriptorSpan.Around(_memory, table);
        for (ulong index = ipa >> _format.Granule.BlockSizeLog2(level); level < TranslationGranule.LastLevel; level++)
        {
            if (!tables.TryRead(table + (index << 3), out ulong descriptor) || !Stage2Format.IsTable(descriptor, level))
            {
                return false;
            }

            table = _format.TableIn(descriptor);
            index = (ipa >> _format.Granule.BlockSizeLog2(level + 1)) & _indexMask;
        }

        _table = table;
        _tableNumber = number;
        return true;
    }
}
