namespace HvIntrospect.Interpreter.Operations.SystemInstructions;

/// <summary>What a SYS instruction does.</summary>
internal enum SystemInstructionKind : byte
{
    /// <summary>Nothing that can be seen: maintenance of all caches, or by set and way.</summary>
    Nothing,

    /// <summary>Maintenance of caches by address.</summary>
    CacheMaintenance,

    /// <summary>Invalidation of data by address.</summary>
    CacheInvalidation,

    /// <summary>DC ZVA.</summary>
    CacheZero,

    /// <summary>AT.</summary>
    AddressTranslation,

    /// <summary>TLBI.</summary>
    TlbMaintenance,
}
