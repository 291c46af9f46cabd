using System;
using System.Linq;
using HvIntrospect.Translation;
using HvIntrospect.Translation.Stage2;
using Xunit;

namespace HvIntrospect.Tests.Translation.Stage2;

/// <summary>Changes of an address space while guards deny something in parts of it.</summary>
public sealed class Stage2GuardedSpaceTests : IDisposable
{
    private const ulong Page = 0x1000;
    private const ulong Block = 0x20_0000;
    private const ulong Gigabyte = 0x4000_0000;
    private const ulong PoolStart = 0x8000_0000;
    private const ulong PoolSize = 0x10_0000;

    private readonly FailingTablePages _pages = new(new TablePool(new PaRange(new Pa(PoolStart), PoolSize)));
    private readonly Stage2AddressSpace _space;

    public Stage2GuardedSpaceTests()
    {
        var memory = new TestPhysicalMemory(PoolStart, (int)PoolSize, isDirect: true);
        var geometry = new Stage2Geometry(32, 40, startLevel: 1, features: TranslationFeatures.XNX);
        _space = new Stage2AddressSpace(memory, _pages, geometry, 5, new RecordingEl2Operations());
    }

    private IStage2Control Control => _space;

    public void Dispose() => _space.Dispose();

    [Fact]
    public void WhatIsLeftAlikeByUnlikeGuardsIsOneRange()
    {
        // Of reads, the first two guards leave all: the border between them is none, and needs no table of its own.
        const ulong Border = Gigabyte + (4 * Block) + Page;
        IpaRange range = Stage2World.Range(Gigabyte, Gigabyte);
        _space.Map(range, new Pa(0), Stage2Attributes.Ram);
        Control.SetGuards(new Guards(
            (Gigabyte, Stage2Access.Write), (Gigabyte + Page, Stage2Access.Write | Stage2Access.Execute), (Border, Stage2Access.Read)));
        _pages.CallsLeft = 2;

        _space.Protect(range, Stage2Access.Read);

        Assert.Equal(Stage2Access.Read, AccessAt(Gigabyte));
        Assert.Equal(Stage2Access.Read, AccessAt(Border - Page));
        Assert.Equal(Stage2Access.None, AccessAt(Border));
    }

    [Fact]
    public void AChangeThatFailsForWantOfATableSplitsNothing()
    {
        _space.Map(Stage2World.Range(Gigabyte, Gigabyte), new Pa(0), Stage2Attributes.Ram);
        Control.SetGuards(new Guards((Gigabyte, Stage2Access.None), (Gigabyte + (4 * Block), Stage2Access.Write), (Gigabyte + (4 * Block) + Page, Stage2Access.None)));
        int taken = _pages.Taken;
        IpaRange range = Stage2World.Range(Gigabyte + Page, Gigabyte / 2);

        // Two tables for the guard's page, none for the ends of the range.
        _pages.CallsLeft = 2;
        Assert.Throws<Stage2Exception>(() => _space.Protect(range, Stage2Access.ReadWrite));
        _pages.CallsLeft = int.MaxValue;
        Assert.Equal(taken, _pages.Taken);
        var bad = new Stage2Attributes(Stage2Access.ReadWrite, (Stage2MemoryType)0b0100);
        Assert.Throws<ArgumentException>(() => _space.SetAttributes(range, bad));
        Assert.Equal(taken, _pages.Taken);
        Assert.Equal(Stage2Access.All, AccessAt(Gigabyte + (4 * Block)));
    }

    private Stage2Access AccessAt(ulong ipa) => _space.Walk(new Ipa(ipa)).Attributes.Access;

    /// <summary>Denies from each start on to the next.</summary>
    private sealed class Guards(params (ulong Start, Stage2Access Denied)[] runs) : IStage2Guards
    {
        public void BeginChange()
        {
        }

        public Stage2Access DeniedFrom(Ipa start, out Ipa last)
        {
            int next = runs.Count(run => run.Start <= start.Value);
            last = new Ipa(next == runs.Length ? ulong.MaxValue : runs[next].Start - 1);
            return next == 0 ? Stage2Access.None : runs[next - 1].Denied;
        }

        public void Changed(IpaRange range, Stage2Access access)
        {
        }

        public void Removed(int view)
        {
        }

        public void Written(IpaRange range)
        {
        }

        public void EndChange()
        {
        }
    }
}
