namespace HvIntrospect.Interpreter.Mmu;

/// <summary>Which entries a TLB maintenance operation reaches.</summary>
internal struct TlbScope
{
    /// <summary>True for entries of EL2&amp;0 and EL2, false for those of EL1&amp;0.</summary>
    public bool IsHost;

    /// <summary>Only entries of this VMID, or null for every VMID.</summary>
    public ushort? Vmid;

    /// <summary>Only entries of this ASID and, when addresses are given, global ones; null for every ASID.</summary>
    public ushort? Asid;

    /// <summary>Only entries whose leaf holds an input address from here on; null for every address.</summary>
    public ulong? First;

    /// <summary>The last input address; meaningful with <see cref="First"/>.</summary>
    public ulong Last;

    /// <summary>Only entries whose leaf is of this level; null for every level.</summary>
    public int? Level;

    /// <summary>Only entries from tables of pages of this size, a logarithm; 0 for every size.</summary>
    public int GranuleShift;

    /// <summary>True for the forms for the last level, which leave tables alone.</summary>
    public bool IsLastLevelOnly;

    /// <summary>Gets a value indicating whether only leaves are reached: by the form, or because a hint names a level, which is one of leaves.</summary>
    public readonly bool IsOfLeaves => IsLastLevelOnly || Level is not null;

    /// <summary>Tests an entry of a table.</summary>
    /// <param name="tag">Whose it is.</param>
    /// <param name="first">The first input address that goes through the table.</param>
    /// <param name="last">The last one.</param>
    /// <param name="granuleShift">The logarithm of the page size of the tables.</param>
    /// <returns>True when it is reached, by an operation that is not for leaves only.</returns>
    public readonly bool Reaches(WalkTag tag, ulong first, ulong last, int granuleShift) =>
        tag.IsHost == IsHost && (Vmid is not ushort vmid || tag.Vmid == vmid) && (Asid is not ushort asid || tag.Asid == asid)
        && (First is not ulong start || (last >= start && first <= Last)) && (GranuleShift == 0 || granuleShift == GranuleShift);

    /// <summary>Tests an entry.</summary>
    /// <param name="entry">A valid entry.</param>
    /// <returns>True when it is reached.</returns>
    public readonly bool Reaches(in TlbEntry entry)
    {
        if ((entry.Flags & TlbFlags.Host) != 0 != IsHost || (Vmid is ushort vmid && entry.Vmid != vmid))
        {
            return false;
        }

        ulong leaf = Tlb.RangeMask(entry.LeafShift);
        if (First is ulong first && ((entry.Input | leaf) < first || (entry.Input & ~leaf) > Last))
        {
            return false;
        }

        // A wrong hint may be found out: the entry stays. Where there are no tables there is no level.
        bool isLeafOther = (Level is int level && entry.InputLevel != level) || (GranuleShift != 0 && entry.GranuleShift != GranuleShift);
        if (entry.GranuleShift != 0 && isLeafOther)
        {
            return false;
        }

        bool global = (entry.Flags & TlbFlags.Global) != 0;
        return Asid is not ushort asid || (global ? First is not null : entry.Asid == asid);
    }
}
