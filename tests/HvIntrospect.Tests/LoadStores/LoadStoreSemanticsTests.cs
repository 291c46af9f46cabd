using System;
using System.Buffers.Binary;
using HvIntrospect.A64;
using HvIntrospect.LoadStores;
using HvIntrospect.Registers;
using Xunit;

namespace HvIntrospect.Tests.LoadStores;

public sealed class LoadStoreSemanticsTests
{
    private const ulong Start = 0x4000_0000;
    private const ulong Middle = Start + 0x800;

    private readonly FlatMachine _machine = new(Start, new byte[0x2000]);

    public LoadStoreSemanticsTests()
    {
        for (int i = 0; i < _machine.Memory.Length; i++)
        {
            _machine.Memory[i] = (byte)(0x80 + (i % 97));
        }

        for (int i = 0; i < _machine.X.Length; i++)
        {
            _machine.X[i] = 0x1111_1111_1111_1111UL * (ulong)(i % 15 + 1);
            _machine.V[i] = new VectorRegister((ulong)i, (ulong)i << 32);
        }

        _machine.X[1] = Middle;
        _machine.Sp = Start + 0x400;
        _machine.Pc = Start + 0x100;
    }

    [Fact]
    public void StpWritesItsSecondRegisterBehindTheFirst()
    {
        Completes(0xA9000C22); // stp x2, x3, [x1]
        Assert.Equal(_machine.X[2], Memory64(Middle));
        Assert.Equal(_machine.X[3], Memory64(Middle + 8));
        Assert.Equal([$"W8 {Middle:x}={_machine.X[2]:x}", $"W8 {Middle + 8:x}={_machine.X[3]:x}"], _machine.Log);
    }

    [Fact]
    public void ALoadToTheZeroRegisterReadsAllTheSame()
    {
        Completes(0xB940003F); // ldr wzr, [x1]
        Assert.Equal([$"R4 {Middle:x}"], _machine.Log);
    }

    [Fact]
    public void AStoreOfTheZeroRegisterWritesZero()
    {
        Completes(0xF900003F); // str xzr, [x1]
        Assert.Equal(0UL, Memory64(Middle));
    }

    [Fact]
    public void AByteRegisterOffsetMayHaveItsScaleBitSet()
    {
        _machine.X[3] = 5;
        Completes(0x38637822); // ldrb w2, [x1, x3, lsl #0]
        Assert.Equal(_machine.Memory[0x805], _machine.X[2]);
    }

    [Theory]
    [InlineData(0xF863D822, 0xFFFF_FFFF_FFFF_FFFEUL, -16L)] // ldr x2, [x1, w3, sxtw #3]
    [InlineData(0xF863D822, 0x1234_5678_FFFF_FFFFUL, -8L)]
    [InlineData(0xF8634822, 0xABCD_0000_0000_0010UL, 16L)] // ldr x2, [x1, w3, uxtw]
    public void TheIndexIsExtendedBeforeItIsShifted(uint word, ulong index, long offset)
    {
        _machine.X[3] = index;
        Completes(word);
        Assert.Equal(Memory64(Middle + (ulong)offset), _machine.X[2]);
    }

    [Theory]
    [InlineData(0x39800422, 0xFFFF_FFFF_FFFF_FF85UL)] // ldrsb x2, [x1, #1]
    [InlineData(0x39C00422, 0x0000_0000_FFFF_FF85UL)] // ldrsb w2, [x1, #1]
    [InlineData(0x79C00022, 0x0000_0000_FFFF_8584UL)] // ldrsh w2, [x1]
    [InlineData(0xB9800022, 0xFFFF_FFFF_8786_8584UL)] // ldrsw x2, [x1]
    [InlineData(0xB9400022, 0x0000_0000_8786_8584UL)] // ldr w2, [x1]
    [InlineData(0x39400022, 0x84UL)] // ldrb w2, [x1]
    public void LoadsAreExtendedToTheirRegister(uint word, ulong expected)
    {
        byte[] bytes = [0x84, 0x85, 0x86, 0x87];
        bytes.CopyTo(_machine.Memory, 0x800);
        Completes(word);
        Assert.Equal(expected, _machine.X[2]);
    }

