using System;
using System.Collections.Generic;
using System.Threading;

namespace HvIntrospect.Interpreter;

/// <summary>Lets one thread execute guest instructions at a time, in turns, and others stop it.</summary>
/// <remarks>
/// <para>Whoever waits here may be waiting for a thread that is inside a handler, so nobody waits here with a lock that a handler may want.</para>
/// <para>A run may be one instruction long, so entering and leaving take no lock while nobody else is here: whoever pauses or waits says so first and looks for
/// the runner afterwards, and who executes becomes the runner first and looks for them afterwards.</para>
/// </remarks>
internal sealed class PauseGate : IPauseAll
{
    private const int Nobody = -1;
    private const int NoThread = 0;
    private readonly object _lock = new();
    private readonly object _changeLock = new();
    private readonly List<Vcpu> _waiting = [];

    // How many wait without a turn.
    private int _hurried;

    // The managed number of the thread that executes. Others become the runner without the lock.
    private int _runner;
    private int _pauses;

    // The number of the vCPU for which the others are paused, and the thread that did it.
    private int _alone = Nobody;
    private Thread? _aloneThread;
    private volatile bool _isPaused;
    private volatile bool _isContended;

    /// <inheritdoc/>
    public void Pause()
    {
        lock (_lock)
        {
            _pauses++;
            _isPaused = true;
            WaitForRunner();
        }
    }

    /// <inheritdoc/>
    public void Resume()
    {
        lock (_lock)
        {
            if (_pauses == 0)
            {
                throw new InvalidOperationException("There is no pause to end.");
            }

            _pauses--;
            Changed();
        }
    }

    /// <summary>Tells whether the others are paused for the sake of one vCPU.</summary>
    /// <param name="vcpu">The vCPU.</param>
    /// <returns>True when only it may run.</returns>
    public bool IsAlone(Vcpu vcpu)
    {
        lock (_lock)
        {
            return _alone == vcpu.Index;
        }
    }

    /// <inheritdoc/>
    public bool TryPauseOthers(IVcpu vcpu)
    {
        ArgumentNullException.ThrowIfNull(vcpu);
        lock (_lock)
        {
            if (_alone != Nobody)
            {
                return false;
            }

            _alone = vcpu.Index;
            _aloneThread = Thread.CurrentThread;
            _isPaused = true;
            WaitForRunner();
            return true;
        }
    }

    /// <inheritdoc/>
    public void ResumeOthers()
    {
        lock (_lock)
        {
            if (_alone == Nobody)
            {
                throw new InvalidOperationException("There is no pause to end.");
            }

            _alone = Nobody;
            _aloneThread = null;
            Changed();
        }
    }

    /// <summary>Pauses all vCPUs for a change of what they use without a lock, and excludes other such changes.</summary>
    /// <returns>What ends it.</returns>
    public Change BeginChange()
    {
        Pause();
        Monitor.Enter(_changeLock);
        return new Change(this, isExclusive: true);
    }

    /// <summary>Pauses all vCPUs for a change that others are excluded from otherwise.</summary>
    /// <returns>What ends it.</returns>
    public Change BeginPause()
    {
        Pause();
        return new Change(this, isExclusive: false);
    }

    /// <summary>Waits until the calling thread may execute a vCPU.</summary>
    /// <param name="vcpu">The vCPU.</param>
    /// <returns>False when it was asked to exit meanwhile, or when only the calling thread itself can end what it would wait for.</returns>
    /// <exception cref="InvalidOperationException">The calling thread executes already: a handler of an access tries to run a vCPU.</exception>
    public bool TryEnter(Vcpu vcpu)
    {
        if (TryEnterAtOnce())
        {
            return true;
        }

        ThrowIfRunning();
        lock (_lock)
        {
            bool isTurn = _waiting.Count == 0 || _alone == vcpu.Index;
            return (isTurn && TryRun(vcpu)) || TryWait(vcpu);
        }
    }

    /// <summary>Lets the calling thread execute one instruction of a vCPU whose exit it handles, without waiting for a turn. Not while it has paused the vCPUs itself.</summary>
    /// <param name="vcpu">The vCPU.</param>
    /// <exception cref="InvalidOperationException">The calling thread executes already: a handler of an access tries to execute another instruction.</exception>
    public void EnterForOne(Vcpu vcpu)
    {
        if (TryEnterAtOnce())
        {
            return;
        }

        ThrowIfRunning();
        lock (_lock)
        {
            _hurried++;
            _isContended = true;
            while (_pauses != 0 || (_alone != Nobody && _alone != vcpu.Index && _aloneThread != Thread.CurrentThread) || !TryBecomeRunner())
            {
                Monitor.Wait(_lock);
            }

            _hurried--;
            UpdateContention();
        }
    }

