using System;
using System.Collections.Generic;
using HvIntrospect.Translation.Stage2;
using Xunit;

namespace HvIntrospect.Tests.Translation.Stage2;

public sealed class TablePoolTests
{
    [Fact]
    public void EveryPageIsGivenOnceAndRunsAreAligned()
    {
        var pool = new TablePool(new PaRange(new Pa(0x8000_1000), 0x20_000));
        var seen = new HashSet<ulong>();
        Assert.True(pool.TryAllocate(1, out Pa first));
        seen.Add(first.Value);
        Assert.True(pool.TryAllocate(16, out Pa run));
        Assert.Equal(0UL, run.OffsetIn(0x10_000));
        for (int i = 0; i < 16; i++)
        {
            Assert.True(seen.Add(run.Value + ((ulong)i << 12)));
        }

        Assert.Equal(15, pool.Available);
        while (pool.TryAllocate(1, out Pa page))
        {
            Assert.True(seen.Add(page.Value));
        }

        Assert.Equal(32, seen.Count);
        Assert.False(pool.TryAllocate(2, out _));
        pool.Free(run, 16);
        Assert.Equal(16, pool.Available);
        Assert.True(pool.TryAllocate(1, out Pa again));
        Assert.InRange(again.Value, run.Value, run.Value + 0xFFFF);
    }

    [Fact]
    public void MisuseIsRefused()
    {
        Assert.Equal("range", Assert.Throws<ArgumentException>(() => new TablePool(new PaRange(new Pa(0x800), 0x1000))).ParamName);
        Assert.Equal("range", Assert.Throws<ArgumentException>(() => new TablePool(new PaRange(new Pa(0), 0x1800))).ParamName);
        Assert.Equal("range", Assert.Throws<ArgumentException>(() => new TablePool(default)).ParamName);
        Assert.Equal("range", Assert.Throws<ArgumentException>(() => new TablePool(new PaRange(new Pa(0), 1UL << 40))).ParamName);
        var pool = new TablePool(new PaRange(new Pa(0x1000), 0x4000));
        Assert.Equal("count", Assert.Throws<ArgumentOutOfRangeException>(() => pool.TryAllocate(3, out _)).ParamName);
        Assert.Equal("count", Assert.Throws<ArgumentOutOfRangeException>(() => pool.TryAllocate(32, out _)).ParamName);
        Assert.True(pool.TryAllocate(1, out Pa page));
        pool.Free(page, 1);
        Assert.Throws<ArgumentException>(() => pool.Free(page, 1));
        Assert.Throws<ArgumentException>(() => pool.Free(new Pa(0), 1));
        Assert.Throws<ArgumentException>(() => pool.Free(new Pa(0x4000), 2));
    }
}
