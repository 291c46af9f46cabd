using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using System.Text.Json;
using HvIntrospect.Samples.Shared;

namespace HvIntrospect.Tests.Samples.Shared;

/// <summary>One run of a sample in this process.</summary>
internal record ConsoleRun(int ExitCode, string Output, string Error)
{
    /// <summary>Runs a program on a console that is no terminal.</summary>
    protected ConsoleRun(Func<ConsoleOutput, int> program)
        : this(0, string.Empty, string.Empty)
    {
        using var output = new MemoryStream();
        using var error = new StringWriter();
        using (var console = new ConsoleOutput(output, error, isOutputTerminal: false, isErrorTerminal: false))
        {
            ExitCode = program(console);
        }

        Output = Encoding.UTF8.GetString(output.ToArray());
        Error = error.ToString().ReplaceLineEndings("\n");
    }

    public string[] OutputLines => Lines(Output);

    public string[] ErrorLines => Lines(Error);

    /// <summary>Gets the objects of a run with --json; every line has to be one.</summary>
    public IReadOnlyList<JsonElement> Objects => [.. OutputLines.Select(line => JsonDocument.Parse(line).RootElement)];

    private static string[] Lines(string text) => text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
}
