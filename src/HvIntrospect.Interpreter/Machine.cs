using System;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using System.Linq;
using System.Threading;
using HvIntrospect.Interpreter.Checking;
using HvIntrospect.Interpreter.Dispatch;
using HvIntrospect.Interpreter.Devices;
using HvIntrospect.Interpreter.Memory;
using HvIntrospect.Interpreter.Mmu;
using HvIntrospect.Interpreter.Operations;
using HvIntrospect.Interpreter.Scheduling;
using HvIntrospect.Interpreter.State;
using HvIntrospect.Mmio;
using HvIntrospect.Mmio.Gic;
using HvIntrospect.Registers;
using HvIntrospect.Stepping;
using HvIntrospect.Translation;
using HvIntrospect.Translation.Stage2;

namespace HvIntrospect.Interpreter;

/// <summary>The in-box A64 machine: vCPUs at EL0 and EL1, RAM behind Stage 2, and an EL2 that is the caller.</summary>
/// <remarks>
/// <para>An exception to EL2 ends <see cref="Run"/> with an exit; the caller decides it and runs the vCPU again. Devices are the caller's: an
/// access outside of RAM is a Stage 2 translation fault.</para>
/// <para>A run is a pure function of the state, of <see cref="Inputs"/> and their moments, of <see cref="MachineOptions.Seed"/> and of what EL2, the caller, does at exits: every
/// limit and every input is met at an exact instruction count.</para>
/// <para>Several vCPUs run in one of two ways: each on a thread of its own, where the host decides who executes when, or all on one thread by <see cref="Scheduler"/>, which decides it by the seed.</para>
/// <para>Threads: one thread executes at a time; a second <see cref="Run"/> waits for its turn. <see cref="Vcpu.RequestExit"/>, <see cref="IPauseAll"/>,
/// <see cref="Memory"/> and changes of <see cref="Stage2"/> work from any thread: what a running vCPU must not meet half done is done while all are paused.</para>
/// </remarks>
public sealed unsafe class Machine : IVirtualMachine, IDisposable
{
    // How many instructions are executed before requests from other threads are looked at: about a tenth of a millisecond.
    private const ulong SliceLength = 1 << 16;

    // The same when others have wanted something lately, as for each access that is performed for another vCPU: a few microseconds.
    private const ulong ShortSliceLength = 1 << 12;

    // How many instructions a vCPU executes before another one that waits has its turn: often enough for guests that spin, too seldom to cost anything.
    // It is also how long slices are short.
    private const ulong TurnLength = 1 << 20;
    private const HcrBits InitialHcr = HcrBits.Rw | HcrBits.Tsc | HcrBits.Imo | HcrBits.Fmo | HcrBits.Amo;
    private const HcrBits PointerAuthenticationHcr = HcrBits.Api | HcrBits.Apk;
    private const HcrBits TagsHcr = HcrBits.Ata;
    private const ushort Vmid = 1;
    private readonly PhysicalMemory _memory;
    private readonly InlineAccessFilter _filter;
    private readonly DecodedPages _pages;
    private readonly TagStore? _tags;
    private readonly ShareabilityDomain _domain;
    private readonly ArchitecturalTranslator[] _translators;
    private readonly Vcpu[] _vcpus;
    private readonly InstructionExecutor _executor;
    private readonly CapabilitySet _capabilities;
    private readonly List<IStatefulDevice> _devices = [];
    private bool _isDisposed;

