using HvIntrospect.A64;
using HvIntrospect.Interception;
using HvIntrospect.LoadStores;
using HvIntrospect.Registers;
using HvIntrospect.Translation;
using HvIntrospect.Watchpoints;

namespace HvIntrospect.Introspection;

/// <summary>Decides Stage 2 aborts: whose they are, what the instruction is, and who deals with it.</summary>
internal sealed class AbortHandler
{
    private const int SmallestPage = 4096;

    private readonly Services _services;
    private readonly ExitConclusion _conclusion;
    private readonly UnsupportedHandler _unsupported;
    private readonly LoadStoreHandler _loadStores;
    private readonly ZeroHandler _zeros;
    private readonly MaintenanceHandler _maintenance;
    private readonly WalkHandler _walks;
    private readonly AArch32Handler _aarch32;
    private readonly FetchHandler _fetches;

    /// <summary>Makes a handler.</summary>
    /// <param name="services">What is shared.</param>
    /// <param name="conclusion">Ends exits.</param>
    /// <param name="unsupported">Decides what is not performed.</param>
    /// <param name="loadStores">Performs loads and stores.</param>
    public AbortHandler(Services services, ExitConclusion conclusion, UnsupportedHandler unsupported, LoadStoreHandler loadStores)
    {
        _services = services;
        _conclusion = conclusion;
        _unsupported = unsupported;
        _loadStores = loadStores;
        _zeros = new ZeroHandler(services, conclusion, unsupported);
        _maintenance = new MaintenanceHandler(services, unsupported);
        _walks = new WalkHandler(services, conclusion, unsupported);
        _aarch32 = new AArch32Handler(conclusion, unsupported);
        _fetches = new FetchHandler(services, conclusion, unsupported, loadStores);
    }

    /// <summary>Decides a data abort.</summary>
    /// <param name="vcpu">The vCPU.</param>
    /// <param name="state">What is remembered of it.</param>
    /// <param name="exit">The exit.</param>
    /// <param name="abort">Its syndrome.</param>
    /// <returns>What to do.</returns>
    public VcpuAction HandleData(IVcpu vcpu, VcpuState state, in VcpuExit exit, DataAbortSyndrome abort)
    {
        if (abort.IsVncr || !IsStage2(abort.Status))
        {
            return VcpuAction.Unhandled(UnhandledReason.OtherAbort);
        }

        if (state.Records.TakeStop(vcpu.Core))
        {
            return VcpuAction.Stop(StopReason.Watch);
        }

        var site = new AbortSite(vcpu, state, exit);
        bool isAArch32 = vcpu.Core.Pstate.IsAArch32;
        if (isAArch32 && !exit.TryGetIpa(out _))
        {
            // The tables may be in AArch32's formats, which nobody here walks.
            _services.Reporter.ReportUnsupported(state.Index, site.Pc, default, 0, AArch32Handler.Name);
            return VcpuAction.Stop(StopReason.Unsupported, AArch32Handler.Name);
        }

        if (!TryFindIpa(state.View, vcpu, exit, out Ipa ipa))
        {
            return _conclusion.Refute(site, 0, "FAR");
        }

        if (abort.IsStage1Walk)
        {
            return _walks.Handle(site, exit, ipa, abort.Status);
        }

        PageStanding standing = _services.Judge(state.View, ipa, NeededBy(state.View, abort, ipa));
        switch (standing)
        {
            case PageStanding.NotMapped:
                return VcpuAction.Unhandled(UnhandledReason.NotMapped);
            case PageStanding.Protected:
                return VcpuAction.Unhandled(UnhandledReason.Protected);
            case PageStanding.InTransition:
                return _conclusion.RetryAfterChange(site);
            case PageStanding.Logged:
                return _conclusion.RetryLogged(site, ipa);
            case PageStanding.Permitted when _conclusion.TryAgain(site, 0):
                return ExitConclusion.Retry(state);
        }

        if (isAArch32)
        {
            return abort.IsCacheMaintenance && standing == PageStanding.NoMemory
                ? _maintenance.Handle(site, 0, ipa, standing)
                : _aarch32.HandleData(site, abort, ipa, standing);
        }

        uint word = exit.Opcode;
        if (!exit.HasOpcode && !InstructionFetcher.TryFetch(state.View, vcpu, out word))
        {
            return _conclusion.Refute(site, 0, "ELR");
        }

        if (abort.IsCacheMaintenance || ConsistencyCheck.IsMaintenance(word))
        {
            return ConsistencyCheck.FirstContradictionOfMaintenance(word, abort) is string wrong
                ? _conclusion.Refute(site, word, wrong)
                : _maintenance.Handle(site, word, ipa, standing);
        }

        var facts = new ExitFacts(exit.HasFar ? exit.Far : null, ipa);
        BlockStore stored = CacheInstruction.StoredBy(word);
        if (stored != BlockStore.None)
        {
            return _zeros.Handle(site, word, stored, facts, abort, ipa, standing);
        }

        LoadStoreStatus status = _services.Decoder.DecodeLoadStore(word, out LoadStoreAccess access);
        if (status == LoadStoreStatus.NotLoadStore && MayAccessMemory(word))
        {
            return _unsupported.Handle(site, new UnsupportedAccess(
                ipa.AlignDown(SmallestPage), site.Far, SmallestPage, standing, word, abort.IsWrite ? WatchKinds.Write : WatchKinds.Read, "NotLoadStore"));
        }

        if (status is not (LoadStoreStatus.Valid or LoadStoreStatus.ConstrainedUnpredictable) || access.Kind == LoadStoreKind.Prefetch)
        {
            return _conclusion.Refute(site, word, "Opcode");
        }

        if (ConsistencyCheck.FirstContradiction(access, abort) is string field
            && _conclusion.Contradict(site, word, field) is VcpuAction contradiction)
        {
            return contradiction;
        }

        return _loadStores.Perform(site, access, facts, ipa, standing);
    }

