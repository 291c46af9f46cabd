using System;
using System.Collections.Generic;
using System.Linq;

namespace HvIntrospect.Tests.Interception;

/// <summary>A Stage 2 control over a few pages that records what is asked of it, and can be told to fail.</summary>
internal sealed class RecordingControl : IStage2Control
{
    public const ulong PageSize = 4096;
    private readonly Dictionary<ulong, Stage2Access> _pages = [];

    public Stage2AccessSupport Support { get; set; } = Stage2AccessSupport.WriteProtect | Stage2AccessSupport.ExecuteOnly
        | Stage2AccessSupport.NoExecute | Stage2AccessSupport.NoAccess | Stage2AccessSupport.FetchExits | Stage2AccessSupport.ExecuteByLevel;

    public ulong Granule => PageSize;

    public int MaximumRanges { get; set; } = int.MaxValue;

    public int Protections { get; private set; }

    public int Merges { get; private set; }

    /// <summary>Gets or sets the number of the call of <see cref="Protect"/> that throws, counted down to 0.</summary>
    public int FailAt { get; set; } = -1;

    /// <summary>Gets or sets what happens in the midst of a call of <see cref="Protect"/>, while its pages are absent; null when they never are.</summary>
    public Action? WhileAbsent { get; set; }

    public Stage2Access this[ulong page]
    {
        get => _pages[page];
        set => _pages[page] = value;
    }

    public bool TryGetMapping(Ipa address, out Stage2MappingInfo mapping)
    {
        bool mapped = _pages.TryGetValue(address.Value / PageSize, out Stage2Access access);
        Ipa page = address.AlignDown(PageSize);
        ulong next = _pages.Keys.Where(number => number > page.Value / PageSize).Select(static number => number * PageSize).Append(ulong.MaxValue - PageSize + 1).Min();
        mapping = mapped ? new Stage2MappingInfo(new IpaRange(page, PageSize), access) : new Stage2MappingInfo(new IpaRange(page, next - page.Value), Stage2Access.None);
        return mapped;
    }

    public void Protect(IpaRange range, Stage2Access access)
    {
        if (FailAt >= 0 && FailAt-- == 0)
        {
            throw new InvalidOperationException("The backend was told to fail.");
        }

        Protections++;
        ulong first = range.Start.Value / PageSize;
        ulong last = range.Last.Value / PageSize;
        List<ulong> mapped = [.. _pages.Keys.Where(page => page >= first && page <= last)];
        if (WhileAbsent is not null)
        {
            mapped.ForEach(page => _pages.Remove(page));
            WhileAbsent();
        }

        mapped.ForEach(page => _pages[page] = access);
    }

    /// <summary>Gets who guards the pages; null for nobody.</summary>
    public IStage2Guards? Guards { get; private set; }

    public void SetGuards(IStage2Guards? guards) => Guards = guards;

    /// <summary>Maps a page or takes it away, as the owner of Stage 2 does.</summary>
    public void Map(ulong page, Stage2Access? access)
    {
        var range = new IpaRange(new Ipa(page * PageSize), PageSize);
        Guards?.BeginChange();
        if (access is Stage2Access permitted)
        {
            _pages[page] = permitted & ~(Guards?.DeniedFrom(range.Start, out _) ?? Stage2Access.None);
        }
        else
        {
            _pages.Remove(page);
        }

        Guards?.Changed(range, access ?? Stage2Access.None);
        Guards?.EndChange();
    }

    /// <summary>Tells whether a page is mapped.</summary>
    public bool IsMapped(ulong page) => _pages.ContainsKey(page);

    public void Split(IpaRange range)
    {
    }

    public void Coalesce(IpaRange range) => Merges++;
}
