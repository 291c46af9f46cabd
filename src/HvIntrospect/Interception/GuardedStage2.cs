using System;

namespace HvIntrospect.Interception;

/// <summary>Makes a backend's Stage 2 what a map of guards says, and knows what it permits without them.</summary>
/// <remarks>Changes are made by one caller at a time; the look-ups are thread-safe.</remarks>
internal sealed class GuardedStage2
{
    private readonly IStage2Control? _control;
    private readonly IStage2Views? _views;
    private readonly IInlineAccessFilter? _filter;
    private readonly ulong _pageSize;
    private int _ranges;

    /// <summary>Makes what changes a backend.</summary>
    /// <param name="control">Its Stage 2, or null.</param>
    /// <param name="views">Its views, or null.</param>
    /// <param name="filter">What denies data accesses of the base view, or null for Stage 2.</param>
    /// <param name="pageSize">The size of a page in bytes.</param>
    public GuardedStage2(IStage2Control? control, IStage2Views? views, IInlineAccessFilter? filter, ulong pageSize)
    {
        _control = control;
        _views = views;
        _filter = filter;
        _pageSize = pageSize;
        Support = new GuardSupport(control, filter is not null);
    }

    /// <summary>Gets what can be denied.</summary>
    public GuardSupport Support { get; }

    /// <summary>Changes the backend in a range from one map to another. When it throws, what has been done is taken back by the opposite change.</summary>
    /// <param name="from">What the backend is now, or a part of the way to <paramref name="to"/>.</param>
    /// <param name="to">What it shall be.</param>
    /// <param name="range">Where the two may differ.</param>
    /// <param name="merges">True to merge blocks where nothing is denied any more.</param>
    public void Change(GuardMap from, GuardMap to, IpaRange range, bool merges)
    {
        ChangeBase(from, to, range, merges);
        int views = Math.Max(from.ViewCount, to.ViewCount);
        for (int view = 1; view < views; view++)
        {
            if (from.HasOwn(view) || to.HasOwn(view))
            {
                ChangeView(view, from, to, range);
            }
        }
    }

    /// <summary>Refuses guards of views that do not exist or do not reach so far, before anything is changed: taking that back would be refused, too.</summary>
    /// <param name="map">What the backend is.</param>
    /// <param name="view">The view of the guard.</param>
    /// <param name="last">The last byte of the guard.</param>
    /// <exception cref="ArgumentException">There is no such view, or the address is beyond those that it can map.</exception>
    public void ThrowIfBeyond(GuardMap map, int view, Ipa last)
    {
        if (view != GuardMap.BaseView && _views is not null)
        {
            // What the page has already. The backend itself knows best what it would refuse.
            Ipa page = last.AlignDown(_pageSize);
            GuardedPages pages = map.At(view, page.Value, out GuardedPages own);
            _views.Protect(view, new IpaRange(page, _pageSize), AccessOf(new GuardedRun(page.Value, last.Value, pages, own)));
        }
    }

    /// <summary>Makes openings of views permit no more than what is permitted without guards, which has changed.</summary>
    /// <param name="map">What the backend is, with what is permitted now.</param>
    /// <param name="range">Where it has changed.</param>
    public void Reopen(GuardMap map, IpaRange range)
    {
        for (int view = 1; view < map.ViewCount; view++)
        {
            foreach (GuardedRun run in map.Runs(view, range))
            {
                if (run.Own.IsOpened)
                {
                    _views!.Protect(view, run.Range, AccessOf(run));
                }
            }
        }
    }

    /// <summary>Refuses what the backend cannot deny, and more ranges than it has, before anything is changed: taking that back would be refused, too.</summary>
    /// <param name="from">What the backend is now.</param>
    /// <param name="to">What it shall be.</param>
    /// <param name="range">Where the two may differ.</param>
    /// <exception cref="NotSupportedException">The backend cannot deny it; the message names the missing capability.</exception>
    /// <exception cref="InvalidOperationException">The backend's <see cref="IStage2Control.MaximumRanges"/> would be exceeded.</exception>
    public void Demand(GuardMap from, GuardMap to, IpaRange range)
    {
        for (int view = 0; view < to.ViewCount; view++)
        {
            if (view != GuardMap.BaseView && to.HasOwn(view) && _views is null)
            {
                throw new NotSupportedException("Guards of one view need the capability " + nameof(IStage2Views) + ", which the backend does not offer.");
            }

            foreach (GuardedRun run in to.Runs(view, range))
            {
                Support.ThroughStage2(run.Pages, run.Own);
            }
        }

        if (_control is not null && _control.MaximumRanges != int.MaxValue)
        {
            int ranges = _ranges + StartsIn(to, range) - StartsIn(from, range);
            if (ranges > _control.MaximumRanges)
            {
                throw new InvalidOperationException(
                    "The backend can change " + _control.MaximumRanges + " ranges at one time, and " + ranges + " would be needed.");
            }
        }
    }

