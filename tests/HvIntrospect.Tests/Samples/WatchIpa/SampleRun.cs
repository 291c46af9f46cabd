using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.Json;
using System.Threading;
using HvIntrospect.Samples.Shared;
using HvIntrospect.Samples.WatchIpa;
using HvIntrospect.Tests.Samples.Shared;

namespace HvIntrospect.Tests.Samples.WatchIpa;

/// <summary>One run of the sample in this process.</summary>
internal sealed record SampleRun : ConsoleRun
{
    private SampleRun(Func<ConsoleOutput, int> program)
        : base(program)
    {
    }

    public IReadOnlyList<JsonElement> Accesses => [.. Objects.SkipLast(1)];

    public JsonElement Summary => Objects[^1];

    public string? End => Summary.GetProperty("end").GetString();

    public static SampleRun Of(params string[] arguments) => Of(CancellationToken.None, arguments);

    public static SampleRun Of(CancellationToken cancellation, params string[] arguments) =>
        new(console => Program.Run(arguments, console, cancellation));
}
