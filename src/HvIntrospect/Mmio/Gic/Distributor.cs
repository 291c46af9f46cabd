namespace HvIntrospect.Mmio.Gic;

/// <summary>The registers of the distributor.</summary>
/// <remarks>
/// Arm Generic Interrupt Controller Architecture Specification, version 2.0 (IHI 0048), "Distributor register descriptions". Without the Security
/// Extensions. Accesses of other sizes than the specification names, and registers that do not exist, are RAZ/WI. Used under the lock of <see cref="GicV2"/>.
/// </remarks>
internal static class Distributor
{
    /// <summary>The bits of the SGIs in the first word of interrupts.</summary>
    public const uint SgiMask = 0xFFFF;

    private const uint EnableMask = 3;

    // What identifies the Arm implementation of version 2: the architecture version is what software looks at.
    private static readonly byte[] s_identification = [0x04, 0, 0, 0, 0x90, 0xB4, 0x2B, 0, 0x0D, 0xF0, 0x05, 0xB1];

    private enum Block : uint
    {
        Group = 0x080,
        SetEnable = 0x100,
        ClearEnable = 0x180,
        SetPending = 0x200,
        ClearPending = 0x280,
        SetActive = 0x300,
        ClearActive = 0x380,
        Priority = 0x400,
        Target = 0x800,
        Configuration = 0xC00,
        ConfigurationEnd = 0xD00,
        SoftwareInterrupt = 0xF00,
        ClearSgi = 0xF10,
        SetSgi = 0xF20,
        SetSgiEnd = 0xF30,
        Identification = 0xFD0,
    }

    /// <summary>Reads a register.</summary>
    /// <param name="gic">The state.</param>
    /// <param name="cpu">The CPU.</param>
    /// <param name="offset">The register.</param>
    /// <param name="size">The size of the access.</param>
    /// <returns>The value.</returns>
    public static uint Read(GicState gic, int cpu, uint offset, int size)
    {
        if (HasBytes(offset))
        {
            return ReadBytes(gic, cpu, offset, size);
        }

        if (size != sizeof(uint) || (offset & 3) != 0)
        {
            return 0;
        }

        switch (offset)
        {
            case 0:
                return gic.Control;
            case 4:
                return (uint)(gic.Words - 1) | ((uint)(gic.Cpus - 1) << 5);
            case >= (uint)Block.Group and < (uint)Block.Priority:
                int word = (int)(offset & 0x7F) >> 2;
                return word < gic.Words ? ReadBits(gic, cpu, (Block)(offset & ~0x7FU), word) : 0;
            case >= (uint)Block.Configuration and < (uint)Block.ConfigurationEnd:
                return ReadConfiguration(gic, cpu, (int)(offset & 0xFF) >> 2);
            case >= (uint)Block.Identification and < 0x1000:
                return s_identification[(int)(offset - (uint)Block.Identification) >> 2];
            default:
                return 0;
        }
    }

    /// <summary>Writes a register.</summary>
    /// <param name="gic">The state.</param>
    /// <param name="cpu">The CPU.</param>
    /// <param name="offset">The register.</param>
    /// <param name="size">The size of the access.</param>
    /// <param name="value">The value.</param>
    /// <param name="priorityMask">The implemented bits of a priority.</param>
    public static void Write(GicState gic, int cpu, uint offset, int size, uint value, byte priorityMask)
    {
        if (HasBytes(offset))
        {
            WriteBytes(gic, cpu, offset, size, value, priorityMask);
            return;
        }

        if (size != sizeof(uint) || (offset & 3) != 0)
        {
            return;
        }

        switch (offset)
        {
            case 0:
                gic.Control = value & EnableMask;
                break;
            case >= (uint)Block.Group and < (uint)Block.Priority:
                int word = (int)(offset & 0x7F) >> 2;
                if (word < gic.Words)
                {
                    WriteBits(gic, cpu, (Block)(offset & ~0x7FU), word, value);
                }

                break;
            case >= (uint)Block.Configuration and < (uint)Block.ConfigurationEnd:
                WriteConfiguration(gic, cpu, (int)(offset & 0xFF) >> 2, value);
                break;
            case (uint)Block.SoftwareInterrupt:
                SendSgi(gic, cpu, value);
                break;
        }
    }

    /// <summary>Changes the level of an interrupt's line.</summary>
    /// <param name="gic">The state.</param>
    /// <param name="cpu">The CPU, for a private interrupt.</param>
    /// <param name="id">The interrupt.</param>
    /// <param name="isAsserted">The level.</param>
    public static void SetLine(GicState gic, int cpu, int id, bool isAsserted)
    {
        if (isAsserted && !gic.Lines.Has(cpu, id) && gic.EdgeTriggered.Has(cpu, id))
        {
            gic.Latched.Set(cpu, id, true);
        }

        gic.Lines.Set(cpu, id, isAsserted);
    }

    private static bool HasBytes(uint offset) =>
        offset is (>= (uint)Block.Priority and < (uint)Block.Configuration) or (>= (uint)Block.ClearSgi and < (uint)Block.SetSgiEnd);

