using HvIntrospect.Registers;

namespace HvIntrospect.Translation.Stage2;

/// <summary>A range of intermediate physical addresses of which Stage 2 tables say one thing: mapped to consecutive physical addresses with the same attributes, or not readable for the same reason.</summary>
/// <remarks>Immutable and thread-safe.</remarks>
public readonly struct Stage2Range
{
    private readonly Stage2Translation _first;

    internal Stage2Range(IpaRange ipas, in Stage2Translation first)
        : this(ipas, first, first.Attributes with { IsContiguous = false }, 1, first.Attributes.IsContiguous ? 1 : 0, first.DescriptorSpan, first.DescriptorSpan)
    {
    }

    private Stage2Range(
        IpaRange ipas, in Stage2Translation first, Stage2Attributes attributes, long descriptors, long contiguous, ulong smallest, ulong largest)
    {
        Ipas = ipas;
        _first = first;
        Attributes = attributes;
        Descriptors = descriptors;
        ContiguousDescriptors = contiguous;
        SmallestSize = smallest;
        LargestSize = largest;
    }

    /// <summary>Gets the intermediate physical addresses.</summary>
    public IpaRange Ipas { get; }

    /// <summary>Gets a value indicating whether the range is mapped, so that <see cref="Pa"/> and <see cref="Attributes"/> are valid. Otherwise a table lies where no memory is, an address is too large, or a valid descriptor is none that its level may have: <see cref="Status"/>.</summary>
    public bool IsMapped => _first.IsMapped;

    /// <summary>Gets the physical address of the first byte; the others follow it. 0 when the range is not mapped.</summary>
    public Pa Pa => _first.Pa;

    /// <summary>Gets the attributes of every block and page, without the Contiguous bit, which is a hint: <see cref="ContiguousDescriptors"/>.</summary>
    public Stage2Attributes Attributes { get; }

    /// <summary>Gets the fault of an access that needs no permission. An Access flag fault leaves the range mapped; meaningful where <see cref="Stage2Translation.IsFault"/> of <see cref="First"/> is true.</summary>
    public FaultStatus Status => _first.Status;

    /// <summary>Gets what a walk of the first byte found.</summary>
    public Stage2Translation First => _first;

    /// <summary>Gets the number of blocks and pages, or of descriptors that cannot be followed.</summary>
    public long Descriptors { get; }

    /// <summary>Gets how many of the blocks and pages have the Contiguous bit.</summary>
    public long ContiguousDescriptors { get; }

    /// <summary>Gets the size in bytes of the smallest block or page, or of what the smallest unusable descriptor stands for.</summary>
    public ulong SmallestSize { get; }

    /// <summary>Gets the size in bytes of the largest block or page, or of what the largest unusable descriptor stands for.</summary>
    public ulong LargestSize { get; }

    /// <summary>Formats the range.</summary>
    /// <returns>For example <c>0x40000000..0x4fffffff -> 0x80000000 (rw- NormalWriteBack InnerShareable)</c>.</returns>
    public override string ToString() =>
        Ipas.Start + ".." + Ipas.Last + (IsMapped ? " -> " + Pa + " (" + Attributes + ")" : ": " + Status);

    /// <summary>Joins what follows immediately; false where it says another thing.</summary>
    internal bool TryJoin(in Stage2Range next, out Stage2Range joined)
    {
        joined = this;
        bool isSame = unchecked(Ipas.Last.Value + 1) == next.Ipas.Start.Value
            && IsMapped == next.IsMapped
            && (IsMapped
                ? unchecked(Pa.Value + Ipas.Length) == next.Pa.Value && Attributes == next.Attributes
                : Status == next.Status);
        if (isSame)
        {
            joined = new Stage2Range(
                new IpaRange(Ipas.Start, Ipas.Length + next.Ipas.Length),
                _first,
                Attributes,
                Descriptors + next.Descriptors,
                ContiguousDescriptors + next.ContiguousDescriptors,
                System.Math.Min(SmallestSize, next.SmallestSize),
                System.Math.Max(LargestSize, next.LargestSize));
        }

        return isSame;
    }

    /// <summary>Gets the part of a mapped range, of one block or page, that lies at some physical addresses.</summary>
    internal Stage2Range Part(ulong offset, ulong length, in Stage2Translation first) => new(new IpaRange(Ipas.Start + offset, length), first);
}
