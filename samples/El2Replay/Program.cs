using System;
using System.IO;
using HvIntrospect.Samples.Shared;

namespace HvIntrospect.Samples.El2Replay;

/// <summary>Replays files of vectors and prints what EL2 observes.</summary>
internal static class Program
{
    private const string StandardInput = "-";

    public static int Main(string[] arguments)
    {
        using ConsoleOutput console = ConsoleOutput.OpenProcess();
        using Stream input = Console.OpenStandardInput();
        return Run(arguments, input, console);
    }

    /// <summary>Runs the program.</summary>
    /// <param name="arguments">The command line.</param>
    /// <param name="input">Vectors, when the command line names no files.</param>
    /// <param name="console">Where everything goes.</param>
    /// <returns>The exit code.</returns>
    public static int Run(string[] arguments, Stream input, ConsoleOutput console) => SampleProgram.Run("El2Replay", console, () =>
        new CommandLine().Parse(arguments, console.Output) is Options options ? Run(options, input, console) : SampleProgram.Success);

    private static int Run(Options options, Stream input, ConsoleOutput console)
    {
        using var replay = new FileReplay(new Replayer(options.Limit), console);
        foreach (string file in options.Files.Count == 0 ? [StandardInput] : options.Files)
        {
            replay.Play(file, file == StandardInput ? input : null);
        }

        return replay.HasFailed ? SampleProgram.BadInput : SampleProgram.Success;
    }
}
