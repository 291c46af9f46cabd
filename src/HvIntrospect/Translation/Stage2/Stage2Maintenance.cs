using System;
using HvIntrospect.Registers;

namespace HvIntrospect.Translation.Stage2;

/// <summary>Collects what one change of the tables makes stale in the TLBs and invalidates it in one batch for each VMID.</summary>
/// <remarks>
/// <para>The sequence: DSB ISHST; where another VM's registers are loaded, this one's and an ISB; TLBI by IPA; DSB ISH; TLBI VMALLE1IS, because those by IPA need not reach entries
/// that combine both stages; DSB ISH; the registers as they were; ISB. The forms that wait for accesses to all memory are used, not the nXS ones: what is invalidated may be given away.</para>
/// <para>What each change issues, besides the two barriers and the VMALLE1IS, is exactly this, for each VMID:</para>
/// <list type="table">
/// <listheader><term>change</term><description>TLBI by IPA</description></listheader>
/// <item><term>map where nothing was, or AF from 0 to 1</term><description>no batch: nothing invalid is in a TLB; DSB ISHST alone</description></item>
/// <item><term>permissions, attributes, address or AF of blocks and pages; unmap that leaves the tables; split</term><description>IPAS2LE1IS for each leaf as it was, or RIPAS2LE1IS, at most two for each run of leaves of one level, one range for runs that share the 64 KB which it counts with large descriptors; with the level as a hint</description></item>
/// <item><term>unmap with tables; merge</term><description>IPAS2E1IS for each leaf below, or RIPAS2E1IS, at most two for each run; without a hint</description></item>
/// <item><term>more than <see cref="MostInstructions"/> of them</term><description>one run around all of it where ranges exist; else, or where that takes too many as well, VMALLS12E1IS in place of everything</description></item>
/// </list>
/// <para>Out of context, the registers of the EL1&amp;0 regime are used for no speculative walk, so they may be changed at EL2; walks that began in the guest may still be using them until a DSB
/// that is not for stores alone, which is why the first DSB is one where they are changed. Some cores speculate an AT out of context against the architecture (Cortex-A55, A57, A72, A76):
/// there whoever leaves the guest must see to it that no walk of Stage 1 can succeed at EL2, for example by TCR_EL1.EPD0 and EPD1.</para>
/// <para>Arm Architecture Reference Manual (DDI 0487), "TLB maintenance", "Out-of-context translation regimes". Not thread-safe, and no exception may change the core's registers in between.</para>
/// </remarks>
internal sealed class Stage2Maintenance
{
    /// <summary>
    /// The most instructions by IPA. A broadcast TLBI costs every core some hundred nanoseconds, a refill about as much: beyond a few dozen, refilling what
    /// a VM really uses is cheaper than naming every page.
    /// </summary>
    internal const int MostInstructions = 64;

    private readonly IEl2Operations _operations;
    private readonly TranslationGranule _granule;
    private readonly IpaInvalidation _invalidation;
    private readonly Vtcr _vtcr;
    private readonly Vttbr[] _own;
    private readonly StaleRun[] _runs = new StaleRun[MostInstructions];
    private int _count;
    private ulong _instructions;

    // There were too many runs: there is one around all of them.
    private bool _isAround;

    /// <summary>Initialises the maintenance of tables.</summary>
    /// <param name="operations">What issues barriers and TLB maintenance.</param>
    /// <param name="geometry">The shape of the tables.</param>
    /// <param name="cores">What all cores implement that use the tables.</param>
    /// <param name="vttbr">The tables and their VMID.</param>
    public Stage2Maintenance(IEl2Operations operations, Stage2Geometry geometry, Stage2CoreFeatures cores, Vttbr vttbr)
    {
        _operations = operations;
        _granule = geometry.Granule;
        _vtcr = geometry.Vtcr;
        _own = [vttbr];
        _invalidation = new IpaInvalidation(_granule, geometry.HasLargeDescriptors, cores);
    }

    /// <summary>Gets a value indicating whether nothing is stale.</summary>
    public bool IsNothing => _count == 0 && !IsEverything;

    /// <summary>Gets a value indicating whether the whole VMID will be invalidated, so that more addresses do not matter.</summary>
    public bool IsEverything { get; private set; }

    /// <summary>Forgets what was collected.</summary>
    public void Reset()
    {
        _count = 0;
        _instructions = 0;
        _isAround = false;
        IsEverything = false;
    }

    /// <summary>Adds blocks or pages that TLBs may hold, while the tables that lead to them stay.</summary>
    /// <param name="ipa">The first address of the first one.</param>
    /// <param name="level">Their level.</param>
    /// <param name="count">How many there are in a row.</param>
    public void AddLeaf(ulong ipa, int level, int count = 1)
    {
        if (!IsEverything)
        {
            Add(new StaleRun(ipa, ipa + ((ulong)count << _granule.BlockSizeLog2(level)) - 1, level, hasTables: false));
        }
    }

