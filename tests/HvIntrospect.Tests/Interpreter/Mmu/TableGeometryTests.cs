using System;
using System.Collections.Generic;
using System.Linq;
using HvIntrospect.Interpreter.Mmu;
using HvIntrospect.Registers;
using HvIntrospect.Translation;
using Xunit;

namespace HvIntrospect.Tests.Interpreter.Mmu;

/// <summary>Every setting of VTCR_EL2 and TCR_EL1 against the manual's tables of initial lookup levels; and where descriptors hold the bits of an address.</summary>
public sealed unsafe class TableGeometryTests : IDisposable
{
    private const ulong Tables = TranslationWorld.RamBase;
    private const ulong Nowhere = 0x1000_0000;
    private const ulong Af = 1UL << 10;
    private const ulong Leaf2 = Af | (3UL << 6) | (0xFUL << 2);
    private const ulong Leaf1 = Af | (1UL << 6);
    private const int Large = 52;

    // "Determining stage 2 initial lookup level" and the tables of concatenation: the granule, DS, SL2:SL0, the level, T0SZ with 16 tables or with the largest input, T0SZ with the smallest.
    private static readonly (int Granule, bool? Ds, int Sl, int Level, int Least, int Most, int AddressBits, bool NeedsSmallTables)[] s_stage2 =
    [
        (12, null, 0, 2, 30, 42, 32, false), (12, null, 1, 1, 21, 33, 32, false), (12, null, 2, 0, 12, 24, 44, false), (12, null, 3, 3, 39, 48, 32, true), (12, true, 4, -1, 12, 15, 52, false),
        (14, null, 0, 3, 35, 48, 32, false), (14, null, 1, 2, 24, 38, 32, false), (14, null, 2, 1, 13, 27, 42, false), (14, true, 3, 0, 12, 16, 52, false),
        (16, null, 0, 3, 31, 47, 32, false), (16, null, 1, 2, 18, 34, 32, false), (16, null, 2, 1, 12, 21, 44, false),
    ];

    // "Determining stage 1 initial lookup level".
    private static readonly (int Granule, bool? Ds, int Level, int Least, int Most)[] s_stage1 =
    [
        (12, true, -1, 12, 15), (12, null, 0, 16, 24), (12, null, 1, 25, 33), (12, null, 2, 34, 42), (12, null, 3, 43, 48),
        (14, true, 0, 12, 16), (14, false, 0, 16, 16), (14, null, 1, 17, 27), (14, null, 2, 28, 38), (14, null, 3, 39, 48),
        (16, null, 1, 12, 21), (16, null, 2, 22, 34), (16, null, 3, 35, 47),
    ];

    private readonly Dictionary<(int AddressBits, TranslationFeatures Features), TranslationWorld> _worlds = [];

    public void Dispose()
    {
        foreach (TranslationWorld world in _worlds.Values)
        {
            world.Dispose();
        }
    }

    public static TheoryData<int, TranslationFeatures> Cores() => new()
    {
        { 32, TranslationFeatures.None }, { 36, TranslationFeatures.TTST }, { 40, TranslationFeatures.None }, { 42, TranslationFeatures.None }, { 44, TranslationFeatures.TTST },
        { 48, TranslationFeatures.None }, { 48, TranslationFeatures.LVA }, { Large, TranslationFeatures.None }, { Large, TranslationFeatures.LPA2 },
        { Large, TranslationFeatures.LPA2 | TranslationFeatures.LVA | TranslationFeatures.TTST },
    };

    [Theory]
    [MemberData(nameof(Cores))]
    public void Stage2StartsWhereTheManualSays(int addressBits, TranslationFeatures features)
    {
        TranslationWorld world = World(addressBits, features);
        world.SetRegister("HCR_EL2", (1UL << 31) | 1);
        world.SetRegister("VTTBR_EL2", Nowhere);
        int legal = 0;
        foreach (int granule in (int[])[12, 14, 16])
        {
            foreach (bool ds in (bool[])[false, true])
            {
                for (int sl = 0; sl < 8; sl++)
                {
                    for (int t0sz = 0; t0sz < 64; t0sz++)
                    {
                        int? expected = Stage2Level(granule, ds, sl, t0sz, addressBits, features);
                        world.SetRegister("VTCR_EL2", Vtcr(granule, ds, sl, t0sz));
                        AssertStart(world, expected, isStage2: true, 0, $"VTCR_EL2 with {granule} DS={ds} SL={sl} T0SZ={t0sz}");
                        legal += expected is null ? 0 : 1;
                    }
                }
            }
        }

        Assert.True(legal > 40, $"{legal}");
    }

