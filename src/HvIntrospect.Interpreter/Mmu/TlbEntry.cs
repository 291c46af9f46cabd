namespace HvIntrospect.Interpreter.Mmu;

/// <summary>One TLB entry: a combined one from virtual to physical addresses, or one of Stage 2 from intermediate to physical addresses.</summary>
/// <remarks>A combined entry covers the smaller of the two leaves. It remembers both leaves, because TLB maintenance by address reaches every part of a leaf.</remarks>
internal struct TlbEntry
{
    /// <summary>The first input address; bits below <see cref="Shift"/> are zero.</summary>
    public ulong Input;

    /// <summary>The physical address of the first byte.</summary>
    public ulong Output;

    /// <summary>The intermediate physical address of the first byte.</summary>
    public ulong Ipa;

    /// <summary>The VMID.</summary>
    public ushort Vmid;

    /// <summary>The ASID.</summary>
    public ushort Asid;

    /// <summary>The logarithm of the range.</summary>
    public byte Shift;

    /// <summary>The logarithm of the range of the input-side leaf, at least <see cref="Shift"/>.</summary>
    public byte LeafShift;

    /// <summary>The level of the Stage 1 leaf.</summary>
    public byte Level1;

    /// <summary>The level of the Stage 2 leaf.</summary>
    public byte Level2;

    /// <summary>What Stage 1 permits, without PSTATE.PAN.</summary>
    public PagePermissions Permissions1;

    /// <summary>What Stage 2 permits.</summary>
    public PagePermissions Permissions2;

    /// <summary>The memory attributes of Stage 1.</summary>
    public MemoryAttributes Attributes1;

    /// <summary>The memory attributes of Stage 2.</summary>
    public MemoryAttributes Attributes2;

    /// <summary>The tag bits.</summary>
    public TlbFlags Flags;
}
