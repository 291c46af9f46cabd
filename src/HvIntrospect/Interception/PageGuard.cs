using System;

namespace HvIntrospect.Interception;

/// <summary>One owner's hold on some pages: a denial, or the opening of a page that others deny.</summary>
/// <remarks>Thread-safe. It ends with <see cref="Dispose"/>, which may be called more than once.</remarks>
public sealed class PageGuard : IDisposable
{
    private readonly PageGuards _guards;

    internal PageGuard(PageGuards guards, int view, IpaRange pages, Stage2Access denied, Stage2Access lifted)
    {
        _guards = guards;
        View = view;
        Pages = pages;
        Denied = denied;
        Lifted = lifted;
    }

    /// <summary>Gets the view; what is held in the base view, 0, is held in all views.</summary>
    public int View { get; }

    /// <summary>Gets the whole pages that are held.</summary>
    public IpaRange Pages { get; }

    /// <summary>Gets what the owner denies; nothing for an opening.</summary>
    public Stage2Access Denied { get; }

    /// <summary>Gets what an opening permits again whatever others deny: reads and writes together, fetches, or all; nothing for a denial.</summary>
    internal Stage2Access Lifted { get; }

    /// <summary>Ends the hold. What the other owners deny stays denied; where nobody is left, the original mapping is restored and blocks are merged again. Nothing where the view has been removed.</summary>
    /// <exception cref="InvalidOperationException">The backend failed before, so that its state is not known.</exception>
    public void Dispose() => _guards.Release(this);
}
