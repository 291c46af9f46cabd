namespace HvIntrospect.Mmio.Gic;

/// <summary>The value of a list register, GICH_LRn: one interrupt of a virtual CPU interface.</summary>
/// <remarks>Arm Generic Interrupt Controller Architecture Specification, version 2.0 (IHI 0048), "List Registers, GICH_LRn".</remarks>
internal readonly struct ListRegister
{
    private const uint IdMask = 0x3FF;
    private const int PhysicalShift = 10;
    private const uint SourceMask = 7;
    private const uint EndInterrupt = 1U << 19;
    private const int PriorityShift = 20;
    private const uint PriorityMask = 0xF8;
    private const uint PendingBit = 1U << 28;
    private const uint ActiveBit = 1U << 29;
    private const uint Group1 = 1U << 30;
    private const uint Hardware = 1U << 31;
    private const uint Reserved = 7U << 20;

    /// <summary>Takes the value of the register. What it does not have is ignored.</summary>
    /// <param name="bits">The value.</param>
    public ListRegister(uint bits)
    {
        Bits = bits & ~Reserved;
    }

    /// <summary>Gets the value.</summary>
    public uint Bits { get; }

    /// <summary>Gets the number that the guest knows.</summary>
    public int VirtualId => (int)(Bits & IdMask);

    /// <summary>Gets the physical interrupt that ends with this one; meaningful while <see cref="IsHardware"/>.</summary>
    public int PhysicalId => (int)(Bits >> PhysicalShift & IdMask);

    /// <summary>Gets who has sent it; 0 while <see cref="IsHardware"/>.</summary>
    public int Source => IsHardware ? 0 : (int)(Bits >> PhysicalShift & SourceMask);

    /// <summary>Gets the priority, of which the upper five bits are implemented.</summary>
    public int Priority => (int)(Bits >> PriorityShift & PriorityMask);

    /// <summary>Gets a value indicating whether the interrupt is in Group 1.</summary>
    public bool IsGroup1 => (Bits & Group1) != 0;

    /// <summary>Gets a value indicating whether it stands for a physical interrupt.</summary>
    public bool IsHardware => (Bits & Hardware) != 0;

    /// <summary>Gets a value indicating whether it is pending, and not active.</summary>
    public bool IsPending => (Bits & (PendingBit | ActiveBit)) == PendingBit;

    /// <summary>Gets a value indicating whether it is active, and may be pending, too.</summary>
    public bool IsActive => (Bits & ActiveBit) != 0;

    /// <summary>Gets a value indicating whether there is an interrupt.</summary>
    public bool IsValid => (Bits & (PendingBit | ActiveBit)) != 0;

    /// <summary>Gets a value indicating whether the interrupt has ended and EL2 has asked to be told.</summary>
    public bool IsEnded => !IsValid && !IsHardware && (Bits & EndInterrupt) != 0;

    /// <summary>Gets the register after the interrupt was acknowledged.</summary>
    /// <returns>The value.</returns>
    public ListRegister Acknowledged() => new((Bits & ~PendingBit) | ActiveBit);

    /// <summary>Gets the register after the interrupt was deactivated.</summary>
    /// <returns>The value.</returns>
    public ListRegister Deactivated() => new(Bits & ~ActiveBit);
}
