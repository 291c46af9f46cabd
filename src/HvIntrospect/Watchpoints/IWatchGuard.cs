using System;

namespace HvIntrospect.Watchpoints;

/// <summary>Makes the guest's accesses to watched pages come to the library.</summary>
internal interface IWatchGuard
{
    /// <summary>Checks that what a watch must see can be denied at all.</summary>
    /// <param name="kinds">What the watch must see.</param>
    /// <exception cref="NotSupportedException">It cannot; the message names the missing capability.</exception>
    void Demand(WatchKinds kinds);

    /// <summary>Denies what a watch must see. Every vCPU is subject to it when the call returns.</summary>
    /// <param name="range">The watched bytes; whole pages are denied.</param>
    /// <param name="kinds">What the watch must see; more may be denied where the backend cannot tell kinds apart.</param>
    /// <returns>What ends the denial: every vCPU is free of it when its Dispose returns.</returns>
    IDisposable Deny(IpaRange range, WatchKinds kinds);
}
