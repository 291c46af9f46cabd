using System;
using System.Diagnostics;
using System.Runtime.InteropServices;

namespace HvIntrospect.Benchmarks.Measuring;

/// <summary>The CPU time of the calling thread, which other work on the machine does not lengthen.</summary>
internal static partial class CpuClock
{
    private const int ThreadCpuTimeOnLinux = 3;
    private const double NanosecondsPerSecond = 1e9;

    /// <summary>Gets a value indicating whether it is CPU time; where the system offers none, it is wall time.</summary>
    public static bool IsCpuTime { get; } = OperatingSystem.IsLinux();

    /// <summary>Gets the time in nanoseconds from an arbitrary start.</summary>
    public static double Nanoseconds
    {
        get
        {
            if (!IsCpuTime)
            {
                return Stopwatch.GetTimestamp() * (NanosecondsPerSecond / Stopwatch.Frequency);
            }

            _ = GetTime(ThreadCpuTimeOnLinux, out TimeSpecification time);
            return (time.Seconds * NanosecondsPerSecond) + time.Nanoseconds;
        }
    }

    [LibraryImport("libc", EntryPoint = "clock_gettime")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int GetTime(int clock, out TimeSpecification time);

    private struct TimeSpecification
    {
        public nint Seconds;
        public nint Nanoseconds;
    }
}
