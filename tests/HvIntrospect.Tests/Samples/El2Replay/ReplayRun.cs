using System;
using System.IO;
using System.Text;
using HvIntrospect.Samples.El2Replay;
using HvIntrospect.Samples.Shared;
using HvIntrospect.Tests.Samples.Shared;
using Xunit;

namespace HvIntrospect.Tests.Samples.El2Replay;

/// <summary>One run of the sample in this process.</summary>
internal sealed record ReplayRun : ConsoleRun
{
    private ReplayRun(Func<ConsoleOutput, int> program)
        : base(program)
    {
    }

    public static ReplayRun Of(params string[] arguments) => OfInput(Stream.Null, arguments);

    public static ReplayRun OfText(string input, params string[] arguments) => OfInput(new MemoryStream(Encoding.UTF8.GetBytes(input)), arguments);

    public static ReplayRun OfInput(Stream input, params string[] arguments) => new(console => Program.Run(arguments, input, console));

    /// <summary>Demands that the run ended for bad input, with one line about it.</summary>
    public void AssertRefused(string expected)
    {
        Assert.Equal(2, ExitCode);
        Assert.Equal("El2Replay: " + expected, Assert.Single(ErrorLines));
    }
}
