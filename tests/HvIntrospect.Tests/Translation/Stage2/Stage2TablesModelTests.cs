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
    private static readonly int s_factor = Environment.GetEnvironmentVariable("HVINTROSPECT_LONG") == "1" ? 30 : 1;

    private static readonly Gen<Step[]> s_steps =
        (from kind in Gen.Choose(0, 17)
         from anchor in Gen.Choose(0, 1000)
         from offset in Gen.OneOf(Gen.Constant(0), Gen.Choose(-3, 3))
         from length in Gen.Choose(0, 7)
         from extra in Gen.Choose(0, 1000)
         select new Step(kind, anchor, offset, length, extra)).NonEmptyListOf().Select(list => new List<Step>(list).ToArray());

    /// <summary>Gets granule, input and output size, start level, features, whether memory is addressed directly, and log2 of the part of the addresses that is used.</summary>
    public static TheoryData<int, int, int, int, TranslationFeatures, bool, int> Geometries => new()
    {
        { 12, 32, 40, 1, TranslationFeatures.None, true, 31 },
        { 12, 32, 40, 2, TranslationFeatures.None, true, 30 },
        { 12, 31, 40, 2, TranslationFeatures.None, false, 29 },
        { 12, 31, 40, 2, TranslationFeatures.BBML1, false, 29 },
        { 12, 31, 40, 1, TranslationFeatures.BBML1 | TranslationFeatures.BBML2, false, 29 },
        { 12, 30, 40, 2, TranslationFeatures.HAFDBS, false, 29 },
        { 12, 30, 40, 2, TranslationFeatures.HAFDBS | TranslationFeatures.BBML1 | TranslationFeatures.BBML2, false, 29 },
        { 12, 52, 52, -1, TranslationFeatures.LPA2, false, 29 },
        { 12, 40, 52, 0, TranslationFeatures.LPA2 | TranslationFeatures.S2FWB, true, 31 },
        { 14, 32, 40, 2, TranslationFeatures.None, true, 31 },
        { 14, 28, 40, 3, TranslationFeatures.None, false, 28 },
        { 14, 52, 52, 0, TranslationFeatures.LPA2 | TranslationFeatures.XNX, false, 29 },
        { 16, 32, 40, 2, TranslationFeatures.None, true, 31 },
        { 16, 32, 40, 3, TranslationFeatures.HAFDBS, false, 31 },
        { 16, 52, 52, 1, TranslationFeatures.None, false, 31 },
    };

    [Theory]
    [MemberData(nameof(Geometries))]
    public void TheTablesMapWhatAFlatModelMaps(
        int granule, int inputBits, int outputBits, int startLevel, TranslationFeatures features, bool isDirect, int usedBits)
    {
        var geometry = new Stage2Geometry(inputBits, outputBits, TranslationGranule.Of((GranuleSize)granule), startLevel, features);
        var model = new FlatModel(geometry, usedBits);
        Prop.ForAll(s_steps.ToArbitrary(), steps => Run(geometry, isDirect, model, steps)).Check(Config.QuickThrowOnFailure.WithMaxTest((isDirect || granule == 12 ? 10 : 3) * s_factor));
    }

    private static void Run(Stage2Geometry geometry, bool isDirect, FlatModel model, Step[] steps)
    {
        // Every geometry is maintained with the instructions that every core has, and with hints and ranges.
        bool hasRanges = steps.Length % 2 == 0;
        var world = new Stage2World(
            geometry, isDirect, cores: Stage2CoreFeatures.Armv8_0 with { HasLevelHints = hasRanges, HasRangeInvalidation = hasRanges });
        model.Clear();
        MaintenanceChecker? checker = isDirect ? null : new MaintenanceChecker(world.Memory, world.Operations, geometry, world.Tables.Vttbr.Value);
        foreach (Step step in steps)
        {
            Apply(world, model, step);
            checker?.CheckDone();
            Assert.Empty(checker?.Complaints ?? []);
            Assert.Equal(0, checker?.Needless ?? 0);
        }

        model.Compare(world);
        world.Tables.Dispose();
        Assert.Equal(0, world.Pages.Taken);
    }

    private static void Apply(Stage2World world, FlatModel model, Step step)
    {
        IpaRange range = model.RangeOf(step.Anchor, step.Offset, step.Length);
        var access = Stage2World.AccessOf(world.Geometry, step.Extra);
        Stage2Attributes attributes = FlatModel.AttributesOf(world.Geometry, step.Extra);

        Pa target = model.TargetOf(range, (step.Extra & 3) == 0);
        switch (step.Kind)
        {
            case 0 or 1 or 2 or 3:
                model.Map(world, range, target, attributes, (step.Extra & 12) == 0 ? 3 : 0, (step.Extra & 48) == 0);
                break;
            case 4:
                world.Tables.Unmap(range);
                model.Change(range, static _ => default);
                break;
            case 5 or 6:
                world.Tables.Protect(range, access);
                model.Change(range, old => old.Permit(access));
                break;
            case 7:
                world.Tables.SetAttributes(range, attributes);
                model.Change(range, old => old.With(attributes));
                break;
            case 8:
                IpaRange part = new(range.Start, Math.Min(range.Length, 2UL << world.Geometry.Granule.BlockSizeLog2(2)));
                world.Tables.Split(part);
                model.CheckSizes(world, part, isSplit: true);
                break;
            case 9:
                world.Tables.Merge(range);
                model.CheckSizes(world, range, isSplit: false);
                if ((world.Geometry.Features & TranslationFeatures.HAFDBS) != 0)
                {
                    model.AgreeOnAccesses(world);
                }

                break;
            case 10:
                world.Tables.Remap(range, target);
                model.Change(range, (old, offset) => old with { Target = target.Value + offset });
                break;
            case 11 or 12:
                world.Tables.StartLog(range);
                model.Change(range, static old => old with { IsLogged = true, IsWritten = false });
                break;
            case 13:
                world.Tables.StopLog(range);
                model.Change(range, static old => old with { IsLogged = false, IsWritten = false });
                break;
            case 14 or 15:
                model.MarkWritten(world, range.Start + ((ulong)step.Extra % range.Length));
                model.MarkWritten(world, range.Last);
                model.CollectWritten(world, range);
                model.MarkWritten(world, range.Start);
                break;
            case 16:
                model.CollectAccessed(world, range);
                break;
            default:
                model.MarkAccessed(world, range.Start);
                model.MarkAccessed(world, range.Last);
                break;
        }

        model.CheckWalk(world, range);
    }

    private readonly record struct Step(int Kind, int Anchor, int Offset, int Length, int Extra);
}
