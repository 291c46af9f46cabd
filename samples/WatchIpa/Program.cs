using System;
using HvIntrospect.Samples.Shared;

namespace HvIntrospect.Samples.WatchIpa;

/// <summary>Runs a guest and prints its accesses to watched bytes.</summary>
internal static class Program
{
    public static int Main(string[] arguments)
    {
        using ConsoleOutput console = ConsoleOutput.OpenProcess();
        return Run(arguments, console);
    }

    /// <summary>Runs the program.</summary>
    /// <param name="arguments">The command line.</param>
    /// <param name="console">Where everything goes.</param>
    /// <returns>The exit code.</returns>
    public static int Run(string[] arguments, ConsoleOutput console)
    {
        try
        {
            Options? options = new CommandLine().Parse(arguments, console.Output);
            if (options is null)
            {
                return 0;
            }

            GuestImage image = GuestImage.Open(options.GuestPath, new IpaRange(Platform.RamBase, options.MemorySize));
            foreach (WatchRequest request in options.Watches)
            {
                image.Resolve(request);
            }

            return 0;
        }
        catch (BadInputException exception)
        {
            console.WriteError("WatchIpa: " + exception.Message);
            return 2;
        }
    }
}
