using System;
using System.Collections.Generic;
using System.Threading;

namespace HvIntrospect.Interception;

/// <summary>Shares the Stage 2 permissions of pages between their owners: what is permitted is the base minus what any owner denies.</summary>
/// <remarks>
/// <para>The only caller of <see cref="IStage2Control"/> and of <see cref="IInlineAccessFilter.Deny"/>. What a page permitted before its
/// first guard is stored once; the release of the last guard restores it and merges blocks again. Where the backend cannot deny exactly
/// what is asked, the weakest denial that contains it is used. With an inline filter, data denials go through the filter and fetch denials
/// through Stage 2. A denial holds for addresses, mapped or not: what is mapped later is subject to it, and what the owner of Stage 2 changes meanwhile
/// changes the original.</para>
/// <para>Thread-safe. Changes exclude each other and are made while all vCPUs are paused, where the machine offers <see cref="IPauseAll"/> and its changes are
/// not atomic by themselves. Look-ups allocate nothing and take no lock, unless a change may be under way right there. When the backend throws, what was done is
/// taken back and the exception passes through; when that fails too, the object is faulted and later changes throw.</para>
/// </remarks>
public sealed class PageGuards : IStage2Guards, IDisposable
{
    private const ulong InlineGranule = 4096;
    private static readonly SegmentMap<GuardedPages> s_unguarded = new(default(GuardedPages));
    private readonly object _gate = new();
    private readonly IGuestMemory _memory;
    private readonly IStage2Control? _control;
    private readonly IPauseAll? _pause;
    private readonly HashSet<PageGuard> _guards = [];
    private SegmentMap<GuardedPages> _map = s_unguarded;
    private int _ranges;
    private bool _faulted;

    /// <summary>Makes guards for a machine.</summary>
    /// <param name="machine">The machine; its capabilities are asked for.</param>
    /// <param name="useInlineFilter">True to deny data accesses through <see cref="IInlineAccessFilter"/> where the machine offers it.</param>
    /// <exception cref="ArgumentNullException"><paramref name="machine"/> is null.</exception>
    /// <exception cref="InvalidOperationException">The pages of the machine are guarded already by guards that are not disposed.</exception>
    public PageGuards(IVirtualMachine machine, bool useInlineFilter)
    {
        _memory = (machine ?? throw new ArgumentNullException(nameof(machine))).Memory;
        _ = machine.TryGetCapability(out _control);
        if (useInlineFilter && machine.TryGetCapability(out IInlineAccessFilter? filter))
        {
            InlineFilter = filter;
        }

        // A vCPU that calls an inline handler may want to change guards itself: whoever waits for it must not have taken the lock before.
        bool isAtomic = InlineFilter is null && _control is not null && Has(_control.Support, Stage2AccessSupport.AtomicChange);
        _pause = !isAtomic && machine.TryGetCapability(out IPauseAll? pause) ? pause : null;
        PageSize = Math.Max(_control?.Granule ?? InlineGranule, InlineGranule);
        _control?.SetGuards(this);
    }

    /// <summary>Gets the filter that data denials go through, or null.</summary>
    public IInlineAccessFilter? InlineFilter { get; }

    /// <summary>Gets the size of a page in bytes: the backend's granule.</summary>
    public ulong PageSize { get; }

    /// <summary>Denies accesses to the pages of some bytes, beside what others deny. Every vCPU is subject to it when the call returns.</summary>
    /// <param name="range">The bytes; whole pages are denied.</param>
    /// <param name="denied">What is denied, not <see cref="Stage2Access.None"/>.</param>
    /// <returns>What ends the denial.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="denied"/> is empty, or the range is.</exception>
    /// <exception cref="NotSupportedException">The backend cannot deny it; the message names the missing capability. Nothing was changed.</exception>
    /// <exception cref="InvalidOperationException">The backend's <see cref="IStage2Control.MaximumRanges"/> would be exceeded, or the object is faulted. Nothing was changed.</exception>
    public PageGuard Claim(IpaRange range, Stage2Access denied)
    {
        if (denied == Stage2Access.None || (denied & ~Stage2Access.All) != 0)
        {
            throw new ArgumentOutOfRangeException(nameof(denied), denied, "A guard denies reads, writes or fetches.");
        }

        return Add(new PageGuard(this, PagesOf(range), denied, Stage2Access.None));
    }

