namespace HvIntrospect.LoadStores;

/// <summary>Why an access is not performed.</summary>
public enum UnsupportedReason : byte
{
    /// <summary>No reason: the access is supported.</summary>
    None,

    /// <summary>The word is not a load or store, although it may access memory (SVE).</summary>
    NotLoadStore,

    /// <summary>A load or store of FEAT_LSFE, FEAT_LSCP or FEAT_MOPS_GO, features later than Armv9.4: decoded only.</summary>
    LaterFeature,

    /// <summary>The guest is in AArch32 state.</summary>
    AArch32,

    /// <summary>The SIMD&amp;FP registers that the instruction transfers are not available from the backend.</summary>
    VectorRegisters,

    /// <summary>The instruction accesses Allocation Tags, and the backend offers no <see cref="ITagMemory"/>.</summary>
    TagMemory,

    /// <summary>The base address has to be authenticated, and the backend offers no <see cref="IPointerAuthentication"/> that can.</summary>
    PointerAuthenticationKeys,

    /// <summary>
    /// The instruction depends on a system register that cannot be read, or not with all of its bits: <see cref="EmulationResult.Register"/> names it. It is one of
    /// GMID_EL1, DCZID_EL0, ACCDATA_EL1, HCRX_EL2, TCR2_EL1, RCWMASK_EL1, RCWSMASK_EL1 and ID_AA64MMFR3_EL1.
    /// </summary>
    SystemRegister,

    /// <summary>
    /// The instruction is a store to a Guarded Control Stack. Only indirect permissions of Stage 1 (FEAT_S1PIE) make memory one, and the library does not
    /// translate those.
    /// </summary>
    IndirectPermissions,

    /// <summary>The instruction works on 128-bit descriptors while they translate the guest's addresses (VMSAv9-128, FEAT_D128), which the library does not do.</summary>
    WideDescriptors,
}
