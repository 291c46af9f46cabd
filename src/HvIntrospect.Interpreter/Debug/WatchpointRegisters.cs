using System;
using System.Numerics;
using HvIntrospect.Interpreter.State;
using HvIntrospect.Registers;

namespace HvIntrospect.Interpreter.Debug;

/// <summary>The watchpoints of a core.</summary>
/// <remarks>
/// Arm Architecture Reference Manual (DDI 0487), "Watchpoint exceptions". Pages that hold watched bytes stay out of the host-pointer caches, so that handlers
/// never look. CONSTRAINED UNPREDICTABLE choices: of BAS that is not contiguous the lowest run counts; under MASK, BAS and the masked bits of the address
/// are ignored; a reserved MASK disables the watchpoint.
/// </remarks>
internal static unsafe class WatchpointRegisters
{
    /// <summary>How many there are.</summary>
    public const int Count = 4;

    private const int LowestMask = 3;
    private const ulong Loads = 1UL << 3;
    private const ulong Stores = 1UL << 4;
    private const ulong SecondWord = 4;

    /// <summary>Tells whether some watchpoint could hit in a range, in whatever state.</summary>
    /// <param name="cpu">The vCPU.</param>
    /// <param name="va">The first byte.</param>
    /// <param name="length">The length in bytes.</param>
    /// <returns>False nearly always: no watchpoint is enabled.</returns>
    public static bool AreAnyIn(CpuState* cpu, ulong va, int length)
    {
        if (!new Mdscr(cpu->System.MdscrEl1).MonitorDebugEnable)
        {
            return false;
        }

        for (int n = 0; n < Count; n++)
        {
            if (DebugControl.IsEnabled(cpu->System.Dbgwcr[n]) && TryOverlap(cpu, n, va, length, out _))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Finds the watchpoint that an access hits. Every fault of the MMU comes before it.</summary>
    /// <param name="cpu">The vCPU.</param>
    /// <param name="va">The first byte.</param>
    /// <param name="length">The length in bytes.</param>
    /// <param name="el">The Exception level whose permissions count.</param>
    /// <param name="reads">True when the access reads.</param>
    /// <param name="writes">True when the access writes; an atomic does both.</param>
    /// <param name="hit">Receives the first watched byte, which is what FAR holds.</param>
    /// <param name="isWrite">Receives WnR. IMPLEMENTATION DEFINED choice for an atomic: a read where the watchpoint matches reads.</param>
    /// <returns>False when none is hit.</returns>
    public static bool TryHit(CpuState* cpu, ulong va, int length, int el, bool reads, bool writes, out ulong hit, out bool isWrite)
    {
        hit = 0;
        isWrite = false;
        if (!DebugExceptions.AreRegistersEnabled(cpu))
        {
            return false;
        }

        bool isHit = false;
        for (int n = 0; n < Count; n++)
        {
            ulong control = cpu->System.Dbgwcr[n];
            bool isRead = reads && (control & Loads) != 0;
            if (DebugControl.IsEnabled(control) && (isRead || (writes && (control & Stores) != 0))
                && TryOverlap(cpu, n, va, length, out ulong first) && DebugControl.IsStateMatched(cpu, control, el) && (!isHit || first < hit))
            {
                isHit = true;
                hit = first;
                isWrite = !isRead;
            }
        }

        return isHit;
    }

    private static bool TryOverlap(CpuState* cpu, int number, ulong va, int length, out ulong first)
    {
        first = 0;
        if (!TryGetRange(cpu->System.Dbgwvr[number], cpu->System.Dbgwcr[number], out ulong start, out ulong size))
        {
            return false;
        }

        // An access does not wrap around; a tag in its top bits takes no part.
        ulong address = va & DebugControl.AddressMask;
        start &= DebugControl.AddressMask;
        first = va + Math.Max(start, address) - address;
        return address < start + size && start < address + (ulong)length;
    }

    private static bool TryGetRange(ulong value, ulong control, out ulong start, out ulong size)
    {
        int mask = (int)(control >> 24) & 0x1F;
        if (mask != 0)
        {
            size = 1UL << mask;
            start = value & ~(size - 1);
            return mask >= LowestMask;
        }

        uint bytes = (uint)(control >> 5) & ((value & SecondWord) != 0 ? 0xFU : 0xFFU);
        int lowest = BitOperations.TrailingZeroCount(bytes);
        size = (ulong)BitOperations.TrailingZeroCount(~(bytes >> lowest));
        start = value + (ulong)lowest;
        return bytes != 0;
    }
}
