using System;
using System.Buffers.Binary;
using HvIntrospect.A64;
using HvIntrospect.Interception;
using HvIntrospect.LoadStores;
using HvIntrospect.Registers;
using HvIntrospect.Translation;
using HvIntrospect.Watchpoints;

namespace HvIntrospect.Introspection;

/// <summary>Decides instructions of pages whose fetches are denied: tells watches of each, and has it executed.</summary>
/// <remarks>
/// A load or store of general-purpose registers is performed by the library, so that watches on its data see it whatever else is done. Every other instruction is executed by the
/// backend's <see cref="IInstructionExecutor"/>, and what that does not execute, such as an instruction that takes an exception, in one step with the page open to fetches.
/// </remarks>
internal sealed class FetchHandler
{
    private const int LastLevel = 3;

    private readonly Services _services;
    private readonly ExitConclusion _conclusion;
    private readonly UnsupportedHandler _unsupported;
    private readonly LoadStoreHandler _loadStores;
    private readonly IInstructionExecutor? _executor;

    /// <summary>Makes a handler.</summary>
    /// <param name="services">What is shared.</param>
    /// <param name="conclusion">Ends exits.</param>
    /// <param name="unsupported">Steps over what nobody executes.</param>
    /// <param name="loadStores">Performs loads and stores.</param>
    public FetchHandler(Services services, ExitConclusion conclusion, UnsupportedHandler unsupported, LoadStoreHandler loadStores)
    {
        _services = services;
        _conclusion = conclusion;
        _unsupported = unsupported;
        _loadStores = loadStores;
        _executor = services.Machine.TryGetCapability(out IInstructionExecutor? executor) ? executor : null;
    }

    /// <summary>Decides one instruction.</summary>
    /// <param name="site">Where it is.</param>
    /// <param name="exit">The exit.</param>
    /// <param name="page">An IPA in the page that the exit names.</param>
    /// <returns>What to do.</returns>
    public VcpuAction Handle(in AbortSite site, in VcpuExit exit, Ipa page)
    {
        if (!InstructionFetcher.TryFetch(site.State.View, site.Vcpu, out Stage1Translation place, out uint word))
        {
            return _conclusion.Refute(site, word, "ELR");
        }

        if (!new ExitFacts(exit.HasFar ? exit.Far : null, page).FarLiesIn(site.Pc, 1))
        {
            return _conclusion.Refute(site, word, "FAR");
        }

        if (!new ExitFacts(null, page).PageIsOneOf(place.Ipa, place.Ipa))
        {
            return _conclusion.Refute(site, word, "IPA");
        }

        word = exit.HasOpcode ? exit.Opcode : word;
        WatchDecision decision = Ask(site, place, word);
        if (decision.Stops)
        {
            return VcpuAction.Stop(StopReason.Watch);
        }

        switch (decision.Kind)
        {
            case WatchResponseKind.InjectExternalAbort:
                return Inject(site, FaultStatus.Create(FaultKind.SynchronousExternal));
            case WatchResponseKind.InjectPermissionFault:
                return Inject(site, FaultStatus.Create(FaultKind.Permission, place.Level == 0 ? LastLevel : place.Level));
            case WatchResponseKind.Skip:
                return Finish(site, ExitConclusion.Advance(site.Vcpu, site.State));
            case WatchResponseKind.Replace:
                _services.Reporter.Report(
                    IntrospectionReportKind.ResponseNotPossible, site.State.Index, site.Pc, place.Ipa, word, "Replace of an instruction fetch");
                break;
        }

        return Execute(site, word, place.Ipa);
    }

    private WatchDecision Ask(in AbortSite site, in Stage1Translation place, uint word)
    {
        var access = new WatchedAccess
        {
            Pc = site.Pc,
            Va = site.Pc,
            Ipa = place.Ipa,
            Size = sizeof(uint),
            FirstSize = sizeof(uint),
            Opcode = word,
            Kind = WatchKinds.Execute,
            IsExact = true,
        };
        AccessRecords records = site.State.Fetches;
        records.Begin(site.Vcpu.Core, word);
        records.Current.Bind(place.Ipa, 0, isWrite: false);
        ref WatchDecision decision = ref records.Current.Decision(0);
        try
        {
            if (_services.Watches.IsWatched(access))
            {
                Span<byte> value = stackalloc byte[sizeof(uint)];
                BinaryPrimitives.WriteUInt32LittleEndian(value, word);
                site.State.Counters.Events += _services.Watches.Ask(site.Vcpu, access, value, value, records.Current.Decisions(0, 1));
            }

            WatchDecision answer = decision;
            decision.ClearStop();
            return answer;
        }
        finally
        {
            records.End(site.Vcpu.Core);
        }
    }

    private VcpuAction Execute(in AbortSite site, uint word, Ipa ipa)
    {
        // What the library's own exits would cost an exclusive sequence between its load and its store.
        site.State.Monitor?.Keep();
        Spsr state = site.Vcpu.Core.Pstate;
        bool isChecked = state.IllegalState || state.Btype != 0;
        if (!isChecked
            && _services.Decoder.DecodeLoadStore(word, out LoadStoreAccess access) == LoadStoreStatus.Valid
            && IsNeverTrapped(access)
            && _loadStores.TryPerform(site, access, ipa, out VcpuAction action))
        {
            return site.Vcpu.Core.Pc == site.Pc ? action : Finish(site, action);
        }

        if (!isChecked && _executor?.Execute(site.Vcpu, word) == InstructionExecution.Completed)
        {
            site.State.Counters.Emulated++;
            site.State.Retries.Reset();
            return Finish(site, VcpuAction.Resume);
        }

        return site.State.Stepper is null
            ? VcpuAction.Stop(StopReason.Unsupported, "instruction fetch")
            : _unsupported.OpenAndStep(site, ipa, Stage2Access.Execute);
    }

    /// <summary>Tells whether an access is one of general-purpose registers that no control register makes UNDEFINED or trapped, however it is set.</summary>
    private static bool IsNeverTrapped(in LoadStoreAccess access) =>
        !access.IsVector && access.TotalSize is > 0 and <= 32 && !access.AccessesTags && !access.IsGuardedControlStack && !access.IsReadCheckWrite
        && access.PointerAuthenticationKey == PointerAuthenticationKey.None;

    private VcpuAction Inject(in AbortSite site, FaultStatus status) =>
        FaultInjector.CanInject(site.Vcpu)
            ? Finish(site, _conclusion.InjectFetchAbort(site, status, site.Pc))
            : VcpuAction.Stop(StopReason.Unsupported, "exception registers");

    /// <summary>Forgets the answers: the instruction has been executed, and the same one in the same state is another.</summary>
    private static VcpuAction Finish(in AbortSite site, VcpuAction action)
    {
        site.State.Fetches.Clear();
        return action;
    }
}
