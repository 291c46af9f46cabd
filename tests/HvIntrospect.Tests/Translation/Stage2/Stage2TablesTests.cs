using System;
using System.Collections.Generic;
using System.Linq;
using HvIntrospect.Registers;
using HvIntrospect.Translation;
using HvIntrospect.Translation.Stage2;
using HvIntrospect.Tests.Support;
using Xunit;

namespace HvIntrospect.Tests.Translation.Stage2;

public sealed class Stage2TablesTests
{
    private const ulong Page = 0x1000;
    private const ulong Block = 0x20_0000;
    private const ulong Gigabyte = 0x4000_0000;
    private const string All = "Dsb Ishst; Vmalls12E1Is; Dsb Ish; Isb";
    private const string Publish = "Dsb Ishst";

    private readonly Stage2World _world = new(new Stage2Geometry(32, 40, startLevel: 1));

    private Stage2Tables Tables => _world.Tables;

    private string Log => _world.Operations.Take();

    [Fact]
    public void MappingWhereNothingWasNeedsNoInvalidation()
    {
        Tables.Map(Stage2World.Range(Gigabyte, Block + Page), new Pa(Gigabyte), Stage2Attributes.Ram);
        Assert.Equal(Publish, Log);
        Tables.Map(Stage2World.Range(Gigabyte + Block + Page, Page), new Pa(0), Stage2Attributes.Ram);
        Assert.Equal(Publish, Log);
        Assert.Equal(
            [(Gigabyte, Block), (Gigabyte + Block, Page), (Gigabyte + Block + Page, Page)],
            _world.Leaves().Select(leaf => (leaf.Ipa, leaf.Size)));
    }

    [Fact]
    public void APermissionChangesInPlaceAndIsInvalidatedInBothHalves()
    {
        Tables.Map(Stage2World.Range(Gigabyte, Gigabyte), new Pa(Gigabyte), Stage2Attributes.Ram);
        _world.Operations.Log.Clear();
        Tables.Protect(Stage2World.Range(Gigabyte, Gigabyte), Stage2Access.Read);
        Assert.Equal(Invalidate(Gigabyte), Log);
        Tables.Protect(Stage2World.Range(Gigabyte, Gigabyte), Stage2Access.Read);
        Assert.Equal(Publish, Log);
    }

    [Fact]
    public void ASplitBreaksInvalidatesOnceAndMakes()
    {
        Tables.Map(Stage2World.Range(Gigabyte, Gigabyte), new Pa(Gigabyte), Stage2Attributes.Ram);
        _world.Operations.Log.Clear();
        Tables.Protect(Stage2World.Range(Gigabyte + Block + Page, Page), Stage2Access.Read);
        Assert.Equal(Invalidate(Gigabyte) + "; " + Publish, Log);
        Assert.Equal(511 + 512, _world.Leaves().Count);
        Tables.Protect(Stage2World.Range(Gigabyte + Block + Page, Page), Stage2Access.All);
        Assert.Equal(Invalidate(Gigabyte + Block + Page), Log);
        Tables.Merge(Stage2World.Range(Gigabyte + Block + Page, Page), onlySplitBlocks: true);
        Assert.Equal(All + "; " + Publish, Log);
        Assert.Equal([(Gigabyte, Gigabyte)], _world.Leaves().Select(leaf => (leaf.Ipa, leaf.Size)));
    }

    [Fact]
    public void AMemoryTypeChangesByBreakBeforeMake()
    {
        Tables.Map(Stage2World.Range(Gigabyte, 2 * Page), new Pa(Gigabyte), Stage2Attributes.Ram);
        _world.Operations.Log.Clear();
        Tables.SetAttributes(Stage2World.Range(Gigabyte, 2 * Page), Stage2Attributes.Device);
        Assert.Equal(Invalidate(Gigabyte, Gigabyte + Page) + "; " + Publish, Log);
        Assert.True(Tables.Walker.Walk(new Ipa(Gigabyte)).Attributes.IsDevice);
    }

