using HvIntrospect.Watchpoints;

namespace HvIntrospect.Introspection;

/// <summary>Decides accesses without an exit: what no watch overlaps is performed at once, the rest has the same events as on the way through an exit.</summary>
internal sealed class InlineWatcher : IInlineAccessHandler
{
    private readonly Services _services;
    private readonly VcpuStates _states;
    private long _decided;

    /// <summary>Makes a watcher.</summary>
    /// <param name="services">What is shared.</param>
    /// <param name="states">What is remembered of the vCPUs.</param>
    public InlineWatcher(Services services, VcpuStates states)
    {
        _services = services;
        _states = states;
    }

    /// <summary>Gets the number of accesses that were decided here.</summary>
    public long Decided => _decided;

    /// <inheritdoc/>
    public InlineAccessDecision OnAccess(IVcpu vcpu, ref InlineAccess access)
    {
        _decided++;
        WatchKinds kind = access.IsWrite ? WatchKinds.Write : WatchKinds.Read;
        if (access.IsWrite && _services.Monitors.IsAnyArmed)
        {
            _services.Monitors.OnStore(vcpu.Index, access.Ipa, access.Size);
        }

        return _services.Watches.Overlaps(access.Ipa, access.Size, kind) ? OnHit(vcpu, kind, ref access) : InlineAccessDecision.Perform;
    }

    private InlineAccessDecision OnHit(IVcpu vcpu, WatchKinds kind, ref InlineAccess access)
    {
        VcpuState state = _states.Of(vcpu);
        AccessRecord record = state.Record;
        WatchDecision decision = default;
        int asked = 0;
        if (record.Matches(access.Pc, access.Opcode, access.Ipa))
        {
            if (record.IsStopPending)
            {
                return InlineAccessDecision.Trap;
            }

            decision = record[0];
            asked = record.LastWatch;
        }

        int last = _services.Watches.LastId;
        var watched = new WatchedAccess
        {
            Pc = access.Pc,
            Va = access.Va,
            Ipa = access.Ipa,
            Size = access.Size,
            FirstSize = access.Size,
            Opcode = access.Opcode,
            Kind = kind,
            IsExact = true,
            HasOldData = true,
            OldData = access.OldData,
            NewData = access.NewData,
        };
        state.Counters.Events += _services.Watches.Ask(vcpu, watched, asked, ref decision);
        if (decision.HasConflict)
        {
            _services.Reporter.Report(
                IntrospectionReportKind.ConflictingReplacements, state.Index, access.Pc, access.Ipa, access.Opcode, "handlers replaced one byte by different values");
        }

        if (decision.Stops || decision.Kind >= WatchResponseKind.InjectExternalAbort)
        {
            // The fault that follows finds the answers and asks nobody again. What handlers have queued waits for the end of that exit,
            // so that the page is still denied when the access is tried.
            record.Keep(access.Pc, access.Opcode, access.Ipa, [decision], last, isStopPending: decision.Stops);
            return InlineAccessDecision.Trap;
        }

        record.Clear();
        if (_services.Watches.HasQueued)
        {
            _services.Watches.ApplyQueued();
        }

        switch (decision.Kind)
        {
            case WatchResponseKind.Skip:
                return InlineAccessDecision.Skip;
            case WatchResponseKind.Replace:
                access.NewData = decision.Apply(access.NewData) & (ulong.MaxValue >> (64 - (8 * access.Size)));
                return InlineAccessDecision.Replace;
            default:
                return InlineAccessDecision.Perform;
        }
    }
}
