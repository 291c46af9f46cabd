using System.Buffers.Binary;
using HvIntrospect.Registers;
using HvIntrospect.Tests.Introspection.Fakes;
using HvIntrospect.Translation;
using Xunit;

namespace HvIntrospect.Tests.Translation;

/// <summary>The Access flag and the dirty state, set by software as walker hardware does.</summary>
public sealed class Stage1DescriptorUpdateTests
{
    private const ulong Table = FakeMachine.Ram + 0x1000;
    private const ulong Entry = Table + 8;
    private const ulong Block = FakeMachine.Ram | 1;
    private const ulong Af = 1 << 10;
    private const ulong ReadOnly = 1 << 7;
    private const ulong Dbm = 1UL << 51;
    private const ulong Software = 1UL << 55;

    private readonly FakeMemory _memory = new(FakeMachine.Ram, 0x2000);
    private TranslationRegisters _registers = new()
    {
        SctlrEl1 = (ulong)SctlrBits.M,
        TcrEl1 = 25 | (1UL << 32) | (1 << 23),
        Ttbr0El1 = Table,
        MairEl1 = 0xFF,
    };

    [Theory]
    [InlineData(true, true, Block, false, Block | Af)]
    [InlineData(true, true, Block, true, Block | Af)]
    [InlineData(true, true, Block | Af, true, Block | Af)]
    [InlineData(true, false, Block | Af | Dbm, true, Block | Af | Dbm)]
    [InlineData(true, true, Block | Dbm | ReadOnly, true, Block | Af | Dbm)]
    [InlineData(true, true, Block | Dbm | ReadOnly, false, Block | Af | Dbm | ReadOnly)]
    [InlineData(true, false, Block | Dbm | ReadOnly, false, Block | Af | Dbm | ReadOnly)]
    [InlineData(false, true, Block | Af, true, Block | Af)]
    public void TheControlsDecideWhatIsSet(bool ha, bool hd, ulong descriptor, bool isWrite, ulong expected)
    {
        _registers.TcrEl1 |= (ha ? (ulong)TcrBits.Ha : 0) | (hd ? (ulong)TcrBits.Hd : 0);
        _memory.Write64(Entry, descriptor);
        var walker = new Stage1Walker(_memory, 40, TranslationFeatures.HAFDBS);
        Stage1Translation found = Walk(walker, isWrite);
        Assert.False(found.IsFault);
        Assert.Equal(expected, walker.DescriptorAfter(found, isWrite, _registers));
        Assert.Equal(descriptor, _memory.Read64(Entry));
        Assert.Equal(CompareExchangeResult.Exchanged, walker.UpdateDescriptor(found, isWrite, _registers));
        Assert.Equal(expected, _memory.Read64(Entry));
    }

    [Fact]
    public void WithoutTheFeatureNothingIsSet()
    {
        _registers.TcrEl1 |= (ulong)(TcrBits.Ha | TcrBits.Hd);
        _memory.Write64(Entry, Block);
        var walker = new Stage1Walker(_memory, 40);
        Stage1Translation found = Walk(walker, isWrite: false);
        Assert.Equal(FaultKind.AccessFlag, found.Status.Kind);
        Assert.Equal(Block, walker.DescriptorAfter(found, false, _registers));
    }

    [Fact]
    public void WhileStage1IsOffThereIsNoDescriptor()
    {
        _registers.SctlrEl1 = 0;
        _registers.TcrEl1 |= (ulong)(TcrBits.Ha | TcrBits.Hd);
        var walker = new Stage1Walker(_memory, 40, TranslationFeatures.HAFDBS);
        Assert.Equal(CompareExchangeResult.Exchanged, walker.UpdateDescriptor(Walk(walker, isWrite: true), true, _registers));
    }

    [Fact]
    public void ADescriptorThatHasChangedIsLeftAlone()
    {
        _registers.TcrEl1 |= (ulong)TcrBits.Ha;
        _memory.Write64(Entry, Block);
        _memory.BeforeExchange = () => _memory.Write64(Entry, Block | Software);
        var walker = new Stage1Walker(_memory, 40, TranslationFeatures.HAFDBS);
        Assert.Equal(CompareExchangeResult.Different, walker.UpdateDescriptor(Walk(walker, isWrite: false), false, _registers));
        Assert.Equal(Block | Software, _memory.Read64(Entry));
    }

    [Fact]
    public void TablesMayBeBigEndian()
    {
        _registers.TcrEl1 |= (ulong)TcrBits.Ha;
        _registers.SctlrEl1 |= (ulong)SctlrBits.Ee;
        _memory.Write64(Entry, BinaryPrimitives.ReverseEndianness(Block));
        var walker = new Stage1Walker(_memory, 40, TranslationFeatures.HAFDBS);
        Assert.Equal(CompareExchangeResult.Exchanged, walker.UpdateDescriptor(Walk(walker, isWrite: false), false, _registers));
        Assert.Equal(Block | Af, BinaryPrimitives.ReverseEndianness(_memory.Read64(Entry)));
    }

    [Fact]
    public void MemoryWithoutAtomicExchangeIsSaid()
    {
        _registers.TcrEl1 |= (ulong)TcrBits.Ha;
        _memory.Write64(Entry, Block);
        _memory.CompareExchangeWidths = AtomicWidths.None;
        var walker = new Stage1Walker(_memory, 40, TranslationFeatures.HAFDBS);
        Assert.Equal(CompareExchangeResult.NotAtomic, walker.UpdateDescriptor(Walk(walker, isWrite: false), false, _registers));
        Assert.Equal(Block, _memory.Read64(Entry));
    }

    private Stage1Translation Walk(Stage1Walker walker, bool isWrite) => walker.Translate(
        new Va(FakeMachine.Ram + 0x10), Stage1Access.ForData(new Spsr(0x5), isWrite ? Stage1AccessKind.Write : Stage1AccessKind.Read, false), _registers);
}
