using System;
using System.IO;
using System.Text;
using HvIntrospect.Samples.Decode;
using HvIntrospect.Samples.Shared;
using HvIntrospect.Tests.Samples.Shared;
using Xunit;

namespace HvIntrospect.Tests.Samples.Decode;

/// <summary>One run of the sample in this process.</summary>
internal sealed record DecodeRun : ConsoleRun
{
    /// <summary>Initializes what a run is expected to be.</summary>
    public DecodeRun(int exitCode, string output, string error)
        : base(exitCode, output, error)
    {
    }

    private DecodeRun(Func<ConsoleOutput, int> program)
        : base(program)
    {
    }

    public static DecodeRun Of(params string[] arguments) => OfInput(Stream.Null, arguments);

    public static DecodeRun OfText(string input, params string[] arguments) => OfInput(new MemoryStream(Encoding.UTF8.GetBytes(input)), arguments);

    public static DecodeRun OfInput(Stream input, params string[] arguments) => new(console => Program.Run(arguments, input, console));

    /// <summary>Demands that the run ended for bad input, with one line about it and nothing else.</summary>
    public void AssertRefused(string expected)
    {
        Assert.Equal((2, string.Empty), (ExitCode, Output));
        Assert.Equal("Decode: " + expected, Assert.Single(ErrorLines));
    }
}
