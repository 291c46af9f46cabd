using System;
using System.Linq;
using HvIntrospect.A64;
using HvIntrospect.LoadStores;
using HvIntrospect.Registers;
using Xunit;

namespace HvIntrospect.Tests.LoadStores;

/// <summary>Tag Checked accesses: derived by hand from the manual's pseudocode and its controls. What EL0 may do is compared with qemu elsewhere.</summary>
public sealed class TagCheckTests
{
    private const ulong Start = 0x4000_0000;
    private const ulong Middle = Start + 0x400;
    private const ulong TagFive = 5UL << 56;
    private const ulong Synchronous = 1UL << 40;
    private const ulong Asynchronous = 2UL << 40;
    private const ulong Asymmetric = 3UL << 40;
    private const ulong UserSynchronous = 1UL << 38;
    private const ulong UserAsynchronous = 2UL << 38;
    private const ulong El1Access = (ulong)SctlrBits.Ata;
    private const ulong El0Access = (ulong)SctlrBits.Ata0;
    private const ulong Tco = 1UL << 25;
    private const ulong Uao = 1UL << 23;
    private const uint LdrX2 = 0xF9400022;
    private const uint StrX2 = 0xF9000022;
    private const uint LdtrX2 = 0xF8400822;
    private const uint LdaddX2X3 = 0xF8220023;

    private readonly FlatMachine _machine = new(Start, [.. Enumerable.Repeat((byte)0xEE, 0x1000)])
    {
        Tags = [], Sctlr = new Sctlr(El1Access | Synchronous), Tcr = new Tcr((ulong)TcrBits.Tbi0), MonitorHolds = true,
    };

    public TagCheckTests()
    {
        _machine.X[1] = TagFive | Middle;
        _machine.X[2] = 0x22;
        _machine.Sp = TagFive | Middle;
    }

    [Theory]
    [InlineData(LdrX2, true)]
    [InlineData(StrX2, true)]
    [InlineData(0xF94003E2u, false)] // ldr x2, [sp]
    [InlineData(0xF84003E2u, false)] // ldur x2, [sp]
    [InlineData(0xF8408FE2u, true)] // ldr x2, [sp, #8]!
    [InlineData(0xF84087E2u, true)] // ldr x2, [sp], #8
    [InlineData(0xF8646BE2u, true)] // ldr x2, [sp, x4]
    [InlineData(0xA9400FE2u, false)] // ldp x2, x3, [sp]
    [InlineData(0xA8C10FE2u, true)] // ldp x2, x3, [sp], #16
    [InlineData(0xA8000FE2u, false)] // stnp x2, x3, [sp]
    [InlineData(0xC8047FE2u, false)] // stxr w4, x2, [sp]
    [InlineData(0xC8047C22u, true)] // stxr w4, x2, [x1]
    [InlineData(0xC8DFFFE2u, false)] // ldar x2, [sp]
    [InlineData(0xC8DFFC22u, true)] // ldar x2, [x1]
    [InlineData(0xF8BFC3E2u, false)] // ldapr x2, [sp]
    [InlineData(LdaddX2X3, true)]
    [InlineData(0xF82203E3u, false)] // ldadd x2, x3, [sp]
    [InlineData(0xC8A27FE3u, false)] // cas x2, x3, [sp]
    [InlineData(LdtrX2, false)] // EL0 checks nothing here
    [InlineData(0x3DC00022u, true)] // ldr q2, [x1]
    [InlineData(0x4C407BE2u, false)] // ld1 {v2.4s}, [sp]
    [InlineData(0x4CDF7BE2u, true)] // ld1 {v2.4s}, [sp], #16
    [InlineData(0x58000002u, false)] // ldr x2, .
    [InlineData(0x69000C22u, false)] // stgp x2, x3, [x1]
    [InlineData(0xD9201822u, false)] // stg x2, [x1, #16]
    [InlineData(0xF9800020u, false)] // prfm pldl1keep, [x1]
    public void OnlyWhatTheInstructionChecksFails(uint word, bool isChecked)
    {
        _machine.Pc = TagFive | Middle;
        EmulationResult result = Perform(word);
        Assert.Equal(isChecked ? EmulationOutcome.GuestFault : EmulationOutcome.Completed, result.Outcome);
        if (isChecked)
        {
            Assert.Equal(FaultKind.TagCheck, result.Status.Kind);
            Assert.All(_machine.Memory, static value => Assert.Equal(0xEE, value));
            Assert.Equal((TagFive | Middle, TagFive | Middle), (_machine.X[1], _machine.Sp));
        }
    }

    [Theory]
    [InlineData(LdrX2, false)]
    [InlineData(StrX2, true)]
    [InlineData(LdaddX2X3, false)] // its read fails
    public void TheFaultTellsTheAddressAndTheDirection(uint word, bool isWrite)
    {
        EmulationResult result = Perform(word);
        Assert.Equal((0x11, TagFive | Middle, isWrite), (result.Status.Code, result.Address.Value, result.IsWrite));
        _machine.Tags![Middle] = 5;
        Assert.Equal(EmulationOutcome.Completed, Perform(word).Outcome);
    }

    /// <summary>The fault is at the first byte whose granule does not match.</summary>
    [Theory]
    [InlineData(0xA9400C22u, 8UL, 8UL)] // ldp x2, x3, [x1]
    [InlineData(LdrX2, 12UL, 4UL)]
    [InlineData(0x3DC00022u, 1UL, 15UL)] // ldr q2, [x1]
    [InlineData(0x4C402022u, 0UL, 16UL)] // ld1 {v2.16b to v5.16b}, [x1]
    public void TheFaultIsAtTheFirstByteOfTheGranule(uint word, ulong offset, ulong bytes)
    {
        _machine.X[1] += offset;
        _machine.Tags![Middle] = 5;
        EmulationResult result = Perform(word);
        Assert.Equal((FaultKind.TagCheck, _machine.X[1] + bytes), (result.Status.Kind, result.Address.Value));
    }