    /// <summary>Checks that the backend can deny something, without denying it.</summary>
    /// <param name="denied">What would be denied.</param>
    /// <exception cref="NotSupportedException">The backend cannot deny it; the message names the missing capability.</exception>
    public void Demand(Stage2Access denied) => Effective(denied);

    /// <summary>Lifts all denials of a page for a while, for example for one step.</summary>
    /// <param name="page">A byte of the page.</param>
    /// <returns>What puts them back.</returns>
    /// <exception cref="InvalidOperationException">The object is faulted.</exception>
    public PageGuard Open(Ipa page) => Open(page, Stage2Access.All);

    /// <summary>Lifts the denials of fetches from a page for a while, and all others too where the backend cannot permit fetches alone.</summary>
    /// <param name="page">A byte of the page.</param>
    /// <returns>What puts them back.</returns>
    /// <exception cref="InvalidOperationException">The object is faulted.</exception>
    public PageGuard OpenFetches(Ipa page)
    {
        Stage2Access others = DeniedAt(page) & Stage2Access.ReadWrite;
        bool isAlone = others == Stage2Access.None || (Effective(others) & Stage2Access.Execute) == 0;
        return Open(page, isAlone ? Stage2Access.Execute : Stage2Access.All);
    }

    /// <summary>Looks up what the owners deny at an address. Opened pages deny nothing.</summary>
    /// <param name="address">The address.</param>
    /// <returns>The denied accesses.</returns>
    public Stage2Access DeniedAt(Ipa address) => Volatile.Read(ref _map).At(address.Value).Denied;

    /// <summary>Finds where a page lies, for maintenance of its caches.</summary>
    /// <param name="address">The IPA of a byte.</param>
    /// <param name="physical">Its physical address.</param>
    /// <returns>False where nothing is mapped, or when the backend does not tell.</returns>
    public bool TryGetPhysical(Ipa address, out Pa physical)
    {
        physical = default;
        if (_control is null || !_control.TryGetMapping(address, out Stage2MappingInfo mapping) || mapping.PhysicalStart is not Pa start)
        {
            return false;
        }

        physical = start + (address - mapping.Range.Start);
        return true;
    }

    /// <summary>Judges an access that came to the library.</summary>
    /// <remarks>
    /// Whether there is memory is asked of <see cref="IVirtualMachine.Memory"/>. Where that is the base view of Stage 2 itself, as it is for a
    /// <see cref="HvIntrospect.IPhysicalMemory"/> behind tables of the library, memory that is not mapped is none: the standing is
    /// <see cref="PageStanding.NoMemory"/>. <see cref="PageStanding.NotMapped"/> is for backends that know the guest's memory apart from what is mapped now.
    /// </remarks>
    /// <param name="address">A byte of the access.</param>
    /// <param name="needed">What the access needs.</param>
    /// <returns>What the page means for it.</returns>
    public PageStanding Judge(Ipa address, Stage2Access needed)
    {
        PageStanding standing = Judge(Volatile.Read(ref _map).At(address.Value), address, needed);
        if (standing is PageStanding.Permitted or PageStanding.Denied)
        {
            return standing;
        }

        // The denial of a change that is under way looks like the base's own protection, and a backend that takes pages away to change them has none then.
        lock (_gate)
        {
            return Judge(_map.At(address.Value), address, needed);
        }
    }

    /// <summary>Releases all guards and restores what can be restored. It does not throw for a backend that fails.</summary>
    public void Dispose()
    {
        using (BeginChange())
        {
            _guards.Clear();
            ulong last;
            for (ulong start = 0; ; start = last + 1)
            {
                if (_map.RunFrom(start, out last).Denied != Stage2Access.None)
                {
                    TryRestore(new IpaRange(new Ipa(start), last - start + 1));
                }

                if (last == ulong.MaxValue)
                {
                    break;
                }
            }

            _ranges = 0;
            Volatile.Write(ref _map, s_unguarded);
            _control?.SetGuards(null);
        }
    }

    /// <inheritdoc/>
    void IStage2Guards.BeginChange()
    {
        _pause?.Pause();
        Monitor.Enter(_gate);
    }

    /// <inheritdoc/>
    Stage2Access IStage2Guards.DeniedFrom(Ipa start, out Ipa last)
    {
        Stage2Access denied = ThroughStage2(_map.RunFrom(start.Value, out ulong end).Denied);
        while (end != ulong.MaxValue && ThroughStage2(_map.RunFrom(end + 1, out ulong next).Denied) == denied)
        {
            end = next;
        }

        last = new Ipa(end);
        return denied;
    }

