using System;

namespace HvIntrospect.Introspection;

/// <summary>What the Introspector needs of Stage 2: who denies what, and how to deny and to open.</summary>
internal interface IPageControl
{
    /// <summary>Gets the size of the pages that are denied and opened, in bytes.</summary>
    ulong PageSize { get; }

    /// <summary>Judges an access to one byte.</summary>
    /// <param name="address">The byte.</param>
    /// <param name="needed">What the access needs.</param>
    /// <returns>What the page permits.</returns>
    PageStanding Judge(Ipa address, Stage2Access needed);

    /// <summary>Gets what the owners of the library deny together.</summary>
    /// <param name="address">A byte of the page.</param>
    /// <returns>The denied accesses.</returns>
    Stage2Access DeniedAt(Ipa address);

    /// <summary>Denies accesses to the pages of some bytes, beside what others deny. Every vCPU is subject to it when the call returns.</summary>
    /// <param name="range">The bytes.</param>
    /// <param name="access">What is denied.</param>
    /// <returns>What ends the denial.</returns>
    IDisposable Deny(IpaRange range, Stage2Access access);

    /// <summary>Lifts all denials of one page for a while.</summary>
    /// <param name="address">A byte of the page.</param>
    /// <returns>What puts them back.</returns>
    IDisposable Open(Ipa address);
}
