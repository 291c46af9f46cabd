using HvIntrospect.Translation.Stage2;

namespace HvIntrospect.Translation;

/// <summary>What both stages together make of the type, the cacheability and the shareability of memory.</summary>
/// <remarks>
/// Arm Architecture Reference Manual (DDI 0487), "Combining stage 1 and stage 2 memory type attributes", "Stage 2 memory type and
/// Cacheability attributes when FWB is enabled" and "Combining the stage 1 and stage 2 Shareability attributes for Normal memory". Thread-safe.
/// </remarks>
internal static class AttributeCombination
{
    private const int NonCacheable = 4;
    private const int WriteThrough = 8;
    private const int WriteBack = 12;
    private const int Allocating = 3;

    /// <summary>Combines the types of both stages.</summary>
    /// <param name="stage1">The type of Stage 1, whose allocation hints stay.</param>
    /// <param name="stage2">The type of Stage 2.</param>
    /// <param name="forcesWriteBack">The Effective value of HCR_EL2.FWB.</param>
    /// <returns>The type of an access.</returns>
    public static MemoryAttributes Combine(MemoryAttributes stage1, Stage2MemoryType stage2, bool forcesWriteBack)
    {
        if (stage2 <= Stage2MemoryType.DeviceGRE)
        {
            // Of two Device types the one that permits less has the smaller encoding.
            var device = new MemoryAttributes((byte)((int)stage2 << 2));
            return stage1.IsDevice && stage1.Value < device.Value ? stage1 : device;
        }

        if (!forcesWriteBack)
        {
            return stage1.IsDevice ? stage1 : Limit(stage1, (int)stage2 >> 2, (int)stage2 & 3);
        }

        return stage2 switch
        {
            Stage2MemoryType.Stage1Decides => stage1,
            Stage2MemoryType.NormalWriteBack => Force(stage1),
            _ => stage1.IsDevice ? stage1 : MemoryAttributes.NormalNonCacheable,
        };
    }

    /// <summary>Combines the shareability of both stages: the wider one.</summary>
    /// <param name="type">The combined type; Device and Non-cacheable memory is Outer Shareable.</param>
    /// <param name="stage1">The type of Stage 1.</param>
    /// <param name="first">The shareability of Stage 1.</param>
    /// <param name="second">The shareability of Stage 2.</param>
    /// <returns>The shareability of an access.</returns>
    public static Shareability Combine(MemoryAttributes type, MemoryAttributes stage1, Shareability first, Shareability second)
    {
        // IMPLEMENTATION DEFINED choice: what Stage 1 makes Device or Non-cacheable comes to Stage 2 as Outer Shareable. CONSTRAINED UNPREDICTABLE
        // choice: the reserved value means Non-shareable.
        first = Effective(stage1, first);
        bool isOuter = first == Shareability.OuterShareable || second == Shareability.OuterShareable;
        bool isInner = first == Shareability.InnerShareable || second == Shareability.InnerShareable;
        return Effective(type, isOuter ? Shareability.OuterShareable : isInner ? Shareability.InnerShareable : Shareability.NonShareable);
    }

    /// <summary>Gets the shareability that memory of a type has whatever a descriptor says.</summary>
    public static Shareability Effective(MemoryAttributes type, Shareability configured) =>
        type.IsDevice || type.IsNonCacheable ? Shareability.OuterShareable : configured;

    // FWB = 0: the weaker cacheability of each half. 1 is Non-cacheable, 2 Write-Through, 3 Write-Back; 0 of the inner half is reserved and means Non-cacheable.
    private static MemoryAttributes Limit(MemoryAttributes stage1, int outer, int inner)
    {
        if (stage1.IsTagged)
        {
            // Tagged only where both stages are Write-Back.
            return outer == 3 && inner == 3 ? stage1 : Limit(MemoryAttributes.NormalWriteBack, outer, inner);
        }

        return new MemoryAttributes((byte)((Limit(stage1.Value >> 4, outer) << 4) | Limit(stage1.Value & 15, inner)));
    }

    private static int Limit(int half, int stage2) => stage2 switch
    {
        3 => half,

        // IMPLEMENTATION DEFINED choice: Write-Through that comes from Stage 2 is not transient.
        2 => IsWriteBack(half) ? WriteThrough | (half & Allocating) : half,
        _ => NonCacheable,
    };

    // FWB = 1: Write-Back, with the hints of a Stage 1 that is cacheable.
    private static MemoryAttributes Force(MemoryAttributes stage1) =>
        stage1.IsTagged ? stage1
        : stage1.IsDevice ? MemoryAttributes.NormalWriteBack
        : new MemoryAttributes((byte)((Force(stage1.Value >> 4) << 4) | Force(stage1.Value & 15)));

    private static int Force(int half) =>
        half is 0 or NonCacheable ? WriteBack | Allocating
        : half | NonCacheable;

    private static bool IsWriteBack(int half) => half > NonCacheable && (half & NonCacheable) != 0;
}
