using System;
using System.Collections.Generic;
using System.Threading;

namespace HvIntrospect.Interception;

/// <summary>Shares the Stage 2 permissions of pages between their owners: what is permitted is the base minus what any owner denies.</summary>
/// <remarks>
/// <para>The only caller of <see cref="IStage2Control"/> and of <see cref="IInlineAccessFilter.Deny"/>. What a page permitted before its
/// first guard is stored once; the release of the last guard restores it and merges blocks again. Where the backend cannot deny exactly
/// what is asked, the weakest denial that contains it is used. With an inline filter, data denials go through the filter and fetch denials
/// through Stage 2. Ranges that are not mapped have nothing to deny: an access there faults by itself.</para>
/// <para>Thread-safe. Changes exclude each other; look-ups take no lock and allocate nothing. When the backend throws, what was done is
/// taken back and the exception passes through; when that fails too, the object is faulted and later changes throw.</para>
/// </remarks>
public sealed class PageGuards : IDisposable
{
    private const ulong InlineGranule = 4096;
    private readonly object _gate = new();
    private readonly IGuestMemory _memory;
    private readonly IStage2Control? _control;
    private readonly List<PageGuard> _guards = [];
    private readonly OriginalAccess _originals = new();
    private GuardMap _map = GuardMap.Empty;
    private bool _faulted;

    /// <summary>Makes guards for a machine.</summary>
    /// <param name="machine">The machine; its capabilities are asked for.</param>
    /// <param name="useInlineFilter">True to deny data accesses through <see cref="IInlineAccessFilter"/> where the machine offers it.</param>
    /// <exception cref="ArgumentNullException"><paramref name="machine"/> is null.</exception>
    public PageGuards(IVirtualMachine machine, bool useInlineFilter)
    {
        _memory = (machine ?? throw new ArgumentNullException(nameof(machine))).Memory;
        _ = machine.TryGetCapability(out _control);
        if (useInlineFilter && machine.TryGetCapability(out IInlineAccessFilter? filter))
        {
            InlineFilter = filter;
        }

        PageSize = Math.Max(_control?.Granule ?? InlineGranule, InlineGranule);
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

        return Add(new PageGuard(this, PagesOf(range), denied, isOpening: false));
    }

    /// <summary>Checks that the backend can deny something, without denying it.</summary>
    /// <param name="denied">What would be denied.</param>
    /// <exception cref="NotSupportedException">The backend cannot deny it; the message names the missing capability.</exception>
    public void Demand(Stage2Access denied) => Effective(denied);

    /// <summary>Lifts all denials of a page for a while, for example for one step.</summary>
    /// <param name="page">A byte of the page.</param>
    /// <returns>What puts them back.</returns>
    /// <exception cref="InvalidOperationException">The object is faulted.</exception>
    public PageGuard Open(Ipa page) =>
        Add(new PageGuard(this, new IpaRange(page.AlignDown(PageSize), PageSize), Stage2Access.None, isOpening: true));

