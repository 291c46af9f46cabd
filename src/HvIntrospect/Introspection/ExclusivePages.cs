using System;
using System.Collections.Generic;
using HvIntrospect.Interception;

namespace HvIntrospect.Introspection;

/// <summary>The write-watched pages on which load-exclusives must trap too, because a software monitor is needed there.</summary>
/// <remarks>Thread-safe. Pages are added by store-exclusives that trapped without a monitor and taken out by the one that succeeds.</remarks>
internal sealed class ExclusivePages
{
    private readonly Dictionary<Ipa, IDisposable> _denials = [];
    private readonly PageGuards _pages;
    private readonly SoftwareMonitors _monitors;

    /// <summary>Makes an empty set.</summary>
    /// <param name="pages">Denies accesses.</param>
    /// <param name="monitors">The monitors that need the pages.</param>
    public ExclusivePages(PageGuards pages, SoftwareMonitors monitors)
    {
        _pages = pages;
        _monitors = monitors;
    }

    /// <summary>Denies all data accesses to a page, until <see cref="Release"/>.</summary>
    /// <param name="address">A byte of the page.</param>
    /// <returns>False when the backend cannot deny reads, or not of so many pages.</returns>
    public bool TryAdd(Ipa address)
    {
        Ipa page = address.AlignDown(_pages.PageSize);
        lock (_denials)
        {
            if (_denials.ContainsKey(page))
            {
                return true;
            }
        }

        IDisposable denial;
        try
        {
            denial = _pages.Claim(new IpaRange(page, _pages.PageSize), Stage2Access.ReadWrite);
        }
        catch (Exception exception) when (exception is NotSupportedException or InvalidOperationException)
        {
            // The guest's instruction has led here: that must not throw.
            return false;
        }

        IDisposable? replaced;
        lock (_denials)
        {
            // Two vCPUs may have come here at one time; one denial is enough.
            _denials.TryGetValue(page, out replaced);
            _denials[page] = denial;
        }

        replaced?.Dispose();
        return true;
    }

    /// <summary>Ends the denial of a page if no monitor needs it any more.</summary>
    /// <param name="address">A byte of the page.</param>
    public void Release(Ipa address)
    {
        Ipa page = address.AlignDown(_pages.PageSize);
        IDisposable? denial;
        lock (_denials)
        {
            if (_monitors.IsAnyArmedIn(page, _pages.PageSize) || !_denials.TryGetValue(page, out denial))
            {
                return;
            }

            _denials.Remove(page);
        }

        denial.Dispose();
    }

    /// <summary>Ends all denials.</summary>
    public void Clear()
    {
        IDisposable[] denials;
        lock (_denials)
        {
            denials = [.. _denials.Values];
            _denials.Clear();
        }

        foreach (IDisposable denial in denials)
        {
            denial.Dispose();
        }
    }
}
