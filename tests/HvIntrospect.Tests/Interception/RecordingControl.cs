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
        | Stage2AccessSupport.NoExecute | Stage2AccessSupport.NoAccess | Stage2AccessSupport.FetchExits;

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
        mapping = mapped ? new Stage2MappingInfo(new IpaRange(address.AlignDown(PageSize), PageSize), access) : default;
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

    public void SetGuards(IStage2Guards? guards)
    {
    }

    public void Coalesce(IpaRange range) => Merges++;
}
