using System;
using System.Collections.Generic;
using HvIntrospect.Translation;
using HvIntrospect.Translation.Stage2;
using Xunit;

namespace HvIntrospect.Tests.Translation.Stage2;

/// <summary>What a VM's Stage 2 maps, as an array of pages: it knows nothing of tables, blocks or runs.</summary>
internal sealed class FlatModel
{
    private readonly Stage2Geometry _geometry;
    private readonly ulong _page;
    private readonly ulong _start;
    private readonly Page[] _pages;

    /// <summary>Makes a model of the last 2^<paramref name="usedBits"/> bytes of the address space.</summary>
    public FlatModel(Stage2Geometry geometry, int usedBits)
    {
        _geometry = geometry;
        _page = geometry.Granule.Size;
        _start = (1UL << geometry.InputBits) - (1UL << usedBits);
        _pages = new Page[1 << (usedBits - geometry.Granule.SizeLog2)];
    }

    private ulong Length => (ulong)_pages.Length * _page;

    private ref Page At(ulong ipa) => ref _pages[(ipa - _start) / _page];

    /// <summary>Gets attributes of every kind that the geometry has.</summary>
    public static Stage2Attributes AttributesOf(Stage2Geometry geometry, int choice)
    {
        bool hasShareability = geometry.OutputBits < 52 || geometry.Granule.SizeLog2 == 16;
        return (choice % 5) switch
        {
            0 => Stage2Attributes.Ram,
            1 => hasShareability ? Stage2Attributes.Device : Stage2Attributes.Device with { Shareability = Shareability.InnerShareable },
            2 => new(Stage2Access.Read),
            3 => new(Stage2Access.All, Stage2MemoryType.NormalNonCacheable, hasShareability ? Shareability.OuterShareable : Shareability.InnerShareable),
            _ => new(Stage2Access.ReadWrite, accessFlag: false),
        };
    }

    /// <summary>Gets a physical address that is aligned like a range, or off by a page; near the end of what addresses hold before they are folded.</summary>
    public Pa TargetOf(IpaRange range, bool isOff)
    {
        int end = (_geometry.OutputBits, _geometry.Granule.SizeLog2) switch { (52, 16) => 48, (52, _) => 50, _ => _geometry.OutputBits - 1 };
        return new Pa((1UL << end) - 0x4000_0000 + (range.Start.Value - _start) + (isOff ? _page : 0));
    }

    public void Clear() => Array.Clear(_pages);

    /// <summary>Makes a range near the edges of blocks.</summary>
    public IpaRange RangeOf(int anchor, int offset, int length)
    {
        ulong block = 1UL << _geometry.Granule.BlockSizeLog2(2);
        ulong large = Math.Min(Length, 1UL << _geometry.Granule.BlockSizeLog2(Math.Max(1, _geometry.StartLevel)));
        ulong at = (ulong)anchor % 8 * ((anchor & 64) != 0 ? large : block) % Length;
        ulong start = unchecked(at + (_page * (ulong)offset)) & (Length - 1);
        return new IpaRange(new Ipa(_start + start), Math.Min(Length - start, length switch
        {
            0 => _page,
            1 => 3 * _page,
            2 => block,
            3 => block + _page,
            4 => block - _page,
            5 => 2 * block,
            6 => Math.Min(large, 4 * block),
            _ => large,
        }));
    }

    public void Map(Stage2World world, IpaRange range, Pa target, Stage2Attributes attributes, int firstLevel, bool isContiguous)
    {
        bool overlaps = false;
        Change(range, page =>
        {
            overlaps |= page.IsMapped;
            return page;
        });
        if (overlaps)
        {
            Dictionary<ulong, ulong> before = world.Snapshot();
            var error = Assert.Throws<ArgumentException>(() => world.Tables.Map(range, target, attributes, firstLevel, isContiguous));
            Assert.Equal("range", error.ParamName);
            Assert.Equal(before, world.Snapshot());
            return;
        }

        world.Tables.Map(range, target, attributes, firstLevel, isContiguous);
        for (ulong offset = 0; offset < range.Length; offset += _page)
        {
            At(range.Start.Value + offset) = Page.Of(target.Value + offset, attributes);
        }
    }

    /// <summary>Changes what is mapped.</summary>
    public void Change(IpaRange range, Func<Page, Page> change) => Change(range, (page, _) => change(page));

    public void Change(IpaRange range, Func<Page, ulong, Page> change)
    {
        for (ulong offset = 0; offset < range.Length; offset += _page)
        {
            ref Page page = ref At(range.Start.Value + offset);
            page = page.IsMapped ? change(page, offset) : page;
        }
    }

