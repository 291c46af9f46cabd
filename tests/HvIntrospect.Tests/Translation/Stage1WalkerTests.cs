using System;
using System.Buffers.Binary;
using System.Linq;
using HvIntrospect.Registers;
using HvIntrospect.Translation;
using HvIntrospect.Tests.Support;
using Xunit;

namespace HvIntrospect.Tests.Translation;

public sealed class Stage1WalkerTests
{
    private const ulong Root = 0x10000;
    private const ulong Level2 = 0x11000;
    private const ulong Level3 = 0x12000;
    private const ulong Af = 1 << 10;
    private const ulong ReadOnly = 1 << 7;
    private const ulong User = 1 << 6;
    private const ulong Uxn = 1UL << 54;
    private const ulong Pxn = 1UL << 53;

    private static readonly Spsr s_el1 = new(0x5);
    private static readonly Spsr s_el1Pan = new(0x5 | (1 << 22));
    private static readonly Spsr s_el1Uao = new(0x5 | (1 << 23));
    private static readonly Spsr s_el0 = new(0);

    private readonly SparseMemory _memory = new();
    private TranslationRegisters _registers = new()
    {
        SctlrEl1 = 1,
        TcrEl1 = 25 | (25UL << 16) | (2UL << 30) | (2UL << 32),
        Ttbr0El1 = Root,
        Ttbr1El1 = Root,
        MairEl1 = 0x00FF,
    };

    /// <summary>39-bit input: level 1, 2 and 3. VA 0x40205xxx goes through all three, entries 1, 1 and 5.</summary>
    private void MapPage(ulong leaf, ulong tableBits = 0)
    {
        _memory[Root + 8] = Level2 | 3 | tableBits;
        _memory[Level2 + 8] = Level3 | 3;
        _memory[Level3 + 0x28] = leaf;
    }

    private Stage1Translation Walk(ulong va, Stage1Access access, TranslationFeatures features = TranslationFeatures.None, bool defaultCacheable = false) =>
        new Stage1Walker(_memory, 40, features, defaultCacheable).Translate(new Va(va), access, _registers);

    [Fact]
    public void APageIsFoundWithItsAttributes()
    {
        MapPage(0x80003000 | Af | (1 << 2) | 3);
        Stage1Translation found = Walk(0x40205678, Stage1Access.ForData(s_el1, Stage1AccessKind.ReadWrite));
        Assert.False(found.IsFault);
        Assert.Equal(new Ipa(0x80003678), found.Ipa);
        Assert.Equal(4096UL, found.Size);
        Assert.Equal(3, found.Level);
        Assert.True(found.Attributes.IsDevice);
        Assert.Equal(new Ipa(Level3 + 0x28), found.DescriptorAddress);
    }

    [Fact]
    public void ABlockKeepsTheOffsetBelowItsSize()
    {
        _memory[Root + 8] = Level2 | 3;
        _memory[Level2 + 8] = 0x80200000 | Af | 1;
        Stage1Translation found = Walk(0x40205678, Stage1Access.ForFetch(s_el1));
        Assert.Equal(new Ipa(0x80205678), found.Ipa);
        Assert.Equal(2UL << 20, found.Size);
        Assert.False(found.Attributes.IsDevice);
    }

    [Fact]
    public void AnAbsentTableIsNamedByTheDescriptorThatCouldNotBeRead()
    {
        _memory[Root + 8] = Level2 | 3;
        Stage1Translation fault = Walk(0x40205678, Stage1Access.LookUp);
        Assert.True(fault.IsFault);
        Assert.True(fault.IsTableAbsent);
        Assert.Equal(new Ipa(Level2 + 8), fault.DescriptorAddress);
        Assert.Equal(FaultStatus.Create(FaultKind.SynchronousExternalOnWalk, 2), fault.Status);
    }

