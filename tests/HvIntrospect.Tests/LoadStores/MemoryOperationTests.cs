using System;
using FsCheck;
using FsCheck.Fluent;
using HvIntrospect.A64;
using HvIntrospect.LoadStores;
using HvIntrospect.Registers;
using Xunit;

namespace HvIntrospect.Tests.LoadStores;

/// <summary>CPY*, CPYF*, SET* and SETG*: derived by hand from the manual's pseudocode, because no executor at hand implements them.</summary>
public sealed class MemoryOperationTests
{
    private const ulong Start = 0x4000_0000;
    private const int Size = 0x3000;
    private const int Rd = 1;
    private const int Rs = 2;
    private const int Rn = 3;
    private const uint Registers = (Rs << 16) | (Rn << 5) | Rd;
    private const uint CopyForward = 0x1900_0400 | Registers;
    private const uint Copy = 0x1D00_0400 | Registers;
    private const uint Set = 0x19C0_0400 | Registers;
    private const uint SetWithTags = 0x1DC0_0400 | Registers;
    private const uint CopyStage = 1u << 22;
    private const uint SetStage = 1u << 14;
    private const ulong TagAccess = 1UL << 43;
    private const uint FlagC = 1u << 29;

    private readonly FlatMachine _machine = new(Start, new byte[Size]) { Tags = [] };

    public MemoryOperationTests() => new Random(1).NextBytes(_machine.Memory);

