namespace HvIntrospect.Watchpoints;

/// <summary>The answers of several handlers to one element, combined by precedence. Of an element that is larger than 8 bytes each part has one, for its replacements; the rest is in the first.</summary>
internal struct WatchDecision
{
    private ulong _data;
    private ulong _mask;
    private ulong _conflicts;

    /// <summary>Gets a value indicating whether some handler wants the vCPU to stop first.</summary>
    public bool Stops { get; private set; }

    /// <summary>Gets what happens to the element when it is performed: the highest answer that is not a stop.</summary>
    public WatchResponseKind Kind { readonly get; private set; }

    /// <summary>Gets the number of the watch that answered last; 0 when none has.</summary>
    public int LastWatch { readonly get; private set; }

    /// <summary>Gets or sets the number of the element among all that watches have seen; 0 until one sees it.</summary>
    public long Sequence { readonly get; set; }

    /// <summary>Gets a value indicating whether two handlers replaced one byte differently.</summary>
    public readonly bool HasConflict => _conflicts != 0;

    /// <summary>Adds one answer.</summary>
    /// <param name="response">The answer.</param>
    /// <param name="watch">The number of the watch that gave it.</param>
    public void Add(in WatchResponse response, int watch)
    {
        LastWatch = watch;
        if (response.Kind == WatchResponseKind.Stop)
        {
            Stops = true;
            return;
        }

        if (response.Kind > Kind)
        {
            Kind = response.Kind;
        }

    }

    /// <summary>Adds the replacements of one answer.</summary>
    /// <param name="data">The replacing bytes as a little-endian number.</param>
    /// <param name="mask">0xFF for each byte that is replaced.</param>
    public void Replace(ulong data, ulong mask)
    {
        ulong differing = (_data ^ data) & _mask & mask;
        _conflicts |= BytesWithAnyBit(differing);
        _data |= data & mask & ~_mask;
        _mask |= mask;
    }

    /// <summary>Takes the wish to stop away, because it is being fulfilled.</summary>
    public void ClearStop() => Stops = false;

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
