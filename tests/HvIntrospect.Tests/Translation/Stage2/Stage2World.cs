using System;
using System.Collections.Generic;
using HvIntrospect.Registers;
using HvIntrospect.Translation;
using HvIntrospect.Translation.Stage2;
using Xunit;

namespace HvIntrospect.Tests.Translation.Stage2;

/// <summary>Tables in a small physical memory, and a view of them that shares no code with the walker.</summary>
internal sealed class Stage2World
{
    public const ulong PoolStart = 0x8000_0000;

    public Stage2World(Stage2Geometry geometry, bool isDirect = true, int? tablePages = null, Stage2CoreFeatures? cores = null)
    {
        int poolPages = tablePages ?? geometry.Granule.SizeLog2 switch { 12 => 4608, 14 => 512, _ => 64 };
        int length = poolPages << geometry.Granule.SizeLog2;
        Geometry = geometry;
        Memory = new TestPhysicalMemory(PoolStart, length, isDirect);
        Pages = new FailingTablePages(new TablePool(new PaRange(new Pa(PoolStart), (ulong)length), geometry.Granule));
        Tables = new Stage2Tables(Memory, Pages, geometry, 5, Operations, cores);
        Operations.WriteSystemRegister(SystemRegister.VtcrEl2, Tables.Vtcr.Value);
        Operations.WriteSystemRegister(SystemRegister.VttbrEl2, Tables.Vttbr.Value);
        Operations.Log.Clear();
    }

    public Stage2Geometry Geometry { get; }

    public TestPhysicalMemory Memory { get; }

    public FailingTablePages Pages { get; }

    public RecordingEl2Operations Operations { get; } = new();

    public Stage2Tables Tables { get; }

    public ulong Root => Tables.Vttbr.Value & 0xFFFF_FFFF_FFFE;

    /// <summary>Makes an access of random bits, one that the geometry has.</summary>
    public static Stage2Access AccessOf(Stage2Geometry geometry, int bits) => (geometry.Features & TranslationFeatures.XNX) != 0
        ? (Stage2Access)bits & Stage2Access.All
        : ((Stage2Access)bits & Stage2Access.ReadWrite) | ((bits & 4) != 0 ? Stage2Access.Execute : 0);

    public static IpaRange Range(ulong start, ulong length) => new(new Ipa(start), length);

    /// <summary>Gets the number of leaves in a contiguous run, from the architecture's table; 1 where there are none.</summary>
    public static int RunLength(TranslationGranule granule, int level) => (granule.SizeLog2, level) switch
    {
        (12, 1 or 2 or 3) => 16,
        (14, 2) => 32,
        (14, 3) => 128,
        (16, 2 or 3) => 32,
        _ => 1,
    };

    /// <summary>Every block and page: IPA, size, descriptor. Checks on the way that no table is empty and none is lost.</summary>
    public List<(ulong Ipa, ulong Size, ulong Descriptor)> Leaves()
    {
        var leaves = new List<(ulong, ulong, ulong)>();
        int tables = Visit(Root, Geometry.StartLevel, 0, Geometry.Granule.DescriptorsPerTable * Geometry.RootTables, leaves);
        Assert.Equal(Pages.Taken, tables - 1 + Geometry.RootTables);
        return leaves;
    }

    /// <summary>All descriptors of linked tables by address.</summary>
    public Dictionary<ulong, ulong> Snapshot()
    {
        var words = new Dictionary<ulong, ulong>();
        Copy(Root, Geometry.StartLevel, Geometry.Granule.DescriptorsPerTable * Geometry.RootTables, words);
        return words;
    }

