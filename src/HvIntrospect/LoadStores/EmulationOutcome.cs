namespace HvIntrospect.LoadStores;

/// <summary>How performing a load or store ended.</summary>
public enum EmulationOutcome : byte
{
    /// <summary>The access was performed (or left out as a handler wished), registers and writeback are committed. PC is still that of the instruction.</summary>
    Completed,

    /// <summary>The guest takes a synchronous exception to EL1; nothing was changed.</summary>
    GuestFault,

    /// <summary>Another vCPU is in the middle of an access to the same bytes; nothing was changed. Let the guest execute the instruction again.</summary>
    Retry,

    /// <summary>The bus ended the access before its first side effect, for a reason that it knows itself; nothing was changed.</summary>
    Refused,

    /// <summary>
    /// A part of a memory copy or set was performed, as the registers say: the architecture lets it be interrupted. Let the guest execute the instruction again.
    /// </summary>
    Progressed,

    /// <summary>The library does not perform this instruction; nothing was changed.</summary>
    Unsupported,
}
