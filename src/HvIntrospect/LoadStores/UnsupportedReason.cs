namespace HvIntrospect.LoadStores;

/// <summary>Why an access is not performed.</summary>
public enum UnsupportedReason : byte
{
    /// <summary>No reason: the access is supported.</summary>
    None,

    /// <summary>The word is not a load or store, although it may access memory (DC ZVA, SVE).</summary>
    NotLoadStore,

    /// <summary>A load or store whose encoding is decoded and not performed yet.</summary>
    Encoding,

    /// <summary>The guest is in AArch32 state.</summary>
    AArch32,

    /// <summary>The SIMD&amp;FP registers that the instruction transfers are not available from the backend.</summary>
    VectorRegisters,
}
