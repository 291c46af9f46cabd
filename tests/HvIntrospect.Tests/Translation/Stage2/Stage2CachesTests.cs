using System;
using System.Linq;
using HvIntrospect.Registers;
using HvIntrospect.Tests.Support;
using HvIntrospect.Translation;
using HvIntrospect.Translation.Stage2;
using Xunit;

namespace HvIntrospect.Tests.Translation.Stage2;

/// <summary>Which lines are maintained, by what, and when.</summary>
public sealed class Stage2CachesTests
{
    private const ulong Page = 0x1000;
    private const ulong Ram = 0x4000_0000;

    // Lines of half a page: two for each.
    private static readonly Stage2CoreFeatures s_cores = Stage2CoreFeatures.Armv8_0 with
    {
        DataCacheLine = 0x800,
        InstructionCacheLine = 0x800,
        HasPhysicalInstructionCache = true,
    };

    private readonly RecordingEl2Operations _operations = new();

    [Fact]
    public void MemoryIsCleanBeforeItIsMappedAndAgainWhenNoTlbHoldsIt()
    {
        using Stage2Tables tables = Make(s_cores);
        tables.Map(Stage2World.Range(0, Page), new Pa(Ram), new Stage2Attributes(Stage2Access.ReadWrite));
        Assert.Equal(Data("Civac", Ram, 2) + "; Dsb Sy; Dsb Ishst", _operations.Take());
        tables.Unmap(Stage2World.Range(0, Page));
        Assert.Equal("Dsb Ishst; Ipas2E1Is 0x0; Dsb Ish; Vmalle1Is; Dsb Ish; Isb; " + Data("Civac", Ram, 2) + "; Dsb Sy", _operations.Take());
    }

    [Fact]
    public void CodeIsCleanedAndInvalidatedBeforeItMayBeExecuted()
    {
        using Stage2Tables tables = Make(s_cores);
        tables.Map(Stage2World.Range(0, Page), new Pa(Ram), Stage2Attributes.Ram);
        Assert.Equal(Data("Civac", Ram, 2) + "; Dsb Sy; " + Code(Ram, 2) + "; Dsb Ish; Dsb Ishst", _operations.Take());
        tables.Protect(Stage2World.Range(0, Page), Stage2Access.ReadWrite);
        Assert.Equal("Dsb Ishst; Ipas2Le1Is 0x0; Dsb Ish; Vmalle1Is; Dsb Ish; Isb", _operations.Take());
        tables.Protect(Stage2World.Range(0, Page), Stage2Access.All);
        Assert.Equal(
            Data("Cvau", Ram, 2) + "; Dsb Ish; " + Code(Ram, 2) + "; Dsb Ish; Dsb Ishst; Ipas2Le1Is 0x0; Dsb Ish; Vmalle1Is; Dsb Ish; Isb", _operations.Take());
        tables.Protect(Stage2World.Range(0, Page), Stage2Access.Execute);
        Assert.DoesNotContain("Ic", _operations.Take(), StringComparison.Ordinal);
    }

    [Fact]
    public void ACoreThatNeedsLessGetsLess()
    {
        Stage2CoreFeatures coherent = s_cores with { NeedsDataCacheClean = false, NeedsInstructionCacheInvalidation = false };
        using Stage2Tables tables = Make(coherent, forcesWriteBack: true);
        tables.Map(Stage2World.Range(0, Page), new Pa(Ram), Stage2Attributes.Ram);
        Assert.Equal("Dsb Ish; Dsb Ishst", _operations.Take());
        tables.Map(Stage2World.Range(Page, Page), new Pa(Ram), Stage2Attributes.Device);
        Assert.Equal("Dsb Ishst", _operations.Take());

        // With forced Write-Back memory a guest can still be given other memory.
        tables.Map(Stage2World.Range(2 * Page, Page), new Pa(Ram), new Stage2Attributes(Stage2Access.ReadWrite, Stage2MemoryType.Stage1Decides));
        Assert.Equal(Data("Civac", Ram, 2) + "; Dsb Sy; Dsb Ishst", _operations.Take());
        tables.Unmap(Stage2World.Range(0, 2 * Page));
        Assert.DoesNotContain("Dc", _operations.Take(), StringComparison.Ordinal);
    }

    [Fact]
    public void AnotherTypeOfMemoryIsCleanedBetweenBreakAndMake()
    {
        using Stage2Tables tables = Make(s_cores);
        tables.Map(Stage2World.Range(0, 2 * Page), new Pa(Ram), new Stage2Attributes(Stage2Access.ReadWrite));
        _operations.Take();
        tables.SetAttributes(Stage2World.Range(0, 2 * Page), new Stage2Attributes(Stage2Access.ReadWrite, Stage2MemoryType.NormalNonCacheable));
        Assert.Equal(
            "Dsb Ishst; Ipas2Le1Is 0x0; Ipas2Le1Is 0x1; Dsb Ish; Vmalle1Is; Dsb Ish; Isb; " + Data("Civac", Ram, 4) + "; Dsb Sy; Dsb Ishst", _operations.Take());
    }

