using System;
using HvIntrospect.Peers;
using Xunit;

namespace HvIntrospect.Tests.Support;

/// <summary>A test that compares with Capstone; it is shown as skipped where the library is absent.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class CapstoneFactAttribute : FactAttribute
{
    public CapstoneFactAttribute()
    {
        if (!Peer.Capstone.IsAvailable)
        {
            Skip = Peer.Capstone.AbsenceReason;
        }
    }
}
