using System;

namespace HvIntrospect;

/// <summary>Has hardware note which pages of the guest's memory vCPUs write, so that no write is an exit.</summary>
/// <remarks>
/// A per-machine capability beside <see cref="IStage2Control"/>; may be used from any thread. Its only caller is the room Interception. The unit is the block or page of Stage 2.
/// <para>Arm Architecture Reference Manual (DDI 0487), "Hardware management of the dirty state" (FEAT_HAFDBS).</para>
/// </remarks>
public interface IHardwareDirtyState
{
    /// <summary>Gets a value indicating whether all cores that run the vCPUs do so, in every view.</summary>
    bool IsHardwareDirtyStateUsable { get; }

    /// <summary>Starts to note writes in a range, or starts anew: all that is mapped there now is clean. What is mapped there later is noted from <see cref="ContinueDirtyState"/> on.</summary>
    /// <param name="range">Aligned to <see cref="IStage2Control.Granule"/> at both ends; parts of it need not be mapped or mappable.</param>
    void StartDirtyState(IpaRange range);

    /// <summary>Starts to note writes to what was mapped in a range since, which is clean now; what was written before to the rest is noted still.</summary>
    /// <param name="range">Aligned to <see cref="IStage2Control.Granule"/> at both ends; parts of it need not be mapped or mappable.</param>
    void ContinueDirtyState(IpaRange range);

    /// <summary>Ends it; permissions stay.</summary>
    /// <param name="range">Aligned to <see cref="IStage2Control.Granule"/> at both ends.</param>
    void StopDirtyState(IpaRange range);

    /// <summary>Gets what vCPUs have written since it was last clean, and makes it clean. A write during the call is in its result or in the next one's.</summary>
    /// <param name="range">Aligned to <see cref="IStage2Control.Granule"/> at both ends; parts of it need not be mapped or mappable.</param>
    /// <param name="bitmap">Receives page i of the range, of <see cref="IStage2Control.Granule"/> bytes, as bit i % 64 of item i / 64; overwritten as far as the range needs it.</param>
    /// <exception cref="ArgumentException">The range is not aligned, or <paramref name="bitmap"/> is too short; nothing was changed.</exception>
    void CollectDirtyState(IpaRange range, Span<ulong> bitmap);
}