    [Fact]
    public void LargeRangesAreInvalidatedAsAWholeAndSmallOnesAreNot()
    {
        Tables.Map(Stage2World.Range(Gigabyte, Block), new Pa(Gigabyte), Stage2Attributes.Ram, firstLevel: 3);
        _world.Operations.Log.Clear();
        Tables.Protect(Stage2World.Range(Gigabyte, 64 * Page), Stage2Access.Read);
        Assert.Equal(Invalidate([.. Enumerable.Range(0, 64).Select(page => Gigabyte + ((ulong)page * Page))]), Log);
        Tables.Protect(Stage2World.Range(Gigabyte, 65 * Page), Stage2Access.All);
        Assert.Equal(Invalidate([.. Enumerable.Range(0, 64).Select(page => Gigabyte + ((ulong)page * Page))]), Log);
        Tables.Protect(Stage2World.Range(Gigabyte, 65 * Page), Stage2Access.Read);
        Assert.Equal(All, Log);
        Tables.Unmap(Stage2World.Range(Gigabyte, Block));
        Assert.Equal(All, Log);
        Assert.Equal(1, _world.Pages.Taken);
    }

    [Fact]
    public void WhatWasNeverInATlbIsNotInvalidated()
    {
        Tables.Map(Stage2World.Range(Gigabyte, Page), new Pa(Gigabyte), new Stage2Attributes(Stage2Access.All, accessFlag: false));
        _world.Operations.Log.Clear();
        Tables.SetAttributes(Stage2World.Range(Gigabyte, Page), Stage2Attributes.Ram);
        Assert.Equal(Publish, Log);
        Tables.SetAttributes(Stage2World.Range(Gigabyte, Page), new Stage2Attributes(Stage2Access.All, accessFlag: false));
        Assert.Equal(Invalidate(Gigabyte), Log);
        Tables.Unmap(Stage2World.Range(Gigabyte, Page));

        // The page was in no TLB; the way to its table could be.
        Assert.Equal(InvalidateTables(Gigabyte), Log);
    }

    [Fact]
    public void AnotherVmidIsPutBackAfterTheInvalidation()
    {
        Tables.Map(Stage2World.Range(Gigabyte, Page), new Pa(Gigabyte), Stage2Attributes.Ram);
        ulong foreign = 0x0009_0000_1234_0000;
        _world.Operations.WriteSystemRegister(SystemRegister.VttbrEl2, foreign);
        _world.Operations.Log.Clear();
        Tables.Protect(Stage2World.Range(Gigabyte, Page), Stage2Access.Read);
        string own = $"VTTBR=0x{Tables.Vttbr.Value:x}";
        Assert.Equal(
            $"Dsb Ish; {own}; Isb; Ipas2Le1Is 0x40000; Dsb Ish; Vmalle1Is; Dsb Ish; VTTBR=0x{foreign:x}; Isb", Log);
    }

