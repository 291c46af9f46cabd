using System;
using System.Runtime.InteropServices;
using HvIntrospect.Interpreter.Mmu;
using HvIntrospect.Registers;
using HvIntrospect.Translation;
using Xunit;

namespace HvIntrospect.Tests.Interpreter.Mmu;

/// <summary>The walker sets the Access flag and the dirty state in memory, once, where the controls ask for it, and only as an access of the right kind demands.</summary>
public sealed unsafe class HardwareUpdateTests : IDisposable
{
    private const ulong Stage2Root = 0x4100_0000;
    private const ulong Stage1Root = 0x4200_0000;
    private const ulong Page = 0x5000_0000;
    private const ulong Va = 0x1000;
    private const ulong Stage1Leaf = Stage1Root + 0x2008;
    private const ulong Stage2Leaf = Stage2Root + 0x3000;
    private const ulong TableLeaf = Stage2Root + 0x4000;
    private const ulong Af = 1UL << 10;
    private const ulong ReadOnly = 1UL << 7;
    private const ulong Writable2 = 1UL << 7;
    private const ulong Readable2 = 1UL << 6;
    private const ulong User = 1UL << 6;
    private const ulong Dbm = 1UL << 51;
    private const ulong Normal2 = 0xFUL << 2;
    private const ulong HaHd = 3;

    private readonly TranslationWorld _world = new(A64Features.Armv8_1, 40, TranslationFeatures.HAFDBS);

    public HardwareUpdateTests()
    {
        // Stage 1: 39-bit VA from level 1, page 1. Stage 2: 39-bit IPA from level 1; pages for the tables and for the page, which lie flat.
        _world.SetRegister("HCR_EL2", 0x8000_0001);
        _world.SetRegister("VTTBR_EL2", Stage2Root);
        _world.SetRegister("SCTLR_EL1", 1);
        _world.SetRegister("TTBR0_EL1", Stage1Root);
        SetControls(HaHd, HaHd);
        _world.Write64(Stage2Root + 8, (Stage2Root + 0x1000) | 3);
        _world.Write64(Stage2Root + 0x1000 + (((Page >> 21) & 511) * 8), (Stage2Root + 0x3000) | 3);
        _world.Write64(Stage2Root + 0x1000 + (((Stage1Root >> 21) & 511) * 8), (Stage2Root + 0x4000) | 3);
        for (ulong i = 0; i < 3; i++)
        {
            _world.Write64(TableLeaf + (8 * i), (Stage1Root + (i << 12)) | 3 | Af | Normal2 | Readable2 | Writable2);
        }

        _world.Write64(Stage2Leaf, Page | 3 | Af | Normal2 | Readable2 | Writable2);
        _world.Write64(Stage1Root, (Stage1Root + 0x1000) | 3);
        _world.Write64(Stage1Root + 0x1000, (Stage1Root + 0x2000) | 3);
        _world.Write64(Stage1Leaf, Page | 3 | Af);
    }

    public void Dispose() => _world.Dispose();

    [Theory]
    [InlineData((int)AccessKind.Read, 0UL, Af)]
    [InlineData((int)AccessKind.Write, 0UL, Af)]
    [InlineData((int)AccessKind.Fetch, 0UL, Af)]
    [InlineData((int)AccessKind.Read, Dbm | ReadOnly, Af | Dbm | ReadOnly)]
    [InlineData((int)AccessKind.Write, Dbm | ReadOnly, Af | Dbm)]
    [InlineData((int)AccessKind.Modify, Af | Dbm | ReadOnly, Af | Dbm)]
    [InlineData((int)AccessKind.CacheInvalidation, Dbm | ReadOnly, Af | Dbm | ReadOnly)]
    public void AStage1LeafBecomesWhatTheAccessMakesOfIt(int kind, ulong before, ulong after)
    {
        _world.Write64(Stage1Leaf, Page | 3 | before);
        Assert.True(Translate((AccessKind)kind).IsMapped);
        Assert.Equal(Page | 3 | after, Read(Stage1Leaf));
    }

    [Theory]
    [InlineData((int)AccessKind.Read, Readable2, Readable2 | Af)]
    [InlineData((int)AccessKind.Write, Readable2 | Dbm, Readable2 | Dbm | Af | Writable2)]
    [InlineData((int)AccessKind.Read, Readable2 | Dbm, Readable2 | Dbm | Af)]
    public void AStage2LeafBecomesWhatTheAccessMakesOfIt(int kind, ulong before, ulong after)
    {
        _world.Write64(Stage2Leaf, Page | 3 | Normal2 | before);
        Assert.True(Translate((AccessKind)kind).IsMapped);
        Assert.Equal(Page | 3 | Normal2 | after, Read(Stage2Leaf));
    }

