namespace HvIntrospect.Interpreter.Mmu;

/// <summary>The block or page descriptor that a walk ends at.</summary>
internal struct WalkLeaf
{
    /// <summary>The descriptor.</summary>
    public ulong Descriptor;

    /// <summary>The physical address of the descriptor.</summary>
    public ulong DescriptorPa;

    /// <summary>The address of the descriptor as the table names it: an IPA where the tables go through Stage 2.</summary>
    public ulong DescriptorAddress;

    /// <summary>Bits 63:59 of the table descriptors on the way, or-ed together.</summary>
    public ulong Hierarchy;

    /// <summary>The output address of the leaf.</summary>
    public ulong Output;

    /// <summary>The level.</summary>
    public int Level;

    /// <summary>The logarithm of the leaf's range.</summary>
    public int Shift;

    /// <summary>The logarithm of the range that one TLB entry may hold for it: several leaves where the Contiguous bit says so.</summary>
    public int Span;
}