    /// <summary>Looks up what the owners deny at an address. Opened pages deny nothing.</summary>
    /// <param name="address">The address.</param>
    /// <returns>The denied accesses.</returns>
    public Stage2Access DeniedAt(Ipa address) => Volatile.Read(ref _map).At(address);

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
    /// <param name="address">A byte of the access.</param>
    /// <param name="needed">What the access needs.</param>
    /// <returns>What the page means for it.</returns>
    public PageStanding Judge(Ipa address, Stage2Access needed)
    {
        Stage2Access denied = Volatile.Read(ref _map).At(address);
        bool isDenied = denied != Stage2Access.None && (Effective(denied) & needed) != 0;

        // What the base refuses is refused whoever else denies it: performing it would break the guest's own protection.
        if (TryGetBase(address, out Stage2Access permitted))
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

    /// <summary>Releases all guards and restores what can be restored. It does not throw for a backend that fails.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _guards.Clear();
            foreach (GuardMap.Segment segment in _map.Segments)
            {
                TryRestore(new IpaRange(new Ipa(segment.Start), segment.Last - segment.Start + 1));
            }

            Volatile.Write(ref _map, GuardMap.Empty);
        }
    }

    internal void Release(PageGuard guard)
    {
        lock (_gate)
        {
            int index = _guards.IndexOf(guard);
            if (index < 0)
            {
                return;
            }

            _guards.RemoveAt(index);
            try
            {
                Apply(guard.Pages);
            }
            catch
            {
                _guards.Insert(index, guard);
                throw;
            }
        }
    }

    /// <summary>Gets what Stage 2 permits without the guards.</summary>
    private bool TryGetBase(Ipa address, out Stage2Access permitted)
    {
        if (_originals.TryGet(address, out permitted))
        {
            return true;
        }

        if (_control is not null && _control.TryGetMapping(address, out Stage2MappingInfo mapping))
        {
            permitted = mapping.Access;
            return true;
        }

        return false;
    }

    private PageGuard Add(PageGuard guard)
    {
        lock (_gate)
        {
            _guards.Add(guard);
            try
            {
                Apply(guard.Pages);
                return guard;
            }
            catch
            {
                _guards.RemoveAt(_guards.Count - 1);
                throw;
            }
        }
    }

    private IpaRange PagesOf(IpaRange range)
    {
        if (range.Length == 0)
        {
            throw new ArgumentOutOfRangeException(nameof(range), range, "A guarded range is at least 1 byte long.");
        }

        Ipa start = range.Start.AlignDown(PageSize);
        return new IpaRange(start, range.Last.AlignDown(PageSize) - start + PageSize);
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

        if (denied == Stage2Access.Execute && Has(support, Stage2AccessSupport.NoExecute))
        {
            return denied;
        }

        if (denied == (Stage2Access.Write | Stage2Access.Execute) && Has(support, Stage2AccessSupport.WriteProtect | Stage2AccessSupport.NoExecute))
        {
            return denied;
        }

        bool fetches = (denied & Stage2Access.Execute) != 0;
        if (!fetches && Has(support, Stage2AccessSupport.ExecuteOnly))
        {
            return Stage2Access.ReadWrite;
        }

        // A page without any access denies fetches too. A backend that does not report them would let the guest die of the guard.
        if (Has(support, Stage2AccessSupport.NoAccess | Stage2AccessSupport.FetchExits))
        {
            return Stage2Access.All;
        }

        Stage2AccessSupport missing = denied == Stage2Access.Write ? Stage2AccessSupport.WriteProtect
            : denied == Stage2Access.Execute ? Stage2AccessSupport.NoExecute
            : Has(support, Stage2AccessSupport.NoAccess) ? Stage2AccessSupport.FetchExits
            : Stage2AccessSupport.NoAccess;
        throw new NotSupportedException(
            "Denying " + denied + " needs " + nameof(Stage2AccessSupport) + "." + missing + ", which the backend does not offer.");
    }

    private static bool Has(Stage2AccessSupport support, Stage2AccessSupport flags) => (support & flags) == flags;

    /// <summary>Brings the backend from the current map to the one of the guards, in a range; all or nothing.</summary>
    private void Apply(IpaRange range)
    {
        if (_faulted)
        {
            throw new InvalidOperationException("The backend failed before, so that the state of its pages is not known.");
        }

        GuardMap next = GuardMap.Of(_guards);
        ThrowIfNotPossible(next);
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

        Volatile.Write(ref _map, next);
    }

    private void ThrowIfNotPossible(GuardMap next)
    {
        int ranges = 0;
        foreach (GuardMap.Segment segment in next.Segments)
        {
            ranges += ThroughStage2(segment.Denied) != Stage2Access.None ? 1 : 0;
        }

        if (_control is not null && ranges > _control.MaximumRanges)
        {
            throw new InvalidOperationException("The backend can change " + _control.MaximumRanges + " ranges at one time, and " + ranges + " would be needed.");
        }
    }

    /// <summary>Goes through the ranges in which two maps differ, makes the changes there, and merges where nothing is denied any more.</summary>
    private void Change(GuardMap from, GuardMap to, IpaRange range)
    {
        bool restored = false;
        for (ulong start = range.Start.Value; ;)
        {
            ulong last = Math.Min(range.Last.Value, Math.Min(from.RunFrom(start, out Stage2Access before), to.RunFrom(start, out Stage2Access after)));
            if (before != after)
            {
                InlineFilter?.Deny(new IpaRange(new Ipa(start), last - start + 1), after & Stage2Access.ReadWrite);
                restored |= ChangeStage2(start, last, ThroughStage2(before), ThroughStage2(after));
            }

            if (last == range.Last.Value)
            {
                break;
            }

            start = last + 1;
        }

        if (restored)
        {
            _control!.Coalesce(range);
        }
    }

    private bool ChangeStage2(ulong start, ulong last, Stage2Access before, Stage2Access after)
    {
        if (before == after)
        {
            return false;
        }

        if (before == Stage2Access.None)
        {
            Remember(start, last);
        }

        foreach ((IpaRange part, Stage2Access access) in _originals.PartsOf(start, last))
        {
            _control!.Protect(part, access & ~after);
        }

        if (after == Stage2Access.None)
        {
            _originals.Remove(start, last);
        }

        return after == Stage2Access.None;
    }

    /// <summary>Stores what is permitted now. What is stored already stays: a release that is being taken back has not restored it yet.</summary>
    private void Remember(ulong start, ulong last)
    {
        ulong at = start;
        foreach ((IpaRange part, _) in _originals.PartsOf(start, last))
        {
            if (part.Start.Value > at)
            {
                RememberMapped(at, part.Start.Value - 1);
            }

            if (part.Last.Value == last)
            {
                return;
            }

            at = part.Last.Value + 1;
        }

        RememberMapped(at, last);
    }

    private void RememberMapped(ulong start, ulong last)
    {
        // Neighbours with the same access are stored, and later changed, as one: maintenance is paid by the change, not by the page.
        ulong first = start;
        Stage2Access? access = null;
        for (ulong at = start; ;)
        {
            bool mapped = _control!.TryGetMapping(new Ipa(at), out Stage2MappingInfo mapping);
            Stage2Access? here = mapped ? mapping.Access : null;
            if (here != access)
            {
                RememberRun(first, at, access);
                first = at;
                access = here;
            }

            ulong end = Math.Min(last, mapped ? mapping.Range.Last.Value : at + (PageSize - 1));
            if (end == last)
            {
                RememberRun(first, last + 1, access);
                return;
            }

            at = end + 1;
        }
    }

    private void RememberRun(ulong start, ulong end, Stage2Access? access)
    {
        if (access is Stage2Access permitted)
        {
            _originals.Add(new IpaRange(new Ipa(start), end - start), permitted);
        }
    }

    private void TryRestore(IpaRange range)
    {
        try
        {
            Change(_map, GuardMap.Empty, range);
        }
        catch (Exception)
        {
            // The backend is broken here; the other ranges may still be restored.
            _faulted = true;
        }
    }
}
