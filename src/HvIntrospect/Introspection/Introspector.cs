using System;
using HvIntrospect.Mmio;
using HvIntrospect.Registers;
using HvIntrospect.Watchpoints;

namespace HvIntrospect.Introspection;

/// <summary>The library's way in and out: takes a vCPU's exit and says what to do with the vCPU.</summary>
/// <remarks>
/// <para>The embedder's own loop runs vCPUs and hands every exit to <see cref="Handle"/>; it may do so for different vCPUs at one time. The
/// Introspector never runs a vCPU and never blocks on one.</para>
/// <para>A guest that does strange things gets what the architecture gives it, or one of the policies of <see cref="IntrospectorOptions"/>; it never causes an
/// exception. Exceptions of the embedder's handlers and devices pass through: then memory and registers are as before and the exit can be handled again.
/// Each handler is asked, and each device called, once for each access, also across stops and exceptions: only who threw is called again. What was answered
/// belongs to the vCPU as it stopped: with other registers, or after it has been elsewhere, the same instruction is another access.</para>
/// </remarks>
public sealed class Introspector : IDisposable
{
    private const ulong AsynchronousVector = 0x180;

    private readonly Services _services;
    private readonly VcpuStates _states;
    private readonly AbortHandler _aborts;
    private readonly HalfDecodedHandler _halfDecoded;
    private readonly InlineWatcher? _inline;
    private bool _isDisposed;

    /// <summary>Makes an introspector of a machine. Nothing is denied to the guest until there is a watch.</summary>
    /// <param name="machine">The machine.</param>
    /// <param name="options">The policies, or null for the defaults.</param>
    /// <exception cref="ArgumentNullException"><paramref name="machine"/> is null.</exception>
    /// <exception cref="ArgumentException">A policy is not valid; the message names it and the limit.</exception>
    /// <exception cref="NotSupportedException">The machine lacks a capability that a policy needs; the message names both.</exception>
    /// <exception cref="InvalidOperationException">The machine has an introspector that is not disposed. A machine has one at a time.</exception>
    public Introspector(IVirtualMachine machine, IntrospectorOptions? options = null)
    {
        Machine = machine ?? throw new ArgumentNullException(nameof(machine));
        options = options?.Copy() ?? new IntrospectorOptions();
        options.Validate();
        RequireSteppers(machine, options);
        _services = new Services(machine, options);
        _states = new VcpuStates(_services);
        var conclusion = new ExitConclusion(_services);
        var unsupported = new UnsupportedHandler(_services, conclusion);
        var loadStores = new LoadStoreHandler(_services, conclusion, unsupported);
        _aborts = new AbortHandler(_services, conclusion, unsupported, loadStores);
        _halfDecoded = new HalfDecodedHandler(_services, conclusion, loadStores);
        if (_services.Pages.InlineFilter is IInlineAccessFilter filter)
        {
            _inline = new InlineWatcher(_services, _states);
            filter.SetHandler(_inline);
        }
    }

    /// <summary>Gets the machine.</summary>
    public IVirtualMachine Machine { get; }

    /// <summary>Gets the devices. A device's range must not be memory of the guest: accesses to memory do not come here.</summary>
    public MmioBus Mmio => _services.Mmio;

    /// <summary>Gets the dirty log of the guest's memory. Its denials share the pages with watches; an access that both concern is shown to the watches first.</summary>
    /// <remarks>See <see cref="Interception.PageGuards.DirtyLog"/> for what it needs. It sees what is written by its IPA, by vCPUs, by the library and by others through <see cref="IVirtualMachine.Memory"/>.</remarks>
    /// <exception cref="ObjectDisposedException">The introspector is disposed.</exception>
    public IDirtyLog DirtyLog => Live.Pages.DirtyLog;

    /// <summary>Gets what has been done so far.</summary>
    public IntrospectionStatistics Statistics
    {
        get
        {
            var sum = new IntrospectionStatistics
            {
                WatchedAccesses = _services.Watches.ElementsSeen,
                InlineAccesses = _inline?.Decided ?? 0,
            };
            foreach (VcpuState? state in _states.All)
            {
                if (state is not null)
                {
                    sum.Exits += state.Counters.Exits;
                    sum.Emulated += state.Counters.Emulated;
                    sum.Stepped += state.Counters.Stepped;
                    sum.Events += state.Counters.Events;
                    sum.Retries += state.Counters.Retries;
                    sum.Injected += state.Counters.Injected;
                }
            }

            return sum;
        }
    }

    private Services Live => _isDisposed ? throw new ObjectDisposedException(nameof(Introspector)) : _services;

