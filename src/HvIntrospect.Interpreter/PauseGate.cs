using System;
using System.Threading;

namespace HvIntrospect.Interpreter;

/// <summary>Lets one thread execute guest instructions at a time, and others stop it.</summary>
internal sealed class PauseGate : IPauseAll
{
    private readonly object _lock = new();
    private Thread? _runner;
    private int _pauses;
    private volatile bool _isPaused;

    /// <inheritdoc/>
    public void Pause()
    {
        lock (_lock)
        {
            _pauses++;
            _isPaused = true;
            while (_runner is not null && _runner != Thread.CurrentThread)
            {
                Monitor.Wait(_lock);
            }
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
            _isPaused = _pauses != 0;
            Monitor.PulseAll(_lock);
        }
    }

    /// <summary>Waits until the calling thread may execute.</summary>
    /// <exception cref="InvalidOperationException">The calling thread executes already: a handler of an access tries to run a vCPU.</exception>
    public void Enter()
    {
        lock (_lock)
        {
            if (_runner == Thread.CurrentThread)
            {
                throw new InvalidOperationException("A vCPU cannot be run from a handler that was called while one runs.");
            }

            while (_runner is not null || _pauses != 0)
            {
                Monitor.Wait(_lock);
            }

            _runner = Thread.CurrentThread;
        }
    }

    /// <summary>Ends what <see cref="Enter"/> began.</summary>
    public void Leave()
    {
        lock (_lock)
        {
            _runner = null;
            Monitor.PulseAll(_lock);
        }
    }

    /// <summary>Between two instructions: waits while another thread wants a pause.</summary>
    public void YieldToPause()
    {
        if (_isPaused)
        {
            Leave();
            Enter();
        }
    }
}
