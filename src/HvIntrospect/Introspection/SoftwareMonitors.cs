using System;

namespace HvIntrospect.Introspection;

/// <summary>Exclusive monitors in software, for backends that do not offer theirs.</summary>
/// <remarks>
/// <para>Arm Architecture Reference Manual (DDI 0487), "Synchronization and semaphores". A store of another vCPU that goes through the library clears
/// a monitor. A store that does not go through the library is noticed by the compare-exchange with the value that was loaded. Exceptions inside the sequence,
/// which clear hardware's monitor, show in the registers that a context switch changes.</para>
/// <para>Thread-safe.</para>
/// </remarks>
internal sealed class SoftwareMonitors
{
    private readonly object _lock = new();
    private Monitor[] _monitors;
    private volatile int _armed;

    /// <summary>Makes monitors that hold nothing.</summary>
    /// <param name="vcpus">The number of vCPUs.</param>
    public SoftwareMonitors(int vcpus)
    {
        _monitors = new Monitor[vcpus];
    }

    /// <summary>Gets a value indicating whether some monitor holds something.</summary>
    public bool IsAnyArmed => _armed != 0;

    /// <summary>Marks a location, as a load-exclusive does.</summary>
    /// <param name="vcpu">The vCPU.</param>
    /// <param name="view">The view that it has active: in another one, other memory may be at the location.</param>
    /// <param name="address">The location.</param>
    /// <param name="size">Its size in bytes, up to 16.</param>
    /// <param name="value">The bytes that were loaded.</param>
    public void Arm(IVcpu vcpu, int view, Ipa address, int size, VectorRegister value)
    {
        lock (_lock)
        {
            int index = vcpu.Index;
            if (index >= _monitors.Length)
            {
                Array.Resize(ref _monitors, index + 1);
            }

            _armed += _monitors[index].IsArmed ? 0 : 1;
            _monitors[index] = new Monitor(vcpu, view, address, size, value);
        }
    }

    /// <summary>Looks whether a vCPU's monitor holds a location.</summary>
    /// <param name="vcpu">The vCPU.</param>
    /// <param name="view">The view that it has active: in another one, other memory may be at the location.</param>
    /// <param name="address">The location.</param>
    /// <param name="size">Its size in bytes.</param>
    /// <param name="value">The bytes that were loaded.</param>
    /// <returns>True when it does and no context switch shows.</returns>
    public bool Holds(IVcpu vcpu, int view, Ipa address, int size, out VectorRegister value)
    {
        lock (_lock)
        {
            int index = vcpu.Index;
            bool holds = index < _monitors.Length && _monitors[index].Holds(vcpu, view, address, size);
            value = holds ? _monitors[index].Value : default;
            return holds;
        }
    }

    /// <summary>Clears a vCPU's monitor.</summary>
    /// <param name="vcpu">The vCPU's number.</param>
    public void Clear(int vcpu)
    {
        lock (_lock)
        {
            if (vcpu < _monitors.Length && _monitors[vcpu].IsArmed)
            {
                _monitors[vcpu] = default;
                _armed--;
            }
        }
    }

    /// <summary>Clears the monitors of other vCPUs that hold written bytes.</summary>
    /// <param name="vcpu">The number of the vCPU that writes.</param>
    /// <param name="address">The first byte.</param>
    /// <param name="size">The number of bytes.</param>
    public void OnStore(int vcpu, Ipa address, int size)
    {
        if (_armed == 0)
        {
            return;
        }

        lock (_lock)
        {
            for (int i = 0; i < _monitors.Length; i++)
            {
                if (i != vcpu && _monitors[i].Overlaps(address, size))
                {
                    _monitors[i] = default;
                    _armed--;
                }
            }
        }
    }

    /// <summary>Tells whether some monitor holds a location in a page.</summary>
    /// <param name="page">The page's first byte.</param>
    /// <param name="size">The page's size.</param>
    /// <returns>True when one does.</returns>
    public bool IsAnyArmedIn(Ipa page, ulong size)
    {
        lock (_lock)
        {
            return Array.Exists(_monitors, monitor => monitor.IsArmed && monitor.Address.Value - page.Value < size);
        }
    }

    private readonly struct Monitor
    {
        private readonly int _size;
        private readonly int _view;
        private readonly ulong _sp;
        private readonly ulong _ttbr0;
        private readonly ulong _elr;

        public Monitor(IVcpu vcpu, int view, Ipa address, int size, VectorRegister value)
        {
            Address = address;
            _size = size;
            _view = view;
            Value = value;
            _sp = vcpu.Core.Sp;
            _ttbr0 = Ttbr0(vcpu);
            _elr = Elr(vcpu);
        }

        public Ipa Address { get; }

        public VectorRegister Value { get; }

        public bool IsArmed => _size != 0;

        public bool Holds(IVcpu vcpu, int view, Ipa address, int size) =>
            IsArmed && view == _view && address == Address && size == _size && _sp == vcpu.Core.Sp && _ttbr0 == Ttbr0(vcpu) && _elr == Elr(vcpu);

        public bool Overlaps(Ipa address, int size) =>
            IsArmed && address.Value < Address.Value + (ulong)_size && Address.Value < address.Value + (ulong)size;

        private static ulong Ttbr0(IVcpu vcpu) =>
            (vcpu.AvailableRegisters & RegisterGroups.Translation) != 0 ? vcpu.Translation.Ttbr0El1 : 0;

        private static ulong Elr(IVcpu vcpu) =>
            (vcpu.AvailableRegisters & RegisterGroups.Exception) != 0 ? vcpu.Exception.ElrEl1 : 0;
    }
}
