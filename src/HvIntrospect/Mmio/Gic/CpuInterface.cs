namespace HvIntrospect.Mmio.Gic;

/// <summary>The registers of the CPU interfaces, and what they signal.</summary>
/// <remarks>
/// Arm Generic Interrupt Controller Architecture Specification, version 2.0 (IHI 0048), "CPU interface register descriptions" and "Interrupt prioritization". Without the
/// Security Extensions, and without legacy bypass. Used under the lock of <see cref="GicV2"/>.
/// </remarks>
internal static class CpuInterface
{
    private const int Spurious = 1023;
    private const int OtherGroup = 1022;
    private const int Idle = 0x100;
    private const uint EnableGroup0 = 1U << 0;
    private const uint EnableGroup1 = 1U << 1;
    private const uint AckCtl = 1U << 2;
    private const uint FiqEnable = 1U << 3;
    private const uint CommonBinaryPoint = 1U << 4;
    private const uint EoiMode = 1U << 9;
    private const uint ControlMask = EnableGroup0 | EnableGroup1 | AckCtl | FiqEnable | CommonBinaryPoint | EoiMode;
    private const uint InterruptMask = 0x3FF;

    // Version 2, of Arm.
    private const uint Identification = 0x0002_043B;

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

    /// <summary>Reads a register, which may acknowledge an interrupt.</summary>
    /// <param name="gic">The state.</param>
    /// <param name="cpu">The CPU.</param>
    /// <param name="offset">The register, a multiple of 4.</param>
    /// <param name="minimumBinaryPoint">The smallest binary point.</param>
    /// <returns>The value.</returns>
    public static uint Read(GicState gic, int cpu, uint offset, int minimumBinaryPoint)
    {
        ref CpuInterfaceState own = ref gic.Interfaces[cpu];
        switch ((Register)offset)
        {
            case Register.Control:
                return own.Control;
            case Register.PriorityMask:
                return own.PriorityMask;
            case Register.BinaryPoint:
                return own.BinaryPoint;
            case Register.Acknowledge:
                return Acknowledge(gic, cpu, isGroup1: false, minimumBinaryPoint);
            case Register.RunningPriority:
                int running = RunningPriority(own, minimumBinaryPoint);
                return running == Idle ? 0xFF : (uint)running;
            case Register.HighestPending:
                return WithSource(gic, cpu, Visible(gic, cpu, isGroup1: false));
            case Register.AliasedBinaryPoint:
                return own.AliasedBinaryPoint;
            case Register.AliasedAcknowledge:
                return Acknowledge(gic, cpu, isGroup1: true, minimumBinaryPoint);
            case Register.AliasedHighestPending:
                return WithSource(gic, cpu, Visible(gic, cpu, isGroup1: true));
            case >= Register.ActivePriorities and < Register.ActivePrioritiesEnd:
                return own.ActivePriorities[(int)(offset - (uint)Register.ActivePriorities) >> 2];
            case Register.Identification:
                return Identification;
            default:
                return 0;
        }
    }

    /// <summary>Writes a register.</summary>
    /// <param name="gic">The state.</param>
    /// <param name="cpu">The CPU.</param>
    /// <param name="offset">The register, a multiple of 4.</param>
    /// <param name="value">The value.</param>
    /// <param name="minimumBinaryPoint">The smallest binary point.</param>
    /// <param name="priorityMask">The implemented bits of a priority.</param>
    public static void Write(GicState gic, int cpu, uint offset, uint value, int minimumBinaryPoint, byte priorityMask)
    {
        ref CpuInterfaceState own = ref gic.Interfaces[cpu];
        switch ((Register)offset)
        {
            case Register.Control:
                own.Control = value & ControlMask;
                break;
            case Register.PriorityMask:
                own.PriorityMask = (byte)(value & priorityMask);
                break;
            case Register.BinaryPoint:
                own.BinaryPoint = AtLeast(value, minimumBinaryPoint);
                break;
            case Register.AliasedBinaryPoint:
                own.AliasedBinaryPoint = AtLeast(value, minimumBinaryPoint + 1);
                break;
            case Register.End:
                End(gic, cpu, (int)(value & InterruptMask), isAliased: false);
                break;
            case Register.AliasedEnd:
                End(gic, cpu, (int)(value & InterruptMask), isAliased: true);
                break;
            case Register.Deactivate:
                // UNPREDICTABLE while GICC_CTLR.EOImode is 0: here it does nothing then.
                if ((own.Control & EoiMode) != 0)
                {
                    Deactivate(gic, cpu, (int)(value & InterruptMask));
                }

                break;
            case >= Register.ActivePriorities and < Register.ActivePrioritiesEnd:
                int word = (int)(offset - (uint)Register.ActivePriorities) >> 2;
                own.ActivePriorities[word] = value & ImplementedLevels(word % CpuInterfaceState.ActiveWords, minimumBinaryPoint);
                break;
        }
    }

