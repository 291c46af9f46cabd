using System;

namespace HvIntrospect.Translation.Stage2;

/// <summary>From which Exception levels Stage 2 permits instruction fetches: what XN[1:0] says. One level alone needs FEAT_XNX.</summary>
/// <remarks>Arm Architecture Reference Manual (DDI 0487), "Stage 2 instruction execution using Direct permissions".</remarks>
[Flags]
public enum Stage2Execution : byte
{
    /// <summary>Nowhere.</summary>
    None = 0,

    /// <summary>At EL0.</summary>
    El0 = 1,

    /// <summary>At EL1.</summary>
    El1 = 2,

    /// <summary>At EL0 and at EL1.</summary>
    Both = El0 | El1,
}