    /// <summary>Makes a machine with zeroed RAM, mapped at Stage 2 as a whole, and vCPUs at EL1h with the MMU off and PC at the start of RAM.</summary>
    /// <param name="options">What it is made of.</param>
    /// <exception cref="ArgumentNullException"><paramref name="options"/> is null.</exception>
    /// <exception cref="ArgumentException">A value of <paramref name="options"/> is out of its range.</exception>
    public Machine(MachineOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        Options = options;
        _memory = new PhysicalMemory(Gate);
        _filter = new InlineAccessFilter(Gate);
        _memory.AddRam(options.RamPhysicalBase.Value, options.RamSize);
        _memory.AddHypervisorMemory(options.HypervisorMemory.Start.Value, options.HypervisorMemory.Length);
        var ram = new IpaRange(options.RamBase, options.RamSize);
        _tags = (options.Features & A64Features.MTE2) != 0 ? new TagStore(ram, options.RamPhysicalBase) : null;
        bool threaded = options.Dispatcher == DispatcherKind.Threaded
            || (options.Dispatcher == DispatcherKind.Automatic && DispatcherProbe.IsThreadedUsable);
        _pages = new DecodedPages(_memory, OperationTables.All, options.Features, threaded, options.DecodedPageLimit, options.InstructionCache == InstructionCacheMode.Coherent);
        _domain = new ShareabilityDomain(options.Features);
        TranslationFeatures translation = ImpliedFeatures.Of(options.Features, options.TranslationFeatures);
        Checker = options.ChecksArchitecture ? new ArchitectureChecker(_memory, options.VcpuCount) { Features = translation, NeedsDataCacheClean = (translation & TranslationFeatures.S2FWB) == 0 } : null;
        IPauseAll pause = Checker?.Check(Gate) ?? Gate;
        _vcpus = new Vcpu[options.VcpuCount];
        _translators = new ArchitecturalTranslator[options.VcpuCount];
        for (int i = 0; i < _vcpus.Length; i++)
        {
            var translator = new ArchitecturalTranslator(_memory, translation, options.AddressBits, _filter);
            _translators[i] = translator;
            var settings = new CoreSettings(options.Features, options.AddressBits, i, _domain, translation, options.PointerAuthentication)
            {
                InstructionsPerTick = options.InstructionsPerTick,
                CounterFrequency = options.CounterFrequency,
                AreTimersWired = options.TimersRaiseVirtualIrq,
                LoadStoreChoices = options.LoadStoreChoices,
                Tags = _tags,
                Checker = Checker,
            };
            var processor = new Processor(_memory, translator, _pages, _filter, settings, threaded);
            _domain.Add(translator, processor.State);
            IEl2Operations operations = new El2Operations(processor, translator, _domain, Gate);
            operations = Checker?.Check(i, operations) ?? operations;
            bool authenticates = (options.Features & A64Features.PAuth) != 0;
            operations.WriteSystemRegister(SystemRegister.HcrEl2, new Hcr(0).With(InitialHcr | (authenticates ? PointerAuthenticationHcr : HcrBits.None) | (_tags is null ? HcrBits.None : TagsHcr)).Value);
            processor.State->Pc = options.RamBase.Value;

            // EL2 enters the guest by an exception return, the first time as always.
            processor.State->LeaveReason = LeaveReason.ExceptionToEl2;
            if (options.Seed is ulong seed)
            {
                processor.State->System.ChoiceState = SeededChoice.Start(seed, i);
                if (options.TranslatesSpeculatively)
                {
                    SpeculativeWalker.TurnOn(processor.State, seed, i);
                }
            }

            _vcpus[i] = new Vcpu(this, i, processor, operations, new InterruptGate(processor), new VirtualInterrupts(processor), new ExclusiveMonitor(processor, this, i));
            _vcpus[i].Add(new El2SingleStep(_vcpus[i], operations, this));
            if (authenticates)
            {
                _vcpus[i].Add(new PointerAuthentication(_vcpus[i]));
            }
        }

        Inputs = new MachineInputs(_vcpus);
        Scheduler = new Scheduler(this);
        Stage2 = MapRam(options, pause);
        _executor = new InstructionExecutor(this, _pages);
        var log = new DirtyLog(_memory, Gate, ram, options.RamPhysicalBase);
        _capabilities = new CapabilitySet(_memory, Stage2, _filter, pause, _executor, log);
        if (options.MaximumViews > 1)
        {
            _capabilities.Add(Stage2.Views);
            Checker?.DeclareViews(ViewVmids(options));
        }

        if (_tags is not null)
        {
            _capabilities.Add(_tags);
        }
    }

    /// <summary>Gets what the machine was made of.</summary>
    public MachineOptions Options { get; }

    /// <summary>Gets the vCPUs; item <c>i</c> has <see cref="Vcpu.Index"/> <c>i</c>.</summary>
    public IReadOnlyList<Vcpu> Vcpus => _vcpus;

