using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using HvIntrospect.A64;
using HvIntrospect.LoadStores;
using HvIntrospect.Registers;
using HvIntrospect.Tests.Differential;
using Xunit;
using FaultKind = HvIntrospect.Tests.Differential.FaultKind;

namespace HvIntrospect.Tests.LoadStores;

/// <summary>What the architecture leaves open is done as the options say, by the reference and by the machine.</summary>
public sealed class LoadStoreChoicesTests
{
    private const ulong Address = TestLayout.Data + 0x100;

    private const ulong First = 0x1111_2222_3333_4447;
    private const ulong Second = 0x5555_6666_7777_8888;

    // One instruction for each reason; memory copies and sets with equal registers, which never make an access, have their own test.
    private static readonly Dictionary<ConstrainedUnpredictable, uint> s_words = new()
    {
        [ConstrainedUnpredictable.WritebackOverlapsLoad] = 0xF8408421, // ldr x1, [x1], #8
        [ConstrainedUnpredictable.WritebackOverlapsStore] = 0xF8008421, // str x1, [x1], #8
        [ConstrainedUnpredictable.LoadPairOverlaps] = 0xA9400822, // ldp x2, x2, [x1]
        [ConstrainedUnpredictable.StatusOverlapsData] = 0xC8027C22, // stxr w2, x2, [x1]
        [ConstrainedUnpredictable.StatusOverlapsBase] = 0xC8017C22, // stxr w1, x2, [x1]
        [ConstrainedUnpredictable.ShouldBeOne] = 0xC85F0022, // ldxr x2, [x1] with Rt2 = 0
        [ConstrainedUnpredictable.Atomic128Overlaps] = 0x19221022, // ldclrp x2, x2, [x1]
    };

    [Fact]
    public void EachReasonIsFlagged() => Assert.All(s_words, static pair =>
    {
        Assert.Equal(LoadStoreStatus.ConstrainedUnpredictable, A64Decoder.Default.DecodeLoadStore(pair.Value, out LoadStoreAccess access));
        Assert.Equal(pair.Key, access.Unpredictable);
    });

    [Fact]
    public void EachReasonCanBeUndefinedOrNothing() => Assert.All(s_words, static pair =>
    {
        (Outcome undefined, Outcome undefinedMachine) = Execute(pair.Value, LoadStoreChoices.Default.With(pair.Key, ConstrainedUnpredictableChoice.Undefined));
        Assert.Equal((FaultKind.Undefined, FaultKind.Undefined), (undefined.Fault, undefinedMachine.Fault));
        (Outcome nothing, Outcome nothingMachine) = Execute(pair.Value, LoadStoreChoices.Default.With(pair.Key, ConstrainedUnpredictableChoice.NoOperation));
        Assert.Equal((Address, 2UL), (nothing.X[1], nothing.X[2]));
        Assert.Equal((Address, 2UL), (nothingMachine.X[1], nothingMachine.X[2]));
        Assert.Equal(FaultKind.None, nothing.Fault);
    });

    [Fact]
    public void ByDefaultTheMachineDoesWhatTheReferenceDoes() => Assert.All(s_words, static pair =>
    {
        (Outcome reference, Outcome machine) = Execute(pair.Value, LoadStoreChoices.Default);
        Assert.Equal(FaultKind.None, reference.Fault);
        Assert.Equal(reference.X, machine.X);
        Assert.Equal(reference.Memory, machine.Memory);
    });

    /// <summary>Registers are read before any is written; of two values for one the second stays; a load of its base is not written back; should-be-one fields are ones.</summary>
    [Theory]
    [InlineData(ConstrainedUnpredictable.WritebackOverlapsLoad, 1, First, First)]
    [InlineData(ConstrainedUnpredictable.WritebackOverlapsStore, 1, Address + 8, Address)]
    [InlineData(ConstrainedUnpredictable.LoadPairOverlaps, 2, Second, First)]
    [InlineData(ConstrainedUnpredictable.StatusOverlapsData, 2, 0UL, 2UL)]
    [InlineData(ConstrainedUnpredictable.StatusOverlapsBase, 1, 0UL, 2UL)]
    [InlineData(ConstrainedUnpredictable.ShouldBeOne, 2, First, First)]
    [InlineData(ConstrainedUnpredictable.Atomic128Overlaps, 2, Second, First & ~2UL)]
    public void TheDefaultsAreTheDocumentedOnes(ConstrainedUnpredictable reason, int register, ulong value, ulong inMemory)
    {
        byte[] memory = new byte[16];
        BinaryPrimitives.WriteUInt64LittleEndian(memory, First);
        BinaryPrimitives.WriteUInt64LittleEndian(memory.AsSpan(8), Second);
        var machine = new FlatMachine(Address, memory) { MonitorHolds = true };
        machine.X[1] = Address;
        machine.X[2] = 2;
        A64Decoder.Default.DecodeLoadStore(s_words[reason], out LoadStoreAccess access);
        var bus = new FlatBus(machine);
        Assert.Equal(EmulationOutcome.Completed, LoadStoreSemantics.Perform(access, ref bus).Outcome);
        Assert.Equal(value, machine.X[register]);
        Assert.Equal(inMemory, BinaryPrimitives.ReadUInt64LittleEndian(memory));
    }

    [Fact]
    public void ALoadOfItsBaseMayBeWrittenBack()
    {
        uint word = s_words[ConstrainedUnpredictable.WritebackOverlapsLoad];
        (Outcome kept, _) = Execute(word, LoadStoreChoices.Default);
        Assert.NotEqual(Address + 8, kept.X[1]);
        (Outcome written, Outcome machine) = Execute(
            word, LoadStoreChoices.Default.With(ConstrainedUnpredictable.WritebackOverlapsLoad, ConstrainedUnpredictableChoice.WriteBack));
        Assert.Equal((Address + 8, Address + 8), (written.X[1], machine.X[1]));
    }

    [Fact]
    public void WhatIsNotAllowedIsRefused()
    {
        Assert.Throws<ArgumentOutOfRangeException>("choice", static () =>
            LoadStoreChoices.Default.With(ConstrainedUnpredictable.LoadPairOverlaps, ConstrainedUnpredictableChoice.WriteBack));
        Assert.Throws<ArgumentOutOfRangeException>("choice", static () =>
            LoadStoreChoices.Default.With(ConstrainedUnpredictable.MemoryOperationRegisters, ConstrainedUnpredictableChoice.ReadBeforeWrite));
        Assert.Throws<ArgumentOutOfRangeException>("reason", static () =>
            LoadStoreChoices.Default.With(ConstrainedUnpredictable.None, ConstrainedUnpredictableChoice.Undefined));
        Assert.Throws<ArgumentOutOfRangeException>("reason", static () =>
            LoadStoreChoices.Default.ChoiceFor(ConstrainedUnpredictable.LoadPairOverlaps | ConstrainedUnpredictable.ShouldBeOne));
    }

    private static (Outcome Reference, Outcome Machine) Execute(uint word, LoadStoreChoices choices)
    {
        LoadStoreCase given = new(0, EncodingTable.Instance.Rows[A64Decoder.Default.Decode(word).EncodingIndex - 1], word) { Pc = TestLayout.Code, Target = Address };
        new Random(1).NextBytes(given.Memory);
        given.X[1] = Address;
        given.X[2] = 2;
        using NativeLeg native = new(A64Features.LSE128, choices: choices);
        return (new SemanticsLeg(choices: choices).Execute(given), native.Execute(given));
    }
}
