namespace HvIntrospect.Mmio.Gic;

/// <summary>The interrupt that a CPU interface considers: of those that could be taken, the one with the highest priority.</summary>
internal readonly struct PendingInterrupt
{
    /// <summary>The number that says that there is none.</summary>
    public const int Spurious = 1023;

    private const int SourceShift = 10;

    /// <summary>Describes an interrupt.</summary>
    /// <param name="id">The number.</param>
    /// <param name="source">Who has sent it, for an SGI; otherwise 0.</param>
    /// <param name="priority">The priority; 0 is the highest one.</param>
    /// <param name="isGroup1">The group.</param>
    /// <param name="index">Where its source finds it again.</param>
    public PendingInterrupt(int id, int source, int priority, bool isGroup1, int index)
    {
        Id = id;
        Source = source;
        Priority = priority;
        IsGroup1 = isGroup1;
        Index = index;
    }

    /// <summary>Gets what stands for no interrupt: its priority is lower than all.</summary>
    public static PendingInterrupt None => new(Spurious, 0, ActivePriorities.Idle, false, 0);

    /// <summary>Gets the number, or <see cref="Spurious"/>.</summary>
    public int Id { get; }

    /// <summary>Gets who has sent it, for an SGI; otherwise 0.</summary>
    public int Source { get; }

    /// <summary>Gets the priority.</summary>
    public int Priority { get; }

    /// <summary>Gets the group.</summary>
    public bool IsGroup1 { get; }

    /// <summary>Gets where its source finds it again.</summary>
    public int Index { get; }

    /// <summary>Gets what the acknowledge register tells of it.</summary>
    public uint Value => (uint)Id | ((uint)Source << SourceShift);
}