    /// <summary>Adds a table that is taken off, and with it the tables above it, after the blocks and pages in it and the tables below it. Any address in it stands for it, so that one of those may do.</summary>
    /// <param name="ipa">The first address that the table translates.</param>
    /// <param name="level">The level of the descriptor that pointed to it.</param>
    public void AddTable(ulong ipa, int level)
    {
        if (IsEverything)
        {
            return;
        }

        ulong last = ipa + (1UL << _granule.BlockSizeLog2(level)) - 1;
        if (_count == 0 || _runs[_count - 1].Last < ipa || _runs[_count - 1].Start > last)
        {
            Add(new StaleRun(ipa, ipa + _granule.Size - 1, null, hasTables: true));
        }
        else if (!_runs[_count - 1].HasTables)
        {
            StaleRun run = RemoveLast();
            if (run.Start < ipa)
            {
                Add(new StaleRun(run.Start, ipa - 1, run.Level, hasTables: false));
            }

            Add(new StaleRun(Math.Max(run.Start, ipa), run.Last, run.Level, hasTables: true));
        }
    }

    /// <summary>Adds all that TLBs hold of the VMID.</summary>
    public void AddEverything() => IsEverything = true;

    /// <summary>Makes written descriptors visible to the walkers of all cores. A guest that is entered after it sees them.</summary>
    public void Publish() => _operations.Dsb(BarrierOption.Ishst);

    /// <summary>Publishes what was written and removes all that was collected from all TLBs.</summary>
    public void Invalidate() => Invalidate(_own);

    /// <summary>Publishes what was written and removes all that was collected from all TLBs, for several VMIDs under which the changed tables are used.</summary>
    /// <param name="views">The registers of each; all with the control register of the tables' geometry.</param>
    public void Invalidate(ReadOnlySpan<Vttbr> views)
    {
        if (IsNothing)
        {
            Publish();
            return;
        }

        JoinRuns();
        var registers = new RegimeRegisters(_operations, _vtcr);
        _operations.Dsb(registers.AreOf(views) ? BarrierOption.Ishst : BarrierOption.Ish);
        foreach (Vttbr view in views)
        {
            registers.Load(view);
            InvalidateCurrent();
        }

        _operations.Dsb(BarrierOption.Ish);
        registers.Restore();
        _operations.Isb();
    }

    private void InvalidateCurrent()
    {
        if (IsEverything)
        {
            _operations.Tlbi(TlbiOperation.Vmalls12E1Is, 0);
            return;
        }

        for (int i = 0; i < _count; i++)
        {
            _invalidation.Issue(_operations, _runs[i]);
        }

        _operations.Dsb(BarrierOption.Ish);
        _operations.Tlbi(TlbiOperation.Vmalle1Is, 0);
    }

    /// <summary>Brings runs into the order of addresses, from which the ends of a range are out, and joins those that continue each other, or go with each other.</summary>
    private void JoinRuns()
    {
        for (int i = 1; i < _count; i++)
        {
            StaleRun run = _runs[i];
            int place = i;
            for (; place > 0 && _runs[place - 1].Start > run.Start; place--)
            {
                _runs[place] = _runs[place - 1];
            }

            _runs[place] = run;
        }

        int last = -1;
        for (int i = 0; i < _count; i++)
        {
            StaleRun run = _runs[i];
            while (last >= 0 && (_runs[last].IsContinuedBy(run) || _invalidation.AreOneRange(_runs[last], run)))
            {
                run = _runs[last--].Until(run.Last);
            }

            _runs[++last] = run;
        }

        _count = last + 1;
    }

    private void Add(in StaleRun run)
    {
        StaleRun added = run;
        if (_count != 0 && (_isAround || _runs[_count - 1].IsContinuedBy(run)))
        {
            StaleRun before = RemoveLast();
            added = _isAround ? before.Around(run) : before.Until(run.Last);
        }

        _instructions += _invalidation.Count(added);
        if (_instructions > MostInstructions && !_isAround)
        {
            _isAround = true;
            while (_count != 0)
            {
                added = added.Around(RemoveLast());
            }

            _instructions = _invalidation.Count(added);
        }

        if (_instructions > MostInstructions)
        {
            IsEverything = true;
            return;
        }

        _runs[_count++] = added;
    }

    private StaleRun RemoveLast()
    {
        StaleRun last = _runs[--_count];
        _instructions -= _invalidation.Count(last);
        return last;
    }
}