    /// <inheritdoc/>
    IReadOnlyList<IVcpu> IVirtualMachine.Vcpus => _vcpus;

    /// <summary>Gets Stage 2: RAM is mapped as normal memory with all accesses permitted, in blocks.</summary>
    public Stage2AddressSpace Stage2 { get; }

    /// <summary>Gets the door for everything from outside.</summary>
    public MachineInputs Inputs { get; }

    /// <summary>Gets what runs all vCPUs on one thread.</summary>
    public Scheduler Scheduler { get; }

    /// <summary>Gets how many pages are held decoded; at most <see cref="MachineOptions.DecodedPageLimit"/>.</summary>
    public int DecodedPageCount => _pages.Count;

    /// <inheritdoc/>
    public IGuestMemory Memory => Stage2.Memory;

    /// <inheritdoc/>
    public A64Features Features => Options.Features;

    /// <summary>Gets what checks EL2; null unless <see cref="MachineOptions.ChecksArchitecture"/> is set.</summary>
    public ArchitectureChecker? Checker { get; }

    /// <summary>Gets what decides who executes.</summary>
    internal PauseGate Gate { get; } = new();

    /// <summary>Runs a vCPU until an exception to EL2, a request to exit or a limit.</summary>
    /// <param name="vcpu">A vCPU of this machine.</param>
    /// <param name="maxInstructions">The number of instructions after which the run ends with <see cref="VcpuExitKind.Canceled"/>, exactly.</param>
    /// <returns>
    /// The exit. <see cref="VcpuExitKind.Canceled"/> also when the vCPU was asked to exit before it had its turn, and when the calling thread has stopped it
    /// by <see cref="IPauseAll.TryPauseOthers"/> for the sake of another vCPU, which it must run first. An Illegal Execution state exception (EC 0x0E), with the
    /// vCPU as it was, when its PSTATE is none that EL2 could return to: another Exception level than EL0 and EL1, EL1 under HCR_EL2.TGE, AArch32.
    /// </returns>
    /// <exception cref="ArgumentNullException"><paramref name="vcpu"/> is null.</exception>
    /// <exception cref="ArgumentException"><paramref name="vcpu"/> belongs to another machine.</exception>
    /// <exception cref="ObjectDisposedException">The machine is disposed.</exception>
    /// <exception cref="InvalidOperationException">The call comes from a handler that was called while a vCPU runs.</exception>
    public VcpuExit Run(Vcpu vcpu, ulong maxInstructions = ulong.MaxValue)
    {
        ArgumentNullException.ThrowIfNull(vcpu);
        if (vcpu.Machine != this)
        {
            throw new ArgumentException("The vCPU belongs to another machine.", nameof(vcpu));
        }

        return Execute(vcpu, maxInstructions, skipsIdle: true);
    }

    /// <inheritdoc/>
    public bool TryGetCapability<T>([NotNullWhen(true)] out T? capability)
        where T : class => _capabilities.TryGet(out capability);

    /// <summary>Makes a device part of the snapshots that are taken from now on. Where the guest finds it is not the machine's: map it on the Introspector's bus.</summary>
    /// <param name="device">The device. No vCPU runs.</param>
    /// <exception cref="ArgumentNullException"><paramref name="device"/> is null.</exception>
    /// <exception cref="ObjectDisposedException">The machine is disposed.</exception>
    public void Attach(IStatefulDevice device)
    {
        ArgumentNullException.ThrowIfNull(device);
        ThrowIfDisposed();
        _devices.Add(device);
    }

    /// <summary>
    /// Connects an interrupt controller: its outputs to the virtual IRQ and FIQ inputs of the vCPUs, the outputs of the EL1 timers to its private interrupts
    /// <see cref="GicV2.VirtualTimer"/> and <see cref="GicV2.PhysicalTimer"/>, whatever <see cref="MachineOptions.TimersRaiseVirtualIrq"/> says. It is part of snapshots from now on.
    /// </summary>
    /// <remarks>Its registers are mapped on the Introspector's bus, for instance: <c>introspector.Mmio.Map(range, gic.Distributor)</c>.</remarks>
    /// <param name="gic">The interrupt controller, with a CPU for each vCPU. No vCPU runs.</param>
    /// <exception cref="ArgumentNullException"><paramref name="gic"/> is null.</exception>
    /// <exception cref="ArgumentException"><paramref name="gic"/> has another number of CPUs; nothing was changed.</exception>
    /// <exception cref="InvalidOperationException"><paramref name="gic"/> is connected already; nothing was changed.</exception>
    /// <exception cref="ObjectDisposedException">The machine is disposed.</exception>
    public void Connect(GicV2 gic)
    {
        ArgumentNullException.ThrowIfNull(gic);
        RequireCpus(gic, nameof(gic));
        GicWires.Connect(gic, _vcpus);
        Attach(gic);
    }

