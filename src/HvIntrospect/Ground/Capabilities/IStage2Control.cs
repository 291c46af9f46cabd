namespace HvIntrospect;

/// <summary>Changes what Stage 2 permits to the guest.</summary>
/// <remarks>
/// A per-machine capability. Its only caller is the room Interception, which computes what several owners of a page deny together.
/// Calls must not throw for a condition of the guest; an exception means that the backend is broken.
/// </remarks>
public interface IStage2Control
{
    /// <summary>Gets what can be denied and how exits are reported.</summary>
    Stage2AccessSupport Support { get; }

    /// <summary>Gets the smallest unit of a change in bytes: 4096, 16384 or 65536.</summary>
    ulong Granule { get; }

    /// <summary>Gets how many separate ranges can be changed at one time; <see cref="int.MaxValue"/> where there is no limit.</summary>
    int MaximumRanges { get; }

    /// <summary>Looks up an IPA.</summary>
    /// <param name="address">The IPA.</param>
    /// <param name="mapping">The mapping. Where there is none, its range is a part of the hole around the IPA, or empty when the backend does not tell; then large holes are gone through page by page, and there is no dirty log.</param>
    /// <returns>False when nothing is mapped there, or nothing for the moment (<see cref="Stage2MappingInfo.IsInTransition"/>).</returns>
    bool TryGetMapping(Ipa address, out Stage2MappingInfo mapping);

    /// <summary>Sets what is permitted in a range; blocks are split as needed. Every vCPU is subject to it when the call returns.</summary>
    /// <param name="range">Aligned to <see cref="Granule"/> at both ends. Unmapped parts are left alone.</param>
    /// <param name="access">What is permitted from now on; a combination that <see cref="Support"/> offers.</param>
    /// <exception cref="System.ArgumentException">The range is not aligned or the combination is not offered; nothing was changed.</exception>
    void Protect(IpaRange range, Stage2Access access);

    /// <summary>Splits the blocks of a range, so that a later change of one page needs no table. Permissions do not change.</summary>
    /// <param name="range">Aligned to <see cref="Granule"/> at both ends. Unmapped parts are left alone.</param>
    void Split(IpaRange range);

    /// <summary>Sets who is asked and told when the mapping is changed otherwise than through this interface: memory added, removed, or protected for reasons of the embedder.</summary>
    /// <param name="guards">What keeps the denials in force, or null.</param>
    /// <exception cref="System.InvalidOperationException">Others are set already. Two of them would each take the other's denials for what the embedder permits.</exception>
    void SetGuards(IStage2Guards? guards);

    /// <summary>Merges tables back into blocks where a range and its neighbours have become uniform again. Permissions do not change.</summary>
    /// <param name="range">The range whose surroundings are examined.</param>
    void Coalesce(IpaRange range);
}