    public void MarkWritten(Stage2World world, Ipa address)
    {
        Page page = At(address.Value);
        Assert.Equal(page.IsMapped && page.IsLogged && page.PermitsWrites, world.Tables.TryMarkWritten(address));
        if (page.IsMapped && page.IsLogged && page.PermitsWrites)
        {
            Change(Unit(world, address), static old => old with { IsWritten = true });
        }
    }

    public void MarkAccessed(Stage2World world, Ipa address)
    {
        bool isMapped = At(address.Value).IsMapped;
        Assert.Equal(isMapped, world.Tables.TryMarkAccessed(address));
        if (isMapped)
        {
            Change(Unit(world, address), static old => old with { IsAccessed = true });
        }
    }

    public void CollectWritten(Stage2World world, IpaRange range)
    {
        Expect(range, page => page.IsLogged && page.IsWritten, bitmap => world.Tables.CollectWritten(range, bitmap));
        Change(range, static old => old with { IsWritten = false });
    }

    public void CollectAccessed(Stage2World world, IpaRange range)
    {
        Expect(range, page => page.IsAccessed, bitmap => world.Tables.CollectAccessed(range, bitmap));
        Change(range, static old => old with { IsAccessed = false });
    }

    /// <summary>Compares every page that the tables map.</summary>
    /// <param name="world">The tables.</param>
    /// <param name="hasWalkers">True where walkers have noted accesses of which the model does not know.</param>
    public void Compare(Stage2World world, bool hasWalkers = false)
    {
        int mapped = 0;
        var runs = new Dictionary<(ulong Start, ulong Size), (bool IsWritten, bool IsAccessed)>();
        List<(ulong Ipa, ulong Size, ulong Descriptor)> leaves = world.Leaves();
        foreach ((ulong ipa, ulong size, ulong descriptor) in leaves)
        {
            Page page = Page.Decode(world, descriptor);
            (ulong, ulong) run = RunOf(world, ipa, size, descriptor);
            (bool isWritten, bool isAccessed) = runs.GetValueOrDefault(run);
            runs[run] = (isWritten | page.IsWritten, isAccessed | page.IsAccessed);
        }

        foreach ((ulong ipa, ulong size, ulong descriptor) in leaves)
        {
            (bool isWritten, bool isAccessed) = runs[RunOf(world, ipa, size, descriptor)];
            Page page = Page.Decode(world, descriptor) with { IsWritten = isWritten, IsAccessed = isAccessed };
            for (ulong offset = 0; offset < size; offset += _page)
            {
                Page expected = At(ipa + offset);
                expected = hasWalkers ? expected with { IsWritten = isWritten, IsAccessed = isAccessed } : expected;
                if (page with { Target = page.Target + offset } != expected)
                {
                    Assert.Fail($"0x{ipa + offset:x} is {page} + 0x{offset:x}, not {expected}.");
                }

                mapped++;
            }
        }

        Assert.Equal(Array.FindAll(_pages, static page => page.IsMapped).Length, mapped);
    }

    /// <summary>Takes over what has become accessed with its neighbours, as pages do where walkers note accesses and a block is made of what they have not noted alike.</summary>
    public void AgreeOnAccesses(Stage2World world)
    {
        foreach ((ulong ipa, ulong size, ulong descriptor) in world.Leaves())
        {
            if (Page.Decode(world, descriptor).IsAccessed)
            {
                Change(new IpaRange(new Ipa(ipa), size), static page => page with { IsAccessed = true });
            }
        }
    }

    /// <summary>Compares walks at the edges of a range.</summary>
    public void CheckWalk(Stage2World world, IpaRange range)
    {
        foreach (ulong near in new[] { range.Start.Value, range.Start.Value - _page, range.Last.Value, range.Last.Value + 1 })
        {
            ulong ipa = _start + ((near - _start) & (Length - 1));
            Page page = At(ipa);
            Stage2Translation found = world.Tables.Walker.Walk(new Ipa(ipa));
            Assert.Equal(page.IsMapped, found.IsMapped);
            if (page.IsMapped)
            {
                Assert.Equal(page.Target + (ipa & (_page - 1)), found.Pa.Value);
                Assert.Equal(page.MemoryType, found.Attributes.MemoryType);
            }
        }
    }

    /// <summary>After a split every page is alone; after a merge nothing that could be a block is smaller.</summary>
    public void CheckSizes(Stage2World world, IpaRange range, bool isSplit)
    {
        for (int level = isSplit ? 3 : Math.Max(1, _geometry.StartLevel); level <= (isSplit ? 3 : 2); level++)
        {
            ulong size = 1UL << _geometry.Granule.BlockSizeLog2(level);
            for (ulong ipa = range.Start.Value & ~(size - 1); ipa <= range.Last.Value; ipa += size)
            {
                Stage2Translation found = world.Tables.Walker.Walk(new Ipa(ipa));
                bool wanted = found.IsMapped && (isSplit || (_geometry.Format.AllowsLeaf(level) && IsUniform(ipa, size)));
                if (wanted)
                {
                    Assert.True(isSplit ? found.Size == size : found.Size >= size, $"0x{ipa:x} is 0x{found.Size:x} long, not 0x{size:x}.");
                }
            }
        }
    }

