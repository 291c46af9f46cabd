using System;
using System.Threading;
using HvIntrospect.A64;
using HvIntrospect.Interception;
using HvIntrospect.Mmio;
using HvIntrospect.Watchpoints;

namespace HvIntrospect.Introspection;

/// <summary>What the parts of the Introspector share.</summary>
internal sealed class Services
{
    /// <summary>The views that vCPUs have been in, by their numbers. A number means the same memory whichever view has it.</summary>
    private GuestView?[] _views;

    /// <summary>Wires the rooms together.</summary>
    /// <param name="machine">The machine.</param>
    /// <param name="options">The policies, validated.</param>
    public Services(IVirtualMachine machine, IntrospectorOptions options)
    {
        Machine = machine;
        Options = options;
        Pages = new PageGuards(machine, options.UseInlineFilter, options.SplitsForDirtyLog);
        int vcpus = machine.Vcpus.Count;
        Decoder = new A64Decoder(machine.Features);
        _views = [new GuestView(0, machine.Memory, options)];
        Watches = new WatchSet(new WatchGuard(machine, Pages), Decoder, vcpus);
        Mmio = new MmioBus();
        InFlight = new InFlightAccesses(vcpus);
        Monitors = new SoftwareMonitors(vcpus);
        ExclusivePages = new ExclusivePages(Pages, Monitors);
        Reporter = new Reporter(options);
        PauseAll = machine.TryGetCapability(out IPauseAll? pause) ? pause : null;
    }

    public IVirtualMachine Machine { get; }

    public IntrospectorOptions Options { get; }

    public PageGuards Pages { get; }

    public A64Decoder Decoder { get; }

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

    /// <summary>Gets the base view.</summary>
    public GuestView BaseView => _views[0]!;

    /// <summary>Gets the view that a vCPU has active. It is asked once for each exit: a handler may activate another one, which is for the next run.</summary>
    /// <param name="vcpu">The vCPU, stopped.</param>
    /// <returns>The view; the base view where there are no others.</returns>
    public GuestView ViewOf(IVcpu vcpu)
    {
        int number = Pages.Views?.ActiveView(vcpu) ?? 0;
        GuestView?[] views = Volatile.Read(ref _views);
        return number < views.Length && views[number] is GuestView view ? view : Add(Pages.Views!, number);
    }

    /// <summary>Judges an access.</summary>
    /// <param name="view">The view that the vCPU had active.</param>
    /// <param name="address">A byte of the access.</param>
    /// <param name="needed">What the access needs.</param>
    /// <returns>What the page means for it.</returns>
    public PageStanding Judge(GuestView view, Ipa address, Stage2Access needed) => Pages.Judge(address, needed, view.Number);

    private GuestView Add(IStage2Views views, int number)
    {
        var added = new GuestView(number, views.MemoryOf(number), Options);
        GuestView?[] known;
        GuestView?[] next;
        do
        {
            known = Volatile.Read(ref _views);
            next = new GuestView?[Math.Max(known.Length, number + 1)];
            known.CopyTo(next, 0);
            next[number] = added;
        }
        while (Interlocked.CompareExchange(ref _views, next, known) != known);
        return added;
    }
}
