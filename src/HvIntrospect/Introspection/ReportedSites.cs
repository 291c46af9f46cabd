using System;

namespace HvIntrospect.Introspection;

/// <summary>Remembers at which PCs something was reported. The guest chooses the PCs, so their number is bounded.</summary>
/// <remarks>Thread-safe.</remarks>
internal sealed class ReportedSites
{
    private const int Capacity = 1024;

    private readonly object _lock = new();
    private readonly ulong[] _sites = new ulong[Capacity];
    private int _count;

    /// <summary>Adds a PC.</summary>
    /// <param name="pc">The PC.</param>
    /// <param name="isLast">True when this is the one that fills the memory: nothing is reported after it.</param>
    /// <returns>True when it was not known and there was room.</returns>
    public bool TryAdd(Va pc, out bool isLast)
    {
        lock (_lock)
        {
            isLast = false;
            if (_count == Capacity)
            {
                return false;
            }

            int index = Array.BinarySearch(_sites, 0, _count, pc.Value);
            if (index >= 0)
            {
                return false;
            }

            Array.Copy(_sites, ~index, _sites, ~index + 1, _count - ~index);
            _sites[~index] = pc.Value;
            _count++;
            isLast = _count == Capacity;
            return true;
        }
    }
}
