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
    }

    /// <summary>Gets the block, page, region or hole that holds the IPA; empty when the backend does not tell how far a hole reaches.</summary>
    public IpaRange Range { get; }

    /// <summary>Gets what is permitted now.</summary>
    public Stage2Access Access { get; }

    /// <summary>Gets the physical address of the first byte of <see cref="Range"/>, or null when the backend does not tell.</summary>
    public Pa? PhysicalStart { get; }
}
