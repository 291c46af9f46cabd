using System;
using System.IO;
using HvIntrospect.Samples.Shared;

namespace HvIntrospect.Samples.Decode;

/// <summary>Decodes words, explains aborts, and finds the instructions of a guest whose aborts carry no syndrome.</summary>
internal static class Program
{
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
    public static int Run(string[] arguments, Stream input, ConsoleOutput console) => SampleProgram.Run("Decode", console, () =>
    {
        new CommandLine().Parse(arguments, console.Output)?.Run(input, console);
        return SampleProgram.Success;
    });
}
