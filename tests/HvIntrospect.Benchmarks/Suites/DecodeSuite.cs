using System;
using HvIntrospect.Benchmarks.Measuring;
using HvIntrospect.Benchmarks.Reporting;
using HvIntrospect.Peers;

namespace HvIntrospect.Benchmarks.Suites;

/// <summary>Decoding the load/store words of real code.</summary>
internal static class DecodeSuite
{
    /// <summary>Measures.</summary>
    public static void Run(Harness harness, Report report)
    {
        LoadStoreWords words = LoadStoreWords.Load();
        report.Section($"Decode: {words.Words.Length} load/store words of {words.Source}");
        using CapstoneDecoder capstone = new();
        Contender theirs = new("Capstone", () =>
        {
            _ = capstone.CountDecoded(words.Words);
            return words.Words.Length;
        });
        report.Detail("Capstone", harness.Measure(theirs).Nanoseconds, "ns", "a word, detail on");
    }
}
