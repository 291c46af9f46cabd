using System;
using System.IO;
using HvIntrospect.Samples.Shared;

namespace HvIntrospect.Samples.El2Replay;

/// <summary>Replays files of vectors and prints what EL2 observes.</summary>
internal static class Program
{
    private const int Success = 0;
    private const int OutputFailed = 1;
    private const int BadInput = 2;
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
    public static int Run(string[] arguments, Stream input, ConsoleOutput console)
    {
        try
        {
            int exitCode = new CommandLine().Parse(arguments, console.Output) is Options options ? Run(options, input, console) : Success;
            console.Flush();
            return exitCode;
        }
        catch (BadInputException exception)
        {
            console.WriteError("El2Replay: " + exception.Message);
            return BadInput;
        }
        catch (IOException exception)
        {
            console.WriteOutputError("El2Replay", exception);
            return OutputFailed;
        }
    }

    private static int Run(Options options, Stream input, ConsoleOutput console)
    {
        using var replay = new FileReplay(new Replayer(options.Limit), console);
        foreach (string file in options.Files.Count == 0 ? [StandardInput] : options.Files)
        {
            replay.Play(file, file == StandardInput ? input : null);
        }

        return replay.HasFailed ? BadInput : Success;
    }
}
