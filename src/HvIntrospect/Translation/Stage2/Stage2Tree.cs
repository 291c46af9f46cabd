using System;

namespace HvIntrospect.Translation.Stage2;

/// <summary>One tree of tables in physical memory: its root, its pages and how to get around in it. It changes nothing but by visitors.</summary>
internal sealed class Stage2Tree
{
    private readonly TranslationGranule _granule;
    private readonly ulong _breakMask;

    /// <summary>Takes the root tables and clears them.</summary>
    /// <exception cref="ArgumentException">Walkers write descriptors, and memory has no atomic compare-exchange of their width.</exception>
    /// <exception cref="Stage2Exception">There are no pages for the root, or they are not in memory; nothing was taken.</exception>
    public Stage2Tree(IPhysicalMemory memory, ITablePages pages, Stage2Geometry geometry)
    {
        Memory = memory;
        Geometry = geometry;
        _granule = geometry.Granule;
        Format = geometry.Format;
        IsRacing = (geometry.Features & TranslationFeatures.HAFDBS) != 0;
        BreaksBlocks = (geometry.Features & TranslationFeatures.BBML2) == 0;
        BreaksRuns = IsRacing || (geometry.Features & (TranslationFeatures.BBML1 | TranslationFeatures.BBML2)) == 0;
        _breakMask = Format.MemoryMask | Format.Layout.DirectMask | Format.Layout.FoldedMask | (BreaksRuns ? Stage2Format.Contiguous : 0);
        if (IsRacing && (memory.CompareExchangeWidths & AtomicWidths.Doubleword) == 0)
        {
            throw new ArgumentException("Where the walker sets AF and the dirty state, memory must compare and exchange 8 bytes atomically.", nameof(memory));
        }

        Pages = new TreePages(pages, _granule.Size, geometry.OutputBits);
        Root = Pages.TakeRoot(geometry.RootTables);
        try
        {
            TableWindow window = Open();
            window.Fill(Root, RootDescriptors, 0, 0);
        }
        catch (Stage2Exception)
        {
            Pages.GiveBackRoot(Root, geometry.RootTables);
            throw;
        }
    }

    public IPhysicalMemory Memory { get; }

    public Stage2Geometry Geometry { get; }

    public Stage2Format Format { get; }

    public TreePages Pages { get; }

    /// <summary>Gets a value indicating whether walkers write AF and S2AP[1] at any moment, so that a valid leaf is never just written over.</summary>
    public bool IsRacing { get; }

    /// <summary>Gets a value indicating whether a table and a block are exchanged by break-before-make.</summary>
    public bool BreaksBlocks { get; }

    /// <summary>
    /// Gets a value indicating whether the Contiguous bit is changed by break-before-make: where FEAT_BBM does not do without it, and where walkers may
    /// note an access to one leaf of a run in another.
    /// </summary>
    public bool BreaksRuns { get; }

    /// <summary>Gets the physical address of the first table.</summary>
    public ulong Root { get; }

    private int RootDescriptors => Geometry.RootTables << _granule.Stride;

    /// <summary>Gets the tables for the time of one pass.</summary>
    public TableWindow Open() => new(Memory, Root);

    /// <summary>Visits the descriptors of a range, in the order of addresses.</summary>
    public void Visit<TVisitor>(ref TableWindow window, IpaRange range, ref TVisitor visitor)
        where TVisitor : struct, ITreeVisitor =>
        VisitTable(ref window, Root, Geometry.StartLevel, 0, range.Start.Value, range.Last.Value, ref visitor);

    /// <summary>Visits all that is below a table.</summary>
    public void VisitBelow<TVisitor>(ref TableWindow window, ulong table, in TableSlot slot, ref TVisitor visitor)
        where TVisitor : struct, ITreeVisitor =>
        VisitTable(ref window, table, slot.Level + 1, slot.Ipa, slot.Ipa, slot.Ipa + slot.Span, ref visitor);

    /// <summary>Tells whether a valid leaf must not become another one without being invalid in between.</summary>
    public bool MustBreak(ulong before, ulong after) => ((before ^ after) & _breakMask) != 0;

    /// <summary>Writes a descriptor over a leaf that walkers may change meanwhile.</summary>
    /// <returns>What stood there; only when that is <paramref name="expected"/> was it written.</returns>
    public ulong Replace(ref TableWindow window, ulong address, ulong expected, ulong descriptor)
    {
        if (IsRacing)
        {
            return window.CompareExchange(address, expected, descriptor);
        }

        window.Write(address, descriptor);
        return expected;
    }

    /// <summary>Tells whether a table maps nothing and is on the way to nothing.</summary>
    public bool IsEmpty(ref TableWindow window, ulong table) => window.IsRun(table, _granule.DescriptorsPerTable, 0, 0);

    /// <summary>Takes all tables off and gives every page back, also those of a change that failed halfway.</summary>
    /// <param name="maintenance">Receives what was mapped, and invalidates it before any page is given back.</param>
    public void Dispose(Stage2Maintenance maintenance)
    {
        try
        {
            TableWindow window = Open();
            var removal = new Removal(this, maintenance);
            VisitTable(ref window, Root, Geometry.StartLevel, 0, 0, ulong.MaxValue >> (64 - Geometry.InputBits), ref removal);
            window.Fill(Root, RootDescriptors, 0, 0);
            maintenance.Invalidate();
        }
        finally
        {
            Pages.Abandon();
            Pages.GiveBackRoot(Root, Geometry.RootTables);
        }
    }

    private TreeStep VisitTable<TVisitor>(ref TableWindow window, ulong table, int level, ulong tableIpa, ulong first, ulong last, ref TVisitor visitor)
        where TVisitor : struct, ITreeVisitor
    {
        int shift = _granule.BlockSizeLog2(level);
        ulong span = (1UL << shift) - 1;
        ulong lastIndex = (last - tableIpa) >> shift;
        for (ulong index = (first - tableIpa) >> shift; index <= lastIndex; index++)
        {
            ulong address = table + (index << 3);
            ulong ipa = tableIpa + (index << shift);
            ulong from = Math.Max(first, ipa);
            ulong to = Math.Min(last, ipa + span);
            var slot = new TableSlot(address, window.Read(address), level, ipa, span, from, to);
            TreeStep step = visitor.Enter(ref window, slot);
            if (step == TreeStep.Into)
            {
                step = VisitTable(ref window, Format.TableIn(slot.Descriptor), level + 1, ipa, from, to, ref visitor);
                if (step != TreeStep.End)
                {
                    visitor.Leave(ref window, slot);
                }
            }
            else if (step == TreeStep.Last && index < lastIndex)
            {
                index = lastIndex - 1;
            }

            if (step == TreeStep.End)
            {
                return step;
            }
        }

        return TreeStep.Next;
    }
}
