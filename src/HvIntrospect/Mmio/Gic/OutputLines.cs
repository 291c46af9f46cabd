using System;

namespace HvIntrospect.Mmio.Gic;

/// <summary>Tells the outputs of an interrupt controller that have changed, one after another. One thread does it for all, so that the last level told is the true one.</summary>
internal sealed class OutputLines
{
    private readonly object _lock;
    private readonly IOutputLevels _levels;
    private GicOutputHandler? _handler;
    private bool _isAnnouncing;

    /// <summary>Makes outputs that are connected to nothing.</summary>
    /// <param name="gate">The lock of the controller.</param>
    /// <param name="levels">The levels.</param>
    public OutputLines(object gate, IOutputLevels levels)
    {
        _lock = gate;
        _levels = levels;
    }

    /// <summary>Connects the outputs, and tells those that are asserted.</summary>
    /// <param name="handler">Receives the changes.</param>
    /// <exception cref="ArgumentNullException"><paramref name="handler"/> is null.</exception>
    /// <exception cref="InvalidOperationException">They are connected already.</exception>
    public void Connect(GicOutputHandler handler)
    {
        lock (_lock)
        {
            if (_handler is not null)
            {
                throw new InvalidOperationException("The outputs are connected already.");
            }

            _handler = handler ?? throw new ArgumentNullException(nameof(handler));
        }

        Announce();
    }

    /// <summary>Tells what has changed. Called without the lock held.</summary>
    public void Announce()
    {
        while (TryBegin(out int cpu, out GicOutput output, out bool isAsserted))
        {
            try
            {
                _handler!(cpu, output, isAsserted);
            }
            finally
            {
                lock (_lock)
                {
                    _isAnnouncing = false;
                }
            }
        }
    }

    private static GicOutput LowestOf(uint changed) =>
        (changed & (1U << (int)GicOutput.Irq)) != 0 ? GicOutput.Irq
        : (changed & (1U << (int)GicOutput.Fiq)) != 0 ? GicOutput.Fiq
        : GicOutput.Maintenance;

    private bool TryBegin(out int cpu, out GicOutput output, out bool isAsserted)
    {
        output = GicOutput.Irq;
        isAsserted = false;
        lock (_lock)
        {
            for (cpu = 0; cpu < _levels.Cpus && _handler is not null && !_isAnnouncing; cpu++)
            {
                uint levels = _levels.LevelsOf(cpu);
                ref uint told = ref _levels.ToldOf(cpu);
                if (levels != told)
                {
                    output = LowestOf(levels ^ told);
                    uint bit = 1U << (int)output;
                    isAsserted = (levels & bit) != 0;
                    told ^= bit;
                    _isAnnouncing = true;
                    return true;
                }
            }

            return false;
        }
    }
}
