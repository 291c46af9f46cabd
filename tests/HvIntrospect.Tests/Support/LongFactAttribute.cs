using System;
using Xunit;

namespace HvIntrospect.Tests.Support;

/// <summary>A test that takes minutes; skipped, visibly, unless <c>HVINTROSPECT_LONG=1</c> is set.</summary>
internal sealed class LongFactAttribute : FactAttribute
{
    private const string Variable = "HVINTROSPECT_LONG";

    public LongFactAttribute()
    {
        if (Environment.GetEnvironmentVariable(Variable) != "1")
        {
            Skip = Variable + " is not 1";
        }
    }
}
