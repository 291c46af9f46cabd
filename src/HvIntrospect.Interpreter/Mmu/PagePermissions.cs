using System;

namespace HvIntrospect.Interpreter.Mmu;

/// <summary>What a translation stage permits in a page, for each Exception level: three bits of <see cref="Stage2Access"/> for EL1, then three for EL0.</summary>
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

    /// <summary>EL0 may read.</summary>
    ReadEl0 = 8,

    /// <summary>EL0 may write.</summary>
    WriteEl0 = 16,

    /// <summary>EL0 may execute.</summary>
    ExecuteEl0 = 32,

    /// <summary>Everything.</summary>
    All = 63,
}
