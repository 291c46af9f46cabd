namespace HvIntrospect.Mmio.Gic;

/// <summary>The registers of one CPU interface, physical or virtual, and what they signal.</summary>
/// <remarks>
/// Arm Generic Interrupt Controller Architecture Specification, version 2.0 (IHI 0048), "CPU interface register descriptions", "Virtual CPU interface registers" and "Interrupt prioritization". Without the
/// Security Extensions, and without legacy bypass. Used under the lock of its controller.
/// </remarks>
internal sealed class CpuInterface
{
    /// <summary>Enables Group 0 in the control register.</summary>
    public const uint EnableGroup0 = 1U << 0;

    /// <summary>Enables Group 1 in the control register.</summary>
    public const uint EnableGroup1 = 1U << 1;

    private const uint OtherGroup = 1022;
    private const uint AckCtl = 1U << 2;
    private const uint FiqEnable = 1U << 3;
    private const uint CommonBinaryPoint = 1U << 4;
    private const uint EoiMode = 1U << 9;
    private const uint ControlMask = EnableGroup0 | EnableGroup1 | AckCtl | FiqEnable | CommonBinaryPoint | EoiMode;
    private const uint InterruptMask = 0x3FF;
    private const int BinaryPointMask = 7;

    // Version 2, of Arm.
    private const uint ImplementerIdentification = 0x0002_043B;

    private readonly PriorityFormat _format;

    /// <summary>Makes an interface in its reset state.</summary>
    /// <param name="format">The priorities.</param>
    /// <param name="hasGroups">Whether each group has registers of active priorities of its own.</param>
    public CpuInterface(PriorityFormat format, bool hasGroups)
    {
        _format = format;
        Active = new ActivePriorities(format, hasGroups);
        BinaryPoint = 0;
        AliasedBinaryPoint = 0;
    }

    private CpuInterface(CpuInterface other)
    {
        _format = other._format;
        Active = other.Active.Copy();
        Control = other.Control;
        PriorityMask = other.PriorityMask;
        BinaryPoint = other.BinaryPoint;
        AliasedBinaryPoint = other.AliasedBinaryPoint;
    }

    private enum Register : uint
    {
        Control = 0x00,
        PriorityMask = 0x04,
        BinaryPoint = 0x08,
        Acknowledge = 0x0C,
        End = 0x10,
        RunningPriority = 0x14,
        HighestPending = 0x18,
        AliasedBinaryPoint = 0x1C,
        AliasedAcknowledge = 0x20,
        AliasedEnd = 0x24,
        AliasedHighestPending = 0x28,
        ActivePriorities = 0xD0,
        ActivePrioritiesEnd = 0xF0,
        Identification = 0xFC,
        Deactivate = 0x1000,
    }

    /// <summary>Gets the priorities at which interrupts are active.</summary>
    public ActivePriorities Active { get; }

    /// <summary>Gets or sets the control register. What it does not have is ignored.</summary>
    public uint Control
    {
        get;
        set => field = value & ControlMask;
    }

    /// <summary>Gets or sets the priority that an interrupt must exceed. Bits that are not implemented are ignored.</summary>
    public uint PriorityMask
    {
        get;
        set => field = value & _format.Mask;
    }

    /// <summary>Gets or sets the binary point. A value that is too small sets the smallest one.</summary>
    public uint BinaryPoint
    {
        get;
        set => field = AtLeast(value, _format.MinimumBinaryPoint);
    }

    /// <summary>Gets or sets the binary point of Group 1. A value that is too small sets the smallest one.</summary>
    public uint AliasedBinaryPoint
    {
        get;
        set => field = AtLeast(value, _format.MinimumBinaryPoint + 1);
    }

    /// <summary>Reads a register, which may acknowledge an interrupt.</summary>
    /// <typeparam name="TSource">The kind of source.</typeparam>
    /// <param name="source">The interrupts.</param>
    /// <param name="offset">The register, a multiple of 4.</param>
    /// <returns>The value.</returns>
    public uint Read<TSource>(TSource source, uint offset)
        where TSource : IInterruptSource
    {
        switch ((Register)offset)
        {
            case Register.Control:
                return Control;
            case Register.PriorityMask:
                return PriorityMask;
            case Register.BinaryPoint:
                return BinaryPoint;
            case Register.Acknowledge:
                return Acknowledge(source, isGroup1: false);
            case Register.RunningPriority:
                int running = Active.Running;
                return running == ActivePriorities.Idle ? 0xFF : (uint)running;
            case Register.HighestPending:
                return Visible(source.HighestPending(), isGroup1: false);
            case Register.AliasedBinaryPoint:
                return AliasedBinaryPoint;
            case Register.AliasedAcknowledge:
                return Acknowledge(source, isGroup1: true);
            case Register.AliasedHighestPending:
                return Visible(source.HighestPending(), isGroup1: true);
            case >= Register.ActivePriorities and < Register.ActivePrioritiesEnd:
                return Active[WordOf(offset)];
            case Register.Identification:
                return ImplementerIdentification;
            default:
                return 0;
        }
    }

