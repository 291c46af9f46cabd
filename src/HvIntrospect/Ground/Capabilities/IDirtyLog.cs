using System;

namespace HvIntrospect;

/// <summary>Tells which pages of the guest's RAM were written, by whomever: the guest, a device, or the library.</summary>
/// <remarks>A per-machine capability; may be used from any thread, but not by two at once. The unit is a page of 4096 bytes, named by the IPA at which the machine's RAM lies.</remarks>
public interface IDirtyLog
{
    /// <summary>Gets a value indicating whether writes are tracked.</summary>
    bool IsTracking { get; }

    /// <summary>Starts to track writes, or starts anew: every page is clean. Every vCPU is subject to it when the call returns.</summary>
    void Start();

    /// <summary>Ends the tracking; nothing when there is none.</summary>
    void Stop();

    /// <summary>Gets the pages that were written since they were last clean, and makes them clean. A write during the call is in its result or in the next one's.</summary>
    /// <param name="range">The pages, aligned to 4096 bytes at both ends. Those that are not RAM are never dirty.</param>
    /// <param name="bitmap">Receives page i of the range as bit i % 64 of item i / 64; overwritten as far as the range needs it.</param>
    /// <returns>The number of dirty pages.</returns>
    /// <exception cref="ArgumentException">The range is not aligned, or <paramref name="bitmap"/> is shorter than one bit for each page; nothing was changed.</exception>
    /// <exception cref="InvalidOperationException">Writes are not tracked.</exception>
    int Collect(IpaRange range, Span<ulong> bitmap);
}
