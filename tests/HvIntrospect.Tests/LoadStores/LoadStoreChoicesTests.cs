using System;
using System.Collections.Generic;
using HvIntrospect.A64;
using HvIntrospect.LoadStores;
using HvIntrospect.Tests.Differential;
using Xunit;

namespace HvIntrospect.Tests.LoadStores;

/// <summary>What the architecture leaves open is done as the options say, by the reference and by the machine.</summary>
public sealed class LoadStoreChoicesTests
{
    private const ulong Address = TestLayout.Data + 0x100;

    // One instruction for each reason, of Armv8.0.
    private static readonly Dictionary<ConstrainedUnpredictable, uint> s_words = new()
    {
        [ConstrainedUnpredictable.WritebackOverlapsLoad] = 0xF8408421, // ldr x1, [x1], #8
        [ConstrainedUnpredictable.WritebackOverlapsStore] = 0xF8008421, // str x1, [x1], #8
        [ConstrainedUnpredictable.LoadPairOverlaps] = 0xA9400822, // ldp x2, x2, [x1]
        [ConstrainedUnpredictable.StatusOverlapsData] = 0xC8027C22, // stxr w2, x2, [x1]
        [ConstrainedUnpredictable.StatusOverlapsBase] = 0xC8017C22, // stxr w1, x2, [x1]
        [ConstrainedUnpredictable.ShouldBeOne] = 0xC85F0022, // ldxr x2, [x1] with Rt2 = 0
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
        using NativeLeg native = new(choices: choices);
        return (new SemanticsLeg(choices: choices).Execute(given), native.Execute(given));
    }
}
