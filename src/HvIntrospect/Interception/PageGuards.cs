using System;
using System.Collections.Generic;
using System.Threading;

namespace HvIntrospect.Interception;

/// <summary>Shares the Stage 2 permissions of pages between their owners: what is permitted in a view is the base minus what any owner denies in the base view or in that one.</summary>
/// <remarks>
/// <para>The only caller of <see cref="IStage2Control"/>, of <see cref="IStage2Views.Protect"/> and of <see cref="IInlineAccessFilter.Deny"/>. What a page permitted before its
/// first guard is stored once; the release of the last guard restores it and merges blocks again. Where the backend cannot deny exactly
/// what is asked, the weakest denial that contains it is used. With an inline filter, data denials of the base view go through the filter, all others
/// through Stage 2. A denial holds for addresses, mapped or not: what is mapped later is subject to it, and what the owner of Stage 2 changes meanwhile
/// changes the original.</para>
/// <para>Views: what is held in the base view, number 0, a denial or an opening, is held in all views, also in those that are made later; what is held in another view is
/// held there alone. An opening of one view lifts what is denied in the base view, too, but in that view alone; only what an inline filter denies it does not lift.</para>
/// <para>Thread-safe. Changes exclude each other. They are made while all vCPUs are paused where the machine offers <see cref="IPauseAll"/>, unless its changes are
/// atomic by themselves or can be made while vCPUs run (<see cref="Stage2AccessSupport.LiveChange"/>). Look-ups allocate nothing and take no lock, unless a change may be
/// under way right there. When the backend throws, what was done is taken back and the exception passes through; when that fails too, the object is faulted and later
/// changes throw.</para>
/// </remarks>
public sealed class PageGuards : IStage2Guards, IDisposable
{
    private const ulong InlineGranule = 4096;
    private readonly object _gate = new();
    private readonly IGuestMemory _memory;
    private readonly IStage2Control? _control;
    private readonly IPauseAll? _pause;
    private readonly GuardedStage2 _stage2;
    private readonly IGuardedLog _log;
    private readonly HashSet<PageGuard> _guards = [];
    private GuardMap _map = GuardMap.Empty;
    private int _changes;
    private bool _faulted;

    /// <summary>Makes guards for a machine.</summary>
    /// <param name="machine">The machine; its capabilities are asked for.</param>
    /// <param name="useInlineFilter">True to deny data accesses through <see cref="IInlineAccessFilter"/> where the machine offers it.</param>
    /// <param name="splitsForDirtyLog">True to split all blocks when the dirty log starts; false to split each block at the first write to it.</param>
    /// <exception cref="ArgumentNullException"><paramref name="machine"/> is null.</exception>
    /// <exception cref="InvalidOperationException">The pages of the machine are guarded already by guards that are not disposed.</exception>
    public PageGuards(IVirtualMachine machine, bool useInlineFilter, bool splitsForDirtyLog = false)
    {
        _memory = (machine ?? throw new ArgumentNullException(nameof(machine))).Memory;
        _ = machine.TryGetCapability(out _control);
        Views = machine.TryGetCapability(out IStage2Views? views) ? views : null;
        if (useInlineFilter && machine.TryGetCapability(out IInlineAccessFilter? filter))
        {
            InlineFilter = filter;
        }

        // A vCPU that calls an inline handler may want to change guards itself: whoever waits for it must not have taken the lock before.
        const Stage2AccessSupport Unpaused = Stage2AccessSupport.AtomicChange | Stage2AccessSupport.LiveChange;
        bool isUnpaused = InlineFilter is null && _control is not null && (_control.Support & Unpaused) != 0;
        _pause = !isUnpaused && machine.TryGetCapability(out IPauseAll? pause) ? pause : null;
        PageSize = Math.Max(_control?.Granule ?? InlineGranule, InlineGranule);
        _stage2 = new GuardedStage2(_control, Views, InlineFilter, PageSize);
        _log = _control is not null && machine.TryGetCapability(out IHardwareDirtyState? state) && state.IsHardwareDirtyStateUsable
            ? new HardwareLog(this, _control, state, splitsForDirtyLog)
            : new FirstWriteLog(this, _control, splitsForDirtyLog);
        _control?.SetGuards(this);
    }

    /// <summary>Gets the filter that data denials go through, or null.</summary>
    public IInlineAccessFilter? InlineFilter { get; }

