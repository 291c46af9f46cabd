using System;
using System.Collections.Generic;

namespace HvIntrospect.Samples.WatchIpa;

/// <summary>Where the results of a run go.</summary>
internal interface IReport : IDisposable
{
    /// <summary>Reports an access to watched bytes.</summary>
    void OnAccess(in AccessRecord access);

    /// <summary>Reports a line that the guest has written to its UART.</summary>
    void OnGuestLine(string line);

    /// <summary>Reports something that the user should know of and that is no access to watched bytes.</summary>
    void OnNote(string note);

    /// <summary>Reports the state of a guest that ended abnormally.</summary>
    /// <param name="reason">What happened.</param>
    /// <param name="state">Names and values.</param>
    void OnAbnormalEnd(string reason, IEnumerable<(string Name, string Value)> state);

    /// <summary>Reports the end of the run; nothing follows.</summary>
    void OnSummary(in RunSummary summary);
}
