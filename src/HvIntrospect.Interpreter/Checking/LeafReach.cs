using System;

namespace HvIntrospect.Interpreter.Checking;

/// <summary>What a guest can do with physical memory by the Stage 2 tables that it uses.</summary>
[Flags]
internal enum LeafReach
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>A leaf maps the memory.</summary>
    Mapped = 1,

    /// <summary>It permits execution, at EL1 or EL0.</summary>
    Executable = 2,

    /// <summary>Stage 2 makes it Device or Non-cacheable memory.</summary>
    Uncached = 4,

    /// <summary>Stage 2 makes it Write-Back memory whatever Stage 1 says (FEAT_S2FWB).</summary>
    WriteBack = 8,
}
