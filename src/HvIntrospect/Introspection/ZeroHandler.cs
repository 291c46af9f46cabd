using HvIntrospect.Interception;
using HvIntrospect.Registers;
using HvIntrospect.Watchpoints;

namespace HvIntrospect.Introspection;

/// <summary>Performs DC ZVA: a store of as many zeros as DCZID_EL0 says.</summary>
internal sealed class ZeroHandler
{
    private const int SmallestPage = 4096;

    private readonly Services _services;
    private readonly ExitConclusion _conclusion;
    private readonly UnsupportedHandler _unsupported;

    /// <summary>Makes a handler.</summary>
    /// <param name="services">What is shared.</param>
    /// <param name="conclusion">Ends exits.</param>
    /// <param name="unsupported">Decides what is not performed.</param>
    public ZeroHandler(Services services, ExitConclusion conclusion, UnsupportedHandler unsupported)
    {
        _services = services;
        _conclusion = conclusion;
        _unsupported = unsupported;
    }

    /// <summary>Decides an instruction.</summary>
    /// <param name="site">Where it is.</param>
    /// <param name="word">The instruction word.</param>
    /// <param name="facts">What the exit tells of the access.</param>
    /// <param name="abort">Its syndrome.</param>
    /// <param name="ipa">The faulting IPA.</param>
    /// <param name="standing">What the page means for it.</param>
    /// <returns>What to do.</returns>
    public VcpuAction Handle(in AbortSite site, uint word, in ExitFacts facts, DataAbortSyndrome abort, Ipa ipa, PageStanding standing)
    {
        string? prohibition = CacheInstruction.FindZeroBlock(site.Vcpu, site.State.El2, _services.Options.ZeroBlockSize, out int size);
        if ((!abort.IsWrite ? "WnR" : abort.TryGetInstructionSyndrome(out _) ? "ISV" : prohibition) is string field)
        {
            return _conclusion.Refute(site, word, field);
        }

        return size == 0
            ? _unsupported.Handle(
                site, new UnsupportedAccess(ipa.AlignDown(SmallestPage), site.Far, SmallestPage, standing, word, WatchKinds.Write, "DC ZVA"))
            : _conclusion.Conclude(site, site.State.Transaction.PerformZero(site.Vcpu, word, size, facts), word, ipa);
    }
}
