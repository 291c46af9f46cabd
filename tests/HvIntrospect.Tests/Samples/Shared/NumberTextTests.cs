using HvIntrospect.Samples.Shared;
using Xunit;

namespace HvIntrospect.Tests.Samples.Shared;

public sealed class NumberTextTests
{
    [Theory]
    [InlineData("0", 0ul)]
    [InlineData("67108864", 0x400_0000ul)]
    [InlineData("0x4000000", 0x400_0000ul)]
    [InlineData("0XfF", 0xFFul)]
    [InlineData("64M", 0x400_0000ul)]
    [InlineData("64m", 0x400_0000ul)]
    [InlineData("0x10K", 0x4000ul)]
    [InlineData("1G", 0x4000_0000ul)]
    [InlineData("17179869183G", 0xFFFF_FFFF_C000_0000ul)]
    public void SizesAreRead(string text, ulong expected)
    {
        Assert.True(NumberText.TryParseSize(text, out ulong size));
        Assert.Equal(expected, size);
    }

    [Theory]
    [InlineData("")]
    [InlineData("M")]
    [InlineData("0x")]
    [InlineData("-1")]
    [InlineData("+1")]
    [InlineData(" 1")]
    [InlineData("1 ")]
    [InlineData("1.5M")]
    [InlineData("1_000")]
    [InlineData("64MB")]
    [InlineData("0x1_0")]
    [InlineData("17179869184G")]
    [InlineData("18446744073709551616")]
    [InlineData("0x10000000000000000")]
    public void WhatIsNoSizeIsRefused(string text) => Assert.False(NumberText.TryParseSize(text, out _));
}