    [Fact]
    public void MergingRespectsWhatWasMappedByPages()
    {
        Tables.Map(Stage2World.Range(0, Block), new Pa(0), Stage2Attributes.Ram, firstLevel: 3);
        Tables.Merge(Stage2World.Range(0, Block), onlySplitBlocks: true);
        Assert.Equal(512, _world.Leaves().Count);
        Tables.Merge(Stage2World.Range(Page, Page));
        Assert.Single(_world.Leaves());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void ARefusedAllocationLeavesEverythingAsItWas(bool isDirect)
    {
        Action<Stage2Tables>[] changes =
        [
            tables => tables.Map(Stage2World.Range(Gigabyte - (3 * Page), 4 * Block), new Pa(0x4000_1000), Stage2Attributes.Ram),
            tables => tables.Unmap(Stage2World.Range(Page, Block)),
            tables => tables.Protect(Stage2World.Range(Block - Page, 2 * Page), Stage2Access.Read),
            tables => tables.SetAttributes(Stage2World.Range(3 * Page, Block), Stage2Attributes.Device),
            tables => tables.Split(Stage2World.Range(0, 2 * Block)),
            tables => tables.Remap(Stage2World.Range(Block, 3 * Block), new Pa(Gigabyte + Page)),
            tables => tables.StartLog(Stage2World.Range(Page, Block)),
        ];
        foreach (Action<Stage2Tables> change in changes)
        {
            int allocations = 0;
            for (bool isDone = false; !isDone; allocations++)
            {
                var world = new Stage2World(new Stage2Geometry(32, 40, startLevel: 1), isDirect, tablePages: 64);
                world.Tables.Map(Stage2World.Range(0, 512 * Block / 2), new Pa(Gigabyte), Stage2Attributes.Ram);
                Dictionary<ulong, ulong> before = world.Snapshot();
                int taken = world.Pages.Taken;
                world.Operations.Log.Clear();
                world.Pages.CallsLeft = allocations;
                try
                {
                    change(world.Tables);
                    isDone = true;
                }
                catch (Stage2Exception error)
                {
                    Assert.Equal(Stage2ErrorKind.OutOfTablePages, error.Kind);
                    Assert.Equal(before, world.Snapshot());
                    Assert.Equal(taken, world.Pages.Taken);
                    Assert.Empty(world.Operations.Log);
                    world.Pages.CallsLeft = int.MaxValue;
                    change(world.Tables);
                }

                world.Leaves();
            }

            Assert.InRange(allocations, 2, 1000);
        }
    }

    [Fact]
    public void TableMemoryThatIsAbsentIsRefusedBeforeAnythingChanges()
    {
        var memory = new TestPhysicalMemory(Stage2World.PoolStart, 0x3000, isDirect: false);
        var pages = new FailingTablePages(new TablePool(new PaRange(new Pa(Stage2World.PoolStart), 0x10_000)));
        var tables = new Stage2Tables(memory, pages, new Stage2Geometry(32, 40, startLevel: 1), 1, new RecordingEl2Operations());
        tables.Map(Stage2World.Range(0, Page), new Pa(0), Stage2Attributes.Ram);
        var error = Assert.Throws<Stage2Exception>(() => tables.Map(Stage2World.Range(Gigabyte, Page), new Pa(0), Stage2Attributes.Ram));
        Assert.Equal(Stage2ErrorKind.TableMemoryAbsent, error.Kind);
        Assert.Equal(3, pages.Taken);
        tables.Protect(Stage2World.Range(0, Page), Stage2Access.Read);
        Assert.Throws<Stage2Exception>(
            () => new Stage2Tables(memory, pages, new Stage2Geometry(32, 40, startLevel: 1), 1, new RecordingEl2Operations()));
        Assert.Equal(3, pages.Taken);
    }

    [Fact]
    public void AChangeThatBreaksHalfwayFaultsTheTablesAndDisposeGivesAllPagesBack()
    {
        for (int operations = 0; operations < 7; operations++)
        {
            var world = new Stage2World(new Stage2Geometry(32, 40, startLevel: 1), tablePages: 64);
            world.Tables.Map(Stage2World.Range(0, Gigabyte), new Pa(Gigabyte), Stage2Attributes.Ram);
            int left = operations;
            world.Operations.Issued = _ =>
            {
                if (left-- == 0)
                {
                    throw new TimeoutException("The core is gone.");
                }
            };
            Assert.Throws<TimeoutException>(() => world.Tables.Unmap(Stage2World.Range(Page, Block)));
            Assert.Throws<InvalidOperationException>(() => world.Tables.Protect(Stage2World.Range(0, Page), Stage2Access.Read));
            world.Tables.Dispose();
            Assert.Equal(0, world.Pages.Taken);
            Assert.Throws<ObjectDisposedException>(() => world.Tables.Protect(Stage2World.Range(0, Page), Stage2Access.Read));
        }
    }

    [Fact]
    public void MisuseIsRefusedByNameAndLimitAndChangesNothing()
    {
        Tables.Map(Stage2World.Range(Gigabyte, Gigabyte), new Pa(Gigabyte), Stage2Attributes.Ram);
        Dictionary<ulong, ulong> before = _world.Snapshot();
        Refuses("range", "0x1000", () => Map(Page / 2, Page, 0));
        Refuses("range", "0x1000", () => Map(Page, Page / 2, 0));
        Refuses("range", "0x1000", () => Tables.Protect(default, Stage2Access.Read));
        Refuses("range", "0x100000000", () => Map(0xFFFF_F000, 2 * Page, 0));
        Refuses("range", "0x100000000", () => Tables.Unmap(Stage2World.Range(1UL << 40, Page)));
        Refuses("range", "0x40003000", () => Map(Gigabyte + (3 * Page), Page, 0));
        Refuses("range", "0x40000000", () => Map(Gigabyte - Page, 2 * Page, 0));
        Refuses("target", "0x1000", () => Map(0, Page, 0x800));
        Refuses("target", "0x10000000000", () => Map(0, 2 * Page, (1UL << 40) - Page));
        Refuses("target", "0x10000000000", () => Map(0, Page, 1UL << 48));
        Refuses("target", "0x1000", () => Tables.Remap(Stage2World.Range(Gigabyte, Page), new Pa(8)));
        Refuses("target", "0x10000000000", () => Tables.Remap(Stage2World.Range(Gigabyte, 2 * Page), new Pa((1UL << 40) - Page)));
        Refuses("range", "0x100000000", () => Tables.Remap(Stage2World.Range(1UL << 32, Page), new Pa(0)));
        Refuses("range", "0x1000", () => Tables.StartLog(Stage2World.Range(Gigabyte, 1)));
        Refuses("bitmap", "2 words", () => Tables.CollectWritten(Stage2World.Range(Gigabyte, 65 * Page), new ulong[1]));
        Refuses("bitmap", "1 words", () => Tables.CollectAccessed(Stage2World.Range(Gigabyte, Page), []));
        Refuses("range", "0x1000", () => Tables.Read(Stage2World.Range(Gigabyte, Page / 2)));
        var wide = new Stage2Geometry(48, 48);
        using (var large = new Stage2Tables(new TestPhysicalMemory(0x8000_0000, 0x10000, isDirect: true), new TablePool(new PaRange(new Pa(0x8000_0000), 0x10000)), wide, 1, new RecordingEl2Operations()))
        {
            Refuses("range", "2^31", () => large.CollectWritten(Stage2World.Range(0, 1UL << 43), []));
        }

        Assert.False(Tables.TryMarkAccessed(new Ipa(ulong.MaxValue)));
        Assert.False(Tables.TryMarkWritten(new Ipa(Gigabyte)));
        Refuses("firstLevel", "0 to 3", () => Tables.Map(Stage2World.Range(0, Page), new Pa(0), Stage2Attributes.Ram, 4));
        Assert.Equal(before, _world.Snapshot());
        var memory = new TestPhysicalMemory(0, 0x1000, isDirect: true);
        var operations = new RecordingEl2Operations();
        var geometry = new Stage2Geometry(32, 40, startLevel: 1);
        Refuses("vmid", "255", () => new Stage2Tables(memory, _world.Pages, geometry, 256, operations).Dispose());
        Refuses("memory", string.Empty, () => new Stage2Tables(null!, _world.Pages, geometry, 1, operations).Dispose());
        Refuses("operations", string.Empty, () => new Stage2Tables(memory, _world.Pages, geometry, 1, null!).Dispose());
        Assert.Throws<InvalidOperationException>(() => new Stage2Tables(memory, new WrongPages(), geometry, 1, operations));

        void Map(ulong start, ulong length, ulong target) => Tables.Map(Stage2World.Range(start, length), new Pa(target), Stage2Attributes.Ram);
    }

    [Fact]
    public void ChangesAllocateNoManagedMemory()
    {
        _world.Operations.IsSilent = true;
        var bitmap = new ulong[8];
        Change();
        Assert.Equal(0, Allocation.Of(Change));

        void Change()
        {
            Tables.Map(Stage2World.Range(0, Gigabyte), new Pa(Gigabyte), Stage2Attributes.Ram, firstLevel: 2);
            Tables.Map(Stage2World.Range(Gigabyte, Page), new Pa(0), Stage2Attributes.Ram);
            Tables.Split(Stage2World.Range(0, Block));
            Tables.Merge(Stage2World.Range(0, Block));
            Tables.StartLog(Stage2World.Range(Page, 2 * Block));
            Tables.TryMarkWritten(new Ipa(Block));
            Tables.CollectWritten(Stage2World.Range(Block, Block), bitmap);
            Tables.CollectAccessed(Stage2World.Range(Block, Block), bitmap);
            Tables.TryMarkAccessed(new Ipa(Block));
            Tables.Remap(Stage2World.Range(Block, Block), new Pa(Page));
            Tables.Unmap(Stage2World.Range(0, 2 * Gigabyte));
            Tables.Map(Stage2World.Range(Gigabyte, 32 * Page), new Pa(0), Stage2Attributes.Ram, isContiguous: true);
            Tables.Protect(Stage2World.Range(Gigabyte + Page, Page), Stage2Access.Read);
            Tables.Unmap(Stage2World.Range(Gigabyte, 32 * Page));
            Stage2TableReader reader = Tables.Read(Stage2World.Range(0, Gigabyte));
            reader.TryRead(out _);
            Tables.Walker.Walk(new Ipa(0), Stage2Access.Read);
        }
    }

    private static string Invalidate(params ulong[] addresses) => Invalidate("Ipas2Le1Is", addresses);

    private static string InvalidateTables(params ulong[] addresses) => Invalidate("Ipas2E1Is", addresses);

    private static string Invalidate(string operation, ulong[] addresses) =>
        "Dsb Ishst; " + string.Concat(addresses.Select(ipa => $"{operation} 0x{ipa >> 12:x}; ")) + "Dsb Ish; Vmalle1Is; Dsb Ish; Isb";

    [Fact]
    public void RemappedMemoryIsAbsentUntilNoTlbKnowsTheOldAddress()
    {
        Tables.Map(Stage2World.Range(Gigabyte, Block), new Pa(Gigabyte), Stage2Attributes.Ram);
        Tables.Map(Stage2World.Range(Gigabyte + Block, Page), new Pa(Gigabyte), Stage2Attributes.Ram);
        int broken = 0;
        _world.Operations.Issued = operation =>
        {
            if (operation.Contains("pas2", StringComparison.Ordinal))
            {
                broken++;
                Assert.True(Tables.Walker.Walk(new Ipa(Gigabyte)).IsInTransition);
                Assert.True(Tables.Walker.Walk(new Ipa(Gigabyte + Block - 1)).IsInTransition);
                Assert.True(Tables.Walker.Walk(new Ipa(Gigabyte + Block)).IsInTransition);
                Assert.False(Tables.Walker.Walk(new Ipa(Gigabyte + Block + Page)).IsInTransition);
            }
        };
        Tables.Remap(Stage2World.Range(Gigabyte, Block + Page), new Pa(Block));
        Assert.Equal(2, broken);
        Assert.Equal([(Gigabyte, Block), (Gigabyte + Block, Page)], _world.Leaves().Select(leaf => (leaf.Ipa, leaf.Size)));
        Assert.Equal(new Pa(2 * Block), Tables.Walker.Walk(new Ipa(Gigabyte + Block)).Pa);
        _world.Operations.Issued = null;
        Tables.Remap(Stage2World.Range(Gigabyte, Block), new Pa(Page));
        Assert.Equal(513, _world.Leaves().Count);
        Assert.Equal(new Pa(Block + Page - 1), Tables.Walker.Walk(new Ipa(Gigabyte + Block - 1)).Pa);
    }

    [Theory]
    [InlineData(TranslationFeatures.None, true)]
    [InlineData(TranslationFeatures.BBML1 | TranslationFeatures.BBML2, false)]
    public void OnlyWithTheFeatureIsABlockSplitAndMergedWhileItIsValid(TranslationFeatures features, bool breaks)
    {
        var world = new Stage2World(new Stage2Geometry(32, 40, startLevel: 1, features: features), isDirect: false);
        world.Tables.Map(Stage2World.Range(0, Gigabyte), new Pa(Gigabyte), Stage2Attributes.Ram);
        bool wasBroken = false;
        world.Memory.Accessing = Look;
        world.Operations.Issued = _ => Look();
        world.Tables.Protect(Stage2World.Range(Block, Page), Stage2Access.Read);
        Assert.Equal(breaks, wasBroken);
        wasBroken = false;
        world.Tables.Protect(Stage2World.Range(Block, Page), Stage2Access.All);
        Assert.False(wasBroken);
        world.Tables.Merge(Stage2World.Range(0, Gigabyte));
        Assert.Equal(breaks, wasBroken);
        Assert.Single(world.Leaves());
        wasBroken = false;
        world.Tables.SetAttributes(Stage2World.Range(Block, Page), Stage2Attributes.Device);
        Assert.True(wasBroken);

        // At any moment a core may look at a neighbour of what changes.
        void Look()
        {
            world.Memory.Accessing = null;
            Stage2Translation found = world.Tables.Walker.Walk(new Ipa(Block));
            Assert.NotEqual(found.IsMapped, found.IsInTransition);
            wasBroken |= found.IsInTransition;
            world.Memory.Accessing = Look;
        }
    }

    [Fact]
    public void ContiguousRunsAreSetWhereTheyAreWholeAndPartedWhereTheyAreNot()
    {
        const ulong Run = 16 * Page;
        Tables.Map(Stage2World.Range(Gigabyte + Page, 3 * Run), new Pa(Page), Stage2Attributes.Ram, isContiguous: true);
        Assert.Equal(0, ContiguousIn(0));
        Assert.Equal([16, 16, 0], [ContiguousIn(1), ContiguousIn(2), ContiguousIn(3)]);
        Tables.Map(Stage2World.Range(Gigabyte + (4 * Run), Run), new Pa(Page), Stage2Attributes.Ram, isContiguous: true);
        Assert.Equal(0, ContiguousIn(4));
        Tables.Protect(Stage2World.Range(Gigabyte + Run, Run), Stage2Access.Read);
        Assert.Equal([16, 16], [ContiguousIn(1), ContiguousIn(2)]);
        _world.Operations.Log.Clear();
        Tables.Protect(Stage2World.Range(Gigabyte + (2 * Run) + Page, Page), Stage2Access.Read);
        Assert.Equal([16, 0], [ContiguousIn(1), ContiguousIn(2)]);
        Assert.Equal(Invalidate([.. Enumerable.Range(0, 16).Select(page => Gigabyte + (2 * Run) + ((ulong)page * Page))]) + "; " + Publish, Log);
        Assert.Equal(Stage2Access.All, Tables.Walker.Walk(new Ipa(Gigabyte + (2 * Run))).Attributes.Access);

        int ContiguousIn(ulong run) => Enumerable.Range(0, 16).Count(page =>
            Tables.Walker.Walk(new Ipa(Gigabyte + (run * Run) + ((ulong)page * Page))) is { IsMapped: true, Attributes.IsContiguous: true });
    }

    [Fact]
    public void ALogOutlivesWhatIsPermittedMeanwhile()
    {
        var bitmap = new ulong[8];
        IpaRange range = Stage2World.Range(Gigabyte, Block);
        Tables.Map(range, new Pa(Gigabyte), Stage2Attributes.Ram, firstLevel: 3);
        Tables.StartLog(range);
        Assert.Equal(0, Tables.CollectWritten(range, bitmap));
        Assert.True(Tables.Walker.Walk(new Ipa(Gigabyte), Stage2Access.Write).IsFault);
        Assert.True(Tables.TryMarkWritten(new Ipa(Gigabyte + (65 * Page))));
        Assert.False(Tables.Walker.Walk(new Ipa(Gigabyte + (65 * Page)), Stage2Access.Write).IsFault);
        Tables.Protect(range, Stage2Access.Read);
        Assert.False(Tables.TryMarkWritten(new Ipa(Gigabyte)));
        Tables.SetAttributes(range, new Stage2Attributes(Stage2Access.ReadWrite, Stage2MemoryType.NormalNonCacheable));
        Assert.True(Tables.TryMarkWritten(new Ipa(Gigabyte)));
        Assert.Equal(2, Tables.CollectWritten(range, bitmap));
        Assert.Equal([1UL, 2, 0, 0, 0, 0, 0, 0], bitmap);
        Assert.Equal(0, Tables.CollectWritten(range, bitmap));
        Tables.StopLog(range);
        Assert.False(Tables.Walker.Walk(new Ipa(Gigabyte), Stage2Access.Write).IsFault);
        Assert.False(Tables.TryMarkWritten(new Ipa(Gigabyte)));
    }

    [Fact]
    public void WritesThroughAViewsOwnTablesAreNotedForAll()
    {
        var bitmap = new ulong[1];
        IpaRange range = Stage2World.Range(Gigabyte, 4 * Page);
        Tables.Map(range, new Pa(Gigabyte), Stage2Attributes.Ram);
        ViewTree view = Tables.CreateView(_world.Pages, 9, _world.Operations);
        Tables.Override(view, Stage2World.Range(Gigabyte, Page), old => old.With(Stage2ViewAccess.Without(Stage2Access.Write)));
        Tables.StartLog(range);
        Assert.True(view.Walker.Walk(new Ipa(Gigabyte + Page), Stage2Access.Write).IsFault);
        Assert.True(Tables.TryMarkWritten(new Ipa(Gigabyte + Page)));
        Assert.False(view.Walker.Walk(new Ipa(Gigabyte + Page), Stage2Access.Write).IsFault);
        Assert.True(Tables.TryMarkWritten(new Ipa(Gigabyte)));
        Assert.True(view.Walker.Walk(new Ipa(Gigabyte), Stage2Access.Write).IsFault);
        Assert.Equal(2, Tables.CollectWritten(range, bitmap));
        Assert.True(view.Walker.Walk(new Ipa(Gigabyte + Page), Stage2Access.Write).IsFault);
        Tables.RemoveView(view);
    }

    [Fact]
    public void AgingInvalidatesOnceAndAnAccessNotAtAll()
    {
        var bitmap = new ulong[1];
        IpaRange range = Stage2World.Range(Gigabyte, 2 * Page);
        Tables.Map(range, new Pa(Gigabyte), Stage2Attributes.Ram);
        _world.Operations.Log.Clear();
        Assert.Equal(2, Tables.CollectAccessed(range, bitmap));
        Assert.Equal(3UL, bitmap[0]);
        Assert.Equal(Invalidate(Gigabyte, Gigabyte + Page), Log);
        Assert.True(Tables.TryMarkAccessed(new Ipa(Gigabyte + Page)));
        Assert.Equal(Publish, Log);
        Assert.Equal(1, Tables.CollectAccessed(range, bitmap));
        Assert.Equal(2UL, bitmap[0]);
    }

    [Fact]
    public void MemoryUseCountsEveryTable()
    {
        Assert.Equal(Page, Tables.MemoryUse);
        Tables.Map(Stage2World.Range(Gigabyte, Block + Page), new Pa(Gigabyte), Stage2Attributes.Ram);
        Assert.Equal(3 * Page, Tables.MemoryUse);
        Tables.Unmap(Stage2World.Range(Gigabyte, Block + Page));
        Assert.Equal(Page, Tables.MemoryUse);
    }

    [Fact]
    public void WalkersThatWriteNeedAtomicExchanges()
    {
        var geometry = new Stage2Geometry(32, 40, startLevel: 1, features: TranslationFeatures.HAFDBS);
        var memory = new TestPhysicalMemory(Stage2World.PoolStart, 0x1000, isDirect: true) { CompareExchangeWidths = AtomicWidths.Word };
        Refuses("memory", "atomically", () => new Stage2Tables(memory, _world.Pages, geometry, 1, new RecordingEl2Operations()).Dispose());
    }

    private static void Refuses(string argument, string limit, Action action)
    {
        ArgumentException error = Assert.ThrowsAny<ArgumentException>(action);
        Assert.Equal(argument, error.ParamName);
        Assert.Contains(limit, error.Message, StringComparison.Ordinal);
    }

    private sealed class WrongPages : ITablePages
    {
        public bool TryAllocate(int count, out Pa first)
        {
            first = new Pa(0x123);
            return true;
        }

        public void Free(Pa first, int count) => Assert.Equal(new Pa(0x123), first);
    }
}
