using System.Linq;
using HvIntrospect.Interpreter;
using HvIntrospect.Registers;
using Xunit;

namespace HvIntrospect.Tests.KnownMistakes;

/// <summary>What emulators of trapped accesses have got wrong, as guests see it: each test names the rule that some of them broke.</summary>
public sealed class AccessMistakesTests
{
    private const ulong Data = IntrospectedGuest.Data;
    private const ulong Device = IntrospectedGuest.Device;
    private const ulong PageSize = IntrospectedGuest.PageSize;
    private const ulong BigEndian = (ulong)SctlrBits.Ee;
    private const uint LdrX2 = 0xF9400022; // ldr x2, [x1]
    private const uint StrX2 = 0xF9000022; // str x2, [x1]
    private const uint StpX2X3 = 0xA9000C22; // stp x2, x3, [x1]

    [Theory]
    [InlineData(0xF8408422, "R8 0", 8)] // ldr x2, [x1], #8
    [InlineData(0xF8408C22, "R8 8", 8)] // ldr x2, [x1, #8]!
    [InlineData(0xF8008422, "W8 0=22", 8)] // str x2, [x1], #8
    [InlineData(0xF8008C22, "W8 8=22", 8)] // str x2, [x1, #8]!
    public void AccessesWithWritebackReachADevice(uint word, string access, ulong advance)
    {
        using var guest = new IntrospectedGuest();
        guest[1] = Device;
        guest[2] = 0x22;
        Assert.Equal(IntrospectedGuest.Done, guest.Run(word));
        Assert.Equal([access], guest.Registers.Log);
        Assert.Equal(Device + advance, guest[1]);
    }

    [Theory]
    [InlineData(0x38801422, 0x80, 0xFFFF_FFFF_FFFF_FF80, 1)] // ldrsb x2, [x1], #1
    [InlineData(0x78C02422, 0x8001, 0xFFFF_8001, 2)] // ldrsh w2, [x1], #2
    [InlineData(0xB8804422, 0x8000_0001, 0xFFFF_FFFF_8000_0001, 4)] // ldrsw x2, [x1], #4
    public void SignedLoadsWithWritebackExtend(uint word, ulong value, ulong loaded, ulong advance)
    {
        using var guest = new IntrospectedGuest();
        guest[1] = Device;
        guest.Registers.Value = value;
        guest.Run(word);
        Assert.Equal(loaded, guest[2]);
        Assert.Equal(Device + advance, guest[1]);
    }

    [Theory]
    [InlineData(0x39C00022, 0xFFFF_FF88)] // ldrsb w2, [x1]
    [InlineData(0x79C00022, 0xFFFF_8788)] // ldrsh w2, [x1]
    [InlineData(0x79800022, 0xFFFF_FFFF_FFFF_8788)] // ldrsh x2, [x1]
    [InlineData(0xB9400022, 0x8586_8788)] // ldr w2, [x1]
    public void TheSyndromesSignAndWidthAreThoseOfTheRegister(uint word, ulong loaded)
    {
        using var guest = new IntrospectedGuest();
        guest[1] = Device;
        guest[2] = ulong.MaxValue;
        guest.Registers.Value = 0x8182_8384_8586_8788;
        guest.Run(word);
        Assert.Equal(loaded, guest[2]);
    }

    [Theory]
    [InlineData(0x79000022, "W2 0=8182")] // strh w2, [x1]
    [InlineData(0x39000022, "W1 0=82")] // strb w2, [x1]
    [InlineData(0xB9000022, "W4 0=ffff8182")] // str w2, [x1]
    public void StoresAreNotSignExtended(uint word, string access)
    {
        using var guest = new IntrospectedGuest();
        guest[1] = Device;
        guest[2] = 0xFFFF_FFFF_FFFF_8182;
        guest.Run(word);
        Assert.Equal([access], guest.Registers.Log);
    }

