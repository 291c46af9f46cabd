using System;
using HvIntrospect.Registers;
using HvIntrospect.Translation;
using HvIntrospect.Translation.Stage2;
using HvIntrospect.Tests.Support;
using Xunit;

namespace HvIntrospect.Tests.Translation.Stage2;

public sealed class Stage2WalkerTests
{
    private const int BankSize = 0x10_0000;

    [Fact]
    public void AnyRegistersAndAnyTablesEndInAResultWithoutAllocation()
    {
        // Random tables in two banks, so that a walk goes in place, by copies and to where nothing is.
        var random = new Random(7);
        var memory = new TwoBanks(random);
        var faults = new int[32];
        var walkers = new Stage2Walker[2000];
        for (int i = 0; i < walkers.Length; i++)
        {
            walkers[i] = new Stage2Walker(
                memory,
                new Vtcr((ulong)random.NextInt64() & ~0x20UL),
                new Vttbr((ulong)random.Next(2 * BankSize) & ~0xFFFFUL),
                32 + random.Next(21),
                (TranslationFeatures)random.Next(1024),
                (i & 1) != 0);
        }

        Walk();
        int most = 0;
        Assert.Equal(0, Allocation.Of(() => most = Math.Max(most, Walk())));
        Assert.InRange(most, 2, Stage2Walker.MostDescriptors);
        foreach (FaultKind kind in new[] { FaultKind.AddressSize, FaultKind.Translation, FaultKind.AccessFlag, FaultKind.Permission, FaultKind.SynchronousExternalOnWalk, FaultKind.Unknown })
        {
            Assert.True(faults[(int)kind] > 20, kind + " was seen too seldom.");
        }

        int Walk()
        {
            int most = 0;
            foreach (Stage2Walker walker in walkers)
            {
                for (int j = 0; j < 40; j++)
                {
                    memory.Copies = 0;
                    Stage2Translation found = walker.Walk(new Ipa((ulong)random.NextInt64() >> random.Next(12, 50)), (Stage2Access)random.Next(16));
                    faults[found.IsFault ? (int)found.Status.Kind : 0]++;
                    most = Math.Max(most, memory.Copies);
                }
            }

            return most;
        }
    }

    [Fact]
    public void TheWayInPlaceAndTheWayByCopiesAgree()
    {
        var random = new Random(11);
        var inPlace = new TestPhysicalMemory(0, BankSize, isDirect: true);
        var byCopies = new TestPhysicalMemory(0, BankSize, isDirect: false);
        var bytes = new byte[BankSize];
        for (int i = 0; i < BankSize; i += 8)
        {
            BitConverter.TryWriteBytes(bytes.AsSpan(i), TwoBanks.RandomDescriptor(random, BankSize));
        }

        inPlace.Write(new Pa(0), bytes);
        byCopies.Write(new Pa(0), bytes);
        int mapped = 0;
        for (int i = 0; i < 20_000; i++)
        {
            var vtcr = new Vtcr(((ulong)random.NextInt64() & ~0x3FUL) | (uint)random.Next(16, 40));
            var vttbr = new Vttbr((ulong)random.Next(BankSize) & ~0xFFFUL);
            int bits = 32 + random.Next(21);
            var features = (TranslationFeatures)random.Next(1024);
            var address = new Ipa((ulong)random.NextInt64() >> random.Next(12, 50));
            var access = (Stage2Access)random.Next(16);
            Stage2Translation first = new Stage2Walker(inPlace, vtcr, vttbr, bits, features).Walk(address, access);
            Stage2Translation second = new Stage2Walker(byCopies, vtcr, vttbr, bits, features).Walk(address, access);
            Assert.Equal(first, second);
            mapped += first.IsMapped ? 1 : 0;
        }

        Assert.InRange(mapped, 500, 20_000);
    }