    [Theory]
    [InlineData(El1Access, 0UL, 0UL)] // TCF off
    [InlineData(Synchronous, 0UL, 0UL)] // tags are not accessed
    [InlineData(El1Access | Synchronous, Tco, 0UL)]
    [InlineData(El1Access | Synchronous, 0UL, (ulong)TcrBits.Tbi1)] // the other half's top byte
    [InlineData(El0Access | UserSynchronous, 0UL, 0UL)] // EL0 alone
    public void WhereNothingSaysSoNothingIsChecked(ulong sctlr, ulong pstate, ulong tcr)
    {
        _machine.Sctlr = new Sctlr(sctlr);
        _machine.Pstate = new Spsr(_machine.Pstate.Value | pstate);
        if (tcr != 0)
        {
            _machine.Tcr = new Tcr(tcr);
            _machine.X[1] = Middle;
            _machine.Tags![Middle] = 9;
        }

        Assert.Equal(EmulationOutcome.Completed, Perform(LdrX2).Outcome);
        Assert.Empty(_machine.FailedChecks);
    }

    [Fact]
    public void WithoutTagsNothingIsChecked()
    {
        _machine.Tags = null;
        Assert.Equal(EmulationOutcome.Completed, Perform(LdrX2).Outcome);
    }

    [Theory]
    [InlineData(TcrBits.Tcma0, 0UL, true)]
    [InlineData(TcrBits.Tcma1, 0UL, false)]
    [InlineData(TcrBits.Tcma0, TagFive, false)]
    public void OneTagOfEachHalfMayMatchEverything(TcrBits bits, ulong tag, bool matches)
    {
        _machine.Tcr = _machine.Tcr.With(bits);
        _machine.X[1] = tag | Middle;
        _machine.Tags![Middle] = 9;
        Assert.Equal(matches ? EmulationOutcome.Completed : EmulationOutcome.GuestFault, Perform(LdrX2).Outcome);
    }

    [Theory]
    [InlineData(LdrX2, Asynchronous, false)]
    [InlineData(StrX2, Asynchronous, false)]
    [InlineData(LdrX2, Asymmetric, true)]
    [InlineData(StrX2, Asymmetric, false)]
    [InlineData(LdaddX2X3, Asymmetric, true)]
    public void AsynchronousFailuresAreNotedAndTheAccessIsMade(uint word, ulong mode, bool isSynchronous)
    {
        _machine.Sctlr = new Sctlr(El1Access | mode);
        Assert.Equal(isSynchronous ? EmulationOutcome.GuestFault : EmulationOutcome.Completed, Perform(word).Outcome);
        Assert.Equal(isSynchronous ? [] : [(false, false)], _machine.FailedChecks);
    }

    [Theory]
    [InlineData(LdrX2, 0UL, 0UL, true)] // at EL0
    [InlineData(LdtrX2, 5UL, 0UL, true)]
    [InlineData(LdtrX2, 5UL, Uao, false)] // as EL1
    [InlineData(LdrX2, 5UL, 0UL, false)]
    public void AccessesOfUsersHaveTheirOwnControl(uint word, ulong mode, ulong bits, bool isUser)
    {
        _machine.Sctlr = new Sctlr(El0Access | UserAsynchronous | El1Access | Synchronous);
        _machine.Pstate = new Spsr(mode | bits);
        Assert.Equal(isUser ? EmulationOutcome.Completed : EmulationOutcome.GuestFault, Perform(word).Outcome);
        Assert.Equal(isUser ? [(true, false)] : [], _machine.FailedChecks);
    }

    /// <summary>Memory copies check both ends, sets their one; SETG* sets the tags and checks nothing.</summary>
    [Theory]
    [InlineData(0x19820461u, 0, false)] // cpyfm [x1]!, [x2]!, x3!
    [InlineData(0x19820461u, 1, true)]
    [InlineData(0x19C24461u, 0, true)] // setm [x1]!, x3!, x2
    [InlineData(0x1DC24461u, 0, null)] // setgm [x1]!, x3!, x2
    public void MemoryOperationsCheckBothEnds(uint word, int tagged, bool? isWrite)
    {
        const ulong Source = Middle + 0x100;
        _machine.X[1] = TagFive | (Middle + 32);
        _machine.X[2] = TagFive | (Source + 32);
        _machine.X[3] = unchecked((ulong)-32L);
        if (tagged != 0)
        {
            _machine.Tags![Source] = 5;
            _machine.Tags[Source + 16] = 5;
        }

        EmulationResult result = Perform(word);
        Assert.Equal(isWrite is null ? EmulationOutcome.Completed : EmulationOutcome.GuestFault, result.Outcome);
        if (isWrite is bool write)
        {
            Assert.Equal((FaultKind.TagCheck, write, TagFive | (write ? Middle : Source)), (result.Status.Kind, result.IsWrite, result.Address.Value));
        }
    }

    private EmulationResult Perform(uint word)
    {
        LoadStoreStatus status = A64Decoder.Default.DecodeLoadStore(word, out LoadStoreAccess access);
        Assert.Equal(LoadStoreStatus.Valid, status);
        var bus = new FlatBus(_machine);
        return LoadStoreSemantics.Perform(access, ref bus);
    }
}
