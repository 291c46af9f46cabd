namespace HvIntrospect.A64;

/// <summary>What a load/store does to memory.</summary>
public enum LoadStoreKind : byte
{
    /// <summary>Not a load/store.</summary>
    None,

    /// <summary>It reads memory (or, LDG, Allocation Tags).</summary>
    Load,

    /// <summary>It writes memory or Allocation Tags. Store-exclusives and ST64BV are stores although they also write a status register.</summary>
    Store,

    /// <summary>It reads and writes: atomics, compare and swap, CPY*.</summary>
    LoadStore,

    /// <summary>A hint that makes no access: it can never be the instruction that aborted.</summary>
    Prefetch,
}
