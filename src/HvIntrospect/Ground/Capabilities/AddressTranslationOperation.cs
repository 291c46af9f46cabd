namespace HvIntrospect;

/// <summary>The address translation instructions that EL2 uses: for the EL1&amp;0 regime, and for its own.</summary>
/// <remarks>Arm Architecture Reference Manual (DDI 0487), "A64 System instruction class".</remarks>
public enum AddressTranslationOperation
{
    /// <summary>AT S1E1R: Stage 1 as an EL1 read.</summary>
    S1E1R,

    /// <summary>AT S1E1W: Stage 1 as an EL1 write.</summary>
    S1E1W,

    /// <summary>AT S1E0R: Stage 1 as an EL0 read.</summary>
    S1E0R,

    /// <summary>AT S1E0W: Stage 1 as an EL0 write.</summary>
    S1E0W,

    /// <summary>AT S12E1R: Stage 1 and 2 as an EL1 read.</summary>
    S12E1R,

    /// <summary>AT S12E1W: Stage 1 and 2 as an EL1 write.</summary>
    S12E1W,

    /// <summary>AT S12E0R: Stage 1 and 2 as an EL0 read.</summary>
    S12E0R,

    /// <summary>AT S12E0W: Stage 1 and 2 as an EL0 write.</summary>
    S12E0W,

    /// <summary>AT S1E2R: Stage 1 of the regime of EL2 itself, as a read.</summary>
    S1E2R,

    /// <summary>AT S1E2W: Stage 1 of the regime of EL2 itself, as a write.</summary>
    S1E2W,
}
