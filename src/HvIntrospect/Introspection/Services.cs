using HvIntrospect.A64;
using HvIntrospect.Interception;
using HvIntrospect.Mmio;
using HvIntrospect.Translation;
using HvIntrospect.Watchpoints;

namespace HvIntrospect.Introspection;

/// <summary>What the parts of the Introspector share.</summary>
internal sealed class Services
{
    /// <summary>Wires the rooms together.</summary>
    /// <param name="machine">The machine.</param>
    /// <param name="options">The policies, validated.</param>
    public Services(IVirtualMachine machine, IntrospectorOptions options)
    {
        Machine = machine;
        Memory = machine.Memory;
        Options = options;
        Pages = new PageGuards(machine, options.UseInlineFilter, options.SplitsForDirtyLog);
        int vcpus = machine.Vcpus.Count;
        Decoder = new A64Decoder(machine.Features);
        Walker = NewWalker(machine.Memory, options);
        Watches = new WatchSet(new WatchGuard(machine, Pages), Decoder, vcpus);
        Mmio = new MmioBus();
        InFlight = new InFlightAccesses(vcpus);
        Monitors = new SoftwareMonitors(vcpus);
        ExclusivePages = new ExclusivePages(Pages, Monitors);
        Reporter = new Reporter(options);
        PauseAll = machine.TryGetCapability(out IPauseAll? pause) ? pause : null;
    }

    public IVirtualMachine Machine { get; }

    public IGuestMemory Memory { get; }

    public IntrospectorOptions Options { get; }

    public PageGuards Pages { get; }

    public A64Decoder Decoder { get; }

    public Stage1Walker Walker { get; }

    public WatchSet Watches { get; }

    public MmioBus Mmio { get; }

    public InFlightAccesses InFlight { get; }

    public SoftwareMonitors Monitors { get; }

    public ExclusivePages ExclusivePages { get; }

    public Reporter Reporter { get; }

    public IPauseAll? PauseAll { get; }

    /// <summary>Gets a value indicating whether accesses of several vCPUs can meet.</summary>
    public bool HasSeveralVcpus => Machine.Vcpus.Count > 1;

    /// <summary>Gets a value indicating whether one vCPU can be stepped while no other executes.</summary>
    public bool CanStepAlone => !HasSeveralVcpus || PauseAll is not null;

    /// <summary>Gets the view that a vCPU had active when it exited.</summary>
    /// <param name="vcpu">The vCPU, stopped.</param>
    /// <returns>The view; 0, the base view, where there are no others.</returns>
    public int ViewOf(IVcpu vcpu) => Pages.Views?.ActiveView(vcpu) ?? 0;

    /// <summary>Judges an access of a vCPU by the view that it has active.</summary>
    /// <param name="vcpu">The vCPU, stopped.</param>
    /// <param name="address">A byte of the access.</param>
    /// <param name="needed">What the access needs.</param>
    /// <returns>What the page means for it.</returns>
    public PageStanding Judge(IVcpu vcpu, Ipa address, Stage2Access needed) => Pages.Judge(address, needed, ViewOf(vcpu));

    /// <summary>Makes a Stage 1 walker.</summary>
    /// <param name="memory">What it reads tables from.</param>
    /// <param name="options">What the guest's cores are.</param>
    /// <returns>The walker.</returns>
    public static Stage1Walker NewWalker(IGuestMemory memory, IntrospectorOptions options) =>
        new(memory, options.PhysicalAddressBits, options.TranslationFeatures, options.DefaultCacheable);
}
