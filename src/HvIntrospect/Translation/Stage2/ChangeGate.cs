using System.Threading;

namespace HvIntrospect.Translation.Stage2;

/// <summary>Lets the changes of an address space exclude each other, and tells look-ups without a lock whether one came between.</summary>
internal sealed class ChangeGate
{
    private readonly object _lock = new();
    private readonly IPauseAll? _pause;
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

    /// <summary>Gets what is held while a change is made.</summary>
    public object Lock => _lock;

    /// <summary>Gets the number of the state, to be compared with <see cref="IsStill"/> after a look-up.</summary>
    public int Version => Volatile.Read(ref _version);

    /// <summary>Tells whether a look-up was not disturbed: no change was under way when it began and none has begun since.</summary>
    public bool IsStill(int version) => (version & 1) == 0 && Volatile.Read(ref _version) == version;

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