    [Theory]
    [MemberData(nameof(Cores))]
    public void Stage1StartsWhereTheManualSays(int addressBits, TranslationFeatures features)
    {
        TranslationWorld world = World(addressBits, features);
        world.SetRegister("HCR_EL2", 1UL << 31);
        world.SetRegister("SCTLR_EL1", 1);
        world.SetRegister("TTBR0_EL1", Nowhere);
        world.SetRegister("TTBR1_EL1", Nowhere);
        foreach (int granule in (int[])[12, 14, 16])
        {
            foreach (bool ds in (bool[])[false, true])
            {
                for (int size = 0; size < 64; size++)
                {
                    int? expected = Stage1Level(granule, ds, size, features);
                    world.SetRegister("TCR_EL1", Tcr(granule, ds, size));
                    AssertStart(world, expected, isStage2: false, 0, $"TCR_EL1 with {granule} DS={ds} T0SZ={size}");
                    AssertStart(world, expected, isStage2: false, ulong.MaxValue, $"TCR_EL1 with {granule} DS={ds} T1SZ={size}");
                }
            }
        }
    }

    /// <summary>All levels that a granule has, with leaves wherever they may be and outputs of as many bits as there are.</summary>
    [Theory]
    [MemberData(nameof(Cores))]
    public void EachLegalGeometryOfStage2TranslatesToEveryLeaf(int addressBits, TranslationFeatures features)
    {
        TranslationWorld world = World(addressBits, features);
        world.SetRegister("HCR_EL2", (1UL << 31) | 1);
        var random = new Random(addressBits);
        foreach ((int granule, bool ds, int sl, int t0sz) in Stage2Geometries(addressBits, features))
        {
            int start = Stage2Level(granule, ds, sl, t0sz, addressBits, features)!.Value;
            bool isLarge = ds && granule != 16 && (features & TranslationFeatures.LPA2) != 0;
            bool has52 = addressBits == Large && (granule == 16 || isLarge);
            for (int leaf = start; leaf <= 3; leaf++)
            {
                ulong input = (ulong)random.NextInt64() & ((1UL << (64 - t0sz)) - 1);
                ulong output = (ulong)random.NextInt64() & ((1UL << Math.Min(addressBits, has52 ? Large : 48)) - 1);
                world.Clear();
                world.SetRegister("VTCR_EL2", Vtcr(granule, ds, sl, t0sz));
                world.SetRegister("VTTBR_EL2", Tables);
                int shift = WriteChain(world, granule, isLarge, has52, start, leaf, input, output, Leaf2, 64 - t0sz);
                world.Translator.Translate(world.Cpu, input, AccessKind.Read, 1, out TranslationResult result);
                bool isLeaf = leaf == 3 || leaf >= FirstBlock(granule, isLarge, has52);
                string what = $"{granule} DS={ds} SL={sl} T0SZ={t0sz} leaf at {leaf} of {addressBits}";
                if (addressBits < 48 && input >> addressBits != 0)
                {
                    // Without Stage 1 an address beyond the physical size is a fault of Stage 1.
                    Assert.False(result.IsMapped, what);
                    continue;
                }

                Assert.True(result.IsMapped == isLeaf, $"{what}: {result.Fault.Status}");
                ulong offset = (1UL << shift) - 1;
                Assert.True(isLeaf ? result.Pa == ((output & ~offset) | (input & offset)) : result.Fault.Status == FaultStatus.Create(FaultKind.Translation, leaf), $"{what}: {result.Pa:x}");
            }
        }
    }

