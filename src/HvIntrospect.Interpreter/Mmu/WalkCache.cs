using System;

namespace HvIntrospect.Interpreter.Mmu;

/// <summary>Remembers the tables of one stage that walks have come through, as an intermediate TLB does: what it holds stays, right or wrong, until maintenance of all levels reaches it.</summary>
/// <remarks>
/// Arm Architecture Reference Manual (DDI 0487), "TLB maintenance": entries of tables are tagged and invalidated like others, but not by the forms for the last level. CONSTRAINED
/// UNPREDICTABLE choice: nor by any with a level hint, which is about leaves. Used by one thread at a time.
/// </remarks>
internal sealed class WalkCache
{
    private const int Count = 64;
    private readonly Entry[] _entries = new Entry[Count];

    /// <summary>Finds the table that is nearest to the leaf of an address.</summary>
    /// <param name="setup">The walk.</param>
    /// <param name="input">The address.</param>
    /// <param name="level">The level of the table; unchanged when there is none.</param>
    /// <param name="table">Its address.</param>
    /// <param name="hierarchy">Bits 63:59 of the descriptors on the way, or-ed together.</param>
    /// <returns>False when there is none.</returns>
    public bool TryFind(in WalkSetup setup, ulong input, ref int level, ref ulong table, ref ulong hierarchy)
    {
        // Level 3 is reached by the entry of level 2, and so on.
        for (int above = 2; above >= setup.StartLevel; above--)
        {
            int shift = setup.Format.ShiftAt(above);
            ref Entry entry = ref _entries[IndexOf(input, shift)];
            if (entry.Shift == shift && entry.Input == input >> shift && entry.Tag == setup.Tag && entry.GranuleShift == setup.Format.PageShift)
            {
                level = above + 1;
                table = entry.Table;
                hierarchy = entry.Hierarchy;
                return true;
            }
        }

        return false;
    }

    /// <summary>Remembers a table.</summary>
    /// <param name="setup">The walk.</param>
    /// <param name="input">An address that it translates.</param>
    /// <param name="shift">The logarithm of what the descriptor that leads to it covers.</param>
    /// <param name="table">The address of the table.</param>
    /// <param name="hierarchy">Bits 63:59 of the descriptors on the way, or-ed together.</param>
    public void Add(in WalkSetup setup, ulong input, int shift, ulong table, ulong hierarchy) => _entries[IndexOf(input, shift)] = new Entry
    {
        Input = input >> shift,
        Table = table,
        Hierarchy = hierarchy,
        Tag = setup.Tag,
        Shift = (byte)shift,
        GranuleShift = (byte)setup.Format.PageShift,
    };

    /// <summary>Forgets tables.</summary>
    /// <param name="scope">Which.</param>
    public void Invalidate(in TlbScope scope)
    {
        if (scope.IsOfLeaves)
        {
            return;
        }

        foreach (ref Entry entry in _entries.AsSpan())
        {
            ulong first = entry.Input << entry.Shift;
            if (entry.Shift != 0 && scope.Reaches(entry.Tag, first, first + Tlb.RangeMask(entry.Shift), entry.GranuleShift))
            {
                entry.Shift = 0;
            }
        }
    }

    /// <summary>Copies everything that it holds.</summary>
    /// <returns>The copy.</returns>
    public WalkCache Copy()
    {
        var copy = new WalkCache();
        copy.Assign(this);
        return copy;
    }

    /// <summary>Holds what another one holds.</summary>
    /// <param name="other">The other one, or null for nothing.</param>
    public void Assign(WalkCache? other)
    {
        if (other is null)
        {
            _entries.AsSpan().Clear();
        }
        else
        {
            other._entries.CopyTo(_entries, 0);
        }
    }

    private static int IndexOf(ulong input, int shift) => (int)((input >> shift) + (ulong)shift) & (Count - 1);

    // Shift is 0 for an empty entry.
    private struct Entry
    {
        public ulong Input;
        public ulong Table;
        public ulong Hierarchy;
        public WalkTag Tag;
        public byte Shift;
        public byte GranuleShift;
    }
}
