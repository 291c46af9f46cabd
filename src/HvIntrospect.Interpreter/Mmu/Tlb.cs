using System;
using System.Numerics;
using System.Runtime.CompilerServices;
using HvIntrospect.Interpreter.State;

namespace HvIntrospect.Interpreter.Mmu;

/// <summary>A set-associative array of TLB entries. An entry stays, right or wrong, until maintenance reaches it or a new one takes its place.</summary>
/// <remarks>Replacement is in turn within a set, so that a run is reproducible. Used by one thread at a time.</remarks>
internal sealed unsafe class Tlb
{
    private const int Ways = 4;
    private readonly TlbEntry[] _entries;
    private readonly byte[] _next;
    private readonly int _setMask;

    // One bit for each logarithm of a range that any entry may have.
    private ulong _shifts;

    // Set when some entry is smaller than its leaf, so that maintenance by address must look everywhere.
    private bool _hasFragments;

    /// <summary>Initialises an empty TLB.</summary>
    /// <param name="sets">The number of sets, a power of two.</param>
    public Tlb(int sets)
    {
        _entries = new TlbEntry[sets * Ways];
        _next = new byte[sets];
        _setMask = sets - 1;
    }

    /// <summary>Gets the bits that lie within a range.</summary>
    /// <param name="shift">The logarithm of the range, 0 to 63.</param>
    /// <returns>The mask.</returns>
    public static ulong RangeMask(int shift) => (1UL << shift) - 1;

    /// <summary>Finds the entry that translates an address.</summary>
    /// <param name="input">The address.</param>
    /// <param name="vmid">The current VMID.</param>
    /// <param name="asid">The current ASID.</param>
    /// <param name="flags">The bits of <see cref="TlbFlags.Tag"/>, which must be equal.</param>
    /// <param name="above">The logarithm of a range: only entries of larger ones are sought; 0 for all.</param>
    /// <returns>The smallest such entry, or a null reference when there is none.</returns>
    public ref TlbEntry Find(ulong input, ushort vmid, ushort asid, TlbFlags flags, int above = 0)
    {
        for (ulong shifts = _shifts & (ulong.MaxValue << (above + 1)); shifts != 0; shifts &= shifts - 1)
        {
            int shift = BitOperations.TrailingZeroCount(shifts);
            Span<TlbEntry> set = Set(input, shift);
            for (int way = 0; way < set.Length; way++)
            {
                ref TlbEntry entry = ref set[way];
                if (entry.Shift == shift && (entry.Flags & TlbFlags.Tag) == flags && entry.Input == input >> shift << shift && entry.Vmid == vmid
                    && ((entry.Flags & TlbFlags.Global) != 0 || entry.Asid == asid))
                {
                    return ref entry;
                }
            }
        }

        return ref Unsafe.NullRef<TlbEntry>();
    }

    /// <summary>Adds an entry, unless it is not to be kept. Where all ways are taken, one goes: the oldest, or with a seed any.</summary>
    /// <param name="cpu">The vCPU, whose seed decides.</param>
    /// <param name="entry">The entry; the caller has found that no other translates its addresses.</param>
    /// <param name="evicted">The one that goes, if one does.</param>
    /// <returns>True when one goes.</returns>
    public bool Add(CpuState* cpu, in TlbEntry entry, out TlbEntry evicted)
    {
        evicted = default;
        if ((entry.Flags & TlbFlags.Unkept) != 0)
        {
            return false;
        }

        Note(entry);
        Span<TlbEntry> set = Set(entry.Input, entry.Shift);
        ref byte next = ref _next[SetIndex(entry.Input, entry.Shift)];
        for (int way = 0; way < set.Length; way++)
        {
            if ((set[way].Flags & TlbFlags.Valid) == 0)
            {
                set[way] = entry;
                return false;
            }
        }

        int leaving = next;
        if (SeededChoice.HasSeed(cpu))
        {
            leaving = SeededChoice.Next(cpu, Ways);
        }
        else
        {
            next = (byte)((next + 1) & (Ways - 1));
        }

        evicted = set[leaving];
        set[leaving] = entry;
        return true;
    }

    /// <summary>Removes entries.</summary>
    /// <param name="scope">Which.</param>
    public void Invalidate(in TlbScope scope)
    {
        if (_shifts == 0)
        {
            return;
        }

        if (scope.First is ulong first && first == scope.Last && !_hasFragments)
        {
            for (ulong shifts = _shifts; shifts != 0; shifts &= shifts - 1)
            {
                Invalidate(Set(first, BitOperations.TrailingZeroCount(shifts)), scope);
            }

            return;
        }

        _shifts = 0;
        _hasFragments = false;
        foreach (ref TlbEntry entry in _entries.AsSpan())
        {
            if ((entry.Flags & TlbFlags.Valid) == 0)
            {
                continue;
            }

            if (scope.Reaches(entry))
            {
                entry.Flags = TlbFlags.None;
            }
            else
            {
                Note(entry);
            }
        }
    }

    /// <summary>Copies everything that the TLB holds.</summary>
    /// <returns>The copy.</returns>
    public Tlb Copy()
    {
        var copy = new Tlb(_next.Length);
        copy.Assign(this);
        return copy;
    }

    /// <summary>Holds what another TLB of the same size holds.</summary>
    /// <param name="other">The other one, or null for nothing.</param>
    public void Assign(Tlb? other)
    {
        if (other is null)
        {
            _entries.AsSpan().Clear();
            _next.AsSpan().Clear();
        }
        else
        {
            other._entries.CopyTo(_entries, 0);
            other._next.CopyTo(_next, 0);
        }

        _shifts = other?._shifts ?? 0;
        _hasFragments = other?._hasFragments ?? false;
    }

    private static void Invalidate(Span<TlbEntry> entries, in TlbScope scope)
    {
        for (int i = 0; i < entries.Length; i++)
        {
            if ((entries[i].Flags & TlbFlags.Valid) != 0 && scope.Reaches(entries[i]))
            {
                entries[i].Flags = TlbFlags.None;
            }
        }
    }

    private void Note(in TlbEntry entry)
    {
        _shifts |= 1UL << entry.Shift;
        _hasFragments |= entry.LeafShift > entry.Shift;
    }

    private int SetIndex(ulong input, int shift)
    {
        ulong page = input >> shift;
        return (int)(page ^ (page >> 9)) & _setMask;
    }

    private Span<TlbEntry> Set(ulong input, int shift) => _entries.AsSpan(SetIndex(input, shift) * Ways, Ways);
}
