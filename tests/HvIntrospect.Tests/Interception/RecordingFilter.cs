using System.Collections.Generic;

namespace HvIntrospect.Tests.Interception;

/// <summary>An inline filter that remembers what it was told to deny.</summary>
internal sealed class RecordingFilter : IInlineAccessFilter
{
    public Dictionary<ulong, Stage2Access> Denied { get; } = [];

    public void SetHandler(IInlineAccessHandler? handler)
    {
    }

    public void Deny(IpaRange range, Stage2Access denied)
    {
        for (ulong page = range.Start.Value / 4096; page <= range.Last.Value / 4096; page++)
        {
            Denied[page] = denied;
        }
    }
}
