using System;
using System.Threading;
using System.Threading.Tasks;
using HvIntrospect.Registers;
using HvIntrospect.Translation;
using HvIntrospect.Translation.Stage2;
using HvIntrospect.Tests.Support;
using Xunit;

namespace HvIntrospect.Tests.Translation.Stage2;

public sealed class Stage2AddressSpaceTests : IDisposable
{
    private const ulong Page = 0x1000;
    private const ulong Block = 0x20_0000;
    private const ulong PoolStart = 0x8000_0000;
    private const ulong PoolSize = 0x10_0000;
    private const ulong RamStart = PoolStart + PoolSize;

    private readonly TestPhysicalMemory _memory = new(PoolStart, (int)(PoolSize + (8 * Page)), isDirect: true);
    private readonly FailingTablePages _pages = new(new TablePool(new PaRange(new Pa(PoolStart), PoolSize)));
    private readonly RecordingEl2Operations _operations = new();
    private readonly Stage2AddressSpace _space;

    public Stage2AddressSpaceTests()
    {
        _space = new Stage2AddressSpace(_memory, _pages, new Stage2Geometry(32, 40), 7, _operations);
    }

    public void Dispose()
    {
        _space.Dispose();
        Assert.Equal(0, _pages.Taken);
    }

    [Fact]
    public void InstallingKeepsTheRestOfHcr()
    {
        var core = new RecordingEl2Operations();
        core.WriteSystemRegister(SystemRegister.HcrEl2, 0x8000_0038);
        core.Log.Clear();
        _space.Install(core);
        Assert.Equal(
            $"VTCR=0x{_space.Vtcr.Value:x}; VTTBR=0x{_space.Vttbr.Value:x}; Isb; HCR=0x80000039; Isb", core.Take());
        Assert.Equal(7, _space.Vttbr.Vmid);
    }

