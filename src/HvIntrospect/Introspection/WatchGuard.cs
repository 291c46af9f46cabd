using System;
using HvIntrospect.Interception;
using HvIntrospect.Watchpoints;

namespace HvIntrospect.Introspection;

/// <summary>Turns what watches must see into what Stage 2 denies.</summary>
internal sealed class WatchGuard : IWatchGuard
{
    private readonly PageGuards _pages;

    /// <summary>Makes a guard.</summary>
    /// <param name="pages">Stage 2.</param>
    public WatchGuard(PageGuards pages)
    {
        _pages = pages;
    }

    /// <inheritdoc/>
    public void Demand(WatchKinds kinds) => _pages.Demand(AccessOf(kinds));

    /// <inheritdoc/>
    public IDisposable Deny(IpaRange range, WatchKinds kinds) => _pages.Claim(range, AccessOf(kinds));

    private static Stage2Access AccessOf(WatchKinds kinds) =>
        ((kinds & WatchKinds.Read) != 0 ? Stage2Access.Read : 0) | ((kinds & WatchKinds.Write) != 0 ? Stage2Access.Write : 0);
}
