using System;
using System.Globalization;
using System.IO;
using HvIntrospect.Benchmarks.Suites;

namespace HvIntrospect.Benchmarks;

internal static class Program
{
    private const int Done = 0;
    private const int Failed = 1;
    private const int Usage = 2;

    private static int Main(string[] arguments)
    {
        if (!BenchmarkOptions.TryParse(arguments, out BenchmarkOptions? options, out string? error))
        {
            Console.Error.WriteLine(error);
            return Usage;
        }

        switch (options.Verb)
        {
            case BenchmarkVerb.Quick:
                return Quick(options);
            case BenchmarkVerb.Cold:
                Console.Out.WriteLine(ColdStart.MeasureHere().ToString(CultureInfo.InvariantCulture));
                return Done;
            case BenchmarkVerb.Deep:
                Deep.DeepDives.Run(options.Rest);
                return Done;
            default:
                Console.Out.WriteLine(BenchmarkOptions.Help);
                return Done;
        }
    }

    private static int Quick(BenchmarkOptions options)
    {
        FileStream? json = null;
        try
        {
            // Before the work: a minute of measuring must not end in a file that cannot be written.
            json = options.JsonPath is { } path ? File.Create(path) : null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            Console.Error.WriteLine($"cannot write '{options.JsonPath}': {exception.Message}");
            return Usage;
        }

        using (json)
        {
            try
            {
                QuickRun.Run(options.IsSmoke, Console.Out, json);
                return Done;
            }
            catch (InvalidOperationException exception)
            {
                Console.Error.WriteLine(exception.Message);
                return Failed;
            }
        }
    }
}
