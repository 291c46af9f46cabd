namespace HvIntrospect.Interpreter.Operations.SystemInstructions;

/// <summary>What a SYS instruction does.</summary>
internal enum SystemInstructionKind : byte
{
    /// <summary>Nothing that can be seen: maintenance of data caches by set and way.</summary>
    Nothing,

    /// <summary>Invalidation of the instruction cache.</summary>
    InstructionCache,

    /// <summary>Invalidation of a line of the instruction cache.</summary>
    InstructionCacheLine,

    /// <summary>Maintenance of caches by address.</summary>
    CacheMaintenance,

    /// <summary>Invalidation of data by address.</summary>
    CacheInvalidation,

    /// <summary>DC ZVA.</summary>
    CacheZero,

    /// <summary>DC GVA.</summary>
    CacheTag,

    /// <summary>DC GZVA.</summary>
    CacheZeroAndTag,

    /// <summary>AT.</summary>
    AddressTranslation,

    /// <summary>TLBI.</summary>
    TlbMaintenance,
}
