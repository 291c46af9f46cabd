namespace HvIntrospect.Introspection;

/// <summary>What happens to an access of a watched page that the library cannot perform.</summary>
public enum UnsupportedAccessPolicy
{
    /// <summary><see cref="OpenAndStep"/> where the backend can step a vCPU and stop the others meanwhile, otherwise <see cref="Stop"/>.</summary>
    Automatic,

    /// <summary>The page is opened for one step of the vCPU; the event is marked as not exact. Other vCPUs are stopped meanwhile, which needs <see cref="IPauseAll"/> on a machine that has some.</summary>
    OpenAndStep,

    /// <summary>The vCPU stops before the instruction.</summary>
    Stop,

    /// <summary>The guest takes a synchronous External abort.</summary>
    InjectExternalAbort,
}