    private static bool IsByteAccess(uint offset, int size) => size == 1 || (size == sizeof(uint) && (offset & 3) == 0);

    private static uint ReadBytes(GicState gic, int cpu, uint offset, int size)
    {
        uint value = 0;
        for (int i = 0; i < size && IsByteAccess(offset, size); i++)
        {
            value |= (uint)ReadByte(gic, cpu, offset + (uint)i) << (8 * i);
        }

        return value;
    }

    private static byte ReadByte(GicState gic, int cpu, uint offset)
    {
        int id = (int)(offset & 0x3FF);
        return offset switch
        {
            >= (uint)Block.ClearSgi => gic.SgiSources[(cpu * GicState.SgiCount) + (int)(offset & 15)],
            _ when id >= gic.Count => 0,
            < (uint)Block.Target => gic.Priority(cpu, id),

            // With one CPU there is nothing to say.
            _ when gic.Cpus == 1 => 0,
            _ when id < GicState.WordLength => (byte)(1U << cpu),
            _ => gic.Targets[id],
        };
    }

    private static void WriteBytes(GicState gic, int cpu, uint offset, int size, uint value, byte priorityMask)
    {
        byte cpus = (byte)((1U << gic.Cpus) - 1);
        for (int i = 0; i < size && IsByteAccess(offset, size); i++)
        {
            uint at = offset + (uint)i;
            int id = (int)(at & 0x3FF);
            byte data = (byte)(value >> (8 * i));
            ref byte sources = ref gic.SgiSources[(cpu * GicState.SgiCount) + (int)(at & 15)];
            switch (at)
            {
                case >= (uint)Block.SetSgi:
                    sources |= (byte)(data & cpus);
                    break;
                case >= (uint)Block.ClearSgi:
                    sources &= (byte)~data;
                    break;
                case < (uint)Block.Target when id < gic.Count:
                    gic.Priority(cpu, id) = (byte)(data & priorityMask);
                    break;
                case >= (uint)Block.Target when id >= GicState.WordLength && id < gic.Count:
                    gic.Targets[id] = (byte)(data & cpus);
                    break;
            }
        }
    }

    private static uint ReadBits(GicState gic, int cpu, Block block, int word) => block switch
    {
        Block.Group => gic.Group1[cpu, word],
        Block.SetEnable or Block.ClearEnable => gic.Enabled[cpu, word],
        Block.SetPending or Block.ClearPending => gic.Pending(cpu, word),
        _ => gic.Active[cpu, word],
    };

    private static void WriteBits(GicState gic, int cpu, Block block, int word, uint value)
    {
        // SGIs are always enabled, and pending for their senders.
        uint notSgis = word == 0 ? value & ~SgiMask : value;
        switch (block)
        {
            case Block.Group:
                gic.Group1[cpu, word] = value;
                break;
            case Block.SetEnable:
                gic.Enabled[cpu, word] |= notSgis;
                break;
            case Block.ClearEnable:
                gic.Enabled[cpu, word] &= ~notSgis;
                break;
            case Block.SetPending:
                gic.Latched[cpu, word] |= notSgis;
                break;
            case Block.ClearPending:
                gic.Latched[cpu, word] &= ~notSgis;
                break;
            case Block.SetActive:
                gic.Active[cpu, word] |= value;
                break;
            default:
                gic.Active[cpu, word] &= ~value;
                break;
        }
    }

    private static uint ReadConfiguration(GicState gic, int cpu, int index)
    {
        int word = index >> 1;
        uint bits = word < gic.Words ? gic.EdgeTriggered[cpu, word] >> (16 * (index & 1)) : 0;
        uint value = 0;
        for (int i = 0; i < 16; i++)
        {
            value |= (bits >> i & 1) << ((2 * i) + 1);
        }

        return value;
    }

    private static void WriteConfiguration(GicState gic, int cpu, int index, uint value)
    {
        // SGIs are edge-triggered for ever.
        int word = index >> 1;
        if (index == 0 || word >= gic.Words)
        {
            return;
        }

        uint bits = 0;
        for (int i = 0; i < 16; i++)
        {
            bits |= (value >> ((2 * i) + 1) & 1) << i;
        }

        int shift = 16 * (index & 1);
        gic.EdgeTriggered[cpu, word] = (gic.EdgeTriggered[cpu, word] & ~(0xFFFFU << shift)) | (bits << shift);
    }

    private static void SendSgi(GicState gic, int cpu, uint value)
    {
        uint self = 1U << cpu;
        uint targets = (value >> 24 & 3) switch
        {
            0 => value >> 16,
            1 => ~self,
            2 => self,

            // Reserved: nobody.
            _ => 0,
        };
        for (int target = 0; target < gic.Cpus; target++)
        {
            if ((targets >> target & 1) != 0)
            {
                gic.SgiSources[(target * GicState.SgiCount) + (int)(value & 15)] |= (byte)self;
            }
        }
    }
}
