namespace HvIntrospect.Benchmarks.Suites;

/// <summary>The least that a walk of the same tables can do: four dependent reads of one array, without attributes, permissions or syndromes.</summary>
internal sealed class ArrayWalk
{
    private const int FirstShift = 39;
    private const int PageShift = 12;
    private const int Stride = 9;
    private const ulong IndexMask = (1ul << Stride) - 1;
    private const ulong AddressMask = ((1ul << 48) - 1) & ~0xffful;

    private readonly ulong[] _descriptors;
    private readonly ulong _first;
    private readonly ulong _root;

    public ArrayWalk(TableMemory memory, Pa root)
    {
        _descriptors = memory.Descriptors;
        _first = memory.Range.Start.Value;
        _root = root.Value;
    }

    /// <summary>Translates an address.</summary>
    /// <returns>The physical address, or all ones where nothing is mapped.</returns>
    public ulong Walk(ulong address)
    {
        ulong table = _root;
        for (int shift = FirstShift; ; shift -= Stride)
        {
            ulong descriptor = _descriptors[((table - _first) >> 3) + ((address >> shift) & IndexMask)];
            if ((descriptor & 1) == 0)
            {
                return ulong.MaxValue;
            }

            ulong target = descriptor & AddressMask;
            if (shift == PageShift || (descriptor & 2) == 0)
            {
                return target | (address & ((1ul << shift) - 1));
            }

            table = target;
        }
    }
}
