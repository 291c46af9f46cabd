using System;

namespace HvIntrospect.Interpreter.Mmu;

/// <summary>What a translation stage permits in a page, for each Exception level: the bits of <see cref="Stage2Access"/> with data accesses for EL1, then those for EL0.</summary>
[Flags]
internal enum PagePermissions : byte
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>EL1 may read.</summary>
    ReadEl1 = 1,

    /// <summary>EL1 may write.</summary>
    WriteEl1 = 2,

    /// <summary>EL1 may execute.</summary>
    ExecuteEl1 = 4,

    /// <summary>EL0 may execute.</summary>
    ExecuteEl0 = 8,

    /// <summary>EL0 may read.</summary>
    ReadEl0 = 16,

    /// <summary>EL0 may write.</summary>
    WriteEl0 = 32,

    /// <summary>Everything.</summary>
    All = 63,
}
