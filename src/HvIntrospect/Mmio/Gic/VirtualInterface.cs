namespace HvIntrospect.Mmio.Gic;

/// <summary>The virtual CPU interface of one CPU: list registers, their control by EL2, and the registers that the guest takes for a physical interface.</summary>
/// <remarks>
/// Arm Generic Interrupt Controller Architecture Specification, version 2.0 (IHI 0048), "Virtual interface control registers" and "Maintenance interrupts". Used under the lock of
/// <see cref="GicVirtualInterfaces"/>.
/// </remarks>
internal sealed class VirtualInterface : IInterruptSource
{
    /// <summary>The implemented bits of a virtual priority: a list register has no more.</summary>
    public const int PriorityBits = 5;

    private const int ReservedIds = 1020;
    private const int SgiCount = 16;
    private const int IdMask = 0x3FF;
    private const int SourceShift = 10;
    private const uint SourceMask = 7;
    private const int ListsOfWord = 32;

    private const uint Enable = 1U << 0;
    private const uint Underflow = 1U << 1;
    private const uint EntryNotPresent = 1U << 2;
    private const uint NonePending = 1U << 3;
    private const uint Group0Enabled = 1U << 4;
    private const uint Group0Disabled = 1U << 5;
    private const uint Group1Enabled = 1U << 6;
    private const uint Group1Disabled = 1U << 7;
    private const uint End = 1U << 0;
    private const int EndCountShift = 27;
    private const uint EndCount = 0x1FU << EndCountShift;
    private const uint ControlMask = EndCount | 0xFF;

    // Five bits of priority, all of which can pre-empt.
    private const uint TypeOfPriorities = ((PriorityBits - 1U) << 29) | ((PriorityBits - 1U) << 26);

    private const uint GuestControl = 0x3FF;
    private const int AliasedBinaryPointShift = 18;
    private const int BinaryPointShift = 21;
    private const int PriorityMaskShift = 24;

    private readonly CpuInterface _guest;
    private readonly ListRegister[] _lists;
    private uint _control;
    private int _ended;

    /// <summary>Makes an interface in its reset state: disabled, with empty list registers.</summary>
    /// <param name="lists">The number of list registers.</param>
    public VirtualInterface(int lists)
    {
        _guest = new CpuInterface(new PriorityFormat(PriorityBits), hasGroups: false);
        _lists = new ListRegister[lists];
    }

    private VirtualInterface(VirtualInterface other)
    {
        _guest = other._guest.Copy();
        _lists = (ListRegister[])other._lists.Clone();
        _control = other._control;
    }

    private enum Register : uint
    {
        Control = 0x00,
        Type = 0x04,
        MachineControl = 0x08,
        MaintenanceStatus = 0x10,
        EndStatus = 0x20,
        EmptyStatus = 0x30,
        ActivePriorities = 0xF0,
        List = 0x100,
        ListEnd = 0x200,
    }

    /// <summary>Gets the number of list registers.</summary>
    public int ListCount => _lists.Length;

    /// <summary>Gets what the outputs should be.</summary>
    /// <returns>Bit n is <see cref="GicOutput"/> n.</returns>
    public uint Outputs =>
        (_control & Enable) == 0 ? 0 : _guest.Outputs(this) | (MaintenanceStatus != 0 ? 1U << (int)GicOutput.Maintenance : 0);

    private uint MachineControl
    {
        get => _guest.Control | (_guest.AliasedBinaryPoint << AliasedBinaryPointShift) | (_guest.BinaryPoint << BinaryPointShift) | (_guest.PriorityMask << PriorityMaskShift);
        set
        {
            _guest.Control = value & GuestControl;
            _guest.AliasedBinaryPoint = value >> AliasedBinaryPointShift;
            _guest.BinaryPoint = value >> BinaryPointShift;
            _guest.PriorityMask = value >> PriorityMaskShift;
        }
    }

    private uint MaintenanceStatus
    {
        get
        {
            int valid = 0;
            bool isAnyPending = false;
            bool isAnyEnded = false;
            foreach (ListRegister list in _lists)
            {
                valid += list.IsValid ? 1 : 0;
                isAnyPending |= list.IsPending;
                isAnyEnded |= list.IsEnded;
            }

            // Beside the end of an interrupt, which its list register asks for, a cause has the same place here as its enable bit in the control register.
            bool isGroup0 = (_guest.Control & CpuInterface.EnableGroup0) != 0;
            bool isGroup1 = (_guest.Control & CpuInterface.EnableGroup1) != 0;
            uint causes = (valid <= 1 ? Underflow : 0)
                | ((_control & EndCount) != 0 ? EntryNotPresent : 0)
                | (isAnyPending ? 0 : NonePending)
                | (isGroup0 ? Group0Enabled : Group0Disabled)
                | (isGroup1 ? Group1Enabled : Group1Disabled);
            return (causes & _control & ~End) | (isAnyEnded ? End : 0);
        }
    }

