namespace HvIntrospect.LoadStores;

/// <summary>The exceptions that a load or store raises by itself.</summary>
public enum GuestFaultKind : byte
{
    /// <summary>A Data Abort: a fault status, an address and a direction.</summary>
    DataAbort,

    /// <summary>The stack pointer is the base register and not aligned to 16 bytes.</summary>
    StackAlignment,

    /// <summary>The instruction is UNDEFINED by the choice made for a CONSTRAINED UNPREDICTABLE case.</summary>
    Undefined,

    /// <summary>The registers of a memory copy or set are not in the form that its stage expects: a Memory Copy and Memory Set exception.</summary>
    MemoryOperation,
}
