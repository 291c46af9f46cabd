using System;
using System.Collections.Generic;
using System.Linq;
using System.Runtime.InteropServices;
using System.Threading;
using HvIntrospect.Samples.Shared;

namespace HvIntrospect.Samples.WatchIpa;

/// <summary>Runs a guest and prints its accesses to watched bytes.</summary>
internal static class Program
{
    public static int Main(string[] arguments)
    {
        using var cancellation = new CancellationTokenSource();
        using PosixSignalRegistration interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        using PosixSignalRegistration terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        using ConsoleOutput console = ConsoleOutput.OpenProcess();
        return Run(arguments, console, cancellation.Token);

        // The first signal lets the guest's state be reported, the second one ends the process.
        void Stop(PosixSignalContext context)
        {
            context.Cancel = !cancellation.IsCancellationRequested;
            cancellation.Cancel();
        }
    }

    /// <summary>Runs the program.</summary>
    /// <param name="arguments">The command line.</param>
    /// <param name="console">Where everything goes.</param>
    /// <param name="cancellation">Stops the guest.</param>
    /// <returns>The exit code.</returns>
    public static int Run(string[] arguments, ConsoleOutput console, CancellationToken cancellation = default) => SampleProgram.Run("WatchIpa", console, () =>
        new CommandLine().Parse(arguments, console.Output) is Options options ? Run(options, console, cancellation) : SampleProgram.Success);

    private static int Run(Options options, ConsoleOutput console, CancellationToken cancellation)
    {
        GuestImage image = GuestImage.Open(options.GuestPath, new IpaRange(Platform.RamBase, options.MemorySize));
        List<WatchTarget> watches = [.. options.Watches.Select(image.Resolve)];
        if (watches.Count == 0)
        {
            watches.Add(image.Resolve(WatchRequest.OfInnerGuest));
        }

        using IReport report = options.IsJson ? new JsonReport(console) : new TextReport(console);
        using var run = new GuestRun(image, watches, options, report, new Progress(console));
        return run.Run(cancellation).IsNormal ? SampleProgram.Success : SampleProgram.Failed;
    }
}
