namespace HvIntrospect.Interpreter.Mmu;

/// <summary>The geometry of one table walk.</summary>
internal struct WalkSetup
{
    /// <summary>The granule.</summary>
    public Granule Granule;

    /// <summary>The level of the root table or tables.</summary>
    public int StartLevel;

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
}
