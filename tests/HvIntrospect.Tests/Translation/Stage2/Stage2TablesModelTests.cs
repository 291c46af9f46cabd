using System;
using System.Collections.Generic;
using FsCheck;
using FsCheck.Fluent;
using HvIntrospect.Registers;
using HvIntrospect.Translation;
using HvIntrospect.Translation.Stage2;
using Xunit;

namespace HvIntrospect.Tests.Translation.Stage2;

/// <summary>Random changes against a flat array of pages.</summary>
public sealed class Stage2TablesModelTests
{
    private static readonly Gen<Step[]> s_steps =
        (from kind in Gen.Choose(0, 9)
         from anchor in Gen.Choose(0, 1000)
         from offset in Gen.OneOf(Gen.Constant(0), Gen.Choose(-3, 3))
         from length in Gen.Choose(0, 7)
         from extra in Gen.Choose(0, 1000)
         select new Step(kind, anchor, offset, length, extra)).NonEmptyListOf().Select(list => new List<Step>(list).ToArray());

    public static TheoryData<int, int, int, bool, bool> Geometries => new()
    {
        { 12, 32, 1, true, false },
        { 12, 32, 2, true, true },
        { 12, 31, 2, false, false },
        { 12, 31, 2, false, true },
        { 14, 32, 2, true, false },
        { 14, 28, 3, false, false },
        { 14, 28, 3, false, true },
        { 16, 32, 2, true, true },
        { 16, 31, 2, false, true },
    };

    [Theory]
    [MemberData(nameof(Geometries))]
    public void TheTablesMapWhatAFlatModelMaps(int granule, int inputBits, int startLevel, bool isDirect, bool hasRanges)
    {
        var geometry = new Stage2Geometry(inputBits, 40, TranslationGranule.Of((GranuleSize)granule), startLevel);
        var model = new Model(geometry);
        Prop.ForAll(s_steps.ToArbitrary(), steps => Run(geometry, isDirect, hasRanges, model, steps)).Check(Config.QuickThrowOnFailure.WithMaxTest(startLevel == 1 ? 10 : 25));
    }

    private static void Run(Stage2Geometry geometry, bool isDirect, bool hasRanges, Model model, Step[] steps)
    {
        var world = new Stage2World(
            geometry, isDirect, cores: Stage2CoreFeatures.Armv8_0 with { HasLevelHints = hasRanges, HasRangeInvalidation = hasRanges });
        model.Clear();
        MaintenanceChecker? checker = isDirect ? null : new MaintenanceChecker(world.Memory, world.Operations, geometry, world.Tables.Vttbr.Value);
        foreach (Step step in steps)
        {
            model.Apply(world, step);
            checker?.CheckDone();
            Assert.Empty(checker?.Complaints ?? []);
            Assert.Equal(0, checker?.Needless ?? 0);
        }

        model.Compare(world);
        world.Tables.Dispose();
        Assert.Equal(0, world.Pages.Taken);
    }

    private readonly record struct Step(int Kind, int Anchor, int Offset, int Length, int Extra);

    private sealed class Model(Stage2Geometry geometry)
    {
        private static readonly Stage2Attributes[] s_attributes =
        [
            Stage2Attributes.Ram,
            Stage2Attributes.Device,
            new(Stage2Access.Read),
            new(Stage2Access.All, Stage2MemoryType.NormalNonCacheable, Shareability.OuterShareable),
            new(Stage2Access.ReadWrite, accessFlag: false),
        ];

        private readonly ulong _page = geometry.Granule.Size;
        private readonly ulong[] _pages = new ulong[1 << (geometry.InputBits - geometry.Granule.SizeLog2)];

        public void Clear() => Array.Clear(_pages);

        public void Apply(Stage2World world, Step step)
        {
            ulong block = 1UL << geometry.Granule.BlockSizeLog2(2);
            ulong large = 1UL << geometry.Granule.BlockSizeLog2(Math.Max(1, geometry.StartLevel));
            ulong end = 1UL << geometry.InputBits;
            ulong anchor = (ulong)step.Anchor % 8 * ((step.Anchor & 64) != 0 ? large : block) % end;
            ulong start = unchecked(anchor + (_page * (ulong)step.Offset)) & (end - 1);
            ulong length = Math.Min(end - start, step.Length switch
            {
                0 => _page,
                1 => 3 * _page,
                2 => block,
                3 => block + _page,
                4 => block - _page,
                5 => 2 * block,
                6 => Math.Min(large, 4 * block),
                _ => large,
            });
            IpaRange range = Stage2World.Range(start, length);
            var access = (Stage2Access)(step.Extra & 7);
            Stage2Attributes attributes = s_attributes[step.Extra % s_attributes.Length];
            switch (step.Kind)
            {
                case 0 or 1 or 2 or 3:
                    Map(world, range, step.Extra, attributes);
                    break;
                case 4:
                    world.Tables.Unmap(range);
                    Change(range, _ => 0);
                    break;
                case 5 or 6:
                    world.Tables.Protect(range, access);
                    Change(range, old => (old & ~Stage2Format.AccessMask) | Stage2Format.EncodeAccess(access));
                    break;
                case 7:
                    world.Tables.SetAttributes(range, attributes);
                    Change(range, old => (old & ~geometry.Format.AttributeMask) | geometry.Format.Encode(attributes));
                    break;
                case 8:
                    IpaRange part = Stage2World.Range(start, Math.Min(length, 2 * block));
                    world.Tables.Split(part);
                    CheckSizes(world, part, isSplit: true);
                    break;
                default:
                    world.Tables.Merge(range);
                    CheckSizes(world, range, isSplit: false);
                    break;
            }

            CheckWalk(world, range);
        }