    /// <summary>Gets what the outputs of a CPU interface should be.</summary>
    /// <param name="gic">The state.</param>
    /// <param name="cpu">The CPU.</param>
    /// <param name="minimumBinaryPoint">The smallest binary point.</param>
    /// <returns>Bit n is <see cref="GicOutput"/> n.</returns>
    public static uint Outputs(GicState gic, int cpu, int minimumBinaryPoint)
    {
        ref CpuInterfaceState own = ref gic.Interfaces[cpu];
        int id = HighestPending(gic, cpu);
        if (id == Spurious || !IsSignalled(gic, cpu, id) || gic.Priority(cpu, id) >= RunningPriority(own, minimumBinaryPoint))
        {
            return 0;
        }

        bool isFiq = (own.Control & FiqEnable) != 0 && !gic.Group1.Has(cpu, id);
        return 1U << (int)(isFiq ? GicOutput.Fiq : GicOutput.Irq);
    }

    private static byte AtLeast(uint value, int minimum) => (byte)((value & 7) < (uint)minimum ? (uint)minimum : value & 7);

    // There is one level for each group priority that the smallest binary point allows.
    private static uint ImplementedLevels(int word, int minimumBinaryPoint)
    {
        int levels = (128 >> minimumBinaryPoint) - (32 * word);
        return levels >= 32 ? uint.MaxValue : levels <= 0 ? 0 : (1U << levels) - 1;
    }

    /// <summary>The interrupt that is pending, enabled, forwarded and not active whose priority is the highest; of equal ones the one with the lowest number.</summary>
    private static int HighestPending(GicState gic, int cpu)
    {
        int best = Spurious;
        int bestPriority = Idle;
        for (int word = 0; word < gic.Words; word++)
        {
            uint forwarded = ((gic.Control & EnableGroup0) != 0 ? ~gic.Group1[cpu, word] : 0) | ((gic.Control & EnableGroup1) != 0 ? gic.Group1[cpu, word] : 0);
            uint able = gic.Enabled[cpu, word] & forwarded & ~gic.Active[cpu, word];
            able = able == 0 ? 0 : able & gic.Pending(cpu, word);
            for (int bit = 0; able != 0; bit++, able >>= 1)
            {
                int id = (word * GicState.WordLength) + bit;
                if ((able & 1) != 0 && gic.Priority(cpu, id) < bestPriority && IsTarget(gic, cpu, id))
                {
                    best = id;
                    bestPriority = gic.Priority(cpu, id);
                }
            }
        }

        return best;
    }

    private static bool IsTarget(GicState gic, int cpu, int id) =>
        id < GicState.WordLength || gic.Cpus == 1 || (gic.Targets[id] >> cpu & 1) != 0;

    private static bool IsEnabled(GicState gic, int cpu, int id) =>
        (gic.Interfaces[cpu].Control & (gic.Group1.Has(cpu, id) ? EnableGroup1 : EnableGroup0)) != 0;

    private static bool IsSignalled(GicState gic, int cpu, int id) =>
        IsEnabled(gic, cpu, id) && gic.Priority(cpu, id) < gic.Interfaces[cpu].PriorityMask;

