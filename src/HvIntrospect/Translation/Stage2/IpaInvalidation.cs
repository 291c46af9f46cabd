using System;

namespace HvIntrospect.Translation.Stage2;

/// <summary>Invalidates the Stage 2 entries of a run of addresses with the fewest TLBI instructions that the cores have for the tables' granule.</summary>
/// <remarks>
/// <para>A range has (NUM + 1) * 2^(5 * SCALE + 1) pages. Of two such sizes in a row the larger is at most twice the smaller, so that two ranges, one at each end, cover any run of
/// up to 2^21 pages and nothing else; where they overlap, the second finds nothing more. With a level as a hint the starts must be those of blocks of the level, as they are.</para>
/// <para>With large descriptors the start of a range counts 64 KB: smaller pages that share the first or the last of these go too, and runs that do are one (<see cref="AreOneRange"/>).</para>
/// <para>A hint is given for blocks and pages alone. With it cores need not look for the entries of the tables on the way.</para>
/// <para>Arm Architecture Reference Manual (DDI 0487), "TLB maintenance instructions that apply to a range of addresses", "Translation table level hints". Immutable and thread-safe.</para>
/// </remarks>
internal sealed class IpaInvalidation
{
    private const int LargestScale = 3;
    private const ulong MostPages = 64UL << (5 * LargestScale);
    private const int LargeUnit = 16;
    private const int AddressShift = 12;

    private readonly TranslationGranule _granule;
    private readonly ulong _granuleField;
    private readonly int _unit;
    private readonly bool _hasRanges;
    private readonly bool _hasHints;

    /// <summary>Initialises the invalidation for tables.</summary>
    /// <param name="granule">The granule of the tables.</param>
    /// <param name="hasLargeDescriptors">VTCR_EL2.DS.</param>
    /// <param name="cores">What all cores implement that use the tables.</param>
    public IpaInvalidation(TranslationGranule granule, bool hasLargeDescriptors, Stage2CoreFeatures cores)
    {
        _granule = granule;
        _unit = hasLargeDescriptors ? LargeUnit : granule.SizeLog2;
        _hasRanges = cores.HasRangeInvalidation;
        _hasHints = cores.HasLevelHints;

        // TG of a range, and the upper half of the hint of an address.
        _granuleField = (ulong)(granule.SizeLog2 - 10) / 2;
    }

    /// <summary>Gets how many instructions a run takes.</summary>
    public ulong Count(in StaleRun run)
    {
        if (!TryGetPages(run, out _, out ulong pages, out ulong step))
        {
            return ((run.Last - run.Start) >> LeafShift(run)) + 1;
        }

        ulong length = LongestRange(pages, step, out _);
        return (pages + length - 1) / length;
    }

    /// <summary>Tells whether two runs take fewer instructions as one, and nothing else goes: the range that one of them is counts units that the other begins or ends in.</summary>
    /// <param name="run">A run.</param>
    /// <param name="next">One that begins behind it.</param>
    public bool AreOneRange(in StaleRun run, in StaleRun next) =>
        _hasRanges && run.Level is not null && run.Level == next.Level && run.HasTables == next.HasTables && LeafShift(run) < _unit
            && run.Last >> _unit == next.Start >> _unit && ((run.Last - run.Start) | (next.Last - next.Start)) >> LeafShift(run) != 0;

    /// <summary>Invalidates what the TLBs of all cores hold of a run for the current VMID, but for entries that combine both stages.</summary>
    public void Issue(IEl2Operations operations, in StaleRun run)
    {
        ulong hint = _hasHints && !run.HasTables ? (ulong)run.Level.GetValueOrDefault() : 0;
        if (TryGetPages(run, out ulong first, out ulong pages, out ulong step))
        {
            ulong length = LongestRange(pages, step, out int scale);
            ulong number = (length >> ((5 * scale) + 1)) - 1;
            ulong fields = (_granuleField << 46) | ((ulong)scale << 44) | (number << 39) | (hint << 37);
            for (ulong done = 0; done < pages; done += length)
            {
                // The last range ends where the run does.
                ulong start = first + (Math.Min(done, pages - length) << _granule.SizeLog2);
                operations.Tlbi(run.HasTables ? TlbiOperation.Ripas2E1Is : TlbiOperation.Ripas2Le1Is, fields | (start >> _unit));
            }

            return;
        }

        ulong level = _hasHints && !run.HasTables && run.Level is not null ? ((_granuleField << 2) | hint) << 44 : 0;
        ulong leaves = (run.Last - run.Start) >> LeafShift(run);
        for (ulong i = 0; i <= leaves; i++)
        {
            ulong address = (run.Start + (i << LeafShift(run))) >> AddressShift;
            operations.Tlbi(run.HasTables ? TlbiOperation.Ipas2E1Is : TlbiOperation.Ipas2Le1Is, level | address);
        }
    }

    /// <summary>Gets the longest range that is not longer than some pages, in multiples of a power of two that is not above them.</summary>
    private static ulong LongestRange(ulong pages, ulong step, out int scale)
    {
        scale = 0;
        while (scale < LargestScale && pages > 64UL << (5 * scale))
        {
            scale++;
        }

        return Math.Min(pages, MostPages) & ~(Math.Max(2UL << (5 * scale), step) - 1);
    }

    private int LeafShift(in StaleRun run) => run.Level is int level ? _granule.BlockSizeLog2(level) : _granule.SizeLog2;

    /// <summary>Finds the pages that ranges are to cover, and in multiples of how many they start and end. A single leaf needs no range, and some are larger than any.</summary>
    private bool TryGetPages(in StaleRun run, out ulong first, out ulong pages, out ulong step)
    {
        int shift = Math.Max(LeafShift(run), _unit);
        ulong mask = (1UL << shift) - 1;
        step = 1UL << (shift - _granule.SizeLog2);
        first = run.Start & ~mask;
        pages = ((run.Last | mask) - first + 1) >> _granule.SizeLog2;
        return _hasRanges && (run.Last - run.Start) >> LeafShift(run) != 0 && step <= MostPages;
    }
}