        public void Compare(Stage2World world)
        {
            int mapped = 0;
            foreach ((ulong ipa, ulong size, ulong descriptor) in world.Leaves())
            {
                for (ulong offset = 0; offset < size; offset += _page)
                {
                    ulong page = (descriptor & geometry.Format.AttributeMask) | ((descriptor & 0xFFFF_FFFF_F000) + offset) | 1;
                    if (_pages[(ipa + offset) / _page] != page)
                    {
                        Assert.Fail($"0x{ipa + offset:x} is 0x{page:x}, not 0x{_pages[(ipa + offset) / _page]:x}.");
                    }

                    mapped++;
                }
            }

            Assert.Equal(Array.FindAll(_pages, page => page != 0).Length, mapped);
        }

        private void Map(Stage2World world, IpaRange range, int extra, Stage2Attributes attributes)
        {
            ulong target = range.Start.Value + 0x40_0000_0000 + ((extra & 3) == 0 ? _page : 0);
            int firstLevel = (extra & 12) == 0 ? 3 : 0;
            bool overlaps = false;
            Visit(range, page => overlaps |= page != 0);
            if (overlaps)
            {
                Dictionary<ulong, ulong> before = world.Snapshot();
                var error = Assert.Throws<ArgumentException>(() => world.Tables.Map(range, new Pa(target), attributes, firstLevel));
                Assert.Equal("range", error.ParamName);
                Assert.Equal(before, world.Snapshot());
                return;
            }

            world.Tables.Map(range, new Pa(target), attributes, firstLevel);
            for (ulong offset = 0; offset < range.Length; offset += _page)
            {
                _pages[(range.Start.Value + offset) / _page] = (target + offset) | geometry.Format.Encode(attributes) | 1;
            }
        }

        private void Visit(IpaRange range, Action<ulong> action)
        {
            for (ulong ipa = range.Start.Value; ipa <= range.Last.Value; ipa += _page)
            {
                action(_pages[ipa / _page]);
            }
        }

        private void Change(IpaRange range, Func<ulong, ulong> change)
        {
            for (ulong ipa = range.Start.Value; ipa <= range.Last.Value; ipa += _page)
            {
                ref ulong page = ref _pages[ipa / _page];
                page = page == 0 ? 0 : change(page);
            }
        }

        private void CheckWalk(Stage2World world, IpaRange range)
        {
            foreach (ulong near in new[] { range.Start.Value, range.Start.Value - _page, range.Last.Value, range.Last.Value + 1 })
            {
                ulong ipa = near & ((1UL << geometry.InputBits) - 1);
                ulong page = _pages[ipa / _page];
                Stage2Translation found = world.Tables.Walker.Walk(new Ipa(ipa));
                Assert.Equal(page != 0, found.IsMapped);
                if (page != 0)
                {
                    Assert.Equal((page & 0xFFFF_FFFF_F000 & ~(_page - 1)) + (ipa & (_page - 1)), found.Pa.Value);
                    Assert.Equal(geometry.Format.AttributesIn(page), found.Attributes);
                    Assert.Equal(!found.Attributes.HasAccessFlag, found.IsFault);
                }
            }
        }

        /// <summary>After a split every page is alone; after a merge nothing that could be a block is smaller.</summary>
        private void CheckSizes(Stage2World world, IpaRange range, bool isSplit)
        {
            for (int level = isSplit ? 3 : geometry.StartLevel; level <= (isSplit ? 3 : 2); level++)
            {
                ulong size = 1UL << geometry.Granule.BlockSizeLog2(level);
                for (ulong ipa = range.Start.Value & ~(size - 1); ipa <= range.Last.Value; ipa += size)
                {
                    Stage2Translation found = world.Tables.Walker.Walk(new Ipa(ipa));
                    bool wanted = found.IsMapped && (isSplit || (geometry.Granule.AllowsLeaf(level, geometry.OutputBits) && IsUniform(ipa, size)));
                    if (wanted)
                    {
                        Assert.True(isSplit ? found.Size == size : found.Size >= size, $"0x{ipa:x} is 0x{found.Size:x} long, not 0x{size:x}.");
                    }
                }
            }
        }

        private bool IsUniform(ulong ipa, ulong size)
        {
            ulong first = _pages[ipa / _page];
            bool uniform = (first & 0xFFFF_FFFF_F000 & (size - 1)) == 0;
            for (ulong offset = 0; uniform && offset < size; offset += _page)
            {
                uniform = _pages[(ipa + offset) / _page] == first + offset;
            }

            return uniform;
        }
    }
}
