using System;
using System.Linq;
using HvIntrospect.Registers;
using HvIntrospect.Translation;
using HvIntrospect.Translation.Stage2;
using Xunit;

namespace HvIntrospect.Tests.Translation.Stage2;

public sealed class Stage2GeometryTests
{
    private const TranslationFeatures None = TranslationFeatures.None;
    private const TranslationFeatures Lpa2 = TranslationFeatures.LPA2;

    [Theory]
    [InlineData(12, 32, 40, null, None, 2, 4, 0x8002_3520UL)]
    [InlineData(12, 40, 40, null, None, 1, 2, 0x8002_3558UL)]
    [InlineData(12, 34, 36, null, None, 2, 16, 0x8001_351EUL)]
    [InlineData(12, 35, 36, null, None, 1, 1, 0x8001_355DUL)]
    [InlineData(12, 48, 48, null, None, 0, 1, 0x8005_3590UL)]
    [InlineData(12, 32, 32, 1, None, 1, 1, 0x8000_3560UL)]
    [InlineData(14, 40, 40, null, None, 2, 16, 0x8002_B558UL)]
    [InlineData(16, 46, 48, null, None, 2, 16, 0x8005_7552UL)]
    [InlineData(16, 48, 48, null, None, 1, 1, 0x8005_7590UL)]
    [InlineData(16, 52, 52, null, None, 1, 1, 0x8006_758CUL)]
    [InlineData(12, 52, 52, null, Lpa2, 0, 16, 0x1_8006_358CUL)]
    [InlineData(12, 52, 52, -1, Lpa2, -1, 1, 0x3_8006_350CUL)]
    [InlineData(14, 52, 52, null, Lpa2, 0, 1, 0x1_8006_B5CCUL)]
    [InlineData(14, 51, 52, null, Lpa2, 1, 16, 0x1_8006_B58DUL)]
    [InlineData(12, 40, 48, null, Lpa2, 1, 2, 0x8005_3558UL)]
    [InlineData(12, 21, 40, null, TranslationFeatures.TTST, 3, 1, 0x8002_35EBUL)]
    [InlineData(12, 40, 40, null, TranslationFeatures.HAFDBS | TranslationFeatures.VMID16, 1, 2, 0x806A_3558UL)]
    public void GeometryFollowsTheAddressSizes(
        int granule, int input, int output, int? start, TranslationFeatures features, int startLevel, int tables, ulong vtcr)
    {
        var geometry = new Stage2Geometry(input, output, TranslationGranule.Of((GranuleSize)granule), start, features);
        Assert.Equal((startLevel, tables), (geometry.StartLevel, geometry.RootTables));
        Assert.Equal(vtcr, geometry.Vtcr.Value);
    }

