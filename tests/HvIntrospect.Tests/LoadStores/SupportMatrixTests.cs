using System;
using System.IO;
using HvIntrospect.Tests.Support;
using Xunit;

namespace HvIntrospect.Tests.LoadStores;

public sealed class SupportMatrixTests
{
    [Fact]
    public void TheDocumentIsUpToDate()
    {
        string made = SupportMatrix.Make();
        string path = RepositoryFiles.PathOf("docs/load-stores.md");
        if (Environment.GetEnvironmentVariable("HVINTROSPECT_UPDATE_DOCS") == "1")
        {
            File.WriteAllText(path, made);
        }

        Assert.Equal(made, File.ReadAllText(path).ReplaceLineEndings("\n"));
    }
}
