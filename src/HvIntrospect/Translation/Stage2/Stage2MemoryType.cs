namespace HvIntrospect.Translation.Stage2;

/// <summary>A Stage 2 memory type, encoded as the MemAttr[3:0] field without FEAT_S2FWB. It is combined with the type of Stage 1: the stricter wins.</summary>
/// <remarks>
/// Arm Architecture Reference Manual (DDI 0487), "Stage 2 memory type and Cacheability attributes". Bits 3:2 are the outer, bits 1:0 the
/// inner cacheability; combinations without a name here are values too.
/// </remarks>
public enum Stage2MemoryType : byte
{
    /// <summary>Device-nGnRnE.</summary>
    DeviceNGnRnE = 0b0000,

    /// <summary>Device-nGnRE.</summary>
    DeviceNGnRE = 0b0001,

    /// <summary>Device-nGRE.</summary>
    DeviceNGRE = 0b0010,

    /// <summary>Device-GRE.</summary>
    DeviceGRE = 0b0011,

    /// <summary>Normal, Inner and Outer Non-cacheable.</summary>
    NormalNonCacheable = 0b0101,

    /// <summary>Normal, Inner and Outer Write-Through.</summary>
    NormalWriteThrough = 0b1010,

    /// <summary>Normal, Inner and Outer Write-Back.</summary>
    NormalWriteBack = 0b1111,
}
