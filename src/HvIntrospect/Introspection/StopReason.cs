namespace HvIntrospect.Introspection;

/// <summary>Why a vCPU is left stopped.</summary>
public enum StopReason : byte
{
    /// <summary>It is not.</summary>
    None,

    /// <summary>A watch handler asked for it. Running the vCPU again performs the access without a second event.</summary>
    Watch,

    /// <summary>The policy for accesses that nobody owns. The access is tried again when the vCPU runs.</summary>
    UnownedAccess,

    /// <summary>An access that the library cannot perform, by policy or because no single step is offered. <see cref="VcpuAction.Detail"/> names the encoding.</summary>
    Unsupported,

    /// <summary>The exit and the guest's state contradict each other. <see cref="VcpuAction.Detail"/> names the field.</summary>
    Inconsistent,
}
