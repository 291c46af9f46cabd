using System;

namespace HvIntrospect.Registers;

/// <summary>The fields of TCR2_EL1 that the library knows, all of one bit.</summary>
/// <remarks>Arm Architecture Reference Manual (DDI 0487), "TCR2_EL1, Extended Translation Control Register (EL1)".</remarks>
[Flags]
public enum Tcr2Bits : ulong
{
    /// <summary>No bit.</summary>
    None = 0,

    /// <summary>PnCH: bit 52 of a Stage 1 descriptor is Protected instead of Contiguous (FEAT_THE).</summary>
    PnCh = 1UL << 0,

    /// <summary>PIE: permissions of Stage 1 are indirect (FEAT_S1PIE).</summary>
    Pie = 1UL << 1,

    /// <summary>D128: Stage 1 uses 128-bit descriptors (FEAT_D128).</summary>
    D128 = 1UL << 5,

    /// <summary>PTTWI: table walks may be incoherent with the writes of RCWS instructions (FEAT_THE).</summary>
    Pttwi = 1UL << 10,
}
