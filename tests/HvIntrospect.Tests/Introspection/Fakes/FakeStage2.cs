using System;
using System.Collections.Generic;
using System.Linq;

namespace HvIntrospect.Tests.Introspection.Fakes;

/// <summary>Stage 2 as a dictionary of pages; RAM is mapped with all accesses.</summary>
internal sealed class FakeStage2 : IStage2Control
{
    private readonly object _lock = new();
    private readonly Dictionary<Ipa, Stage2Access> _pages = [];

    public FakeStage2(ulong start, int size)
    {
        for (ulong offset = 0; offset < (ulong)size; offset += Granule)
        {
            _pages.Add(new Ipa(start + offset), Stage2Access.All);
        }
    }

    public Stage2AccessSupport Support { get; set; } = Stage2AccessSupport.WriteProtect | Stage2AccessSupport.NoAccess
        | Stage2AccessSupport.ExecuteOnly | Stage2AccessSupport.NoExecute | Stage2AccessSupport.FetchExits | Stage2AccessSupport.WalkExits;

    public ulong Granule => 4096;

    /// <summary>Gets or sets where physical memory lies above the IPAs; null when the backend does not tell.</summary>
    public ulong? PhysicalOffset { get; set; }

    public int MaximumRanges => int.MaxValue;

    /// <summary>Gets the number of pages that do not permit everything.</summary>
    public int RestrictedPages
    {
        get
        {
            lock (_lock)
            {
                return _pages.Values.Count(access => access != Stage2Access.All);
            }
        }
    }

    /// <summary>Gets what an address permits to the guest.</summary>
    public Stage2Access this[ulong address]
    {
        get
        {
            lock (_lock)
            {
                return _pages[new Ipa(address).AlignDown(Granule)];
            }
        }
    }

    /// <summary>Maps a page otherwise than with all accesses; null for not at all.</summary>
    public void Map(ulong page, Stage2Access? access)
    {
        lock (_lock)
        {
            _pages.Remove(new Ipa(page));
            if (access is not null)
            {
                _pages.Add(new Ipa(page), access.Value);
            }
        }
    }

    public bool TryGetMapping(Ipa address, out Stage2MappingInfo mapping)
    {
        lock (_lock)
        {
            Ipa page = address.AlignDown(Granule);
            bool isMapped = _pages.TryGetValue(page, out Stage2Access access);
            mapping = isMapped ? new Stage2MappingInfo(new IpaRange(page, Granule), access, PhysicalStart(page)) : new Stage2MappingInfo(new IpaRange(page, NextAfter(page) - page.Value), Stage2Access.None);
            return isMapped;
        }
    }

    /// <summary>Gets or sets a value indicating whether changes of pages fail.</summary>
    public bool IsBroken { get; set; }

    /// <summary>Gets who guards the pages; null for nobody.</summary>
    public IStage2Guards? Guards { get; private set; }

    public void Protect(IpaRange range, Stage2Access access)
    {
        if (IsBroken)
        {
            throw new InvalidOperationException("The backend is broken.");
        }

        lock (_lock)
        {
            for (Ipa page = range.Start; range.Contains(page); page += Granule)
            {
                if (_pages.ContainsKey(page))
                {
                    _pages[page] = access;
                }
            }
        }
    }

    public void SetGuards(IStage2Guards? guards) => Guards = guards;

    public void Split(IpaRange range)
    {
    }

    public void Coalesce(IpaRange range)
    {
    }

    private ulong NextAfter(Ipa page) => _pages.Keys.Where(other => other > page).Select(static other => other.Value).Append(ulong.MaxValue - Granule + 1).Min();

    private Pa? PhysicalStart(Ipa page) => PhysicalOffset is ulong offset ? new Pa(page.Value + offset) : null;
}
