using System;
using HvIntrospect.Registers;
using HvIntrospect.Translation;
using HvIntrospect.Translation.Stage2;
using Xunit;

namespace HvIntrospect.Tests.Translation.Stage2;

/// <summary>Identification registers of real cores and of single fields, and what cores have in common.</summary>
public sealed class Stage2CoreFeaturesTests
{
    [Fact]
    public void CortexA53IsRead()
    {
        Stage2CoreFeatures core = Stage2CoreFeatures.FromRegisters(0x1122, 0, 0, 0x0001_1120, 0x8444_8004);
        Assert.Equal(Stage2CoreFeatures.Armv8_0 with { HasGranule16K = false, DataCacheLine = 64, InstructionCacheLine = 64 }, core);
        Assert.Equal(0, core.BreakBeforeMakeLevel);
    }

    [Fact]
    public void NeoverseN1IsRead()
    {
        Stage2CoreFeatures core = Stage2CoreFeatures.FromRegisters(0x10_1125, 0x1021_2122, 0x1011, 0x0010_2110_1021_1120, 0x9444_C004);
        Stage2CoreFeatures expected = Stage2CoreFeatures.Armv8_0 with
        {
            PhysicalAddressBits = 48,
            Translation = TranslationFeatures.HAFDBS | TranslationFeatures.VMID16 | TranslationFeatures.HPDS | TranslationFeatures.XNX,
            NeedsDataCacheClean = false,
            HasPhysicalInstructionCache = true,
            DataCacheLine = 64,
            InstructionCacheLine = 64,
        };
        Assert.Equal(expected, core);
    }

    [Theory]
    [InlineData(0, true, true, true, false)]
    [InlineData(0xFL << 28, false, true, true, false)]
    [InlineData(0xFL << 24, true, true, false, false)]
    [InlineData(1 << 28 | 2 << 20, true, true, true, true)]
    [InlineData(2 << 20 | 0L << 28, true, true, true, false)]
    [InlineData(1L << 40, false, true, true, false)]
    [InlineData(1L << 32, true, false, true, false)]
    [InlineData(1L << 36, true, true, false, false)]
    [InlineData(0xFL << 28 | 2L << 40 | 0xFL << 24 | 2L << 36, true, true, true, false)]
    [InlineData(3L << 40 | 3L << 32, true, true, true, true)]
    [InlineData(3L << 40 | 2L << 32, true, true, true, false)]
    [InlineData(3L << 40 | 1L << 32, true, false, true, true)]
    [InlineData(1L << 40 | 3L << 32, false, true, true, true)]
    [InlineData(1L << 40 | 1L << 32, false, false, true, false)]
    public void GranulesOfStage2AreThoseOfStage1UnlessTheySayOtherwise(long mmfr0, bool has4K, bool has16K, bool has64K, bool hasLarge)
    {
        // Without a value of its own, the granule of 16 KB exists at Stage 1 only where its field is not 0.
        ulong register = (ulong)mmfr0 | ((mmfr0 & 0xF0_0000) == 0 ? 1UL << 20 : 0);
        Stage2CoreFeatures core = Stage2CoreFeatures.FromRegisters(register, 0, 0, 0, 0);
        Assert.Equal((has4K, has16K, has64K), (core.Has(GranuleSize.Size4K), core.Has(GranuleSize.Size16K), core.Has(GranuleSize.Size64K)));
        Assert.Equal(hasLarge, core.Has(TranslationFeatures.LPA2));
        Assert.False(core.Has(GranuleSize.None));
        Assert.False(Stage2CoreFeatures.FromRegisters(0, 0, 0, 0, 0).HasGranule16K);
    }

    [Theory]
    [InlineData(0, 32)]
    [InlineData(5, 48)]
    [InlineData(6, 52)]
    [InlineData(7, 52)]
    [InlineData(15, 52)]
    public void PhysicalAddressesHaveAtMost52Bits(ulong range, int bits) => Assert.Equal(bits, Stage2CoreFeatures.FromRegisters(range, 0, 0, 0, 0).PhysicalAddressBits);

