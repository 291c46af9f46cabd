using HvIntrospect.LoadStores;
using HvIntrospect.Registers;

namespace HvIntrospect.Introspection;

/// <summary>Ends exits: the instruction was performed, is tried again, takes an exception, or is somebody else's.</summary>
internal sealed class ExitConclusion
{
    private const string UnfinishedChange = "a change of Stage 2 that does not end";

    private readonly Services _services;

    /// <summary>Makes what ends exits.</summary>
    /// <param name="services">What is shared.</param>
    public ExitConclusion(Services services)
    {
        _services = services;
    }

    /// <summary>Moves the vCPU behind an instruction that was performed.</summary>
    /// <param name="vcpu">The vCPU.</param>
    /// <param name="state">What is remembered of the vCPU.</param>
    /// <param name="length">The length of the instruction in bytes; 2 for some of T32.</param>
    /// <returns>The action that runs it again.</returns>
    public static VcpuAction Advance(IVcpu vcpu, VcpuState state, int length = sizeof(uint))
    {
        // An instruction performed by software has taken its software step and is no branch.
        ref CoreRegisters core = ref vcpu.ModifyCore();
        core.Pc += (ulong)length;
        core.Pstate = core.Pstate.AfterInstruction().WithSoftwareStep(false);
        state.Retries.Reset();
        state.Counters.Emulated++;
        return VcpuAction.Resume;
    }

    /// <summary>Lets the guest execute its instruction again.</summary>
    /// <param name="state">What is remembered of the vCPU.</param>
    /// <returns>The action that runs it again.</returns>
    public static VcpuAction Retry(VcpuState state)
    {
        state.Counters.Retries++;
        return VcpuAction.Resume;
    }

    /// <summary>Lets the guest execute its instruction again, unless it has done so too often.</summary>
    /// <param name="site">Where it happened.</param>
    /// <param name="field">What contradicts the instruction if the same happens again and again.</param>
    /// <returns>What to do.</returns>
    public VcpuAction RetryOrRefute(in AbortSite site, string field) =>
        TryAgain(site, 0) ? Retry(site.State) : Inconsistent(site, 0, field);

    /// <summary>Lets the guest execute its instruction again because Stage 2 is being changed right there. It is nobody's access yet.</summary>
    /// <param name="site">Where it happened.</param>
    /// <returns>What to do: a change that does not end is an inconsistency.</returns>
    public VcpuAction RetryAfterChange(in AbortSite site) =>
        site.State.Retries.TryAfterChange(site.Pc, site.Esr) ? Retry(site.State) : Stop(site, 0, UnfinishedChange);

    /// <summary>Lets the guest execute its instruction again when the dirty log has taken note of what it writes.</summary>
    /// <param name="site">Where it happened.</param>
    /// <param name="ipa">A byte of the page.</param>
    /// <returns>What to do.</returns>
    public VcpuAction RetryLogged(in AbortSite site, Ipa ipa)
    {
        _services.Pages.Log(new IpaRange(ipa, 1));
        return Retry(site.State);
    }

    /// <summary>Tells whether an instruction may be executed again because its exit may be stale.</summary>
    /// <param name="site">Where it happened.</param>
    /// <param name="word">The instruction word, 0 when it is not known.</param>
    /// <returns>False when it has been too often.</returns>
    public bool TryAgain(in AbortSite site, uint word) => site.State.Retries.TryAgain(site.Pc, site.Esr, word, _services.Pages.ChangeCount);

    /// <summary>Ends an instruction that was performed, as far as it could be.</summary>
    /// <param name="site">Where it happened.</param>
    /// <param name="result">How it ended; not <see cref="EmulationOutcome.Unsupported"/>.</param>
    /// <param name="word">The instruction word.</param>
    /// <param name="ipa">The IPA.</param>
    /// <returns>What to do.</returns>
    public VcpuAction Conclude(in AbortSite site, in EmulationResult result, uint word, Ipa ipa)
    {
        switch (result.Outcome)
        {
            case EmulationOutcome.Completed:
                return Advance(site.Vcpu, site.State);
            case EmulationOutcome.GuestFault when result.Fault == GuestFaultKind.DataAbort:
                return InjectDataAbort(site, result.Status, result.Address, result.IsWrite);
            case EmulationOutcome.GuestFault when !FaultInjector.CanInject(site.Vcpu):
                return CannotInject;
            case EmulationOutcome.GuestFault:
                FaultInjector.Inject(site.Vcpu, _services.Machine.Features, result);
                return Injected(site.State);
            case EmulationOutcome.Retry:
            case EmulationOutcome.Progressed:
                return Retry(site.State);
            default:
                return ConcludeRefusal(site, word, ipa);
        }
    }

    /// <summary>Makes the guest take a Data Abort.</summary>
    /// <param name="site">Where it happened.</param>
    /// <param name="status">The fault status.</param>
    /// <param name="address">The faulting address.</param>
    /// <param name="isWrite">True for a write.</param>
    /// <returns>What to do.</returns>
    public VcpuAction InjectDataAbort(in AbortSite site, FaultStatus status, Va address, bool isWrite)
    {
        if (!FaultInjector.CanInject(site.Vcpu))
        {
            return CannotInject;
        }

        FaultInjector.InjectDataAbort(site.Vcpu, _services.Machine.Features, status, address, isWrite);
        return Injected(site.State);
    }