    [Fact]
    public void PostIndexAccessesTheBaseAndWritesBackTheSum()
    {
        Completes(0xB81FC422); // str w2, [x1], #-4
        Assert.Equal(Middle - 4, _machine.X[1]);
        Assert.Equal([$"W4 {Middle:x}={(uint)_machine.X[2]:x}"], _machine.Log);
    }

    [Fact]
    public void PreIndexAccessesTheSumAndWritesItBack()
    {
        _machine.Sp -= 0;
        Completes(0xF81F0FE2); // str x2, [sp, #-16]!
        Assert.Equal(Start + 0x3F0, _machine.Sp);
        Assert.Equal(_machine.X[2], Memory64(Start + 0x3F0));
    }

    [Fact]
    public void ALiteralIsRelativeToThePc()
    {
        Completes(0x58000202); // ldr x2, .+0x40
        Assert.Equal(Memory64(Start + 0x140), _machine.X[2]);
    }

    [Fact]
    public void LdpswSignExtendsBothRegisters()
    {
        Completes(0x69400C22); // ldpsw x2, x3, [x1]
        Assert.Equal((ulong)(int)Memory64(Middle), _machine.X[2]);
        Assert.Equal((ulong)(int)Memory64(Middle + 4), _machine.X[3]);
    }

    [Theory]
    [InlineData(0x3DC00022, 16)] // ldr q2, [x1]
    [InlineData(0xFD400022, 8)] // ldr d2, [x1]
    [InlineData(0xBD400022, 4)] // ldr s2, [x1]
    [InlineData(0x7D400022, 2)] // ldr h2, [x1]
    public void AVectorLoadClearsWhatItDoesNotFill(uint word, int size)
    {
        Completes(word);
        Span<byte> expected = stackalloc byte[16];
        expected.Clear();
        _machine.Memory.AsSpan(0x800, size).CopyTo(expected);
        Assert.Equal(BinaryPrimitives.ReadUInt64LittleEndian(expected), _machine.V[2].Low);
        Assert.Equal(BinaryPrimitives.ReadUInt64LittleEndian(expected[8..]), _machine.V[2].High);
    }

    [Fact]
    public void AQuadwordIsTwoElementsOfEightBytes()
    {
        Completes(0xAD000C22); // stp q2, q3, [x1]
        Assert.Equal(
            [$"W8 {Middle:x}=2", $"W8 {Middle + 8:x}=200000000", $"W8 {Middle + 16:x}=3", $"W8 {Middle + 24:x}=300000000"],
            _machine.Log);
    }

    [Theory]
    [InlineData(0xF9400022, 0x88888888_77777777UL)] // ldr x2, [x1]
    [InlineData(0xB9400022, 0x88888888UL)] // ldr w2, [x1]
    [InlineData(0x79400022, 0x8888UL)] // ldrh w2, [x1]
    public void BigEndianDataIsReversedByElement(uint word, ulong expected)
    {
        BinaryPrimitives.WriteUInt64BigEndian(_machine.Memory.AsSpan(0x800), 0x88888888_77777777);
        _machine.Sctlr = new Sctlr().With(SctlrBits.Ee);
        Completes(word);
        Assert.Equal(expected, _machine.X[2]);
    }

    [Fact]
    public void ABigEndianQuadwordIsReversedAsAWhole()
    {
        _machine.Sctlr = new Sctlr().With(SctlrBits.Ee);
        _machine.V[2] = new VectorRegister(0x0706050403020100, 0x0F0E0D0C0B0A0908);
        Completes(0x3D800022); // str q2, [x1]
        Assert.Equal([0x0F, 0x0E, 0x0D, 0x0C, 0x0B, 0x0A, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0], _machine.Memory.AsSpan(0x800, 16).ToArray());
        Completes(0x3DC00023); // ldr q3, [x1]
        Assert.Equal(_machine.V[2], _machine.V[3]);
    }

