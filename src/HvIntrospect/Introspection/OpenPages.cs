using System;
using System.Collections.Generic;

namespace HvIntrospect.Introspection;

/// <summary>The pages that are open for one step of a vCPU.</summary>
internal sealed class OpenPages
{
    private readonly List<KeyValuePair<Ipa, IDisposable>> _pages = [];

    /// <summary>Gets a value indicating whether a step is under way.</summary>
    public bool IsStepping => _pages.Count != 0;

    /// <summary>Gets or sets a value indicating whether somebody else had armed a step before, who must hear of its end.</summary>
    public bool WasArmed { get; set; }

    /// <summary>Tells whether a page is open.</summary>
    /// <param name="page">The page's first byte.</param>
    /// <returns>True when it is.</returns>
    public bool Contains(Ipa page) => _pages.Exists(open => open.Key == page);

    /// <summary>Adds a page.</summary>
    /// <param name="page">The page's first byte.</param>
    /// <param name="opening">What closes it.</param>
    public void Add(Ipa page, IDisposable opening) => _pages.Add(new KeyValuePair<Ipa, IDisposable>(page, opening));

    /// <summary>Closes all pages.</summary>
    public void Close()
    {
        foreach (KeyValuePair<Ipa, IDisposable> open in _pages)
        {
            open.Value.Dispose();
        }

        _pages.Clear();
    }
}
