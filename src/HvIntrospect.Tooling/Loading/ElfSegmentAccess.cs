using System;

namespace HvIntrospect.Tooling.Loading;

/// <summary>What the program wants to do with a segment's memory.</summary>
[Flags]
public enum ElfSegmentAccess
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>Execute (PF_X).</summary>
    Execute = 1,

    /// <summary>Write (PF_W).</summary>
    Write = 2,

    /// <summary>Read (PF_R).</summary>
    Read = 4,
}
