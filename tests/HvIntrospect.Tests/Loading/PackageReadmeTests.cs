using System;
using System.IO;
using System.Linq;
using HvIntrospect.Tests.Support;
using HvIntrospect.Tooling.Loading;
using HvIntrospect.Tooling.Symbols;
using Xunit;

namespace HvIntrospect.Tests.Loading;

/// <summary>The example in the package's README is the code of a test.</summary>
public sealed class PackageReadmeTests
{
    [Fact]
    public void TheExampleRuns()
    {
        string path = RepositoryFiles.PathOf("samples/WatchIpa/Guest/default.elf");
        var memory = new PagedMemory(new Ipa(0x4000_0000), 64 << 20);

        // README
        ElfFile elf = ElfFile.Read(File.ReadAllBytes(path));
        elf.Load(memory, new IpaRange(new Ipa(0x4000_0000), 64 << 20));
        SymbolTable symbols = elf.CreateSymbolTable();
        string? place = symbols.Format(elf.EntryPoint);

        // README
        Assert.Equal("_start", place);
        Assert.Equal(elf.Segments[0].Data.ToArray(), memory.Bytes(new Ipa(0x4000_0000), elf.Segments[0].Data.Length));
    }

    [Fact]
    public void TheExampleIsThatOfTheReadme()
    {
        string readme = File.ReadAllText(RepositoryFiles.PathOf("nuget/README.HvIntrospect.Tooling.md"));
        string example = readme.Split("```")[1];
        string test = File.ReadAllText(RepositoryFiles.PathOf("tests/HvIntrospect.Tests/Loading/PackageReadmeTests.cs")).Split("        // README\n")[1];
        Assert.Equal(Lines(example).Skip(1), Lines(test));
    }

    private static string[] Lines(string text) => text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}
