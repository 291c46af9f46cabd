using System;
using System.Diagnostics;
using System.IO;
using System.Runtime.InteropServices;
using HvIntrospect.Benchmarks.Measuring;
using HvIntrospect.Benchmarks.Reporting;
using HvIntrospect.Peers;

namespace HvIntrospect.Benchmarks.Suites;

/// <summary>All figures, one suite after the other, in one process but for what only a fresh one shows.</summary>
internal static class QuickRun
{
    /// <summary>Runs every suite.</summary>
    /// <param name="isSmoke">Whether rounds are too short to mean anything.</param>
    /// <param name="output">Receives the table.</param>
    /// <param name="json">Receives the figures, or null.</param>
    /// <exception cref="InvalidOperationException">A contender computed a wrong result.</exception>
    public static void Run(bool isSmoke, TextWriter output, Stream? json)
    {
        var watch = Stopwatch.StartNew();
        Harness harness = new(isSmoke ? Pace.Smoke : Pace.Quick);
        Report report = new(output);

        output.WriteLine($"{RuntimeInformation.FrameworkDescription}, {RuntimeInformation.RuntimeIdentifier}, {(CpuClock.IsCpuTime ? "CPU time of the thread" : "wall time")}, medians of {harness.Pace.Rounds} rounds{(isSmoke ? ", too short to mean anything" : string.Empty)}");
        output.WriteLine($"Capstone {Describe(Peer.Capstone, static () => CapstoneDecoder.Version)}, Unicorn {Describe(Peer.Unicorn, static () => UnicornEngine.Version)}");

        DecodeSuite.Run(harness, report);
        ColdStart.Run(harness, report);
        ExecutionSuite.Run(harness, report);
        Stage2Suite.Run(harness, report);
        WatchSuite.Run(harness, report);

        report.Finish();
        output.WriteLine($"{watch.Elapsed.TotalSeconds:0} s");
        if (json is not null)
        {
            report.WriteJson(json);
        }
    }

    private static string Describe(Peer peer, Func<string> version) => peer.IsAvailable ? version() : "absent";
}
