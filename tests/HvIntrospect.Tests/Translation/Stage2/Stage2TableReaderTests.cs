using System;
using System.Collections.Generic;
using System.Linq;
using FsCheck;
using FsCheck.Fluent;
using HvIntrospect.Registers;
using HvIntrospect.Tests.Support;
using HvIntrospect.Translation;
using HvIntrospect.Translation.Stage2;
using Xunit;

namespace HvIntrospect.Tests.Translation.Stage2;

/// <summary>What whole tables say: against a visitor that shares no code with it, against single walks of hostile tables, and within its budget.</summary>
public sealed class Stage2TableReaderTests
{
    private const ulong Root = 0x1000;
    private const ulong Leaf = 3 | (1 << 10) | (3 << 8) | (3 << 6) | (15 << 2);

    // 4 KB, 30 bits, from level 2: one root table of 512 descriptors for 2 MB each.
    private static readonly Stage2Geometry s_small = new(30, 40, startLevel: 2);

    [Fact]
    public void RangesAreWhatFollowsInBothAddressesWithTheSameAttributes()
    {
        var memory = new SparseMemory();
        Fill(memory, Root, 512);
        Fill(memory, 0x2000, 512);
        memory[Root] = 0x2003;
        memory[Root + 8] = 0x8020_0000 | (Leaf & ~2UL);
        memory[Root + 16] = 0x8040_0000 | (Leaf & ~2UL & ~(1UL << 7));
        memory[Root + 24] = 0x8100_0000 | (Leaf & ~2UL);
        for (ulong i = 1; i < 512; i++)
        {
            memory[0x2000 + (i * 8)] = (0x8000_0000 + (i << 12)) | Leaf | (i / 16 == 3 ? 1UL << 52 : 0);
        }

        Assert.Equal(
            [
                "0x1000..0x3fffff -> 0x80001000 (rwx NormalWriteBack InnerShareable)",
                "0x400000..0x5fffff -> 0x80400000 (r-x NormalWriteBack InnerShareable)",
                "0x600000..0x7fffff -> 0x81000000 (rwx NormalWriteBack InnerShareable)",
            ],
            Ranges(memory).Select(range => range.ToString()));
        Stage2Range first = Ranges(memory)[0];
        Assert.Equal((512L, 16L, 0x1000UL, 0x20_0000UL), (first.Descriptors, first.ContiguousDescriptors, first.SmallestSize, first.LargestSize));
        Assert.Equal(0x2008UL, first.First.DescriptorAddress.Value);
        Assert.Equal(514, Leaves(memory).Count);
    }

    [Fact]
    public void WhatCannotBeFollowedIsTold()
    {
        var memory = new SparseMemory();
        Fill(memory, Root, 512);
        memory[Root] = 0x70_0000_0003; // a table where no memory is
        memory[Root + 8] = 0x71_0000_0003;
        memory[Root + 16] = 0x100_0000_0000 | (Leaf & ~2UL); // beyond the output size
        memory[Root + 24] = 0x9000_0000 | (Leaf & ~(2UL | (1 << 10))); // AF = 0 is mapped all the same
        memory[Root + 32] = 0xFFFF_FFFF_FFFE; // not valid
        Assert.Equal(
            [
                "0x0..0x3fffff: SynchronousExternalOnWalk, level 3",
                "0x400000..0x5fffff: AddressSize, level 2",
                "0x600000..0x7fffff -> 0x90000000 (rwx NormalWriteBack InnerShareable AF=0)",
            ],
            Ranges(memory).Select(range => range.ToString()));

        // A block where its level may have none is valid, but nothing.
        var noBlocks = new SparseMemory();
        Fill(noBlocks, Root, 16);
        noBlocks[Root + 8] = 0x8000_0001;
        var walker = new Stage2Walker(noBlocks, new Stage2Geometry(43, 44, startLevel: 0), new Vttbr(Root));
        var reader = new Stage2TableReader(walker, walker.Input);
        Assert.True(reader.TryRead(out Stage2Range found));
        Assert.Equal("0x8000000000..0xffffffffff: Translation, level 0", found.ToString());
        Assert.False(reader.TryRead(out _));
        Assert.True(reader.IsComplete);
    }

