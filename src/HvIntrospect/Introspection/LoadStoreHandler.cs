using System;
using HvIntrospect.A64;
using HvIntrospect.Interception;
using HvIntrospect.LoadStores;
using HvIntrospect.Registers;
using HvIntrospect.Watchpoints;

namespace HvIntrospect.Introspection;

/// <summary>Performs decoded loads and stores and ends their exits.</summary>
internal sealed class LoadStoreHandler
{
    private const int SmallestPage = 4096;

    private readonly Services _services;
    private readonly ExitConclusion _conclusion;
    private readonly UnsupportedHandler _unsupported;

    /// <summary>Makes a handler.</summary>
    /// <param name="services">What is shared.</param>
    /// <param name="conclusion">Ends exits.</param>
    /// <param name="unsupported">Decides what is not performed.</param>
    public LoadStoreHandler(Services services, ExitConclusion conclusion, UnsupportedHandler unsupported)
    {
        _services = services;
        _conclusion = conclusion;
        _unsupported = unsupported;
    }

    /// <summary>Performs a decoded instruction and ends its exit.</summary>
    /// <param name="site">Where it happened.</param>
    /// <param name="access">The instruction.</param>
    /// <param name="facts">What the exit tells of the access.</param>
    /// <param name="ipa">The faulting IPA.</param>
    /// <param name="standing">What the page means for it.</param>
    /// <returns>What to do.</returns>
    public VcpuAction Perform(in AbortSite site, in LoadStoreAccess access, in ExitFacts facts, Ipa ipa, PageStanding standing)
    {
        if (!HasRegisters(site, access))
        {
            return _unsupported.Handle(site, Describe(access, ipa, site.Far, standing, EmulationResult.Unsupported(UnsupportedReason.VectorRegisters)));
        }

        if (access.IsExclusive && access.Kind == LoadStoreKind.Load && IsMonitorLost(site))
        {
            return PerformSequence(site, access, facts, ipa, standing);
        }

        EmulationResult result = site.State.Transaction.Perform(site.Vcpu, access, facts);
        return Conclude(site, result, access, ipa, standing);
    }

    /// <summary>Performs a decoded instruction that stands in a page whose fetches are denied, wherever its data lie.</summary>
    /// <param name="site">Where it is.</param>
    /// <param name="access">The instruction.</param>
    /// <param name="ipa">The IPA of the instruction.</param>
    /// <param name="action">What to do.</param>
    /// <returns>False when the library does not perform it, or when it reaches memory whose faults are the embedder's; then nothing was done.</returns>
    public bool TryPerform(in AbortSite site, in LoadStoreAccess access, Ipa ipa, out VcpuAction action)
    {
        action = default;
        if (!LoadStoreSemantics.IsSupported(access) || !HasRegisters(site, access))
        {
            return false;
        }

        EmulationResult result = site.State.Transaction.Perform(site.Vcpu, access, default);
        if (result.Outcome == EmulationOutcome.Unsupported
            || (result.Outcome == EmulationOutcome.Refused && site.State.Transaction.Refusal.Kind == RefusalKind.Unhandled))
        {
            return false;
        }

        action = Conclude(site, result, access, ipa, PageStanding.Denied);
        return true;
    }

    private static bool HasRegisters(in AbortSite site, in LoadStoreAccess access) =>
        !access.IsVector || (site.Vcpu.AvailableRegisters & RegisterGroups.Vector) != 0;

    /// <summary>
    /// Tells whether the core's monitor is open behind a load-exclusive that is performed here: the core may then fail the store without a trap, and with it every try.
    /// A software step ends behind the load, whatever comes then.
    /// </summary>
    private static bool IsMonitorLost(in AbortSite site) =>
        site.State.Monitor is null && !site.Vcpu.Core.Pstate.SoftwareStep && !site.State.OpenPages.IsStepping;

    private static UnsupportedAccess Describe(in LoadStoreAccess access, Ipa ipa, Va far, PageStanding standing, in EmulationResult result)
    {
        WatchKinds kinds = access.Kind switch
        {
            LoadStoreKind.Load => WatchKinds.Read,
            LoadStoreKind.Store => WatchKinds.Write,
            _ => WatchKinds.ReadWrite,
        };

        string name = access.EncodingId + ": " + result.DescribeReason();

        // The fault is at the first byte that faults, so the access ends at most its whole size behind it. Where a register tells the size
        // it may be anywhere in the page.
        int rest = SmallestPage - (int)ipa.OffsetIn(SmallestPage);
        return access.TotalSize == 0
            ? new UnsupportedAccess(ipa.AlignDown(SmallestPage), far, SmallestPage, standing, access.Word, kinds, name)
            : new UnsupportedAccess(ipa, far, Math.Min(access.TotalSize, rest), standing, access.Word, kinds, name);
    }

    private VcpuAction Conclude(in AbortSite site, in EmulationResult result, in LoadStoreAccess access, Ipa ipa, PageStanding standing) =>
        result.Outcome == EmulationOutcome.Unsupported
            ? _unsupported.Handle(site, Describe(access, ipa, site.Far, standing, result))
            : _conclusion.Conclude(site, result, access.Word, ipa);

    /// <summary>Performs a load-exclusive, and the rest of its sequence up to the store where that is simple.</summary>
    private VcpuAction PerformSequence(in AbortSite site, in LoadStoreAccess load, in ExitFacts facts, Ipa ipa, PageStanding standing)
    {
        IVcpu vcpu = site.Vcpu;
        AccessTransaction transaction = site.State.Transaction;
        CoreRegisters before = vcpu.Core;
        EmulationResult result = transaction.Perform(vcpu, load, facts);
        VcpuAction action = Conclude(site, result, load, ipa, standing);
        if (result.Outcome != EmulationOutcome.Completed
            || !ExclusiveSequence.TryReachStore(_services, site.State.View, vcpu, load, out CoreRegisters atStore, out LoadStoreAccess store))
        {
            return action;
        }

        bool isEnded = false;
        try
        {
            site.State.Records.Move(before, atStore);
            vcpu.ModifyCore() = atStore;
            result = transaction.Perform(vcpu, store, default);
            action = Conclude(site.Moved, result, store, ipa, standing);
            isEnded = vcpu.Core.Pc != atStore.Pc;
        }
        finally
        {
            if (!isEnded)
            {
                // The core would fail a store that is left to it. The guest begins anew, and finds the answers about its store.
                vcpu.ModifyCore() = before;
                site.State.Records.Move(atStore, before);
            }
        }

        return action;
    }
}
