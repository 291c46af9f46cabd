namespace HvIntrospect.Introspection;

/// <summary>What happens when an exit and the instruction at its PC contradict each other and executing it again did not help.</summary>
public enum InconsistencyPolicy
{
    /// <summary>The vCPU stops and the action names the field.</summary>
    Stop,

    /// <summary>The guest takes a synchronous External abort.</summary>
    InjectExternalAbort,

    /// <summary>The instruction is believed and performed if it accesses the page of the exit; otherwise the vCPU stops.</summary>
    TrustOpcode,
}