    /// <summary>Writes a register.</summary>
    /// <typeparam name="TSource">The kind of source.</typeparam>
    /// <param name="source">The interrupts.</param>
    /// <param name="offset">The register, a multiple of 4.</param>
    /// <param name="value">The value.</param>
    public void Write<TSource>(TSource source, uint offset, uint value)
        where TSource : IInterruptSource
    {
        switch ((Register)offset)
        {
            case Register.Control:
                Control = value;
                break;
            case Register.PriorityMask:
                PriorityMask = value;
                break;
            case Register.BinaryPoint:
                BinaryPoint = value;
                break;
            case Register.AliasedBinaryPoint:
                AliasedBinaryPoint = value;
                break;
            case Register.End:
                End(source, value, isAliased: false);
                break;
            case Register.AliasedEnd:
                End(source, value, isAliased: true);
                break;
            case Register.Deactivate:
                // UNPREDICTABLE while EOImode is 0: here it does nothing then.
                if ((Control & EoiMode) != 0)
                {
                    source.Deactivate(value, isOwed: true);
                }

                break;
            case >= Register.ActivePriorities and < Register.ActivePrioritiesEnd:
                Active[WordOf(offset)] = value;
                break;
        }
    }

    /// <summary>Gets what the outputs should be.</summary>
    /// <typeparam name="TSource">The kind of source.</typeparam>
    /// <param name="source">The interrupts.</param>
    /// <returns>Bit n is <see cref="GicOutput"/> n.</returns>
    public uint Outputs<TSource>(TSource source)
        where TSource : IInterruptSource
    {
        PendingInterrupt pending = source.HighestPending();
        if (!IsEnabled(pending.IsGroup1) || pending.Priority >= PriorityMask || pending.Priority >= Active.Running)
        {
            return 0;
        }

        bool isFiq = (Control & FiqEnable) != 0 && !pending.IsGroup1;
        return 1U << (int)(isFiq ? GicOutput.Fiq : GicOutput.Irq);
    }

    /// <summary>Copies the registers.</summary>
    /// <returns>The copy.</returns>
    public CpuInterface Copy() => new(this);

    private static uint AtLeast(uint value, int minimum) => (value & BinaryPointMask) < (uint)minimum ? (uint)minimum : value & BinaryPointMask;

    private static int WordOf(uint offset) => (int)(offset - (uint)Register.ActivePriorities) >> 2;

    private bool IsEnabled(bool isGroup1) => (Control & (isGroup1 ? EnableGroup1 : EnableGroup0)) != 0;

    /// <summary>What the register of a group tells of the highest pending interrupt.</summary>
    private uint Visible(in PendingInterrupt pending, bool isGroup1)
    {
        if (pending.Id == PendingInterrupt.Spurious || !IsEnabled(pending.IsGroup1) || (isGroup1 && !pending.IsGroup1))
        {
            return PendingInterrupt.Spurious;
        }

        return !isGroup1 && pending.IsGroup1 && (Control & AckCtl) == 0 ? OtherGroup : pending.Value;
    }

    private uint Acknowledge<TSource>(TSource source, bool isGroup1)
        where TSource : IInterruptSource
    {
        PendingInterrupt pending = source.HighestPending();
        uint visible = Visible(pending, isGroup1);
        if (visible == PendingInterrupt.Spurious || pending.Priority >= PriorityMask)
        {
            return PendingInterrupt.Spurious;
        }

        if (visible == OtherGroup)
        {
            return OtherGroup;
        }

        if (pending.Priority >= Active.Running)
        {
            return PendingInterrupt.Spurious;
        }

        source.Activate(pending);
        Active.Add(GroupPriority(pending), pending.IsGroup1);
        return visible;
    }

    private int GroupPriority(in PendingInterrupt pending)
    {
        bool isOwnPoint = pending.IsGroup1 && (Control & CommonBinaryPoint) == 0;
        int point = (int)(isOwnPoint ? AliasedBinaryPoint - 1 : BinaryPoint);
        return pending.Priority & (0xFF << (point + 1));
    }

    private void End<TSource>(TSource source, uint value, bool isAliased)
        where TSource : IInterruptSource
    {
        if (!source.TryGetGroup((int)(value & InterruptMask), isAliased, out bool isGroup1))
        {
            return;
        }

        bool isDropped = Active.TryDrop(isGroup1);
        if ((Control & EoiMode) == 0)
        {
            source.Deactivate(value, isDropped);
        }
    }
}