    /// <inheritdoc/>
    void IStage2Guards.Changed(IpaRange range, Stage2Access access)
    {
        SegmentMap<GuardedPages> next = _map.With(range.Start.Value, range.Last.Value, static pages => pages.WithOriginal(null));
        Volatile.Write(ref _map, Remember(next, range, access));
    }

    /// <inheritdoc/>
    void IStage2Guards.EndChange()
    {
        Monitor.Exit(_gate);
        _pause?.Resume();
    }

    internal void Release(PageGuard guard)
    {
        using (BeginChange())
        {
            if (_guards.Contains(guard))
            {
                Apply(guard, -1);
                _guards.Remove(guard);
            }
        }
    }

    private PageGuard Open(Ipa page, Stage2Access lifted) =>
        Add(new PageGuard(this, new IpaRange(page.AlignDown(PageSize), PageSize), Stage2Access.None, lifted));

    private PageGuard Add(PageGuard guard)
    {
        using (BeginChange())
        {
            _guards.Add(guard);
            try
            {
                Apply(guard, 1);
                return guard;
            }
            catch
            {
                _guards.Remove(guard);
                throw;
            }
        }
    }

    private ChangeScope BeginChange() => new(this);

    private PageStanding Judge(in GuardedPages pages, Ipa address, Stage2Access needed)
    {
        bool isDenied = pages.Denied != Stage2Access.None && (Effective(pages.Denied) & needed) != 0;

        // What the base refuses is refused whoever else denies it: performing it would break the guest's own protection.
        if (TryGetBase(pages, address, out Stage2Access permitted))
        {
            return (permitted & needed) != needed ? PageStanding.Protected
                : isDenied ? PageStanding.Denied
                : PageStanding.Permitted;
        }

        Span<byte> probe = stackalloc byte[1];
        return _memory.Read(address, probe) == 0 ? PageStanding.NoMemory
            : _control is not null ? PageStanding.NotMapped
            : isDenied ? PageStanding.Denied
            : PageStanding.Permitted;
    }

    /// <summary>Gets what Stage 2 permits without the guards.</summary>
    private bool TryGetBase(in GuardedPages pages, Ipa address, out Stage2Access permitted)
    {
        if (pages.Original is Stage2Access original)
        {
            permitted = original;
            return true;
        }

        bool isMapped = TryGetMapping(address, out Stage2MappingInfo mapping);
        permitted = mapping.Access;
        return isMapped;
    }

    private bool TryGetMapping(Ipa address, out Stage2MappingInfo mapping)
    {
        mapping = default;
        return _control is not null && _control.TryGetMapping(address, out mapping);
    }

    private IpaRange PagesOf(IpaRange range)
    {
        if (range.Length == 0)
        {
            throw new ArgumentOutOfRangeException(nameof(range), range, "A guarded range is at least 1 byte long.");
        }

        Ipa start = range.Start.AlignDown(PageSize);
        ulong before = range.Last.AlignDown(PageSize) - start;
        return before <= ulong.MaxValue - PageSize
            ? new IpaRange(start, before + PageSize)
            : throw new ArgumentOutOfRangeException(nameof(range), range, "A guarded range is at most 2^64 bytes less one page long.");
    }

    /// <summary>What the backend refuses when the owners deny something: at least that.</summary>
    private Stage2Access Effective(Stage2Access denied) => InlineFilter is null
        ? Cover(denied)
        : (denied & Stage2Access.ReadWrite) | Cover(denied & Stage2Access.Execute);

    private Stage2Access ThroughStage2(Stage2Access denied) => Cover(InlineFilter is null ? denied : denied & Stage2Access.Execute);

