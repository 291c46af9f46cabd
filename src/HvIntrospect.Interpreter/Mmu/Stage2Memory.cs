namespace HvIntrospect.Interpreter.Mmu;

/// <summary>What a Stage 2 leaf says of the type, cacheability and shareability of memory, which takes effect over what Stage 1 says.</summary>
/// <remarks>
/// Arm Architecture Reference Manual (DDI 0487), "Stage 2 memory type and Cacheability attributes when FWB is disabled" and "... when FWB is enabled". Without HCR_EL2.FWB
/// the stricter of both stages counts; with it Stage 2 may leave the type to Stage 1, or override it.
/// </remarks>
internal readonly struct Stage2Memory
{
    private const int Overrides = 4;
    private const int NonCacheable = Overrides | 1;
    private const int WriteBack = Overrides | 2;
    private const byte NonCacheableType = 0x44;
    private const byte WriteBackType = 0xFF;
    private const int MayBeWriteBack = 4;
    private readonly byte _field;
    private readonly byte _shareability;
    private readonly bool _decides;

    /// <summary>Initialises what a leaf says.</summary>
    /// <param name="descriptor">The leaf, which has MemAttr.</param>
    /// <param name="shareability">SH, of the leaf or where it has none of VTCR_EL2.</param>
    /// <param name="decides">HCR_EL2.FWB, on cores with FEAT_S2FWB.</param>
    public Stage2Memory(ulong descriptor, int shareability, bool decides)
    {
        // CONSTRAINED UNPREDICTABLE choice: the reserved value that overrides with nothing means Device-nGnRnE.
        int field = (int)(descriptor >> 2) & (decides ? 7 : 0xF);
        _field = (byte)(decides && field == Overrides ? 0 : field);
        _shareability = (byte)shareability;
        _decides = decides;
    }

    /// <summary>Gets a value indicating whether the memory is Device memory whatever Stage 1 says.</summary>
    public bool IsDevice => _field < Overrides;

    /// <summary>Tells whether memory is Device memory after both stages. CONSTRAINED UNPREDICTABLE choice: what Stage 1 makes Device and Stage 2 makes Write-Back is Normal memory in every respect.</summary>
    /// <param name="stage1">The attributes of Stage 1.</param>
    /// <returns>True when it is.</returns>
    public bool IsDeviceOver(MemoryAttributes stage1) => IsDevice || (stage1.IsDevice && !(_decides && _field == WriteBack));

    /// <summary>Gets the attributes after both stages.</summary>
    /// <param name="stage1">The attributes of Stage 1.</param>
    /// <param name="isUncached">HCR_EL2.CD: Normal memory is Non-cacheable for data.</param>
    /// <returns>The attributes.</returns>
    public MemoryAttributes Over(MemoryAttributes stage1, bool isUncached)
    {
        MemoryAttributes stage2 = isUncached && !IsDevice ? new MemoryAttributes(NonCacheableType, _shareability)
            : !_decides || IsDevice ? Plain
            : _field switch
            {
                NonCacheable => new MemoryAttributes(NonCacheableType, _shareability),
                _ => new MemoryAttributes(WriteBackType, _shareability),
            };
        return _decides && _field == WriteBack && !isUncached ? WrittenBack(stage1).CombineWith(stage2) : stage1.CombineWith(stage2);
    }

    // MemAttr as it is without HCR_EL2.FWB: 1 Non-cacheable, 2 Write-Through, 3 Write-Back, outer and inner; Stage 2 gives no allocation hints.
    private MemoryAttributes Plain => IsDevice
        ? new MemoryAttributes((byte)(_field << 2), _shareability)
        : new MemoryAttributes((byte)((Cacheability(_field >> 2) << 4) | Cacheability(_field & 3)), _shareability);

    // Write-Back, with the allocation hints of a Stage 1 that is cacheable.
    private static MemoryAttributes WrittenBack(MemoryAttributes stage1) =>
        stage1.IsTagged ? stage1
        : stage1.IsDevice ? new MemoryAttributes(WriteBackType, stage1.Shareability)
        : new MemoryAttributes((byte)((WrittenBack(stage1.Type >> 4) << 4) | WrittenBack(stage1.Type & 0xF)), stage1.Shareability);

    private static int WrittenBack(int half) => half is 0 or MayBeWriteBack ? 0xF : half | MayBeWriteBack;

    // 0 of the inner field is reserved and means Non-cacheable.
    private static int Cacheability(int field) => field switch
    {
        2 => 0xB,
        3 => 0xF,
        _ => 4,
    };
}
