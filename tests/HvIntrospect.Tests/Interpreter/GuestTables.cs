using System;
using System.Collections.Generic;
using HvIntrospect.Interpreter;

namespace HvIntrospect.Tests.Interpreter;

/// <summary>Stage 1 tables in the guest's RAM for 32-bit virtual addresses, by pages of 4096 bytes. No maintenance is done.</summary>
internal sealed class GuestTables
{
    private const ulong Page = 0x1000;

    // Normal memory, accessible from EL1, Access flag set, Inner Shareable.
    private const ulong PageAttributes = 0b11 | (3UL << 8) | (1UL << 10);
    private readonly IGuestMemory _memory;
    private readonly Dictionary<ulong, ulong> _tables = [];
    private readonly ulong _root;
    private ulong _next;

    /// <param name="machine">The machine.</param>
    /// <param name="start">Where the tables are to lie; a page for every 2 MiB that is mapped in, and up to five more.</param>
    public GuestTables(Machine machine, ulong start)
    {
        _memory = machine.Memory;
        _root = start;
        _next = start + Page;
    }

    public void Map(ulong va, ulong ipa, int pages)
    {
        for (int i = 0; i < pages; i++)
        {
            ulong at = va + ((ulong)i * Page);
            ulong level2 = Table(_root + ((at >> 30) * 8));
            ulong level3 = Table(level2 + (((at >> 21) & 0x1FF) * 8));
            _memory.Write(new Ipa(level3 + (((at >> 12) & 0x1FF) * 8)), BitConverter.GetBytes((ipa + ((ulong)i * Page)) | PageAttributes));
        }
    }

    public void TurnOn(Vcpu vcpu)
    {
        ref TranslationRegisters registers = ref vcpu.ModifyTranslation();
        registers.Ttbr0El1 = _root;

        // T0SZ = 32, write-back walks; TTBR1 off; 48 bits out.
        registers.TcrEl1 = 32 | (1UL << 8) | (1UL << 10) | (3UL << 12) | (1UL << 23) | (5UL << 32);
        registers.MairEl1 = 0xFF;
        registers.SctlrEl1 |= 1 | (1UL << 2) | (1UL << 12);
    }

    private ulong Table(ulong entry)
    {
        if (!_tables.TryGetValue(entry, out ulong table))
        {
            table = _next;
            _next += Page;
            _tables.Add(entry, table);
            _memory.Write(new Ipa(entry), BitConverter.GetBytes(table | 3));
        }

        return table;
    }
}