    /// <summary>Watches a range of IPAs. Returns when every vCPU is subject to the watch; inside a handler the watch is queued until the exit is handled.</summary>
    /// <remarks>
    /// May be called from any thread while vCPUs run. Accesses that are being performed are waited for, except on a thread that handles an exit itself, for example
    /// in a device. A step over an access that the library does not perform counts as performed when it has begun. Of the Stage 1
    /// walks that one instruction causes through one page of tables only the first is seen: the page is open for the instruction's step then. A memory copy or set (CPY*, SET*) that is
    /// executed in parts, as the architecture lets it be, is fetched and seen again for each.
    /// </remarks>
    /// <param name="range">The bytes, from one to many pages; it may overlap other watches.</param>
    /// <param name="kinds">What is seen: reads, writes, instructions before they are executed.</param>
    /// <param name="handler">Receives every element of an access that overlaps the range, and every instruction whose word does.</param>
    /// <param name="name">A name for logs, or null.</param>
    /// <returns>The watch; dispose it to end it.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="handler"/> is null.</exception>
    /// <exception cref="ArgumentException"><paramref name="range"/> is empty, or <paramref name="kinds"/> is.</exception>
    /// <exception cref="NotSupportedException">The machine cannot deny such accesses; the message names the missing capability. Nothing was changed.</exception>
    /// <exception cref="ObjectDisposedException">The introspector is disposed.</exception>
    public Watch AddWatch(IpaRange range, WatchKinds kinds, WatchHandler handler, string? name = null)
    {
        Services services = Live;
        Watch watch;

        // An access that was decided before the watch was known is performed before this returns: inline by the pause, after an exit by waiting for it.
        IPauseAll? pause = _inline is null ? null : services.PauseAll;
        pause?.Pause();
        try
        {
            watch = services.Watches.Add(range, kinds, handler, name);
        }
        finally
        {
            pause?.Resume();
        }

        if (watch.IsEffective)
        {
            _states.WaitForExits();
        }

        return watch;
    }

    /// <summary>Decides one exit. Called on the thread that handles the vCPU; concurrently for different vCPUs.</summary>
    /// <param name="vcpu">The vCPU, stopped.</param>
    /// <param name="exit">The exit.</param>
    /// <returns>What to do with the vCPU. After an exception of a handler or device the same exit can be handed in again.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="vcpu"/> is null.</exception>
    /// <exception cref="ArgumentException">The machine has no vCPU with the index of <paramref name="vcpu"/>.</exception>
    /// <exception cref="ObjectDisposedException">The introspector is disposed.</exception>
    public VcpuAction Handle(IVcpu vcpu, in VcpuExit exit)
    {
        Services services = Live;
        VcpuState state = _states.Of(vcpu ?? throw new ArgumentNullException(nameof(vcpu)));
        bool isOutermost = state.Exit.Enter();
        try
        {
            state.Counters.Exits++;
            state.Records.Expire(vcpu);
            state.Fetches.Expire(vcpu);
            VcpuAction action = EndsStep(vcpu, state, exit) ? AfterStep(state) : Decide(vcpu, state, exit);
            if (services.Watches.HasQueued)
            {
                services.Watches.ApplyQueued();
            }

            return action;
        }
        finally
        {
            if (isOutermost)
            {
                state.Exit.Leave();
            }
        }
    }

    /// <summary>Runs a vCPU and handles its exits until one is not simply resumed: a loop over <see cref="Handle"/> for embedders that need no loop of their own.</summary>
    /// <remarks>It goes on while the guest does: one that faults in its own exception vectors has exits without end, which <paramref name="run"/> may count.</remarks>
    /// <param name="vcpu">The vCPU.</param>
    /// <param name="run">Runs it until its next exit.</param>
    /// <param name="exit">The exit that ended the loop.</param>
    /// <returns>The action that ended the loop: <see cref="VcpuActionKind.Stop"/> or <see cref="VcpuActionKind.Unhandled"/>.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="ObjectDisposedException">The introspector is disposed.</exception>
    public VcpuAction Run(IVcpu vcpu, VcpuRun run, out VcpuExit exit)
    {
        VcpuRun runner = run ?? throw new ArgumentNullException(nameof(run));
        VcpuAction action = VcpuAction.Resume;
        do
        {
            exit = runner(vcpu, action);
            action = Handle(vcpu, exit);
        }
        while (action.Kind is VcpuActionKind.Resume or VcpuActionKind.CompleteMmio);
        return action;
    }

