using HvIntrospect.A64;

namespace HvIntrospect.LoadStores;

/// <summary>The place of one element of a SIMD structure: a register and a lane.</summary>
internal readonly struct StructureLane
{
    private readonly int _size;
    private readonly int _lane;
    private readonly int _registerSize;
    private readonly bool _replicates;
    private readonly bool _keepsRest;

    private StructureLane(in LoadStoreAccess access, int register, int lane)
    {
        // The list of registers goes on with V0 behind V31.
        Register = (access.Rt + register) & 31;
        _size = access.ElementSize;
        _lane = lane;
        _registerSize = access.RegisterBits / 8;
        _replicates = access.Replicates;
        _keepsRest = access.IsSingleLane;
    }

    /// <summary>Gets the register, 0 to 31.</summary>
    public int Register { get; }

    /// <summary>Finds the place of an element.</summary>
    /// <param name="access">A load or store of structures.</param>
    /// <param name="element">The element's index in memory.</param>
    /// <returns>The place.</returns>
    public static StructureLane Of(in LoadStoreAccess access, int element)
    {
        if (access.IsSingleLane || access.Replicates)
        {
            return new StructureLane(access, element, access.Lane);
        }

        // Whole structures lie side by side; LD1 and ST1 of several registers transfer one register after the other.
        int structure = access.StructureElements;
        int lanes = access.RegisterBits / 8 / access.ElementSize;
        return structure == 1
            ? new StructureLane(access, element / lanes, element % lanes)
            : new StructureLane(access, element % structure, element / structure);
    }

    /// <summary>Takes the lane out of its register.</summary>
    /// <param name="value">The register.</param>
    /// <returns>The element; bits above its size may be set.</returns>
    public ulong Extract(VectorRegister value)
    {
        int offset = _lane * _size;
        return (offset < sizeof(ulong) ? value.Low : value.High) >> (8 * (offset % sizeof(ulong)));
    }

    /// <summary>Puts an element into its register.</summary>
    /// <param name="value">The register.</param>
    /// <param name="element">The element; bits above its size are 0.</param>
    /// <returns>The register's new value.</returns>
    public VectorRegister Insert(VectorRegister value, ulong element)
    {
        if (_replicates)
        {
            for (int filled = _size; filled < sizeof(ulong); filled *= 2)
            {
                element |= element << (8 * filled);
            }

            return new VectorRegister(element, _registerSize == 16 ? element : 0);
        }

        int offset = _lane * _size;
        int shift = 8 * (offset % sizeof(ulong));
        ulong mask = ulong.MaxValue >> (64 - (8 * _size)) << shift;
        ulong low = value.Low;
        ulong high = _keepsRest || _registerSize == 16 ? value.High : 0;
        return offset < sizeof(ulong)
            ? new VectorRegister((low & ~mask) | (element << shift), high)
            : new VectorRegister(low, (high & ~mask) | (element << shift));
    }
}