    [Theory]
    [InlineData(0, true, true, true, true)]
    [InlineData(1, true, true, true, false)]
    [InlineData(2, false, false, false, false)]
    [InlineData(3, false, false, false, true)]
    public void ExecuteNeverHasOneOrTwoBits(int executeNever, bool el0, bool el1, bool el0OfTwo, bool el1OfTwo)
    {
        var memory = new SparseMemory { [0x1000] = 0x4000_0000 | (3UL << 6) | (1 << 10) | ((ulong)executeNever << 53) | 1 };
        Vtcr vtcr = new Stage2Geometry(32, 40, startLevel: 1).Vtcr;
        Assert.Equal((el0, el1), Fetch(TranslationFeatures.None));
        Assert.Equal((el0OfTwo, el1OfTwo), Fetch(TranslationFeatures.XNX));

        (bool El0, bool El1) Fetch(TranslationFeatures features)
        {
            var walker = new Stage2Walker(memory, vtcr, new Vttbr(0x1000), 40, features);
            return (!walker.Walk(new Ipa(0), Stage2Access.ExecuteEl0).IsFault, !walker.Walk(new Ipa(0), Stage2Access.ExecuteEl1).IsFault);
        }
    }

    [Fact]
    public void TheWalkerSeesDirtyStateAndAccessFlagAsHardwareManagesThem()
    {
        var memory = new SparseMemory { [0x1000] = 0x4000_0000 | (1UL << 6) | (1UL << 51) | 1 };
        Vtcr vtcr = new(new Stage2Geometry(32, 40, startLevel: 1).Vtcr.Value | (3UL << 21));
        Assert.Equal(FaultKind.AccessFlag, new Stage2Walker(memory, vtcr, new Vttbr(0x1000), 40).Walk(default, Stage2Access.Write).Status.Kind);
        Assert.False(new Stage2Walker(memory, vtcr, new Vttbr(0x1000), 40, TranslationFeatures.HAFDBS).Walk(default, Stage2Access.Write).IsFault);
    }

    /// <summary>A path to a leaf of every level in every geometry, made by hand: what is found, what the trace tells, and the fault of each kind at each level.</summary>
    [Fact]
    public void EveryGeometryIsWalkedToEveryLeafAndEveryFault()
    {
        var random = new Random(17);
        int leaves = 0;
        foreach (TranslationGranule granule in GeometryRows.Granules)
        {
            foreach (TranslationFeatures features in GeometryRows.Cores)
            {
                foreach (int implemented in new[] { 40, 44, 48, 52 })
                {
                    for (int fields = 0; fields < 1 << 10; fields++)
                    {
                        (int t0sz, int sl0, int sl2, bool ds) = (fields & 63, (fields >> 6) & 3, (fields >> 8) & 1, fields >> 9 != 0);
                        if (GeometryRows.Level(granule, ds, sl2, sl0, 64 - t0sz, implemented, features) is int start)
                        {
                            int ps = random.Next(3) == 0 ? 5 : 6;
                            Vtcr vtcr = Vtcr.Create(t0sz, sl0, granule.GranuleSize, ps, ds: ds, sl2: sl2);
                            leaves += WalkToEveryLevel(random, new Path(granule, vtcr, start, implemented, GeometryRows.IsLarge(granule, ds, features)), features);
                        }
                    }
                }
            }
        }

        Assert.InRange(leaves, 3000, int.MaxValue);
    }

    [Theory]
    [InlineData(0b0000, Stage2MemoryType.DeviceNGnRnE, Stage2MemoryType.DeviceNGnRnE)]
    [InlineData(0b0101, Stage2MemoryType.NormalNonCacheable, Stage2MemoryType.NormalNonCacheable)]
    [InlineData(0b0110, (Stage2MemoryType)0b0110, Stage2MemoryType.NormalWriteBack)]
    [InlineData(0b0111, (Stage2MemoryType)0b0111, Stage2MemoryType.Stage1Decides)]
    [InlineData(0b1111, Stage2MemoryType.NormalWriteBack, Stage2MemoryType.Stage1Decides)]
    [InlineData(0b1010, Stage2MemoryType.NormalWriteThrough, Stage2MemoryType.DeviceNGRE)]
    [InlineData(0b0100, (Stage2MemoryType)0b0100, Stage2MemoryType.DeviceNGnRnE)]
    public void ForcedWriteBackChangesWhatTheTypeMeans(int memAttr, Stage2MemoryType without, Stage2MemoryType with)
    {
        var memory = new SparseMemory { [0x1000] = 0x4000_0000 | (3UL << 6) | (1 << 10) | ((ulong)memAttr << 2) | 1 };
        Vtcr vtcr = new Stage2Geometry(32, 40, startLevel: 1).Vtcr;
        Assert.Equal(without, Type(TranslationFeatures.S2FWB, forced: false));
        Assert.Equal(without, Type(TranslationFeatures.None, forced: true));
        Assert.Equal(with, Type(TranslationFeatures.S2FWB, forced: true));

        Stage2MemoryType Type(TranslationFeatures features, bool forced) =>
            new Stage2Walker(memory, vtcr, new Vttbr(0x1000), 40, features, forced).Walk(default).Attributes.MemoryType;
    }

