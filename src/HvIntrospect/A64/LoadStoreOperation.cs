namespace HvIntrospect.A64;

/// <summary>What an instruction does with the data beyond moving it.</summary>
public enum LoadStoreOperation : byte
{
    /// <summary>Nothing: a plain load or store.</summary>
    None,

    /// <summary>Adds Rs to memory.</summary>
    Add,

    /// <summary>Clears in memory the bits that are one in Rs.</summary>
    Clear,

    /// <summary>Exclusive OR of Rs into memory.</summary>
    ExclusiveOr,

    /// <summary>Sets in memory the bits that are one in Rs.</summary>
    Set,

    /// <summary>Keeps the signed maximum of memory and Rs.</summary>
    SignedMaximum,

    /// <summary>Keeps the signed minimum of memory and Rs.</summary>
    SignedMinimum,

    /// <summary>Keeps the unsigned maximum of memory and Rs.</summary>
    UnsignedMaximum,

    /// <summary>Keeps the unsigned minimum of memory and Rs.</summary>
    UnsignedMinimum,

    /// <summary>Exchanges memory with Rs.</summary>
    Swap,

    /// <summary>Writes Rt when memory equals Rs; Rs receives what memory held.</summary>
    CompareAndSwap,

    /// <summary>Adds floating-point numbers (FEAT_LSFE).</summary>
    FloatAdd,

    /// <summary>Keeps the floating-point maximum (FEAT_LSFE).</summary>
    FloatMaximum,

    /// <summary>Keeps the floating-point minimum (FEAT_LSFE).</summary>
    FloatMinimum,

    /// <summary>Keeps the floating-point maximum number (FEAT_LSFE).</summary>
    FloatMaximumNumber,

    /// <summary>Keeps the floating-point minimum number (FEAT_LSFE).</summary>
    FloatMinimumNumber,

    /// <summary>Copies memory forwards (CPYF*).</summary>
    CopyForward,

    /// <summary>Copies memory in the direction that is safe for overlap (CPY*).</summary>
    Copy,

    /// <summary>Fills memory (SET*).</summary>
    Fill,

    /// <summary>Fills memory and sets its Allocation Tags (SETG*).</summary>
    FillWithTags,

    /// <summary>Sets Allocation Tags of a range (SETGO*).</summary>
    FillTags,
}