    [Fact]
    public void TheUpperRangeUsesTtbr1AndTheTopByteIsIgnoredOnlyWhereAsked()
    {
        MapPage(0x80003000 | Af | 3);
        _registers.Ttbr0El1 = 0x90000;
        Assert.Equal(new Ipa(0x80003000), Walk(0xFFFFFF8040205000, Stage1Access.LookUp).Ipa);
        Assert.Equal(FaultStatus.Create(FaultKind.Translation, 0), Walk(0x12FFFF8040205000, Stage1Access.LookUp).Status);
        _registers.TcrEl1 |= 1UL << 38;
        Assert.Equal(new Ipa(0x80003000), Walk(0x12FFFF8040205000, Stage1Access.LookUp).Ipa);
    }

    [Fact]
    public void BigEndianTablesAreReadInTheirOrder()
    {
        MapPage(0x80003000 | Af | 3);
        foreach (ulong address in new[] { Root + 8, Level2 + 8, Level3 + 0x28 })
        {
            _memory[address] = BinaryPrimitives.ReverseEndianness(_memory[address]);
        }

        Assert.True(Walk(0x40205000, Stage1Access.LookUp).IsFault);
        _registers.SctlrEl1 |= 1UL << 25;
        Assert.Equal(new Ipa(0x80003000), Walk(0x40205000, Stage1Access.LookUp).Ipa);
    }

    [Fact]
    public void WithStage1OffTheAddressIsCheckedAgainstTheImplementedSize()
    {
        _registers.SctlrEl1 = 0;
        Stage1Translation data = Walk(0x12345, Stage1Access.ForData(s_el0, Stage1AccessKind.Write));
        Assert.Equal(new Ipa(0x12345), data.Ipa);
        Assert.True(data.Attributes.IsDevice);
        Assert.Equal(MemoryAttributes.NormalNonCacheable, Walk(0, Stage1Access.ForFetch(s_el1)).Attributes);
        Assert.Equal(FaultStatus.Create(FaultKind.AddressSize, 0), Walk(1UL << 40, Stage1Access.LookUp).Status);
        Assert.Equal(MemoryAttributes.NormalWriteBack, Walk(0, Stage1Access.LookUp, defaultCacheable: true).Attributes);
    }

    [Fact]
    public void DefaultCacheableSwitchesStage1Off()
    {
        MapPage(0x80003000 | Af | 3);
        Assert.Equal(new Ipa(0x40205000), Walk(0x40205000, Stage1Access.LookUp, defaultCacheable: true).Ipa);
    }

    [Theory]
    [InlineData(0UL, TranslationPermissions.El1Read | TranslationPermissions.El1Write | TranslationPermissions.El1Fetch | TranslationPermissions.El0Fetch)]
    [InlineData(User, TranslationPermissions.All & ~TranslationPermissions.El1Fetch)]
    [InlineData(User | ReadOnly, TranslationPermissions.All & ~(TranslationPermissions.El0Write | TranslationPermissions.El1Write))]
    [InlineData(ReadOnly | Uxn, TranslationPermissions.El1Read | TranslationPermissions.El1Fetch)]
    [InlineData(ReadOnly | Pxn, TranslationPermissions.El1Read | TranslationPermissions.El0Fetch)]
    public void PermissionsFollowTheDescriptor(ulong bits, TranslationPermissions expected)
    {
        MapPage(0x80003000 | Af | 3 | bits);
        Assert.Equal(expected, Walk(0x40205000, Stage1Access.LookUp).Permissions);
    }

    [Fact]
    public void TablesTakePermissionsAwayUnlessTheyAreSwitchedOff()
    {
        MapPage(0x80003000 | Af | 3 | User, (1UL << 62) | (1UL << 61) | (1UL << 60) | (1UL << 59));
        Assert.Equal(TranslationPermissions.El1Read, Walk(0x40205000, Stage1Access.LookUp).Permissions);
        _registers.TcrEl1 |= 1UL << 41;
        Assert.Equal(TranslationPermissions.El1Read, Walk(0x40205000, Stage1Access.LookUp).Permissions);
        Assert.Equal(TranslationPermissions.All & ~TranslationPermissions.El1Fetch, Walk(0x40205000, Stage1Access.LookUp, TranslationFeatures.HPDS).Permissions);
    }

