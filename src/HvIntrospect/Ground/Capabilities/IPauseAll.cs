namespace HvIntrospect;

/// <summary>Stops every vCPU of a machine.</summary>
/// <remarks>A per-machine capability; may be used from any thread. Pauses nest.</remarks>
public interface IPauseAll
{
    /// <summary>Returns when no vCPU executes guest instructions. The vCPU whose exit the calling thread handles counts as stopped.</summary>
    void Pause();

    /// <summary>Ends one <see cref="Pause"/>.</summary>
    /// <exception cref="System.InvalidOperationException">There is no pause to end.</exception>
    void Resume();
}