    [Fact]
    public void WithLargeDescriptorsAllMemoryHasTheShareabilityOfWalks()
    {
        var memory = new SparseMemory { [0x1000] = 0x2000 | 3, [0x2000] = (3UL << 48) | (3UL << 8) | (3UL << 6) | (1 << 10) | (0xFUL << 2) | 1 };
        Vtcr usual = new Stage2Geometry(52, 52, startLevel: -1, features: TranslationFeatures.LPA2).Vtcr;
        Stage2Translation found = Walk(usual);
        Assert.Equal((new Pa(0xF_0000_0000_0123), 0), (found.Pa, found.Level));
        Assert.Equal(Shareability.InnerShareable, found.Attributes.Shareability);
        Assert.Equal(Shareability.OuterShareable, Walk(new Vtcr(usual.Value & ~(1UL << 12))).Attributes.Shareability);

        Stage2Translation Walk(Vtcr vtcr) => new Stage2Walker(memory, vtcr, new Vttbr(0x1000), 52, TranslationFeatures.LPA2).Walk(new Ipa(0x123));
    }

    [Fact]
    public void AFaultBetweenBreakAndMakeSaysSo()
    {
        const ulong Transition = 1UL << 56;
        var memory = new SparseMemory { [0x1000] = 0x2000 | 3, [0x2000] = Transition | 0x4000_0000 | 2 };
        var walker = new Stage2Walker(memory, new Stage2Geometry(32, 40, startLevel: 1).Vtcr, new Vttbr(0x1000), 40);
        Stage2Translation broken = walker.Walk(default, Stage2Access.Read);
        Assert.True(broken is { IsFault: true, IsMapped: false, IsInTransition: true });
        Assert.Equal(FaultStatus.Create(FaultKind.Translation, 2), broken.Status);
        memory[0x2000] &= ~Transition;
        Assert.False(walker.Walk(default).IsInTransition);
        memory[0x2000] = Transition | 0x4000_0000 | (1 << 10) | 1;
        Assert.False(walker.Walk(default, Stage2Access.Read).IsInTransition);
        Assert.False(walker.Walk(new Ipa(1UL << 32)).IsInTransition);
    }

    [Fact]
    public void ABlockThatReplacesATableOrIsContiguousTranslatesAsItsDescriptorSays()
    {
        const ulong NoTranslation = 1UL << 16;
        const ulong Contiguous = 1UL << 52;
        var memory = new SparseMemory { [0x1000] = Contiguous | NoTranslation | 0x4000_0000 | (3UL << 6) | (1 << 10) | 1 };
        Stage2Translation found = new Stage2Walker(memory, new Stage2Geometry(32, 40, startLevel: 1).Vtcr, new Vttbr(0x1000), 40).Walk(new Ipa(0x2345_6789));
        Assert.Equal(new Pa(0x6345_6789), found.Pa);
        Assert.Equal(1UL << 30, found.Size);
        Assert.True(found.Attributes.IsContiguous);
    }

