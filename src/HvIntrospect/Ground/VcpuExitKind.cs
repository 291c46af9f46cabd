namespace HvIntrospect;

/// <summary>Why a vCPU left the guest.</summary>
public enum VcpuExitKind
{
    /// <summary>No exit; the default value of <see cref="VcpuExit"/>.</summary>
    None,

    /// <summary>An exception was taken to EL2: a syndrome, and FAR, HPFAR and the opcode where they are valid.</summary>
    Exception,

    /// <summary>An access that the backend has already decoded (KVM_EXIT_MMIO): IPA, length, data, direction. Registers read as before the instruction; the backend completes it.</summary>
    HalfDecodedMmio,

    /// <summary>An access that the backend could not decode (KVM_EXIT_ARM_NISV): IPA and the part of the syndrome that does not depend on ISV.</summary>
    NotDecodedMmio,

    /// <summary>A debug exception that belongs to the host, reported apart (KVM_EXIT_DEBUG): a syndrome and FAR.</summary>
    DebugEvent,

    /// <summary>A hypervisor or secure monitor call that the backend passes on; the arguments are in X0 to X17.</summary>
    Hypercall,

    /// <summary>The guest asked for shutdown, reset or suspension and the backend handled the call (KVM_EXIT_SYSTEM_EVENT).</summary>
    SystemEvent,

    /// <summary>The vCPU waits for an interrupt and nothing is pending.</summary>
    Halted,

    /// <summary>A host-side stop: <see cref="IVcpu.RequestExit"/>, or the limit given to the backend's run call was reached.</summary>
    Canceled,

    /// <summary>The backend cannot go on; the code is its own.</summary>
    BackendFailure,
}
