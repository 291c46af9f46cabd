using System;

namespace HvIntrospect.Interpreter.Checking;

/// <summary>Why invalidations that were meant for an entry did not reach it.</summary>
[Flags]
internal enum MaintenanceMistakes
{
    /// <summary>None was issued.</summary>
    None = 0,

    /// <summary>It was issued before the barrier.</summary>
    BeforeBarrier = 1,

    /// <summary>It acted on another VMID.</summary>
    OtherVmid = 2,

    /// <summary>It reached one core only.</summary>
    OnlyLocal = 4,

    /// <summary>Its TTL hint names another level.</summary>
    WrongLevel = 8,

    /// <summary>It followed the one by IPA without a barrier.</summary>
    NotSeparated = 16,

    /// <summary>It was of the form for the last level, and the entry led to a table.</summary>
    LastLevelOnly = 32,

    /// <summary>Its range is not one that it is defined for.</summary>
    UndefinedRange = 64,
}
