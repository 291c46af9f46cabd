namespace HvIntrospect.Interpreter.Checking;

/// <summary>One descriptor of Stage 2, in a table of a known level. Immutable.</summary>
/// <remarks>Arm Architecture Reference Manual (DDI 0487), "VMSAv8-64 descriptor formats".</remarks>
internal readonly record struct Stage2Descriptor
{
    private const ulong Valid = 1;
    private const ulong TableOrPage = 2;
    private const ulong MemoryTypeMask = 0xFUL << 2;
    private const ulong ShareabilityMask = 3UL << 8;
    private const ulong NoTable = 1UL << 16;
    private const ulong Read = 1UL << 6;
    private const ulong Write = 1UL << 7;
    private const ulong AccessFlag = 1UL << 10;
    private const ulong DirtyBitModifier = 1UL << 51;
    private const ulong Contiguous = 1UL << 52;
    private const int ExecuteNeverShift = 53;
    private const int ExecutePermissions = 12;
    private readonly ulong _value;
    private readonly int _level;
    private readonly int _shift;
    private readonly TableShape _shape;

    /// <summary>Initialises a descriptor.</summary>
    /// <param name="value">Its 64 bits.</param>
    /// <param name="level">The level of its table.</param>
    /// <param name="shape">The shape of the tables.</param>
    public Stage2Descriptor(ulong value, int level, TableShape shape)
    {
        _value = value;
        _level = level;
        _shape = shape;
        _shift = IsTableOf(value, level) ? shape.GranuleShift : shape.ShiftOf(level);
    }

    /// <summary>Gets a value indicating whether it is valid.</summary>
    public bool IsValid => (_value & Valid) != 0 && (_level < TableShape.LastLevel || (_value & TableOrPage) != 0);

    /// <summary>Gets a value indicating whether it leads to another table.</summary>
    public bool IsTable => IsTableOf(_value, _level);

    /// <summary>Gets the address of the block, the page or the table.</summary>
    public ulong Output => _shape.OutputOf(_value, _shift);

    /// <summary>Gets a value indicating whether TLBs may hold it: entries without the Access flag are never cached.</summary>
    public bool IsCacheable => IsValid && (IsTable || (_value & AccessFlag) != 0);

    /// <summary>Gets the logarithm of what it translates, or of the size of the table that it leads to.</summary>
    public int Shift => _shift;

    /// <summary>Gets a value indicating whether it says to be one of a contiguous group.</summary>
    public bool IsContiguous => IsValid && !IsTable && (_value & Contiguous) != 0;

    /// <summary>Tells whether this one may take the place of another without that one being invalid in between.</summary>
    /// <param name="old">The other, in the same place.</param>
    /// <param name="level">The level of FEAT_BBM.</param>
    /// <returns>True when both may be in a TLB at once.</returns>
    public bool MayFollow(Stage2Descriptor old, int level)
    {
        if (IsTable || old.IsTable)
        {
            // At level 1 the block must say that it is about to be, or has just been, a table: nT.
            bool isExchange = IsTable != old.IsTable;
            bool isAnnounced = ((IsTable ? old._value : _value) & NoTable) != 0;
            return isExchange ? level >= 2 || (level == 1 && isAnnounced) : Output == old.Output;
        }

        ulong changed = _value ^ old._value;
        return Output == old.Output && (changed & MemoryMask) == 0 && ((changed & Contiguous) == 0 || level >= 1);
    }

    /// <summary>Tells whether it permits less than another one, so that a TLB that holds the other one permits too much.</summary>
    /// <param name="old">The other, in the same place.</param>
    /// <returns>True when it does.</returns>
    public bool IsTighterThan(Stage2Descriptor old) => (old.Permissions & ~Permissions) != 0;

    /// <summary>Tells whether two entries of one contiguous group agree.</summary>
    /// <param name="next">The entry behind this one.</param>
    /// <returns>True when attributes are equal and the address is the next one.</returns>
    public bool IsFollowedBy(Stage2Descriptor next) =>
        next.IsContiguous && next.Output == Output + (1UL << _shift) && next.Permissions == Permissions && ((next._value ^ _value) & MemoryMask) == 0;

    /// <summary>Gets what a guest can do with the memory of a leaf.</summary>
    /// <param name="hasForcedWriteBack">Whether MemAttr is that of FEAT_S2FWB.</param>
    /// <returns>Nothing for a table or an invalid descriptor.</returns>
    public LeafReach Reach(bool hasForcedWriteBack)
    {
        if (!IsValid || IsTable)
        {
            return LeafReach.None;
        }

        int outer = (int)(_value >> 4) & 3;
        int inner = (int)(_value >> 2) & 3;
        bool isUncached = hasForcedWriteBack ? (outer & 1) == 0 || inner == 1 : outer == 0 || (outer == 1 && inner == 1);
        return LeafReach.Mapped | ((Permissions & ExecutePermissions) != 0 ? LeafReach.Executable : LeafReach.None) | (isUncached ? LeafReach.Uncached : LeafReach.None)
            | (hasForcedWriteBack && (outer & 1) != 0 && inner == 2 ? LeafReach.WriteBack : LeafReach.None);
    }

    // With 52-bit addresses the place of SH holds a part of them.
    private ulong MemoryMask => _shape.IsLarge ? MemoryTypeMask : MemoryTypeMask | ShareabilityMask;

    // Bits: read, write (also by hardware that manages the dirty state), execute at EL1, execute at EL0.
    private int Permissions
    {
        get
        {
            if (IsTable)
            {
                return 0;
            }

            int execute = (int)(_value >> ExecuteNeverShift) & 3;
            return ((_value & Read) != 0 ? 1 : 0)
                | ((_value & (Write | DirtyBitModifier)) != 0 ? 2 : 0)
                | (execute is 0 or 3 ? 4 : 0)
                | (execute is 0 or 1 ? 8 : 0);
        }
    }

    /// <summary>Formats the descriptor.</summary>
    /// <returns>Its bits in hexadecimal.</returns>
    public override string ToString() => $"0x{_value:x}";

    private static bool IsTableOf(ulong value, int level) => (value & (Valid | TableOrPage)) == (Valid | TableOrPage) && level < TableShape.LastLevel;
}
