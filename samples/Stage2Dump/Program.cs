using HvIntrospect.Samples.Shared;

namespace HvIntrospect.Samples.Stage2Dump;

/// <summary>Prints what Stage 2 tables map.</summary>
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
    public static int Run(string[] arguments, ConsoleOutput console) => SampleProgram.Run("Stage2Dump", console, () =>
        new CommandLine().Parse(arguments, console.Output) is Options options ? Run(options, console) : SampleProgram.Success);

    private static int Run(Options options, ConsoleOutput console)
    {
        TableSource source = options.Source.Open();
        if (options.Save is string path)
        {
            source.Save(path);
            console.WriteError("saved; to read it: " + source.ArgumentsFor(path));
        }

        using IReport report = options.IsJson ? new JsonReport(console) : new TextReport(console);
        return new Questions(source, options).Answer(report) ? SampleProgram.Success : SampleProgram.Failed;
    }
}
