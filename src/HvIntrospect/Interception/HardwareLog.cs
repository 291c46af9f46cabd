using System;

namespace HvIntrospect.Interception;

/// <summary>The dirty log where hardware notes the first write to each page: there are no exits. What hardware does not see, writes by the library, is noted here.</summary>
internal sealed class HardwareLog : IGuardedLog
{
    private static readonly SegmentMap<bool> s_clean = new(false);
    private readonly PageGuards _guards;
    private readonly IStage2Control _control;
    private readonly IHardwareDirtyState _state;
    private readonly bool _splitsBlocks;
    private readonly object _lock = new();

    /// <summary>What was written otherwise than by vCPUs.</summary>
    private SegmentMap<bool> _written = s_clean;
    private volatile bool _isTracking;

    /// <summary>Makes a log that does not track.</summary>
    /// <param name="guards">What excludes other changes.</param>
    /// <param name="control">Stage 2.</param>
    /// <param name="state">What hardware notes.</param>
    /// <param name="splitsBlocks">True to split all blocks at the start, so that hardware notes writes by pages.</param>
    public HardwareLog(PageGuards guards, IStage2Control control, IHardwareDirtyState state, bool splitsBlocks)
    {
        _guards = guards;
        _control = control;
        _state = state;
        _splitsBlocks = splitsBlocks;
    }

    /// <inheritdoc/>
    public bool IsTracking => _isTracking;

    private IpaRange All => new(default, unchecked(0 - _guards.PageSize));

    /// <inheritdoc/>
    public void Start()
    {
        using (_guards.BeginChange())
        {
            if (_splitsBlocks)
            {
                _control.Split(All);
            }

            _state.StartDirtyState(All);
            TakeWritten(All);
            _isTracking = true;
        }
    }

    /// <inheritdoc/>
    public void Stop()
    {
        using (_guards.BeginChange())
        {
            if (_isTracking)
            {
                _state.StopDirtyState(All);
                _isTracking = false;
                _control.Coalesce(All);
            }
        }
    }

    /// <inheritdoc/>
    public int Collect(IpaRange range, Span<ulong> bitmap)
    {
        var pages = new DirtyPages(range, bitmap);
        using (_guards.BeginChange())
        {
            if (!_isTracking)
            {
                throw new InvalidOperationException("Writes are not tracked.");
            }

            if (range.Length == 0)
            {
                return 0;
            }

            // A page of Stage 2 may be larger than one of the log. Hardware's note of it goes as a whole: what lies outside of the range is remembered here.
            IpaRange whole = _guards.PagesOf(range);
            var found = new ulong[(int)(((whole.Length / _guards.PageSize) + 63) / 64)];
            _state.CollectDirtyState(whole, found);
            SegmentMap<bool> written = TakeWritten(range);
            for (Ipa page = whole.Start; whole.Contains(page); page += DirtyPages.PageSize)
            {
                ulong number = (page - whole.Start) / _guards.PageSize;
                bool isFound = ((found[(int)(number >> 6)] >> (int)(number & 63)) & 1) != 0;
                if (range.Contains(page) && (isFound || written.At(page.Value)))
                {
                    pages.Add(new IpaRange(page, DirtyPages.PageSize));
                }
                else if (isFound)
                {
                    Note(new IpaRange(page, DirtyPages.PageSize));
                }
            }

            return pages.Count;
        }
    }

    /// <inheritdoc/>
    public void Note(IpaRange range)
    {
        if (_isTracking)
        {
            Set(range, static _ => true);
        }
    }

    /// <inheritdoc/>
    public void OnMapped(IpaRange range)
    {
        if (_isTracking)
        {
            _state.ContinueDirtyState(range);
        }
    }

    /// <inheritdoc/>
    public void Forget()
    {
        try
        {
            Stop();
        }
        catch (Exception)
        {
            // The backend is broken: nobody asks the log any more.
            _isTracking = false;
        }
    }

    /// <summary>Gets what was written otherwise than by vCPUs, and makes a range of it clean: a write that is noted meanwhile is in one of both.</summary>
    private SegmentMap<bool> TakeWritten(IpaRange range)
    {
        lock (_lock)
        {
            SegmentMap<bool> written = _written;
            Set(range, static _ => false);
            return written;
        }
    }

    private void Set(IpaRange range, Func<bool, bool> value)
    {
        lock (_lock)
        {
            _written = _written.With(range.Start.AlignDown(DirtyPages.PageSize).Value, range.Last.Value | (DirtyPages.PageSize - 1), value);
        }
    }
}
