using System;

namespace HvIntrospect.Interpreter.Mmu;

/// <summary>The type, cacheability and shareability of memory.</summary>
/// <remarks>Arm Architecture Reference Manual (DDI 0487), "Combining memory type, cacheability and shareability attributes".</remarks>
internal readonly struct MemoryAttributes
{
    private const byte TaggedType = 0xF0;
    private const byte WriteBack = 0xFF;
    private const byte NonCacheable = 4;
    private const byte WriteThrough = 8;
    private const byte OuterShareable = 2;
    private const byte InnerShareable = 3;
    private readonly byte _shareability;

    /// <summary>Initialises attributes.</summary>
    /// <param name="type">As MAIR_ELx encodes it.</param>
    /// <param name="shareability">SH of the descriptor: 0 none, 2 outer, 3 inner; 1 is reserved and means none.</param>
    public MemoryAttributes(byte type, int shareability)
    {
        Type = type;
        _shareability = (byte)(shareability == 1 ? 0 : shareability);
    }

    /// <summary>Gets what Stage 1 gives to data accesses while it is off: Device-nGnRnE.</summary>
    public static MemoryAttributes StronglyOrdered => new(0, OuterShareable);

    /// <summary>Gets what HCR_EL2.DC gives: Normal Write-Back, allocating, Non-shareable.</summary>
    public static MemoryAttributes DefaultCacheable => new(0xFF, 0);

    /// <summary>Gets what HCR_EL2.DC and DCT give: as <see cref="DefaultCacheable"/>, and Tagged.</summary>
    public static MemoryAttributes DefaultTagged => new(TaggedType, 0);

    /// <summary>Gets the type as MAIR_ELx and PAR_EL1.ATTR encode it.</summary>
    public byte Type { get; }

    /// <summary>Gets a value indicating whether the memory has Allocation Tags: Tagged Normal Write-Back, on cores with FEAT_MTE2.</summary>
    public bool IsTagged => Type == TaggedType;

    /// <summary>Gets a value indicating whether the memory is Device memory.</summary>
    public bool IsDevice => Type < 0x10;

    /// <summary>Gets the effective shareability; Device and Non-cacheable memory is Outer Shareable.</summary>
    public int Shareability => IsDevice || Type == ((NonCacheable << 4) | NonCacheable) ? OuterShareable : _shareability;

    /// <summary>Combines the attributes of both stages: the weaker cacheability, the stronger Device type, the wider shareability.</summary>
    /// <param name="stage2">The attributes of Stage 2.</param>
    /// <returns>The result.</returns>
    public MemoryAttributes CombineWith(MemoryAttributes stage2)
    {
        byte type;
        if (IsDevice && stage2.IsDevice)
        {
            type = Math.Min(Type, stage2.Type);
        }
        else if (IsDevice || stage2.IsDevice)
        {
            type = IsDevice ? Type : stage2.Type;
        }
        else if (IsTagged)
        {
            // Tagged only where both stages are Write-Back.
            byte combined = new MemoryAttributes(WriteBack, 0).CombineWith(stage2).Type;
            type = combined == WriteBack ? TaggedType : combined;
        }
        else
        {
            type = (byte)((CombineHalf(Type >> 4, stage2.Type >> 4) << 4) | CombineHalf(Type & 0xF, stage2.Type & 0xF));
        }

        bool outer = Shareability == OuterShareable || stage2.Shareability == OuterShareable;
        bool inner = Shareability == InnerShareable || stage2.Shareability == InnerShareable;
        return new MemoryAttributes(type, outer ? OuterShareable : inner ? InnerShareable : 0);
    }

    // Bits 3:2 are 2 or 0 (transient) for Write-Through, 3 or 1 (transient) for Write-Back; 4 is Non-cacheable. Bits 1:0 are the hints of Stage 1.
    // IMPLEMENTATION DEFINED choice of what PAR_EL1.ATTR reports: Write-Through that comes from Stage 2 is not transient.
    private static int CombineHalf(int stage1, int stage2)
    {
        if (stage1 == NonCacheable || stage2 == NonCacheable)
        {
            return NonCacheable;
        }

        bool writeThrough = (stage1 & 4) == 0;
        return writeThrough || (stage2 & 4) != 0 ? stage1 : WriteThrough | (stage1 & 3);
    }
}
