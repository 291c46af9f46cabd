using System;
using HvIntrospect.Mmio;
using Xunit;

namespace HvIntrospect.Tests.Mmio;

public sealed class MmioBusTests
{
    [Fact]
    public void EachAddressFindsTheDeviceThatOwnsIt()
    {
        var bus = new MmioBus();
        var low = new Nothing();
        var high = new Nothing();
        bus.Map(new IpaRange(new Ipa(0x2000), 0x10), high);
        bus.Map(new IpaRange(new Ipa(0x1000), 0x1000), low);

        Assert.False(bus.TryFind(new Ipa(0xFFF), out _, out _));
        Assert.True(bus.TryFind(new Ipa(0x1FFF), out IMmioDevice? found, out IpaRange range));
        Assert.Same(low, found);
        Assert.Equal(new IpaRange(new Ipa(0x1000), 0x1000), range);
        Assert.True(bus.TryFind(new Ipa(0x200F), out found, out _));
        Assert.Same(high, found);
        Assert.False(bus.TryFind(new Ipa(0x2010), out _, out _));
    }

    [Theory]
    [InlineData(0x0FFF, 2)]
    [InlineData(0x1FFF, 1)]
    [InlineData(0x1800, 0x10)]
    [InlineData(0x0, 0x10000)]
    public void AnOverlappingRangeIsRefusedAndChangesNothing(ulong start, ulong length)
    {
        var bus = new MmioBus();
        bus.Map(new IpaRange(new Ipa(0x1000), 0x1000), new Nothing());
        Assert.Throws<ArgumentException>("range", () => bus.Map(new IpaRange(new Ipa(start), length), new Nothing()));
        Assert.False(bus.TryFind(new Ipa(0x3000), out _, out _));
        Assert.True(bus.TryFind(new Ipa(0x1000), out _, out IpaRange range));
        Assert.Equal(0x1000UL, range.Length);
    }

    [Fact]
    public void AnUnmappedDeviceIsFoundNoMoreAndItsRangeIsFree()
    {
        var bus = new MmioBus();
        var range = new IpaRange(new Ipa(0x1000), 0x1000);
        bus.Map(range, new Nothing());
        Assert.False(bus.Unmap(new IpaRange(new Ipa(0x1000), 0x10)));
        Assert.True(bus.Unmap(range));
        Assert.False(bus.TryFind(new Ipa(0x1000), out _, out _));
        bus.Map(range, new Nothing());
    }

    private sealed class Nothing : IMmioDevice
    {
        public ulong Read(in MmioAccess access) => 0;

        public void Write(in MmioAccess access, ulong value)
        {
        }
    }
}
