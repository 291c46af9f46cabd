using System;

namespace HvIntrospect.Translation.Stage2;

/// <summary>One tree of tables in physical memory: its root, its pages and how to get around in it. It changes nothing but by visitors.</summary>
internal sealed class Stage2Tree
{
    private readonly TranslationGranule _granule;

    /// <summary>Takes the root tables and clears them.</summary>
    /// <exception cref="Stage2Exception">There are no pages for the root, or they are not in memory; nothing was taken.</exception>
    public Stage2Tree(IPhysicalMemory memory, ITablePages pages, Stage2Geometry geometry)
    {
        Memory = memory;
        Geometry = geometry;
        _granule = geometry.Granule;
        Format = geometry.Format;
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

    /// <summary>Gets how the descriptors are laid out.</summary>
    public Stage2Format Format { get; }

    public TreePages Pages { get; }

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

    /// <summary>Tells whether a TLB may hold the translation of a block or page: it never does while AF is 0.</summary>
    public static bool MayBeCached(ulong leaf) =>
        (leaf & (Stage2Format.Valid | Stage2Format.AccessFlag)) == (Stage2Format.Valid | Stage2Format.AccessFlag);

    /// <summary>Makes what stands in a place between break and make: no translation, but what it will be, where hardware ignores it.</summary>
    public static ulong Broken(ulong descriptor) => (descriptor & ~Stage2Format.Valid) | Stage2Format.TransitionMark;

    /// <summary>Makes of a broken descriptor what it will be.</summary>
    public static ulong Made(ulong broken) => (broken | Stage2Format.Valid) & ~Stage2Format.TransitionMark;

    public ulong TableAddress(ulong descriptor) => Format.TableIn(descriptor);

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
                step = VisitTable(ref window, TableAddress(slot.Descriptor), level + 1, ipa, from, to, ref visitor);
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
