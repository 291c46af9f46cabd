namespace HvIntrospect.LoadStores;

/// <summary>What a bus did with a transfer.</summary>
public enum LoadStoreAnswer : byte
{
    /// <summary>All elements were transferred.</summary>
    Performed,

    /// <summary>Nothing was transferred, and the instruction completes: destinations stay unchanged, writeback happens, the status of a store-exclusive is 1.</summary>
    Skipped,

    /// <summary>Nothing was transferred because another vCPU is in the middle of an access to the same bytes.</summary>
    Retry,

    /// <summary>Nothing was transferred and the instruction does not complete; the bus knows why.</summary>
    Refused,
}