    /// <summary>Takes note that a change of the base view has been made, for backends that can change few ranges.</summary>
    /// <param name="from">What the backend was.</param>
    /// <param name="to">What it is now.</param>
    /// <param name="range">Where the two may differ.</param>
    public void Account(GuardMap from, GuardMap to, IpaRange range)
    {
        if (_control is not null && _control.MaximumRanges != int.MaxValue)
        {
            _ranges += StartsIn(to, range) - StartsIn(from, range);
        }
    }

    /// <summary>Stores what is permitted where Stage 2 denies something in any view and nothing is stored yet.</summary>
    /// <param name="map">The map.</param>
    /// <param name="range">The range to look at.</param>
    /// <param name="access">What the mapped parts permit; null when it is what Stage 2 permits now.</param>
    /// <returns>The new map.</returns>
    public GuardMap Remember(GuardMap map, IpaRange range, Stage2Access? access)
    {
        GuardMap next = map;
        foreach (GuardedRun run in map.Runs(GuardMap.BaseView, range))
        {
            ulong last;
            for (ulong at = run.First; run.Pages.Original is null; at = last + 1)
            {
                bool isNeeded = IsChanged(map, at, out last);
                last = Math.Min(last, run.Last);
                next = isNeeded ? RememberMapped(next, at, last, access) : next;
                if (last == run.Last)
                {
                    break;
                }
            }
        }

        return next;
    }

    /// <summary>Drops what is stored where Stage 2 denies nothing any more, in no view.</summary>
    /// <param name="map">The map.</param>
    /// <param name="range">The range to look at.</param>
    /// <returns>The new map.</returns>
    public GuardMap Forget(GuardMap map, IpaRange range)
    {
        GuardMap next = map;
        foreach (GuardedRun run in map.Runs(GuardMap.BaseView, range))
        {
            ulong last;
            for (ulong at = run.First; run.Pages.Original is not null; at = last + 1)
            {
                bool isNeeded = IsChanged(map, at, out last);
                last = Math.Min(last, run.Last);
                next = isNeeded ? next : next.With(GuardMap.BaseView, at, last, static pages => pages.WithOriginal(null));
                if (last == run.Last)
                {
                    break;
                }
            }
        }

        return next;
    }

    /// <summary>Tells whether Stage 2 is changed at an address by the guards of any view, and how far that is the same.</summary>
    private bool IsChanged(GuardMap map, ulong address, out ulong last)
    {
        bool isChanged = Support.ThroughStage2(map.RunFrom(GuardMap.BaseView, address, out _, out last)) != Stage2Access.None;
        for (int view = 1; view < map.ViewCount; view++)
        {
            map.RunFrom(view, address, out GuardedPages own, out ulong lastOfView);
            last = Math.Min(last, lastOfView);
            isChanged |= own.IsHeld;
        }

        return isChanged;
    }

    private GuardMap RememberMapped(GuardMap map, ulong start, ulong last, Stage2Access? access)
    {
        // Neighbours with the same access are stored, and later changed, as one: maintenance is paid by the change, not by the page.
        ulong first = start;
        Stage2Access? run = null;
        for (ulong at = start; ;)
        {
            Stage2MappingInfo mapping = default;
            bool isMapped = _control is not null && _control.TryGetMapping(new Ipa(at), out mapping);
            Stage2Access? here = isMapped ? access ?? mapping.Access : null;
            if (here != run)
            {
                map = at == first ? map : WithOriginal(map, first, at - 1, run);
                first = at;
                run = here;
            }

            // Holes may be much larger than all that is mapped.
            ulong end = at + (_pageSize - 1);
            end = mapping.Range.Length == 0 ? end : Math.Max(end, mapping.Range.Last.Value);
            if (end >= last)
            {
                return WithOriginal(map, first, last, run);
            }

            at = end + 1;
        }
    }