    /// <summary>The first write walks again although there is an entry; later ones need no walk.</summary>
    [Fact]
    public void ACleanEntryBecomesDirtyAtTheFirstWrite()
    {
        _world.Write64(Stage1Leaf, Page | 3 | Af | Dbm | ReadOnly);
        _world.Write64(Stage2Leaf, Page | 3 | Af | Normal2 | Readable2 | Dbm);
        Assert.Equal(Stage2Access.Read | Stage2Access.ExecuteEl1, Translate(AccessKind.Read).Permitted);
        Assert.Equal(Page | 3 | Af | Dbm | ReadOnly, Read(Stage1Leaf));
        Assert.Equal(Stage2Access.ReadWrite | Stage2Access.ExecuteEl1, Translate(AccessKind.Write).Permitted);
        Assert.Equal(Page | 3 | Af | Dbm, Read(Stage1Leaf));
        Assert.Equal(Page | 3 | Af | Normal2 | Readable2 | Dbm | Writable2, Read(Stage2Leaf));
        _world.Write64(Stage1Leaf, 0);
        Assert.Equal(Stage2Access.ReadWrite | Stage2Access.ExecuteEl1, Translate(AccessKind.Write).Permitted);
        Assert.Equal(0UL, Read(Stage1Leaf));
    }

    [Theory]
    [InlineData(0UL)]
    [InlineData(2UL)]
    public void WithoutHaTheAccessFlagFaultsAndNothingIsWritten(ulong controls)
    {
        SetControls(controls, controls);
        _world.Write64(Stage1Leaf, Page | 3);
        Assert.Equal(FaultStatus.Create(FaultKind.AccessFlag, 3), Translate(AccessKind.Read).Fault.Status);
        _world.Write64(Stage1Leaf, Page | 3 | Af | Dbm | ReadOnly);
        Assert.Equal(FaultStatus.Create(FaultKind.Permission, 3), Translate(AccessKind.Write).Fault.Status);
        Assert.Equal(Page | 3 | Af | Dbm | ReadOnly, Read(Stage1Leaf));
        _world.Write64(Stage1Leaf, Page | 3 | Af);
        _world.Write64(Stage2Leaf, Page | 3 | Normal2 | Readable2 | Writable2);
        _world.Domain.Perform(_world.Cpu, TlbiOperation.Vmalls12E1, 0);
        Assert.Equal((true, FaultStatus.Create(FaultKind.AccessFlag, 3)), (Translate(AccessKind.Read).Fault.IsStage2, Translate(AccessKind.Read).Fault.Status));
    }

    /// <summary>The guest's tables are read-only at Stage 2: what only reads descriptors passes, what writes one is a Permission fault on the walk.</summary>
    [Theory]
    [InlineData((int)AccessKind.Read, Af, true)]
    [InlineData((int)AccessKind.Read, 0UL, false)]
    [InlineData((int)AccessKind.Write, Af | Dbm | ReadOnly, false)]
    [InlineData((int)AccessKind.Read, Af | Dbm | ReadOnly, true)]
    public void AnUpdateNeedsStage2ToPermitTheWrite(int kind, ulong leaf, bool passes)
    {
        _world.Write64(Stage1Leaf, Page | 3 | leaf);
        _world.Write64(TableLeaf + 16, (Stage1Root + 0x2000) | 3 | Af | Normal2 | Readable2);
        TranslationResult result = Translate((AccessKind)kind);
        Assert.Equal(passes, result.IsMapped);
        if (!passes)
        {
            FaultRecord fault = result.Fault;
            Assert.Equal(
                (true, true, FaultStatus.Create(FaultKind.Permission, 3), Stage1Leaf, Va, kind == (int)AccessKind.Write),
                (fault.IsStage2, fault.IsStage1Walk, fault.Status, fault.Ipa, fault.Va, fault.IsWrite));
            Assert.Equal(Page | 3 | leaf, Read(Stage1Leaf));
        }
    }

