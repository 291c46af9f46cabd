using System;
using System.Diagnostics;
using System.Globalization;
using System.Linq;
using HvIntrospect.A64;
using HvIntrospect.Benchmarks.Measuring;
using HvIntrospect.Benchmarks.Reporting;

namespace HvIntrospect.Benchmarks.Suites;

/// <summary>The first word that a process decodes: the tables are built and the code is compiled for it.</summary>
internal static class ColdStart
{
    private const double NanosecondsPerMillisecond = 1e6;
    private const uint LoadWithWriteback = 0xB8404422; // ldr w2, [x1], #4

    /// <summary>Measures in processes of their own, because each starts once only.</summary>
    public static void Run(Harness harness, Report report)
    {
        var timing = new Timing(Enumerable.Range(0, harness.Pace.Rounds).Select(static _ => MeasureElsewhere()));
        report.Add(FigureNames.DecodeColdMs, timing.Nanoseconds / NanosecondsPerMillisecond, "ms", "the first word of a process, tables and compilation included");
    }

    /// <summary>Measures in this process, which must not have decoded anything before.</summary>
    /// <returns>The time in nanoseconds.</returns>
    /// <exception cref="InvalidOperationException">The word was not decoded.</exception>
    public static double MeasureHere()
    {
        // The clock is compiled by its first use.
        _ = CpuClock.Nanoseconds;
        double start = CpuClock.Nanoseconds;
        LoadStoreStatus status = A64Decoder.Default.DecodeLoadStore(LoadWithWriteback, out LoadStoreAccess access);
        double taken = CpuClock.Nanoseconds - start;
        return status == LoadStoreStatus.Valid && access.Rn == 1 ? taken : throw new InvalidOperationException("The first word was not decoded.");
    }

    private static double MeasureElsewhere()
    {
        // The process is the program itself, or the host that runs its assembly.
        string host = Environment.ProcessPath ?? throw new InvalidOperationException("The path of this process is not known.");
        string assembly = typeof(ColdStart).Assembly.Location;
        string[] program = host.EndsWith("dotnet", StringComparison.Ordinal) || host.EndsWith("dotnet.exe", StringComparison.OrdinalIgnoreCase) ? [assembly] : [];
        using Process process = Process.Start(new ProcessStartInfo(host, [.. program, BenchmarkOptions.ColdVerb]) { RedirectStandardOutput = true })
            ?? throw new InvalidOperationException($"'{host}' cannot be started.");
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 && double.TryParse(output, CultureInfo.InvariantCulture, out double nanoseconds)
            ? nanoseconds
            : throw new InvalidOperationException($"The process that starts cold ended with {process.ExitCode}.");
    }
}
