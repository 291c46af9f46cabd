using System;
using System.Collections.Generic;
using System.Linq;
using HvIntrospect.Translation;
using HvIntrospect.Translation.Stage2;
using Xunit;

namespace HvIntrospect.Tests.Translation.Stage2;

/// <summary>Tables of every geometry built, split, merged and walked where physical addresses cross from one folded part to the next.</summary>
public sealed class LargeAddressTests
{
    private const TranslationFeatures Features = TranslationFeatures.LPA2 | TranslationFeatures.S2FWB | TranslationFeatures.XNX;

    private static readonly int[] s_inputs = [36, 40, 48, 49, 52];

    [Fact]
    public void MemoryAcrossAFoldIsMappedSplitAndMergedInEveryGeometry()
    {
        int geometries = 0;
        foreach (Stage2Geometry geometry in Geometries())
        {
            geometries++;
            var random = new Random(geometries);
            foreach (int fold in new[] { 32, 48, 49, 50, 51 }.Where(fold => fold < geometry.OutputBits))
            {
                MapAcross(geometry, 1UL << fold, random);
            }
        }

        Assert.InRange(geometries, 40, int.MaxValue);
    }

    [Fact]
    public void AttributesGoThroughTablesOfEveryFormat()
    {
        foreach (Stage2Geometry geometry in Geometries())
        {
            using Stage2Tables tables = new Stage2World(geometry, tablePages: 32).Tables;
            ulong size = geometry.Granule.Size;
            Stage2Attributes[] all =
            [
                Stage2Attributes.Ram,
                Stage2Attributes.Ram with { MemoryType = Stage2MemoryType.Stage1Decides, Access = Stage2Access.ReadWrite | Stage2Access.ExecuteEl0, HasSoftwareBit = true },
                Stage2Attributes.Ram with { MemoryType = Stage2MemoryType.NormalNonCacheable, Access = Stage2Access.ReadWrite | Stage2Access.ExecuteEl1 },
                Stage2Attributes.Device with { Shareability = Shareability.InnerShareable },
            ];
            for (int i = 0; i < all.Length; i++)
            {
                tables.Map(Stage2World.Range((ulong)i * size, size), new Pa((ulong)i * size), all[i]);
                Assert.Equal(all[i], tables.Walker.Walk(new Ipa((ulong)i * size)).Attributes);
                tables.SetAttributes(Stage2World.Range((ulong)i * size, size), all[^(i + 1)]);
                Assert.Equal(all[^(i + 1)], tables.Walker.Walk(new Ipa((ulong)i * size)).Attributes);
            }

            var tooMuch = new Stage2Attributes(Stage2Access.All, Stage2MemoryType.NormalWriteThrough);
            Assert.Equal("attributes", Assert.Throws<ArgumentException>(() => tables.Map(Stage2World.Range(0x100 * size, size), default, tooMuch)).ParamName);
            Assert.Equal("attributes", Assert.Throws<ArgumentException>(() => tables.SetAttributes(Stage2World.Range(0, size), tooMuch)).ParamName);
            Assert.Equal(all[^1], tables.Walker.Walk(default).Attributes);
        }
    }

    private static IEnumerable<Stage2Geometry> Geometries() =>
        from granule in GeometryRows.Granules
        from output in new[] { 48, 52 }
        from input in s_inputs
        where input <= output || granule.SizeLog2 == 16
        from ds in new[] { false, true }
        where GeometryRows.IsLarge(granule, ds, Features) || (!ds && (output == 48 || granule.SizeLog2 == 16))
        from start in GeometryRows.Levels(granule, ds, input, output, Features)
        select new Stage2Geometry(input, output, granule, start, Features);

    private static void MapAcross(Stage2Geometry geometry, ulong fold, Random random)
    {
        using Stage2Tables tables = new Stage2World(geometry, tablePages: 64).Tables;
        ulong page = geometry.Granule.Size;
        ulong block = 1UL << geometry.Granule.BlockSizeLog2(2);

        // Whole blocks on both sides and pages at both ends; then the same at a distance that permits pages alone.
        ulong start = 2 * block;
        Check(start - (3 * page), fold - block - (3 * page), (2 * block) + (5 * page));
        Check(start + (8 * block) + page, fold - (2 * page), 4 * page);

        void Check(ulong ipa, ulong pa, ulong length)
        {
            IpaRange range = Stage2World.Range(ipa, length);
            tables.Map(range, new Pa(pa), Stage2Attributes.Ram);
            AssertMapped(Stage2Access.All, null);
            ulong hole = (ulong)random.Next((int)(length / page)) * page;
            tables.Protect(Stage2World.Range(ipa + hole, page), Stage2Access.Read);
            AssertMapped(Stage2Access.All, hole);
            tables.Protect(range, Stage2Access.Read);
            tables.Merge(range);
            AssertMapped(Stage2Access.Read, null);
            tables.Unmap(range);
            Assert.True(tables.Walker.Walk(new Ipa(ipa + hole)).IsFault);

            void AssertMapped(Stage2Access access, ulong? readOnly)
            {
                for (ulong offset = 0; offset < length; offset += offset < 8 * page || length - offset < 8 * page ? page : 61 * page)
                {
                    ulong at = Math.Min(offset, length - page);
                    Stage2Translation found = tables.Walker.Walk(new Ipa(ipa + at + 8), Stage2Access.Read);
                    Assert.True(found.Pa.Value == pa + at + 8 && !found.IsFault, $"{geometry.Vtcr}: {ipa + at:x} is at {found}, not at {pa + at:x}");
                    Assert.Equal(at == readOnly ? Stage2Access.Read : access, found.Attributes.Access);
                }
            }
        }
    }
}