    [Fact]
    public void OnlyTheRangeAskedForIsRead()
    {
        var memory = new SparseMemory();
        Fill(memory, Root, 512);
        memory[Root + 8] = 0x8020_0000 | (Leaf & ~2UL);
        var reader = new Stage2TableReader(Walker(memory), Stage2World.Range(0x20_0123, 0x1000));
        Assert.True(reader.TryRead(out Stage2Range range));
        Assert.Equal((0x20_0123UL, 0x1000UL, 0x8020_0123UL), (range.Ipas.Start.Value, range.Ipas.Length, range.Pa.Value));
        Assert.True(reader.IsComplete);
        Assert.False(reader.TryRead(out _));
    }

    [Fact]
    public void ATableThatPointsToItselfEndsWithTheBudget()
    {
        // 48 bits from level 0: each table is its own table at every level, so 2^36 pages are mapped.
        var memory = new SparseMemory();
        Fill(memory, Root, 512, Root | Leaf);
        var walker = new Stage2Walker(memory, new Stage2Geometry(48, 48, startLevel: 0), new Vttbr(Root));
        var reader = new Stage2TableReader(walker, walker.Input, budget: 1000);
        int before = memory.Reads;
        int leaves = 0;
        while (reader.TryReadLeaf(out Stage2Range leaf))
        {
            Assert.Equal(((ulong)leaves << 12, Root), (leaf.Ipas.Start.Value, leaf.Pa.Value));
            leaves++;
        }

        Assert.Equal((1000, 0L, false, 1000UL << 12), (leaves, reader.Budget, reader.IsComplete, reader.Next.Value));
        Assert.Equal(4000, memory.Reads - before);
    }

    [Fact]
    public void ReadingGoesOnWhereTheBudgetEnded()
    {
        var random = new Random(5);
        SparseMemory memory = Hostile(random);
        List<Stage2Range> expected = Leaves(memory);
        Assert.True(expected.Count > 1000);
        var actual = new List<Stage2Range>();
        IpaRange rest = Walker(memory).Input;
        while (true)
        {
            var reader = new Stage2TableReader(Walker(memory), rest, random.Next(1, 100));
            while (random.Next(20) != 0 && reader.TryReadLeaf(out Stage2Range leaf))
            {
                actual.Add(leaf);
            }

            if (reader.IsComplete)
            {
                break;
            }

            rest = new IpaRange(reader.Next, rest.Last.Value - reader.Next.Value + 1);
        }

        Assert.Equal(expected, actual);
    }

