namespace HvIntrospect.Watchpoints;

/// <summary>The answers of several handlers to one element, combined by precedence.</summary>
internal struct WatchDecision
{
    private ulong _data;
    private ulong _mask;
    private ulong _conflicts;

    /// <summary>Gets a value indicating whether some handler wants the vCPU to stop first.</summary>
    public bool Stops { get; private set; }

    /// <summary>Gets what happens to the element when it is performed: the highest answer that is not a stop.</summary>
    public WatchResponseKind Kind { readonly get; private set; }

    /// <summary>Gets a value indicating whether two handlers replaced one byte differently.</summary>
    public readonly bool HasConflict => _conflicts != 0;

    /// <summary>Adds one answer.</summary>
    /// <param name="response">The answer.</param>
    public void Add(in WatchResponse response)
    {
        if (response.Kind == WatchResponseKind.Stop)
        {
            Stops = true;
            return;
        }

        if (response.Kind > Kind)
        {
            Kind = response.Kind;
        }

        if (response.Kind == WatchResponseKind.Replace)
        {
            ulong both = _mask & response.Mask;
            ulong differing = (_data ^ response.Data) & both;
            _conflicts |= BytesWithAnyBit(differing);
            _data |= response.Data & response.Mask & ~_mask;
            _mask |= response.Mask;
        }
    }

    /// <summary>Gets the answers without the wish to stop, which has been fulfilled.</summary>
    /// <returns>What happens when the element is performed.</returns>
    public readonly WatchDecision WithoutStop()
    {
        WatchDecision decision = this;
        decision.Stops = false;
        return decision;
    }

    /// <summary>Applies the replacements to the bytes that the guest has. A byte with different replacements keeps the guest's value.</summary>
    /// <param name="value">The bytes as a little-endian number.</param>
    /// <returns>The bytes to use instead.</returns>
    public readonly ulong Apply(ulong value)
    {
        ulong mask = _mask & ~_conflicts;
        return (value & ~mask) | (_data & mask);
    }

    /// <summary>Widens each byte that is not zero to 0xFF.</summary>
    private static ulong BytesWithAnyBit(ulong value)
    {
        ulong result = 0;
        for (int shift = 0; shift < 64; shift += 8)
        {
            if (((value >> shift) & 0xFF) != 0)
            {
                result |= 0xFFUL << shift;
            }
        }

        return result;
    }
}
