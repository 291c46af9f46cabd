using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using System.Text.Json;
using System.Threading;
using HvIntrospect.Samples.Shared;
using HvIntrospect.Samples.WatchIpa;

namespace HvIntrospect.Tests.Samples.WatchIpa;

/// <summary>One run of the sample in this process.</summary>
internal sealed record SampleRun(int ExitCode, string Output, string Error)
{
    public string[] OutputLines => Lines(Output);

    public string[] ErrorLines => Lines(Error);

    /// <summary>Gets the objects of a run with --json; every line has to be one.</summary>
    public IReadOnlyList<JsonElement> Objects => [.. OutputLines.Select(line => JsonDocument.Parse(line).RootElement)];

    public IReadOnlyList<JsonElement> Accesses => [.. Objects.SkipLast(1)];

    public JsonElement Summary => Objects[^1];

    public string? End => Summary.GetProperty("end").GetString();

    public static SampleRun Of(params string[] arguments) => Of(CancellationToken.None, arguments);

    public static SampleRun Of(CancellationToken cancellation, params string[] arguments)
    {
        using var output = new MemoryStream();
        using var error = new StringWriter();
        int exitCode;
        using (var console = new ConsoleOutput(output, error, isOutputTerminal: false, isErrorTerminal: false))
        {
            exitCode = Program.Run(arguments, console, cancellation);
        }

        return new SampleRun(exitCode, Encoding.UTF8.GetString(output.ToArray()), error.ToString().ReplaceLineEndings("\n"));
    }

    private static string[] Lines(string text) => text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
}
