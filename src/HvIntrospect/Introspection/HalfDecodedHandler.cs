using System;
using HvIntrospect.A64;
using HvIntrospect.Interception;
using HvIntrospect.LoadStores;
using HvIntrospect.Watchpoints;

namespace HvIntrospect.Introspection;

/// <summary>Decides accesses that the backend has decoded and will complete itself.</summary>
/// <remarks>
/// The backend writes the loaded register and advances PC before the first register write or the next run. Where the access must not complete so,
/// that is let happen first and then undone: the core registers from before are written back as a whole.
/// </remarks>
internal sealed class HalfDecodedHandler
{
    private const int PageSize = 4096;

    private readonly Services _services;
    private readonly ExitConclusion _conclusion;
    private readonly LoadStoreHandler _loadStores;

    /// <summary>Makes a handler.</summary>
    /// <param name="services">What is shared.</param>
    /// <param name="conclusion">Ends what is refused.</param>
    /// <param name="loadStores">Performs what the backend must not complete.</param>
    public HalfDecodedHandler(Services services, ExitConclusion conclusion, LoadStoreHandler loadStores)
    {
        _services = services;
        _conclusion = conclusion;
        _loadStores = loadStores;
    }

    /// <summary>Decides an access.</summary>
    /// <param name="vcpu">The vCPU.</param>
    /// <param name="state">What is remembered of it.</param>
    /// <param name="exit">The exit.</param>
    /// <returns>What to do.</returns>
    public VcpuAction Handle(IVcpu vcpu, VcpuState state, in VcpuExit exit)
    {
        exit.TryGetIpa(out Ipa ipa);
        PageStanding standing = _services.Judge(state.View, ipa, exit.IsWrite ? Stage2Access.Write : Stage2Access.Read);
        switch (standing)
        {
            case PageStanding.NotMapped:
                return VcpuAction.Unhandled(UnhandledReason.NotMapped);
            case PageStanding.Protected:
                return VcpuAction.Unhandled(UnhandledReason.Protected);
            case PageStanding.InTransition:
                Undo(vcpu);
                return _conclusion.RetryAfterChange(new AbortSite(vcpu, state, exit));
            case PageStanding.Logged:
                Undo(vcpu);
                return _conclusion.RetryLogged(new AbortSite(vcpu, state, exit), ipa);
        }

        // Where the page has become free meanwhile, performing the access is the same as letting the guest make it: nobody watches it.
        bool isWatched = _services.Watches.Overlaps(ipa, exit.Length, exit.IsWrite ? WatchKinds.Write : WatchKinds.Read);
        bool isUnowned = standing == PageStanding.NoMemory && !_services.Mmio.TryFind(ipa, out _, out _);
        int offset = (int)ipa.OffsetIn(PageSize);
        bool mayCross = (offset == 0 && exit.Length > 1) || offset + exit.Length > PageSize;
        Va va = default;
        LoadStoreAccess access = isWatched || isUnowned || mayCross ? Decode(vcpu, state, exit, out va) : default;
        if (mayCross && access.EncodingIndex != 0 && (int)va.OffsetIn(PageSize) + exit.Length > PageSize)
        {
            // The backend reports an access in two pages by the page that faulted, as if it began there or went on behind it.
            Undo(vcpu);
            return _loadStores.Perform(new AbortSite(vcpu, state, exit), access, new ExitFacts(null, ipa), ipa, standing);
        }

        if (va.OffsetIn(PageSize) != ipa.OffsetIn(PageSize))
        {
            va = default;
        }

        Span<LoadStoreElement> elements =
        [
            new LoadStoreElement { Va = va, Ipa = ipa, Size = exit.Length, FirstSize = exit.Length, Data = exit.IsWrite ? exit.Data : 0 },
        ];
        LoadStoreAnswer answer = state.Transaction.Transfer(vcpu, access.Word, standing != PageStanding.NoMemory, exit.IsWrite, elements);
        switch (answer)
        {
            case LoadStoreAnswer.Performed:
            case LoadStoreAnswer.Skipped when exit.IsWrite:
                state.Counters.Emulated++;
                return VcpuAction.CompleteMmio(exit.IsWrite ? 0 : elements[0].Data);
            case LoadStoreAnswer.Skipped:
                Undo(vcpu);
                return ExitConclusion.Advance(vcpu, state);
            case LoadStoreAnswer.Retry:
                Undo(vcpu);
                return ExitConclusion.Retry(state);
            default:
                if (state.Transaction.Refusal.Kind != RefusalKind.Unhandled)
                {
                    Undo(vcpu);
                }

                return _conclusion.ConcludeRefusal(new AbortSite(vcpu, state, exit), access.Word, ipa);
        }
    }

    private static void Undo(IVcpu vcpu)
    {
        // Registers read as before the instruction until the first write makes the backend complete it.
        CoreRegisters before = vcpu.Core;
        vcpu.ModifyCore() = before;
    }

    /// <summary>Finds the instruction and the virtual address that the backend has not told.</summary>
    private LoadStoreAccess Decode(IVcpu vcpu, VcpuState state, in VcpuExit exit, out Va va)
    {
        va = default;
        if (!InstructionFetcher.TryFetch(state.View, vcpu, out uint word)
            || !_services.Decoder.TryDecodeLoadStore(word, out LoadStoreAccess access)
            || access.TotalSize != exit.Length
            || access.Kind != (exit.IsWrite ? LoadStoreKind.Store : LoadStoreKind.Load)
            || !access.MayReportSyndrome)
        {
            // Another vCPU has written the place since: this is not what the backend decodes.
            return default;
        }

        var bus = new ExitBus(state.Transaction, vcpu);
        va = LoadStoreSemantics.AddressOf(access, ref bus);
        return access;
    }
}
