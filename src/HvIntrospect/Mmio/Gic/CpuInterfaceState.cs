namespace HvIntrospect.Mmio.Gic;

/// <summary>The registers of one CPU interface. Copied as a value, but for the active priorities.</summary>
internal struct CpuInterfaceState
{
    /// <summary>The number of registers of active priorities of each group.</summary>
    public const int ActiveWords = 4;

    /// <summary>GICC_CTLR.</summary>
    public uint Control;

    /// <summary>GICC_PMR.</summary>
    public byte PriorityMask;

    /// <summary>GICC_BPR.</summary>
    public byte BinaryPoint;

    /// <summary>GICC_ABPR.</summary>
    public byte AliasedBinaryPoint;

    /// <summary>GICC_APRn, then GICC_NSAPRn: bit m of word n says that an interrupt of the group is active whose group priority is the (32 * n + m)th possible one.</summary>
    public uint[] ActivePriorities;
}