    [Theory]
    [InlineData(12, true, 12)]
    [InlineData(12, true, 15)]
    [InlineData(12, false, 16)]
    [InlineData(12, true, 48)]
    [InlineData(14, true, 12)]
    [InlineData(14, true, 30)]
    [InlineData(16, false, 12)]
    [InlineData(16, true, 12)]
    [InlineData(16, false, 47)]
    public void BothHalvesOfStage1TranslateToEveryLeaf(int granule, bool ds, int size)
    {
        const TranslationFeatures All = TranslationFeatures.LPA2 | TranslationFeatures.LVA | TranslationFeatures.TTST;
        TranslationWorld world = World(Large, All);
        world.SetRegister("HCR_EL2", 1UL << 31);
        world.SetRegister("SCTLR_EL1", 1);
        world.SetRegister("TCR_EL1", Tcr(granule, ds, size));
        world.SetRegister("TTBR0_EL1", Tables);
        world.SetRegister("TTBR1_EL1", Tables);
        world.SetRegister("MAIR_EL1", 0xFF);
        int start = Stage1Level(granule, ds, size, All)!.Value;
        bool isLarge = ds && granule != 16;
        bool has52 = isLarge || granule == 16;
        for (int leaf = start; leaf <= 3; leaf++)
        {
            ulong input = 0x000A_BCDE_F123_4568 & ((1UL << (64 - size)) - 1);
            const ulong Output = 0x000F_0F0F_0000_0000;
            world.Clear();
            int shift = WriteChain(world, granule, isLarge, has52, start, leaf, input, Output, Leaf1, 64 - size);
            foreach (ulong va in (ulong[])[input, input | (ulong.MaxValue << (64 - size))])
            {
                world.Translator.Translate(world.Cpu, va, AccessKind.Read, 1, out TranslationResult result);
                ulong offset = (1UL << shift) - 1;
                bool isLeaf = leaf == 3 || leaf >= FirstBlock(granule, isLarge, has52);
                Assert.Equal(isLeaf, result.IsMapped);
                Assert.Equal(isLeaf ? (has52 ? Output : Output & 0xFFFF_FFFF_FFFF) & ~offset | (va & offset) : 0, result.Pa);
                Assert.True(isLeaf || result.Fault.Status == FaultStatus.Create(FaultKind.Translation, leaf));
            }
        }
    }

    /// <summary>An address that the descriptor can hold and the configured size cannot is an Address size fault at its level, the root's at level 0.</summary>
    [Theory]
    [InlineData(12, true, 4, 12)]
    [InlineData(14, true, 3, 12)]
    [InlineData(16, false, 2, 12)]
    public void AddressesAboveTheConfiguredSizeAreFaults(int granule, bool ds, int sl, int t0sz)
    {
        TranslationWorld world = World(Large, TranslationFeatures.LPA2);
        world.SetRegister("HCR_EL2", (1UL << 31) | 1);
        int start = Stage2Level(granule, ds, sl, t0sz, Large, TranslationFeatures.LPA2)!.Value;
        world.SetRegister("VTTBR_EL2", Tables);
        WriteChain(world, granule, isLarge: ds, has52: true, start, start + 1, 0, 0x0008_0000_0000_0000, Leaf2, 64 - t0sz);
        foreach ((ulong ps, FaultStatus? expected) in ((ulong, FaultStatus?)[])[(6, null), (5, FaultStatus.Create(FaultKind.AddressSize, start + 1))])
        {
            world.SetRegister("VTCR_EL2", (Vtcr(granule, ds, sl, t0sz) & ~(7UL << 16)) | (ps << 16));
            world.Domain.Perform(world.Cpu, TlbiOperation.Alle1, 0);
            world.Translator.Translate(world.Cpu, 0, AccessKind.Read, 1, out TranslationResult result);
            if (start + 1 >= FirstBlock(granule, ds, has52: true))
            {
                Assert.Equal(expected is null, result.IsMapped);
                Assert.True(result.IsMapped || result.Fault.Status == expected);
            }
        }

        // The bits 51:48 of the root lie at 5:2 of the register: always with DS, with 64 KB while PS is 52 bits.
        world.SetRegister("VTTBR_EL2", Tables | (1UL << 5));
        world.Domain.Perform(world.Cpu, TlbiOperation.Alle1, 0);
        world.Translator.Translate(world.Cpu, 0, AccessKind.Read, 1, out TranslationResult root);
        Assert.Equal(ds ? FaultStatus.Create(FaultKind.AddressSize, 0) : FaultStatus.Create(FaultKind.AddressSize, start + 1), root.Fault.Status);
        world.SetRegister("VTCR_EL2", Vtcr(granule, ds, sl, t0sz));
        world.Domain.Perform(world.Cpu, TlbiOperation.Alle1, 0);
        world.Translator.Translate(world.Cpu, 0, AccessKind.Read, 1, out root);
        Assert.Equal(FaultStatus.Create(FaultKind.SynchronousExternalOnWalk, start), root.Fault.Status);
    }

