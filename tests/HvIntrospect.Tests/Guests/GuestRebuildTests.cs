using System;
using System.IO;
using System.Linq;
using HvIntrospect.Tests.Support;
using Xunit;

namespace HvIntrospect.Tests.Guests;

/// <summary>The guests' binaries are what their sources say, byte for byte.</summary>
public sealed class GuestRebuildTests
{
    private const string Station = "samples/WatchIpa/Guest";
    private const string Kernels = "tests/guests";
    private const string Harness = "tests/guests/harness";
    private const string Gic = "tests/guests/gic";
    private const string Smp = "tests/guests/smp";
    private const string Tasks = "tests/guests/tasks";

    [RecordedCompilerFact(Station + "/default.elf.txt")]
    public void TheDefaultGuestIsBuiltFromItsSources() => AssertRebuilds(Station);

    [RecordedCompilerFact(Kernels + "/kernels.elf.txt")]
    public void TheBenchmarkKernelsAreBuiltFromTheirSources() => AssertRebuilds(Kernels);

    [RecordedCompilerFact(Harness + "/harness.elf.txt")]
    public void TheHarnessOfTheDifferentialTestsIsBuiltFromItsSource() => AssertRebuilds(Harness);

    [RecordedCompilerFact(Gic + "/gic.elf.txt")]
    public void TheGuestOfTheInterruptControllerIsBuiltFromItsSources() => AssertRebuilds(Gic);

    [RecordedCompilerFact(Smp + "/smp.elf.txt")]
    public void TheGuestWithSeveralCpusIsBuiltFromItsSources() => AssertRebuilds(Smp);

    [RecordedCompilerFact(Tasks + "/tasks.elf.txt")]
    public void TheGuestOfPreemptedTasksIsBuiltFromItsSources() => AssertRebuilds(Tasks);

    private static void AssertRebuilds(string folder)
    {
        using var output = new TemporaryFolder();
        ExternalTool.Run("sh", RepositoryFiles.PathOf(folder + "/build.sh"), output.PathOf("out"));
        string[] binaries = [.. Directory.GetFiles(RepositoryFiles.PathOf(folder), "*.elf").Order()];
        Assert.NotEmpty(binaries);
        foreach (string binary in binaries)
        {
            string rebuilt = Path.Combine(output.PathOf("out"), Path.GetFileName(binary));
            Assert.True(
                File.ReadAllBytes(binary).AsSpan().SequenceEqual(File.ReadAllBytes(rebuilt)),
                $"{binary} differs from what {folder}/build.sh builds; run the script and check the result in.");
        }
    }
}