    [Theory]
    [InlineData(TranslationFeatures.None, "HCR=0x80000001")]
    [InlineData(TranslationFeatures.S2FWB, "HCR=0x400080000001")]
    public void InstallingDecidesWhetherStage2ForcesTypes(TranslationFeatures features, string written)
    {
        using var space = new Stage2AddressSpace(_memory, _pages, new Stage2Geometry(32, 40, features: features), 8, _operations);
        foreach (ulong before in new ulong[] { 0x8000_0000, 0x4000_8000_0000 })
        {
            var core = new RecordingEl2Operations();
            core.WriteSystemRegister(SystemRegister.HcrEl2, before);
            space.Install(core);
            Assert.Contains(written + ";", core.Take(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void RemappedMemoryIsWhatIsReadAndNotesNeedHardwareThatMakesThem()
    {
        IpaRange page = Stage2World.Range(0x4000_0000, Page);
        _space.Map(page, new Pa(RamStart), Stage2Attributes.Ram);
        _space.Remap(page, new Pa(RamStart + Page));
        _space.Memory.Write(page.Start, [7]);
        Assert.Equal(7UL, _memory[RamStart + Page]);
        Assert.Throws<NotSupportedException>(() => _space.CollectAccessed(page, new ulong[1]));
    }

    [Fact]
    public void WhatHardwareNotesIsCollectedAndCountsAsPermitted()
    {
        var memory = new TestPhysicalMemory(PoolStart, (int)PoolSize, isDirect: true);
        var pages = new TablePool(new PaRange(new Pa(PoolStart), PoolSize));
        using var space = new Stage2AddressSpace(memory, pages, new Stage2Geometry(32, 40, features: TranslationFeatures.HAFDBS), 7, _operations);
        IpaRange range = Stage2World.Range(0x4000_0000, 2 * Page);
        space.Map(range, new Pa(RamStart), Stage2Attributes.Ram);
        IHardwareDirtyState log = space;
        log.StartDirtyState(range);
        var bitmap = new ulong[1];
        log.CollectDirtyState(range, bitmap);
        Assert.Equal(0UL, bitmap[0]);
        Assert.True(space.TryGetMapping(range.Start, out Stage2MappingInfo mapping));
        Assert.Equal(Stage2Access.All, mapping.Access);
        Pa slot = space.Walk(range.Start + Page).DescriptorAddress;
        memory[slot.Value] |= 1UL << 7;
        log.CollectDirtyState(range, bitmap);
        Assert.Equal(2UL, bitmap[0]);
        Assert.Equal(2, space.CollectAccessed(range, bitmap));
        Assert.Equal(0, space.CollectAccessed(range, bitmap));
        log.StopDirtyState(range);
        Assert.False(space.Walk(range.Start, Stage2Access.Write).Attributes.HasDirtyBitModifier);
    }

    [Fact]
    public void MemoryIsReadAndWrittenThroughTheTablesWhateverIsDenied()
    {
        // Two neighbouring guest pages lie apart in physical memory and in the other order; the third is a hole.
        _space.Map(Stage2World.Range(0x4000_0000, Page), new Pa(RamStart + (4 * Page)), Stage2Attributes.Ram);
        _space.Map(Stage2World.Range(0x4000_1000, Page), new Pa(RamStart + Page), new Stage2Attributes(Stage2Access.All, accessFlag: false));
        _space.Protect(Stage2World.Range(0x4000_0000, Page), Stage2Access.None);
        byte[] data = [1, 2, 3, 4, 5, 6, 7, 8];
        Assert.Equal(8, _space.Memory.Write(new Ipa(0x4000_0FFC), data));
        Assert.Equal(0x0403_0201UL << 32, _memory[RamStart + (4 * Page) + 0xFF8]);
        Assert.Equal(0x0807_0605UL, _memory[RamStart + Page]);
        var read = new byte[16];
        Assert.Equal(16, _space.Memory.Read(new Ipa(0x4000_0FF8), read));
        Assert.Equal(data, read[4..12]);
        Assert.Equal(8, _space.Memory.Read(new Ipa(0x4000_1FF8), read));
        Assert.Equal(0, _space.Memory.Read(new Ipa(0x4000_2000), read));
        Assert.Equal(0, _space.Memory.Write(new Ipa(ulong.MaxValue - 3), data));
        Assert.Equal(CompareExchangeResult.Exchanged, _space.Memory.TryCompareExchange(new Ipa(0x4000_1000), read.AsSpan(0, 0), [], default));
        Assert.Equal(CompareExchangeResult.Absent, _space.Memory.TryCompareExchange(new Ipa(0x4000_2000), data, data, new byte[8]));
        Assert.Equal(_memory.CompareExchangeWidths, _space.Memory.CompareExchangeWidths);
    }

    [Fact]
    public void PhysicalMemoryThatEndsEndsTheTransfer()
    {
        _space.Map(Stage2World.Range(0x4000_0000, 2 * Page), new Pa(RamStart + (7 * Page)), Stage2Attributes.Ram);
        Assert.Equal(4, _space.Memory.Read(new Ipa(0x4000_0FFC), new byte[16]));
        Assert.Equal(4, _space.Memory.Write(new Ipa(0x4000_0FFC), new byte[16]));
    }

    [Fact]
    public void MappingsAreFoundWithTheirBlockAndAccess()
    {
        _space.Map(Stage2World.Range(0x4000_0000, Block), new Pa(0), Stage2Attributes.Ram);
        Assert.True(_space.TryGetMapping(new Ipa(0x4000_1234), out Stage2MappingInfo mapping));
        Assert.Equal(Stage2World.Range(0x4000_0000, Block), mapping.Range);
        Assert.Equal(Stage2Access.All, mapping.Access);
        _space.Protect(Stage2World.Range(0x4000_1000, Page), Stage2Access.Execute);
        Assert.True(_space.TryGetMapping(new Ipa(0x4000_1234), out mapping));
        Assert.Equal(Stage2World.Range(0x4000_1000, Page), mapping.Range);
        Assert.Equal(Stage2Access.Execute, mapping.Access);
        _space.Protect(Stage2World.Range(0x4000_1000, Page), Stage2Access.All);
        _space.Coalesce(Stage2World.Range(0x4000_1000, Page));
        Assert.True(_space.TryGetMapping(new Ipa(0x4000_1234), out mapping));
        Assert.Equal(Block, mapping.Range.Length);
        _space.Unmap(mapping.Range);
        Assert.False(_space.TryGetMapping(new Ipa(0x4000_1234), out _));
        Assert.Throws<ArgumentException>(() => _space.Protect(Stage2World.Range(0x4000_0001, Page), Stage2Access.None));
    }

    [Fact]
    public async Task ALookUpNeverSeesABlockThatIsBeingSplit()
    {
        _space.Map(Stage2World.Range(0x4000_0000, Block), new Pa(RamStart & ~(Block - 1)), Stage2Attributes.Ram);
        _operations.Issued = _ => Thread.Yield();
        bool isDone = false;
        int unmapped = 0;
        int walks = 0;
        Task reader = Task.Run(() =>
        {
            while (!Volatile.Read(ref isDone))
            {
                unmapped += _space.Walk(new Ipa(0x4010_0000)).Pa.Value == (RamStart & ~(Block - 1)) + 0x10_0000 ? 0 : 1;
                Volatile.Write(ref walks, walks + 1);
            }
        });
        for (int i = 0; i < 200 || (Volatile.Read(ref walks) < 5000 && i < 100_000); i++)
        {
            _space.Protect(Stage2World.Range(0x4000_1000, Page), Stage2Access.Read);
            _space.Protect(Stage2World.Range(0x4000_1000, Page), Stage2Access.All);
            _space.Coalesce(Stage2World.Range(0x4000_1000, Page));
            _operations.Log.Clear();
        }

        Volatile.Write(ref isDone, true);
        await reader;
        Assert.Equal(0, unmapped);
    }

    [Theory]
    [InlineData(Stage2Access.All, 1)]
    [InlineData(Stage2Access.Read, 2)]
    public void AWalkDuringWhichAChangeWasMadeIsRepeated(Stage2Access access, int changeAt)
    {
        // A page that may be executed is found at once, another one step by step: each way looks for a change of its own.
        _space.Map(Stage2World.Range(0x4000_0000, Page), new Pa(RamStart), new Stage2Attributes(access));
        int spans = 0;
        _memory.Spanning = () =>
        {
            if (++spans == changeAt)
            {
                _memory.Spanning = null;
                _space.Protect(Stage2World.Range(0x4000_0000, Page), access & ~Stage2Access.Write);
                _memory.Spanning = () => spans++;
            }
        };
        Assert.Equal(access & ~Stage2Access.Write, _space.Walk(new Ipa(0x4000_0000)).Attributes.Access);
        _memory.Spanning = null;
        int before = spans;
        _memory.Spanning = () => spans++;
        _space.Walk(new Ipa(0x4000_0000));
        _memory.Spanning = null;
        Assert.InRange(before, spans - before + 1, 10);
    }

    [Fact]
    public void LookUpsAllocateNothing()
    {
        _space.Map(Stage2World.Range(0x4000_0000, Page), new Pa(RamStart), Stage2Attributes.Ram);
        var bytes = new byte[8];
        Look();
        Assert.Equal(0, Allocation.Of(Look));

        void Look()
        {
            for (int i = 0; i < 1000; i++)
            {
                _space.Memory.Read(new Ipa(0x4000_0008), bytes);
                _space.Memory.Write(new Ipa(0x4000_0008), bytes);
                _space.TryGetMapping(new Ipa(0x4000_0008), out _);
                _space.Walk(new Ipa(0x5000_0000), Stage2Access.Read);
            }
        }
    }
}
