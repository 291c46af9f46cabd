namespace HvIntrospect;

/// <summary>How one IPA is mapped on the base view.</summary>
/// <remarks>Immutable and thread-safe.</remarks>
public readonly struct Stage2MappingInfo
{
    /// <summary>Makes a description.</summary>
    /// <param name="range">The block or page that holds the IPA, or the backend's region; where nothing is mapped, the hole or a part of it.</param>
    /// <param name="access">What is permitted now.</param>
    /// <param name="physicalStart">Where the first byte of <paramref name="range"/> lies, or null when the backend does not tell.</param>
    public Stage2MappingInfo(IpaRange range, Stage2Access access, Pa? physicalStart = null)
    {
        Range = range;
        Access = access;
        PhysicalStart = physicalStart;
        IsInTransition = false;
    }

    private Stage2MappingInfo(IpaRange range)
    {
        Range = range;
        Access = Stage2Access.None;
        PhysicalStart = null;
        IsInTransition = true;
    }

    /// <summary>Gets the block, page, region or hole that holds the IPA; empty when the backend does not tell how far a hole reaches.</summary>
    public IpaRange Range { get; }

    /// <summary>Gets what is permitted now.</summary>
    public Stage2Access Access { get; }

    /// <summary>Gets the physical address of the first byte of <see cref="Range"/>, or null when the backend does not tell.</summary>
    public Pa? PhysicalStart { get; }

    /// <summary>
    /// Gets a value indicating whether nothing is mapped only for a moment, between the break and the make of a change: an access that faults there is to be tried again and is nobody's.
    /// </summary>
    /// <remarks>Arm Architecture Reference Manual (DDI 0487), "Using break-before-make when updating translation table entries".</remarks>
    public bool IsInTransition { get; }

    /// <summary>Describes what is absent for the moment of a change.</summary>
    /// <param name="range">What is absent, or a part of it.</param>
    /// <returns>The description.</returns>
    public static Stage2MappingInfo InTransition(IpaRange range) => new(range);
}
