using System;
using System.Linq;
using HvIntrospect.A64;
using HvIntrospect.LoadStores;
using HvIntrospect.Registers;
using Xunit;

namespace HvIntrospect.Tests.LoadStores;

/// <summary>
/// Loads and stores of Allocation Tags where there are tags: derived by hand from the manual's pseudocode. What EL0 may do is compared
/// with qemu elsewhere.
/// </summary>
public sealed class TagAccessTests
{
    private const ulong Start = 0x4000_0000;
    private const ulong Middle = Start + 0x400;
    private const ulong TagFive = 5UL << 56;
    private const ulong TagAccess = 1UL << 43;

    private readonly FlatMachine _machine = new(Start, [.. Enumerable.Repeat((byte)0xEE, 0x1000)]) { Tags = [], Sctlr = new Sctlr(TagAccess) };

    public TagAccessTests()
    {
        _machine.X[1] = Middle;
        _machine.X[2] = TagFive | 0x1234;
        _machine.X[3] = 0x3333;
        _machine.SystemRegisters[SystemRegister.DczidEl0] = 4;
        _machine.SystemRegisters[SystemRegister.GmidEl1] = 6;
    }

    [Theory]
    [InlineData(0xD9201822u, 0x10, 1, false)] // stg x2, [x1, #16]
    [InlineData(0xD9601822u, 0x10, 1, true)] // stzg x2, [x1, #16]
    [InlineData(0xD9A01822u, 0x10, 2, false)] // st2g x2, [x1, #16]
    [InlineData(0xD9E01822u, 0x10, 2, true)] // stz2g x2, [x1, #16]
    public void StoresTagTheGranules(uint word, int offset, int granules, bool zeroes)
    {
        Completes(word);
        Assert.Equal(granules, _machine.Tags!.Count);
        Assert.All(_machine.Tags, static tag => Assert.Equal(5, tag.Value));
        Assert.Equal(Middle + (ulong)offset, _machine.Tags.Keys.Min());
        Assert.Equal(zeroes ? 16 * granules : 0, _machine.Memory.AsSpan().Count((byte)0));
        Assert.Equal(Middle, _machine.X[1]);
    }

    [Fact]
    public void WritebackMovesTheBase()
    {
        Completes(0xD9201422); // stg x2, [x1], #16
        Assert.Equal((Middle + 16, 5), (_machine.X[1], _machine.Tags![Middle]));
        Completes(0xD93FFC22); // stg x2, [x1, #-16]!
        Assert.Equal(Middle, _machine.X[1]);
    }

    /// <summary>STGP stores the tag of its address and two registers, the data first.</summary>
    [Fact]
    public void StgpStoresDataAndTheTagOfItsAddress()
    {
        var machine = new FlatMachine(TagFive | Start, new byte[0x1000]) { Tags = [], Sctlr = new Sctlr(TagAccess) };
        machine.X[1] = TagFive | Middle;
        machine.X[2] = 0x22;
        machine.X[3] = 0x33;
        Assert.Equal(EmulationOutcome.Completed, Perform(0x69008C22, machine).Outcome); // stgp x2, x3, [x1, #16]
        Assert.Equal([$"W8 {TagFive | Middle + 16:x}=22", $"W8 {TagFive | Middle + 24:x}=33", $"T {TagFive | Middle + 16:x}=5"], machine.Log);
    }

    [Fact]
    public void LdgPutsTheTagIntoThePointer()
    {
        _machine.Tags![Middle + 0x20] = 9;
        _machine.X[1] = Middle + 7; // within a granule: LDG rounds down
        _machine.X[2] = 0x0F00_0000_0000_1234;
        Completes(0xD9602022); // ldg x2, [x1, #32]
        Assert.Equal(0x0900_0000_0000_1234UL, _machine.X[2]);
    }

    [Fact]
    public void TheBulkFormsMoveOneTagAfterTheOther()
    {
        _machine.X[2] = 0xFEDC_BA98_7654_3210;
        Completes(0xD9A00022); // stgm x2, [x1]
        Assert.Equal(16, _machine.Tags!.Count);
        Assert.Equal(3, _machine.Tags[Middle + 0x30]);
        Completes(0xD9E00023); // ldgm x3, [x1]
        Assert.Equal(0xFEDC_BA98_7654_3210UL, _machine.X[3]);
        Completes(0xD9200022); // stzgm x2, [x1]
        Assert.Equal(64, _machine.Memory.AsSpan().Count((byte)0));
        Assert.Equal([0, 0, 0, 0, 4], Enumerable.Range(0, 5).Select(i => _machine.Tags[Middle + (16UL * (ulong)i)]));
    }

    [Fact]
    public void TheBulkFormsAreUndefinedAtEl0()
    {
        _machine.Pstate = new Spsr(0);
        _machine.Sctlr = new Sctlr(TagAccess >> 1);
        Assert.Equal(GuestFaultKind.Undefined, Perform(0xD9A00022, _machine).Fault);
    }

    [Theory]
    [InlineData(0xD9A00022u)]
    [InlineData(0xD9200022u)]
    public void ASizeThatCannotBeReadIsTheReason(uint word)
    {
        _machine.SystemRegisters.Clear();
        EmulationResult result = Perform(word, _machine);
        Assert.Equal((EmulationOutcome.Unsupported, UnsupportedReason.SystemRegister), (result.Outcome, result.Reason));
    }

    [Fact]
    public void WithoutTagMemoryThatIsTheReason()
    {
        _machine.Tags = null;
        EmulationResult result = Perform(0xD9201822, _machine);
        Assert.Equal((EmulationOutcome.Unsupported, UnsupportedReason.TagMemory), (result.Outcome, result.Reason));
        Assert.Empty(_machine.Log);
    }

    /// <summary>While tag accesses are off tags read as 0 and are not stored; the data is.</summary>
    [Fact]
    public void TagsThatAreOffAreLeftAlone()
    {
        _machine.Sctlr = default;
        _machine.Tags = null;
        Completes(0xD9601822); // stzg x2, [x1, #16]
        Assert.Equal(16, _machine.Memory.AsSpan().Count((byte)0));
        Completes(0xD9602022); // ldg x2, [x1, #32]
        Assert.Equal(0x1234UL, _machine.X[2]);
    }

    [Fact]
    public void StoresAreAlignedAndNotForDevices()
    {
        _machine.X[1] = Middle + 8;
        Assert.Equal(FaultKind.Alignment, Perform(0xD9201822, _machine).Status.Kind);
        _machine.X[1] = Middle;
        _machine.IsDevice = true;
        Assert.Equal(FaultKind.Alignment, Perform(0xD9201822, _machine).Status.Kind);
        Assert.Empty(_machine.Log);
    }

    private static EmulationResult Perform(uint word, FlatMachine machine)
    {
        Assert.Equal(LoadStoreStatus.Valid, A64Decoder.Default.DecodeLoadStore(word, out LoadStoreAccess access));
        Assert.True(access.AccessesTags, access.EncodingId);
        var bus = new FlatBus(machine);
        return LoadStoreSemantics.Perform(access, ref bus);
    }

    private void Completes(uint word) => Assert.Equal(EmulationOutcome.Completed, Perform(word, _machine).Outcome);
}
