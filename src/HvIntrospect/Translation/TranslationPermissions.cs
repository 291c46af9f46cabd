using System;

namespace HvIntrospect.Translation;

/// <summary>What a translation permits at EL0 and at EL1, without PSTATE.PAN: of Stage 1 with hierarchical permissions, PXN, UXN and WXN applied, or of both stages together.</summary>
/// <remarks>Arm Architecture Reference Manual (DDI 0487), "Memory access control".</remarks>
[Flags]
public enum TranslationPermissions : byte
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>Reads at EL0.</summary>
    El0Read = 1,

    /// <summary>Writes at EL0.</summary>
    El0Write = 2,

    /// <summary>Fetches at EL0.</summary>
    El0Fetch = 4,

    /// <summary>Reads at EL1.</summary>
    El1Read = 8,

    /// <summary>Writes at EL1.</summary>
    El1Write = 16,

    /// <summary>Fetches at EL1.</summary>
    El1Fetch = 32,

    /// <summary>Everything, as while Stage 1 is off.</summary>
    All = El0Read | El0Write | El0Fetch | El1Read | El1Write | El1Fetch,
}
