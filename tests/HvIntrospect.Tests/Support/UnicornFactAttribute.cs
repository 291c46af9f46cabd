using System;
using HvIntrospect.Peers;
using Xunit;

namespace HvIntrospect.Tests.Support;

/// <summary>A test that compares with Unicorn; it is shown as skipped where the library is absent.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class UnicornFactAttribute : FactAttribute
{
    public UnicornFactAttribute()
    {
        if (!Peer.Unicorn.IsAvailable)
        {
            Skip = Peer.Unicorn.AbsenceReason;
        }
    }
}
