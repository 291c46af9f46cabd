using System;

namespace HvIntrospect;

/// <summary>What Stage 2 permits.</summary>
/// <remarks>
/// Arm Architecture Reference Manual (DDI 0487), "Stage 2 data accesses using Direct permissions" and "Stage 2 instruction execution using Direct permissions".
/// Where fetches cannot be permitted at one Exception level alone (<see cref="Stage2AccessSupport.ExecuteByLevel"/>), both bits of them are always the same.
/// </remarks>
[Flags]
public enum Stage2Access : byte
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>Data reads, and reads of a Stage 1 walk.</summary>
    Read = 1,

    /// <summary>Data writes, and hardware updates of a Stage 1 walk.</summary>
    Write = 2,

    /// <summary>Instruction fetches at EL1.</summary>
    ExecuteEl1 = 4,

    /// <summary>Instruction fetches at EL0.</summary>
    ExecuteEl0 = 8,

    /// <summary>All instruction fetches.</summary>
    Execute = ExecuteEl1 | ExecuteEl0,

    /// <summary>Reads and writes.</summary>
    ReadWrite = Read | Write,

    /// <summary>Everything.</summary>
    All = Read | Write | Execute,
}
