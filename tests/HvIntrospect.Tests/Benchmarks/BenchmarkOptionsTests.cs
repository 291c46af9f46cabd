using HvIntrospect.Benchmarks;
using Xunit;

namespace HvIntrospect.Tests.Benchmarks;

public sealed class BenchmarkOptionsTests
{
    [Fact]
    public void Quick_takes_a_file_and_the_smoke_pace()
    {
        BenchmarkOptions options = Parse("quick", "--json", "out.json", "--smoke");

        Assert.Equal(BenchmarkVerb.Quick, options.Verb);
        Assert.Equal("out.json", options.JsonPath);
        Assert.True(options.IsSmoke);
    }

    [Fact]
    public void Quick_alone_measures_and_writes_no_file()
    {
        BenchmarkOptions options = Parse("quick");

        Assert.Null(options.JsonPath);
        Assert.False(options.IsSmoke);
    }

    [Theory]
    [InlineData("--help")]
    [InlineData("-h")]
    [InlineData("help")]
    [InlineData("quick", "--smoke", "--help")]
    public void Help_is_understood(params string[] arguments) => Assert.Equal(BenchmarkVerb.Help, Parse(arguments).Verb);

    [Fact]
    public void A_cold_start_takes_no_arguments()
    {
        Assert.Equal(BenchmarkVerb.Cold, Parse("cold").Verb);
        Assert.False(BenchmarkOptions.TryParse(["cold", "--smoke"], out _, out string? error));
        Assert.Equal("unknown argument '--smoke' of 'cold'", error);
    }

    [Fact]
    public void Deep_dives_pass_their_arguments_on()
    {
        BenchmarkOptions options = Parse("bdn", "--filter", "*Decode*");

        Assert.Equal(BenchmarkVerb.Deep, options.Verb);
        Assert.Equal(["--filter", "*Decode*"], options.Rest);
    }

    [Theory]
    [InlineData("nothing to do")]
    [InlineData("'slow'", "slow")]
    [InlineData("'--fast'", "quick", "--fast")]
    [InlineData("--json needs", "quick", "--json")]
    [InlineData("twice", "quick", "--json", "a", "--json", "b")]
    public void A_wrong_command_line_is_named(string named, params string[] arguments)
    {
        Assert.False(BenchmarkOptions.TryParse(arguments, out BenchmarkOptions? options, out string? error));
        Assert.Null(options);
        Assert.Contains(named, error);
        Assert.DoesNotContain('\n', error);
    }

    private static BenchmarkOptions Parse(params string[] arguments)
    {
        Assert.True(BenchmarkOptions.TryParse(arguments, out BenchmarkOptions? options, out string? error), error);
        return options;
    }
}