    [Fact]
    public void WritableMemoryIsNotExecutableUnderWxn()
    {
        MapPage(0x80003000 | Af | 3);
        _registers.SctlrEl1 |= 1 << 19;
        Assert.Equal(FaultStatus.Create(FaultKind.Permission, 3), Walk(0x40205000, Stage1Access.ForFetch(s_el1)).Status);
    }

    [Fact]
    public void PrivilegeFollowsPanUaoAndTheInstructionForm()
    {
        MapPage(0x80003000 | Af | 3);
        Assert.True(Walk(0x40205000, Stage1Access.ForData(s_el0, Stage1AccessKind.Read)).IsFault);
        Assert.True(Walk(0x40205000, Stage1Access.ForData(s_el1, Stage1AccessKind.Read, unprivilegedForm: true)).IsFault);
        Assert.False(Walk(0x40205000, Stage1Access.ForData(s_el1Uao, Stage1AccessKind.Read, unprivilegedForm: true)).IsFault);
        MapPage(0x80003000 | Af | User | 3);
        Stage1Translation denied = Walk(0x40205004, Stage1Access.ForData(s_el1Pan, Stage1AccessKind.Read));
        Assert.Equal(FaultStatus.Create(FaultKind.Permission, 3), denied.Status);
        Assert.Equal(new Ipa(0x80003004), denied.Ipa);
        Assert.False(Walk(0x40205000, Stage1Access.ForData(s_el1Pan, Stage1AccessKind.Read, unprivilegedForm: true)).IsFault);
    }

    [Fact]
    public void TheAccessFlagAndTheDirtyStateAreTheWalkersWhereTheFeatureExists()
    {
        MapPage(0x80003000 | ReadOnly | (1UL << 51) | 3);
        _registers.TcrEl1 |= 3UL << 39;
        Assert.Equal(FaultStatus.Create(FaultKind.AccessFlag, 3), Walk(0x40205000, Stage1Access.LookUp).Status);
        Assert.False(Walk(0x40205000, Stage1Access.ForData(s_el1, Stage1AccessKind.Write), TranslationFeatures.HAFDBS).IsFault);
    }

    [Fact]
    public void OutputsBeyondTheAddressSizeFaultAtTheirLevel()
    {
        _registers.TcrEl1 &= ~(7UL << 32);
        MapPage(0x1_80003000 | Af | 3);
        Assert.Equal(FaultStatus.Create(FaultKind.AddressSize, 3), Walk(0x40205000, Stage1Access.LookUp).Status);
        MapPage(0x80003000 | Af | 3, 1UL << 32);
        Assert.Equal(FaultStatus.Create(FaultKind.AddressSize, 1), Walk(0x40205000, Stage1Access.LookUp).Status);
        _registers.Ttbr0El1 |= 1UL << 32;
        Assert.Equal(FaultStatus.Create(FaultKind.AddressSize, 0), Walk(0x40205000, Stage1Access.LookUp).Status);
    }

    [Theory]
    [InlineData(15)]
    [InlineData(40)]
    [InlineData(63)]
    public void AnInputSizeOutOfRangeIsATranslationFault(int t0sz)
    {
        _registers.TcrEl1 = (_registers.TcrEl1 & ~0x3FUL) | (uint)t0sz;
        Assert.Equal(FaultStatus.Create(FaultKind.Translation, 0), Walk(0, Stage1Access.LookUp).Status);
    }