    /// <summary>Large descriptors have address bits where the others have SH: the control registers say it for all.</summary>
    [Theory]
    [InlineData(0, 0)]
    [InlineData(2, 2)]
    [InlineData(3, 3)]
    public void LargeDescriptorsTakeTheShareabilityFromTheControlRegisters(int field, int expected)
    {
        TranslationWorld world = World(Large, TranslationFeatures.LPA2);
        world.SetRegister("HCR_EL2", 1UL << 31);
        world.SetRegister("SCTLR_EL1", 1);
        world.SetRegister("MAIR_EL1", 0xFF);
        world.SetRegister("TTBR0_EL1", Tables);
        world.SetRegister("TCR_EL1", Tcr(12, ds: true, 16) | ((ulong)field << 12) | (1UL << 28));
        WriteChain(world, 12, isLarge: true, has52: true, 0, 0, 0, 0x000C_0000_0000_0000, Leaf1, 48);
        Par par = world.Translator.TranslateForAt(world.Cpu, 0, isWrite: false, 1, bothStages: false, pan: false, out _);
        Assert.Equal((false, 0x000C_0000_0000_0000UL, expected), (par.IsFault, par.Page, par.Shareability));

        // And through Stage 2, with its own register.
        world.Clear();
        world.SetRegister("SCTLR_EL1", 0);
        world.SetRegister("HCR_EL2", (1UL << 31) | (ulong)(HcrBits.Vm | HcrBits.Dc));
        world.SetRegister("VTCR_EL2", Vtcr(12, ds: true, 2, 16) | ((ulong)field << 12));
        world.SetRegister("VTTBR_EL2", Tables);
        WriteChain(world, 12, isLarge: true, has52: true, 0, 0, 0, 0x0003_0000_0000_0000, Leaf2, 48);
        par = world.Translator.TranslateForAt(world.Cpu, 0, isWrite: false, 1, bothStages: true, pan: false, out _);
        Assert.Equal((false, 0x0003_0000_0000_0000UL, expected), (par.IsFault, par.Page, par.Shareability));
    }

    private static int? Stage2Level(int granule, bool ds, int sl, int t0sz, int addressBits, TranslationFeatures features)
    {
        bool isLarge = ds && granule != 16 && (features & TranslationFeatures.LPA2) != 0;
        bool hasSmallTables = (features & TranslationFeatures.TTST) != 0;
        int selected = granule == 12 && isLarge ? sl : sl & 3;
        int largest = Math.Min(addressBits, isLarge || granule == 16 ? Large : 48);
        foreach ((int size, bool? needsDs, int field, int level, int least, int most, int bits, bool needsSmallTables) in s_stage2)
        {
            if (size == granule && field == selected && (needsDs is null || needsDs == isLarge) && t0sz >= least && t0sz <= (hasSmallTables ? most : Math.Min(most, 39))
                && t0sz >= 64 - largest && addressBits >= bits && (hasSmallTables || !needsSmallTables))
            {
                return level;
            }
        }

        return null;
    }

