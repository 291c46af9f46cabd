namespace HvIntrospect.Registers;

/// <summary>The size of the pages and tables of a translation stage.</summary>
/// <remarks>Arm Architecture Reference Manual (DDI 0487), "Translation granules". The value is the base-two logarithm of the size in bytes.</remarks>
public enum GranuleSize : byte
{
    /// <summary>No granule: a reserved value of a TG field.</summary>
    None = 0,

    /// <summary>4 KB.</summary>
    Size4K = 12,

    /// <summary>16 KB.</summary>
    Size16K = 14,

    /// <summary>64 KB.</summary>
    Size64K = 16,
}
