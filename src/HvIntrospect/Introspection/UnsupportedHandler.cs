using HvIntrospect.Interception;
using HvIntrospect.Registers;
using HvIntrospect.Watchpoints;

namespace HvIntrospect.Introspection;

/// <summary>Decides accesses that the library does not perform: by the policy, and by one step of the guest with the page open.</summary>
internal sealed class UnsupportedHandler
{
    private readonly Services _services;
    private readonly ExitConclusion _conclusion;

    /// <summary>Makes a handler.</summary>
    /// <param name="services">What is shared.</param>
    /// <param name="conclusion">Ends exits.</param>
    public UnsupportedHandler(Services services, ExitConclusion conclusion)
    {
        _services = services;
        _conclusion = conclusion;
    }

    /// <summary>Decides an access.</summary>
    /// <param name="site">Where it happened.</param>
    /// <param name="access">The access, as far as it is known.</param>
    /// <returns>What to do.</returns>
    public VcpuAction Handle(in AbortSite site, in UnsupportedAccess access)
    {
        // What no page can be opened for would fault again and again.
        bool isStepped = MayStep(site) && access.Standing == PageStanding.Denied;
        if (!isStepped || access.Data is null)
        {
            // A read whose value is known loses nothing by the step: its event is exact.
            _services.Reporter.ReportUnsupported(site.State.Index, site.Pc, access.Ipa, access.Word, access.Name);
        }

        if (_services.Options.UnsupportedAccess == UnsupportedAccessPolicy.InjectExternalAbort)
        {
            return _conclusion.InjectDataAbort(site, FaultStatus.Create(FaultKind.SynchronousExternal), access.Va, (access.Kinds & WatchKinds.Read) == 0);
        }

        if (!isStepped)
        {
            return VcpuAction.Stop(StopReason.Unsupported, access.Name);
        }

        if (!site.State.Transaction.TryAsk(site.Vcpu, access))
        {
            Refusal refusal = site.State.Transaction.Refusal;
            return refusal.Kind == RefusalKind.Abort && new Esr(site.Esr).TryGetInstructionAbort(out _) && FaultInjector.CanInject(site.Vcpu)
                ? _conclusion.InjectFetchAbort(site, refusal.Status, site.Pc)
                : _conclusion.ConcludeRefusal(site, access.Word, access.Ipa);
        }

        return OpenAndStep(site, access.Ipa);
    }

    /// <summary>Tells whether the policy and the backend let instructions be stepped with a page open.</summary>
    /// <param name="site">Where it happened.</param>
    /// <returns>True when they do.</returns>
    public bool MayStep(in AbortSite site) =>
        _services.Options.UnsupportedAccess is UnsupportedAccessPolicy.Automatic or UnsupportedAccessPolicy.OpenAndStep && site.State.Stepper is not null;

    /// <summary>Lifts the denials of a page for one step of the vCPU.</summary>
    /// <param name="site">Where it is; the vCPU can be stepped.</param>
    /// <param name="ipa">An IPA in the page.</param>
    /// <param name="lifted">What is permitted: all accesses, or fetches.</param>
    /// <returns>What to do.</returns>
    public VcpuAction OpenAndStep(in AbortSite site, Ipa ipa, Stage2Access lifted = Stage2Access.All)
    {
        OpenPages open = site.State.OpenPages;
        Ipa page = ipa.AlignDown(_services.Pages.PageSize);
        if (open.Contains(page, lifted))
        {
            return _conclusion.RetryOrRefute(site, "DFSC");
        }

        if (!open.TryBegin(site.Vcpu))
        {
            // The vCPU waits at its next run until the other one has stepped; then it tries again.
            return ExitConclusion.Retry(site.State);
        }

        open.Add(page, lifted, _services.Pages);
        return VcpuAction.Resume;
    }
}
