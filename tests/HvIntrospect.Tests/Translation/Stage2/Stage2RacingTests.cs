using System;
using System.Collections.Generic;
using System.Linq;
using FsCheck;
using FsCheck.Fluent;
using HvIntrospect.Registers;
using HvIntrospect.Translation;
using HvIntrospect.Translation.Stage2;
using Xunit;

namespace HvIntrospect.Tests.Translation.Stage2;

/// <summary>Changes while a walker with hardware management of AF and the dirty state comes by between any two memory accesses: nothing that it notes is lost.</summary>
public sealed class Stage2RacingTests
{
    private static readonly Gen<(int Seed, Step[] Steps)> s_runs =
        from seed in Gen.Choose(0, int.MaxValue)
        from steps in (from kind in Gen.Choose(0, 11)
                       from anchor in Gen.Choose(0, 1000)
                       from offset in Gen.OneOf(Gen.Constant(0), Gen.Choose(-3, 3))
                       from length in Gen.Choose(0, 5)
                       from extra in Gen.Choose(0, 1000)
                       select new Step(kind, anchor, offset, length, extra)).ListOf(30)
        select (seed, new List<Step>(steps).ToArray());

    [Theory]
    [InlineData(12, 30, 2, TranslationFeatures.HAFDBS)]
    [InlineData(12, 30, 2, TranslationFeatures.HAFDBS | TranslationFeatures.BBML1 | TranslationFeatures.BBML2)]
    [InlineData(14, 30, 2, TranslationFeatures.HAFDBS)]
    [InlineData(16, 33, 2, TranslationFeatures.HAFDBS | TranslationFeatures.BBML1)]
    public void NoAccessThatWasNotedIsLost(int granule, int bits, int startLevel, TranslationFeatures features)
    {
        var geometry = new Stage2Geometry(bits, 40, TranslationGranule.Of((GranuleSize)granule), startLevel, features);
        var model = new FlatModel(geometry, bits);
        Prop.ForAll(s_runs.ToArbitrary(), run => Run(geometry, model, run.Seed, run.Steps)).Check(Config.QuickThrowOnFailure.WithMaxTest(6));
    }

    private static void Run(Stage2Geometry geometry, FlatModel model, int seed, Step[] steps)
    {
        var world = new Stage2World(geometry, isDirect: false);
        model.Clear();
        IpaRange mapped = new(default, 8UL << geometry.Granule.BlockSizeLog2(2));

        // Runs of pages, or blocks.
        bool isContiguous = (seed & 1) != 0 && geometry.Granule.SizeLog2 < 16;
        model.Map(world, mapped, model.TargetOf(mapped, (seed & 6) == 6), Stage2Attributes.Ram, isContiguous ? 3 : 0, isContiguous);
        world.Tables.StartLog(mapped);
        model.Change(mapped, static page => page with { IsLogged = true });
        var walker = new RacingWalker(world, seed, HotPages(geometry));
        foreach (Step step in steps)
        {
            Apply(world, model, walker, step);
            foreach (ulong ipa in walker.Written)
            {
                Assert.True(walker.NotesOf(ipa).IsWritten, $"The write to 0x{ipa:x} is lost after {step}.");
            }

            foreach (ulong ipa in walker.Used)
            {
                Assert.True(walker.NotesOf(ipa).IsUsed, $"The use of 0x{ipa:x} is lost after {step}.");
            }
        }

        model.Compare(world, hasWalkers: true);
    }

    /// <summary>Pages at the edges of blocks and runs, where changes meet them.</summary>
    private static IEnumerable<ulong> HotPages(Stage2Geometry geometry)
    {
        ulong page = geometry.Granule.Size;
        ulong block = 1UL << geometry.Granule.BlockSizeLog2(2);
        return from start in Enumerable.Range(1, 7)
               from offset in new long[] { -20, -4, -3, -2, -1, 0, 1, 2, 3, 17 }
               select ((ulong)start * block) + unchecked((ulong)offset * page);
    }

    private static void Apply(Stage2World world, FlatModel model, RacingWalker walker, Step step)
    {
        IpaRange range = model.RangeOf(step.Anchor & 63, step.Offset, step.Length);
        ulong page = world.Geometry.Granule.Size;
        var bitmap = new ulong[((range.Length / page) + 63) / 64];
        var access = Stage2World.AccessOf(world.Geometry, step.Extra);
        Pa target = model.TargetOf(range, (step.Extra & 3) == 0);
        switch (step.Kind)
        {
            case 0 or 1:
                world.Tables.Protect(range, access);
                model.Change(range, old => old with { Access = access });
                break;
            case 2:
                Stage2Attributes attributes = FlatModel.AttributesOf(world.Geometry, step.Extra % 4);
                world.Tables.SetAttributes(range, attributes);
                model.Change(range, old => old.With(attributes));
                break;
            case 3 or 4:
                world.Tables.Split(new IpaRange(range.Start, Math.Min(range.Length, 2UL << world.Geometry.Granule.BlockSizeLog2(2))));
                break;
            case 5 or 6:
                world.Tables.Merge(range);
                break;
            case 7:
                world.Tables.Remap(range, target);
                model.Change(range, (old, offset) => old with { Target = target.Value + offset });
                break;
            case 8:
                world.Tables.StartLog(range);
                model.Change(range, static old => old with { IsLogged = true });
                walker.Written.RemoveWhere(ipa => range.Contains(new Ipa(ipa)));
                break;
            case 9:
                world.Tables.CollectAccessed(range, bitmap);
                RacingWalker.Take(walker.Used, range, page, bitmap);
                break;
            default:
                world.Tables.CollectWritten(range, bitmap);
                RacingWalker.Take(walker.Written, range, page, bitmap);
                break;
        }
    }

    private readonly record struct Step(int Kind, int Anchor, int Offset, int Length, int Extra);
}
