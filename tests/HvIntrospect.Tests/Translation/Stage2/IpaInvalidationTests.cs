using System;
using System.Globalization;
using FsCheck;
using FsCheck.Fluent;
using HvIntrospect.Registers;
using HvIntrospect.Translation;
using HvIntrospect.Translation.Stage2;
using Xunit;

namespace HvIntrospect.Tests.Translation.Stage2;

/// <summary>Runs of stale addresses against what the instructions reach, decoded here from the fields of the manual.</summary>
public sealed class IpaInvalidationTests
{
    private readonly RecordingEl2Operations _operations = new();

    [Theory]
    [InlineData(12, 1, false, "Ipas2Le1Is 0x700000012345")]
    [InlineData(12, 1, true, "Ipas2E1Is 0x12345")]
    [InlineData(12, 2, false, "Ripas2Le1Is 0x406000012345")]
    [InlineData(12, 2, true, "Ripas2E1Is 0x400000012345")]
    [InlineData(12, 3, false, "Ripas2Le1Is 0x406000012345; Ripas2Le1Is 0x406000012346")]
    [InlineData(14, 2, false, "Ripas2Le1Is 0x8060000048d1")]
    [InlineData(16, 2, false, "Ripas2Le1Is 0xc06000001234")]
    [InlineData(12, 128, false, "Ripas2Le1Is 0x50e000012345")]
    public void TheFieldsAreThoseOfTheManual(int page, int pages, bool hasTables, string expected)
    {
        ulong start = 0x1234_5000UL & ~((1UL << page) - 1);
        Issue(page, isLarge: false, hasRanges: true, hasHints: true, start, 3, pages, hasTables);
        Assert.Equal(expected, _operations.Take());
    }

    [Theory]
    [InlineData(12, false)]
    [InlineData(14, false)]
    [InlineData(16, false)]
    [InlineData(12, true)]
    [InlineData(14, true)]
    [InlineData(16, true)]
    public void ARunIsReachedWholeByTheFewestInstructionsAndNothingElseIs(int page, bool isLarge)
    {
        Gen<Run> runs =
            from level in Gen.Choose(page == 12 && isLarge ? 0 : 1, 3)
            from count in Gen.OneOf(Gen.Choose(1, 70), Gen.Choose(1, 5000), Gen.Choose(1, 3_000_000), Gen.Elements(64, 65, 2048, 2049, 1 << 21, (1 << 21) + 1))
            from index in Gen.Choose(0, int.MaxValue)
            from hasTables in Gen.Elements(false, true)
            from hasHints in Gen.Elements(false, true)
            select new Run(level, count, (ulong)index, hasTables, hasHints);
        Prop.ForAll(runs.ToArbitrary(), run => Check(page, isLarge, run)).Check(Config.QuickThrowOnFailure.WithMaxTest(300));
    }

    [Fact]
    public void WithoutRangesEachLeafIsNamed()
    {
        Issue(12, isLarge: false, hasRanges: false, hasHints: true, 0x4000_0000, 2, 3, hasTables: false);
        Assert.Equal("Ipas2Le1Is 0x600000040000; Ipas2Le1Is 0x600000040200; Ipas2Le1Is 0x600000040400", _operations.Take());
        Issue(12, isLarge: false, hasRanges: false, hasHints: false, 0xF_FFFF_C000_0000, 1, 1, hasTables: false);
        Assert.Equal("Ipas2Le1Is 0xfffffc0000", _operations.Take());
    }

    [Fact]
    public void ARunAroundSeveralLevelsHasNoHintAndReachesTables()
    {
        StaleRun around = new StaleRun(0x4020_0000, 0x4020_0FFF, 3, false).Around(new StaleRun(0x4000_0000, 0x401F_FFFF, 2, false));
        IpaInvalidation invalidation = Make(12, isLarge: false, hasRanges: true, hasHints: true);
        invalidation.Issue(_operations, around);
        Assert.Equal(2UL, invalidation.Count(around));

        // 513 pages: 512 from either end.
        Assert.Equal("Ripas2E1Is 0x538000040000; Ripas2E1Is 0x538000040001", _operations.Take());
    }

    private static IpaInvalidation Make(int page, bool isLarge, bool hasRanges, bool hasHints) => new(
        TranslationGranule.Of((GranuleSize)page), isLarge, Stage2CoreFeatures.Armv8_0 with { HasLevelHints = hasHints, HasRangeInvalidation = hasRanges });