    /// <summary>Gets what one note of an access is about: a leaf, or a run of them.</summary>
    private static IpaRange Unit(Stage2World world, Ipa address)
    {
        Stage2Translation found = world.Tables.Walker.Walk(address);
        ulong size = found.Size * (found.Attributes.IsContiguous ? (ulong)world.RunLength(found.Level) : 1);
        return new IpaRange(address.AlignDown(size), size);
    }

    private (ulong Start, ulong Size) RunOf(Stage2World world, ulong ipa, ulong size, ulong descriptor)
    {
        int level = 3;
        while (1UL << _geometry.Granule.BlockSizeLog2(level) != size)
        {
            level--;
        }

        ulong run = (descriptor & (1UL << 52)) != 0 ? size * (ulong)world.RunLength(level) : size;
        return (ipa & ~(run - 1), run);
    }

    private void Expect(IpaRange range, Func<Page, bool> isExpected, Func<ulong[], int> collect)
    {
        var expected = new ulong[((range.Length / _page) + 63) / 64];
        var bitmap = new ulong[expected.Length + 1];
        Array.Fill(bitmap, 0xAAUL);
        int count = 0;
        Change(range, (page, offset) =>
        {
            if (isExpected(page))
            {
                expected[offset / _page / 64] |= 1UL << (int)(offset / _page % 64);
                count++;
            }

            return page;
        });
        Assert.Equal(count, collect(bitmap));
        Assert.Equal(expected, bitmap[..^1]);
        Assert.Equal(0xAAUL, bitmap[^1]);
    }

    private bool IsUniform(ulong ipa, ulong size)
    {
        if (ipa < _start || ipa - _start + size > Length)
        {
            return false;
        }

        Page first = At(ipa);
        bool uniform = (first.Target & (size - 1)) == 0;
        for (ulong offset = 0; uniform && offset < size; offset += _page)
        {
            uniform = At(ipa + offset) == first with { Target = first.Target + offset };
        }

        return uniform;
    }

    /// <summary>One page.</summary>
    internal readonly record struct Page(
        bool IsMapped,
        ulong Target,
        Stage2Access Access,
        Stage2MemoryType MemoryType,
        Shareability Shareability,
        bool IsAccessed,
        bool IsLogged,
        bool IsWritten)
    {
        public bool PermitsWrites => (Access & Stage2Access.Write) != 0;

        public static Page Of(ulong target, Stage2Attributes attributes) => new(
            true, target, attributes.Access, attributes.MemoryType, attributes.Shareability, attributes.HasAccessFlag, false, false);

        /// <summary>Reads a descriptor as the architecture and the log define its bits.</summary>
        public static Page Decode(Stage2World world, ulong descriptor)
        {
            bool readable = (descriptor & (1UL << 6)) != 0;
            bool writable = (descriptor & (1UL << 7)) != 0;
            bool modifier = (descriptor & (1UL << 51)) != 0;
            bool logMark = (descriptor & (1UL << 57)) != 0;
            bool writtenMark = (descriptor & (1UL << 55)) != 0;
            Assert.False(modifier && (logMark || writtenMark));
            Assert.False(writtenMark && !logMark);
            Assert.False(logMark && writable);
            Stage2Access access = (readable ? Stage2Access.Read : 0) | (writable || modifier ? Stage2Access.Write : 0)
                | ((descriptor >> 53) & 3) switch { 0 => Stage2Access.Execute, 1 => Stage2Access.ExecuteEl0, 2 => Stage2Access.None, _ => Stage2Access.ExecuteEl1 };
            Stage2Attributes attributes = world.Geometry.Format.AttributesIn(descriptor);
            bool isWritten = modifier ? writable : writtenMark;
            return new Page(
                true, world.AddressIn(descriptor), access, attributes.MemoryType, attributes.Shareability, (descriptor & (1UL << 10)) != 0, modifier || logMark, isWritten);
        }

        public Page Permit(Stage2Access access) => this with { Access = access };

        public Page With(Stage2Attributes attributes) => this with
        {
            Access = attributes.Access,
            MemoryType = attributes.MemoryType,
            Shareability = attributes.Shareability,
            IsAccessed = attributes.HasAccessFlag,
        };
    }
}
