using System;

namespace HvIntrospect.Translation.Stage2;

/// <summary>A run of intermediate physical addresses whose Stage 2 entries are stale.</summary>
internal readonly struct StaleRun
{
    public StaleRun(ulong start, ulong last, int? level, bool hasTables)
    {
        Start = start;
        Last = last;
        Level = level;
        HasTables = hasTables;
    }

    /// <summary>Gets the first address.</summary>
    public ulong Start { get; }

    /// <summary>Gets the last address.</summary>
    public ulong Last { get; }

    /// <summary>Gets the level of all blocks or pages of the run; null where they are of several.</summary>
    public int? Level { get; }

    /// <summary>Gets a value indicating whether the tables on the way are stale too.</summary>
    public bool HasTables { get; }

    /// <summary>Tells whether another run continues this one.</summary>
    public bool IsContinuedBy(in StaleRun next) => next.Start == Last + 1 && next.Level == Level && next.HasTables == HasTables && Level is not null;

    /// <summary>Gets the run up to another last address.</summary>
    public StaleRun Until(ulong last) => new(Start, last, Level, HasTables);

    /// <summary>Gets the smallest run that has this and another one, and whatever lies between.</summary>
    public StaleRun Around(in StaleRun other) => new(Math.Min(Start, other.Start), Math.Max(Last, other.Last), null, hasTables: true);
}
