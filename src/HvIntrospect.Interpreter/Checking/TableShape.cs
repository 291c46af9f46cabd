using HvIntrospect.Registers;

namespace HvIntrospect.Interpreter.Checking;

/// <summary>The shape of Stage 2 tables as VTCR_EL2 gives it: addresses of up to 48 bits. Immutable.</summary>
/// <remarks>Arm Architecture Reference Manual (DDI 0487), "VTCR_EL2, Virtualization Translation Control Register".</remarks>
internal readonly record struct TableShape
{
    /// <summary>The level whose entries are pages.</summary>
    public const int LastLevel = 3;

    private const int LargestInput = 48;
    private const int MostConcatenatedLog2 = 4;

    /// <summary>Gets the logarithm of the granule's size.</summary>
    public int GranuleShift { get; private init; }

    /// <summary>Gets the level of the first lookup.</summary>
    public int StartLevel { get; private init; }

    /// <summary>Gets the number of bits that an intermediate physical address has.</summary>
    public int InputBits { get; private init; }

    /// <summary>Gets the number of entries in a table.</summary>
    public int EntriesPerTable => 1 << Stride;

    /// <summary>Gets the number of entries in the root tables together.</summary>
    public int RootEntries => 1 << (InputBits - ShiftOf(StartLevel));

    private int Stride => GranuleShift - 3;

    /// <summary>Reads the register.</summary>
    /// <param name="vtcr">VTCR_EL2.</param>
    /// <param name="shape">The shape.</param>
    /// <returns>False when the architecture excludes it.</returns>
    public static bool TryRead(Vtcr vtcr, out TableShape shape)
    {
        int granule = vtcr.Granule switch
        {
            GranuleSize.Size4K => 12,
            GranuleSize.Size16K => 14,
            GranuleSize.Size64K => 16,
            _ => 0,
        };
        shape = new TableShape { GranuleShift = granule, InputBits = 64 - vtcr.T0sz, StartLevel = (granule == 12 ? 2 : LastLevel) - vtcr.Sl0 };
        if (granule == 0 || shape.StartLevel < 0 || (granule == 16 && vtcr.Sl0 == 3) || shape.InputBits > LargestInput)
        {
            return false;
        }

        int first = shape.ShiftOf(shape.StartLevel);
        return shape.InputBits > first && shape.InputBits <= first + shape.Stride + MostConcatenatedLog2;
    }

    /// <summary>Gets the logarithm of what an entry translates.</summary>
    /// <param name="level">The level of its table.</param>
    /// <returns>The logarithm of the number of bytes.</returns>
    public int ShiftOf(int level) => GranuleShift + ((LastLevel - level) * Stride);

    /// <summary>Gets how many entries a contiguous group has.</summary>
    /// <param name="level">The level of the table.</param>
    /// <returns>The number, or 1 where the level has none.</returns>
    public int ContiguousEntries(int level) => (GranuleShift, level) switch
    {
        (12, >= 1) => 16,
        (14, 2) => 32,
        (14, LastLevel) => 128,
        (16, >= 2) => 32,
        _ => 1,
    };
}
