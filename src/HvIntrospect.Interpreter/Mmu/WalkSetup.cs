using HvIntrospect.Registers;

namespace HvIntrospect.Interpreter.Mmu;

/// <summary>The geometry and the controls of one table walk.</summary>
internal struct WalkSetup
{
    /// <summary>The layout of tables and descriptors.</summary>
    public TableFormat Format;

    /// <summary>The level of the root table or tables.</summary>
    public int StartLevel;

    /// <summary>The size of input addresses in bits.</summary>
    public int InputBits;

    /// <summary>The size of output addresses in bits.</summary>
    public int OutputBits;

    /// <summary>The address of the root table or tables.</summary>
    public ulong Root;

    /// <summary>The shareability field of the control register, which counts where descriptors have none.</summary>
    public int Shareability;

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

    /// <summary>Whose tables they are.</summary>
    public WalkTag Tag;

    /// <summary>What the walk is made for.</summary>
    public AccessDemand Demand;

    /// <summary>Sets the geometry.</summary>
    /// <param name="format">The layout.</param>
    /// <param name="startLevel">The level of the root.</param>
    /// <param name="inputBits">The size of input addresses.</param>
    /// <param name="register">The table base register.</param>
    /// <param name="encodedSize">The encoded output size that the control register asks for.</param>
    public void SetGeometry(TableFormat format, int startLevel, int inputBits, ulong register, int encodedSize)
    {
        Format = format;
        StartLevel = startLevel;
        InputBits = inputBits;
        OutputBits = format.OutputBits(encodedSize);
        Root = format.RootOf(register, 8UL << (inputBits - format.ShiftAt(startLevel)), encodedSize);
    }

    /// <summary>Gets the shareability of a leaf.</summary>
    /// <param name="descriptor">The leaf.</param>
    /// <returns>The field SH.</returns>
    public readonly int ShareabilityOf(ulong descriptor) => Format.IsLarge ? Shareability : (int)(descriptor >> 8) & 3;
}
