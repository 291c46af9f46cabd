using System;

namespace HvIntrospect.Registers;

/// <summary>The one-bit fields of MDCR_EL2.</summary>
/// <remarks>Arm Architecture Reference Manual (DDI 0487), "MDCR_EL2, Monitor Debug Configuration Register (EL2)".</remarks>
[Flags]
public enum MdcrBits : ulong
{
    /// <summary>No bit.</summary>
    None = 0,

    /// <summary>TPMCR: PMCR_EL0 is trapped.</summary>
    Tpmcr = 1UL << 5,

    /// <summary>TPM: Performance Monitors registers are trapped.</summary>
    Tpm = 1UL << 6,

    /// <summary>HPME: the event counters of EL2 are enabled.</summary>
    Hpme = 1UL << 7,

    /// <summary>TDE: debug exceptions are taken to EL2; the other traps of debug registers act as set.</summary>
    Tde = 1UL << 8,

    /// <summary>TDA: debug registers are trapped, except those of TDOSA and TDRA.</summary>
    Tda = 1UL << 9,

    /// <summary>TDOSA: OS Lock, OS Double Lock and power control registers are trapped.</summary>
    Tdosa = 1UL << 10,

    /// <summary>TDRA: the debug ROM address is trapped.</summary>
    Tdra = 1UL << 11,

    /// <summary>TPMS: Statistical Profiling controls are trapped (FEAT_SPE).</summary>
    Tpms = 1UL << 14,

    /// <summary>TTRF: Trace filter controls are trapped (FEAT_TRF).</summary>
    Ttrf = 1UL << 19,

    /// <summary>TDCC: the debug communications channel is trapped (FEAT_FGT).</summary>
    Tdcc = 1UL << 27,
}
