using System;
using System.IO;
using HvIntrospect.Tests.Support;
using Xunit;

namespace HvIntrospect.Tests.Interpreter;

public sealed class InstructionMatrixTests
{
    [Fact]
    public void TheDocumentIsUpToDate()
    {
        string made = InstructionMatrix.Make();
        string path = RepositoryFiles.PathOf("docs/instructions.md");
        if (Environment.GetEnvironmentVariable("HVINTROSPECT_UPDATE_DOCS") == "1")
        {
            File.WriteAllText(path, made);
        }

        Assert.Equal(made, File.ReadAllText(path).ReplaceLineEndings("\n"));
    }
}