    /// <summary>The weakest denial of the backend that contains another one.</summary>
    private Stage2Access Cover(Stage2Access denied)
    {
        if (denied == Stage2Access.None)
        {
            return denied;
        }

        if (_control is null)
        {
            throw new NotSupportedException("Denying accesses needs the capability " + nameof(IStage2Control) + ", which the backend does not offer.");
        }

        Stage2AccessSupport support = _control.Support;
        if (denied == Stage2Access.Write && Has(support, Stage2AccessSupport.WriteProtect))
        {
            return denied;
        }

        // A backend that does not report denied fetches would let the guest die of the guard.
        bool deniesFetches = Has(support, Stage2AccessSupport.NoExecute | Stage2AccessSupport.FetchExits);
        if (denied == Stage2Access.Execute && deniesFetches)
        {
            return denied;
        }

        if (denied == (Stage2Access.Write | Stage2Access.Execute) && deniesFetches && Has(support, Stage2AccessSupport.WriteProtect))
        {
            return denied;
        }

        bool fetches = (denied & Stage2Access.Execute) != 0;
        if (!fetches && Has(support, Stage2AccessSupport.ExecuteOnly))
        {
            return Stage2Access.ReadWrite;
        }

        // A page without any access denies fetches too.
        if (Has(support, Stage2AccessSupport.NoAccess | Stage2AccessSupport.FetchExits))
        {
            return Stage2Access.All;
        }

        Stage2AccessSupport missing = denied == Stage2Access.Write ? Stage2AccessSupport.WriteProtect
            : denied == Stage2Access.Execute && !Has(support, Stage2AccessSupport.NoExecute) ? Stage2AccessSupport.NoExecute
            : denied == Stage2Access.Execute ? Stage2AccessSupport.FetchExits
            : Has(support, Stage2AccessSupport.NoAccess) ? Stage2AccessSupport.FetchExits
            : Stage2AccessSupport.NoAccess;
        throw new NotSupportedException(
            "Denying " + denied + " needs " + nameof(Stage2AccessSupport) + "." + missing + ", which the backend does not offer.");
    }

    private static bool Has(Stage2AccessSupport support, Stage2AccessSupport flags) => (support & flags) == flags;

    /// <summary>Adds a guard or takes one away, all or nothing.</summary>
    private void Apply(PageGuard guard, int step)
    {
        if (_faulted)
        {
            throw new InvalidOperationException("The backend failed before, so that the state of its pages is not known.");
        }

        IpaRange range = guard.Pages;
        SegmentMap<GuardedPages> next = _map.With(range.Start.Value, range.Last.Value, pages => pages.With(guard, step));
        ThrowIfNotPossible(next, range);
        int ranges = CountRanges(next, range);
        next = Remember(next, range, access: null);
        try
        {
            Change(_map, next, range);
        }
        catch
        {
            try
            {
                Change(next, _map, range);
            }
            catch
            {
                _faulted = true;
                throw;
            }

            throw;
        }

        _ranges = ranges;
        Volatile.Write(ref _map, Forget(next, range));
    }

    /// <summary>Refuses what the backend cannot deny before anything is changed: taking that back would be refused, too.</summary>
    private void ThrowIfNotPossible(SegmentMap<GuardedPages> next, IpaRange range)
    {
        for (ulong start = range.Start.Value; ;)
        {
            ThroughStage2(next.RunFrom(start, out ulong last).Denied);
            if (last >= range.Last.Value)
            {
                return;
            }

            start = last + 1;
        }
    }

    /// <summary>Counts the ranges that the backend will have changed, if it has a limit.</summary>
    private int CountRanges(SegmentMap<GuardedPages> next, IpaRange range)
    {
        if (_control is null || _control.MaximumRanges == int.MaxValue)
        {
            return 0;
        }

        int ranges = _ranges + StartsIn(next, range) - StartsIn(_map, range);
        return ranges <= _control.MaximumRanges ? ranges : throw new InvalidOperationException(
            "The backend can change " + _control.MaximumRanges + " ranges at one time, and " + ranges + " would be needed.");
    }

    /// <summary>Counts the changed ranges that start in a range or right behind it.</summary>
    private int StartsIn(SegmentMap<GuardedPages> map, IpaRange range)
    {
        ulong at = range.Start.Value;
        Stage2Access before = at == 0 ? Stage2Access.None : ThroughStage2(map.At(at - 1).Denied);
        int count = 0;
        while (true)
        {
            Stage2Access here = ThroughStage2(map.RunFrom(at, out ulong last).Denied);
            count += here != Stage2Access.None && here != before ? 1 : 0;
            before = here;
            if (last > range.Last.Value || last == ulong.MaxValue)
            {
                return count;
            }

            at = last + 1;
        }
    }

