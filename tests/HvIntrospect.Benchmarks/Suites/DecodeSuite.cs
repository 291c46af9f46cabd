using System;
using HvIntrospect.A64;
using HvIntrospect.Benchmarks.Measuring;
using HvIntrospect.Benchmarks.Reporting;
using HvIntrospect.Peers;

namespace HvIntrospect.Benchmarks.Suites;

/// <summary>Decoding the load/store words of real code.</summary>
internal static class DecodeSuite
{
    private static uint s_sink;

    /// <summary>Measures.</summary>
    public static void Run(Harness harness, Report report)
    {
        LoadStoreWords words = LoadStoreWords.Load();
        report.Section($"Decode: {words.Words.Length} load/store words of {words.Source}");

        Contender ours = Ours(words);
        if (!Peer.Capstone.IsAvailable)
        {
            report.Add(FigureNames.DecodeNs, harness.Measure(ours).Nanoseconds, "ns", "a word to a LoadStoreAccess");
            report.Skip(FigureNames.DecodeVsCapstone, Peer.Capstone);
        }
        else
        {
            using CapstoneDecoder capstone = new();
            Timing[] timings = harness.Compare(ours, Theirs(words, capstone));
            report.Add(FigureNames.DecodeNs, timings[0].Nanoseconds, "ns", "a word to a LoadStoreAccess");
            report.Detail("Capstone", timings[1].Nanoseconds, "ns", "a word, detail on");
            report.Add(FigureNames.DecodeVsCapstone, timings[1].Over(timings[0]), "x", "Capstone's time over ours");
        }

        report.Add(FigureNames.AllocDecode, Allocation.PerUnit(ours), "B", "a word");
    }

    private static Contender Ours(LoadStoreWords words) => new("HvIntrospect", () =>
    {
        A64Decoder decoder = A64Decoder.Default;
        int known = 0;
        uint sum = 0;
        foreach (uint word in words.Words)
        {
            LoadStoreStatus status = decoder.DecodeLoadStore(word, out LoadStoreAccess access);
            known += status == LoadStoreStatus.Valid ? 1 : 0;

            // What a user reads of it: without a use, the compiler could leave out the work.
            sum += (uint)(access.Rn + access.ElementSize + access.Immediate);
        }

        s_sink = sum;
        return CheckKnown(words, known);
    });

    private static Contender Theirs(LoadStoreWords words, CapstoneDecoder capstone) =>
        new("Capstone", () => CheckKnown(words, capstone.CountDecoded(words.Words)));

    // A constant may look like an instruction that another decoder does not know; nearly all words are code.
    private static long CheckKnown(LoadStoreWords words, int known) => known > words.Words.Length * 0.97
        ? words.Words.Length
        : throw new InvalidOperationException($"Only {known} of {words.Words.Length} words were decoded.");
}