    /// <summary>Reads one of EL2's registers.</summary>
    /// <param name="offset">The register, a multiple of 4.</param>
    /// <returns>The value.</returns>
    public uint ReadControl(uint offset)
    {
        switch ((Register)offset)
        {
            case Register.Control:
                return _control;
            case Register.Type:
                return TypeOfPriorities | (uint)(_lists.Length - 1);
            case Register.MachineControl:
                return MachineControl;
            case Register.MaintenanceStatus:
                return MaintenanceStatus;
            case Register.EndStatus or Register.EndStatus + sizeof(uint):
                return StatusOf((int)(offset - (uint)Register.EndStatus) >> 2, isEnded: true);
            case Register.EmptyStatus or Register.EmptyStatus + sizeof(uint):
                return StatusOf((int)(offset - (uint)Register.EmptyStatus) >> 2, isEnded: false);
            case Register.ActivePriorities:
                return _guest.Active[0];
            case >= Register.List and < Register.ListEnd:
                int index = (int)(offset - (uint)Register.List) >> 2;
                return index < _lists.Length ? _lists[index].Bits : 0;
            default:
                return 0;
        }
    }

    /// <summary>Writes one of EL2's registers.</summary>
    /// <param name="offset">The register, a multiple of 4.</param>
    /// <param name="value">The value.</param>
    public void WriteControl(uint offset, uint value)
    {
        switch ((Register)offset)
        {
            case Register.Control:
                _control = value & ControlMask;
                break;
            case Register.MachineControl:
                MachineControl = value;
                break;
            case Register.ActivePriorities:
                _guest.Active[0] = value;
                break;
            case >= Register.List and < Register.ListEnd:
                int index = (int)(offset - (uint)Register.List) >> 2;
                if (index < _lists.Length)
                {
                    _lists[index] = new ListRegister(value);
                }

                break;
        }
    }

    /// <summary>Reads one of the guest's registers.</summary>
    /// <param name="offset">The register, a multiple of 4.</param>
    /// <returns>The value.</returns>
    public uint ReadGuest(uint offset) => _guest.Read(this, offset);

    /// <summary>Writes one of the guest's registers.</summary>
    /// <param name="offset">The register, a multiple of 4.</param>
    /// <param name="value">The value.</param>
    /// <returns>The physical interrupt that the write deactivates; 0 when there is none.</returns>
    public int WriteGuest(uint offset, uint value)
    {
        _ended = 0;
        _guest.Write(this, offset, value);
        return _ended;
    }

    /// <inheritdoc/>
    /// <remarks>Of equal priorities it is the one in the first list register. While GICH_HCR.En is 0 there is none.</remarks>
    public PendingInterrupt HighestPending()
    {
        PendingInterrupt best = PendingInterrupt.None;
        for (int i = 0; i < _lists.Length && (_control & Enable) != 0; i++)
        {
            ListRegister list = _lists[i];
            if (list.IsPending && list.Priority < best.Priority)
            {
                best = new PendingInterrupt(list.VirtualId, list.VirtualId < SgiCount ? list.Source : 0, list.Priority, list.IsGroup1, i);
            }
        }

        return best;
    }

    /// <inheritdoc/>
    public void Activate(in PendingInterrupt interrupt) => _lists[interrupt.Index] = _lists[interrupt.Index].Acknowledged();

    /// <inheritdoc/>
    /// <remarks>An interrupt that no list register has may have been active and taken out of it: it ends in either group, which share their active priorities.</remarks>
    public bool TryGetGroup(int id, bool isAliased, out bool isGroup1)
    {
        int index = IndexOf((uint)id);
        isGroup1 = index >= 0 && _lists[index].IsGroup1;
        return id < ReservedIds && (!isAliased || isGroup1 || index < 0);
    }

    /// <inheritdoc/>
    /// <remarks>What no list register has as an active interrupt is counted for EL2 where it is owed.</remarks>
    public void Deactivate(uint value, bool isOwed)
    {
        int index = IndexOf(value);
        if (index >= 0)
        {
            _lists[index] = _lists[index].Deactivated();
            _ended = _lists[index].IsHardware ? _lists[index].PhysicalId : 0;
        }
        else if (isOwed)
        {
            // Bits beyond the counter fall off: it wraps.
            _control = unchecked(_control + (1U << EndCountShift));
        }
    }

    /// <summary>Copies the interface.</summary>
    /// <returns>The copy.</returns>
    public VirtualInterface Copy() => new(this);

    /// <summary>Finds the list register in which an interrupt is active; for an SGI, from the CPU that <paramref name="value"/> names.</summary>
    private int IndexOf(uint value)
    {
        int id = (int)(value & IdMask);
        int source = id < SgiCount ? (int)(value >> SourceShift & SourceMask) : 0;
        for (int i = 0; i < _lists.Length; i++)
        {
            if (_lists[i].IsActive && _lists[i].VirtualId == id && (id >= SgiCount || _lists[i].Source == source))
            {
                return i;
            }
        }

        return -1;
    }

    private uint StatusOf(int word, bool isEnded)
    {
        uint status = 0;
        for (int i = word * ListsOfWord; i < _lists.Length && i < (word + 1) * ListsOfWord; i++)
        {
            bool isSet = isEnded ? _lists[i].IsEnded : !_lists[i].IsValid && !_lists[i].IsEnded;
            status |= isSet ? 1U << (i % ListsOfWord) : 0;
        }

        return status;
    }
}
