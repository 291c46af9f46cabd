using System.IO;
using HvIntrospect.Registers;
using HvIntrospect.Tests.Translation;
using HvIntrospect.Tooling.Tables;
using HvIntrospect.Translation.Stage2;
using Xunit;

namespace HvIntrospect.Tests.Tables;

/// <summary>Each field of a line, and what ends a listing.</summary>
public sealed class Stage2ListingTests
{
    private const ulong Root = 0x1000;

    private readonly SparseMemory _memory = new();

    public Stage2ListingTests()
    {
        for (ulong i = 0; i < 512; i++)
        {
            _memory[Root + (i * 8)] = 0;
        }
    }

    [Fact]
    public void EveryFieldIsWritten()
    {
        // AF = 0, DBM, contiguous, the embedder's bit, read-only, executable at EL0 only, Non-cacheable, Outer Shareable.
        _memory[Root + 8] = 0x8020_0000 | 1 | (1UL << 51) | (1UL << 52) | (1UL << 53) | (1UL << 58) | (2 << 8) | (1 << 6) | (5 << 2);
        _memory[Root + 16] = 0x70_0000_0003;
        using var text = new StringWriter { NewLine = "\n" };
        Assert.True(Stage2Listing.WriteText(text, Reader()));
        Assert.Equal(
            "0x0000000200000..00000003fffff  0x0000080200000        2M  1 x 2M            r-x(EL0) NormalNonCacheable OuterShareable  AF=0 DBM marked contiguous\n"
            + "0x0000000400000..00000005fffff  -                      2M  512 x 4K          cannot be followed: SynchronousExternalOnWalk, level 3\n",
            text.ToString().Replace("x 4K", "x 4K", System.StringComparison.Ordinal));
        using var json = new StringWriter { NewLine = "\n" };
        Assert.True(Stage2Listing.WriteJson(json, Reader()));
        Assert.Equal(
            """
            {"type":"range","ipa":"0x200000","size":"0x200000","pa":"0x80200000","access":"r-x(EL0)","memory":"NormalNonCacheable","shareability":"OuterShareable","accessFlag":false,"dirtyBitModifier":true,"marked":true,"descriptors":1,"contiguous":1,"smallest":"0x200000","largest":"0x200000"}
            {"type":"unusable","ipa":"0x400000","size":"0x200000","fault":"SynchronousExternalOnWalk","level":3,"descriptors":512,"contiguous":0,"smallest":"0x1000","largest":"0x1000"}
            {"type":"end","complete":true}

            """.ReplaceLineEndings("\n"),
            json.ToString());
    }

    [Fact]
    public void ASpentBudgetIsTold()
    {
        using var text = new StringWriter { NewLine = "\n" };
        Assert.False(Stage2Listing.WriteText(text, Reader(3)));
        Assert.Equal("the budget ended before 0x600000\n", text.ToString());
        using var json = new StringWriter { NewLine = "\n" };
        Assert.False(Stage2Listing.WriteJson(json, Reader(3)));
        Assert.Equal("{\"type\":\"end\",\"complete\":false,\"next\":\"0x600000\"}\n", json.ToString());
    }

    [Theory]
    [InlineData(0UL, "0")]
    [InlineData(1000UL, "1000")]
    [InlineData(1024UL, "1K")]
    [InlineData(1536UL, "1536")]
    [InlineData(3UL << 20, "3M")]
    [InlineData(1UL << 52, "4P")]
    public void SizesAreInTheLargestUnit(ulong bytes, string expected) => Assert.Equal(expected, Stage2Listing.SizeOf(bytes));

    private Stage2TableReader Reader(long budget = 100_000)
    {
        var geometry = new Stage2Geometry(30, 40, startLevel: 2, features: HvIntrospect.Translation.TranslationFeatures.XNX);
        var walker = new Stage2Walker(_memory, geometry, new Vttbr(Root));
        return new Stage2TableReader(walker, walker.Input, budget);
    }
}
