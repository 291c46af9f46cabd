using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.RegularExpressions;
using HvIntrospect.Registers;
using HvIntrospect.Tests.Samples.Stage2Dump;
using HvIntrospect.Tests.Support;
using HvIntrospect.Translation;
using HvIntrospect.Translation.Stage2;
using Xunit;

namespace HvIntrospect.Tests.Translation.Stage2;

/// <summary>What docs/stage2.md says: its table of start levels against the library, its code as it stands there, its output of the sample.</summary>
public sealed partial class StageTwoPageTests
{
    private const TranslationFeatures Everything = TranslationFeatures.LPA2 | TranslationFeatures.TTST;
    private static readonly string s_page = File.ReadAllText(RepositoryFiles.PathOf("docs/stage2.md")).ReplaceLineEndings("\n");

    [Fact]
    public void TheTableOfStartLevelsIsThatOfTheLibrary()
    {
        var written = new HashSet<(int Granule, int Level, int Sl, int Least, int Most, string Tables)>();
        foreach (Match row in StartLevelRow().Matches(s_page))
        {
            int Number(string group) => int.Parse(row.Groups[group].ValueSpan, System.Globalization.CultureInfo.InvariantCulture);
            written.Add((Number("granule"), Number("level"), Number("sl"), Number("least"), Number("most"), row.Groups["tables"].Value));
        }

        var legal = new HashSet<(int Granule, int Level, int Sl, int Least, int Most, string Tables)>();
        foreach (TranslationGranule granule in GeometryRows.Granules)
        {
            for (int level = -1; level <= 3; level++)
            {
                List<Stage2Geometry> geometries = [.. Enumerable.Range(12, 41).Select(input => Geometry(granule, input, level)).OfType<Stage2Geometry>()];
                if (geometries.Count != 0)
                {
                    Vtcr vtcr = geometries[0].Vtcr;
                    int most = geometries.Max(geometry => geometry.RootTables);
                    legal.Add((
                        1 << (granule.SizeLog2 - 10),
                        level,
                        (vtcr.Sl2 << 2) | vtcr.Sl0,
                        geometries[0].InputBits,
                        geometries[^1].InputBits,
                        most == 1 ? "1" : "1 to " + most));
                }
            }
        }

        Assert.Equal(legal.Order(), written.Order());
    }