    /// <summary>What the register of a group tells of the highest pending interrupt.</summary>
    private static int Visible(GicState gic, int cpu, bool isGroup1)
    {
        int id = HighestPending(gic, cpu);
        if (id == Spurious || !IsEnabled(gic, cpu, id))
        {
            return Spurious;
        }

        bool isOfGroup1 = gic.Group1.Has(cpu, id);
        if (isGroup1)
        {
            return isOfGroup1 ? id : Spurious;
        }

        return isOfGroup1 && (gic.Interfaces[cpu].Control & AckCtl) == 0 ? OtherGroup : id;
    }

    private static uint WithSource(GicState gic, int cpu, int id) => (uint)id | (id < GicState.SgiCount ? (uint)LowestSource(gic, cpu, id) << 10 : 0);

    private static int LowestSource(GicState gic, int cpu, int id)
    {
        byte sources = gic.SgiSources[(cpu * GicState.SgiCount) + id];
        int source = 0;
        while ((sources >> source & 1) == 0)
        {
            source++;
        }

        return source;
    }

    private static uint Acknowledge(GicState gic, int cpu, bool isGroup1, int minimumBinaryPoint)
    {
        int id = Visible(gic, cpu, isGroup1);
        ref CpuInterfaceState own = ref gic.Interfaces[cpu];
        if (id == Spurious || id == OtherGroup)
        {
            return id == OtherGroup && gic.Priority(cpu, HighestPending(gic, cpu)) >= own.PriorityMask ? Spurious : (uint)id;
        }

        if (gic.Priority(cpu, id) >= own.PriorityMask || gic.Priority(cpu, id) >= RunningPriority(own, minimumBinaryPoint))
        {
            return Spurious;
        }

        uint value = WithSource(gic, cpu, id);
        if (id < GicState.SgiCount)
        {
            ref byte sources = ref gic.SgiSources[(cpu * GicState.SgiCount) + id];
            sources &= (byte)(sources - 1);
        }

        gic.Latched.Set(cpu, id, false);
        gic.Active.Set(cpu, id, true);
        int level = GroupPriority(gic, cpu, id) >> (minimumBinaryPoint + 1);
        own.ActivePriorities[FirstWord(gic, cpu, id) + (level >> 5)] |= 1U << (level & 31);
        return value;
    }

    private static int FirstWord(GicState gic, int cpu, int id) => gic.Group1.Has(cpu, id) ? CpuInterfaceState.ActiveWords : 0;

    private static int GroupPriority(GicState gic, int cpu, int id)
    {
        ref CpuInterfaceState own = ref gic.Interfaces[cpu];
        bool isOwnPoint = gic.Group1.Has(cpu, id) && (own.Control & CommonBinaryPoint) == 0;
        int point = isOwnPoint ? own.AliasedBinaryPoint - 1 : own.BinaryPoint;
        return gic.Priority(cpu, id) & (0xFF << (point + 1));
    }

    private static int RunningPriority(in CpuInterfaceState own, int minimumBinaryPoint)
    {
        for (int word = 0; word < CpuInterfaceState.ActiveWords; word++)
        {
            uint levels = own.ActivePriorities[word] | own.ActivePriorities[word + CpuInterfaceState.ActiveWords];
            for (int bit = 0; levels != 0; bit++, levels >>= 1)
            {
                if ((levels & 1) != 0)
                {
                    return ((32 * word) + bit) << (minimumBinaryPoint + 1);
                }
            }
        }

        return Idle;
    }

    private static void End(GicState gic, int cpu, int id, bool isAliased)
    {
        // What does not end an interrupt that can be active is UNPREDICTABLE, or ignored: here it is ignored.
        if (id >= gic.Count || (isAliased && !gic.Group1.Has(cpu, id)))
        {
            return;
        }

        uint[] active = gic.Interfaces[cpu].ActivePriorities;
        int first = FirstWord(gic, cpu, id);
        int word = first;
        while (word < first + CpuInterfaceState.ActiveWords && active[word] == 0)
        {
            word++;
        }

        if (word == first + CpuInterfaceState.ActiveWords)
        {
            return;
        }

        active[word] &= active[word] - 1;
        if ((gic.Interfaces[cpu].Control & EoiMode) == 0)
        {
            Deactivate(gic, cpu, id);
        }
    }

    private static void Deactivate(GicState gic, int cpu, int id)
    {
        if (id < gic.Count)
        {
            gic.Active.Set(cpu, id, false);
        }
    }
}
