using System;
using HvIntrospect.Interpreter.Mmu;
using HvIntrospect.Registers;
using HvIntrospect.Translation;
using Xunit;

namespace HvIntrospect.Tests.Interpreter.Mmu;

/// <summary>What both stages say of memory together, row by row as the manual's tables have it, with HCR_EL2.FWB and without.</summary>
public sealed unsafe class AttributeCombinationTests : IDisposable
{
    private const ulong Root1 = TranslationWorld.RamBase;
    private const ulong Root2 = Root1 + 0x1_0000;
    private const ulong Leaf = 1 | (1UL << 10) | (1UL << 6);
    private const int Outer = 2;
    private const int Inner = 3;
    private readonly TranslationWorld _world;

    public AttributeCombinationTests()
        : this(TranslationFeatures.S2FWB)
    {
    }

    private AttributeCombinationTests(TranslationFeatures features)
    {
        _world = new TranslationWorld(A64Features.Armv8_4, 40, features);
        _world.SetRegister("SCTLR_EL1", 1);
        _world.SetRegister("TCR_EL1", 25 | (2UL << 32));
        _world.SetRegister("TTBR0_EL1", Root1);
        _world.SetRegister("VTCR_EL2", Vtcr.Create(25, 1, GranuleSize.Size4K, 2).Value);
        _world.SetRegister("VTTBR_EL2", Root2);
    }

    public void Dispose() => _world.Dispose();

    /// <summary>"Stage 2 MemAttr[1:0] encoding, FWB enabled", and of the hints what is said below it.</summary>
    [Theory]
    [InlineData(0x00, 0b0101, 0x00, false)] // Device stays Device where Stage 2 says Non-cacheable
    [InlineData(0x0C, 0b0101, 0x0C, false)]
    [InlineData(0x44, 0b0101, 0x44, false)]
    [InlineData(0xBB, 0b0101, 0x44, false)]
    [InlineData(0xFF, 0b0101, 0x44, false)]
    [InlineData(0xF0, 0b0101, 0x44, false)]
    [InlineData(0x00, 0b0110, 0xFF, false)] // forced
    [InlineData(0x44, 0b0110, 0xFF, false)]
    [InlineData(0xAA, 0b0110, 0xEE, false)] // with the hints of Stage 1
    [InlineData(0x99, 0b0110, 0xDD, false)]
    [InlineData(0xEE, 0b0110, 0xEE, false)]
    [InlineData(0xF0, 0b0110, 0xF0, false)]
    [InlineData(0x04, 0b0111, 0x04, false)] // as Stage 1 says
    [InlineData(0x44, 0b0111, 0x44, false)]
    [InlineData(0xBB, 0b0111, 0xBB, false)]
    [InlineData(0xF0, 0b0111, 0xF0, false)]
    [InlineData(0xFF, 0b0000, 0x00, true)] // Device, combined
    [InlineData(0xFF, 0b0011, 0x0C, true)]
    [InlineData(0x04, 0b0010, 0x04, false)]
    [InlineData(0x0C, 0b0001, 0x04, false)]
    [InlineData(0xFF, 0b1110, 0xFF, false)] // MemAttr[3] is RES0
    [InlineData(0xFF, 0b0100, 0x00, true)] // reserved
    public void WithForcedWriteBackStage2MayDecide(byte stage1, int field, byte expected, bool isStage2Device)
    {
        Par par = Combine(stage1, field, HcrBits.Fwb, out TranslationResult result);
        Assert.Equal(expected, par.Attributes);
        Assert.Equal((expected < 0x10, isStage2Device), (result.IsDevice, result.IsStage2Device));
        Assert.Equal(expected == 0xF0, result.IsTagged);

        // What Stage 1 makes Device or Non-cacheable comes to Stage 2 as Outer Shareable.
        bool isOuter = expected < 0x10 || expected == 0x44 || stage1 < 0x10 || stage1 == 0x44;
        Assert.Equal(isOuter ? Outer : Inner, par.Shareability);
    }

    [Theory]
    [InlineData(0xFF, 0b1111, 0xFF)]
    [InlineData(0xFF, 0b0101, 0x44)]
    [InlineData(0xFF, 0b1010, 0xBB)]
    [InlineData(0x44, 0b1111, 0x44)]
    [InlineData(0x04, 0b1111, 0x04)]
    [InlineData(0xFF, 0b0110, 0x4B)] // Outer Non-cacheable, Inner Write-Through
    [InlineData(0xFF, 0b0001, 0x04)]
    [InlineData(0xF0, 0b1111, 0xF0)]
    [InlineData(0xF0, 0b1010, 0xBB)]
    public void WithoutItTheStricterCounts(byte stage1, int field, byte expected)
    {
        Assert.Equal(expected, Combine(stage1, field, HcrBits.None, out TranslationResult result).Attributes);
        Assert.Equal(expected < 0x10, result.IsDevice);
    }

    [Theory]
    [InlineData(0b0110, HcrBits.Fwb | HcrBits.Cd, 0x44)]
    [InlineData(0b1111, HcrBits.Cd, 0x44)]
    [InlineData(0b0000, HcrBits.Cd, 0x00)]
    public void DataIsNotCachedUnderCd(int field, HcrBits bits, byte expected) => Assert.Equal(expected, Combine(0xFF, field, bits, out _).Attributes);

    [Fact]
    public void WithoutTheFeatureTheBitMeansNothing()
    {
        using var world = new AttributeCombinationTests(TranslationFeatures.None);
        Assert.Equal(0x4B, world.Combine(0xFF, 0b0110, HcrBits.Fwb, out _).Attributes);
    }

    private Par Combine(byte stage1, int field, HcrBits bits, out TranslationResult result)
    {
        _world.SetRegister("HCR_EL2", (1UL << 31) | 1 | (ulong)bits);
        _world.SetRegister("MAIR_EL1", stage1);
        _world.Write64(Root1, 0x4000_0000 | Leaf | (3UL << 8));
        _world.Write64(Root2, Leaf | (0xF << 2));
        _world.Write64(Root2 + 8, 0x4000_0000 | Leaf | ((ulong)field << 2) | (3UL << 8));
        _world.Domain.Perform(_world.Cpu, TlbiOperation.Alle1, 0);
        _world.Translator.Translate(_world.Cpu, 0, AccessKind.Read, 1, out result);
        return _world.Translator.TranslateForAt(_world.Cpu, 0, isWrite: false, 1, bothStages: true, pan: false, out _);
    }
}
