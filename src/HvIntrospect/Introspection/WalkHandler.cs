using HvIntrospect.Interception;
using HvIntrospect.Registers;
using HvIntrospect.Watchpoints;

namespace HvIntrospect.Introspection;

/// <summary>Decides Stage 2 faults on accesses of the guest's own Stage 1 walks.</summary>
internal sealed class WalkHandler
{
    private const int DescriptorSize = 8;
    private const int SmallestPage = 4096;

    private readonly Services _services;
    private readonly DescriptorFinder _descriptors;
    private readonly ExitConclusion _conclusion;
    private readonly UnsupportedHandler _unsupported;

    /// <summary>Makes a handler.</summary>
    /// <param name="services">What is shared.</param>
    /// <param name="conclusion">Ends exits.</param>
    /// <param name="unsupported">Steps over the walk.</param>
    public WalkHandler(Services services, ExitConclusion conclusion, UnsupportedHandler unsupported)
    {
        _services = services;
        _descriptors = new DescriptorFinder(services.Options);
        _conclusion = conclusion;
        _unsupported = unsupported;
    }

    /// <summary>Decides a fault.</summary>
    /// <param name="site">Where it happened.</param>
    /// <param name="exit">The exit.</param>
    /// <param name="page">An IPA in the page of the table.</param>
    /// <param name="status">The fault status.</param>
    /// <returns>What to do.</returns>
    public VcpuAction Handle(in AbortSite site, in VcpuExit exit, Ipa page, FaultStatus status)
    {
        Stage2Access denied = _services.Pages.DeniedAt(page, site.State.View.Number);
        Stage2Access needed = (denied & Stage2Access.ReadWrite) == 0 ? Stage2Access.Read : denied & Stage2Access.ReadWrite;
        switch (_services.Judge(site.State.View, page, needed))
        {
            case PageStanding.NotMapped:
                return VcpuAction.Unhandled(UnhandledReason.NotMapped);
            case PageStanding.Protected:
                return VcpuAction.Unhandled(UnhandledReason.Protected);
            case PageStanding.NoMemory when exit.Esr.TryGetInstructionAbort(out _):
                return _conclusion.RefuseFetch(site, exit, page, FaultStatus.Create(FaultKind.SynchronousExternalOnWalk, status.Level ?? 0));
            case PageStanding.NoMemory:
                return _conclusion.InjectDataAbort(
                    site, FaultStatus.Create(FaultKind.SynchronousExternalOnWalk, status.Level ?? 0), exit.HasFar ? exit.Far : default, isWrite: false);
            case PageStanding.InTransition:
                return _conclusion.RetryAfterChange(site);
            case PageStanding.Logged:
                return _conclusion.RetryLogged(site, page);
            case PageStanding.Permitted:
                return _conclusion.RetryOrRefute(site, "S1PTW");
        }

        // Where reads are permitted only an update of the Access flag or the dirty state can have faulted.
        WatchKinds kinds = (denied & Stage2Access.Read) != 0 ? WatchKinds.Read : WatchKinds.Write;
        bool isKnown = _descriptors.TryFind(site.State.View, site.Vcpu, exit, page, out Ipa descriptor);
        InstructionFetcher.TryFetch(site.State.View, site.Vcpu, out uint word);
        if (!isKnown && exit.HasFar && _conclusion.Contradict(site, word, "S1PTW") is VcpuAction contradiction)
        {
            return contradiction;
        }

        return _unsupported.Handle(site, new UnsupportedAccess(
            isKnown ? descriptor : page.AlignDown(SmallestPage),
            exit.HasFar ? exit.Far : default,
            isKnown ? DescriptorSize : SmallestPage,
            PageStanding.Denied,
            word,
            kinds,
            "Stage 1 walk",
            isKnown && kinds == WatchKinds.Read ? GuestData.Read(site.State.View.Memory, descriptor, DescriptorSize) : null));
    }
}
