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
}