    private static GuardMap WithOriginal(GuardMap map, ulong first, ulong last, Stage2Access? original) =>
        original is null ? map : map.With(GuardMap.BaseView, first, last, pages => pages.WithOriginal(original));

    /// <summary>Makes the changes of the base view: one for neighbours that shall permit the same, whatever they permit now.</summary>
    private void ChangeBase(GuardMap from, GuardMap to, IpaRange range, bool merges)
    {
        var pending = new PendingProtection(_control);
        bool isRestored = false;
        foreach (GuardedRun after in to.Runs(GuardMap.BaseView, range))
        {
            Stage2Access denied = Support.ThroughStage2(after.Pages);
            foreach (GuardedRun before in from.Runs(GuardMap.BaseView, after))
            {
                if (after.Pages.Denied != before.Pages.Denied)
                {
                    _filter?.Deny(before.Range, after.Pages.Denied & Stage2Access.ReadWrite);
                }

                if ((after.Pages.Original ?? before.Pages.Original) is Stage2Access original)
                {
                    bool isChanged = denied != Support.ThroughStage2(before.Pages);
                    pending.Add(before.First, before.Last, original & ~denied, isChanged);
                    isRestored |= merges && isChanged && denied == Stage2Access.None;
                }
                else
                {
                    // What is not stored is not known: it may be mapped with another access.
                    pending.Flush();
                }
            }
        }

        pending.Flush();
        if (isRestored)
        {
            _control!.Coalesce(range);
        }
    }

    private void ChangeView(int view, GuardMap from, GuardMap to, IpaRange range)
    {
        foreach (GuardedRun after in to.Runs(view, range))
        {
            Stage2ViewAccess access = AccessOf(after);
            foreach (GuardedRun before in from.Runs(view, after))
            {
                if (access != AccessOf(before))
                {
                    _views!.Protect(view, before.Range, access);
                }
            }
        }
    }

    /// <summary>Gets what is permitted in a view, in terms of the base view.</summary>
    private Stage2ViewAccess AccessOf(in GuardedRun run)
    {
        if (!run.Own.IsHeld)
        {
            return default;
        }

        // What the base view denies can be given back only as far as it is known to be permitted without the guards.
        Stage2Access denied = Support.ThroughStage2(run.Pages, run.Own);
        return run.Own.IsOpened ? Stage2ViewAccess.Exactly((run.Pages.Original ?? Stage2Access.None) & ~denied) : Stage2ViewAccess.Without(denied);
    }

    /// <summary>Counts the changed ranges that start in a range or right behind it.</summary>
    private int StartsIn(GuardMap map, IpaRange range)
    {
        ulong at = range.Start.Value;
        Stage2Access before = at == 0 ? Stage2Access.None : Support.ThroughStage2(map.At(GuardMap.BaseView, at - 1, out _));
        int count = 0;
        foreach (GuardedRun run in new GuardedRuns(map, GuardMap.BaseView, at, range.Last.Value == ulong.MaxValue ? ulong.MaxValue : range.Last.Value + 1))
        {
            Stage2Access here = Support.ThroughStage2(run.Pages);
            count += here != Stage2Access.None && here != before ? 1 : 0;
            before = here;
        }

        return count;
    }

    /// <summary>Neighbours that are to permit the same, from the first to the last of them that does not yet.</summary>
    private struct PendingProtection
    {
        private readonly IStage2Control? _control;
        private ulong _first;
        private ulong _last;
        private Stage2Access _access;
        private bool _isBegun;

        public PendingProtection(IStage2Control? control)
        {
            _control = control;
        }

        public void Add(ulong first, ulong last, Stage2Access access, bool isChanged)
        {
            if (_isBegun && access != _access)
            {
                Flush();
            }

            if (!isChanged)
            {
                return;
            }

            _first = _isBegun ? _first : first;
            _last = last;
            _access = access;
            _isBegun = true;
        }

        public void Flush()
        {
            if (_isBegun)
            {
                _isBegun = false;
                _control!.Protect(new IpaRange(new Ipa(_first), _last - _first + 1), _access);
            }
        }
    }
}
