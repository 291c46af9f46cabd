namespace HvIntrospect.Introspection;

/// <summary>What the embedder does with a vCPU after an exit.</summary>
public enum VcpuActionKind : byte
{
    /// <summary>Run it again.</summary>
    Resume,

    /// <summary>Complete the half-decoded access of the exit with <see cref="VcpuAction.Data"/> and run the vCPU again.</summary>
    CompleteMmio,

    /// <summary>Leave it stopped: <see cref="VcpuAction.StopReason"/> says why. It may be run again later.</summary>
    Stop,

    /// <summary>The exit is the embedder's own: <see cref="VcpuAction.UnhandledReason"/> says why. Nothing was changed.</summary>
    Unhandled,
}
