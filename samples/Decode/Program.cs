using System;
using System.IO;
using HvIntrospect.Samples.Shared;

namespace HvIntrospect.Samples.Decode;

/// <summary>Decodes words, explains aborts, and finds the instructions of a guest whose aborts carry no syndrome.</summary>
internal static class Program
{
    private const int Success = 0;
    private const int OutputFailed = 1;
    private const int BadInput = 2;

    public static int Main(string[] arguments)
    {
        using ConsoleOutput console = ConsoleOutput.OpenProcess();
        using Stream input = Console.OpenStandardInput();
        return Run(arguments, input, console);
    }

    /// <summary>Runs the program.</summary>
    /// <param name="arguments">The command line.</param>
    /// <param name="input">Words, when the command line has none.</param>
    /// <param name="console">Where everything goes.</param>
    /// <returns>The exit code.</returns>
    public static int Run(string[] arguments, Stream input, ConsoleOutput console)
    {
        try
        {
            new CommandLine().Parse(arguments, console.Output)?.Run(input, console);
            console.Flush();
            return Success;
        }
        catch (BadInputException exception)
        {
            console.WriteError("Decode: " + exception.Message);
            return BadInput;
        }
        catch (IOException exception)
        {
            console.WriteOutputError("Decode", exception);
            return OutputFailed;
        }
    }
}
