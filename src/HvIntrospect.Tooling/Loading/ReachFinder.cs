using System;

namespace HvIntrospect.Tooling.Loading;

/// <summary>Finds how many bytes there are from a virtual address to the end of the memory that segments take there.</summary>
internal readonly struct ReachFinder
{
    private readonly ulong[] _starts;

    // Item i is the highest last byte of the segments 0 to i, so that one look-up serves overlapping segments too.
    private readonly ulong[] _lasts;

    public ReachFinder(ElfSegment[] segments)
    {
        _starts = new ulong[segments.Length];
        _lasts = new ulong[segments.Length];
        for (int index = 0; index < segments.Length; index++)
        {
            _starts[index] = segments[index].VirtualAddress.Value;
            _lasts[index] = segments[index].LastVirtual.Value;
        }

        Array.Sort(_starts, _lasts);
        for (int index = 1; index < _lasts.Length; index++)
        {
            _lasts[index] = Math.Max(_lasts[index], _lasts[index - 1]);
        }

        // A search may hit any of several segments with one start: each of them knows the highest end.
        for (int index = _lasts.Length - 2; index >= 0; index--)
        {
            _lasts[index] = _starts[index] == _starts[index + 1] ? _lasts[index + 1] : _lasts[index];
        }
    }

    /// <summary>Gets the bytes from an address on, 0 when it lies in no segment.</summary>
    public ulong From(Va address)
    {
        int found = Array.BinarySearch(_starts, address.Value);
        int segment = found >= 0 ? found : ~found - 1;

        if (segment < 0 || _lasts[segment] < address.Value)
        {
            return 0;
        }

        ulong reach = _lasts[segment] - address.Value;
        return reach == ulong.MaxValue ? reach : reach + 1;
    }
}
