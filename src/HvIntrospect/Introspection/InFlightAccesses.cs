using System;
using HvIntrospect.LoadStores;

namespace HvIntrospect.Introspection;

/// <summary>The bytes that vCPUs are accessing through the library at this moment: overlapping accesses of different vCPUs follow one another.</summary>
/// <remarks>
/// That is what makes old and new values of racing stores chain. Nobody waits: who comes second lets its guest execute the instruction again.
/// Thread-safe; the lock is held for a few comparisons only, never while a handler runs.
/// </remarks>
internal sealed class InFlightAccesses
{
    // Stores are exchanged by containers of up to 16 bytes, so neighbours in one container count as overlapping.
    private const ulong Container = 16;

    private readonly object _lock = new();
    private Entry[] _entries;

    /// <summary>Makes an empty set.</summary>
    /// <param name="vcpus">The number of vCPUs.</param>
    public InFlightAccesses(int vcpus)
    {
        _entries = new Entry[vcpus];
    }

    /// <summary>Announces an access.</summary>
    /// <param name="vcpu">The number of the vCPU.</param>
    /// <param name="elements">The access; it lies in at most two pages.</param>
    /// <param name="others">What it copies to, in another page of the same two.</param>
    /// <returns>False when another vCPU is accessing some of the bytes; then nothing was announced.</returns>
    public bool TryEnter(int vcpu, ReadOnlySpan<LoadStoreElement> elements, ReadOnlySpan<LoadStoreElement> others = default)
    {
        Entry entry = default;
        entry.Include(elements);
        entry.Include(others);
        return TryEnter(vcpu, entry);
    }

    /// <summary>Announces an access that lies in one page.</summary>
    /// <param name="vcpu">The number of the vCPU.</param>
    /// <param name="address">The first byte.</param>
    /// <param name="size">The number of bytes.</param>
    /// <returns>False when another vCPU is accessing some of the bytes; then nothing was announced.</returns>
    public bool TryEnter(int vcpu, Ipa address, int size)
    {
        Entry entry = default;
        entry.Include(0, address, size);
        return TryEnter(vcpu, entry);
    }

    private bool TryEnter(int vcpu, in Entry entry)
    {
        lock (_lock)
        {
            if (vcpu >= _entries.Length)
            {
                Array.Resize(ref _entries, vcpu + 1);
            }

            for (int i = 0; i < _entries.Length; i++)
            {
                if (i != vcpu && _entries[i].Overlaps(entry))
                {
                    return false;
                }
            }

            _entries[vcpu] = entry;
            return true;
        }
    }

    /// <summary>Ends the announced access.</summary>
    /// <param name="vcpu">The number of the vCPU.</param>
    public void Leave(int vcpu)
    {
        lock (_lock)
        {
            _entries[vcpu] = default;
        }
    }

    private struct Entry
    {
        private Span _first;
        private Span _second;

        public void Include(ReadOnlySpan<LoadStoreElement> elements)
        {
            foreach (ref readonly LoadStoreElement element in elements)
            {
                Include(element.Page, element.Ipa, element.FirstSize);
                if (element.CrossesPage)
                {
                    Include(element.Page + 1, element.SecondIpa, element.Size - element.FirstSize);
                }
            }
        }

        public void Include(int page, Ipa address, int size)
        {
            if (page == 0)
            {
                _first.Include(address.Value, size);
            }
            else
            {
                _second.Include(address.Value, size);
            }
        }

        public readonly bool Overlaps(in Entry other) =>
            _first.Overlaps(other._first) || _first.Overlaps(other._second) || _second.Overlaps(other._first) || _second.Overlaps(other._second);
    }

    /// <summary>Whole containers, from the first byte to the last; empty when the end is 0.</summary>
    private struct Span
    {
        private ulong _start;
        private ulong _last;
        private bool _any;

        public void Include(ulong address, int size)
        {
            ulong start = address & ~(Container - 1);
            ulong last = (address + (ulong)(size - 1)) | (Container - 1);
            _start = _any ? Math.Min(_start, start) : start;
            _last = _any ? Math.Max(_last, last) : last;
            _any = true;
        }

        public readonly bool Overlaps(in Span other) => _any && other._any && _start <= other._last && other._start <= _last;
    }
}
