using System;

namespace HvIntrospect.Mmio.Gic;

/// <summary>Everything that a <see cref="GicV2"/> remembers.</summary>
internal sealed class GicState
{
    /// <summary>The number of interrupts that one word of bits holds, and of those that are private to a CPU.</summary>
    public const int WordLength = 32;

    /// <summary>The number of software-generated interrupts.</summary>
    public const int SgiCount = 16;

    private readonly byte[] _priorities;

    /// <summary>Makes the state out of reset.</summary>
    /// <param name="cpus">The number of CPUs.</param>
    /// <param name="words">The number of words of 32 interrupts, the private ones included.</param>
    /// <param name="format">The priorities.</param>
    public GicState(int cpus, int words, PriorityFormat format)
    {
        Cpus = cpus;
        Words = words;
        Enabled = new InterruptBits(cpus, words);
        Latched = new InterruptBits(cpus, words);
        Active = new InterruptBits(cpus, words);
        Group1 = new InterruptBits(cpus, words);
        EdgeTriggered = new InterruptBits(cpus, words);
        Lines = new InterruptBits(cpus, words);
        _priorities = new byte[(cpus + words - 1) * WordLength];
        Targets = new byte[words * WordLength];
        SgiSources = new byte[cpus * SgiCount];
        Outputs = new uint[cpus];
        Interfaces = new CpuInterface[cpus];
        for (int cpu = 0; cpu < cpus; cpu++)
        {
            Enabled[cpu, 0] = Distributor.SgiMask;
            EdgeTriggered[cpu, 0] = Distributor.SgiMask;
            Interfaces[cpu] = new CpuInterface(format, hasGroups: true);
        }
    }

    private GicState(GicState other)
    {
        Cpus = other.Cpus;
        Words = other.Words;
        Control = other.Control;
        Enabled = other.Enabled.Copy();
        Latched = other.Latched.Copy();
        Active = other.Active.Copy();
        Group1 = other.Group1.Copy();
        EdgeTriggered = other.EdgeTriggered.Copy();
        Lines = other.Lines.Copy();
        _priorities = (byte[])other._priorities.Clone();
        Targets = (byte[])other.Targets.Clone();
        SgiSources = (byte[])other.SgiSources.Clone();
        Outputs = (uint[])other.Outputs.Clone();
        Interfaces = Array.ConvertAll(other.Interfaces, static one => one.Copy());
    }

    /// <summary>Gets the number of CPUs.</summary>
    public int Cpus { get; }

    /// <summary>Gets the number of words of 32 interrupts.</summary>
    public int Words { get; }

    /// <summary>Gets the number of interrupts.</summary>
    public int Count => Words * WordLength;

    /// <summary>Gets or sets GICD_CTLR.</summary>
    public uint Control { get; set; }

    /// <summary>Gets which interrupts are enabled.</summary>
    public InterruptBits Enabled { get; }

    /// <summary>Gets which interrupts are pending whatever their line is: by an edge, or by software. Not those of SGIs.</summary>
    public InterruptBits Latched { get; }

    /// <summary>Gets which interrupts are active.</summary>
    public InterruptBits Active { get; }

    /// <summary>Gets which interrupts are in Group 1.</summary>
    public InterruptBits Group1 { get; }

    /// <summary>Gets which interrupts are edge-triggered.</summary>
    public InterruptBits EdgeTriggered { get; }

    /// <summary>Gets the levels of the interrupts' lines.</summary>
    public InterruptBits Lines { get; }

    /// <summary>Gets the CPUs that each shared interrupt goes to, by interrupt.</summary>
    public byte[] Targets { get; }

    /// <summary>Gets who has sent each SGI that is pending: a bit for each CPU, by receiver and interrupt.</summary>
    public byte[] SgiSources { get; }

    /// <summary>Gets the CPU interfaces.</summary>
    public CpuInterface[] Interfaces { get; }

    /// <summary>Gets the levels of the outputs as they were told last: bit n is <see cref="GicOutput"/> n.</summary>
    public uint[] Outputs { get; }

    /// <summary>Gets which of 32 interrupts are pending.</summary>
    /// <param name="cpu">The CPU.</param>
    /// <param name="word">The number of the word.</param>
    /// <returns>The bits.</returns>
    public uint Pending(int cpu, int word)
    {
        uint pending = Latched[cpu, word] | (Lines[cpu, word] & ~EdgeTriggered[cpu, word]);
        if (word == 0)
        {
            for (int id = 0; id < SgiCount; id++)
            {
                pending |= SgiSources[(cpu * SgiCount) + id] != 0 ? 1U << id : 0;
            }
        }

        return pending;
    }

    /// <summary>Gets the priority of an interrupt.</summary>
    /// <param name="cpu">The CPU.</param>
    /// <param name="id">The interrupt.</param>
    /// <returns>0 is the highest one.</returns>
    public ref byte Priority(int cpu, int id) => ref _priorities[id < WordLength ? (cpu * WordLength) + id : ((Cpus - 1) * WordLength) + id];

    /// <summary>Copies the state.</summary>
    /// <returns>The copy.</returns>
    public GicState Copy() => new(this);
}
