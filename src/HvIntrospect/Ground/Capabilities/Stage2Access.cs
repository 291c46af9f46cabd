using System;

namespace HvIntrospect;

/// <summary>What Stage 2 permits.</summary>
[Flags]
public enum Stage2Access : byte
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>Data reads, and reads of a Stage 1 walk.</summary>
    Read = 1,

    /// <summary>Data writes, and hardware updates of a Stage 1 walk.</summary>
    Write = 2,

    /// <summary>Instruction fetches.</summary>
    Execute = 4,

    /// <summary>Reads and writes.</summary>
    ReadWrite = Read | Write,

    /// <summary>Everything.</summary>
    All = Read | Write | Execute,
}