    /// <summary>
    /// Connects virtual CPU interfaces and their physical interrupt controller: the outputs of the interfaces to the virtual IRQ and FIQ inputs of the vCPUs, those of the physical
    /// controller to the physical ones, the outputs of the EL1 timers and the maintenance interrupts to its private interrupts. Both are part of snapshots from now on.
    /// </summary>
    /// <remarks>
    /// A physical interrupt ends the run of its vCPU where HCR_EL2 routes it to EL2. <see cref="IInterruptGate"/> holds back what is taken, not what is pending: unlike GICH_HCR.En
    /// it hides nothing from ISR_EL1 and from the acknowledge registers, and changes no list register.
    /// </remarks>
    /// <param name="interfaces">The interfaces, one for each vCPU. No vCPU runs.</param>
    /// <exception cref="ArgumentNullException"><paramref name="interfaces"/> is null.</exception>
    /// <exception cref="ArgumentException"><paramref name="interfaces"/> are of another number of CPUs; nothing was changed.</exception>
    /// <exception cref="InvalidOperationException">They are connected already, and nothing was changed; or their physical controller is, and only they are connected now.</exception>
    /// <exception cref="ObjectDisposedException">The machine is disposed.</exception>
    public void Connect(GicVirtualInterfaces interfaces)
    {
        ArgumentNullException.ThrowIfNull(interfaces);
        RequireCpus(interfaces.Physical, nameof(interfaces));
        GicWires.Connect(interfaces, _vcpus);
        Attach(interfaces.Physical);
        Attach(interfaces);
    }

