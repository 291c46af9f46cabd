using System;

namespace HvIntrospect.A64;

/// <summary>The registers that a load/store names beside the base register.</summary>
[Flags]
public enum LoadStoreOperands : byte
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>The first transfer register.</summary>
    Rt = 1 << 0,

    /// <summary>The second transfer register.</summary>
    Rt2 = 1 << 1,

    /// <summary>The status, comparand or source register.</summary>
    Rs = 1 << 2,

    /// <summary>The index register.</summary>
    Rm = 1 << 3,

    /// <summary>The second comparand.</summary>
    Rs2 = 1 << 4,

    /// <summary>The destination address of CPY* and SET*.</summary>
    Rd = 1 << 5,
}
