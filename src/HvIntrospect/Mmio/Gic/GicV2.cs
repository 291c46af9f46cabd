using System;

namespace HvIntrospect.Mmio.Gic;

/// <summary>An Arm Generic Interrupt Controller, architecture version 2: distributor and CPU interfaces.</summary>
/// <remarks>
/// <para>Arm Generic Interrupt Controller Architecture Specification, version 2.0 (IHI 0048), without the Security Extensions. Alone it is the controller that
/// a guest finds, and its outputs are the guest's virtual IRQ and FIQ inputs; with <see cref="GicVirtualInterfaces"/> it is the physical controller, which belongs to EL2. Both interrupt groups, priority grouping and
/// preemption, both modes of ending an interrupt. SGIs are always enabled; the trigger of a PPI can be programmed.</para>
/// <para>A guest's accesses never throw: registers that do not exist and sizes that the specification does not name read as zero and ignore writes.</para>
/// <para>Thread-safe. What is connected to the outputs is called without a lock held.</para>
/// </remarks>
public sealed class GicV2 : IStatefulDevice
{
    /// <summary>The size of the distributor's registers in bytes.</summary>
    public const ulong DistributorSize = 0x1000;

    /// <summary>The size of the CPU interfaces' registers in bytes.</summary>
    public const ulong CpuInterfaceSize = 0x2000;

    /// <summary>The private peripheral interrupt that the virtual timer of a CPU has by convention.</summary>
    public const int VirtualTimer = 27;

    /// <summary>The private peripheral interrupt that the EL1 physical timer of a CPU has by convention.</summary>
    public const int PhysicalTimer = 30;

    private const int MaximumCpus = 8;
    private const int MaximumSpis = 960;
    private const int MinimumPriorityBits = 4;
    private const int MaximumPriorityBits = 8;

    private readonly object _lock = new();
    private readonly OutputLines _outputs;
    private readonly byte _priorityMask;
    private GicState _state;

    /// <summary>Makes a controller in its reset state: nothing is enabled but the SGIs, and no group is forwarded.</summary>
    /// <param name="cpuCount">The number of CPUs, 1 to 8. A vCPU with a higher number finds registers that read as zero.</param>
    /// <param name="spiCount">The number of shared peripheral interrupts, which begin at 32: a multiple of 32 up to 960.</param>
    /// <param name="priorityBits">The implemented bits of a priority, 4 to 8.</param>
    /// <exception cref="ArgumentOutOfRangeException">A value is out of its range.</exception>
    public GicV2(int cpuCount, int spiCount = 256, int priorityBits = MaximumPriorityBits)
    {
        Require(cpuCount is >= 1 and <= MaximumCpus, nameof(cpuCount), cpuCount, "There are 1 to 8 CPUs.");
        Require(spiCount is >= 0 and <= MaximumSpis && spiCount % GicState.WordLength == 0, nameof(spiCount), spiCount, "The number is a multiple of 32 up to 960.");
        Require(priorityBits is >= MinimumPriorityBits and <= MaximumPriorityBits, nameof(priorityBits), priorityBits, "A priority has 4 to 8 bits.");
        var format = new PriorityFormat(priorityBits);
        _priorityMask = format.Mask;
        _state = new GicState(cpuCount, 1 + (spiCount / GicState.WordLength), format);
        _outputs = new OutputLines(_lock, new Levels(this));
        Distributor = new RegisterBlock(this, isDistributor: true);
        CpuInterfaces = new RegisterBlock(this, isDistributor: false);
    }

    /// <summary>Gets the number of CPUs.</summary>
    public int CpuCount => _state.Cpus;

    /// <summary>Gets the registers of the distributor, GICD; <see cref="DistributorSize"/> bytes.</summary>
    public IMmioDevice Distributor { get; }

    /// <summary>Gets the registers of the CPU interfaces, GICC; <see cref="CpuInterfaceSize"/> bytes. Each vCPU finds its own ones there.</summary>
    public IMmioDevice CpuInterfaces { get; }

    /// <summary>Connects the outputs of the CPU interfaces, and tells those that are asserted.</summary>
    /// <param name="outputs">Receives the changes.</param>
    /// <exception cref="ArgumentNullException"><paramref name="outputs"/> is null.</exception>
    /// <exception cref="InvalidOperationException">They are connected already.</exception>
    public void Connect(GicOutputHandler outputs) => _outputs.Connect(outputs);

