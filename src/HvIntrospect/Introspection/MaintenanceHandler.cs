using HvIntrospect.Interception;
using HvIntrospect.Watchpoints;

namespace HvIntrospect.Introspection;

/// <summary>Decides cache maintenance by address on pages that are denied, or where there is no memory. It moves no data, so that no watch is asked.</summary>
internal sealed class MaintenanceHandler
{
    private readonly Services _services;
    private readonly UnsupportedHandler _unsupported;

    /// <summary>Makes a handler.</summary>
    /// <param name="services">What is shared.</param>
    /// <param name="unsupported">Decides what is not performed.</param>
    public MaintenanceHandler(Services services, UnsupportedHandler unsupported)
    {
        _services = services;
        _unsupported = unsupported;
    }

    /// <summary>Decides an instruction.</summary>
    /// <param name="site">Where it is.</param>
    /// <param name="word">The instruction word, 0 when it is not known.</param>
    /// <param name="ipa">The faulting IPA.</param>
    /// <param name="standing">What the page means for it.</param>
    /// <returns>What to do.</returns>
    public VcpuAction Handle(in AbortSite site, uint word, Ipa ipa, PageStanding standing)
    {
        if (standing == PageStanding.NoMemory)
        {
            _services.Reporter.ReportUnowned(
                IntrospectionReportKind.UnownedMaintenance, site.State.Index, site.Pc, ipa, 0, "cache maintenance, skipped");
            return ExitConclusion.Advance(site.Vcpu, site.State);
        }

        if (CacheInstruction.TryMaintain(site.Vcpu, site.State.El2, _services.Pages, site.State.View.Number, word, ipa))
        {
            return ExitConclusion.Advance(site.Vcpu, site.State);
        }

        return _unsupported.MayStep(site) && standing == PageStanding.Denied
            ? _unsupported.OpenAndStep(site, ipa)
            : _unsupported.Handle(site, new UnsupportedAccess(ipa, site.Far, 1, PageStanding.Permitted, word, WatchKinds.Write, "cache maintenance"));
    }
}
