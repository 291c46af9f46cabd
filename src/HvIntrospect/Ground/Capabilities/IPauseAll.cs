namespace HvIntrospect;

/// <summary>Stops the vCPUs of a machine.</summary>
/// <remarks>
/// A per-machine capability; may be used from any thread. Pauses nest. Where it waits it may wait for a vCPU that is calling a handler, so nobody calls
/// it who holds a lock that a handler may want.
/// </remarks>
public interface IPauseAll
{
    /// <summary>Returns when no vCPU executes guest instructions. The vCPU whose exit the calling thread handles counts as stopped.</summary>
    void Pause();

    /// <summary>Ends one <see cref="Pause"/>.</summary>
    /// <exception cref="System.InvalidOperationException">There is no pause to end.</exception>
    void Resume();

    /// <summary>Stops all vCPUs but one, which may be run on until <see cref="ResumeOthers"/>: for a step that the others must not see.</summary>
    /// <param name="vcpu">The vCPU that may run; it is stopped now.</param>
    /// <returns>False when the vCPUs are stopped for the sake of another one already; then nothing was changed. True when no other executes guest instructions.</returns>
    bool TryPauseOthers(IVcpu vcpu);

    /// <summary>Ends what <see cref="TryPauseOthers"/> began. May be called from another thread.</summary>
    /// <exception cref="System.InvalidOperationException">There is no such pause to end.</exception>
    void ResumeOthers();
}
