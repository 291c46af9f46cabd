using System.Threading;

namespace HvIntrospect.Translation.Stage2;

/// <summary>Lets the changes of an address space exclude each other, and tells look-ups without a lock whether one came between.</summary>
internal sealed class ChangeGate
{
    private readonly object _lock = new();
    private readonly IPauseAll? _pause;
    private IStage2Guards? _guards;
    private int _depth;

    /// <summary>Odd while a change is being made.</summary>
    private int _version;

    /// <summary>Makes a gate.</summary>
    /// <param name="pause">Stops the vCPUs for each change, or null.</param>
    public ChangeGate(IPauseAll? pause)
    {
        _pause = pause;
    }

    /// <summary>Gets a value indicating whether the vCPUs are stopped for each change.</summary>
    public bool Pauses => _pause is not null;

    /// <summary>Gets who is asked and told of changes; null for nobody.</summary>
    public IStage2Guards? Guards => Volatile.Read(ref _guards);

    /// <summary>Gets what is held while a change is made.</summary>
    public object Lock => _lock;

    /// <summary>Gets the number of the state, to be compared with <see cref="IsStill"/> after a look-up.</summary>
    public int Version => Volatile.Read(ref _version);

    /// <summary>Tells whether a look-up was not disturbed: no change was under way when it began and none has begun since.</summary>
    public bool IsStill(int version) => (version & 1) == 0 && Volatile.Read(ref _version) == version;

    /// <summary>Sets who is asked and told of changes.</summary>
    /// <param name="guards">Who, or null for nobody.</param>
    /// <returns>False when there is somebody already.</returns>
    public bool TrySetGuards(IStage2Guards? guards)
    {
        if (guards is not null)
        {
            return Interlocked.CompareExchange(ref _guards, guards, null) is null;
        }

        Volatile.Write(ref _guards, null);
        return true;
    }

    /// <summary>Begins a change, which may be a part of another one of the same thread.</summary>
    public void Enter()
    {
        // Before the lock: a vCPU that is waited for may want to look something up.
        _pause?.Pause();
        Monitor.Enter(_lock);
        if (_depth++ == 0)
        {
            Interlocked.Increment(ref _version);
        }
    }

    /// <summary>Ends a change.</summary>
    public void Exit()
    {
        if (--_depth == 0)
        {
            Interlocked.Increment(ref _version);
        }

        Monitor.Exit(_lock);
        _pause?.Resume();
    }
}