    /// <summary>Decides an instruction abort.</summary>
    /// <param name="vcpu">The vCPU.</param>
    /// <param name="state">What is remembered of it.</param>
    /// <param name="exit">The exit.</param>
    /// <param name="abort">Its syndrome.</param>
    /// <returns>What to do.</returns>
    public VcpuAction HandleFetch(IVcpu vcpu, VcpuState state, in VcpuExit exit, InstructionAbortSyndrome abort)
    {
        if (!IsStage2(abort.Status))
        {
            return VcpuAction.Unhandled(UnhandledReason.OtherAbort);
        }

        var site = new AbortSite(vcpu, state, exit);
        if (!TryFindIpa(state.View, vcpu, exit, out Ipa ipa))
        {
            return _conclusion.Refute(site, 0, "FAR");
        }

        if (abort.IsStage1Walk)
        {
            return _walks.Handle(site, exit, ipa, abort.Status);
        }

        switch (_services.Judge(state.View, ipa, FetchOf(vcpu.Core.Pstate)))
        {
            case PageStanding.NotMapped:
                return VcpuAction.Unhandled(UnhandledReason.NotMapped);
            case PageStanding.Protected:
                return VcpuAction.Unhandled(UnhandledReason.Protected);
            case PageStanding.InTransition:
                return _conclusion.RetryAfterChange(site);
            case PageStanding.Logged:
                return _conclusion.RetryLogged(site, ipa);
            case PageStanding.Permitted when _conclusion.TryAgain(site, 0):
                return ExitConclusion.Retry(state);
            case PageStanding.Permitted or PageStanding.Denied when vcpu.Core.Pstate.IsAArch32:
                return _aarch32.HandleFetch(site, ipa);
            case PageStanding.Permitted or PageStanding.Denied:
                return _fetches.Handle(site, exit, ipa);
            default:
                return _conclusion.RefuseFetch(site, exit, ipa, FaultStatus.Create(FaultKind.SynchronousExternal));
        }
    }

    /// <summary>The faults that Stage 2 raises for ordinary accesses.</summary>
    private static bool IsStage2(FaultStatus status) =>
        status.Kind is FaultKind.Translation or FaultKind.Permission or FaultKind.AccessFlag or FaultKind.AddressSize;

    private static Stage2Access FetchOf(Spsr pstate) =>
        pstate.ExceptionLevel == 0 && !pstate.IsPrivilegedAArch32 ? Stage2Access.ExecuteEl0 : Stage2Access.ExecuteEl1;

    /// <summary>System instructions that nobody here knows, and the scalable extensions, which access memory outside of the load/store group.</summary>
    private static bool MayAccessMemory(uint word) =>
        (word & 0xFFF8_0000) == 0xD508_0000 || (word & 0x1E00_0000) == 0x0400_0000 || (word & 0x9E00_0000) == 0x8000_0000;

    private static bool TryFindIpa(GuestView view, IVcpu vcpu, in VcpuExit exit, out Ipa ipa)
    {
        if (exit.TryGetIpa(out ipa))
        {
            return true;
        }

        if (!exit.HasFar)
        {
            return false;
        }

        // HPFAR is UNKNOWN after a Permission fault: walk Stage 1 as it is in the view, whatever is denied there.
        Stage1Translation translation = view.Walker.Translate(exit.Far, Stage1Access.LookUp, vcpu.Translation);
        ipa = translation.Ipa;
        return translation.Size != 0;
    }

    /// <summary>What an abort says that it needs. Cache maintenance always says that it writes, also when reads are what is denied.</summary>
    private Stage2Access NeededBy(GuestView view, DataAbortSyndrome abort, Ipa ipa) =>
        !abort.IsWrite || (abort.IsCacheMaintenance && (_services.Pages.DeniedAt(ipa, view.Number) & Stage2Access.ReadWrite) == Stage2Access.Read)
            ? Stage2Access.Read
            : Stage2Access.Write;
}
