using HvIntrospect.Samples.WatchIpa;
using HvIntrospect.Watchpoints;
using Xunit;

namespace HvIntrospect.Tests.Samples.WatchIpa;

public sealed class WatchRequestTests
{
    [Theory]
    [InlineData("0x40001000", null, 0x4000_1000ul, null, "ReadWrite")]
    [InlineData("1073745920:4", null, 0x4000_1000ul, 4ul, "ReadWrite")]
    [InlineData("0x40001000:0x10:w", null, 0x4000_1000ul, 16ul, "Write")]
    [InlineData("0x40001000:r", null, 0x4000_1000ul, null, "Read")]
    [InlineData("queue_head", "queue_head", 0ul, null, "ReadWrite")]
    [InlineData("queue_head:rw", "queue_head", 0ul, null, "ReadWrite")]
    [InlineData("_start.isra.0:1:r", "_start.isra.0", 0ul, 1ul, "Read")]
    [InlineData("queue_put:4:x", "queue_put", 0ul, 4ul, "Execute")]
    [InlineData("queue_put:rwx", "queue_put", 0ul, null, "ReadWrite, Execute")]
    [InlineData("r:w", "r", 0ul, null, "Write")]
    public void WhatIsTypedIsRead(string text, string? symbol, ulong address, ulong? length, string accesses)
    {
        Assert.Null(WatchRequest.Parse(text, out WatchRequest? request));
        Assert.Equal(new WatchRequest(text, symbol, new Ipa(address), length, System.Enum.Parse<WatchKinds>(accesses)), request);
    }

    [Theory]
    [InlineData("", "there is no address or symbol")]
    [InlineData(":4", "there is no address or symbol")]
    [InlineData("0xZZ", "'0xZZ' is no address")]
    [InlineData("12ab", "'12ab' is no address")]
    [InlineData("0x10000000000000000", "'0x10000000000000000' is no address")]
    [InlineData("a:", "'' is neither a length of at least 1 byte nor r, w, x, rw or rwx")]
    [InlineData("a:0", "'0' is neither a length of at least 1 byte nor r, w, x, rw or rwx")]
    [InlineData("a:-1", "'-1' is neither a length of at least 1 byte nor r, w, x, rw or rwx")]
    [InlineData("a:y:w", "'y' is neither a length of at least 1 byte nor r, w, x, rw or rwx")]
    [InlineData("a:4:y", "'y' is not r, w, x, rw or rwx")]
    [InlineData("a:4:4", "'4' is not r, w, x, rw or rwx")]
    [InlineData("a:w:4", "nothing may follow 'w'")]
    [InlineData("a:4:w:r", "nothing may follow 'w'")]
    public void WhatIsWrongIsSaid(string text, string expected)
    {
        Assert.Equal(expected, WatchRequest.Parse(text, out WatchRequest? request));
        Assert.Null(request);
    }
}