    [Fact]
    public void ANewFrameIsCleanedBeforeAndTheOldOneAfter()
    {
        using Stage2Tables tables = Make(s_cores);
        tables.Map(Stage2World.Range(0, 2 * 0x20_0000), new Pa(Ram), new Stage2Attributes(Stage2Access.ReadWrite));
        _operations.Take();
        tables.Remap(Stage2World.Range(0x20_0000 + Page, Page), new Pa(Ram + (5 * Page)));
        Assert.Equal(
            Data("Civac", Ram + (5 * Page), 2) + "; Dsb Sy; Dsb Ishst; Ipas2Le1Is 0x200; Dsb Ish; Vmalle1Is; Dsb Ish; Isb; "
            + Data("Civac", Ram + 0x20_0000 + Page, 2) + "; Dsb Sy; Dsb Ishst", _operations.Take());

        // A merge moves nothing.
        tables.Split(Stage2World.Range(0, Page));
        tables.Merge(Stage2World.Range(0, Page));
        Assert.DoesNotContain("Dc", _operations.Take(), StringComparison.Ordinal);
    }

    [Fact]
    public void ManyLinesOfCodeAreAllInstructionCaches()
    {
        using Stage2Tables tables = Make(s_cores);
        tables.Map(Stage2World.Range(0, 512 * Page), new Pa(Ram), Stage2Attributes.Ram);
        Assert.Equal(1024, _operations.Log.Count(operation => operation.StartsWith("Ic Ivau", StringComparison.Ordinal)));
        _operations.Take();
        tables.Map(Stage2World.Range(0x20_0000, 513 * Page), new Pa(Ram), Stage2Attributes.Ram);
        Assert.EndsWith("; Dsb Sy; Ic Ialluis 0x0; Dsb Ish; Dsb Ishst", _operations.Take(), StringComparison.Ordinal);
        tables.Dispose();

        // Where an address may lie in several places, one does not find them all.
        using Stage2Tables others = Make(s_cores with { HasPhysicalInstructionCache = false });
        others.Map(Stage2World.Range(0, Page), new Pa(Ram), Stage2Attributes.Ram);
        Assert.EndsWith("; Dsb Sy; Ic Ialluis 0x0; Dsb Ish; Dsb Ishst", _operations.Take(), StringComparison.Ordinal);
    }

    [Fact]
    public void NothingIsAllocatedOnceTheLargestChangeWasMade()
    {
        _operations.IsSilent = true;
        using Stage2Tables tables = Make(s_cores);
        Change();
        Assert.Equal(0, Allocation.Of(Change));

        void Change()
        {
            tables.Map(Stage2World.Range(0, 64 * Page), new Pa(Ram), Stage2Attributes.Ram);
            tables.Protect(Stage2World.Range(0, 8 * Page), Stage2Access.Read);
            tables.Protect(Stage2World.Range(0, 8 * Page), Stage2Access.All);
            tables.Unmap(Stage2World.Range(0, 64 * Page));
        }
    }

    private static string Data(string operation, ulong start, int lines) => Lines("Dc " + operation, start, lines);

    private static string Code(ulong start, int lines) => Lines("Ic Ivau", start, lines);

    private static string Lines(string operation, ulong start, int lines) =>
        string.Join("; ", Enumerable.Range(0, lines).Select(line => $"{operation} {new Pa(start + ((ulong)line * 0x800))}"));

    private Stage2Tables Make(Stage2CoreFeatures cores, bool forcesWriteBack = false)
    {
        var memory = new TestPhysicalMemory(Stage2World.PoolStart, 64 * (int)Page, isDirect: true);
        var geometry = new Stage2Geometry(32, 40, startLevel: 1, features: forcesWriteBack ? TranslationFeatures.S2FWB : TranslationFeatures.None);
        var pool = new TablePool(new PaRange(new Pa(Stage2World.PoolStart), 64 * Page));
        var tables = new Stage2Tables(memory, pool, geometry, 5, _operations, cores, maintainsCaches: true);
        _operations.WriteSystemRegister(SystemRegister.VtcrEl2, tables.Vtcr.Value);
        _operations.WriteSystemRegister(SystemRegister.VttbrEl2, tables.Vttbr.Value);
        _operations.Log.Clear();
        return tables;
    }
}
