using System;

namespace HvIntrospect.Mmio.Gic;

/// <summary>The virtual CPU interfaces of a GICv2 with the Virtualization Extensions: EL2 puts interrupts into list registers, and the guest takes and ends them without an exit.</summary>
/// <remarks>
/// <para>Arm Generic Interrupt Controller Architecture Specification, version 2.0 (IHI 0048), "GIC support for virtualization". EL2 owns <see cref="Control"/> (GICH); the guest
/// finds <see cref="CpuInterfaces"/> (GICV) at the place of its CPU interface (GICC). An interrupt of a list register with HW set deactivates the physical one when it ends. The
/// distributor that the guest believes in is the embedder's.</para>
/// <para>GICH_HCR.En is the gate of injection: while it is 0 nothing is signalled and what is acknowledged is spurious, but list registers keep what is pending, and priorities drop
/// and ends are counted as ever.</para>
/// <para>UNPREDICTABLE choices: GICV_DIR does nothing while EOImode is 0; of two list registers with one virtual interrupt, the first one ends; an SGI or a number that the
/// distributor does not have is not deactivated as a physical interrupt.</para>
/// <para>Accesses never throw: registers that do not exist and accesses of other sizes than 4 bytes read as zero and ignore writes. Thread-safe. What is connected to the outputs
/// is called without a lock held.</para>
/// </remarks>
public sealed class GicVirtualInterfaces : IStatefulDevice
{
    /// <summary>The size of EL2's registers in bytes.</summary>
    public const ulong ControlSize = 0x1000;

    /// <summary>The size of the guest's registers in bytes.</summary>
    public const ulong CpuInterfaceSize = GicV2.CpuInterfaceSize;

    /// <summary>The private peripheral interrupt that the maintenance interrupt of a CPU has by convention.</summary>
    public const int MaintenanceInterrupt = 25;

    private const int MaximumLists = 64;

    private readonly object _lock = new();
    private readonly OutputLines _outputs;
    private VirtualInterfaceState _state;

    /// <summary>Makes the interfaces in their reset state: disabled, with empty list registers.</summary>
    /// <param name="physical">The controller whose interrupts end with those of list registers, and whose CPUs these are.</param>
    /// <param name="listRegisterCount">The number of list registers of each CPU, 1 to 64.</param>
    /// <exception cref="ArgumentNullException"><paramref name="physical"/> is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="listRegisterCount"/> is out of its range.</exception>
    public GicVirtualInterfaces(GicV2 physical, int listRegisterCount = 4)
    {
        Physical = physical ?? throw new ArgumentNullException(nameof(physical));
        if (listRegisterCount is < 1 or > MaximumLists)
        {
            throw new ArgumentOutOfRangeException(nameof(listRegisterCount), listRegisterCount, "There are 1 to 64 list registers.");
        }

        _state = new VirtualInterfaceState(physical.CpuCount, listRegisterCount);
        _outputs = new OutputLines(_lock, new Levels(this));
        Control = new ControlBlock(this);
        CpuInterfaces = new GuestBlock(this);
    }

    /// <summary>Gets the physical controller.</summary>
    public GicV2 Physical { get; }

    /// <summary>Gets the number of CPUs. A vCPU with a higher number finds registers that read as zero.</summary>
    public int CpuCount => Physical.CpuCount;

    /// <summary>Gets the number of list registers of each CPU.</summary>
    public int ListRegisterCount => _state.Interfaces[0].ListCount;

    /// <summary>Gets EL2's registers, GICH; <see cref="ControlSize"/> bytes. Each vCPU has its own ones there.</summary>
    public IMmioDevice Control { get; }

    /// <summary>Gets the guest's registers, GICV; <see cref="CpuInterfaceSize"/> bytes. Each vCPU finds its own ones there.</summary>
    public IMmioDevice CpuInterfaces { get; }

    /// <summary>Connects the outputs: the virtual IRQ and FIQ, and the maintenance interrupt. Tells those that are asserted.</summary>
    /// <param name="outputs">Receives the changes.</param>
    /// <exception cref="ArgumentNullException"><paramref name="outputs"/> is null.</exception>
    /// <exception cref="InvalidOperationException">They are connected already.</exception>
    public void Connect(GicOutputHandler outputs) => _outputs.Connect(outputs);

    /// <inheritdoc/>
    public object SaveState()
    {
        lock (_lock)
        {
            return _state.Copy();
        }
    }

    /// <inheritdoc/>
    public void RestoreState(object state)
    {
        if (state is not VirtualInterfaceState saved || saved.Interfaces.Length != CpuCount || saved.Interfaces[0].ListCount != ListRegisterCount)
        {
            throw new ArgumentException("The state is not of such virtual CPU interfaces.", nameof(state));
        }

        lock (_lock)
        {
            _state = saved.Copy();
        }
    }

    private bool TryGetRegister(in MmioAccess access, ulong size, out uint offset)
    {
        offset = (uint)access.Offset;
        return (uint)access.Vcpu < (uint)CpuCount && access.Size == sizeof(uint) && (access.Offset & 3) == 0 && access.Offset < size;
    }

    private sealed class Levels : IOutputLevels
    {
        private readonly GicVirtualInterfaces _owner;

        public Levels(GicVirtualInterfaces owner)
        {
            _owner = owner;
        }

        public int Cpus => _owner.CpuCount;

        public uint LevelsOf(int cpu) => _owner._state.Interfaces[cpu].Outputs;

        public ref uint ToldOf(int cpu) => ref _owner._state.Outputs[cpu];
    }

    private sealed class ControlBlock : IMmioDevice
    {
        private readonly GicVirtualInterfaces _owner;

        public ControlBlock(GicVirtualInterfaces owner)
        {
            _owner = owner;
        }

        public ulong Read(in MmioAccess access)
        {
            if (!_owner.TryGetRegister(access, ControlSize, out uint offset))
            {
                return 0;
            }

            lock (_owner._lock)
            {
                return _owner._state.Interfaces[access.Vcpu].ReadControl(offset);
            }
        }

        public void Write(in MmioAccess access, ulong value)
        {
            if (!_owner.TryGetRegister(access, ControlSize, out uint offset))
            {
                return;
            }

            lock (_owner._lock)
            {
                _owner._state.Interfaces[access.Vcpu].WriteControl(offset, (uint)value);
            }

            _owner._outputs.Announce();
        }
    }

    private sealed class GuestBlock : IMmioDevice
    {
        private readonly GicVirtualInterfaces _owner;

        public GuestBlock(GicVirtualInterfaces owner)
        {
            _owner = owner;
        }

        public ulong Read(in MmioAccess access)
        {
            if (!_owner.TryGetRegister(access, CpuInterfaceSize, out uint offset))
            {
                return 0;
            }

            uint value;
            lock (_owner._lock)
            {
                value = _owner._state.Interfaces[access.Vcpu].ReadGuest(offset);
            }

            // Reading may have acknowledged.
            _owner._outputs.Announce();
            return value;
        }

        public void Write(in MmioAccess access, ulong value)
        {
            if (!_owner.TryGetRegister(access, CpuInterfaceSize, out uint offset))
            {
                return;
            }

            int ended;
            lock (_owner._lock)
            {
                ended = _owner._state.Interfaces[access.Vcpu].WriteGuest(offset, (uint)value);
            }

            _owner.Physical.Deactivate(access.Vcpu, ended);
            _owner._outputs.Announce();
        }
    }
}
