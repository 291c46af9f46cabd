namespace HvIntrospect.Interpreter.Mmu;

/// <summary>Which entries a TLB maintenance operation reaches.</summary>
internal struct TlbScope
{
    /// <summary>Only entries of this VMID, or null for every VMID.</summary>
    public ushort? Vmid;

    /// <summary>Only entries of this ASID and, when an address is given, global ones; null for every ASID.</summary>
    public ushort? Asid;

    /// <summary>Only entries whose leaf holds this input address; null for every address.</summary>
    public ulong? Address;

    /// <summary>Tests an entry.</summary>
    /// <param name="entry">A valid entry.</param>
    /// <returns>True when it is reached.</returns>
    public readonly bool Reaches(in TlbEntry entry)
    {
        if (Vmid is ushort vmid && entry.Vmid != vmid)
        {
            return false;
        }

        if (Address is ulong address && (entry.Input ^ address) >> entry.LeafShift != 0)
        {
            return false;
        }

        bool global = (entry.Flags & TlbFlags.Global) != 0;
        return Asid is not ushort asid || (global ? Address is not null : entry.Asid == asid);
    }
}