    /// <summary>Remembers the state of the machine: all registers, the RAM, the TLBs, the timers, the devices that are attached, and whose turn it is.</summary>
    /// <remarks>
    /// A run from here and a run from the restored snapshot are equal in every bit, given the same inputs and actions of EL2. A stale instruction cache
    /// (<see cref="InstructionCacheMode.Stale"/>) is empty afterwards. Not while a vCPU runs.
    /// </remarks>
    /// <returns>The snapshot.</returns>
    /// <exception cref="ObjectDisposedException">The machine is disposed.</exception>
    /// <exception cref="InvalidOperationException">The call comes from a handler that was called while a vCPU runs.</exception>
    public MachineSnapshot TakeSnapshot()
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        Gate.ThrowIfRunning();
        using (Gate.BeginChange())
        {
            _pages.DropStale();
            TakeInputs();
            var vcpus = new VcpuSnapshot[_vcpus.Length];
            for (int i = 0; i < vcpus.Length; i++)
            {
                vcpus[i] = new VcpuSnapshot(_vcpus[i].Processor.State, _translators[i]);
            }

            return new MachineSnapshot(this, _memory.TakeSnapshot(), _tags?.Save(), vcpus, [.. _devices.Select(static device => (device, device.SaveState()))], Scheduler.Save(), _domain.MaintenanceByEl2);
        }
    }

    /// <summary>Takes the machine back to a snapshot.</summary>
    /// <remarks>
    /// What EL2 owns stays as it is: Stage 2, what is denied in it, devices that are not attached. The TLBs are restored too, unless EL2 has invalidated translations since: then they are empty,
    /// as an old entry would hide from EL2 what it has denied. Inputs that wait for their moment are dropped, and a record of inputs begins here. The exclusive monitors hold what they held. The dirty log tells which pages were written back.
    /// A step of EL2 that is under way (<see cref="ISingleStep.IsArmed"/>) is EL2's too, but the registers by which it works are restored: let it end before, here and where the snapshot is taken.
    /// </remarks>
    /// <param name="snapshot">A snapshot of this machine.</param>
    /// <exception cref="ArgumentNullException"><paramref name="snapshot"/> is null.</exception>
    /// <exception cref="ArgumentException"><paramref name="snapshot"/> was taken of another machine.</exception>
    /// <exception cref="ObjectDisposedException">The machine or the snapshot is disposed.</exception>
    /// <exception cref="InvalidOperationException">The call comes from a handler that was called while a vCPU runs.</exception>
    public void Restore(MachineSnapshot snapshot)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        if (!snapshot.IsOf(this))
        {
            throw new ArgumentException("The snapshot was taken of another machine.", nameof(snapshot));
        }

        Gate.ThrowIfRunning();
        using (Gate.BeginChange())
        {
            ObjectDisposedException.ThrowIf(snapshot.Memory.IsReleased, snapshot);
            _pages.DropStale();
            Inputs.Reset();
            _memory.Restore(snapshot.Memory);
            if (snapshot.Tags is not null)
            {
                _tags!.Restore(snapshot.Tags);
            }

            Scheduler.Restore(snapshot.Schedule);
            foreach ((IStatefulDevice device, object state) in snapshot.Devices)
            {
                device.RestoreState(state);
            }

            for (int i = 0; i < _vcpus.Length; i++)
            {
                _vcpus[i].Discard();
                snapshot.Vcpus[i].Restore(_vcpus[i].Processor.State, _translators[i], snapshot.Maintenance == _domain.MaintenanceByEl2);
                _vcpus[i].Processor.FlagMonitor();
            }
        }
    }

    /// <summary>Frees the RAM. No vCPU may run, and nothing of the machine may be used afterwards.</summary>
    /// <exception cref="InvalidOperationException">The call comes from a handler that was called while a vCPU runs. The machine is as before.</exception>
    public void Dispose()
    {
        if (_isDisposed)
        {
            return;
        }

        Gate.ThrowIfRunning();
        _isDisposed = true;
        Stage2.Dispose();
        foreach (Vcpu vcpu in _vcpus)
        {
            vcpu.Processor.Dispose();
        }

        _executor.Dispose();
        _pages.Dispose();
        _memory.Dispose();
    }

    /// <summary>Runs a vCPU of this machine like <see cref="Run"/>.</summary>
    /// <param name="vcpu">The vCPU.</param>
    /// <param name="maxInstructions">The limit.</param>
    /// <param name="skipsIdle">True to let time pass while it waits; false to return <see cref="VcpuExitKind.Halted"/> at once.</param>
    /// <returns>The exit.</returns>
    internal VcpuExit Execute(Vcpu vcpu, ulong maxInstructions, bool skipsIdle)
    {
        ThrowIfDisposed();
        if (!Gate.TryEnter(vcpu))
        {
            vcpu.TakeExitRequest();
            return VcpuExit.FromCode(VcpuExitKind.Canceled);
        }

        bool isRunning = true;
        try
        {
            vcpu.Processor.IsRunning = true;
            vcpu.Flush();
            Checker?.GuestEntered(vcpu.Index, new Spsr(ProcessState.Read(vcpu.Processor.State)));
            return RunUntilExit(vcpu, maxInstructions, skipsIdle, ref isRunning);
        }
        finally
        {
            // A handler's exception passes through here as well.
            Checker?.GuestExited(vcpu.Index);
            if (isRunning)
            {
                Leave(vcpu);
            }
        }
    }

    /// <summary>Refuses to work when the machine is disposed.</summary>
    internal void ThrowIfDisposed() => ObjectDisposedException.ThrowIf(_isDisposed, this);

    /// <summary>Ends the execution of a vCPU: others may write the memory that its monitor holds.</summary>
    /// <param name="vcpu">The vCPU that the calling thread executed.</param>
    internal void Leave(Vcpu vcpu)
    {
        vcpu.Processor.EndExecution();
        Gate.Leave();
    }

    /// <summary>Frees what a snapshot keeps.</summary>
    /// <param name="snapshot">What a snapshot of this machine keeps of the RAM.</param>
    internal void Release(MemorySnapshot snapshot) => _memory.Release(snapshot);

    private void RequireCpus(GicV2 gic, string name)
    {
        ThrowIfDisposed();
        if (gic.CpuCount != _vcpus.Length)
        {
            throw new ArgumentException("The interrupt controller has another number of CPUs than the machine has vCPUs.", name);
        }
    }

    private static VcpuExit ExitOf(CpuState* cpu)
    {
        ref SystemState system = ref cpu->System;
        return VcpuExit.FromException(
            new Esr(system.EsrEl2),
            cpu->Exit.HasFar != 0 ? new Va(system.FarEl2) : null,
            cpu->Exit.HasHpfar != 0 ? new Hpfar(system.HpfarEl2) : null);
    }

    /// <summary>Takes what is due of all vCPUs, and what that leads to: a device that receives an input of one vCPU may interrupt another.</summary>
    private void TakeInputs()
    {
        do
        {
            foreach (Vcpu vcpu in _vcpus)
            {
                vcpu.Flush();
                vcpu.Processor.Inputs.Take(vcpu.Processor.State);
            }
        }
        while (Array.Exists(_vcpus, static vcpu => vcpu.Processor.Inputs.HasPosted));
    }

    private VcpuExit RunUntilExit(Vcpu vcpu, ulong maxInstructions, bool skipsIdle, ref bool isRunning)
    {
        Processor processor = vcpu.Processor;
        CpuState* cpu = processor.State;
        if (!EventLoop.Enter(processor))
        {
            return ExitOf(cpu);
        }

        ulong limit = maxInstructions > ulong.MaxValue - cpu->Retired ? ulong.MaxValue : cpu->Retired + maxInstructions;
        ulong turnEnd = cpu->Retired + TurnLength;
        ulong shortEnd = 0;
        while (!vcpu.TakeExitRequest() && cpu->Retired < limit)
        {
            // Only the limit is exact; a slice ends where it costs nothing.
            switch (EventLoop.Run(processor, limit, cpu->Retired + (cpu->Retired < shortEnd ? ShortSliceLength : SliceLength), skipsIdle))
            {
                case LeaveReason.ExceptionToEl2:
                    return ExitOf(cpu);
                case LeaveReason.Wait:
                    return VcpuExit.FromCode(VcpuExitKind.Halted);
                case LeaveReason.PhysicalInterrupt:
                    return VcpuExit.FromCode(VcpuExitKind.Canceled);
                default:
                    if (Gate.IsYieldDue(isTurnOver: cpu->Retired >= turnEnd))
                    {
                        Leave(vcpu);
                        isRunning = Gate.TryEnter(vcpu);
                        processor.IsRunning = isRunning;
                        shortEnd = cpu->Retired + TurnLength;
                    }

                    if (cpu->Retired >= turnEnd)
                    {
                        turnEnd = cpu->Retired + TurnLength;
                    }

                    if (!isRunning)
                    {
                        vcpu.TakeExitRequest();
                        return VcpuExit.FromCode(VcpuExitKind.Canceled);
                    }

                    break;
            }
        }

        return VcpuExit.FromCode(VcpuExitKind.Canceled);
    }

    private static ushort[] ViewVmids(MachineOptions options)
    {
        var vmids = new ushort[options.MaximumViews];
        for (int view = 0; view < vmids.Length; view++)
        {
            vmids[view] = (ushort)(Vmid + view);
        }

        return vmids;
    }

    private Stage2AddressSpace MapRam(MachineOptions options, IPauseAll pause)
    {
        _vcpus[0].TryGetCapability(out IEl2Operations? first);
        var geometry = new Stage2Geometry(options.UsedAddressBits, options.UsedAddressBits);
        ushort[] vmids = ViewVmids(options);
        var stage2 = new Stage2AddressSpace(_memory, new TablePool(options.HypervisorMemory), geometry, vmids[0], first!, pause, viewVmids: vmids.AsSpan(1));
        stage2.Map(new IpaRange(options.RamBase, options.RamSize), options.RamPhysicalBase, Stage2Attributes.Ram);
        foreach (Vcpu vcpu in _vcpus)
        {
            vcpu.TryGetCapability(out IEl2Operations? operations);
            stage2.Install(operations!);
        }

        return stage2;
    }
}