    /// <summary>Gets the output address in a descriptor of this geometry.</summary>
    public ulong AddressIn(ulong descriptor)
    {
        ulong page = ~((1UL << Geometry.Granule.SizeLog2) - 1);
        return (Geometry.OutputBits, Geometry.Granule.SizeLog2) switch
        {
            (52, 16) => (descriptor & 0xFFFF_FFFF_0000) | (((descriptor >> 12) & 0xF) << 48),
            (52, _) => (descriptor & 0x3_FFFF_FFFF_FFFF & page) | (((descriptor >> 8) & 3) << 50),
            _ => descriptor & 0xFFFF_FFFF_FFFF & page,
        };
    }

    /// <summary>Gets the number of leaves in a contiguous run.</summary>
    public int RunLength(int level) => RunLength(Geometry.Granule, level);

    private int FirstBlockLevel => (Geometry.Granule.SizeLog2, Geometry.OutputBits) switch
    {
        (12, 52) => 0,
        (12, _) or (14, 52) or (16, 52) => 1,
        _ => 2,
    };

    /// <summary>Checks that the leaves of a run are all there, follow each other, and differ by nothing but what hardware may write and ignores.</summary>
    private void CheckRun(ulong table, int index, int level, ulong size, ulong descriptor)
    {
        const ulong Contiguous = 1UL << 52;
        int length = RunLength(level);
        if ((descriptor & Contiguous) == 0)
        {
            return;
        }

        Assert.True(length > 1 && (ulong)length * size <= 1UL << Geometry.InputBits);
        int first = index & -length;
        ulong start = AddressIn(Memory[table + ((ulong)first << 3)]);
        Assert.Equal(0UL, start & (((ulong)length * size) - 1));
        for (int i = 0; i < length; i++)
        {
            ulong other = Memory[table + ((ulong)(first + i) << 3)];
            ulong ignored = (1UL << 10) | (0xFUL << 55) | ((other & (1UL << 51)) != 0 ? 1UL << 7 : 0) | AddressBits;
            Assert.Equal(start + ((ulong)i * size), AddressIn(other));
            Assert.Equal(descriptor & ~ignored, other & ~ignored);
        }
    }

    private ulong AddressBits => (Geometry.OutputBits, Geometry.Granule.SizeLog2) switch
    {
        (52, 16) => 0xFFFF_FFFF_F000,
        (52, _) => 0x3_FFFF_FFFF_F300,
        _ => 0xFFFF_FFFF_F000,
    };

    private int Visit(ulong table, int level, ulong tableIpa, int count, List<(ulong Ipa, ulong Size, ulong Descriptor)> leaves)
    {
        int tables = 1;
        int before = leaves.Count;
        for (int i = 0; i < count; i++)
        {
            ulong descriptor = Memory[table + ((ulong)i << 3)];
            ulong size = 1UL << Geometry.Granule.BlockSizeLog2(level);
            ulong ipa = tableIpa + ((ulong)i * size);
            if ((descriptor & 1) == 0)
            {
                Assert.Equal(0UL, descriptor);
            }
            else if (level == 3 || (descriptor & 2) == 0)
            {
                Assert.True(level == 3 ? (descriptor & 2) != 0 : level >= FirstBlockLevel);
                Assert.Equal(0UL, AddressIn(descriptor) & (size - 1));
                CheckRun(table, i, level, size, descriptor);
                leaves.Add((ipa, size, descriptor));
            }
            else
            {
                tables += Visit(descriptor & 0xFFFF_FFFF_F000, level + 1, ipa, Geometry.Granule.DescriptorsPerTable, leaves);
            }
        }

        Assert.True(table == Root || leaves.Count > before, "A table is empty.");
        return tables;
    }

    private void Copy(ulong table, int level, int count, Dictionary<ulong, ulong> words)
    {
        for (int i = 0; i < count; i++)
        {
            ulong address = table + ((ulong)i << 3);
            ulong descriptor = Memory[address];
            words.Add(address, descriptor);
            if (level < 3 && (descriptor & 3) == 3)
            {
                Copy(descriptor & 0xFFFF_FFFF_F000, level + 1, Geometry.Granule.DescriptorsPerTable, words);
            }
        }
    }
}