    /// <summary>Goes through the ranges in which two maps differ, makes the changes there, and merges where nothing is denied any more.</summary>
    private void Change(SegmentMap<GuardedPages> from, SegmentMap<GuardedPages> to, IpaRange range)
    {
        bool restored = false;
        ulong last;
        for (ulong start = range.Start.Value; ; start = last + 1)
        {
            GuardedPages before = from.RunFrom(start, out ulong lastBefore);
            GuardedPages after = to.RunFrom(start, out ulong lastAfter);
            last = Math.Min(range.Last.Value, Math.Min(lastBefore, lastAfter));
            if (before.Denied != after.Denied)
            {
                var part = new IpaRange(new Ipa(start), last - start + 1);
                InlineFilter?.Deny(part, after.Denied & Stage2Access.ReadWrite);
                Stage2Access denied = ThroughStage2(after.Denied);
                if (denied != ThroughStage2(before.Denied) && (after.Original ?? before.Original) is Stage2Access original)
                {
                    _control!.Protect(part, original & ~denied);
                    restored |= denied == Stage2Access.None;
                }
            }

            if (last == range.Last.Value)
            {
                break;
            }
        }

        if (restored)
        {
            _control!.Coalesce(range);
        }
    }

    /// <summary>Stores what is permitted where Stage 2 denies something and nothing is stored yet.</summary>
    /// <param name="map">The map.</param>
    /// <param name="range">The range to look at.</param>
    /// <param name="access">What the mapped parts permit; null when it is what Stage 2 permits now.</param>
    /// <returns>The new map.</returns>
    private SegmentMap<GuardedPages> Remember(SegmentMap<GuardedPages> map, IpaRange range, Stage2Access? access)
    {
        SegmentMap<GuardedPages> next = map;
        ulong last;
        for (ulong start = range.Start.Value; ; start = last + 1)
        {
            GuardedPages pages = map.RunFrom(start, out last);
            last = Math.Min(last, range.Last.Value);
            if (pages.Original is null && ThroughStage2(pages.Denied) != Stage2Access.None)
            {
                next = RememberMapped(next, start, last, access);
            }

            if (last == range.Last.Value)
            {
                return next;
            }
        }
    }

    private SegmentMap<GuardedPages> RememberMapped(SegmentMap<GuardedPages> map, ulong start, ulong last, Stage2Access? access)
    {
        // Neighbours with the same access are stored, and later changed, as one: maintenance is paid by the change, not by the page.
        ulong first = start;
        Stage2Access? run = null;
        for (ulong at = start; ;)
        {
            bool isMapped = TryGetMapping(new Ipa(at), out Stage2MappingInfo mapping);
            Stage2Access? here = isMapped ? access ?? mapping.Access : null;
            if (here != run)
            {
                map = at == first ? map : WithOriginal(map, first, at - 1, run);
                first = at;
                run = here;
            }

            // Holes may be much larger than all that is mapped.
            ulong end = at + (PageSize - 1);
            end = mapping.Range.Length == 0 ? end : Math.Max(end, mapping.Range.Last.Value);
            if (end >= last)
            {
                return WithOriginal(map, first, last, run);
            }

            at = end + 1;
        }
    }

    private static SegmentMap<GuardedPages> WithOriginal(SegmentMap<GuardedPages> map, ulong first, ulong last, Stage2Access? original) =>
        original is null ? map : map.With(first, last, pages => pages.WithOriginal(original));

    /// <summary>Drops what is stored where Stage 2 denies nothing any more.</summary>
    private SegmentMap<GuardedPages> Forget(SegmentMap<GuardedPages> map, IpaRange range)
    {
        SegmentMap<GuardedPages> next = map;
        ulong last;
        for (ulong start = range.Start.Value; ; start = last + 1)
        {
            GuardedPages pages = map.RunFrom(start, out last);
            last = Math.Min(last, range.Last.Value);
            if (pages.Original is not null && ThroughStage2(pages.Denied) == Stage2Access.None)
            {
                next = next.With(start, last, static forgotten => forgotten.WithOriginal(null));
            }

            if (last == range.Last.Value)
            {
                return next;
            }
        }
    }

    private void TryRestore(IpaRange range)
    {
        try
        {
            Change(_map, s_unguarded, range);
        }
        catch (Exception)
        {
            // The backend is broken here; the other ranges may still be restored.
            _faulted = true;
        }
    }

    /// <summary>The vCPUs are paused, where they must be, and nobody else changes anything.</summary>
    private readonly ref struct ChangeScope
    {
        private readonly IStage2Guards _guards;

        public ChangeScope(IStage2Guards guards)
        {
            _guards = guards;
            guards.BeginChange();
        }

        public void Dispose() => _guards.EndChange();
    }
}
