using System;
using System.Diagnostics.CodeAnalysis;
using System.Threading;

namespace HvIntrospect.Mmio;

/// <summary>Tells which device owns an IPA.</summary>
/// <remarks>Thread-safe: look-ups take no lock and may run beside <see cref="Map"/> and <see cref="Unmap"/>.</remarks>
public sealed class MmioBus
{
    private readonly object _changeLock = new();
    private Mapping[] _mappings = [];

    /// <summary>Maps a device on a range that nothing owns yet.</summary>
    /// <param name="range">The range; it need not be aligned to pages.</param>
    /// <param name="device">The device.</param>
    /// <exception cref="ArgumentException"><paramref name="range"/> overlaps a range that is mapped, or it is empty; nothing was changed.</exception>
    public void Map(IpaRange range, IMmioDevice device)
    {
        IMmioDevice added = device ?? throw new ArgumentNullException(nameof(device));
        if (range.Length == 0)
        {
            throw new ArgumentException("A device's range is at least 1 byte long.", nameof(range));
        }

        lock (_changeLock)
        {
            Mapping[] old = _mappings;
            int index = IndexAbove(old, range.Start);
            Refuse(range, old, index - 1);
            Refuse(range, old, index);
            var changed = new Mapping[old.Length + 1];
            Array.Copy(old, changed, index);
            changed[index] = new Mapping(range, added);
            Array.Copy(old, index, changed, index + 1, old.Length - index);
            Volatile.Write(ref _mappings, changed);
        }
    }

    /// <summary>Takes a device away. A vCPU that has found it already may still call it once.</summary>
    /// <param name="range">The range as it was given to <see cref="Map"/>.</param>
    /// <returns>False when no device is mapped on exactly this range.</returns>
    public bool Unmap(IpaRange range)
    {
        lock (_changeLock)
        {
            Mapping[] old = _mappings;
            int index = Array.FindIndex(old, mapping => mapping.Range == range);
            if (index < 0)
            {
                return false;
            }

            var changed = new Mapping[old.Length - 1];
            Array.Copy(old, changed, index);
            Array.Copy(old, index + 1, changed, index, changed.Length - index);
            Volatile.Write(ref _mappings, changed);
            return true;
        }
    }

    /// <summary>Finds the device that owns an address.</summary>
    /// <param name="address">The address.</param>
    /// <param name="device">The device.</param>
    /// <param name="range">The range that it is mapped on.</param>
    /// <returns>False when nothing owns the address.</returns>
    public bool TryFind(Ipa address, [NotNullWhen(true)] out IMmioDevice? device, out IpaRange range)
    {
        Mapping[] mappings = Volatile.Read(ref _mappings);
        int index = IndexAbove(mappings, address) - 1;
        if (index >= 0 && mappings[index].Range.Contains(address))
        {
            device = mappings[index].Device;
            range = mappings[index].Range;
            return true;
        }

        device = null;
        range = default;
        return false;
    }

    /// <summary>The index of the first mapping that starts above an address.</summary>
    private static int IndexAbove(Mapping[] mappings, Ipa address)
    {
        int low = 0;
        int high = mappings.Length;
        while (low < high)
        {
            int middle = (low + high) >> 1;
            if (mappings[middle].Range.Start <= address)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return low;
    }

    private static void Refuse(IpaRange range, Mapping[] mappings, int neighbour)
    {
        if ((uint)neighbour < (uint)mappings.Length && mappings[neighbour].Range.Overlaps(range))
        {
            throw new ArgumentException("The range " + range + " overlaps the device on " + mappings[neighbour].Range + ".", nameof(range));
        }
    }

    private readonly struct Mapping
    {
        public Mapping(IpaRange range, IMmioDevice device)
        {
            Range = range;
            Device = device;
        }

        public IpaRange Range { get; }

        public IMmioDevice Device { get; }
    }
}
