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
                    Stage2Translation found = walker.Walk(new Ipa((ulong)random.NextInt64() >> random.Next(12, 50)), (Stage2Access)random.Next(8), (j & 1) != 0);
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
            var access = (Stage2Access)random.Next(8);
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
            return (!walker.Walk(new Ipa(0), Stage2Access.Execute, atEl0: true).IsFault, !walker.Walk(new Ipa(0), Stage2Access.Execute).IsFault);
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
