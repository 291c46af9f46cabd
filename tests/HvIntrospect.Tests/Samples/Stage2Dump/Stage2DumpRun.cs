using System;
using HvIntrospect.Samples.Shared;
using HvIntrospect.Samples.Stage2Dump;
using HvIntrospect.Tests.Samples.Shared;
using Xunit;

namespace HvIntrospect.Tests.Samples.Stage2Dump;

/// <summary>One run of the sample in this process.</summary>
internal sealed record Stage2DumpRun : ConsoleRun
{
    private Stage2DumpRun(Func<ConsoleOutput, int> program)
        : base(program)
    {
    }

    public static Stage2DumpRun Of(params string[] arguments) => new(console => Program.Run(arguments, console));

    /// <summary>Demands that the run ended for bad input, with one line about it and nothing else.</summary>
    public void AssertRefused(string expected)
    {
        Assert.Equal(("Stage2Dump: " + expected, 2, string.Empty), (Assert.Single(ErrorLines), ExitCode, Output));
    }
}
