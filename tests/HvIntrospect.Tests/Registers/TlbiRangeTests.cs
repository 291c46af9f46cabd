using HvIntrospect.Registers;
using Xunit;

namespace HvIntrospect.Tests.Registers;

public sealed class TlbiRangeTests
{
    [Theory]
    [InlineData(0UL, GranuleSize.None, 0UL)]
    [InlineData(1UL << 46, GranuleSize.Size4K, 2UL << 12)]
    [InlineData((2UL << 46) | (5UL << 39), GranuleSize.Size16K, 12UL << 14)]
    [InlineData((3UL << 46) | (1UL << 44), GranuleSize.Size64K, 64UL << 16)]
    [InlineData((1UL << 46) | (3UL << 44) | (31UL << 39), GranuleSize.Size4K, 32UL << 28)]
    public void LengthFollowsFromNumberScaleAndGranule(ulong operand, GranuleSize granule, ulong length)
    {
        var range = new TlbiRange(operand);
        Assert.Equal((granule, length), (range.Granule, range.Length));
    }

    [Fact]
    public void FieldsAreAtTheirPlaces()
    {
        var range = new TlbiRange(0xABCD_0000_0000_0000 | (2UL << 46) | (3UL << 37) | 0x1F_FFFF_FFF0);
        Assert.Equal((ushort)0xABCD, range.Asid);
        Assert.Equal(3, range.Level);
        Assert.Equal(new Va(0xFFFF_FFFF_FFFC_0000), range.FirstVa);
        Assert.Equal(new Ipa(0x1F_FFFF_FFF0UL << 14), range.FirstIpa);
        Assert.Null(new TlbiRange(1UL << 46).Level);
    }

    /// <summary>While DS is set, BaseADDR is bits 52:16 of the address for every granule.</summary>
    [Theory]
    [InlineData(1UL)]
    [InlineData(2UL)]
    [InlineData(3UL)]
    public void WithLargeDescriptorsTheBaseCounts64Kb(ulong granule)
    {
        var range = new TlbiRange((granule << 46) | 0x1F_FFFF_FFF0, hasLargeDescriptors: true);
        Assert.Equal(new Ipa(0x1F_FFFF_FFF0UL << 16), range.FirstIpa);
        Assert.Equal(new Va(0xFFFF_FFFF_FFF0_0000), range.FirstVa);
        Assert.Equal(2UL << (10 + (2 * (int)granule)), range.Length);
    }
}