    /// <summary>Gets the views of the machine, or null.</summary>
    public IStage2Views? Views { get; }

    /// <summary>Gets the size of a page in bytes: the backend's granule.</summary>
    public ulong PageSize { get; }

    /// <summary>Gets the dirty log of the guest's memory, one of the owners of pages: it denies the first write to each, unless hardware notes it (<see cref="IHardwareDirtyState"/>).</summary>
    /// <remarks>
    /// Hardware notes writes by blocks, as far as they are not split. Without it the log needs <see cref="Stage2AccessSupport.WriteProtect"/> and <see cref="IStage2Control.MaximumRanges"/> without a limit, else <see cref="IDirtyLog.Start"/> throws
    /// <see cref="NotSupportedException"/>. Writes by the library are logged when whoever implements <see cref="IVirtualMachine.Memory"/> tells them (<see cref="IStage2Guards.Written"/>).
    /// </remarks>
    public IDirtyLog DirtyLog => _log;

    /// <summary>Gets a number that is another one after each change of what is mapped or denied: an exit that happened before it may be stale.</summary>
    public int ChangeCount => Volatile.Read(ref _changes);

    /// <summary>Denies accesses to the pages of some bytes, beside what others deny. Every vCPU is subject to it when the call returns.</summary>
    /// <param name="range">The bytes; whole pages are denied.</param>
    /// <param name="denied">What is denied, not <see cref="Stage2Access.None"/>.</param>
    /// <param name="view">The view; 0, the base view, for all views.</param>
    /// <returns>What ends the denial.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="denied"/> is empty, or the range is, or <paramref name="view"/> is negative.</exception>
    /// <exception cref="ArgumentException">There is no such view, or the range is beyond the addresses that it can map. Nothing was changed.</exception>
    /// <exception cref="NotSupportedException">The backend cannot deny it; the message names the missing capability. Nothing was changed.</exception>
    /// <exception cref="InvalidOperationException">The backend's <see cref="IStage2Control.MaximumRanges"/> would be exceeded, or the object is faulted. Nothing was changed.</exception>
    public PageGuard Claim(IpaRange range, Stage2Access denied, int view = 0)
    {
        if (denied == Stage2Access.None || (denied & ~Stage2Access.All) != 0)
        {
            throw new ArgumentOutOfRangeException(nameof(denied), denied, "A guard denies reads, writes or fetches.");
        }

        return Add(new PageGuard(this, Existing(view), PagesOf(range), denied, Stage2Access.None));
    }

    /// <summary>Checks that the backend can deny something in all views, without denying it.</summary>
    /// <param name="denied">What would be denied.</param>
    /// <exception cref="NotSupportedException">The backend cannot deny it; the message names the missing capability.</exception>
    public void Demand(Stage2Access denied) => _stage2.Support.Effective(denied);

    /// <summary>Lifts all denials of a page for a while, for example for one step. What the dirty log waits for it goes on to see.</summary>
    /// <param name="page">A byte of the page.</param>
    /// <param name="view">The view; 0, the base view, for all views.</param>
    /// <returns>What puts them back.</returns>
    /// <exception cref="ArgumentException">There is no such view, or the page is beyond the addresses that it can map.</exception>
    /// <exception cref="NotSupportedException">The backend has no views.</exception>
    /// <exception cref="InvalidOperationException">The object is faulted.</exception>
    public PageGuard Open(Ipa page, int view = 0) => Open(page, Stage2Access.All, view);

    /// <summary>Lifts the denials of fetches from a page for a while, and all others too where the backend cannot permit fetches alone.</summary>
    /// <param name="page">A byte of the page.</param>
    /// <param name="view">The view; 0, the base view, for all views.</param>
    /// <returns>What puts them back.</returns>
    /// <exception cref="ArgumentException">There is no such view, or the page is beyond the addresses that it can map.</exception>
    /// <exception cref="NotSupportedException">The backend has no views.</exception>
    /// <exception cref="InvalidOperationException">The object is faulted.</exception>
    public PageGuard OpenFetches(Ipa page, int view = 0)
    {
        Stage2Access others = DeniedAt(page, view) & Stage2Access.ReadWrite;
        bool isAlone = others == Stage2Access.None || (_stage2.Support.Effective(others) & Stage2Access.Execute) == 0;
        return Open(page, isAlone ? Stage2Access.Execute : Stage2Access.All, view);
    }