    /// <summary>Sets the level of the line of a private peripheral interrupt. An edge-triggered one becomes pending when the line rises.</summary>
    /// <param name="cpu">The number of the CPU.</param>
    /// <param name="id">The interrupt, 16 to 31.</param>
    /// <param name="isAsserted">The level.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such CPU or interrupt.</exception>
    public void SetPpi(int cpu, int id, bool isAsserted)
    {
        Require((uint)cpu < (uint)_state.Cpus, nameof(cpu), cpu, "There is no such CPU.");
        Require(id is >= GicState.SgiCount and < GicState.WordLength, nameof(id), id, "Private peripheral interrupts are 16 to 31.");
        SetLine(cpu, id, isAsserted);
    }

    /// <summary>Sets the level of the line of a shared peripheral interrupt. An edge-triggered one becomes pending when the line rises.</summary>
    /// <param name="id">The interrupt, from 32.</param>
    /// <param name="isAsserted">The level.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such interrupt.</exception>
    public void SetSpi(int id, bool isAsserted)
    {
        Require(id >= GicState.WordLength && id < _state.Count, nameof(id), id, "There is no such shared peripheral interrupt.");
        SetLine(0, id, isAsserted);
    }

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
        if (state is not GicState saved || saved.Cpus != _state.Cpus || saved.Words != _state.Words)
        {
            throw new ArgumentException("The state is not of such an interrupt controller.", nameof(state));
        }

        lock (_lock)
        {
            _state = saved.Copy();
        }
    }

    /// <summary>Deactivates an interrupt because its virtual one has ended.</summary>
    /// <param name="cpu">The CPU, for a private interrupt.</param>
    /// <param name="id">The interrupt. An SGI, or what does not exist, is ignored.</param>
    internal void Deactivate(int cpu, int id)
    {
        if (id < GicState.SgiCount || id >= _state.Count)
        {
            return;
        }

        lock (_lock)
        {
            _state.Active.Set(cpu, id, false);
        }

        _outputs.Announce();
    }

    private static void Require(bool condition, string name, int value, string rule)
    {
        if (!condition)
        {
            throw new ArgumentOutOfRangeException(name, value, rule);
        }
    }

    private void SetLine(int cpu, int id, bool isAsserted)
    {
        lock (_lock)
        {
            Gic.Distributor.SetLine(_state, cpu, id, isAsserted);
        }

        _outputs.Announce();
    }

    private uint Read(bool isDistributor, in MmioAccess access)
    {
        uint value = 0;
        lock (_lock)
        {
            if ((uint)access.Vcpu >= (uint)_state.Cpus)
            {
                return 0;
            }

            if (isDistributor)
            {
                return access.Offset < DistributorSize ? Gic.Distributor.Read(_state, access.Vcpu, (uint)access.Offset, access.Size) : 0;
            }

            if (IsWord(access))
            {
                value = _state.Interfaces[access.Vcpu].Read(new DistributedInterrupts(_state, access.Vcpu), (uint)access.Offset);
            }
        }

        // Reading may have acknowledged.
        _outputs.Announce();
        return value;
    }

    private void Write(bool isDistributor, in MmioAccess access, uint value)
    {
        lock (_lock)
        {
            if ((uint)access.Vcpu >= (uint)_state.Cpus)
            {
                return;
            }

            if (isDistributor)
            {
                if (access.Offset < DistributorSize)
                {
                    Gic.Distributor.Write(_state, access.Vcpu, (uint)access.Offset, access.Size, value, _priorityMask);
                }
            }
            else if (IsWord(access))
            {
                _state.Interfaces[access.Vcpu].Write(new DistributedInterrupts(_state, access.Vcpu), (uint)access.Offset, value);
            }
        }

        _outputs.Announce();
    }

    private static bool IsWord(in MmioAccess access) => access.Size == sizeof(uint) && (access.Offset & 3) == 0 && access.Offset < CpuInterfaceSize;

    private sealed class Levels : IOutputLevels
    {
        private readonly GicV2 _gic;

        public Levels(GicV2 gic)
        {
            _gic = gic;
        }

        public int Cpus => _gic._state.Cpus;

        public uint LevelsOf(int cpu) => _gic._state.Interfaces[cpu].Outputs(new DistributedInterrupts(_gic._state, cpu));

        public ref uint ToldOf(int cpu) => ref _gic._state.Outputs[cpu];
    }

    private sealed class RegisterBlock : IMmioDevice
    {
        private readonly GicV2 _gic;
        private readonly bool _isDistributor;

        public RegisterBlock(GicV2 gic, bool isDistributor)
        {
            _gic = gic;
            _isDistributor = isDistributor;
        }

        public ulong Read(in MmioAccess access) => _gic.Read(_isDistributor, access);

        public void Write(in MmioAccess access, ulong value) => _gic.Write(_isDistributor, access, (uint)value);
    }
}
