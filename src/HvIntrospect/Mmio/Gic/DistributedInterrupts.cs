namespace HvIntrospect.Mmio.Gic;

/// <summary>The interrupts that the distributor forwards to one CPU. Used under the lock of <see cref="GicV2"/>.</summary>
internal readonly struct DistributedInterrupts : IInterruptSource
{
    private const uint EnableGroup0 = 1U << 0;
    private const uint EnableGroup1 = 1U << 1;
    private const int InterruptMask = 0x3FF;

    private readonly GicState _gic;
    private readonly int _cpu;

    /// <summary>Names the CPU.</summary>
    /// <param name="gic">The state.</param>
    /// <param name="cpu">The CPU.</param>
    public DistributedInterrupts(GicState gic, int cpu)
    {
        _gic = gic;
        _cpu = cpu;
    }

    /// <inheritdoc/>
    /// <remarks>It is enabled and forwarded; of equal priorities it is the one with the lowest number.</remarks>
    public PendingInterrupt HighestPending()
    {
        int best = PendingInterrupt.Spurious;
        int bestPriority = ActivePriorities.Idle;
        for (int word = 0; word < _gic.Words; word++)
        {
            uint group1 = _gic.Group1[_cpu, word];
            uint forwarded = ((_gic.Control & EnableGroup0) != 0 ? ~group1 : 0) | ((_gic.Control & EnableGroup1) != 0 ? group1 : 0);
            uint able = _gic.Enabled[_cpu, word] & forwarded & ~_gic.Active[_cpu, word];
            able = able == 0 ? 0 : able & _gic.Pending(_cpu, word);
            for (int bit = 0; able != 0; bit++, able >>= 1)
            {
                int id = (word * GicState.WordLength) + bit;
                if ((able & 1) != 0 && _gic.Priority(_cpu, id) < bestPriority && IsTarget(id))
                {
                    best = id;
                    bestPriority = _gic.Priority(_cpu, id);
                }
            }
        }

        return best == PendingInterrupt.Spurious
            ? PendingInterrupt.None
            : new PendingInterrupt(best, best < GicState.SgiCount ? LowestSource(best) : 0, bestPriority, _gic.Group1.Has(_cpu, best), best);
    }

    /// <inheritdoc/>
    public void Activate(in PendingInterrupt interrupt)
    {
        if (interrupt.Id < GicState.SgiCount)
        {
            ref byte sources = ref Sources(interrupt.Id);
            sources &= (byte)(sources - 1);
        }

        _gic.Latched.Set(_cpu, interrupt.Id, false);
        _gic.Active.Set(_cpu, interrupt.Id, true);
    }

    /// <inheritdoc/>
    public bool TryGetGroup(int id, bool isAliased, out bool isGroup1)
    {
        // What does not end an interrupt that can be active is UNPREDICTABLE, or ignored: here it is ignored.
        isGroup1 = id < _gic.Count && _gic.Group1.Has(_cpu, id);
        return id < _gic.Count && (isGroup1 || !isAliased);
    }

    /// <inheritdoc/>
    public void Deactivate(uint value, bool isOwed)
    {
        int id = (int)(value & InterruptMask);
        if (isOwed && id < _gic.Count)
        {
            _gic.Active.Set(_cpu, id, false);
        }
    }

    private bool IsTarget(int id) => id < GicState.WordLength || _gic.Cpus == 1 || (_gic.Targets[id] >> _cpu & 1) != 0;

    private ref byte Sources(int id) => ref _gic.SgiSources[(_cpu * GicState.SgiCount) + id];

    private int LowestSource(int id)
    {
        byte sources = Sources(id);
        int source = 0;
        while ((sources >> source & 1) == 0)
        {
            source++;
        }

        return source;
    }
}
