namespace HvIntrospect.Translation.Stage2;

/// <summary>What Stage 2 says about the type of memory. Without HCR_EL2.FWB it is combined with the type of Stage 1: the stricter wins. With it, Stage 2 may decide.</summary>
/// <remarks>
/// Arm Architecture Reference Manual (DDI 0487), "Stage 2 memory type and Cacheability attributes" and "Stage 2 memory type and Cacheability
/// attributes when FWB is 1". Values up to 15 are MemAttr[3:0] as it is without FWB: bits 3:2 the outer, bits 1:0 the inner cacheability (1
/// Non-cacheable, 2 Write-Through, 3 Write-Back), so combinations without a name here are values too. Only the named ones but
/// <see cref="NormalWriteThrough"/> can be said with FWB.
/// </remarks>
public enum Stage2MemoryType : byte
{
    /// <summary>Device-nGnRnE, whatever Stage 1 says.</summary>
    DeviceNGnRnE = 0b0000,

    /// <summary>Device-nGnRE; without FWB, Device-nGnRnE of Stage 1 is stricter.</summary>
    DeviceNGnRE = 0b0001,

    /// <summary>Device-nGRE; without FWB, Stage 1 may be stricter.</summary>
    DeviceNGRE = 0b0010,

    /// <summary>Device-GRE; without FWB, Stage 1 may be stricter.</summary>
    DeviceGRE = 0b0011,

    /// <summary>Normal, Inner and Outer Non-cacheable; Device of Stage 1 stays Device.</summary>
    NormalNonCacheable = 0b0101,

    /// <summary>Normal, Inner and Outer Write-Through, or what is stricter of Stage 1. It cannot be said with FWB.</summary>
    NormalWriteThrough = 0b1010,

    /// <summary>Normal, Inner and Outer Write-Back. Without FWB this leaves the type to Stage 1, whose caches may be off; with FWB the memory is Write-Back whatever Stage 1 says.</summary>
    NormalWriteBack = 0b1111,

    /// <summary>The type of Stage 1, unchanged. It can be said with FWB only; without it, <see cref="NormalWriteBack"/> has this meaning.</summary>
    Stage1Decides = 0b1_0000,
}