    [Fact]
    public void EndiannessFollowsTheExceptionLevel()
    {
        Assert.False(new LoadStoreEnvironment(default, new Spsr(0), new Sctlr().With(SctlrBits.Ee)).IsBigEndian);
        Assert.True(new LoadStoreEnvironment(default, new Spsr(0), new Sctlr().With(SctlrBits.E0e)).IsBigEndian);
        Assert.False(new LoadStoreEnvironment(default, Spsr.El1hMasked, new Sctlr().With(SctlrBits.E0e)).IsBigEndian);
    }

    [Theory]
    [InlineData(0xF9400022, 0x1FFDUL, 0x2000UL)] // ldr x2, [x1]: unaligned, byte by byte
    [InlineData(0xA9400C22, 0x1FF8UL, 0x2000UL)] // ldp x2, x3, [x1]: the second register
    [InlineData(0xF9400022, 0x2004UL, 0x2004UL)] // ldr x2, [x1]: its own start
    [InlineData(0x3DC00022, 0x1FF4UL, 0x2000UL)] // ldr q2, [x1]
    public void TheFaultAddressIsTheFirstByteThatFaults(uint word, ulong offset, ulong faulting)
    {
        _machine.X[1] = Start + offset;
        EmulationResult result = Perform(word);
        Assert.Equal(EmulationOutcome.GuestFault, result.Outcome);
        Assert.Equal(FaultKind.Translation, result.Status.Kind);
        Assert.Equal(Start + faulting, result.Address.Value);
        Assert.False(result.IsWrite);
        Assert.Empty(_machine.Log);
    }

    [Fact]
    public void AStoreThatFaultsInItsSecondPageHasWrittenNothing()
    {
        _machine.X[1] = Start + 0x1FF8;
        byte[] before = [.. _machine.Memory];
        EmulationResult result = Perform(0xA8810C22); // stp x2, x3, [x1], #16
        Assert.Equal(Start + 0x2000, result.Address.Value);
        Assert.True(result.IsWrite);
        Assert.Equal(before, _machine.Memory);
        Assert.Equal(Start + 0x1FF8, _machine.X[1]);
    }

    [Fact]
    public void AnUnalignedElementMayLieInTwoPages()
    {
        _machine.X[1] = Start + 0xFFD;
        Completes(0xF9000022); // str x2, [x1]
        Assert.Equal(_machine.X[2], Memory64(Start + 0xFFD));
        Assert.Single(_machine.Log);
    }

    [Theory]
    [InlineData(0xF9400022, 4, true)] // ldr x2: 8 bytes
    [InlineData(0xA9400C22, 8, false)] // ldp x2, x3: 8-byte elements
    [InlineData(0x3DC00022, 8, true)] // ldr q2: 16 bytes
    [InlineData(0x39400022, 1, false)] // ldrb
    public void SctlrAFaultsUnalignedAccesses(uint word, ulong misalignment, bool faults)
    {
        _machine.X[1] = Middle + misalignment;
        Completes(word);
        _machine.Sctlr = new Sctlr().With(SctlrBits.A);
        _machine.X[1] = Middle + misalignment;
        EmulationResult result = Perform(word);
        Assert.Equal(faults ? EmulationOutcome.GuestFault : EmulationOutcome.Completed, result.Outcome);
        Assert.Equal(faults, result.Status.Kind == FaultKind.Alignment);
    }

    [Theory]
    [InlineData(0x88DFFC22, 2)] // ldar w2, [x1]
    [InlineData(0xC89FFC22, 4)] // stlr x2, [x1]
    [InlineData(0x885F7C22, 2)] // ldxr w2, [x1]
    [InlineData(0xC87F9022, 8)] // ldaxp x2, x4, [x1]: the pair as a whole
    [InlineData(0x88231022, 4)] // stxp w3, w2, w4, [x1]
    public void OrderedAndExclusiveAccessesAreAlwaysAligned(uint word, ulong misalignment)
    {
        _machine.X[1] = Middle + misalignment;
        EmulationResult result = Perform(word);
        Assert.Equal(FaultKind.Alignment, result.Status.Kind);
        Assert.Equal(Middle + misalignment, result.Address.Value);
        _machine.X[1] = Middle;
        Completes(word);
    }