    /// <summary>Makes the guest take an Instruction Abort.</summary>
    /// <param name="site">Where it happened; exceptions can be injected there.</param>
    /// <param name="status">The fault status.</param>
    /// <param name="address">The faulting address.</param>
    /// <returns>What to do.</returns>
    public VcpuAction InjectFetchAbort(in AbortSite site, FaultStatus status, Va address)
    {
        FaultInjector.InjectInstructionAbort(site.Vcpu, _services.Machine.Features, status, address);
        return Injected(site.State);
    }

    /// <summary>Makes the guest take the abort of a fetch for which there is no memory, or no table.</summary>
    /// <param name="site">Where it happened.</param>
    /// <param name="exit">The exit.</param>
    /// <param name="ipa">The IPA.</param>
    /// <param name="status">The fault status.</param>
    /// <returns>What to do.</returns>
    public VcpuAction RefuseFetch(in AbortSite site, in VcpuExit exit, Ipa ipa, FaultStatus status)
    {
        _services.Reporter.ReportUnowned(IntrospectionReportKind.UnownedFetch, site.State.Index, site.Pc, ipa, 0, "fetch");
        return FaultInjector.CanInject(site.Vcpu)
            ? InjectFetchAbort(site, status, exit.HasFar ? exit.Far : site.Pc)
            : VcpuAction.Stop(StopReason.UnownedAccess);
    }

    /// <summary>Ends a refused transaction.</summary>
    /// <param name="site">Where it happened.</param>
    /// <param name="word">The instruction word.</param>
    /// <param name="ipa">The IPA.</param>
    /// <returns>What to do.</returns>
    public VcpuAction ConcludeRefusal(in AbortSite site, uint word, Ipa ipa)
    {
        Refusal refusal = site.State.Transaction.Refusal;
        switch (refusal.Kind)
        {
            case RefusalKind.StopByWatch:
                return VcpuAction.Stop(StopReason.Watch);
            case RefusalKind.StopAtUnowned:
                return VcpuAction.Stop(StopReason.UnownedAccess);
            case RefusalKind.Abort:
                return InjectDataAbort(site, refusal.Status, refusal.Address, refusal.IsWrite);
            case RefusalKind.Unhandled:
                return VcpuAction.Unhandled(refusal.Unhandled);
            case RefusalKind.InTransition:
                return RetryAfterChange(site);
            case RefusalKind.Inconsistent:
                // Not to be trusted whatever the policy: the instruction does not reach the address of the exit.
                return TryAgain(site, word) ? Retry(site.State) : Inconsistent(site, word, refusal.Field!);
            default:
                _services.Reporter.ReportUnsupported(site.State.Index, site.Pc, ipa, word, refusal.Field!);
                return VcpuAction.Stop(StopReason.Unsupported, refusal.Field);
        }
    }

    /// <summary>Deals with an exit that contradicts the instruction: tries again, or does what the policy says.</summary>
    /// <param name="site">Where it happened.</param>
    /// <param name="word">The instruction word, 0 when it is not known.</param>
    /// <param name="field">The field that contradicts the instruction.</param>
    /// <returns>What to do, or null when the instruction is to be believed.</returns>
    public VcpuAction? Contradict(in AbortSite site, uint word, string field)
    {
        if (TryAgain(site, word))
        {
            return Retry(site.State);
        }

        if (_services.Options.Inconsistency != InconsistencyPolicy.TrustOpcode)
        {
            return Inconsistent(site, word, field);
        }

        _services.Reporter.Report(IntrospectionReportKind.Inconsistent, site.State.Index, site.Pc, default, word, field);
        return null;
    }

    /// <summary>Deals with an exit that is not to be believed, and by which no instruction can be performed.</summary>
    /// <param name="site">Where it happened.</param>
    /// <param name="word">The instruction word, 0 when it is not known.</param>
    /// <param name="field">The field that contradicts the instruction.</param>
    /// <returns>What to do.</returns>
    public VcpuAction Refute(in AbortSite site, uint word, string field) => Contradict(site, word, field) ?? Stop(site, word, field);

    private static VcpuAction CannotInject => VcpuAction.Stop(StopReason.Unsupported, "exception registers");

    private static VcpuAction Injected(VcpuState state)
    {
        state.Retries.Reset();
        state.Counters.Injected++;
        return VcpuAction.Resume;
    }

    private VcpuAction Inconsistent(in AbortSite site, uint word, string field)
    {
        if (_services.Options.Inconsistency != InconsistencyPolicy.InjectExternalAbort)
        {
            return Stop(site, word, field);
        }

        _services.Reporter.Report(IntrospectionReportKind.Inconsistent, site.State.Index, site.Pc, default, word, field);
        FaultStatus status = FaultStatus.Create(FaultKind.SynchronousExternal);
        var esr = new Esr(site.Esr);
        return esr.TryGetInstructionAbort(out _) && FaultInjector.CanInject(site.Vcpu)
            ? InjectFetchAbort(site, status, site.Far)
            : InjectDataAbort(site, status, site.Far, esr.TryGetDataAbort(out DataAbortSyndrome abort) && abort.IsWrite);
    }

    private VcpuAction Stop(in AbortSite site, uint word, string field)
    {
        _services.Reporter.Report(IntrospectionReportKind.Inconsistent, site.State.Index, site.Pc, default, word, field);
        return VcpuAction.Stop(StopReason.Inconsistent, field);
    }
}
