namespace HvIntrospect.Interpreter.Mmu;

/// <summary>The result of a translation through both stages: a physical address with what is permitted there, or a fault.</summary>
internal struct TranslationResult
{
    /// <summary>False when <see cref="Fault"/> holds the outcome. Nothing else is valid then, except for <see cref="FaultRecord.IsInlineDenial"/>.</summary>
    public bool IsMapped;

    /// <summary>
    /// True when the memory type is Device: unaligned accesses fault and exclusives are not supported. Also valid with a Permission fault, because an
    /// Alignment fault of the same stage comes before it.
    /// </summary>
    public bool IsDevice;

    /// <summary>True when the memory type is Device because of Stage 2 alone, so that an alignment fault goes to EL2.</summary>
    public bool IsStage2Device;

    /// <summary>True when the memory type is Tagged, so that it has Allocation Tags on a core with FEAT_MTE2.</summary>
    public bool IsTagged;

    /// <summary>True when branches to the page must land on landing pads, on a core with FEAT_BTI.</summary>
    public bool IsGuarded;

    /// <summary>What the EL for which was asked may do in this page, both stages and the inline denials together; may be less than true, never more.</summary>
    public Stage2Access Permitted;

    /// <summary>The physical address of the byte that was asked for.</summary>
    public ulong Pa;

    /// <summary>The intermediate physical address of the byte that was asked for.</summary>
    public ulong Ipa;

    /// <summary>The fault.</summary>
    public FaultRecord Fault;
}
