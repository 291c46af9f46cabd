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

    /// <summary>The instruction accesses Allocation Tags, and the backend offers no <see cref="ITagMemory"/>.</summary>
    TagMemory,

    /// <summary>The base address has to be authenticated, and the backend offers no <see cref="IPointerAuthentication"/> that can.</summary>
    PointerAuthenticationKeys,

    /// <summary>The instruction depends on a system register that cannot be read: GMID_EL1, DCZID_EL0 or ACCDATA_EL1.</summary>
    SystemRegister,

    /// <summary>The instruction is a store to a Guarded Control Stack, whose permissions the library does not translate.</summary>
    GuardedControlStack,

    /// <summary>The instruction checks what it writes against masks of the guest (RCWMASK_EL1 and RCWSMASK_EL1, 128 bits wide), which the library does not read.</summary>
    ReadCheckWrite,
}
