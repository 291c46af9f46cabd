namespace HvIntrospect;

/// <summary>The data cache maintenance instructions by address.</summary>
/// <remarks>Arm Architecture Reference Manual (DDI 0487), "A64 System instruction class".</remarks>
public enum DataCacheOperation
{
    /// <summary>DC IVAC: invalidate to the Point of Coherency.</summary>
    Ivac,

    /// <summary>DC CVAC: clean to the Point of Coherency.</summary>
    Cvac,

    /// <summary>DC CVAU: clean to the Point of Unification.</summary>
    Cvau,

    /// <summary>DC CIVAC: clean and invalidate to the Point of Coherency.</summary>
    Civac,

    /// <summary>DC CVAP: clean to the Point of Persistence (FEAT_DPB).</summary>
    Cvap,

    /// <summary>DC CVADP: clean to the Point of Deep Persistence (FEAT_DPB2).</summary>
    Cvadp,

    /// <summary>DC CGDVAC: clean data and Allocation Tags to the Point of Coherency (FEAT_MTE).</summary>
    Cgdvac,

    /// <summary>DC CIGDVAC: clean and invalidate data and Allocation Tags to the Point of Coherency (FEAT_MTE).</summary>
    Cigdvac,

    /// <summary>DC CGDVAP: clean data and Allocation Tags to the Point of Persistence (FEAT_MTE).</summary>
    Cgdvap,

    /// <summary>DC CGDVADP: clean data and Allocation Tags to the Point of Deep Persistence (FEAT_MTE and FEAT_DPB2).</summary>
    Cgdvadp,
}
