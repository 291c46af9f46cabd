using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.RegularExpressions;
using HvIntrospect.Tests.Support;
using Xunit;

namespace HvIntrospect.Tests.Architecture;

/// <summary>Keeps the READMEs true: their example is the smoke consumer's program, and the places that they name exist.</summary>
public sealed partial class ReadmeTests
{
    [Theory]
    [InlineData("README.md")]
    [InlineData("nuget/README.HvIntrospect.Interpreter.md")]
    public void TheExampleIsTheSmokeConsumersProgram(string readme)
    {
        string text = File.ReadAllText(RepositoryFiles.PathOf(readme));
        string example = CSharpBlock().Match(text).Groups[1].Value;
        Assert.NotEqual(string.Empty, example);
        Queue<string> program = new(File.ReadAllLines(RepositoryFiles.PathOf("nuget/smoke/Program.cs")));
        foreach (string line in example.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            while (program.Count != 0 && program.Peek() != line)
            {
                program.Dequeue();
            }

            Assert.True(program.Count != 0, $"{readme}: '{line}' is not in the smoke consumer's program, or not in this order.");
            program.Dequeue();
        }
    }

    [Fact]
    public void EveryPlaceThatTheReadmeNamesExists()
    {
        string text = File.ReadAllText(RepositoryFiles.PathOf("README.md"));
        IEnumerable<string> missing = PathInCode().Matches(text)
            .Select(match => match.Groups[1].Value)
            .Where(path => !Path.Exists(RepositoryFiles.PathOf(path)));
        Assert.Empty(missing);
    }

    [GeneratedRegex("```csharp\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex CSharpBlock();

    [GeneratedRegex("`((?:src|tests|samples|nuget|docs)[/A-Za-z0-9_.]*)`")]
    private static partial Regex PathInCode();
}
