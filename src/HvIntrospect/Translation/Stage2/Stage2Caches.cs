using System.Collections.Generic;

namespace HvIntrospect.Translation.Stage2;

/// <summary>Maintains the caches for memory that a guest is given or loses: what EL2 has written through its cache, a guest may read around it or fetch as instructions.</summary>
/// <remarks>
/// <para>Without HCR_EL2.FWB a guest can use any Normal memory without the cache, with it only what Stage 2 does not force to be Write-Back. Such memory is cleaned and invalidated to the Point of
/// Coherency before the guest gets it, and again when no TLB holds it any more, so that EL2 does not read what its cache held before the guest wrote. Where memory type or shareability change, that happens
/// between break and make. Before a guest may execute memory it is cleaned to the Point of Unification where CTR_EL0.IDC is 0, and the instruction caches are invalidated where DIC is 0.</para>
/// <para>Device memory is taken to be that of devices and left alone. Each line costs one instruction; beyond <see cref="MostInstructionLines"/> the instruction caches are invalidated as a whole, for which
/// the data caches have no counterpart.</para>
/// <para>Arm Architecture Reference Manual (DDI 0487), "Mismatched memory attributes", "Synchronization and coherency issues between data and instruction accesses". Not thread-safe.</para>
/// </remarks>
internal sealed class Stage2Caches
{
    /// <summary>The most lines of instruction caches that are invalidated one by one.</summary>
    internal const int MostInstructionLines = 1024;

    private readonly IEl2Operations _operations;
    private readonly Stage2CoreFeatures _cores;
    private readonly bool _hasForcedWriteBack;
    private readonly List<PaRange> _fetched = [];
    private readonly List<PaRange> _lost = [];
    private bool _hasCleaned;

    /// <summary>Initialises the maintenance for tables.</summary>
    /// <param name="operations">What issues cache maintenance and barriers.</param>
    /// <param name="geometry">The shape of the tables.</param>
    /// <param name="cores">What all cores implement that use the tables.</param>
    public Stage2Caches(IEl2Operations operations, Stage2Geometry geometry, Stage2CoreFeatures cores)
    {
        _operations = operations;
        _cores = cores;
        _hasForcedWriteBack = geometry.HasForcedWriteBack;
    }

    /// <summary>Begins a change.</summary>
    public void Begin()
    {
        _fetched.Clear();
        _lost.Clear();
        _hasCleaned = false;
    }

    /// <summary>Cleans the memory that the change gives to a guest, and notes that which it takes away or leaves there with another type. Memory that stays has the same range before and after.</summary>
    /// <param name="before">What the guest has at some addresses.</param>
    /// <param name="after">What it gets there.</param>
    public void Replace(in MappedMemory before, in MappedMemory after)
    {
        bool stays = before.Range == after.Range;
        if (!stays && IsUsedUncached(after))
        {
            MaintainData(DataCacheOperation.Civac, after.Range);
            _hasCleaned = true;
        }

        bool changesType = before.Attributes.MemoryType != after.Attributes.MemoryType || before.Attributes.Shareability != after.Attributes.Shareability;
        if (stays ? changesType && (IsUsedUncached(before) || IsUsedUncached(after)) : IsUsedUncached(before))
        {
            Add(_lost, before.Range);
        }

        if (after.IsNewlyExecutable(before))
        {
            Fetch(after.Range, isCleaned: !stays && IsUsedUncached(after));
        }
    }

    /// <summary>Makes memory visible to instruction fetches that the change leaves with the guest and lets it execute.</summary>
    /// <param name="memory">The memory.</param>
    public void Fetch(PaRange memory) => Fetch(memory, isCleaned: false);

    /// <summary>Completes what must be done before any descriptor changes.</summary>
    public void CompleteGiven()
    {
        if (_hasCleaned || _fetched.Count != 0)
        {
            // Also where no line needs an instruction: what was written is not to be seen after the descriptor.
            _operations.Dsb(_hasCleaned ? BarrierOption.Sy : BarrierOption.Ish);
        }

        if (_fetched.Count == 0 || !_cores.NeedsInstructionCacheInvalidation)
        {
            return;
        }

        ulong lines = 0;
        foreach (PaRange memory in _fetched)
        {
            lines += memory.Length / (ulong)_cores.InstructionCacheLine;
        }

        if (_cores.HasPhysicalInstructionCache && lines <= MostInstructionLines)
        {
            foreach (PaRange memory in _fetched)
            {
                for (ulong offset = 0; offset < memory.Length; offset += (ulong)_cores.InstructionCacheLine)
                {
                    _operations.InvalidateInstructionCache(InstructionCacheOperation.Ivau, memory.Start + offset);
                }
            }
        }
        else
        {
            _operations.InvalidateInstructionCache(InstructionCacheOperation.Ialluis, default);
        }

        _operations.Dsb(BarrierOption.Ish);
    }

    /// <summary>Does what must be done when no TLB holds the old descriptors any more and none of the new ones is valid.</summary>
    public void CompleteTaken()
    {
        if (_lost.Count == 0)
        {
            return;
        }

        foreach (PaRange memory in _lost)
        {
            MaintainData(DataCacheOperation.Civac, memory);
        }

        _operations.Dsb(BarrierOption.Sy);
    }

    private static void Add(List<PaRange> ranges, PaRange memory)
    {
        int last = ranges.Count - 1;
        if (last >= 0 && ranges[last].Last + 1 == memory.Start)
        {
            ranges[last] = new PaRange(ranges[last].Start, ranges[last].Length + memory.Length);
        }
        else
        {
            ranges.Add(memory);
        }
    }

    private bool IsUsedUncached(in MappedMemory memory) =>
        memory.IsMapped && !memory.Attributes.IsDevice && !(_hasForcedWriteBack && memory.Attributes.MemoryType == Stage2MemoryType.NormalWriteBack);

    private void Fetch(PaRange memory, bool isCleaned)
    {
        if (_cores.NeedsDataCacheClean && !isCleaned)
        {
            MaintainData(DataCacheOperation.Cvau, memory);
        }

        Add(_fetched, memory);
    }

    private void MaintainData(DataCacheOperation operation, PaRange memory)
    {
        for (ulong offset = 0; offset < memory.Length; offset += (ulong)_cores.DataCacheLine)
        {
            _operations.MaintainDataCache(operation, memory.Start + offset);
        }
    }
}
