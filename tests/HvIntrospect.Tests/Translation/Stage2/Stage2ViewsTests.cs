using System;
using HvIntrospect.Translation.Stage2;
using Xunit;

namespace HvIntrospect.Tests.Translation.Stage2;

public sealed class Stage2ViewsTests : IDisposable
{
    private const ulong Page = 0x1000;
    private const ulong Block = 0x20_0000;
    private const ulong PoolStart = 0x8000_0000;
    private const int PoolPages = 64;

    private readonly TestPhysicalMemory _memory = new(PoolStart, PoolPages * (int)Page, isDirect: false);
    private readonly FailingTablePages _pages = new(new TablePool(new PaRange(new Pa(PoolStart), PoolPages * Page)));
    private readonly RecordingEl2Operations _operations = new();
    private readonly Stage2Geometry _geometry = new(32, 40, startLevel: 1);
    private readonly Stage2AddressSpace _space;

    public Stage2ViewsTests()
    {
        _space = new Stage2AddressSpace(_memory, _pages, _geometry, 5, _operations, viewVmids: [6, 7]);
        _space.Map(Stage2World.Range(Block, Block), new Pa(Block), Stage2Attributes.Ram);
    }

    private Stage2Views Views => _space.Views;

    public void Dispose()
    {
        _space.Dispose();
        Assert.Equal(0, _pages.Taken);
    }

    [Fact]
    public void AViewCostsItsRootAndWhatIsOverridden()
    {
        Assert.Equal(3, Views.MaximumViews);
        int before = _pages.Taken;
        int view = Views.Create();
        Assert.Equal(before + 1, _pages.Taken);
        Assert.Equal(Page, Views.MemoryUse(view));
        Views.Protect(view, Stage2World.Range(Block, Block), Stage2ViewAccess.Without(Stage2Access.Write));
        Assert.Equal(2 * Page, Views.MemoryUse(view));
        Views.Remap(view, new Ipa(Block + Page), new Pa(0));
        Assert.Equal(3 * Page, Views.MemoryUse(view));
        Views.Restore(view, Stage2World.Range(Block, Block));
        Assert.Equal(Page, Views.MemoryUse(view));
        Views.Remove(view);
        Assert.Equal(before, _pages.Taken);
    }

    /// <summary>What the base has as one block may be in the view's own pages: those are what its TLB entries are of.</summary>
    [Fact]
    public void APageOfABlockThatTheViewHasInPagesIsForgotten()
    {
        int view = Views.Create();
        var checker = new MaintenanceChecker(_memory, _operations, _geometry, Views.VttbrOf(view).Value) { IsOneOfSeveral = true };
        Views.Protect(view, Stage2World.Range(Block, Page), Stage2ViewAccess.Exactly(Stage2Access.Execute));
        _space.Protect(Stage2World.Range(Block + (3 * Page), Page), Stage2Access.Read);
        checker.CheckDone();
        Assert.Empty(checker.Complaints);
        Assert.Equal(Stage2Access.Read, AccessAt(view, Block + (3 * Page)));
        Assert.Equal(Stage2Access.Execute, AccessAt(view, Block));
        checker.Detach();
    }

    [Fact]
    public void WhatIsMappedLaterIsSubjectToTheOverridesFromTheFirstMoment()
    {
        int view = Views.Create();
        Views.Protect(view, Stage2World.Range(0, Page), Stage2ViewAccess.Without(Stage2Access.Write));
        Views.Protect(view, Stage2World.Range(Page, Page), Stage2ViewAccess.With(Stage2Access.Execute));
        Views.Remap(view, new Ipa(2 * Page), new Pa(0x5000));
        Assert.False(Views.TryGetMapping(view, default, out Stage2MappingInfo hole));
        Assert.Equal(0UL, hole.Range.Start.Value);
        _space.Map(Stage2World.Range(0, 4 * Page), new Pa(0x7000), new Stage2Attributes(Stage2Access.ReadWrite));
        Assert.Equal(Stage2Access.Read, AccessAt(view, 0));
        Assert.Equal(Stage2Access.All, AccessAt(view, Page));
        Assert.Equal(Stage2Access.ReadWrite, AccessAt(view, 2 * Page));
        Assert.Equal(0x5000UL, Views.Walk(view, new Ipa(2 * Page)).Pa.Value);
        Assert.Equal(0x9000UL, Views.Walk(0, new Ipa(2 * Page)).Pa.Value);
    }