    /// <summary>Refuses what a handler that was called while a vCPU runs cannot do.</summary>
    /// <exception cref="InvalidOperationException">The calling thread executes a vCPU.</exception>
    public void ThrowIfRunning()
    {
        if (IsRunner)
        {
            throw new InvalidOperationException("This cannot be done from a handler that was called while a vCPU runs.");
        }
    }

    /// <summary>Ends what <see cref="TryEnter"/> began.</summary>
    public void Leave()
    {
        Interlocked.Exchange(ref _runner, NoThread);
        if (_isPaused || _isContended)
        {
            lock (_lock)
            {
                Monitor.PulseAll(_lock);
            }
        }
    }

    /// <summary>Tells, between two instructions, whether the calling thread must leave: another one wants a pause, or the turn of one that waits has come.</summary>
    /// <param name="isTurnOver">True when the calling thread has executed long enough for others to be due.</param>
    /// <returns>True when it must.</returns>
    public bool IsYieldDue(bool isTurnOver) => _isPaused || (isTurnOver && _isContended);

    /// <summary>Makes those who wait look whether they have been asked to exit.</summary>
    public void Wake()
    {
        if (_isContended)
        {
            lock (_lock)
            {
                Monitor.PulseAll(_lock);
            }
        }
    }

    private bool IsRunner => Volatile.Read(ref _runner) == Environment.CurrentManagedThreadId;

    private bool TryEnterAtOnce()
    {
        if (!TryBecomeRunner())
        {
            return false;
        }

        if (!_isPaused && !_isContended)
        {
            return true;
        }

        Leave();
        return false;
    }

    private bool TryBecomeRunner() => Interlocked.CompareExchange(ref _runner, Environment.CurrentManagedThreadId, NoThread) == NoThread;

    private bool TryRun(Vcpu vcpu) => _pauses == 0 && (_alone == Nobody || _alone == vcpu.Index) && TryBecomeRunner();

    private bool TryWait(Vcpu vcpu)
    {
        _waiting.Add(vcpu);
        _isContended = true;

        // Either the request to exit is seen here, or who makes it sees that somebody waits.
        Interlocked.MemoryBarrier();
        while ((_waiting[0] != vcpu && _alone != vcpu.Index) || !TryRun(vcpu))
        {
            // Nobody but this thread will run the vCPU that the others wait for.
            bool isOwnStep = _alone != Nobody && _alone != vcpu.Index && _aloneThread == Thread.CurrentThread;
            if (isOwnStep || vcpu.IsExitRequested)
            {
                StopWaiting(vcpu);
                Monitor.PulseAll(_lock);
                return false;
            }

            Monitor.Wait(_lock);
        }

        StopWaiting(vcpu);
        return true;
    }

    private void StopWaiting(Vcpu vcpu)
    {
        _waiting.Remove(vcpu);
        UpdateContention();
    }

    private void UpdateContention() => _isContended = _waiting.Count + _hurried != 0;

    private void WaitForRunner()
    {
        Interlocked.MemoryBarrier();
        while (Volatile.Read(ref _runner) != NoThread && !IsRunner)
        {
            Monitor.Wait(_lock);
        }
    }

    private void Changed()
    {
        _isPaused = _pauses != 0 || _alone != Nobody;
        Monitor.PulseAll(_lock);
    }

    /// <summary>A change that is being made.</summary>
    internal readonly ref struct Change
    {
        private readonly PauseGate _gate;
        private readonly bool _isExclusive;

        /// <summary>Initialises the scope of a change.</summary>
        /// <param name="gate">The gate, paused.</param>
        /// <param name="isExclusive">Whether other changes are excluded.</param>
        public Change(PauseGate gate, bool isExclusive)
        {
            _gate = gate;
            _isExclusive = isExclusive;
        }

        /// <summary>Ends the change.</summary>
        public void Dispose()
        {
            if (_isExclusive)
            {
                Monitor.Exit(_gate._changeLock);
            }

            _gate.Resume();
        }
    }
}
