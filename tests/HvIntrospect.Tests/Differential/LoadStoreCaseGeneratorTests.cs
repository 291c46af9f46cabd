using System;
using System.Linq;
using HvIntrospect.A64;
using HvIntrospect.Tests.Support;
using Xunit;

namespace HvIntrospect.Tests.Differential;

public sealed class LoadStoreCaseGeneratorTests
{
    private const int Count = 6000;

    private static readonly LoadStoreCase[] s_cases = [.. Enumerable.Range(0, Count).Select(LoadStoreCaseGenerator.Make)];

    [Fact]
    public void The_same_seed_makes_the_same_case()
    {
        LoadStoreCase again = LoadStoreCaseGenerator.Make(17);

        Assert.Equal(s_cases[17].ToString(), again.ToString());
        Assert.Equal(s_cases[17].Memory, again.Memory);
        Assert.Equal(s_cases[17].V, again.V);
    }

    [Fact]
    public void Every_class_and_nearly_every_encoding_is_made()
    {
        Assert.Equal(18, s_cases.Select(static made => made.Class).Distinct().Count());
        Assert.InRange(s_cases.Select(static made => made.Row).Distinct().Count(), LoadStoreCaseGenerator.EncodingCount - 8, LoadStoreCaseGenerator.EncodingCount);
        Assert.InRange(LoadStoreCaseGenerator.EncodingCount, 350, 400);
    }

    [Fact]
    public void The_hard_places_are_visited()
    {
        AssertSome(static made => made.Field('n') == 31);
        AssertSome(static made => made.Field('t') == 31);
        AssertSome(static made => made.Field('n') == made.Field('t') && !made.IsConstrainedUnpredictable);
        AssertSome(static made => made.Field('t') == made.Field('2') && made.Row.Id.StartsWith("STP", StringComparison.Ordinal));
        AssertSome(static made => made.IsConstrainedUnpredictable);
        AssertSome(static made => made.Target % 8 != 0);
        AssertSome(static made => made.Target < TestLayout.DeniedPage && made.Target + 8 > TestLayout.DeniedPage);
        AssertSome(static made => made.Target < TestLayout.DataEnd && made.Target + 8 > TestLayout.DataEnd);
        AssertSome(static made => made.Target < TestLayout.Data);
        AssertSome(static made => made.Class == LoadStoreClass.RegisterOffset && made.Field('m') == made.Field('n'));
    }

    /// <summary>Unicorn computes the addresses by itself: where it stores is where the generator aimed.</summary>
    [UnicornFact]
    public void Stores_land_where_the_generator_aims()
    {
        using UnicornLeg unicorn = new();
        int stores = 0;
        foreach (LoadStoreCase given in s_cases)
        {
            Outcome outcome = unicorn.Execute(given);
            bool isMapped = given.Target >= TestLayout.Data && given.Target <= TestLayout.DataEnd - TestLayout.LongestAccess;
            Assert.False(isMapped && outcome.Fault == FaultKind.Memory, $"{outcome.FaultAddress:x} {given}");
            if (outcome.Fault != FaultKind.None || given.IsConstrainedUnpredictable)
            {
                continue;
            }

            for (int i = 0; i < given.Memory.Length; i++)
            {
                if (outcome.Memory[i] != given.Memory[i])
                {
                    stores++;
                    Assert.True(TestLayout.Data + (ulong)i - given.Target < TestLayout.LongestAccess, given.ToString());
                }
            }
        }

        Assert.True(stores > Count);
    }

    private static void AssertSome(Func<LoadStoreCase, bool> condition) => Assert.True(s_cases.Count(condition) >= 5);
}