    [Fact]
    public void EachFieldSaysOneThing()
    {
        Check(core => core.HasLevelHints, mmfr2: 1UL << 48);
        Check(core => core.HasRangeInvalidation, isar0: 2UL << 56);
        Check(core => !core.NeedsDataCacheClean, ctr: 1UL << 28);
        Check(core => !core.NeedsInstructionCacheInvalidation, ctr: 1UL << 29);
        Check(core => core.HasPhysicalInstructionCache, ctr: 3UL << 14);
        Check(core => core.DataCacheLine == 128, ctr: 5UL << 16);
        Check(core => core.InstructionCacheLine == 32, ctr: 3);
        Check(core => core.Translation == TranslationFeatures.HAFDBS, mmfr1: 2);
        Check(core => core.Translation == TranslationFeatures.VMID16, mmfr1: 2 << 4);
        Check(core => core.Translation == TranslationFeatures.HPDS, mmfr1: 1 << 12);
        Check(core => core.Translation == TranslationFeatures.PAN3, mmfr1: 3 << 20);
        Check(core => core.Translation == TranslationFeatures.XNX, mmfr1: 1 << 28);
        Check(core => core.Translation == TranslationFeatures.LVA, mmfr2: 1 << 16);
        Check(core => core.Translation == TranslationFeatures.TTST, mmfr2: 1 << 28);
        Check(core => core.Translation == TranslationFeatures.S2FWB, mmfr2: 1UL << 40);
        Check(core => core.Translation == TranslationFeatures.E0PD, mmfr2: 1UL << 60);
        Check(core => core is { BreakBeforeMakeLevel: 1, Translation: TranslationFeatures.BBML1 }, mmfr2: 1UL << 52);
        Check(core => core is { BreakBeforeMakeLevel: 2, Translation: TranslationFeatures.BBML1 | TranslationFeatures.BBML2 }, mmfr2: 2UL << 52);

        // The flag alone is less than the feature stands for here.
        Assert.False(Stage2CoreFeatures.FromRegisters(0, 1, 0, 0, 0).Has(TranslationFeatures.HAFDBS));
        Assert.False(Stage2CoreFeatures.FromRegisters(0, 0, 0, 1UL << 56, 0).HasRangeInvalidation);

        static void Check(Predicate<Stage2CoreFeatures> isSaid, ulong mmfr1 = 0, ulong mmfr2 = 0, ulong isar0 = 0, ulong ctr = 0)
        {
            Assert.False(isSaid(Stage2CoreFeatures.FromRegisters(0, 0, 0, 0, 0)));
            Assert.True(isSaid(Stage2CoreFeatures.FromRegisters(0, mmfr1, mmfr2, isar0, ctr)));
        }
    }

    [Fact]
    public void WhatOneOfTwoCoresLacksAVmLacks()
    {
        Stage2CoreFeatures small = Stage2CoreFeatures.Armv8_0 with { HasGranule16K = false, DataCacheLine = 32, InstructionCacheLine = 128 };
        Stage2CoreFeatures large = Stage2CoreFeatures.Armv8_0 with
        {
            PhysicalAddressBits = 52,
            Translation = TranslationFeatures.XNX | TranslationFeatures.LPA2,
            HasGranule64K = false,
            HasLevelHints = true,
            HasRangeInvalidation = true,
            NeedsDataCacheClean = false,
            NeedsInstructionCacheInvalidation = false,
            HasPhysicalInstructionCache = true,
            DataCacheLine = 64,
            InstructionCacheLine = 64,
        };
        Stage2CoreFeatures common = Stage2CoreFeatures.Armv8_0 with { HasGranule16K = false, HasGranule64K = false, DataCacheLine = 32, InstructionCacheLine = 64 };
        Assert.Equal(common, small.CommonTo(large));
        Assert.Equal(common, large.CommonTo(small));
        Assert.Equal(large, large.CommonTo(large));
    }

    [Fact]
    public void BadValuesAreNamed()
    {
        Assert.Throws<ArgumentNullException>("operations", () => Stage2CoreFeatures.Read(null!));
        Assert.Throws<ArgumentNullException>("other", () => Stage2CoreFeatures.Armv8_0.CommonTo(null!));
        Assert.Contains("44", Assert.Throws<ArgumentOutOfRangeException>(() => Stage2CoreFeatures.Armv8_0 with { PhysicalAddressBits = 41 }).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => Stage2CoreFeatures.Armv8_0 with { DataCacheLine = 48 });
        Assert.Throws<ArgumentOutOfRangeException>(() => Stage2CoreFeatures.Armv8_0 with { InstructionCacheLine = 2 });
    }
}
