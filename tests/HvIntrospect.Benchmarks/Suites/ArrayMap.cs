using System;

namespace HvIntrospect.Benchmarks.Suites;

/// <summary>The least that mapping pages can do: it writes descriptors of four levels into one array, without attributes, checks, maintenance or a way back.</summary>
internal sealed class ArrayMap
{
    private const int FirstShift = 39;
    private const int PageShift = 12;
    private const int Stride = 9;
    private const int TableLength = 1 << Stride;
    private const ulong IndexMask = TableLength - 1;
    private const ulong AddressMask = ((1ul << 48) - 1) & ~0xffful;
    private const ulong Attributes = 0x7ff;

    private readonly ulong[] _descriptors;
    private readonly ulong _first;
    private ulong _next;

    public ArrayMap(TableMemory memory)
    {
        _descriptors = memory.Descriptors;
        _first = memory.Range.Start.Value;
        Clear();
    }

    /// <summary>Unmaps everything.</summary>
    public void Clear()
    {
        Array.Clear(_descriptors, 0, TableLength);
        _next = _first + (TableLength * sizeof(ulong));
    }

    /// <summary>Maps consecutive pages, a table at a time.</summary>
    public void Map(ulong address, ulong target, int pages)
    {
        while (pages > 0)
        {
            Span<ulong> table = LastTable(address);
            int index = (int)((address >> PageShift) & IndexMask);
            int count = Math.Min(pages, TableLength - index);
            ulong descriptor = target | Attributes;
            foreach (ref ulong slot in table.Slice(index, count))
            {
                slot = descriptor;
                descriptor += 1ul << PageShift;
            }

            pages -= count;
            address += (ulong)count << PageShift;
            target += (ulong)count << PageShift;
        }
    }

    /// <summary>Maps one page.</summary>
    public void Map(ulong address, ulong target) => LastTable(address)[(int)((address >> PageShift) & IndexMask)] = target | Attributes;

    private Span<ulong> LastTable(ulong address)
    {
        ulong table = _first;
        for (int shift = FirstShift; shift > PageShift; shift -= Stride)
        {
            ref ulong slot = ref _descriptors[((table - _first) >> 3) + ((address >> shift) & IndexMask)];
            if ((slot & 1) == 0)
            {
                slot = _next | 3;
                _descriptors.AsSpan((int)((_next - _first) >> 3), TableLength).Clear();
                _next += TableLength * sizeof(ulong);
            }

            table = slot & AddressMask;
        }

        return _descriptors.AsSpan((int)((table - _first) >> 3), TableLength);
    }
}