    [Fact]
    public void AnUpdateMakesTheTablesPageDirtyAtStage2()
    {
        _world.Write64(Stage1Leaf, Page | 3);
        _world.Write64(TableLeaf + 16, (Stage1Root + 0x2000) | 3 | Normal2 | Readable2 | Dbm);
        Assert.True(Translate(AccessKind.Read).IsMapped);
        Assert.Equal(Page | 3 | Af, Read(Stage1Leaf));
        Assert.Equal((Stage1Root + 0x2000) | 3 | Af | Normal2 | Readable2 | Dbm | Writable2, Read(TableLeaf + 16));
    }

    [Fact]
    public void AnUpdateOfADeniedPageIsAFaultOnTheWalk()
    {
        _world.Write64(Stage1Leaf, Page | 3);
        _world.Filter.Deny(new IpaRange(new Ipa(Stage1Root + 0x2000), 0x1000), Stage2Access.Write);
        Assert.True(Translate(AccessKind.Read).Fault is { IsStage2: true, IsStage1Walk: true, Ipa: Stage1Leaf });
        Assert.Equal(Page | 3, Read(Stage1Leaf));
    }

    [Fact]
    public void AnAccessThatStage1RefusesUpdatesNothing()
    {
        _world.Write64(Stage1Leaf, Page | 3 | Dbm | ReadOnly);
        _world.Translator.Translate(_world.Cpu, Va, AccessKind.Write, 0, out TranslationResult result);
        Assert.Equal(FaultStatus.Create(FaultKind.Permission, 3), result.Fault.Status);
        Assert.Equal(Page | 3 | Dbm | ReadOnly, Read(Stage1Leaf));
    }

    [Fact]
    public void AddressTranslationTakesUpdatesForGrantedAndMakesNone()
    {
        _world.Write64(Stage1Leaf, Page | 3 | Dbm | ReadOnly | User);
        _world.Write64(Stage2Leaf, Page | 3 | Normal2 | Readable2 | Dbm);
        Par par = _world.Translator.TranslateForAt(_world.Cpu, Va, isWrite: true, 0, bothStages: true, pan: false, out _);
        Assert.Equal((false, Page), (par.IsFault, par.Page));
        Assert.Equal(Page | 3 | Dbm | ReadOnly | User, Read(Stage1Leaf));
        Assert.Equal(Page | 3 | Normal2 | Readable2 | Dbm, Read(Stage2Leaf));

        // What lacks the Access flag in memory is not kept.
        _world.Write64(Stage1Leaf, 0);
        Assert.Equal(FaultStatus.Create(FaultKind.Translation, 3), Translate(AccessKind.Read).Fault.Status);
    }

    [Fact]
    public void ADescriptorIsWrittenInItsByteOrder()
    {
        _world.SetRegister("SCTLR_EL1", 1 | (ulong)SctlrBits.Ee);
        foreach (ulong pa in new[] { Stage1Root, Stage1Root + 0x1000 })
        {
            _world.Write64(pa, System.Buffers.Binary.BinaryPrimitives.ReverseEndianness(Read(pa)));
        }

        _world.Write64(Stage1Leaf, System.Buffers.Binary.BinaryPrimitives.ReverseEndianness(Page | 3));
        Assert.True(Translate(AccessKind.Read).IsMapped);
        Assert.Equal(System.Buffers.Binary.BinaryPrimitives.ReverseEndianness(Page | 3 | Af), Read(Stage1Leaf));
    }

    /// <summary>What another writer has put there meanwhile stays: the walker reads the descriptor again.</summary>
    [Fact]
    public void AnExchangeThatFindsSomethingElseWritesNothing()
    {
        Assert.False(_world.Memory.TryExchange(Stage1Leaf, (Page | 3 | Af) + 1, 0));
        Assert.Equal(Page | 3 | Af, Read(Stage1Leaf));
        Assert.True(_world.Memory.TryExchange(Stage1Leaf, Page | 3 | Af, 7));
        Assert.Equal(7UL, Read(Stage1Leaf));
    }

    private void SetControls(ulong stage1, ulong stage2)
    {
        _world.SetRegister("TCR_EL1", 25 | (25UL << 16) | (2UL << 30) | (2UL << 32) | (stage1 << 39));
        _world.SetRegister("VTCR_EL2", Vtcr.Create(25, 1, GranuleSize.Size4K, 2).Value | (stage2 << 21));
    }

    private TranslationResult Translate(AccessKind kind)
    {
        _world.Translator.Translate(_world.Cpu, Va, kind, 1, out TranslationResult result);
        return result;
    }

    private ulong Read(ulong pa)
    {
        ulong value = 0;
        _world.Memory.Read(new Pa(pa), MemoryMarshal.AsBytes(new Span<ulong>(ref value)));
        return value;
    }
}