    [Fact]
    public void ALoadToTheZeroRegisterStillReadsTheDevice()
    {
        using var guest = new IntrospectedGuest();
        guest[1] = Device;
        guest.Run(0xF940003F); // ldr xzr, [x1]
        Assert.Equal(["R8 0"], guest.Registers.Log);
    }

    [Fact]
    public void APrefetchReachesNoDeviceAndIsNoEvent()
    {
        using var guest = new IntrospectedGuest();
        guest.Watch(Data, 8);
        guest[3] = unchecked(Device - Data);
        Assert.Equal(IntrospectedGuest.Done, guest.Run(0xF9800020, 0xF8A36820)); // prfm pldl1keep, [x1]; prfm pldl1keep, [x1, x3]
        Assert.Empty(guest.Events);
        Assert.Empty(guest.Registers.Log);
    }

    [Theory]
    [InlineData(StpX2X3, 8)]
    [InlineData(0xA8810C22, 8)] // stp x2, x3, [x1], #16
    [InlineData(0x29000C22, 4)] // stp w2, w3, [x1]
    public void APairStoresItsSecondRegisterBehindItsFirst(uint word, int size)
    {
        foreach (bool useInlineFilter in (bool[])[true, false])
        {
            using var guest = new IntrospectedGuest(useInlineFilter);
            guest.Watch(Data, 16);
            guest[2] = 0x22;
            guest[3] = 0x33;
            guest.Run(word);
            Assert.Equal([$"Write {size} {Data:x}: 0 22", $"Write {size} {Data + (ulong)size:x}: 0 33"], guest.Events);
            Assert.Equal(size == 8 ? 0x22UL : 0x33_0000_0022, guest.Read64(Data));
            guest[1] = Device;
            guest.Run(word);
            Assert.Equal([$"W{size} 0=22", $"W{size} {size}=33"], guest.Registers.Log);
        }
    }

