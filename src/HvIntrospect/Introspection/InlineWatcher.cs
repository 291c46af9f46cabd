using System;
using System.Buffers.Binary;
using System.Runtime.CompilerServices;
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
    public bool Passes(int vcpu, Ipa address, int size, bool isWrite)
    {
        if (_services.Watches.Overlaps(address, size, isWrite ? WatchKinds.Write : WatchKinds.Read))
        {
            return false;
        }

        Count(vcpu, address, size, isWrite);
        return true;
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public InlineAccessDecision OnAccess(IVcpu vcpu, ref InlineAccess access)
    {
        Count(vcpu.Index, access.Ipa, access.Size, access.IsWrite);
        if (!access.IsWrite || !_services.HasSeveralVcpus)
        {
            return Decide(vcpu, ref access);
        }

        // Another vCPU's exit may be handled meanwhile: the store is made here, by one exchange, so that old and new values chain.
        if (!_services.InFlight.TryEnter(vcpu.Index, access.Ipa, access.Size))
        {
            return InlineAccessDecision.Trap;
        }

        try
        {
            IGuestMemory memory = _services.ViewOf(vcpu).Memory;
            access.OldData = GuestData.Read(memory, access.Ipa, access.Size);
            InlineAccessDecision decision = Decide(vcpu, ref access);
            if (decision is InlineAccessDecision.Trap or InlineAccessDecision.Skip)
            {
                return decision;
            }

            ulong found = GuestData.Exchange(memory, access.Ipa, access.Size, access.OldData, access.NewData);
            _services.Monitors.OnStore(vcpu.Index, access.Ipa, access.Size);
            if (found != access.OldData)
            {
                _services.Reporter.Report(
                    IntrospectionReportKind.RacedStore, vcpu.Index, access.Pc, access.Ipa, access.Opcode, "the store replaced another value than its event told");
            }

            return InlineAccessDecision.Skip;
        }
        finally
        {
            _services.InFlight.Leave(vcpu.Index);
        }
    }

    private InlineAccessDecision Decide(IVcpu vcpu, ref InlineAccess access)
    {
        VcpuState state = _states.Of(vcpu);
        AccessRecords records = state.Records;
        AccessRecord record = records.Current;
        if (records.HasKept)
        {
            if (records.IsStopPendingAt(vcpu.Core))
            {
                return InlineAccessDecision.Trap;
            }

            records.Begin(vcpu.Core, access.Opcode);
            record = records.Current;
        }
        else
        {
            record.Start(access.Opcode);
        }

        record.Bind(access.Ipa, access.NewData, access.IsWrite);
        ref WatchDecision decision = ref record.Decision(0);
        bool isDecided = false;
        try
        {
            Ask(vcpu, state, access, decision);
            record.IsStopPending = decision.Stops;
            decision.ClearStop();
            isDecided = !record.IsStopPending && decision.Kind < WatchResponseKind.InjectExternalAbort;
        }
        finally
        {
            if (!isDecided)
            {
                // The fault that follows, or the next try after an exception, finds the answers and asks nobody again.
                records.End(vcpu.Core);
            }
        }

        if (!isDecided)
        {
            // What handlers have queued waits for the end of the exit, so that the page is still denied when the access is tried.
            return InlineAccessDecision.Trap;
        }

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

    private void Count(int vcpu, Ipa address, int size, bool isWrite)
    {
        _decided++;
        if (isWrite && _services.Monitors.IsAnyArmed)
        {
            _services.Monitors.OnStore(vcpu, address, size);
        }
    }

    private void Ask(IVcpu vcpu, VcpuState state, in InlineAccess access, in WatchDecision decision)
    {
        var watched = new WatchedAccess
        {
            Pc = access.Pc,
            Va = access.Va,
            Ipa = access.Ipa,
            Size = access.Size,
            FirstSize = access.Size,
            Opcode = access.Opcode,
            Kind = access.IsWrite ? WatchKinds.Write : WatchKinds.Read,
            IsExact = true,
        };
        Span<byte> values = stackalloc byte[2 * sizeof(ulong)];
        BinaryPrimitives.WriteUInt64LittleEndian(values, access.OldData);
        BinaryPrimitives.WriteUInt64LittleEndian(values.Slice(sizeof(ulong)), access.NewData);
        int events = _services.Watches.Ask(
            vcpu, watched, values.Slice(0, access.Size), values.Slice(sizeof(ulong), access.Size), state.Records.Current.Decisions(0, 1));
        state.Counters.Events += events;
        if (events != 0 && decision.HasConflict)
        {
            _services.Reporter.Report(
                IntrospectionReportKind.ConflictingReplacements, state.Index, access.Pc, access.Ipa, access.Opcode, "handlers replaced one byte by different values");
        }
    }
}