    private static int? Stage1Level(int granule, bool ds, int size, TranslationFeatures features)
    {
        bool isLarge = ds && granule != 16 && (features & TranslationFeatures.LPA2) != 0;
        bool hasSmallTables = (features & TranslationFeatures.TTST) != 0;
        bool isWide = granule != 16 || (features & TranslationFeatures.LVA) != 0;
        foreach ((int rowGranule, bool? needsDs, int level, int least, int most) in s_stage1)
        {
            if (rowGranule == granule && (needsDs is null || needsDs == isLarge) && size >= least && size <= (hasSmallTables ? most : Math.Min(most, 39)) && (isWide || size >= 16))
            {
                return level;
            }
        }

        return null;
    }

    private static IEnumerable<(int Granule, bool Ds, int Sl, int T0sz)> Stage2Geometries(int addressBits, TranslationFeatures features) =>
        from granule in (int[])[12, 14, 16]
        from ds in (bool[])[false, true]
        from sl in Enumerable.Range(0, 8)
        from t0sz in Enumerable.Range(0, 64)
        where Stage2Level(granule, ds, sl, t0sz, addressBits, features) is not null
        select (granule, ds, sl, t0sz);

    private static int FirstBlock(int granule, bool isLarge, bool has52) => granule switch
    {
        12 => isLarge ? 0 : 1,
        14 => isLarge ? 1 : 2,
        _ => has52 ? 1 : 2,
    };

    private static ulong Vtcr(int granule, bool ds, int sl, int t0sz) =>
        (uint)t0sz | ((ulong)(sl & 3) << 6) | ((ulong)(sl >> 2) << 33) | ((granule switch { 12 => 0UL, 14 => 2, _ => 1 }) << 14) | (6UL << 16) | (ds ? 1UL << 32 : 0);

    private static ulong Tcr(int granule, bool ds, int size) =>
        (uint)size | ((ulong)size << 16) | ((granule switch { 12 => 0UL, 14 => 2, _ => 1 }) << 14) | ((granule switch { 12 => 2UL, 14 => 1, _ => 3 }) << 30) | (6UL << 32) | (ds ? 1UL << 59 : 0);

    private static void AssertStart(TranslationWorld world, int? level, bool isStage2, ulong va, string what)
    {
        world.Translator.Translate(world.Cpu, va, AccessKind.Read, 1, out TranslationResult result);
        FaultStatus expected = level is int start ? FaultStatus.Create(FaultKind.SynchronousExternalOnWalk, start) : FaultStatus.Create(FaultKind.Translation, 0);
        Assert.True(!result.IsMapped && result.Fault.Status == expected && result.Fault.IsStage2 == isStage2, $"{what}: {result.Fault.Status}, expected {expected}");
    }

    /// <summary>Writes tables from the start level down to a leaf, each in 64 KB of its own behind the root's 4 MB, and tells the logarithm of the leaf's range.</summary>
    private static int WriteChain(
        TranslationWorld world, int granule, bool isLarge, bool has52, int start, int leaf, ulong input, ulong output, ulong attributes, int inputBits)
    {
        ulong table = Tables;
        int shift = granule + ((3 - start) * (granule - 3));
        int bits = inputBits - shift;
        for (int level = start; ; level++, shift -= granule - 3, bits = granule - 3)
        {
            ulong slot = table + (((input >> shift) & ((1UL << bits) - 1)) * 8);
            if (level == leaf)
            {
                world.Write64(slot, Address(output & ~((1UL << shift) - 1)) | attributes | (leaf == 3 ? 3UL : 1));
                return shift;
            }

            table = Tables + 0x40_0000 + ((ulong)(level + 1) << 16);
            world.Write64(slot, Address(table) | 3);
        }

        ulong Address(ulong address) =>
            isLarge ? (address & 0x0003_FFFF_FFFF_FFFF) | (((address >> 50) & 3) << 8)
            : has52 ? (address & 0x0000_FFFF_FFFF_FFFF) | ((address >> 48) << 12)
            : address & 0x0000_FFFF_FFFF_FFFF;
    }

    private TranslationWorld World(int addressBits, TranslationFeatures features)
    {
        if (!_worlds.TryGetValue((addressBits, features), out TranslationWorld? world))
        {
            world = new TranslationWorld(A64Features.Armv8_0, addressBits, features);
            _worlds.Add((addressBits, features), world);
        }

        return world;
    }
}
