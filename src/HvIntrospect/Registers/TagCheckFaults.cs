namespace HvIntrospect.Registers;

/// <summary>What a failed check of an Allocation Tag leads to: SCTLR_EL1.TCF and TCF0.</summary>
/// <remarks>Arm Architecture Reference Manual (DDI 0487), "SCTLR_EL1, System Control Register (EL1)".</remarks>
public enum TagCheckFaults : byte
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>A synchronous exception.</summary>
    Synchronous,

    /// <summary>A bit of TFSR_EL1 or TFSRE0_EL1 is set.</summary>
    Asynchronous,

    /// <summary>A synchronous exception for reads, a bit for writes (FEAT_MTE3, otherwise reserved).</summary>
    Asymmetric,
}
