using System;
using System.IO;
using System.Text;
using HvIntrospect.Samples.Shared;
using HvIntrospect.Samples.WatchIpa;

namespace HvIntrospect.Tests.Samples.WatchIpa;

/// <summary>One run of the sample in this process.</summary>
internal sealed record SampleRun(int ExitCode, string Output, string Error)
{
    public string[] OutputLines => Lines(Output);

    public string[] ErrorLines => Lines(Error);

    public static SampleRun Of(params string[] arguments)
    {
        using var output = new MemoryStream();
        using var error = new StringWriter();
        int exitCode;
        using (var console = new ConsoleOutput(output, error, isOutputTerminal: false, isErrorTerminal: false))
        {
            exitCode = Program.Run(arguments, console);
        }

        return new SampleRun(exitCode, Encoding.UTF8.GetString(output.ToArray()), error.ToString().ReplaceLineEndings("\n"));
    }

    private static string[] Lines(string text) => text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
}
