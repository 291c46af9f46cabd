using System;
using HvIntrospect.Interception;
using HvIntrospect.LoadStores;
using HvIntrospect.Registers;
using HvIntrospect.Watchpoints;

namespace HvIntrospect.Introspection;

/// <summary>Completes accesses of AArch32 state from their syndromes. Their instructions are never fetched: nothing would decode them.</summary>
internal sealed class AArch32Handler
{
    /// <summary>What is not supported.</summary>
    public const string Name = "AArch32";

    private const int SmallestPage = 4096;

    private readonly ExitConclusion _conclusion;
    private readonly UnsupportedHandler _unsupported;

    /// <summary>Makes a handler.</summary>
    /// <param name="conclusion">Ends exits.</param>
    /// <param name="unsupported">Decides what is not performed.</param>
    public AArch32Handler(ExitConclusion conclusion, UnsupportedHandler unsupported)
    {
        _conclusion = conclusion;
        _unsupported = unsupported;
    }

    /// <summary>Decides a data abort that is no cache maintenance of a page without memory.</summary>
    /// <param name="site">Where it happened.</param>
    /// <param name="abort">Its syndrome.</param>
    /// <param name="ipa">The faulting IPA.</param>
    /// <param name="standing">What the page means for it.</param>
    /// <returns>What to do.</returns>
    public VcpuAction HandleData(in AbortSite site, DataAbortSyndrome abort, Ipa ipa, PageStanding standing)
    {
        int offset = (int)ipa.OffsetIn(SmallestPage);
        var access = abort.TryGetInstructionSyndrome(out InstructionSyndrome syndrome) ? new SyndromeAccess(syndrome, site.Vcpu.Core.Pstate) : default;

        // An access of memory that faults at the first byte of a page may have begun in the page before; to a device it may not.
        bool mayCross = offset + access.Size > SmallestPage || (offset == 0 && access.Size > 1 && standing != PageStanding.NoMemory);
        if (abort.IsCacheMaintenance || mayCross || !abort.TryGetInstructionSyndrome(out _))
        {
            WatchKinds kinds = abort.IsWrite ? WatchKinds.Write : WatchKinds.Read;
            return _unsupported.Handle(site, new UnsupportedAccess(ipa, site.Far, 1, standing, 0, kinds, Name));
        }

        Span<LoadStoreElement> elements =
        [
            new LoadStoreElement
            {
                Va = site.Far, Ipa = ipa, Size = access.Size, FirstSize = access.Size, Data = abort.IsWrite ? access.Read(site.Vcpu.Core) : 0,
            },
        ];
        int length = new Esr(site.Esr).IL ? sizeof(uint) : sizeof(ushort);
        switch (site.State.Transaction.Transfer(site.Vcpu, 0, standing != PageStanding.NoMemory, abort.IsWrite, elements))
        {
            case LoadStoreAnswer.Performed:
                if (!abort.IsWrite)
                {
                    access.Write(ref site.Vcpu.ModifyCore(), elements[0].Data);
                }

                return ExitConclusion.Advance(site.Vcpu, site.State, length);
            case LoadStoreAnswer.Skipped:
                return ExitConclusion.Advance(site.Vcpu, site.State, length);
            case LoadStoreAnswer.Retry:
                return ExitConclusion.Retry(site.State);
            default:
                return _conclusion.ConcludeRefusal(site, 0, ipa);
        }
    }

    /// <summary>Decides an instruction abort: nothing is asked about single instructions.</summary>
    /// <param name="site">Where it happened.</param>
    /// <param name="ipa">The faulting IPA.</param>
    /// <returns>What to do.</returns>
    public VcpuAction HandleFetch(in AbortSite site, Ipa ipa) =>
        _unsupported.Handle(site, new UnsupportedAccess(ipa, site.Far, sizeof(uint), PageStanding.Denied, 0, WatchKinds.Execute, Name));
}
