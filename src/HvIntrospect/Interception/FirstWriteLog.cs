using System;

namespace HvIntrospect.Interception;

/// <summary>The dirty log that denies writes to clean pages: the first write to a page comes here and is permitted from then on.</summary>
/// <remarks>
/// It keeps nothing itself: a page is clean where the map of the guards says that the log waits for a write, and dirty elsewhere. So what is denied and what is reported can never differ,
/// and a write is either refused, and noted before it is tried again, or it was made before the page became clean.
/// </remarks>
internal sealed class FirstWriteLog : IGuardedLog
{
    private readonly PageGuards _guards;
    private readonly IStage2Control? _control;
    private readonly bool _splitsBlocks;
    private volatile bool _isTracking;

    /// <summary>Makes a log that does not track.</summary>
    /// <param name="guards">What denies.</param>
    /// <param name="control">Stage 2, or null.</param>
    /// <param name="splitsBlocks">True to split all blocks at the start, so that no first write needs a table.</param>
    public FirstWriteLog(PageGuards guards, IStage2Control? control, bool splitsBlocks)
    {
        _guards = guards;
        _control = control;
        _splitsBlocks = splitsBlocks;
    }

    /// <inheritdoc/>
    public bool IsTracking => _isTracking;

    /// <summary>Gets every address but the last page, which no guest has: so many bytes are still a number.</summary>
    private IpaRange All => new(default, unchecked(0 - _guards.PageSize));

    /// <inheritdoc/>
    /// <exception cref="NotSupportedException">The backend cannot deny the first write to each page; the message names what is missing. Nothing was changed.</exception>
    public void Start()
    {
        if (_control is not null)
        {
            DemandOf(_control);
        }

        using (_guards.BeginChange())
        {
            if (_splitsBlocks)
            {
                _control?.Split(All);
            }

            _guards.Apply(GuardMap.BaseView, All, static pages => pages.WithLogged(true));
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
                _guards.Apply(GuardMap.BaseView, All, static pages => pages.WithLogged(false));
                _isTracking = false;

                // Also those blocks of which every page was written, so that nothing was restored.
                _control!.Coalesce(All);
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

            foreach (GuardedRun run in _guards.Map.Runs(GuardMap.BaseView, range))
            {
                if (!run.Pages.IsLogged)
                {
                    pages.Add(run.Range);
                }
            }

            // The smallest part that Stage 2 can deny may be larger than a page of the log: it becomes clean when all of it is asked for.
            ulong first = (range.Start.Value + (_guards.PageSize - 1)) & ~(_guards.PageSize - 1);
            ulong end = (range.Last + 1).AlignDown(_guards.PageSize).Value;
            if (first < end)
            {
                _guards.Apply(GuardMap.BaseView, new IpaRange(new Ipa(first), end - first), static pages => pages.WithLogged(true));
            }

            return pages.Count;
        }
    }

    /// <inheritdoc/>
    public void Note(IpaRange range)
    {
        if (!_isTracking)
        {
            return;
        }

        foreach (GuardedRun run in _guards.Map.Runs(GuardMap.BaseView, range))
        {
            if (run.Pages.IsLogged)
            {
                NoteClean(range);
                return;
            }
        }
    }

    /// <inheritdoc/>
    /// <remarks>What is mapped later has the denials of its address already.</remarks>
    public void OnMapped(IpaRange range)
    {
    }

    /// <inheritdoc/>
    /// <remarks>Its denials are restored with all others.</remarks>
    public void Forget() => _isTracking = false;

    private void DemandOf(IStage2Control control)
    {
        if (control.MaximumRanges != int.MaxValue)
        {
            throw new NotSupportedException(
                "Logging writes needs " + nameof(IStage2Control) + "." + nameof(IStage2Control.MaximumRanges) + " without a limit, and that of the backend is " + control.MaximumRanges + ".");
        }

        if (!control.TryGetMapping(All.Last, out Stage2MappingInfo mapping) && mapping.Range.Length == 0)
        {
            throw new NotSupportedException(
                "Logging writes needs an " + nameof(IStage2Control) + "." + nameof(IStage2Control.TryGetMapping) + " that tells how far holes reach, and that of the backend does not.");
        }
    }

    private void NoteClean(IpaRange range)
    {
        using (_guards.BeginChange())
        {
            if (!_isTracking)
            {
                return;
            }

            IpaRange pages = _guards.PagesOf(range);
            try
            {
                Permit(pages);
            }
            catch (Exception) when (TryWiden(pages, out IpaRange blocks))
            {
                // There is no table for the pages alone. More may be noted than was written, but never less.
                Permit(blocks);
            }
        }
    }

    private void Permit(IpaRange pages) => _guards.Apply(GuardMap.BaseView, pages, static page => page.WithLogged(false), merges: false);

    /// <summary>Finds the blocks in which pages lie.</summary>
    private bool TryWiden(IpaRange pages, out IpaRange blocks)
    {
        Ipa first = _control!.TryGetMapping(pages.Start, out Stage2MappingInfo mapping) ? mapping.Range.Start : pages.Start;
        Ipa last = _control.TryGetMapping(pages.Last, out mapping) ? mapping.Range.Last : pages.Last;
        blocks = new IpaRange(first, last - first + 1);
        return blocks != pages;
    }
}