    [Fact]
    public void ATraceNeedsRoomForTheLongestWalk()
    {
        var walker = new Stage2Walker(new SparseMemory(), new Stage2Geometry(32, 40), new Vttbr(0x1000));
        var error = Assert.Throws<ArgumentException>(() => walker.Trace(default, new Stage2WalkStep[Stage2Walker.MostDescriptors - 1], out _));
        Assert.Equal("steps", error.ParamName);
        Assert.Equal("level -1: 0x13 at 0x1000", new Stage2WalkStep(new Pa(0x1000), 0x13, -1).ToString());
    }

    private static int WalkToEveryLevel(Random random, Path path, TranslationFeatures features)
    {
        Span<Stage2WalkStep> steps = stackalloc Stage2WalkStep[Stage2Walker.MostDescriptors];
        int leaves = 0;
        for (int level = path.Start; level <= 3; level++)
        {
            // In the last fourth of the physical addresses, so that folded bits are in use.
            ulong ipa = (ulong)random.NextInt64() & ((1UL << path.InputBits) - 1);
            ulong target = ((ulong)random.NextInt64() | (3UL << (path.OutputBits - 2))) & ((1UL << path.OutputBits) - 1) & ~((1UL << path.Shift(level)) - 1);
            SparseMemory memory = path.Build(random, ipa, level, target, (3UL << 6) | (1 << 10));
            var walker = new Stage2Walker(memory, path.Vtcr, path.Vttbr, path.Implemented, features);
            string what = $"{path.Granule.SizeLog2} {path.Vtcr} {features} of {path.Implemented}, level {level}";
            Stage2Translation found = walker.Walk(new Ipa(ipa), Stage2Access.All);
            Assert.Equal(found, walker.Trace(new Ipa(ipa), steps, out int count, Stage2Access.All));
            Assert.Equal(level - path.Start + 1, count);
            for (int i = 0; i < count; i++)
            {
                Assert.Equal(new Stage2WalkStep(new Pa(path.Slots[i]), memory[path.Slots[i]], path.Start + i), steps[i]);
            }

            if (!GeometryRows.MayMap(path.Granule, path.IsLarge, path.Implemented, level))
            {
                Assert.True(found.Status == FaultStatus.Create(FaultKind.Translation, level), $"{what}: {found}");
                continue;
            }

            leaves++;
            Assert.True(!found.IsFault && found.Pa.Value == (target | (ipa & ((1UL << path.Shift(level)) - 1))) && found.Level == level, $"{what}: {found}");
            Assert.Equal(1UL << path.Shift(level), found.Size);
            FaultAtTheLeaf(FaultKind.AccessFlag, 1UL << 10, clear: true);
            FaultAtTheLeaf(FaultKind.Permission, 1UL << 7, clear: true);
            FaultAtTheLeaf(FaultKind.Translation, 1, clear: true);
            if (path.OutputBits < path.DescriptorBits)
            {
                FaultAtTheLeaf(FaultKind.AddressSize, path.Encode(1UL << path.OutputBits), clear: false);
            }

            void FaultAtTheLeaf(FaultKind kind, ulong bit, bool clear)
            {
                ulong old = memory[path.Slots[^1]];
                memory[path.Slots[^1]] = clear ? old & ~bit : old | bit;
                Stage2Translation fault = walker.Walk(new Ipa(ipa), Stage2Access.All);
                memory[path.Slots[^1]] = old;
                Assert.True(fault.IsFault && fault.Status == FaultStatus.Create(kind, level), $"{what}: {kind} wanted, {fault}");
                Assert.Equal(new Pa(path.Slots[^1]), fault.DescriptorAddress);
            }
        }

        return leaves;
    }

    /// <summary>Tables made by hand, sharing nothing with the library but the registers.</summary>
    private sealed class Path
    {
        public Path(TranslationGranule granule, Vtcr vtcr, int start, int implemented, bool isLarge)
        {
            Granule = granule;
            Vtcr = vtcr;
            Start = start;
            Implemented = implemented;
            IsLarge = isLarge;
            bool may52 = isLarge || granule.SizeLog2 == 16;
            DescriptorBits = isLarge || (granule.SizeLog2 == 16 && implemented == 52) ? 52 : 48;
            OutputBits = Math.Min(Math.Min(vtcr.Ps == 6 ? 52 : 48, implemented), may52 ? 52 : 48);
        }

