using HvIntrospect.Registers;

namespace HvIntrospect.Interpreter.Mmu;

/// <summary>The geometry and the controls of one table walk.</summary>
internal struct WalkSetup
{
    /// <summary>The granule.</summary>
    public Granule Granule;

    /// <summary>The level of the root table or tables.</summary>
    public int StartLevel;

    /// <summary>The first level that may hold blocks.</summary>
    public int FirstBlockLevel;

    /// <summary>The size of input addresses in bits.</summary>
    public int InputBits;

    /// <summary>The size of output addresses in bits.</summary>
    public int OutputBits;

    /// <summary>The table base register; the bits below the root's size are dropped.</summary>
    public ulong Root;

    /// <summary>True when descriptors are big-endian.</summary>
    public bool BigEndian;

    /// <summary>True when the tables' own addresses go through Stage 2.</summary>
    public bool TablesThroughStage2;

    /// <summary>True for Stage 2, whose descriptors say "writable" by the bit that says "read-only" in Stage 1.</summary>
    public bool IsStage2;

    /// <summary>True when the walker sets the Access flag.</summary>
    public bool HardwareAccessFlag;

    /// <summary>True when the walker manages the dirty state of descriptors with the DBM bit.</summary>
    public bool HardwareDirtyState;

    /// <summary>True when no descriptor is contiguous with others, because the bit says something else.</summary>
    public bool IgnoresContiguous;

    /// <summary>What the walk is made for.</summary>
    public AccessDemand Demand;

    /// <summary>Sets what the physical address size of a core fixes.</summary>
    /// <param name="granule">The granule.</param>
    /// <param name="encodedSize">The encoded output size that the control register asks for.</param>
    /// <param name="addressBits">The physical address size of the core.</param>
    public void SetOutput(Granule granule, int encodedSize, int addressBits)
    {
        Granule = granule;
        FirstBlockLevel = granule.FirstBlockLevel(addressBits);
        OutputBits = System.Math.Min(PhysicalAddressSize.BitsOf(encodedSize), granule.LargestAddress(addressBits));
    }
}
