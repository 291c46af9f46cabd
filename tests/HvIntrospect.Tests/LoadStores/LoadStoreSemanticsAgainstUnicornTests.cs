using System;
using HvIntrospect.Tests.Differential;
using HvIntrospect.Tests.Support;
using Xunit;

namespace HvIntrospect.Tests.LoadStores;

public sealed class LoadStoreSemanticsAgainstUnicornTests
{
    private static readonly int s_cases = Environment.GetEnvironmentVariable("HVINTROSPECT_LONG") == "1" ? 200_000 : 4_000;

    /// <summary>Registers, memory, PC and faults of random Armv8.0 loads and stores agree with an executor that shares no code.</summary>
    [UnicornFact]
    public void Random_loads_and_stores_end_as_on_unicorn()
    {
        using UnicornLeg unicorn = new();
        var semantics = new SemanticsLeg();
        for (int seed = 0; seed < s_cases; seed++)
        {
            LoadStoreCase given = LoadStoreCaseGenerator.Make(seed);
            Outcome ours = semantics.Execute(given);
            string? difference = OutcomeComparison.Difference(given, unicorn.Execute(given), ours, UnicornDeviations.Comparable(given, ours));
            Assert.True(difference is null, $"{difference} ({given})");
        }
    }
}
