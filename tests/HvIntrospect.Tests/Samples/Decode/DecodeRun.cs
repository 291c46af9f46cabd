using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using System.Text.Json;
using HvIntrospect.Samples.Decode;
using HvIntrospect.Samples.Shared;

namespace HvIntrospect.Tests.Samples.Decode;

/// <summary>One run of the sample in this process.</summary>
internal sealed record DecodeRun(int ExitCode, string Output, string Error)
{
    public string[] OutputLines => Lines(Output);

    public string[] ErrorLines => Lines(Error);

    /// <summary>Gets the objects of a run with --json; every line has to be one.</summary>
    public IReadOnlyList<JsonElement> Objects => [.. OutputLines.Select(line => JsonDocument.Parse(line).RootElement)];

    public static DecodeRun Of(params string[] arguments) => OfInput(Stream.Null, arguments);

    public static DecodeRun OfText(string input, params string[] arguments) => OfInput(new MemoryStream(Encoding.UTF8.GetBytes(input)), arguments);

    public static DecodeRun OfInput(Stream input, params string[] arguments)
    {
        using var output = new MemoryStream();
        using var error = new StringWriter();
        int exitCode;
        using (var console = new ConsoleOutput(output, error, isOutputTerminal: false, isErrorTerminal: false))
        {
            exitCode = Program.Run(arguments, input, console);
        }

        return new DecodeRun(exitCode, Encoding.UTF8.GetString(output.ToArray()), error.ToString().ReplaceLineEndings("\n"));
    }

    private static string[] Lines(string text) => text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
}
