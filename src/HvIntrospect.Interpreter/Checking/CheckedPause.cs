namespace HvIntrospect.Interpreter.Checking;

/// <summary>Stops the vCPUs and tells the checker: a stopped vCPU has left its guest, and going on is an entry.</summary>
internal sealed class CheckedPause : IPauseAll
{
    private readonly ArchitectureChecker _checker;
    private readonly IPauseAll _inner;

    /// <summary>Initialises the decorator.</summary>
    /// <param name="checker">The checker.</param>
    /// <param name="inner">What stops the vCPUs.</param>
    public CheckedPause(ArchitectureChecker checker, IPauseAll inner)
    {
        _checker = checker;
        _inner = inner;
    }

    /// <inheritdoc/>
    public void Pause()
    {
        _inner.Pause();
        _checker.FollowPause();
    }

    /// <inheritdoc/>
    public void Resume()
    {
        _checker.FollowResume();
        _inner.Resume();
    }

    /// <inheritdoc/>
    public bool TryPauseOthers(IVcpu vcpu) => _inner.TryPauseOthers(vcpu);

    /// <inheritdoc/>
    public void ResumeOthers() => _inner.ResumeOthers();
}