    [Fact]
    public void MemoryOfAViewIsWhatLiesBehindIt()
    {
        int view = Views.Create();
        IGuestMemory memory = Views.MemoryOf(view);
        Assert.Same(_space.Memory, Views.MemoryOf(0));
        _space.Map(Stage2World.Range(0, 2 * Page), new Pa(PoolStart + (60 * Page)), Stage2Attributes.Ram);
        Views.Remap(view, new Ipa(Page), new Pa(PoolStart + (62 * Page)));
        Views.Protect(view, Stage2World.Range(0, 2 * Page), Stage2ViewAccess.Exactly(Stage2Access.None));

        // From a page of the base's into one of the view's own.
        byte[] bytes = [1, 2, 3, 4, 5, 6];
        Assert.Equal(6, memory.Write(new Ipa(Page - 3), bytes));
        Assert.Equal([1, 2, 3], Read(_space.Memory, Page - 3, 3));
        Assert.Equal([0, 0, 0], Read(_space.Memory, Page, 3));
        Assert.Equal(bytes, Read(memory, Page - 3, 6));
        byte[] observed = new byte[1];
        Assert.Equal(CompareExchangeResult.Exchanged, memory.TryCompareExchange(new Ipa(Page), [4], [9], observed));
        Assert.Equal([3, 9], Read(memory, Page - 1, 2));
        Assert.Equal(6, memory.Read(new Ipa((2 * Page) - 6), new byte[8]));

        // What is between break and make is where it will be.
        byte[]? during = null;
        _operations.Issued = operation => during ??= operation.StartsWith("Vmalle1Is", StringComparison.Ordinal) ? Read(memory, Page, 1) : null;
        Views.Remap(view, new Ipa(Page), new Pa(PoolStart + (61 * Page)));
        _operations.Issued = null;
        Assert.Equal([0], during!);

        // It is the number's, whoever has it.
        Views.Remove(view);
        Assert.Equal(0, memory.Read(default, observed));
        Assert.Equal(0, memory.Write(default, observed));
        Assert.Equal(CompareExchangeResult.Absent, memory.TryCompareExchange(default, [0], [0], observed));
        Assert.Equal(view, Views.Create());
        Assert.Same(memory, Views.MemoryOf(view));
        Assert.Equal([3, 0], Read(memory, Page - 1, 2));
    }

    [Fact]
    public void MisuseIsRefusedByNameAndChangesNothing()
    {
        int view = Views.Create();
        IpaRange page = Stage2World.Range(Block, Page);
        Assert.Equal("view", Assert.Throws<ArgumentOutOfRangeException>(() => Views.Protect(0, page, default)).ParamName);
        Assert.Equal("view", Assert.Throws<ArgumentOutOfRangeException>(() => Views.Restore(2, page)).ParamName);
        Assert.Equal("view", Assert.Throws<ArgumentOutOfRangeException>(() => Views.Remove(0)).ParamName);
        Assert.Equal("view", Assert.Throws<ArgumentOutOfRangeException>(() => Views.Walk(-1, default)).ParamName);
        Assert.Equal("view", Assert.Throws<ArgumentOutOfRangeException>(() => Views.MemoryUse(3)).ParamName);
        Assert.Equal("view", Assert.Throws<ArgumentOutOfRangeException>(() => Views.MemoryOf(3)).ParamName);
        Assert.Equal("view", Assert.Throws<ArgumentOutOfRangeException>(() => Views.MemoryOf(-1)).ParamName);
        Assert.Equal("range", Assert.Throws<ArgumentException>(() => Views.Protect(view, Stage2World.Range(Block + 1, Page), default)).ParamName);
        Assert.Equal("range", Assert.Throws<ArgumentOutOfRangeException>(() => Views.Restore(view, Stage2World.Range(1UL << 32, Page))).ParamName);
        Assert.Equal("page", Assert.Throws<ArgumentException>(() => Views.Remap(view, new Ipa(8), new Pa(0))).ParamName);
        Assert.Equal("frame", Assert.Throws<ArgumentException>(() => Views.Remap(view, new Ipa(Block), new Pa(1UL << 40))).ParamName);
        Assert.Equal(2, Views.Create());
        Assert.Contains("3 views", Assert.Throws<InvalidOperationException>(() => Views.Create()).Message, StringComparison.Ordinal);
        Assert.Equal(Page, Views.MemoryUse(view));
        Assert.Throws<ArgumentException>(() => new Stage2AddressSpace(_memory, _pages, _geometry, 5, _operations, viewVmids: [5]));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Stage2AddressSpace(_memory, _pages, _geometry, 5, _operations, viewVmids: [256]));
    }

    [Fact]
    public void CoresTrapTheGuestsMaintenanceWhereThereCanBeViews()
    {
        var core = new RecordingEl2Operations();
        _space.Install(core);
        Assert.Contains("HCR=0x2000001", core.Take(), StringComparison.Ordinal);
    }

    private static byte[] Read(IGuestMemory memory, ulong ipa, int length)
    {
        byte[] bytes = new byte[length];
        Assert.Equal(length, memory.Read(new Ipa(ipa), bytes));
        return bytes;
    }

    private Stage2Access AccessAt(int view, ulong ipa)
    {
        Assert.True(Views.TryGetMapping(view, new Ipa(ipa), out Stage2MappingInfo mapping));
        return mapping.Access;
    }
}
