using System.Collections.Generic;
using System.Linq;
using HvIntrospect.Samples.WatchIpa;
using Xunit;

namespace HvIntrospect.Tests.Samples.WatchIpa;

public sealed class GuestLinesTests
{
    [Fact]
    public void LinesEndAtNewlinesAndTheLastOneAtTheEnd() => Assert.Equal(["one", string.Empty, "two\tb", "three"], Lines("one\r\n\ntwo\tb\nthree"u8));

    [Fact]
    public void WhatCouldSteerATerminalIsShownAsItsCode() => Assert.Equal([@"\x1b[2J\x0dx\x00\xff\x7f"], Lines([0x1B, (byte)'[', (byte)'2', (byte)'J', 0x0D, (byte)'x', 0, 0xFF, 0x7F, (byte)'\n']));

    [Fact]
    public void ALineWithoutAnEndIsCut() => Assert.Equal([1000, 1000, 500], Lines(Enumerable.Repeat((byte)'a', 2500).ToArray()).Select(line => line.Length));

    private static List<string> Lines(System.ReadOnlySpan<byte> bytes)
    {
        var lines = new List<string>();
        var guest = new GuestLines(lines.Add);
        foreach (byte next in bytes)
        {
            guest.Add(next);
        }

        guest.Complete();
        return lines;
    }
}
