namespace HvIntrospect.Interpreter.Mmu;

/// <summary>What an address is translated for.</summary>
internal enum AccessKind : byte
{
    /// <summary>A data read.</summary>
    Read,

    /// <summary>A data write.</summary>
    Write,

    /// <summary>An instruction fetch.</summary>
    Fetch,

    /// <summary>An atomic read-modify-write: both permissions; a fault is a write only when the read alone would pass.</summary>
    Modify,

    /// <summary>Cache maintenance by address that loses no data: needs a translation, and at EL0 read permission.</summary>
    CacheMaintenance,

    /// <summary>Invalidation of data by address: needs write permission.</summary>
    CacheInvalidation,
}
