using System;
using System.Collections.Generic;
using System.Globalization;

namespace HvIntrospect.Translation.Stage2;

/// <summary>The pages of one tree of tables: those in use, those that a change has taken and those that it no longer needs.</summary>
/// <remarks>Until a change ends, by <see cref="Keep"/> or <see cref="Rollback"/>, no page that it took off the tree is given back: a walk may still read it.</remarks>
internal sealed class TreePages
{
    private readonly ITablePages _pages;
    private readonly ulong _size;
    private readonly int _outputBits;
    private readonly List<ulong> _taken = [];
    private readonly List<ulong> _unlinked = [];

    public TreePages(ITablePages pages, ulong size, int outputBits)
    {
        _pages = pages;
        _size = size;
        _outputBits = outputBits;
    }

    /// <summary>Gets the number of pages that are in use, by the root as well.</summary>
    public int Count { get; private set; }

    /// <summary>Takes the concatenated tables of a root; they belong to no change.</summary>
    /// <exception cref="Stage2Exception">There are no such pages.</exception>
    public ulong TakeRoot(int tables) => Allocate(tables);

    public void GiveBackRoot(ulong root, int tables)
    {
        Count -= tables;
        _pages.Free(new Pa(root), tables);
    }

    /// <summary>Takes a page for a table of the change.</summary>
    /// <exception cref="Stage2Exception">There is none; the change is to be rolled back.</exception>
    public ulong Take()
    {
        ulong table = Allocate(1);
        _taken.Add(table);
        return table;
    }

    /// <summary>Notes a table that the change takes off the tree.</summary>
    public void Unlink(ulong table) => _unlinked.Add(table);

    /// <summary>Ends a change that was made: what it took is the tree's, what it took off is given back.</summary>
    public void Keep()
    {
        _taken.Clear();
        GiveBack(_unlinked);
    }

    /// <summary>Ends a change that was not made.</summary>
    public void Rollback()
    {
        _unlinked.Clear();
        GiveBack(_taken);
    }

    /// <summary>Gives back what changes have taken and taken off without an end, each page once.</summary>
    public void Abandon()
    {
        var all = new HashSet<ulong>(_taken);
        all.UnionWith(_unlinked);
        _taken.Clear();
        _unlinked.Clear();
        _unlinked.AddRange(all);
        GiveBack(_unlinked);
    }

    private void GiveBack(List<ulong> tables)
    {
        foreach (ulong table in tables)
        {
            Count--;
            _pages.Free(new Pa(table), 1);
        }

        tables.Clear();
    }

    private ulong Allocate(int count)
    {
        if (!_pages.TryAllocate(count, out Pa first))
        {
            throw new Stage2Exception(Stage2ErrorKind.OutOfTablePages, "There are not enough pages for the translation tables.");
        }

        ulong size = (ulong)count * _size;
        if (first.OffsetIn(size) != 0 || first.Value >> _outputBits != 0)
        {
            _pages.Free(first, count);
            throw new InvalidOperationException("The table page " + first + " is not aligned to 0x" + size.ToString("x", CultureInfo.InvariantCulture)
                + " or beyond the end of physical addresses.");
        }

        Count += count;
        return first.Value;
    }
}