        public TranslationGranule Granule { get; }

        public Vtcr Vtcr { get; }

        public int Start { get; }

        public int Implemented { get; }

        public bool IsLarge { get; }

        public int DescriptorBits { get; }

        public int OutputBits { get; }

        public int InputBits => 64 - Vtcr.T0sz;

        public Vttbr Vttbr { get; private set; }

        /// <summary>Gets where the descriptors are.</summary>
        public ulong[] Slots { get; private set; } = [];

        public int Shift(int level) => Granule.SizeLog2 + ((3 - level) * (Granule.SizeLog2 - 3));

        public ulong Encode(ulong address) => DescriptorBits == 48 ? address
            : Granule.SizeLog2 == 16 ? (address & 0xFFFF_FFFF_FFFF) | ((address >> 48) << 12)
            : (address & 0x3_FFFF_FFFF_FFFF) | ((address >> 50) << 8);

        public SparseMemory Build(Random random, ulong ipa, int leafLevel, ulong target, ulong attributes)
        {
            var memory = new SparseMemory();
            Slots = new ulong[leafLevel - Start + 1];
            ulong table = Table(random, Math.Max(20, Granule.SizeLog2));
            bool foldsRoot = IsLarge || OutputBits == 52;
            Vttbr = new Vttbr(foldsRoot ? (table & 0xFFFF_FFFF_FFFF) | ((table >> 48) << 2) : table);
            for (int i = 0; i < Slots.Length; i++)
            {
                int level = Start + i;
                ulong index = (ipa >> Shift(level)) & (i == 0 ? ulong.MaxValue : (1UL << (Granule.SizeLog2 - 3)) - 1);
                Slots[i] = table + (index * 8);
                table = Table(random, Granule.SizeLog2);
                memory[Slots[i]] = level < leafLevel ? Encode(table) | 3 : Encode(target) | attributes | (level == 3 ? 3UL : 1);
            }

            return memory;
        }

        private ulong Table(Random random, int alignment) =>
            (ulong)random.NextInt64() & ((1UL << OutputBits) - 1) & ~((1UL << alignment) - 1);
    }

    private sealed class TwoBanks : IPhysicalMemory
    {
        private readonly byte[] _bytes = new byte[2 * BankSize];

        public TwoBanks(Random random)
        {
            for (int i = 0; i < _bytes.Length; i += 8)
            {
                BitConverter.TryWriteBytes(_bytes.AsSpan(i), RandomDescriptor(random, 2 * BankSize));
            }
        }

        public int Copies { get; set; }

        public AtomicWidths CompareExchangeWidths => AtomicWidths.None;

        /// <summary>Mostly a descriptor that goes on inside the memory, else anything.</summary>
        public static ulong RandomDescriptor(Random random, int size) => random.Next(8) switch
        {
            0 => (ulong)random.NextInt64(),
            1 => ((ulong)random.NextInt64() & 0xFFFF_FFFF_F000) | (uint)random.Next(0x1000),
            2 => ((ulong)random.NextInt64() & 0x0078_0000_FFFF_FFFC) | (1 << 10) | 1,
            _ => ((ulong)random.Next(size) & ~0xFFFUL) | ((uint)random.Next(0x1000) & ~4U) | 3,
        };

        public Span<byte> GetSpan(Pa address, out Pa start)
        {
            start = default;
            return address.Value < BankSize ? _bytes.AsSpan(0, BankSize) : default;
        }

        public int Read(Pa address, Span<byte> destination)
        {
            Copies++;
            if (address.Value > (ulong)(_bytes.Length - destination.Length))
            {
                return 0;
            }

            _bytes.AsSpan((int)address.Value, destination.Length).CopyTo(destination);
            return destination.Length;
        }

        public int Write(Pa address, ReadOnlySpan<byte> source) => throw new InvalidOperationException("A walk writes nothing.");

        public CompareExchangeResult TryCompareExchange(
            Pa address, ReadOnlySpan<byte> expected, ReadOnlySpan<byte> replacement, Span<byte> observed) =>
            throw new InvalidOperationException("A walk writes nothing.");
    }
}