    private static int LeafShift(int page, int level) => page + ((3 - level) * (page - 3));

    /// <summary>Tells whether one range has a number of pages: (NUM + 1) * 2^(5 * SCALE + 1).</summary>
    private static bool IsOneRange(ulong pages)
    {
        for (int scale = 0; scale < 4; scale++)
        {
            ulong unit = 2UL << (5 * scale);
            if (pages % unit == 0 && pages / unit is >= 1 and <= 32)
            {
                return true;
            }
        }

        return false;
    }

    private ulong Issue(int page, bool isLarge, bool hasRanges, bool hasHints, ulong start, int level, int count, bool hasTables)
    {
        IpaInvalidation invalidation = Make(page, isLarge, hasRanges, hasHints);
        var run = new StaleRun(start, start + ((ulong)count << LeafShift(page, level)) - 1, level, hasTables);
        invalidation.Issue(_operations, run);
        return invalidation.Count(run);
    }

    private void Check(int page, bool isLarge, Run run)
    {
        int shift = LeafShift(page, run.Level);
        bool isLonger = shift - page > 21;
        ulong most = 1UL << ((isLarge || page == 16 ? 52 : 48) - shift);
        ulong count = Math.Min(most, (ulong)(isLonger ? run.Count % 40 : run.Count));
        count = Math.Max(count, 1);
        ulong start = run.Index % (most - count + 1) << shift;
        ulong end = start + (count << shift);
        ulong counted = Issue(page, isLarge, hasRanges: true, run.HasHints, start, run.Level, (int)count, run.HasTables);
        Assert.Equal(counted, (ulong)_operations.Log.Count);

        // Ranges count 64 KB with large descriptors: what shares the outer ones goes too.
        int unit = count > 1 && !isLonger && isLarge ? Math.Max(shift, 16) : shift;
        ulong first = start >> unit << unit;
        ulong last = (end + (1UL << unit) - 1) >> unit << unit;
        ulong reached = first;
        foreach (string instruction in _operations.Log)
        {
            (ulong from, ulong to) = Decode(instruction, page, isLarge, run);
            Assert.InRange(from, first, reached);
            Assert.InRange(to, from, last);
            reached = Math.Max(reached, to);
        }

        Assert.Equal(last, reached);
        ulong pages = (last - first) >> page;
        ulong fewest = count == 1 || isLonger ? count : IsOneRange(pages) ? 1 : Math.Max(2, (pages + (1UL << 21) - 1) >> 21);
        Assert.Equal(fewest, counted);
        _operations.Log.Clear();
    }

    /// <summary>Gets the addresses that an instruction reaches: the first, and the one behind the last. A single address stands for its leaf.</summary>
    private static (ulong From, ulong To) Decode(string instruction, int page, bool isLarge, Run run)
    {
        string[] parts = instruction.Split(' ');
        ulong operand = ulong.Parse(parts[1].AsSpan(2), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
        int granule = page switch { 12 => 1, 14 => 2, _ => 3 };
        int hint = run.HasHints && !run.HasTables ? run.Level : 0;
        Assert.Equal((parts[0][0] == 'R' ? "Ripas2" : "Ipas2") + (run.HasTables ? "E1Is" : "Le1Is"), parts[0]);
        if (parts[0][0] == 'R')
        {
            ulong from = (operand & 0x1F_FFFF_FFFF) << (isLarge ? 16 : page);
            ulong pages = (((operand >> 39) & 31) + 1) << (5 * (int)((operand >> 44) & 3)) << 1;
            Assert.Equal(granule, (int)(operand >> 46));
            Assert.Equal(hint, (int)(operand >> 37) & 3);

            // With another start the range is UNPREDICTABLE.
            Assert.True(hint == 0 || (from & ((1UL << LeafShift(page, hint)) - 1)) == 0);
            return (from, from + (pages << page));
        }

        bool hasHint = run.HasHints && !run.HasTables;
        Assert.Equal(hasHint ? (granule << 2) | hint : 0, (int)(operand >> 44));
        ulong address = (operand & 0xFF_FFFF_FFFF) << 12;
        return (address, address + (1UL << LeafShift(page, run.Level)));
    }

    private sealed record Run(int Level, int Count, ulong Index, bool HasTables, bool HasHints);
}
