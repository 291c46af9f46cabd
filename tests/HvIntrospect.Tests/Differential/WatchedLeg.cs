using HvIntrospect.Watchpoints;

namespace HvIntrospect.Tests.Differential;

/// <summary>The denied page is watched as a whole and its handler lets everything pass.</summary>
internal sealed class WatchedLeg : TrappedLeg
{
    private long _events;

    /// <summary>Makes the leg.</summary>
    /// <param name="usesInlineFilter">Whether the machine may decide an access without an exit.</param>
    public WatchedLeg(bool usesInlineFilter)
        : base(usesInlineFilter ? "the library without exits" : "the library", usesInlineFilter)
    {
        Introspector.AddWatch(DeniedPage, WatchKinds.ReadWrite, OnAccess);
    }

    public override long Trapped => _events;

    private WatchResponse OnAccess(in WatchEvent e)
    {
        _events++;
        return WatchResponse.Continue;
    }
}