    /// <summary>Wherever one looks, a single walk says what the range says; and neighbours could not be one range.</summary>
    [Fact]
    public void RangesOfHostileTablesSayWhatWalksSay()
    {
        int mapped = 0;
        int unusable = 0;
        Prop.ForAll(ArbMap.Default.ArbFor<int>(), seed =>
        {
            var random = new Random(seed);
            SparseMemory memory = Hostile(random);
            Stage2Walker walker = Walker(memory);
            List<Stage2Range> ranges = Ranges(memory);
            for (int i = 1; i < ranges.Count; i++)
            {
                Assert.True(ranges[i].Ipas.Start > ranges[i - 1].Ipas.Last);
                Assert.False(ranges[i - 1].TryJoin(ranges[i], out _));
            }

            Assert.Equal(Leaves(memory).Count, ranges.Sum(range => range.Descriptors));
            mapped += ranges.Count(range => range.IsMapped);
            unusable += ranges.Count(range => !range.IsMapped);
            for (int i = 0; i < 200; i++)
            {
                var ipa = new Ipa((ulong)random.NextInt64(1L << 30));
                Stage2Translation walked = walker.Walk(ipa);
                Stage2Range found = ranges.Find(range => range.Ipas.Contains(ipa));
                Assert.Equal(walked.IsMapped, found.IsMapped);
                if (walked.IsMapped)
                {
                    Assert.Equal((walked.Pa.Value, walked.Attributes with { IsContiguous = false }), (found.Pa.Value + (ipa - found.Ipas.Start), found.Attributes));
                }
                else
                {
                    Assert.Equal((walked.Descriptor & 1) != 0 || walked.Status.Kind != FaultKind.Translation, found.Ipas.Length != 0);
                    Assert.True(found.Ipas.Length == 0 || found.Status == walked.Status);
                }
            }
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(30));
        Assert.True(mapped > 1000 && unusable > 500, $"{mapped} {unusable}");
    }

    /// <summary>The tables that the library builds, with every granule, against a visitor of their descriptors.</summary>
    [Fact]
    public void EveryLeafOfTablesIsFoundOnce()
    {
        int leaves = 0;
        Prop.ForAll(ArbMap.Default.ArbFor<int>(), seed =>
        {
            var random = new Random(seed);
            TranslationGranule granule = TranslationGranule.Of((GranuleSize)(12 + (2 * random.Next(3))));
            var world = new Stage2World(new Stage2Geometry(36, 40, granule));
            for (int i = 0; i < 12; i++)
            {
                ulong start = (ulong)random.Next(1 << 10) << granule.SizeLog2;
                Stage2Attributes attributes = random.Next(2) == 0 ? Stage2Attributes.Ram : Stage2Attributes.Device;
                IpaRange range = Stage2World.Range(start, ((ulong)random.Next(1, 700) << granule.SizeLog2));
                world.Tables.Unmap(range);
                world.Tables.Map(range, new Pa((start + (ulong)random.Next(4) * 0x1000_0000) & ~(granule.Size - 1)), attributes);
            }

            var reader = new Stage2TableReader(world.Tables.Walker, world.Tables.Walker.Input);
            var found = new List<(ulong, ulong, ulong)>();
            while (reader.TryReadLeaf(out Stage2Range leaf))
            {
                found.Add((leaf.Ipas.Start.Value, leaf.Ipas.Length, leaf.First.Descriptor));
            }

            Assert.True(reader.IsComplete);
            Assert.Equal(world.Leaves(), found);
            leaves += found.Count;
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(30));
        Assert.True(leaves > 5000, leaves.ToString(System.Globalization.CultureInfo.InvariantCulture));
    }

    [Fact]
    public void AReverseLookUpFindsEveryIpaInOrder()
    {
        int several = 0;
        Prop.ForAll(ArbMap.Default.ArbFor<int>(), seed =>
        {
            var random = new Random(seed);
            SparseMemory memory = Hostile(random);
            List<Stage2Range> leaves = Leaves(memory);
            for (int i = 0; i < 20; i++)
            {
                Stage2Range any = leaves[random.Next(leaves.Count)];
                var target = new PaRange(new Pa(any.Pa.Value + (ulong)random.Next(0x3000)), (ulong)random.Next(1, 0x6000));
                var expected = new List<(ulong, ulong, ulong)>();
                foreach (Stage2Range leaf in leaves.Where(leaf => leaf.IsMapped))
                {
                    ulong first = Math.Max(leaf.Pa.Value, target.Start.Value);
                    ulong end = Math.Min(leaf.Pa.Value + leaf.Ipas.Length, target.Start.Value + target.Length);
                    if (first < end)
                    {
                        expected.Add((leaf.Ipas.Start.Value + (first - leaf.Pa.Value), first, end - first));
                    }
                }

                var found = new List<(ulong, ulong, ulong)>();
                var reader = new Stage2TableReader(Walker(memory), Walker(memory).Input);
                while (reader.TryFind(target, out Stage2Range range))
                {
                    found.Add((range.Ipas.Start.Value, range.Pa.Value, range.Ipas.Length));
                }

                Assert.True(reader.IsComplete);
                Assert.Equal(expected, found);
                several += found.Count > 2 ? 1 : 0;
            }
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(5));
        Assert.True(several > 20);
    }

    [Fact]
    public void IllegalRegistersMapNothing()
    {
        var walker = new Stage2Walker(new SparseMemory(), new Vtcr(63), new Vttbr(Root), 40);
        var reader = new Stage2TableReader(walker, walker.Input);
        Assert.False(reader.TryRead(out _));
        Assert.True(reader.IsComplete);

        // A root beyond the output size is an Address size fault everywhere.
        walker = new Stage2Walker(new SparseMemory(), s_small.Vtcr, new Vttbr(1UL << 44), 40);
        reader = new Stage2TableReader(walker, walker.Input);
        Assert.True(reader.TryRead(out Stage2Range range));
        Assert.Equal((FaultStatus.Create(FaultKind.AddressSize, 0), 1UL << 30), (range.Status, range.Ipas.Length));
        Assert.False(reader.TryRead(out _));
    }

    [Fact]
    public void ReadingAllocatesNothing()
    {
        Stage2Walker walker = Walker(Hostile(new Random(1)));
        int ranges = 0;
        Read();
        Assert.Equal(0, Allocation.Of(Read));
        Assert.InRange(ranges, 100, int.MaxValue);

        void Read()
        {
            var reader = new Stage2TableReader(walker, walker.Input);
            while (reader.TryRead(out _))
            {
                ranges++;
            }
        }
    }

    [Fact]
    public void ArgumentsAreChecked()
    {
        Stage2Walker walker = Walker(new SparseMemory());
        Assert.Equal("walker", Assert.Throws<ArgumentNullException>(() => new Stage2TableReader(null!, walker.Input)).ParamName);
        Assert.Equal("range", Assert.Throws<ArgumentOutOfRangeException>(() => new Stage2TableReader(walker, default)).ParamName);
        Assert.Equal("budget", Assert.Throws<ArgumentOutOfRangeException>(() => new Stage2TableReader(walker, walker.Input, 0)).ParamName);
    }

    /// <summary>A root and a few tables, some in many places, with descriptors of every kind; half of the addresses follow each other.</summary>
    private static SparseMemory Hostile(Random random)
    {
        var memory = new SparseMemory();
        Fill(memory, Root, 512);
        for (ulong table = 0x2000; table < 0x6000; table += 0x1000)
        {
            Fill(memory, table, 512);
            for (ulong i = 0; i < 512; i++)
            {
                memory[table + (i * 8)] = Descriptor(random, ((ulong)random.Next(2) << 32) + ((table + (i / 8)) << 12), 3);
            }
        }

        for (ulong i = 0; i < 512; i++)
        {
            memory[Root + (i * 8)] = random.Next(8) == 0 ? ((ulong)random.Next(2, 7) << 12) | 3 : random.Next(3) == 0 ? 0 : Descriptor(random, 0x8000_0000 + (i << 21), 1);
        }

        return memory;
    }

    private static ulong Descriptor(Random random, ulong address, ulong type) => random.Next(20) switch
    {
        0 => (ulong)random.NextInt64(),
        1 => 0,
        2 => address | (Leaf & ~(3UL | (1 << 7))) | type,
        3 => address | (1UL << 44) | (Leaf & ~3UL) | type,
        _ => address | (Leaf & ~3UL) | type,
    };

    private static void Fill(SparseMemory memory, ulong table, int count, ulong descriptor = 0)
    {
        for (int i = 0; i < count; i++)
        {
            memory[table + ((ulong)i * 8)] = descriptor;
        }
    }

    private static Stage2Walker Walker(SparseMemory memory) => new(memory, s_small, new Vttbr(Root));

    private static List<Stage2Range> Ranges(SparseMemory memory)
    {
        Stage2Walker walker = Walker(memory);
        var reader = new Stage2TableReader(walker, walker.Input);
        var ranges = new List<Stage2Range>();
        while (reader.TryRead(out Stage2Range range))
        {
            ranges.Add(range);
        }

        Assert.True(reader.IsComplete);
        return ranges;
    }

    private static List<Stage2Range> Leaves(SparseMemory memory)
    {
        Stage2Walker walker = Walker(memory);
        var reader = new Stage2TableReader(walker, walker.Input);
        var leaves = new List<Stage2Range>();
        while (reader.TryReadLeaf(out Stage2Range leaf))
        {
            leaves.Add(leaf);
        }

        return leaves;
    }
}
