using System.Diagnostics.CodeAnalysis;

namespace HvIntrospect.Benchmarks;

/// <summary>What the command line asks for.</summary>
/// <param name="Verb">What to do.</param>
/// <param name="JsonPath">Where <see cref="BenchmarkVerb.Quick"/> writes its figures, or null.</param>
/// <param name="IsSmoke">Whether rounds are so short that the figures mean nothing.</param>
/// <param name="Rest">The arguments that <see cref="BenchmarkVerb.Deep"/> passes on.</param>
internal sealed record BenchmarkOptions(BenchmarkVerb Verb, string? JsonPath, bool IsSmoke, string[] Rest)
{
    /// <summary>The text of <c>--help</c>.</summary>
    public const string Help =
        """
        Measures HvIntrospect beside its peers, libcapstone and libunicorn where they are installed.

        Usage:
          HvIntrospect.Benchmarks quick [--json FILE] [--smoke]
          HvIntrospect.Benchmarks cold
          HvIntrospect.Benchmarks bdn [BenchmarkDotNet arguments]
          HvIntrospect.Benchmarks --help

        quick          all figures in under 90 seconds: medians of the thread's CPU time, contenders in turn
          --json FILE  also write the figures to FILE as one JSON object, name to number
          --smoke      rounds of a millisecond: shows that everything runs, the figures mean nothing
        cold           the nanoseconds of the first word that this process decodes; quick starts it
        bdn            BenchmarkDotNet for single benchmarks, for example: bdn --filter *Decode*

        A figure named x_vs_y is our speed over the peer's, larger is better, except those named s2_x_vs_array
        and watch_unused_x, which are our time over the baseline's, smaller is better.

        Exit code 0: done; 1: a benchmark failed; 2: usage.
        """;

    /// <summary>The name of <see cref="BenchmarkVerb.Cold"/>.</summary>
    public const string ColdVerb = "cold";

    /// <summary>Reads a command line.</summary>
    /// <returns>False when it makes no sense; <paramref name="error"/> then says why in one line.</returns>
    public static bool TryParse(string[] arguments, [NotNullWhen(true)] out BenchmarkOptions? options, [NotNullWhen(false)] out string? error)
    {
        options = null;
        error = null;
        if (arguments.Length == 0)
        {
            error = "nothing to do: say 'quick', 'cold', 'bdn' or '--help'";
            return false;
        }

        switch (arguments[0])
        {
            case "--help" or "-h" or "help":
                options = new BenchmarkOptions(BenchmarkVerb.Help, null, false, []);
                return true;
            case ColdVerb when arguments.Length == 1:
                options = new BenchmarkOptions(BenchmarkVerb.Cold, null, false, []);
                return true;
            case ColdVerb:
                error = $"unknown argument '{arguments[1]}' of 'cold'";
                return false;
            case "bdn":
                options = new BenchmarkOptions(BenchmarkVerb.Deep, null, false, arguments[1..]);
                return true;
            case "quick":
                return TryParseQuick(arguments, out options, out error);
            default:
                error = $"unknown command '{arguments[0]}': say 'quick', 'cold', 'bdn' or '--help'";
                return false;
        }
    }

    private static bool TryParseQuick(string[] arguments, out BenchmarkOptions? options, out string? error)
    {
        options = null;
        string? json = null;
        bool smoke = false;
        for (int i = 1; i < arguments.Length; i++)
        {
            switch (arguments[i])
            {
                case "--help" or "-h":
                    options = new BenchmarkOptions(BenchmarkVerb.Help, null, false, []);
                    error = null;
                    return true;
                case "--smoke":
                    smoke = true;
                    break;
                case "--json" when json is not null:
                    error = "--json is given twice";
                    return false;
                case "--json" when i + 1 < arguments.Length:
                    json = arguments[++i];
                    break;
                case "--json":
                    error = "--json needs a file name";
                    return false;
                default:
                    error = $"unknown argument '{arguments[i]}' of 'quick'";
                    return false;
            }
        }

        options = new BenchmarkOptions(BenchmarkVerb.Quick, json, smoke, []);
        error = null;
        return true;
    }
}
