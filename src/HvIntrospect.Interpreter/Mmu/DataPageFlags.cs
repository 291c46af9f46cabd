using System;

namespace HvIntrospect.Interpreter.Mmu;

/// <summary>What the slow path of an access needs to know of a page.</summary>
[Flags]
internal enum DataPageFlags : ulong
{
    /// <summary>Nothing is permitted.</summary>
    None = 0,

    /// <summary>Reads are permitted by both stages.</summary>
    Read = 1,

    /// <summary>Writes are permitted by both stages.</summary>
    Write = 2,

    /// <summary>Reads are permitted but for the inline access filter, which decides them.</summary>
    FilterRead = 4,

    /// <summary>Writes are permitted but for the inline access filter, which decides them.</summary>
    FilterWrite = 8,

    /// <summary>The memory type is Device.</summary>
    Device = 16,

    /// <summary>The memory type is Device because of Stage 2 alone.</summary>
    Stage2Device = 32,

    /// <summary>There is RAM at the physical address.</summary>
    Ram = 64,

    /// <summary>A watchpoint may hit in the page, so that nothing is accessed by host pointer alone.</summary>
    Watchpoint = 128,

    /// <summary>The memory has Allocation Tags.</summary>
    Tagged = 256,
}
