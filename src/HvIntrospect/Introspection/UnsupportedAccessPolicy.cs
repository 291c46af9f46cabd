namespace HvIntrospect.Introspection;

/// <summary>What happens to an access of a watched page that the library cannot perform.</summary>
public enum UnsupportedAccessPolicy
{
    /// <summary><see cref="OpenAndStep"/> where the backend can step a vCPU, otherwise <see cref="Stop"/>.</summary>
    Automatic,

    /// <summary>The page is opened for one step of the vCPU; the event is marked as not exact. Other vCPUs that touch the page during the step are not seen.</summary>
    OpenAndStep,

    /// <summary>The vCPU stops before the instruction.</summary>
    Stop,

    /// <summary>The guest takes a synchronous External abort.</summary>
    InjectExternalAbort,
}