    /// <summary>Looks up what the owners deny at an address, the dirty log included. Opened pages deny nothing but that.</summary>
    /// <param name="address">The address.</param>
    /// <param name="view">The view; 0 for the base view. One that does not exist has what the base view has.</param>
    /// <returns>The denied accesses.</returns>
    public Stage2Access DeniedAt(Ipa address, int view = 0)
    {
        GuardedPages pages = Volatile.Read(ref _map).At(view, address.Value, out GuardedPages own);
        return pages.Plus(own).Denied | pages.LogDenied;
    }

    /// <summary>Finds where a page lies, for maintenance of its caches.</summary>
    /// <param name="address">The IPA of a byte.</param>
    /// <param name="view">The view; 0 for the base view.</param>
    /// <param name="physical">Its physical address.</param>
    /// <returns>False where nothing is mapped, or when the backend does not tell.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There is no such view.</exception>
    public bool TryGetPhysical(Ipa address, int view, out Pa physical)
    {
        physical = default;
        Stage2MappingInfo mapping = default;
        bool isMapped = view != GuardMap.BaseView && Views is not null ? Views.TryGetMapping(view, address, out mapping)
            : _control is not null && _control.TryGetMapping(address, out mapping);
        if (!isMapped || mapping.PhysicalStart is not Pa start)
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
    /// A change that another thread is making right there is waited for.
    /// </remarks>
    /// <param name="address">A byte of the access.</param>
    /// <param name="needed">What the access needs.</param>
    /// <param name="view">The view that the vCPU had active; 0 for the base view.</param>
    /// <returns>What the page means for it.</returns>
    public PageStanding Judge(Ipa address, Stage2Access needed, int view = 0)
    {
        PageStanding standing = Judge(Volatile.Read(ref _map), view, address, needed);
        if (standing is PageStanding.Permitted or PageStanding.Denied or PageStanding.Logged)
        {
            return standing;
        }

        // The denial of a change that is under way looks like the base's own protection, and a backend that takes pages away to change them has none then.
        lock (_gate)
        {
            return Judge(_map, view, address, needed);
        }
    }

    /// <summary>Takes note of writes for the dirty log: the guest may make further ones natively. Nothing where it does not wait for them.</summary>
    /// <param name="range">The bytes. More than those are noted where the backend can permit writes only to more.</param>
    /// <exception cref="InvalidOperationException">The object is faulted.</exception>
    public void Log(IpaRange range) => _log.Note(range);

    /// <summary>Releases all guards and restores what can be restored. It does not throw for a backend that fails.</summary>
    public void Dispose()
    {
        using (BeginChange())
        {
            _guards.Clear();
            foreach (GuardedRun run in _map.Runs(GuardMap.BaseView, new IpaRange(default, ulong.MaxValue)))
            {
                TryRestore(run.Range);
            }

            Publish(GuardMap.Empty);
            _log.Forget();
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
        Stage2Access? denied = null;
        last = start;
        foreach (GuardedRun run in new GuardedRuns(_map, GuardMap.BaseView, start.Value, ulong.MaxValue))
        {
            Stage2Access here = _stage2.Support.ThroughStage2(run.Pages);
            if ((denied ??= here) != here)
            {
                break;
            }

            last = new Ipa(run.Last);
        }

        return denied!.Value;
    }

    /// <inheritdoc/>
    void IStage2Guards.Changed(IpaRange range, Stage2Access access)
    {
        GuardMap next = _map.With(GuardMap.BaseView, range.Start.Value, range.Last.Value, static pages => pages.WithOriginal(null));
        next = _stage2.Remember(next, range, access);
        Publish(next);
        _log.OnMapped(range);
        _stage2.Reopen(next, range);
    }

    /// <inheritdoc/>
    void IStage2Guards.Removed(int view)
    {
        _guards.RemoveWhere(guard => guard.View == view);
        Publish(_map.Without(view));
    }

    /// <inheritdoc/>
    void IStage2Guards.Written(IpaRange range) => _log.Note(range);

    /// <inheritdoc/>
    void IStage2Guards.EndChange()
    {
        Interlocked.Increment(ref _changes);
        Monitor.Exit(_gate);
        _pause?.Resume();
    }

    internal void Release(PageGuard guard)
    {
        using (BeginChange())
        {
            if (_guards.Contains(guard))
            {
                Apply(guard.View, guard.Pages, pages => pages.With(guard, -1));
                _guards.Remove(guard);
            }
        }
    }

    /// <summary>Gets the map as it is now; it is the last one as long as nobody else can begin a change.</summary>
    internal GuardMap Map => Volatile.Read(ref _map);

    /// <summary>Keeps everybody else from changing anything, with the vCPUs paused where they must be.</summary>
    /// <returns>What ends it.</returns>
    internal ChangeScope BeginChange() => new(this);

    /// <summary>Changes what is held in a range of one view, all or nothing. Called in a change.</summary>
    /// <param name="view">The view.</param>
    /// <param name="range">The whole pages.</param>
    /// <param name="change">Makes the new value of an old one.</param>
    /// <param name="merges">True to merge blocks where nothing is denied any more.</param>
    internal void Apply(int view, IpaRange range, Func<GuardedPages, GuardedPages> change, bool merges = true)
    {
        if (_faulted)
        {
            throw new InvalidOperationException("The backend failed before, so that the state of its pages is not known.");
        }

        GuardMap next = _map.With(view, range.Start.Value, range.Last.Value, change);
        _stage2.Demand(_map, next, range);
        next = _stage2.Remember(next, range, access: null);
        try
        {
            _stage2.Change(_map, next, range, merges);
        }
        catch
        {
            try
            {
                _stage2.Change(next, _map, range, merges: true);
            }
            catch
            {
                _faulted = true;
                throw;
            }

            throw;
        }

        _stage2.Account(_map, next, range);
        Publish(_stage2.Forget(next, range));
    }

    /// <summary>Gets the whole pages of some bytes.</summary>
    /// <param name="range">The bytes.</param>
    /// <returns>The pages.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The range is empty, or all of the address space.</exception>
    internal IpaRange PagesOf(IpaRange range)
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

    private static int Existing(int view) =>
        view >= 0 ? view : throw new ArgumentOutOfRangeException(nameof(view), view, "Views are numbered from 0, the base view.");

    private PageGuard Open(Ipa page, Stage2Access lifted, int view) =>
        Add(new PageGuard(this, Existing(view), new IpaRange(page.AlignDown(PageSize), PageSize), Stage2Access.None, lifted));

    private PageGuard Add(PageGuard guard)
    {
        using (BeginChange())
        {
            _stage2.ThrowIfBeyond(_map, guard.View, guard.Pages.Last);
            _guards.Add(guard);
            try
            {
                Apply(guard.View, guard.Pages, pages => pages.With(guard, 1));
                return guard;
            }
            catch
            {
                _guards.Remove(guard);
                throw;
            }
        }
    }

    private void Publish(GuardMap map) => Volatile.Write(ref _map, map);

    private PageStanding Judge(GuardMap map, int view, Ipa address, Stage2Access needed)
    {
        GuardedPages pages = map.At(view, address.Value, out GuardedPages own);
        bool isDenied = (_stage2.Support.Effective(pages, own) & needed) != 0;

        // What the base refuses is refused whoever else denies it: performing it would break the guest's own protection.
        Stage2MappingInfo mapping = default;
        if (pages.Original is not null || (_control is not null && _control.TryGetMapping(address, out mapping)))
        {
            return ((pages.Original ?? mapping.Access) & needed) != needed ? PageStanding.Protected
                : !isDenied ? PageStanding.Permitted
                : pages.IsLogged && (_stage2.Support.Effective(pages.WithLogged(false), own) & needed) == 0 ? PageStanding.Logged
                : PageStanding.Denied;
        }

        if (mapping.IsInTransition)
        {
            return PageStanding.InTransition;
        }

        Span<byte> probe = stackalloc byte[1];
        return _memory.Read(address, probe) == 0 ? PageStanding.NoMemory
            : _control is not null ? PageStanding.NotMapped
            : isDenied ? PageStanding.Denied
            : PageStanding.Permitted;
    }

    private void TryRestore(IpaRange range)
    {
        try
        {
            _stage2.Change(_map, GuardMap.Empty, range, merges: true);
        }
        catch (Exception)
        {
            // The backend is broken here; the other ranges may still be restored.
            _faulted = true;
        }
    }

    /// <summary>The vCPUs are paused, where they must be, and nobody else changes anything.</summary>
    internal readonly ref struct ChangeScope
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