    /// <summary>Whatever overlaps, whatever the option: the bytes end up as if they had been copied by way of another place, and the size is 0.</summary>
    [Fact]
    public void ThreeStagesCopy() => Prop.ForAll(
        Gen.Choose(0, Size - 700).Three().Zip(Gen.Choose(0, 7)).Select(static made => (made.Item1.Item1, made.Item1.Item2, Length: made.Item1.Item3 % 700, Kind: made.Item2)).ToArbitrary(),
        made =>
        {
            (int from, int to, int length, int kind) = made;
            bool isForwardOnly = (kind & 1) != 0;
            to = (kind & 2) != 0 ? Math.Clamp(from + (to % 100) - 50, 0, Size - 700) : to;
            if (isForwardOnly && to > from)
            {
                // Only for copies that do not overwrite what they have still to read.
                (from, to) = (to, from);
            }

            byte[] expected = (byte[])_machine.Memory.Clone();
            Array.Copy(expected, from, expected, to, length);
            _machine.Choices = LoadStoreChoices.Default.WithOptionB((kind & 4) != 0);
            _machine.X[Rd] = Start + (ulong)to;
            _machine.X[Rs] = Start + (ulong)from;
            _machine.X[Rn] = (ulong)length;
            for (uint stage = 0; stage < 3; stage++)
            {
                Complete((isForwardOnly ? CopyForward : Copy) + (stage * CopyStage));
            }

            return _machine.X[Rn] == 0 && expected.AsSpan().SequenceEqual(_machine.Memory);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(400).WithReplay(1, 1));

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void ThreeStagesSet(bool usesOptionB)
    {
        byte[] expected = (byte[])_machine.Memory.Clone();
        expected.AsSpan(0x7F3, 5000).Fill(0xA5);
        _machine.Choices = LoadStoreChoices.Default.WithOptionB(usesOptionB);
        _machine.X[Rd] = Start + 0x7F3;
        _machine.X[Rs] = 0x12A5;
        _machine.X[Rn] = 5000;
        Complete(Set);
        Assert.Equal(usesOptionB ? FlagC : 0, _machine.Flags);
        Assert.Equal(usesOptionB ? 5000UL : unchecked((ulong)-5000), _machine.X[Rn]);
        Complete(Set + SetStage);
        Complete(Set + (2 * SetStage));
        Assert.Equal((0UL, Start + 0x7F3 + 5000), (_machine.X[Rn], _machine.X[Rd]));
        Assert.Equal(expected, _machine.Memory);
    }

    [Fact]
    public void ASetWithTagsTagsEveryGranule()
    {
        const ulong Tagged = 0x0700_0000_0000_0000;
        _machine.Sctlr = new Sctlr(TagAccess);
        var machine = new FlatMachine(Tagged + Start, new byte[Size]) { Tags = [], Sctlr = new Sctlr(TagAccess) };
        machine.X[Rd] = Tagged + Start + 0x20;
        machine.X[Rs] = 0x5A;
        machine.X[Rn] = 0x50;
        for (uint stage = 0; stage < 3; stage++)
        {
            Complete(SetWithTags + (stage * SetStage), machine);
        }

        Assert.Equal(5, machine.Tags!.Count);
        Assert.All(machine.Tags, static tag => Assert.Equal(7, tag.Value));
        Assert.Equal(0x50, machine.Memory.AsSpan().Count((byte)0x5A));
    }

    [Theory]
    [InlineData(0x18UL, 0x10UL)]
    [InlineData(0x10UL, 0x18UL)]
    public void ASetWithTagsIsAligned(ulong offset, ulong size)
    {
        _machine.X[Rd] = Start + offset;
        _machine.X[Rn] = size;
        EmulationResult result = Perform(SetWithTags, _machine);
        Assert.Equal((FaultKind.Alignment, true), (result.Status.Kind, result.IsWrite));
    }

    /// <summary>A fault in the middle leaves registers that say how far it went; the same instruction then goes on.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void AFaultLeavesThePartThatIsDone(bool usesOptionB)
    {
        _machine.Choices = LoadStoreChoices.Default.WithOptionB(usesOptionB);
        _machine.X[Rd] = Start + Size - 100;
        _machine.X[Rs] = Start;
        _machine.X[Rn] = 300;
        Complete(CopyForward);
        EmulationResult result = Perform(CopyForward + CopyStage, _machine);
        Assert.Equal((EmulationOutcome.GuestFault, FaultKind.Translation, true), (result.Outcome, result.Status.Kind, result.IsWrite));
        Assert.Equal(Start + Size, result.Address.Value);
        Assert.Equal(200UL, usesOptionB ? _machine.X[Rn] : 0 - _machine.X[Rn]);
        Assert.Equal(_machine.Memory.AsSpan(0, 100), _machine.Memory.AsSpan(Size - 100));
        Assert.Equal(usesOptionB ? Start + Size : Start + Size + 200, _machine.X[Rd]);
    }

    /// <summary>How much a guest asks for does not matter: each turn does a bounded part of it.</summary>
    [Fact]
    public void ALargeOneProgresses()
    {
        _machine.X[Rd] = Start;
        _machine.X[Rn] = ulong.MaxValue;
        Complete(Set);
        Assert.Equal(Start + long.MaxValue, _machine.X[Rd]);
        Assert.Equal(EmulationOutcome.Progressed, Perform(Set + SetStage, _machine).Outcome);
        Assert.InRange(long.MinValue + 1 + Size - unchecked((long)_machine.X[Rn]), 0, Size - 1);
    }

    [Theory]
    [InlineData(CopyForward + CopyStage, 1UL, 0u, (1u << 16) | (Rd << 10) | (Rs << 5) | Rn)]
    [InlineData(Copy + (2 * CopyStage), 1UL << 63, FlagC, (1u << 18) | (Rd << 10) | (Rs << 5) | Rn)]
    [InlineData(Set + SetStage + 0x3000, 1UL, 0u, (1u << 24) | (3u << 19) | (1u << 16) | (Rd << 10) | (Rs << 5) | Rn)]
    public void RegistersInTheWrongFormAreAnException(uint word, ulong size, uint flags, uint syndrome)
    {
        _machine.X[Rd] = Start;
        _machine.X[Rs] = Start + 0x100;
        _machine.X[Rn] = size;
        _machine.Flags = flags;
        EmulationResult result = Perform(word, _machine);
        Assert.Equal((EmulationOutcome.GuestFault, GuestFaultKind.MemoryOperation, syndrome), (result.Outcome, result.Fault, result.Syndrome));
        Assert.Empty(_machine.Log);
    }

    /// <summary>A core takes the form of its own option alone, and asks for it only where something is left to do.</summary>
    [Theory]
    [InlineData(CopyForward + CopyStage, false, FlagC, (3u << 16) | (Rd << 10) | (Rs << 5) | Rn)]
    [InlineData(Copy + (2 * CopyStage), true, 0u, (1u << 18) | (1u << 17) | (Rd << 10) | (Rs << 5) | Rn)]
    [InlineData(Set + SetStage, true, 0u, (1u << 24) | (1u << 17) | (Rd << 10) | (Rs << 5) | Rn)]
    public void TheOtherOptionIsAnExceptionOfACore(uint word, bool usesOptionB, uint flags, uint syndrome)
    {
        _machine.Choices = LoadStoreChoices.Default.WithOptionB(usesOptionB);
        _machine.X[Rd] = Start + 0x200;
        _machine.X[Rs] = Start + 0x100;
        _machine.X[Rn] = flags == 0 ? unchecked((ulong)-16) : 16;
        _machine.Flags = flags;
        _machine.IsCore = true;
        EmulationResult result = Perform(word, _machine);
        Assert.Equal((EmulationOutcome.GuestFault, GuestFaultKind.MemoryOperation, syndrome), (result.Outcome, result.Fault, result.Syndrome));
        Assert.Empty(_machine.Log);
        _machine.IsCore = false;
        Assert.Equal(EmulationOutcome.Completed, Perform(word, _machine).Outcome);
        Assert.NotEmpty(_machine.Log);
        Assert.Equal(0UL, _machine.X[Rn]);
        _machine.IsCore = true;
        Assert.Equal(EmulationOutcome.Completed, Perform(word, _machine).Outcome);
    }

    [Theory]
    [InlineData(CopyForward)]
    [InlineData(Set + SetStage)]
    public void TheyAreEnabledAtEl0(uint word)
    {
        _machine.X[Rd] = Start + 0x100;
        _machine.X[Rs] = Start;
        _machine.X[Rn] = 0;
        _machine.Pstate = new Spsr(0);
        Assert.Equal(GuestFaultKind.Undefined, Perform(word, _machine).Fault);
        _machine.Sctlr = new Sctlr((ulong)SctlrBits.MscEn);
        Assert.Equal(EmulationOutcome.Completed, Perform(word, _machine).Outcome);
    }

    /// <summary>Two equal registers: UNDEFINED by default, nothing by choice, and never an access.</summary>
    [Fact]
    public void EqualRegistersNeverAccess()
    {
        const uint Word = 0x1D02_0422 + CopyStage; // cpym [x2]!, [x2]!, x1!
        _machine.X[1] = 16;
        _machine.X[2] = Start;
        Assert.Equal(GuestFaultKind.Undefined, Perform(Word, _machine).Fault);
        _machine.Choices = LoadStoreChoices.Default.With(ConstrainedUnpredictable.MemoryOperationRegisters, ConstrainedUnpredictableChoice.NoOperation);
        Assert.Equal(EmulationOutcome.Completed, Perform(Word, _machine).Outcome);
        Assert.Empty(_machine.Log);
        Assert.Equal(16UL, _machine.X[1]);
    }

    private static EmulationResult Perform(uint word, FlatMachine machine)
    {
        A64Decoder.Default.DecodeLoadStore(word, out LoadStoreAccess access);
        Assert.Equal(LoadStoreClass.MemoryCopyAndSet, access.Class);
        var bus = new FlatBus(machine);
        return LoadStoreSemantics.Perform(access, ref bus);
    }

    private static void Complete(uint word, FlatMachine machine)
    {
        EmulationResult result;
        do
        {
            result = Perform(word, machine);
        }
        while (result.Outcome == EmulationOutcome.Progressed);
        Assert.Equal(EmulationOutcome.Completed, result.Outcome);
    }

    private void Complete(uint word) => Complete(word, _machine);
}