    [Fact]
    public void AnUnalignedAccessOfDeviceMemoryFaults()
    {
        _machine.IsDevice = true;
        _machine.X[1] = Middle + 2;
        Assert.Equal(FaultKind.Alignment, Perform(0xB9400022).Status.Kind);
        _machine.X[1] = Middle + 4;
        Completes(0xB9400022);
    }

    [Fact]
    public void AnUnalignedAccessThatEndsInDeviceMemoryFaultsThere()
    {
        _machine.DevicePage = Start + 0x1000;
        _machine.X[1] = Start + 0xFFD;
        EmulationResult result = Perform(0xF9000022); // str x2, [x1]
        Assert.Equal(FaultKind.Alignment, result.Status.Kind);
        Assert.Equal(Start + 0x1000, result.Address.Value);
        Assert.Empty(_machine.Log);
    }

    [Fact]
    public void AMisalignedStackPointerFaultsBeforeTheAccess()
    {
        _machine.Sp += 8;
        Completes(0xF94007E2); // ldr x2, [sp, #8]
        _machine.Sctlr = new Sctlr().With(SctlrBits.Sa);
        Assert.Equal(GuestFaultKind.StackAlignment, Perform(0xF94007E2).Fault);
        _machine.Pstate = new Spsr(0);
        Completes(0xF94007E2);
        _machine.Sctlr = new Sctlr().With(SctlrBits.Sa0);
        Assert.Equal(GuestFaultKind.StackAlignment, Perform(0xF94007E2).Fault);
    }

    [Theory]
    [InlineData(true, 0UL)]
    [InlineData(false, 1UL)]
    public void AStoreExclusiveReportsWhetherItStored(bool holds, ulong status)
    {
        _machine.MonitorHolds = holds;
        ulong before = Memory64(Middle);
        Completes(0xC8037C22); // stxr w3, x2, [x1]
        Assert.Equal(status, _machine.X[3]);
        Assert.Equal(holds ? _machine.X[2] : before, Memory64(Middle));
    }

    [Fact]
    public void PrefetchNeverAccesses()
    {
        _machine.X[1] = 0;
        Completes(0xF9800020); // prfm pldl1keep, [x1]
        Assert.Empty(_machine.Log);
    }

    [Fact]
    public void ConstrainedUnpredictableCasesFollowTheDocumentedChoice()
    {
        ulong loaded = Memory64(Middle);
        Completes(0xF8408421); // ldr x1, [x1], #8
        Assert.Equal(loaded, _machine.X[1]);

        _machine.X[1] = Middle;
        Completes(0xF8008421); // str x1, [x1], #8
        Assert.Equal(Middle, Memory64(Middle));
        Assert.Equal(Middle + 8, _machine.X[1]);

        _machine.X[1] = Middle;
        ulong second = Memory64(Middle + 8);
        Completes(0xA9400822); // ldp x2, x2, [x1]
        Assert.Equal(second, _machine.X[2]);
    }

    /// <summary>What the library does not perform it refuses for a reason that the architecture gives.</summary>
    [Theory]
    [InlineData(0xD91F0C22, "GCSSTR_64_ldst_gcs", UnsupportedReason.IndirectPermissions)]
    [InlineData(0xD91F1C22, "GCSSTTR_64_ldst_gcs", UnsupportedReason.IndirectPermissions)]
    [InlineData(0x3C220023, "LDBFADD_16", UnsupportedReason.LaterFeature)]
    public void OtherEncodingsAreUnsupportedByName(uint word, string encoding, UnsupportedReason reason)
    {
        new A64Decoder(A64Features.All | A64Features.Later).DecodeLoadStore(word, out LoadStoreAccess access);
        Assert.Equal(encoding, access.EncodingId);
        Assert.False(LoadStoreSemantics.IsSupported(access));
        var bus = new FlatBus(_machine);
        EmulationResult result = LoadStoreSemantics.Perform(access, ref bus);
        Assert.Equal(EmulationOutcome.Unsupported, result.Outcome);
        Assert.Equal(reason, result.Reason);
        Assert.Empty(_machine.Log);
    }