    [Theory]
    [InlineData(12, 24, 40, null, None, null, "inputBits", "25 to 40")]
    [InlineData(12, 15, 40, null, TranslationFeatures.TTST, null, "inputBits", "16 to 40")]
    [InlineData(16, 16, 40, null, TranslationFeatures.TTST, null, "inputBits", "17 to 40")]
    [InlineData(12, 41, 40, null, None, null, "inputBits", "25 to 40")]
    [InlineData(12, 49, 48, null, None, 52, "inputBits", "25 to 48")]
    [InlineData(12, 32, 41, null, None, null, "outputBits", "32, 36")]
    [InlineData(12, 32, 52, null, None, null, "outputBits", "FEAT_LPA2")]
    [InlineData(12, 32, 40, null, None, 36, "physicalAddressBits", "not below")]
    [InlineData(12, 32, 40, null, None, 45, "physicalAddressBits", "32, 36")]
    [InlineData(12, 40, 40, 0, None, null, "startLevel", "44 bits or more")]
    [InlineData(14, 38, 40, 1, None, null, "startLevel", "42 bits or more")]
    [InlineData(16, 44, 48, 0, None, null, "startLevel", "level 1 to 3")]
    [InlineData(12, 40, 40, 4, None, null, "startLevel", "level -1 to 3")]
    [InlineData(12, 48, 48, -1, None, null, "startLevel", "FEAT_LPA2")]
    [InlineData(14, 48, 48, 0, None, null, "startLevel", "FEAT_LPA2")]
    [InlineData(12, 40, 40, 2, None, null, "startLevel", "22 to 34 bits with 1 to 16 tables, not 40")]
    [InlineData(12, 32, 40, 3, None, null, "startLevel", "FEAT_TTST")]
    [InlineData(12, 44, 44, 1, None, null, "startLevel", "not 44 bits")]
    [InlineData(12, 30, 44, 1, None, null, "startLevel", "not 30 bits")]
    public void WhatTheCoresCannotWalkIsRefusedByName(
        int granule, int input, int output, int? start, TranslationFeatures features, int? implemented, string argument, string text)
    {
        var error = Assert.ThrowsAny<ArgumentException>(
            () => new Stage2Geometry(input, output, TranslationGranule.Of((GranuleSize)granule), start, features, implemented));
        Assert.Equal(argument, error.ParamName);
        Assert.Contains(text, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void EverySetOfSizesIsMadeOrRefusedAsTheManualSays()
    {
        int legal = 0;
        foreach (TranslationGranule granule in GeometryRows.Granules)
        {
            foreach ((TranslationFeatures features, int output) in from core in GeometryRows.Cores from size in GeometryRows.AddressSizes select (core, size))
            {
                foreach (int implemented in new[] { output, 48, 52 }.Where(size => size >= output).Distinct())
                {
                    for (int input = 15; input <= 53; input++)
                    {
                        for (int start = -2; start <= 3; start++)
                        {
                            int? level = start == -2 ? null : start;
                            bool isLegal = IsLegal(granule, features, output, implemented, input, level);
                            Stage2Geometry? made = Make(granule, features, output, implemented, input, level);
                            Assert.True(isLegal == made is not null, $"{granule.SizeLog2} {features} {output} of {implemented}, {input} from {level}");
                            legal += isLegal ? 1 : 0;
                            if (made is not null)
                            {
                                AssertReadBack(made);
                            }
                        }
                    }
                }
            }
        }

        Assert.InRange(legal, 3000, int.MaxValue);
    }

    [Theory]
    [InlineData(32)]
    [InlineData(40)]
    [InlineData(42)]
    [InlineData(48)]
    [InlineData(52)]
    public void EveryValueOfVtcrIsReadOrRefusedAsTheManualSaysAndWalkedAccordingly(int implemented)
    {
        int legal = 0;
        foreach (TranslationGranule granule in GeometryRows.Granules)
        {
            foreach (TranslationFeatures features in GeometryRows.Cores)
            {
                for (int fields = 0; fields < 1 << 10; fields++)
                {
                    (int t0sz, int sl0, int sl2, bool ds) = (fields & 63, (fields >> 6) & 3, (fields >> 8) & 1, fields >> 9 != 0);
                    Vtcr vtcr = Vtcr.Create(t0sz, sl0, granule.GranuleSize, 5, ds: ds, sl2: sl2);
                    int? level = GeometryRows.Level(granule, ds, sl2, sl0, 64 - t0sz, implemented, features);
                    bool isRead = Stage2Geometry.TryFromVtcr(vtcr, implemented, features, false, out Stage2Geometry? geometry, out string? reason);
                    Assert.True(level.HasValue == isRead, $"{vtcr} with {features} and {implemented} bits: {reason}");
                    Assert.Equal(isRead, reason is null);
                    var walker = new Stage2Walker(new SparseMemory(), vtcr, default, implemented, features);
                    if (geometry is null)
                    {
                        Assert.Equal(FaultStatus.Create(FaultKind.Translation, 0), walker.Walk(default).Status);
                        continue;
                    }

                    legal++;
                    Assert.Equal((level, 64 - t0sz, granule, vtcr), (geometry.StartLevel, geometry.InputBits, geometry.Granule, geometry.Vtcr));
                    Assert.Equal(Math.Min(48, implemented), geometry.OutputBits);
                    Stage2Translation last = walker.Walk(new Ipa((1UL << geometry.InputBits) - 1));
                    Assert.Equal(FaultStatus.Create(FaultKind.SynchronousExternalOnWalk, geometry.StartLevel), last.Status);
                    Assert.Equal((ulong)geometry.RootSize - 8, last.DescriptorAddress.Value);
                    Assert.Equal(FaultStatus.Create(FaultKind.Translation, 0), walker.Walk(new Ipa(1UL << geometry.InputBits)).Status);
                }
            }
        }

        Assert.InRange(legal, 100, int.MaxValue);
    }

    [Theory]
    [InlineData(0xC000UL, "TG0")]
    [InlineData(0x7_0000UL, "PS")]
    [InlineData(1UL << 38, "D128")]
    [InlineData(1UL << 36, "S2PIE")]
    [InlineData(1UL << 37, "S2POE")]
    [InlineData(0xC0UL, "FEAT_TTST")]
    [InlineData(0x1UL, "64 - T0SZ")]
    public void WhatIsWrongWithAValueIsNamed(ulong bits, string field)
    {
        var vtcr = new Vtcr(new Stage2Geometry(32, 40).Vtcr.Value | bits);
        vtcr = field == "64 - T0SZ" ? new Vtcr(vtcr.Value & ~0x3FUL | 23) : vtcr;
        Assert.False(Stage2Geometry.TryFromVtcr(vtcr, 40, TranslationFeatures.None, false, out Stage2Geometry? geometry, out string? reason));
        Assert.Null(geometry);
        Assert.Contains(field, reason, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => Stage2Geometry.TryFromVtcr(vtcr, 41, TranslationFeatures.None, false, out _, out _));
    }

    [Fact]
    public void FieldsCountOnlyOnCoresThatHaveThem()
    {
        var vtcr = new Vtcr(new Stage2Geometry(32, 40).Vtcr.Value | (3UL << 21) | (1UL << 19) | (1UL << 32));
        Assert.True(Stage2Geometry.TryFromVtcr(vtcr, 40, TranslationFeatures.None, true, out Stage2Geometry? none, out _));
        Assert.False(none.HasHardwareAccessFlag || none.HasHardwareDirtyState || none.HasWideVmid || none.HasLargeDescriptors || none.HasForcedWriteBack);
        TranslationFeatures all = TranslationFeatures.HAFDBS | TranslationFeatures.VMID16 | TranslationFeatures.LPA2 | TranslationFeatures.S2FWB;
        Assert.True(Stage2Geometry.TryFromVtcr(vtcr, 40, all, true, out Stage2Geometry? full, out _));
        Assert.True(full.HasHardwareAccessFlag && full.HasHardwareDirtyState && full.HasWideVmid && full.HasLargeDescriptors && full.HasForcedWriteBack);
        Assert.True(Stage2Geometry.TryFromVtcr(new Vtcr(vtcr.Value & ~(1UL << 21)), 40, all, false, out Stage2Geometry? manual, out _));
        Assert.False(manual.HasHardwareDirtyState || manual.HasForcedWriteBack);
    }

    [Theory]
    [InlineData(12, 40, 40, null, None, 0x8000_2000UL, 7, 0x0007_0000_8000_2000UL)]
    [InlineData(12, 32, 40, 1, None, 0x8000_0020UL, 7, 0x0007_0000_8000_0020UL)]
    [InlineData(16, 52, 52, null, None, 0x000A_BCDE_F123_2000UL, 255, 0x00FF_BCDE_F123_2028UL)]
    [InlineData(12, 52, 52, -1, Lpa2, 0x000F_0000_0000_0080UL, 0, 0x0000_0000_0000_00BCUL)]
    [InlineData(12, 40, 40, null, TranslationFeatures.VMID16, 0x8000_2000UL, 0xBEEF, 0xBEEF_0000_8000_2000UL)]
    public void RootAndVmidStandWhereVttbrHasThem(
        int granule, int input, int output, int? start, TranslationFeatures features, ulong root, int vmid, ulong vttbr)
    {
        var geometry = new Stage2Geometry(input, output, TranslationGranule.Of((GranuleSize)granule), start, features);
        Vttbr made = geometry.CreateVttbr(new Pa(root), (ushort)vmid);
        Assert.Equal(vttbr, made.Value);
        Assert.Equal(new Pa(root), geometry.RootOf(made));
        Assert.Equal((ushort)vmid, made.Vmid);

        // Bits below the alignment are RES0, CnP among them.
        Assert.Equal(new Pa(root), geometry.RootOf(new Vttbr(vttbr | 1)));
    }

    [Theory]
    [InlineData(40, 40, None, 0x8000_1000UL, 7, "root", "0x2000")]
    [InlineData(40, 40, None, 0x100_0000_0000UL, 7, "root", "2^40")]
    [InlineData(49, 52, Lpa2, 0x8000_0020UL, 7, "root", "0x2000")]
    [InlineData(40, 40, None, 0x8000_2000UL, 256, "vmid", "255")]
    public void ARootOrVmidThatDoesNotFitIsRefused(int input, int output, TranslationFeatures features, ulong root, int vmid, string argument, string text)
    {
        var geometry = new Stage2Geometry(input, output, features: features);
        var error = Assert.ThrowsAny<ArgumentException>(() => geometry.CreateVttbr(new Pa(root), (ushort)vmid));
        Assert.Equal(argument, error.ParamName);
        Assert.Contains(text, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ASmallRootOf52BitsIsAlignedTo64Bytes()
    {
        var geometry = new Stage2Geometry(49, 52, startLevel: -1, features: Lpa2);
        Assert.Equal(16, geometry.RootSize);
        Assert.Throws<ArgumentException>(() => geometry.CreateVttbr(new Pa(0x8000_0030), 0));
        Assert.Equal(new Pa(0x8000_0040), geometry.RootOf(geometry.CreateVttbr(new Pa(0x8000_0040), 0)));
    }

    private static bool IsLegal(TranslationGranule granule, TranslationFeatures features, int output, int implemented, int input, int? start) =>
        new[] { false, true }.Any(ds =>
            (output <= 48 || granule.SizeLog2 == 16 || GeometryRows.IsLarge(granule, ds, features))
            && GeometryRows.Levels(granule, ds, input, implemented, features).Any(level => start is null || level == start));

    private static Stage2Geometry? Make(TranslationGranule granule, TranslationFeatures features, int output, int implemented, int input, int? start)
    {
        try
        {
            return new Stage2Geometry(input, output, granule, start, features, implemented);
        }
        catch (ArgumentException error)
        {
            Assert.Contains(error.ParamName, new[] { "inputBits", "outputBits", "startLevel" });
            return null;
        }
    }

    private static void AssertReadBack(Stage2Geometry made)
    {
        Assert.True(
            Stage2Geometry.TryFromVtcr(made.Vtcr, made.PhysicalAddressBits, made.Features, made.HasForcedWriteBack, out Stage2Geometry? read, out string? reason), reason);
        Assert.Equal(
            (made.Granule, made.InputBits, made.OutputBits, made.StartLevel, made.RootTables, made.HasLargeDescriptors),
            (read.Granule, read.InputBits, read.OutputBits, read.StartLevel, read.RootTables, read.HasLargeDescriptors));
        Assert.Equal(made.Format.AttributeMask, read.Format.AttributeMask);
        Assert.Same(made.Format.Layout, read.Format.Layout);
    }
}