    /// <summary>The manual's tables of Stage 1 start levels: TxSZ from to, per granule.</summary>
    [Theory]
    [InlineData(TranslationFeatures.None)]
    [InlineData(TranslationFeatures.LVA)]
    [InlineData(TranslationFeatures.LPA2)]
    [InlineData(TranslationFeatures.TTST)]
    [InlineData(TranslationFeatures.LPA2 | TranslationFeatures.LVA | TranslationFeatures.TTST)]
    public void EverySizeStartsAtTheManualsLevelOrFaults(TranslationFeatures features)
    {
        (int Granule, int Level, int From, int To)[] rows =
        [
            (12, -1, 12, 15), (12, 0, 16, 24), (12, 1, 25, 33), (12, 2, 34, 42), (12, 3, 43, 48),
            (14, 0, 12, 16), (14, 1, 17, 27), (14, 2, 28, 38), (14, 3, 39, 48),
            (16, 1, 12, 21), (16, 2, 22, 34), (16, 3, 35, 47),
        ];
        _registers.Ttbr0El1 = 0x4000_0000;
        _registers.Ttbr1El1 = 0x4000_0000;
        foreach ((int granule, ulong tg0, ulong tg1) in new[] { (12, 0UL, 2UL), (14, 2UL, 1UL), (16, 1UL, 3UL) })
        {
            for (int fields = 0; fields < 128; fields++)
            {
                int size = fields & 63;
                bool ds = fields >= 64;
                bool large = granule == 16 ? (features & TranslationFeatures.LVA) != 0 : ds && (features & TranslationFeatures.LPA2) != 0;
                bool legal = size >= (large ? 12 : 16) && size <= ((features & TranslationFeatures.TTST) != 0 ? 48 : 39);
                int? level = legal ? rows.Where(row => row.Granule == granule && size >= row.From && size <= row.To).Select(row => (int?)row.Level).FirstOrDefault() : null;
                _registers.TcrEl1 = (uint)size | ((ulong)size << 16) | (tg0 << 14) | (tg1 << 30) | (5UL << 32) | (ds ? 1UL << 59 : 0);
                foreach (ulong va in new[] { 0UL, ulong.MaxValue })
                {
                    Stage1Translation found = new Stage1Walker(_memory, 48, features).Translate(new Va(va), Stage1Access.LookUp, _registers);
                    FaultStatus expected = level is int start ? FaultStatus.Create(FaultKind.SynchronousExternalOnWalk, start) : FaultStatus.Create(FaultKind.Translation, 0);
                    Assert.True(expected == found.Status, $"{granule} DS={ds} size {size} at {va:x}: {expected} wanted, {found.Status}");
                }
            }
        }
    }

    [Fact]
    public void A52BitAddressGoesThroughFiveLevelsToAFoldedOne()
    {
        // VA[51:48] = 3 selects entry 3 of the level -1 table. OA[51:50] lie in bits 9:8, and SH is the register's.
        _registers.TcrEl1 = 12 | (12UL << 16) | (2UL << 30) | (6UL << 32) | (1UL << 59) | (2UL << 12) | (3UL << 28);
        _memory[Root + (3 * 8)] = 0x20000 | 3;
        _memory[0x20000] = 0x21000 | 3;
        _memory[0x21000] = 0x22000 | 3;
        _memory[0x22000] = 0x23000 | 3;
        _memory[0x23000] = 0x2_8000_3000 | (1UL << 49) | (3UL << 8) | Af | 3;
        Stage1Translation found = Walk(52, 0x0003_0000_0000_0123);
        Assert.Equal(new Ipa(0x000E_0002_8000_3123), found.Ipa);
        Assert.Equal((3, Shareability.OuterShareable), (found.Level, found.Shareability));
        Assert.Equal(FaultStatus.Create(FaultKind.AddressSize, 3), Walk(48, 0x0003_0000_0000_0123).Status);
        _memory[0x20000] = (1UL << 48) | Af | 1;
        found = Walk(52, 0x0003_0012_3456_7890);
        Assert.Equal((new Ipa(0x0001_0012_3456_7890), 0, 1UL << 39), (found.Ipa, found.Level, found.Size));
        _memory[Root + (0xF * 8)] = 0;
        Assert.Equal(FaultStatus.Create(FaultKind.Translation, -1), Walk(52, 0xFFFF_0000_0000_0000).Status);

        Stage1Translation Walk(int bits, ulong va) =>
            new Stage1Walker(_memory, bits, TranslationFeatures.LPA2).Translate(new Va(va), Stage1Access.LookUp, _registers);
    }