    /// <summary>Removes all watches, restores what the guest may do natively, as far as the backend does it, and detaches from the machine. Not to be called inside a handler.</summary>
    public void Dispose()
    {
        if (_isDisposed)
        {
            return;
        }

        _isDisposed = true;
        foreach (VcpuState? state in _states.All)
        {
            state?.OpenPages.Cancel();
        }

        // First the pages, all at once: what a backend refuses there must not keep the rest from being detached.
        _services.Pages.Dispose();
        _services.Watches.Clear();
        _services.ExclusivePages.Clear();
        _services.Pages.InlineFilter?.SetHandler(null);
    }

    private static void RequireSteppers(IVirtualMachine machine, IntrospectorOptions options)
    {
        if (options.UnsupportedAccess != UnsupportedAccessPolicy.OpenAndStep)
        {
            return;
        }

        if (machine.Vcpus.Count > 1 && !machine.TryGetCapability<IPauseAll>(out _))
        {
            throw new NotSupportedException("The policy OpenAndStep needs the capability IPauseAll of a machine with several vCPUs: an open page is open to all.");
        }

        foreach (IVcpu vcpu in machine.Vcpus)
        {
            if (!vcpu.TryGetCapability<ISingleStep>(out _))
            {
                throw new NotSupportedException("The policy OpenAndStep needs the capability ISingleStep of every vCPU.");
            }
        }
    }

    private bool EndsStep(IVcpu vcpu, VcpuState state, in VcpuExit exit)
    {
        if (!state.OpenPages.IsStepping)
        {
            return false;
        }

        SingleStepOutcome outcome = state.Stepper!.Classify(exit);
        if (outcome == SingleStepOutcome.Pending)
        {
            return false;
        }

        state.OpenPages.Close();
        if (outcome == SingleStepOutcome.Completed)
        {
            state.Counters.Stepped++;
            state.Records.Clear();
            state.Fetches.Clear();
            state.Retries.Reset();
        }
        else if (exit.Esr.Class == ExceptionClass.Brk64)
        {
            // The guest's own breakpoint, which the step brought here. It is given back, as the page of the instruction may be closed again.
            FaultInjector.InjectSynchronous(vcpu, Machine.Features, exit.Esr);
            state.Fetches.Clear();
        }
        else if ((vcpu.Core.Pc.Value & AsynchronousVector) == 0)
        {
            // At a vector of synchronous exceptions: the instruction was executed and has taken one.
            state.Fetches.Clear();
        }

        // A call that ended the step is an exit of its own; everything else that ends one belongs to it.
        return exit.Esr.Class != ExceptionClass.Hvc64;
    }

    private static VcpuAction AfterStep(VcpuState state) =>
        state.OpenPages.WasArmed ? VcpuAction.Unhandled(UnhandledReason.OtherException) : VcpuAction.Resume;

    private VcpuAction Decide(IVcpu vcpu, VcpuState state, in VcpuExit exit)
    {
        state.View = _services.ViewOf(vcpu);
        switch (exit.Kind)
        {
            case VcpuExitKind.Exception when exit.Esr.Class == ExceptionClass.DataAbortLowerEl:
            case VcpuExitKind.NotDecodedMmio:
                exit.Esr.TryGetDataAbort(out DataAbortSyndrome data);
                return _aborts.HandleData(vcpu, state, exit, data);
            case VcpuExitKind.Exception when exit.Esr.Class == ExceptionClass.InstructionAbortLowerEl:
                exit.Esr.TryGetInstructionAbort(out InstructionAbortSyndrome fetch);
                return _aborts.HandleFetch(vcpu, state, exit, fetch);
            case VcpuExitKind.Exception when exit.Esr.Class == ExceptionClass.SystemRegister && exit.Esr.TryGetSystemRegister(out SystemRegisterSyndrome access)
                && _services.Pages.Views is IStage2Views views && GuestInvalidation.TryPerform(views, vcpu, access):
                return ExitConclusion.Advance(vcpu, state);
            case VcpuExitKind.HalfDecodedMmio:
                return _halfDecoded.Handle(vcpu, state, exit);
            default:
                return VcpuAction.Unhandled(exit.Kind switch
                {
                    VcpuExitKind.DebugEvent => UnhandledReason.DebugEvent,
                    VcpuExitKind.Hypercall => UnhandledReason.Hypercall,
                    VcpuExitKind.SystemEvent => UnhandledReason.SystemEvent,
                    VcpuExitKind.Halted => UnhandledReason.Halted,
                    VcpuExitKind.Canceled => UnhandledReason.Canceled,
                    VcpuExitKind.BackendFailure => UnhandledReason.BackendFailure,
                    _ => UnhandledReason.OtherException,
                });
        }
    }
}
