namespace HvIntrospect.Registers;

/// <summary>What a fault status code (DFSC or IFSC) says, without its level.</summary>
/// <remarks>Arm Architecture Reference Manual (DDI 0487), "ISS encoding for an exception from a Data Abort", DFSC.</remarks>
public enum FaultKind : byte
{
    /// <summary>A code that is reserved or that this library does not know.</summary>
    Unknown,

    /// <summary>0b0000LL and level -1: Address size fault.</summary>
    AddressSize,

    /// <summary>0b0001LL and level -1: Translation fault.</summary>
    Translation,

    /// <summary>0b0010LL: Access flag fault.</summary>
    AccessFlag,

    /// <summary>0b0011LL: Permission fault.</summary>
    Permission,

    /// <summary>0b010000: synchronous External abort, not on a translation table walk.</summary>
    SynchronousExternal,

    /// <summary>0b010001: synchronous Tag Check fault.</summary>
    TagCheck,

    /// <summary>0b0101LL and level -1: synchronous External abort on a translation table walk.</summary>
    SynchronousExternalOnWalk,

    /// <summary>0b011000: synchronous parity or ECC error, not on a walk.</summary>
    Parity,

    /// <summary>0b0111LL and level -1: synchronous parity or ECC error on a translation table walk.</summary>
    ParityOnWalk,

    /// <summary>0b100001: Alignment fault.</summary>
    Alignment,

    /// <summary>0b100010: Debug exception.</summary>
    Debug,

    /// <summary>0b101000: Granule Protection Fault, not on a walk.</summary>
    GranuleProtection,

    /// <summary>0b1001LL and level -1: Granule Protection Fault on a translation table walk.</summary>
    GranuleProtectionOnWalk,

    /// <summary>0b110000: TLB conflict abort.</summary>
    TlbConflict,

    /// <summary>0b110001: unsupported atomic hardware update.</summary>
    UnsupportedAtomicUpdate,

    /// <summary>0b110100: IMPLEMENTATION DEFINED, lockdown.</summary>
    Lockdown,

    /// <summary>0b110101: IMPLEMENTATION DEFINED, unsupported exclusive or atomic access.</summary>
    UnsupportedExclusiveOrAtomic,
}