    [Theory]
    [InlineData(0xF8408421)] // ldr x1, [x1], #8
    [InlineData(0xA8C10821)] // ldp x1, x2, [x1], #16
    public void ALoadOfItsOwnBaseDoesWhatTheDocumentedChoiceSays(uint word)
    {
        using var guest = new IntrospectedGuest();
        guest.Write64(Data, 0x1111);
        guest.Write64(Data + 8, 0x2222);
        guest.Watch(Data, 16);
        guest.Run(word);
        Assert.Equal(0x1111UL, guest[1]);
        Assert.Equal($"Read 8 {Data:x}: 1111 1111", guest.Events[0]);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void AByteAccessMayHaveItsScaleBitSet(bool useInlineFilter)
    {
        using var guest = new IntrospectedGuest(useInlineFilter);
        guest.Write64(Data, 0xA5);
        guest.Watch(Data, 1);
        guest[1] = Data - 5;
        guest[3] = 5;
        guest.Run(0x38637822); // ldrb w2, [x1, x3, lsl #0]
        Assert.Equal(0xA5UL, guest[2]);
        Assert.Equal([$"Read 1 {Data:x}: a5 a5"], guest.Events);
    }

    [Theory]
    [InlineData(0x58008002, 0x8182_8384_8586_8788)] // ldr x2, .+0x1000
    [InlineData(0x98008002, 0xFFFF_FFFF_8586_8788)] // ldrsw x2, .+0x1000
    [InlineData(0x18008002, 0x8586_8788)] // ldr w2, .+0x1000
    public void ALiteralOfAWatchedPoolIsRelativeToTheInstruction(uint word, ulong loaded)
    {
        foreach (bool useInlineFilter in (bool[])[true, false])
        {
            using var guest = new IntrospectedGuest(useInlineFilter);
            guest.Write64(IntrospectedGuest.Code + 0x1000, 0x8182_8384_8586_8788);
            guest.Watch(IntrospectedGuest.Code + 0x1000, 4);
            guest.Run(word);
            Assert.Equal(loaded, guest[2]);
            Assert.Single(guest.Events);
        }
    }

    [Theory]
    [InlineData(0xF9000022, 8, 0x0807_0605_0403_0201)] // str x2, [x1]
    [InlineData(0x79000022, 2, 0x0807)] // strh w2, [x1]
    public void DataOfABigEndianGuestAreReversed(uint word, int size, ulong inMemory)
    {
        using IntrospectedGuest guest = BigEndianGuest();
        guest.Watch(Data, 8);
        guest[2] = 0x0102_0304_0506_0708;
        guest.Run(word);
        Assert.Equal([$"Write {size} {Data:x}: 0 {inMemory:x}"], guest.Events);
        Assert.Equal(inMemory, guest.Read64(Data));
    }

    [Fact]
    public void AVectorRegisterOfABigEndianGuestIsReversedAsAWhole()
    {
        using IntrospectedGuest guest = BigEndianGuest();
        guest.Watch(Data, 16);
        guest.Vcpu.ModifyVector()[2] = new VectorRegister(0x0102_0304_0506_0708, 0x1112_1314_1516_1718);
        guest.Run(0x3D800022); // str q2, [x1]
        Assert.Equal(0x1817_1615_1413_1211UL, guest.Read64(Data));
        Assert.Equal(0x0807_0605_0403_0201UL, guest.Read64(Data + 8));
        guest.Run(0x3DC00023); // ldr q3, [x1]
        Assert.Equal(guest.Vcpu.Vector[2], guest.Vcpu.Vector[3]);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void AStoreWhoseSecondPageFaultsHasWrittenNothing(bool useInlineFilter)
    {
        using var guest = new IntrospectedGuest(useInlineFilter);
        guest.UnmapPage(1);
        guest.Watch(Data, PageSize);
        guest.Write64(Data + PageSize - 8, 0x1122_3344_5566_7788);
        guest[1] = Data + PageSize - 3;
        guest[2] = ulong.MaxValue;
        Assert.Equal(IntrospectedGuest.SynchronousVector, guest.Run(StrX2));
        Assert.Equal(0x1122_3344_5566_7788UL, guest.Read64(Data + PageSize - 8));
        Assert.Equal(Data + PageSize, guest.Vcpu.Exception.FarEl1);
        Assert.Empty(guest.Events);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void AnAccessInTwoPagesUsesTheTranslationOfEach(bool useInlineFilter)
    {
        using var guest = new IntrospectedGuest(useInlineFilter);
        guest.MapPage(0, Data + (5 * PageSize));
        guest.MapPage(1, Data + (3 * PageSize));
        guest.Watch(Data + (3 * PageSize), 1);
        guest[1] = Data + PageSize - 4;
        guest[2] = 0x1122_3344_5566_7788;
        guest.Run(StrX2);
        Assert.Equal(0x5566_7788UL, guest.Read64(Data + (6 * PageSize) - 4) & uint.MaxValue);
        Assert.Equal(0x1122_3344UL, guest.Read64(Data + (3 * PageSize)));
        Assert.Equal([$"Write 8 {Data + (6 * PageSize) - 4:x}: 0 1122334455667788"], guest.Events);
    }

    /// <summary>FAR is that of the second page, whose first bytes are all that was denied.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void TheAddressOfAnAccessInTwoPagesIsThatOfItsFirstByte(bool useInlineFilter)
    {
        using var guest = new IntrospectedGuest(useInlineFilter);
        guest.Watch(Data + PageSize, 4);
        guest[1] = Data + PageSize - 2;
        guest[2] = 0x1122_3344_5566_7788;
        guest.Run(StrX2);
        Assert.Equal([Data + PageSize - 2], guest.EventAddresses);
        Assert.Equal(0x1122_3344_5566UL, guest.Read64(Data + PageSize));
    }

    /// <summary>After a Permission fault HPFAR_EL2 is UNKNOWN: the page is found by the guest's own tables.</summary>
    [Fact]
    public void TheIpaOfAPermissionFaultIsFoundByWalking()
    {
        using var guest = new IntrospectedGuest(useInlineFilter: false);
        guest.MapPage(0, Data + (7 * PageSize));
        guest.Write64(Data + (7 * PageSize) + 0x10, 0x77);
        guest.Watch(Data + (7 * PageSize) + 0x10, 8);
        guest[1] = Data + 0x10;
        guest.Run(LdrX2);
        Assert.Equal(0x77UL, guest[2]);
        Assert.Equal([Data + 0x10], guest.EventAddresses);
    }

    [Theory]
    [InlineData(LdrX2)]
    [InlineData(0xC85F7C22)] // ldxr x2, [x1]
    public void ATagInTheAddressIsIgnored(uint word)
    {
        using var guest = new IntrospectedGuest(useInlineFilter: false);
        guest.Write64(Data, 0x77);
        guest.Watch(Data, 8);
        guest[1] = Data | 0xA500_0000_0000_0000;
        guest.Run(word);
        Assert.Equal(0x77UL, guest[2]);
        Assert.Single(guest.Events);
    }

    [Theory]
    [InlineData(0xF94003E2)] // ldr x2, [sp]
    [InlineData(0xF94007E2)] // ldr x2, [sp, #8]
    public void AMisalignedStackPointerFaultsBeforeTheAccess(uint word)
    {
        foreach (bool useInlineFilter in (bool[])[true, false])
        {
            using var guest = new IntrospectedGuest(useInlineFilter);
            guest.Watch(Data, 64);
            guest.Vcpu.ModifyCore().SpEl1 = Data + 8;
            Assert.Equal(IntrospectedGuest.SynchronousVector, guest.Run(word));
            Assert.Equal(ExceptionClass.SpAlignment, guest.Vcpu.Exception.EsrEl1.Class);
            Assert.Empty(guest.Events);
        }
    }

    [Theory]
    [InlineData(0xF8400822, false)] // ldtr x2, [x1]
    [InlineData(0xF8000822, true)] // sttr x2, [x1]
    public void UnprivilegedAccessesHaveThePermissionsOfEl0(uint word, bool isWrite)
    {
        foreach (bool useInlineFilter in (bool[])[true, false])
        {
            using var guest = new IntrospectedGuest(useInlineFilter);
            guest.Watch(Data, 2 * PageSize);
            guest.MapPage(1, Data + PageSize, attributes: 1UL << 6);
            Assert.Equal(IntrospectedGuest.SynchronousVector, guest.Run(word));
            Assert.True(guest.Vcpu.Exception.EsrEl1.TryGetDataAbort(out DataAbortSyndrome abort));
            Assert.Equal((FaultKind.Permission, 3, isWrite), (abort.Status.Kind, abort.Status.Level, abort.IsWrite));
            Assert.Empty(guest.Events);

            // With the page of EL0 it goes through, whatever PAN says.
            guest.Vcpu.ModifyCore().Pstate = new Spsr(Spsr.El1hMasked.Value);
            guest[1] = Data + PageSize;
            Assert.Equal(IntrospectedGuest.Done, guest.Run(word));
            Assert.Single(guest.Events);
        }
    }

    [Fact]
    public void PanKeepsOutLdrButNotLdtr()
    {
        using var guest = new IntrospectedGuest(useInlineFilter: false, features: A64Features.PAN);
        guest.MapPage(1, Data + PageSize, attributes: 1UL << 6);
        guest.Watch(Data + PageSize, 8);
        guest[1] = Data + PageSize;
        var pan = new Spsr(Spsr.El1hMasked.Value | (1UL << 22));
        guest.Vcpu.ModifyCore().Pstate = pan;
        Assert.Equal(IntrospectedGuest.Done, guest.Run(0xF8400822)); // ldtr x2, [x1]
        Assert.Single(guest.Events);
        guest.Vcpu.ModifyCore().Pstate = pan;
        Assert.Equal(IntrospectedGuest.SynchronousVector, guest.Run(LdrX2));
        Assert.Single(guest.Events);
    }

    [Fact]
    public void AnExclusiveOfADeviceIsADataAbortAndNoInstructionAbort()
    {
        using var guest = new IntrospectedGuest();
        guest[1] = Device;
        Assert.Equal(IntrospectedGuest.SynchronousVector, guest.Run(0xC85F7C22)); // ldxr x2, [x1]
        Assert.True(guest.Vcpu.Exception.EsrEl1.TryGetDataAbort(out DataAbortSyndrome abort));
        Assert.Equal(FaultKind.UnsupportedExclusiveOrAtomic, abort.Status.Kind);
        Assert.Equal(Device, guest.Vcpu.Exception.FarEl1);
        Assert.Empty(guest.Registers.Log);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void AStoreExclusiveSucceedsOnlyWithItsMonitor(bool useInlineFilter)
    {
        const uint Stxr = 0xC8037C22; // stxr w3, x2, [x1]
        const uint Ldxr = 0xC85F7C24; // ldxr x4, [x1]
        const uint Clrex = 0xD5033F5F;
        using var guest = new IntrospectedGuest(useInlineFilter);
        guest.Watch(Data, 8);
        guest[2] = 0x22;
        guest.Run(Stxr);
        Assert.Equal((1UL, 0UL), (guest[3], guest.Read64(Data)));
        guest.Run(Ldxr, Clrex, Stxr);
        Assert.Equal((1UL, 0UL), (guest[3], guest.Read64(Data)));
        guest.Run(Ldxr, Stxr);
        Assert.Equal((0UL, 0x22UL), (guest[3], guest.Read64(Data)));
        guest.Run(Stxr);
        Assert.Equal(1UL, guest[3]);
    }

    [Fact]
    public void AFaultOfTheEmulatedAccessIsTheGuestsWithItsOwnSyndrome()
    {
        using var guest = new IntrospectedGuest(useInlineFilter: false);
        guest.MapPage(1, Data + PageSize, attributes: 1UL << 7);
        guest.Watch(Data, PageSize);
        guest[1] = Data + PageSize - 8;
        Assert.Equal(IntrospectedGuest.SynchronousVector, guest.Run(StpX2X3));
        Assert.True(guest.Vcpu.Exception.EsrEl1.TryGetDataAbort(out DataAbortSyndrome abort));
        Assert.Equal((FaultKind.Permission, 3, true), (abort.Status.Kind, abort.Status.Level, abort.IsWrite));
        Assert.False(abort.TryGetInstructionSyndrome(out _));
        Assert.Equal(ExceptionClass.DataAbortSameEl, guest.Vcpu.Exception.EsrEl1.Class);
        Assert.Equal(Data + PageSize, guest.Vcpu.Exception.FarEl1);
        Assert.Equal(IntrospectedGuest.Code, guest.Vcpu.Exception.ElrEl1);
        Assert.Empty(guest.Events);
    }

    [Fact]
    public void TheInstructionIsFetchedThroughTheGuestsTables()
    {
        // The page of code lies elsewhere than its address says; there the same place holds another instruction.
        using var guest = new IntrospectedGuest(useInlineFilter: false);
        guest.Write64(Data, 0x77);
        guest.Watch(Data, 8);
        guest.MapCode(4, Data + (9 * PageSize));
        guest.WriteWords(Data + (4 * PageSize), StrX2, StrX2);
        guest.WriteWords(Data + (9 * PageSize), LdrX2, 0xD4000002);
        guest.Vcpu.ModifyCore().Pc = new Va(Data + (4 * PageSize));
        Assert.Equal(IntrospectedGuest.Done, guest.Continue(guest.Vcpu));
        Assert.Equal(0x77UL, guest[2]);
        Assert.Equal([$"Read 8 {Data:x}: 77 77"], guest.Events);
    }

    [Theory]
    [InlineData(0xD5087621, Device)] // dc ivac, x1
    [InlineData(0xD50B7A21, Device)] // dc cvac, x1
    [InlineData(0xD50B7521, Device)] // ic ivau, x1
    [InlineData(0xD5087621, Data)]
    [InlineData(0xD50B7A21, Data)]
    public void CacheMaintenanceOfADeviceOrAWatchedPageIsNoAccessAndEnds(uint word, ulong address)
    {
        foreach (bool useInlineFilter in (bool[])[true, false])
        {
            using var guest = new IntrospectedGuest(useInlineFilter);
            guest.Watch(Data, 64);
            guest[1] = address;
            Assert.Equal(IntrospectedGuest.Done, guest.Run(word));
            Assert.Empty(guest.Events);
            Assert.Empty(guest.Registers.Log);
        }
    }

    /// <summary>A load with acquire is no read-modify-write, whatever its encoding resembles.</summary>
    [Theory]
    [InlineData(0xF8BFC022)] // ldapr x2, [x1]
    [InlineData(0xC8DFFC22)] // ldar x2, [x1]
    [InlineData(0xC8DF7C22)] // ldlar x2, [x1]
    public void AnAcquiringLoadDoesNotWriteTheDevice(uint word)
    {
        using var guest = new IntrospectedGuest(features: A64Features.LRCPC | A64Features.LOR);
        guest[1] = Device;
        guest.Run(word);
        Assert.Equal(["R8 0"], guest.Registers.Log);
        Assert.Equal(guest.Registers.Value, guest[2]);
    }

    /// <summary>An atomic reads and writes as many bytes as it names: behind these there is nothing.</summary>
    [Theory]
    [InlineData(0x38220024, 1)] // ldaddb w2, w4, [x1]
    [InlineData(0x78220024, 2)] // ldaddh w2, w4, [x1]
    [InlineData(0xB8220024, 4)] // ldadd w2, w4, [x1]
    [InlineData(0xB8228024, 4)] // swp w2, w4, [x1]
    [InlineData(0x88A47C22, 4)] // cas w4, w2, [x1]
    public void AnAtomicTouchesNoByteBehindItsOwn(uint word, int size)
    {
        foreach (bool useInlineFilter in (bool[])[true, false])
        {
            using var guest = new IntrospectedGuest(useInlineFilter, features: A64Features.LSE);
            guest.UnmapPage(1);
            guest.Watch(Data, PageSize);
            guest.Write64(Data + PageSize - 8, 0);
            guest[1] = Data + PageSize - (ulong)size;
            guest[2] = 0xFF;
            guest[4] = 0;
            Assert.Equal(IntrospectedGuest.Done, guest.Run(word));
            Assert.Equal([$"ReadWrite {size} {guest[1]:x}: 0 ff"], guest.Events);
            Assert.Equal(0xFFUL << (64 - (8 * size)), guest.Read64(Data + PageSize - 8));
        }
    }

    [Fact]
    public void ACompareAndSwapThatFailsIsARead()
    {
        using var guest = new IntrospectedGuest(features: A64Features.LSE);
        guest.Write64(Data, 5);
        guest.Watch(Data, 8);
        guest[2] = 9;
        guest[4] = 4;
        guest.Run(0xC8A47C22); // cas x4, x2, [x1]
        Assert.Equal([$"Read 8 {Data:x}: 5 5"], guest.Events);
        Assert.Equal((5UL, 5UL), (guest[4], guest.Read64(Data)));
    }

    [Fact]
    public void ACompareAndSwapPairOfAnOddRegisterIsUndefined()
    {
        using var guest = new IntrospectedGuest(features: A64Features.LSE);
        guest.Watch(Data, 16);
        Assert.Equal(IntrospectedGuest.SynchronousVector, guest.Run(0x48237C24)); // casp x3, x4, x4, x5, [x1]
        Assert.Equal(ExceptionClass.Unknown, guest.Vcpu.Exception.EsrEl1.Class);
        Assert.Empty(guest.Events);
    }

    /// <summary>Nothing makes a device's read and write one access.</summary>
    [Fact]
    public void AnAtomicOfADeviceIsNotDoneAsAReadAndAWrite()
    {
        using var guest = new IntrospectedGuest(features: A64Features.LSE);
        guest[1] = Device;
        Assert.Equal(IntrospectedGuest.SynchronousVector, guest.Run(0xF8220024)); // ldadd x2, x4, [x1]
        Assert.True(guest.Vcpu.Exception.EsrEl1.TryGetDataAbort(out DataAbortSyndrome abort));
        Assert.Equal(FaultKind.UnsupportedExclusiveOrAtomic, abort.Status.Kind);
        Assert.Empty(guest.Registers.Log);
    }

    [Theory]
    [InlineData(0x0C40A422, 2)] // ld1 {v2.4h, v3.4h}, [x1]
    [InlineData(0x0C408422, 2)] // ld2 {v2.4h, v3.4h}, [x1]
    public void AStructureReachesTheDeviceElementByElement(uint word, int size)
    {
        using var guest = new IntrospectedGuest();
        guest[1] = Device;
        guest.Run(word);
        Assert.Equal(Enumerable.Range(0, 8).Select(i => $"R{size} {i * size:x}"), guest.Registers.Log);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void DcZvaZeroesItsWholeBlockFromAnyAddressInIt(bool useInlineFilter)
    {
        using var guest = new IntrospectedGuest(useInlineFilter);
        for (ulong offset = 0; offset < 0xC0; offset += 8)
        {
            guest.Write64(Data + offset, ulong.MaxValue);
        }

        guest.Watch(Data + 0x78, 16);
        guest[1] = Data + 0x5B;
        Assert.Equal(IntrospectedGuest.Done, guest.Run(0xD50B7421)); // dc zva, x1
        Assert.Equal([ulong.MaxValue, 0, 0, ulong.MaxValue], new[] { 0x38UL, 0x40UL, 0x78UL, 0x80UL }.Select(offset => guest.Read64(Data + offset)));
        Assert.Equal([$"Write 8 {Data + 0x78:x}: ffffffffffffffff 0"], guest.Events);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void AWatchedAccessThatWaitsForAnInterruptIsNeitherLostNorDoubled(bool useInlineFilter)
    {
        using var guest = new IntrospectedGuest(useInlineFilter);
        guest.Watch(Data, 8);
        guest[2] = 0x22;
        guest.Vcpu.ModifyCore().Pstate = new Spsr(5);
        guest.Vcpu.SetInterruptLine(InterruptLine.VirtualIrq, true);
        Assert.Equal(0x105, guest.Run(StrX2));
        Assert.Empty(guest.Events);
        guest.Vcpu.SetInterruptLine(InterruptLine.VirtualIrq, false);
        guest.Vcpu.ModifyCore().Pc = new Va(guest.Vcpu.Exception.ElrEl1);
        Assert.Equal(IntrospectedGuest.Done, guest.Continue(guest.Vcpu));
        Assert.Single(guest.Events);
    }

    [Fact]
    public void EveryByteOfEveryPageOfALongWatchIsWatched()
    {
        // All pages are in the TLB before the watch, and none of them may be served from there afterwards.
        using var guest = new IntrospectedGuest(useInlineFilter: false);
        uint[] touch = [.. Enumerable.Range(0, 16).SelectMany(static _ => new uint[] { LdrX2, 0x91400421 })]; // ldr x2, [x1]; add x1, x1, #1, lsl #12
        guest.Run(touch);
        guest.Watch(Data, 16 * PageSize);
        guest[1] = Data;
        guest.Run(touch);
        Assert.Equal(Enumerable.Range(0, 16).Select(static page => Data + ((ulong)page * PageSize)), guest.EventAddresses);
    }

    /// <summary>The machine's own loads and stores are little-endian, so this is for accesses that come by an exit.</summary>
    private static IntrospectedGuest BigEndianGuest()
    {
        // With Stage 1 on, the tables would have to be big-endian too.
        var guest = new IntrospectedGuest(useInlineFilter: false);
        guest.Vcpu.ModifyTranslation().SctlrEl1 = BigEndian;
        return guest;
    }
}