    [Fact]
    public void TheCodeIsWhatRunsHere()
    {
        string source = File.ReadAllText(RepositoryFiles.PathOf("tests/HvIntrospect.Tests/Translation/Stage2/StageTwoPageTests.cs")).ReplaceLineEndings("\n");
        MatchCollection snippets = Snippet().Matches(s_page);
        Assert.Equal(3, snippets.Count);
        foreach (Match snippet in snippets)
        {
            IEnumerable<string> indented = snippet.Groups["code"].Value.Split('\n').Select(line => line.Length == 0 ? line : "        " + line);
            Assert.Contains(string.Join('\n', indented), source, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void TheOutputIsThatOfTheSample() =>
        Assert.Contains(
            "-- samples/Stage2Dump/example.s2\n" + Stage2DumpRun.Of(RepositoryFiles.PathOf("samples/Stage2Dump/example.s2")).Output, s_page, StringComparison.Ordinal);

    [Fact]
    public void TheCodeDoesWhatItSays()
    {
        var memory = new TestPhysicalMemory(0x1_0000_0000, 4 << 20, isDirect: true);
        var operations = new RecordingEl2Operations();

        // Physical memory is whatever the hypervisor has: an IPhysicalMemory. Table pages come from a part of it that no guest reaches.
        var geometry = new Stage2Geometry(inputBits: 40, outputBits: 44);
        var pool = new TablePool(new PaRange(new Pa(0x1_0000_0000), 4 << 20), geometry.Granule);
        using var tables = new Stage2Tables(memory, pool, geometry, vmid: 5, operations);

        // 256 MB of RAM in blocks, then one page of it that can be executed only.
        tables.Map(new IpaRange(new Ipa(0x4000_0000), 256 << 20), new Pa(0x8_8000_0000), Stage2Attributes.Ram);
        tables.Protect(new IpaRange(new Ipa(0x4020_0000), 4096), Stage2Access.Execute);

        Stage2Translation found = tables.Walker.Walk(new Ipa(0x4020_0123), Stage2Access.Write);
        // found.Status is a Permission fault at level 3; found.Pa is 0x8_8020_0123 all the same.
        Assert.Equal((FaultStatus.Create(FaultKind.Permission, 3), 0x8_8020_0123UL), (found.Status, found.Pa.Value));

        using var Console = new StringWriter { NewLine = "\n" };
        var reader = new Stage2TableReader(tables.Walker, tables.Walker.Input);
        while (reader.TryRead(out Stage2Range range))
        {
            Console.WriteLine(range); // 0x40000000..0x401fffff -> 0x880000000 (rwx NormalWriteBack InnerShareable)
        }

        // Who maps this page? Where the budget ended first, nobody knows yet.
        var reverse = new Stage2TableReader(tables.Walker, tables.Walker.Input, budget: 1 << 20);
        bool isMapped = reverse.TryFind(new PaRange(new Pa(0x8_8020_0000), 4096), out Stage2Range alias);
        bool isCertain = isMapped || reverse.IsComplete;
        Assert.StartsWith("0x40000000..0x401fffff -> 0x880000000 (rwx NormalWriteBack InnerShareable)\n", Console.ToString(), StringComparison.Ordinal);
        Assert.Equal((true, true, 0x4020_0000UL), (isMapped, isCertain, alias.Ipas.Start.Value));
    }

    [Fact]
    public void TheViewDoesWhatItSays()
    {
        var memory = new TestPhysicalMemory(0x1_0000_0000, 4 << 20, isDirect: true);
        var operations = new RecordingEl2Operations();
        var geometry = new Stage2Geometry(inputBits: 40, outputBits: 44);
        var pool = new TablePool(new PaRange(new Pa(0x1_0000_0000), 4 << 20), geometry.Granule);

        // The guest executes a copy of its page, and sees the original wherever it reads in the base view.
        using var space = new Stage2AddressSpace(memory, pool, geometry, vmid: 5, operations, viewVmids: [6]);
        space.Map(new IpaRange(new Ipa(0x4000_0000), 2 << 20), new Pa(0x8_8000_0000), Stage2Attributes.Ram);
        int patched = space.Views.Create();
        space.Views.Remap(patched, new Ipa(0x4000_1000), new Pa(0x9_0000_0000));
        space.Views.Protect(patched, new IpaRange(new Ipa(0x4000_1000), 4096), Stage2ViewAccess.Exactly(Stage2Access.Execute));
        Stage2Translation found = space.Views.Walk(patched, new Ipa(0x4000_1008));
        Assert.Equal((0x9_0000_0008UL, Stage2Access.Execute), (found.Pa.Value, found.Attributes.Access));
        Assert.Equal(0x8_8000_1008UL, space.Walk(new Ipa(0x4000_1008), Stage2Access.Write).Pa.Value);
    }

    private static Stage2Geometry? Geometry(TranslationGranule granule, int input, int level)
    {
        try
        {
            return new Stage2Geometry(input, 52, granule, level, Everything);
        }
        catch (ArgumentException)
        {
            return null;
        }
    }

    [GeneratedRegex(@"^\| (?<granule>\d+) KB \| (?<level>-?\d) \| (?<sl>\d) \| (?<least>\d+) to (?<most>\d+) \| (?<tables>[^|]+) \|", RegexOptions.Multiline)]
    private static partial Regex StartLevelRow();

    [GeneratedRegex("```csharp\n(?<code>.*?)\n```", RegexOptions.Singleline)]
    private static partial Regex Snippet();
}
