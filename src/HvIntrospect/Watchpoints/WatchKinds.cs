using System;

namespace HvIntrospect.Watchpoints;

/// <summary>The kinds of access that a watch sees.</summary>
[Flags]
public enum WatchKinds : byte
{
    /// <summary>Nothing; not a valid watch.</summary>
    None = 0,

    /// <summary>Reads.</summary>
    Read = 1,

    /// <summary>Writes.</summary>
    Write = 2,

    /// <summary>Reads and writes; as the kind of one access: a read and a write in one, by an atomic instruction.</summary>
    ReadWrite = Read | Write,

    /// <summary>
    /// Executed instructions: each one whose word overlaps the range, before it is executed. An instruction that takes an exception counts as executed, and again when it
    /// is executed after the return.
    /// </summary>
    Execute = 4,
}
