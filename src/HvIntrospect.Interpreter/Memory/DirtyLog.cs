using System;

namespace HvIntrospect.Interpreter.Memory;

/// <summary>The dirty log of a machine: a page is dirty when a write has taken its flag away.</summary>
internal sealed class DirtyLog : IDirtyLog
{
    private readonly PhysicalMemory _memory;
    private readonly IPauseAll _pause;
    private readonly ulong _ipa;
    private readonly ulong _pa;
    private readonly ulong _length;

    /// <summary>Initialises a log that does not track.</summary>
    /// <param name="memory">The memory.</param>
    /// <param name="pause">Stops the vCPUs.</param>
    /// <param name="ram">The RAM as the guest knows it.</param>
    /// <param name="pa">Where it lies.</param>
    public DirtyLog(PhysicalMemory memory, IPauseAll pause, IpaRange ram, Pa pa)
    {
        _memory = memory;
        _pause = pause;
        _ipa = ram.Start.Value;
        _length = ram.Length;
        _pa = pa.Value;
    }

    /// <inheritdoc/>
    public bool IsTracking { get; private set; }

    /// <inheritdoc/>
    public void Start()
    {
        _pause.Pause();
        _memory.StartDirtyLog();
        IsTracking = true;
        _pause.Resume();
    }

    /// <inheritdoc/>
    public void Stop()
    {
        _pause.Pause();
        _memory.StopDirtyLog();
        IsTracking = false;
        _pause.Resume();
    }

    /// <inheritdoc/>
    public int Collect(IpaRange range, Span<ulong> bitmap)
    {
        // It checks the arguments and clears the bitmap.
        _ = new DirtyPages(range, bitmap);
        if (!IsTracking)
        {
            throw new InvalidOperationException("Writes are not tracked.");
        }

        ulong first = Math.Max(range.Start.Value, _ipa);
        ulong last = Math.Min(range.Last.Value, _ipa + (_length - 1));
        if (range.Length == 0 || first > last)
        {
            return 0;
        }

        _pause.Pause();
        try
        {
            ulong firstBit = (first - range.Start.Value) >> PhysicalMemory.PageShift;
            ulong pages = (last - first + 1) >> PhysicalMemory.PageShift;
            return _memory.CollectDirty(_pa + (first - _ipa), pages, firstBit, bitmap);
        }
        finally
        {
            _pause.Resume();
        }
    }
}
