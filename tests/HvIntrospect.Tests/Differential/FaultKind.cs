namespace HvIntrospect.Tests.Differential;

/// <summary>How an instruction failed.</summary>
internal enum FaultKind
{
    /// <summary>It completed.</summary>
    None,

    /// <summary>A byte is not mapped, or not for this access.</summary>
    Memory,

    /// <summary>The address is not aligned as the instruction demands.</summary>
    Alignment,

    /// <summary>The memory does not support the kind of access.</summary>
    Unsupported,

    /// <summary>The registers of a memory copy or set are in the wrong form.</summary>
    MemoryOperation,

    /// <summary>The instruction is UNDEFINED.</summary>
    Undefined,

    /// <summary>A handler made the guest fault.</summary>
    Injected,

    /// <summary>An Allocation Tag is another than the address has.</summary>
    TagCheck,

    /// <summary>An executor that does not tell more: alignment or UNDEFINED.</summary>
    Exception,
}
