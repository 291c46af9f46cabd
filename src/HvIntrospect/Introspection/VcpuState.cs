using HvIntrospect.Watchpoints;

namespace HvIntrospect.Introspection;

/// <summary>What the Introspector remembers of one vCPU between exits. Touched only by the thread that handles the vCPU's exit, except for the counters, which others read.</summary>
internal sealed class VcpuState
{
    /// <summary>Makes the state of a vCPU.</summary>
    /// <param name="services">What is shared.</param>
    /// <param name="vcpu">The vCPU.</param>
    public VcpuState(Services services, IVcpu vcpu)
    {
        Index = vcpu.Index;
        View = services.BaseView;
        Transaction = new AccessTransaction(services, this, vcpu);
        Monitor = vcpu.TryGetCapability(out IExclusiveMonitor? monitor) ? monitor : null;
        El2 = vcpu.TryGetCapability(out IEl2Operations? el2) ? el2 : null;
        Stepper = services.CanStepAlone && vcpu.TryGetCapability(out ISingleStep? stepper) ? stepper : null;
        OpenPages = new OpenPages(Stepper, services.HasSeveralVcpus ? services.PauseAll : null, new StepView(services.Pages));
    }

    /// <summary>Gets the vCPU's number.</summary>
    public int Index { get; }

    /// <summary>Gets or sets the view that the vCPU had active when it exited: where the exit that is being handled is decided.</summary>
    public GuestView View { get; set; }

    /// <summary>Gets the vCPU's exclusive monitor, where the backend offers it.</summary>
    public IExclusiveMonitor? Monitor { get; }

    /// <summary>Gets EL2 of the core that runs the vCPU, where the backend offers it.</summary>
    public IEl2Operations? El2 { get; }

    /// <summary>Gets the vCPU's single step, where the backend offers it and no other vCPU can see what is opened for it.</summary>
    public ISingleStep? Stepper { get; }

    /// <summary>Gets what performs the vCPU's accesses.</summary>
    public AccessTransaction Transaction { get; }

    /// <summary>Gets what has been done for the access that is being made, and for one that waits to be finished.</summary>
    public AccessRecords Records { get; } = new();

    /// <summary>Gets what handlers have answered to the instruction that is about to be executed. Apart from its accesses, which come after it.</summary>
    public AccessRecords Fetches { get; } = new();

    /// <summary>Gets the pages that are open while the vCPU steps.</summary>
    public OpenPages OpenPages { get; }

    /// <summary>Gets what tells other threads whether an exit of the vCPU is being handled.</summary>
    public BusySlot Exit { get; } = new();

    /// <summary>The bound on repeated exits. A mutable value.</summary>
    public RetryLimiter Retries;

    /// <summary>The counters. A mutable value.</summary>
    public IntrospectionStatistics Counters;
}
