namespace HvIntrospect;

/// <summary>Domain and access types of a DMB or DSB.</summary>
/// <remarks>Arm Architecture Reference Manual (DDI 0487), "A64 System instruction class".</remarks>
public enum BarrierOption
{
    /// <summary>Outer Shareable, loads.</summary>
    Oshld,

    /// <summary>Outer Shareable, stores.</summary>
    Oshst,

    /// <summary>Outer Shareable, all accesses.</summary>
    Osh,

    /// <summary>Non-shareable, loads.</summary>
    Nshld,

    /// <summary>Non-shareable, stores.</summary>
    Nshst,

    /// <summary>Non-shareable, all accesses.</summary>
    Nsh,

    /// <summary>Inner Shareable, loads.</summary>
    Ishld,

    /// <summary>Inner Shareable, stores.</summary>
    Ishst,

    /// <summary>Inner Shareable, all accesses.</summary>
    Ish,

    /// <summary>Full system, loads.</summary>
    Ld,

    /// <summary>Full system, stores.</summary>
    St,

    /// <summary>Full system, all accesses.</summary>
    Sy,
}
