using System;
using HvIntrospect.Registers;
using HvIntrospect.Translation;
using HvIntrospect.Translation.Stage2;
using Xunit;

namespace HvIntrospect.Tests.Translation.Stage2;

public sealed class Stage2GeometryTests
{
    [Theory]
    [InlineData(12, 32, 40, null, 2, 4, 0x8002_3520UL)]
    [InlineData(12, 40, 40, null, 1, 2, 0x8002_3558UL)]
    [InlineData(12, 34, 36, null, 2, 16, 0x8001_351EUL)]
    [InlineData(12, 35, 36, null, 1, 1, 0x8001_355DUL)]
    [InlineData(12, 48, 48, null, 0, 1, 0x8005_3590UL)]
    [InlineData(12, 32, 32, 1, 1, 1, 0x8000_3560UL)]
    [InlineData(14, 40, 40, null, 2, 16, 0x8002_B558UL)]
    [InlineData(16, 46, 48, null, 2, 16, 0x8005_7552UL)]
    [InlineData(16, 48, 48, null, 1, 1, 0x8005_7590UL)]
    public void GeometryFollowsTheAddressSizes(int granule, int input, int output, int? start, int startLevel, int tables, ulong vtcr)
    {
        var geometry = new Stage2Geometry(input, output, TranslationGranule.Of((GranuleSize)granule), start);
        Assert.Equal((startLevel, tables), (geometry.StartLevel, geometry.RootTables));
        Assert.Equal(vtcr, geometry.Vtcr.Value);
    }

    [Theory]
    [InlineData(24, 40, null, "inputBits", "25 to 40")]
    [InlineData(41, 40, null, "inputBits", "25 to 40")]
    [InlineData(32, 41, null, "outputBits", "32, 36")]
    [InlineData(32, 52, null, "outputBits", "FEAT_LPA2")]
    [InlineData(40, 40, 0, "startLevel", "44 bits")]
    [InlineData(40, 40, 2, "startLevel", "40 bits")]
    [InlineData(32, 40, 3, "startLevel", "FEAT_TTST")]
    [InlineData(43, 44, 1, null, "")]
    [InlineData(44, 44, 1, "startLevel", "44 bits")]
    [InlineData(44, 44, 0, null, "")]
    [InlineData(30, 44, 1, "startLevel", "30 bits")]
    public void WhatTheCoresCannotWalkIsRefused(int input, int output, int? start, string? argument, string text)
    {
        Exception? error = Record.Exception(() => new Stage2Geometry(input, output, startLevel: start));
        Assert.Equal(argument, (error as ArgumentException)?.ParamName);
        Assert.Contains(text, error?.Message ?? string.Empty, StringComparison.Ordinal);
    }

    /// <summary>What the builder makes, the walker of hostile registers accepts.</summary>
    [Fact]
    public void EveryGeometryIsOneThatTheWalkerAccepts()
    {
        foreach (int granule in new[] { 12, 14, 16 })
        {
            foreach (int output in new[] { 32, 36, 40, 42, 44, 48 })
            {
                for (int input = 25; input <= output; input++)
                {
                    var geometry = new Stage2Geometry(input, output, TranslationGranule.Of((GranuleSize)granule));
                    var walker = new Stage2Walker(new SparseMemory(), geometry.Vtcr, default, output);
                    Assert.Equal(FaultKind.SynchronousExternalOnWalk, walker.Walk(new Ipa((1UL << input) - 1)).Status.Kind);
                    Assert.Equal(FaultStatus.Create(FaultKind.Translation, 0), walker.Walk(new Ipa(1UL << input)).Status);
                }
            }
        }
    }
}
