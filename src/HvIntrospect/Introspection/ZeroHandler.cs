using HvIntrospect.Interception;
using HvIntrospect.LoadStores;
using HvIntrospect.Registers;
using HvIntrospect.Watchpoints;

namespace HvIntrospect.Introspection;

/// <summary>Performs DC ZVA, DC GVA and DC GZVA: stores of zeros and tags to a block as large as DCZID_EL0 says.</summary>
internal sealed class ZeroHandler
{
    private const int SmallestPage = 4096;

    private readonly Services _services;
    private readonly ExitConclusion _conclusion;
    private readonly UnsupportedHandler _unsupported;

    /// <summary>Makes a handler.</summary>
    /// <param name="services">What is shared.</param>
    /// <param name="conclusion">Ends exits.</param>
    /// <param name="unsupported">Decides what is not performed.</param>
    public ZeroHandler(Services services, ExitConclusion conclusion, UnsupportedHandler unsupported)
    {
        _services = services;
        _conclusion = conclusion;
        _unsupported = unsupported;
    }

    /// <summary>Decides an instruction.</summary>
    /// <param name="site">Where it is.</param>
    /// <param name="word">The instruction word.</param>
    /// <param name="stored">What it stores.</param>
    /// <param name="facts">What the exit tells of the access.</param>
    /// <param name="abort">Its syndrome.</param>
    /// <param name="ipa">The faulting IPA.</param>
    /// <param name="standing">What the page means for it.</param>
    /// <returns>What to do.</returns>
    public VcpuAction Handle(in AbortSite site, uint word, BlockStore stored, in ExitFacts facts, DataAbortSyndrome abort, Ipa ipa, PageStanding standing)
    {
        string? prohibition = CacheInstruction.FindZeroBlock(site.Vcpu, site.State.El2, _services.Options.ZeroBlockSize, out int size);
        if ((!abort.IsWrite ? "WnR" : abort.TryGetInstructionSyndrome(out _) ? "ISV" : prohibition) is string field)
        {
            return _conclusion.Refute(site, word, field);
        }

        string name = stored switch
        {
            BlockStore.Data => "DC ZVA",
            BlockStore.Tags => "DC GVA",
            _ => "DC GZVA",
        };
        EmulationResult result = size == 0
            ? EmulationResult.Unsupported(UnsupportedReason.SystemRegister)
            : site.State.Transaction.PerformZero(site.Vcpu, word, stored, size, facts);
        return result.Outcome == EmulationOutcome.Unsupported
            ? _unsupported.Handle(
                site, new UnsupportedAccess(ipa.AlignDown(SmallestPage), site.Far, SmallestPage, standing, word, WatchKinds.Write, name))
            : _conclusion.Conclude(site, result, word, ipa);
    }
}
