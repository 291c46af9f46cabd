using System;
using System.Collections.Generic;
using System.Linq;
using HvIntrospect.A64;
using HvIntrospect.Registers;
using HvIntrospect.Tests.LoadStores;
using HvIntrospect.Tests.Support;
using Xunit;

namespace HvIntrospect.Tests.Differential;

/// <summary>
/// Each case is executed three times: by the machine with the page mapped, by the library with the page denied, and by qemu-aarch64, which shares no code. All
/// three agree in registers, memory, PC and fault, whatever the class.
/// </summary>
public sealed class ThreeLeggedTests
{
    private const A64Features Features = A64Features.All;

    // What qemu 7.2 implements at EL0 without a system call to enable it.
    private const A64Features OfHarness = A64Features.LSE | A64Features.LOR | A64Features.LRCPC | A64Features.LRCPC2 | A64Features.MTE | A64Features.MTE2;

    // On both sides of the border behind the denied page, with a page behind the window; and the last page, with nothing behind it.
    private const ulong AcrossPages = TestLayout.DeniedPage + (TestLayout.PageSize / 2);
    private const ulong LastPage = TestLayout.DataEnd - TestLayout.PageSize;

    private static readonly int s_cases = Environment.GetEnvironmentVariable("HVINTROSPECT_LONG") == "1" ? 100_000 : 4_000;
    private static readonly EncodingRow[] s_rows = [.. LoadStoreCaseGenerator.AllRows.Where(static row => (row.Feature & ~OfHarness) == 0 && !IsLargeTagStore(row))];

    [ToolTheory(Aarch64Harness.Tool)]
    [InlineData(AcrossPages)]
    [InlineData(LastPage)]
    public void The_machine_the_library_and_qemu_agree(ulong window)
    {
        List<LoadStoreCase> cases = MakeCases(window);
        IReadOnlyList<Outcome> independent = HarnessLeg.Execute(cases, window, (int)TestLayout.PageSize);
        using NativeLeg native = new(Features);
        using WatchedLeg watched = new(usesInlineFilter: false, Features);
        for (int i = 0; i < cases.Count; i++)
        {
            LoadStoreCase given = cases[i];
            Outcome ours = native.Execute(given);
            OutcomeFields comparable = HarnessDeviations.Comparable(given, ours);
            AssertSame(given, "qemu", OutcomeComparison.Difference(given, independent[i], ours, comparable));
            AssertSame(given, "the library", OutcomeComparison.Difference(given, ours, watched.Execute(given), OutcomeFields.All));
        }

        Assert.Equal(s_rows.Length, cases.Select(static given => given.Row).Union(s_rows).Count());
        Assert.InRange(cases.Select(static given => given.Row).Distinct().Count(), s_rows.Length * 9 / 10, s_rows.Length);
        Assert.True(window != AcrossPages || watched.Trapped > cases.Count / 2, $"{watched.Trapped} accesses trapped");
    }

    /// <summary>Whatever handler the machine has for a row: it does what the reference does, in little-endian and big-endian order.</summary>
    [Theory]
    [InlineData(SctlrBits.None)]
    [InlineData(SctlrBits.Ee)]
    public void The_machine_agrees_with_the_reference_in_every_row(SctlrBits order)
    {
        using NativeLeg native = new(Features | A64Features.Later, (ulong)order);
        using WatchedLeg watched = new(usesInlineFilter: false, Features | A64Features.Later, (ulong)order);
        var reference = new SemanticsLeg((ulong)order);
        var seen = new HashSet<EncodingRow>();
        for (int seed = 0; seed < 2 * s_cases; seed++)
        {
            LoadStoreCase given = LoadStoreCaseGenerator.Make(seed, LoadStoreCaseGenerator.AllRows);
            Outcome expected = reference.Execute(given);
            seen.Add(given.Row);
            AssertSame(given, "the machine", OutcomeComparison.Difference(given, expected, native.Execute(given), OutcomeFields.All));
            AssertSame(given, "the library", OutcomeComparison.Difference(given, expected, watched.Execute(given), OutcomeFields.All));
        }

        Assert.InRange(seen.Count, LoadStoreCaseGenerator.AllRows.Length * 9 / 10, LoadStoreCaseGenerator.AllRows.Length);
    }

    private static void AssertSame(LoadStoreCase given, string leg, string? difference) => Assert.True(difference is null, $"{leg}: {difference} ({given})");

    /// <summary>LDGM and its kin are UNDEFINED at EL0, where the harness runs.</summary>
    private static bool IsLargeTagStore(EncodingRow row) => row.Id is "LDGM_64bulk_ldsttags" or "STGM_64bulk_ldsttags" or "STZGM_64bulk_ldsttags";

    /// <summary>Cases that access nothing but the window, or what is mapped nowhere.</summary>
    private static List<LoadStoreCase> MakeCases(ulong window)
    {
        List<LoadStoreCase> cases = [];
        for (int seed = 0; cases.Count < s_cases; seed++)
        {
            LoadStoreCase given = LoadStoreCaseGenerator.Make(seed, s_rows);
            bool isInside = given.Target >= window && given.Target + TestLayout.LongestAccess <= window + TestLayout.PageSize;
            bool isAtEnd = window == LastPage && given.Target >= window;
            if (isInside || isAtEnd)
            {
                cases.Add(given);
            }
        }

        return cases;
    }
}
