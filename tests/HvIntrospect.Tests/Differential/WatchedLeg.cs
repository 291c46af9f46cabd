using HvIntrospect.LoadStores;
using HvIntrospect.Registers;
using HvIntrospect.Watchpoints;

namespace HvIntrospect.Tests.Differential;

/// <summary>The denied page is watched as a whole and its handler lets everything pass.</summary>
internal sealed class WatchedLeg : TrappedLeg
{
    private long _events;

    /// <summary>Makes the leg.</summary>
    /// <param name="usesInlineFilter">Whether the machine may decide an access without an exit.</param>
    /// <param name="features">What the machine implements.</param>
    /// <param name="sctlrBits">Bits of SCTLR_EL1 that are set beside the usual ones.</param>
    /// <param name="choices">What the machine does where the architecture leaves a choice; null for the default.</param>
    public WatchedLeg(bool usesInlineFilter, A64Features features = A64Features.Armv8_0, ulong sctlrBits = 0, LoadStoreChoices? choices = null)
        : base(usesInlineFilter ? "the library without exits" : "the library", usesInlineFilter, features, sctlrBits, choices)
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
