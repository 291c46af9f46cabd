using System;

namespace HvIntrospect.Registers;

/// <summary>The fields of HCRX_EL2 that the library knows, all of one bit.</summary>
/// <remarks>Arm Architecture Reference Manual (DDI 0487), "HCRX_EL2, Extended Hypervisor Configuration Register".</remarks>
[Flags]
public enum HcrxBits : ulong
{
    /// <summary>No bit.</summary>
    None = 0,

    /// <summary>TCR2En: EL1 may access TCR2_EL1, whose fields otherwise count as 0.</summary>
    Tcr2En = 1UL << 14,

    /// <summary>PTTWI: TCR2_EL1.PTTWI has an effect (FEAT_THE).</summary>
    Pttwi = 1UL << 16,
}