    /// <summary>LDAPR looks like an atomic operation and is a plain load.</summary>
    [Fact]
    public void LdaprOnlyReads()
    {
        ulong value = Memory64(Middle);
        Completes(0xB8BFC022); // ldapr w2, [x1]
        Assert.Equal((uint)value, _machine.X[2]);
        Assert.Equal([$"R4 {Middle:x}"], _machine.Log);
    }

    /// <summary>LD64B and ST64B move eight registers as one access of eight elements, low address first, and need memory that takes them.</summary>
    [Fact]
    public void SixtyFourBytesAreOneAccess()
    {
        _machine.IsDevice = true;
        Completes(0xF83FD022); // ld64b x2, [x1]
        Assert.Equal(8, _machine.Log.Count);
        Assert.Equal(Memory64(Middle + 56), _machine.X[9]);
        _machine.Log.Clear();
        Completes(0xF83F9022); // st64b x2, [x1]
        Assert.Equal($"W8 {Middle + 56:x}={_machine.X[9]:x}", _machine.Log[7]);
        _machine.X[1] = Middle + 8;
        Assert.Equal(FaultKind.Alignment, Perform(0xF83F9022).Status.Kind);
        _machine.X[1] = Middle;
        _machine.IsDevice = false;
        EmulationResult refused = Perform(0xF83F9022);
        Assert.Equal((FaultKind.UnsupportedExclusiveOrAtomic, true), (refused.Status.Kind, refused.IsWrite));
    }

    [Fact]
    public void SixtyFourByteStoresReturnAStatusAndTakeAccessData()
    {
        _machine.IsDevice = true;
        Completes(0xF83EB022); // st64bv x30, x2, [x1]
        Assert.Equal(0UL, _machine.X[30]);
        Assert.Equal(UnsupportedReason.SystemRegister, Perform(0xF83EA022).Reason); // st64bv0 x30, x2, [x1]
        _machine.SystemRegisters[SystemRegister.AccdataEl1] = 0xFFFF_FFFF_1234_5678;
        _machine.X[2] = 0xAAAA_AAAA_BBBB_BBBB;
        Completes(0xF83EA022);
        Assert.Equal(0xAAAA_AAAA_1234_5678UL, Memory64(Middle));
    }

    /// <summary>LDRAA authenticates its base with modifier 0, and writes back what it has authenticated.</summary>
    [Fact]
    public void AuthenticatedLoadsUseTheAuthenticatedBase()
    {
        const ulong Code = 0xAA80_0000_0000_0000;
        _machine.X[1] = Middle | Code;
        _machine.Sctlr = new Sctlr((ulong)SctlrBits.EnDa);
        Assert.Equal(UnsupportedReason.PointerAuthenticationKeys, Perform(0xF8201C22).Reason); // ldraa x2, [x1, #8]!
        _machine.HasKeys = true;
        _machine.Log.Clear();
        Completes(0xF8201C22);
        Assert.Equal([$"ADataA {Middle | Code:x} 0", $"R8 {Middle + 8:x}"], _machine.Log);
        Assert.Equal(Middle + 8, _machine.X[1]);

        // Key B is off: the address is taken as it is.
        _machine.Log.Clear();
        Completes(0xF8A01422); // ldrab x2, [x1, #8]
        Assert.Equal([$"R8 {Middle + 16:x}"], _machine.Log);
    }

    private void Completes(uint word) => Assert.Equal(EmulationOutcome.Completed, Perform(word).Outcome);

    private EmulationResult Perform(uint word)
    {
        LoadStoreStatus status = A64Decoder.Default.DecodeLoadStore(word, out LoadStoreAccess access);
        Assert.True(status is LoadStoreStatus.Valid or LoadStoreStatus.ConstrainedUnpredictable, status.ToString());
        var bus = new FlatBus(_machine);
        return LoadStoreSemantics.Perform(access, ref bus);
    }

    private ulong Memory64(ulong address) => BinaryPrimitives.ReadUInt64LittleEndian(_machine.Memory.AsSpan((int)(address - Start)));
}