    [Fact]
    public void EnhancedPanCoversWhatEl0MayOnlyExecute()
    {
        MapPage(0x80003000 | Af | 3);
        var read = Stage1Access.ForData(s_el1Pan, Stage1AccessKind.Read);
        _registers.SctlrEl1 |= (ulong)SctlrBits.Epan;
        Assert.False(Walk(0x40205000, read).IsFault);
        Assert.Equal(FaultStatus.Create(FaultKind.Permission, 3), Walk(0x40205000, read, TranslationFeatures.PAN3).Status);
        Assert.False(Walk(0x40205000, Stage1Access.ForData(s_el1, Stage1AccessKind.Read), TranslationFeatures.PAN3).IsFault);
        MapPage(0x80003000 | Af | (1UL << 54) | 3);
        Assert.False(Walk(0x40205000, read, TranslationFeatures.PAN3).IsFault);
    }

    [Fact]
    public void AHalfThatIsClosedToEl0IsATranslationFaultThere()
    {
        MapPage(0x80003000 | Af | (1 << 6) | 3);
        _registers.TcrEl1 |= (ulong)TcrBits.E0pd0;
        Assert.False(Walk(0x40205000, Stage1Access.ForFetch(s_el0)).IsFault);
        Assert.Equal(FaultStatus.Create(FaultKind.Translation, 0), Walk(0x40205000, Stage1Access.ForFetch(s_el0), TranslationFeatures.E0PD).Status);
        Assert.False(Walk(0x40205000, Stage1Access.ForData(s_el1, Stage1AccessKind.Read), TranslationFeatures.E0PD).IsFault);
    }

    [Fact]
    public void AnyRegistersAndAnyTablesEndInAResultWithoutAllocation()
    {
        var random = new Random(1);
        var memory = new RandomTables(random);
        var walker = new Stage1Walker(memory, 52, TranslationFeatures.HPDS | TranslationFeatures.HAFDBS | TranslationFeatures.LPA2 | TranslationFeatures.LVA | TranslationFeatures.TTST);
        Walk(20_000);
        Assert.Equal(0, Allocation.Of(() => Walk(20_000)));
        Assert.Equal(5, memory.MostReads);

        void Walk(int count)
        {
            for (int i = 0; i < count; i++)
            {
                TranslationRegisters registers = default;
                registers.SctlrEl1 = (ulong)random.NextInt64() | 1;
                registers.TcrEl1 = (ulong)random.NextInt64();
                registers.Ttbr0El1 = (ulong)random.NextInt64();
                registers.Ttbr1El1 = (ulong)random.NextInt64();
                memory.Reads = 0;
                ulong va = (ulong)random.NextInt64() >> random.Next(40);
                walker.Translate(new Va((i & 1) != 0 ? ~va : va), Stage1Access.ForFetch(new Spsr((ulong)i)), registers);
                memory.MostReads = Math.Max(memory.MostReads, memory.Reads);
            }
        }
    }

    private sealed class RandomTables(Random random) : IGuestMemory
    {
        public int Reads { get; set; }

        public int MostReads { get; set; }

        public AtomicWidths CompareExchangeWidths => AtomicWidths.None;

        public int Read(Ipa address, Span<byte> destination)
        {
            Reads++;
            ulong descriptor = (ulong)random.NextInt64() | 3;
            BinaryPrimitives.WriteUInt64LittleEndian(destination, descriptor & 0xFFFF_00FF_FFFF_FFFF);
            return random.Next(50) == 0 ? 0 : destination.Length;
        }

        public int Write(Ipa address, ReadOnlySpan<byte> source) => throw new InvalidOperationException("A walk writes nothing.");

        public CompareExchangeResult TryCompareExchange(
            Ipa address, ReadOnlySpan<byte> expected, ReadOnlySpan<byte> replacement, Span<byte> observed) =>
            throw new InvalidOperationException("A walk writes nothing.");
    }
}
