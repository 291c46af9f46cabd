using System.Collections.Generic;
using HvIntrospect.Interpreter;
using HvIntrospect.Introspection;
using HvIntrospect.Registers;
using HvIntrospect.Tests.Introspection.Fakes;
using HvIntrospect.Watchpoints;
using Xunit;

namespace HvIntrospect.Tests.KnownMistakes;

/// <summary>The classes that emulators of trapped accesses leave out or perform by half: each test names what must not be lost.</summary>
public sealed class ClassMistakesTests
{
    private const ulong Data = IntrospectedGuest.Data;
    private const ulong Device = IntrospectedGuest.Device;
    private const uint Ldraa = 0xF820_1C22; // ldraa x2, [x1, #8]!

    [Fact]
    public void AnAtomicOf16BytesChangesBothHalves()
    {
        using var guest = new IntrospectedGuest(features: A64Features.LSE128);
        guest.Write64(Data, 0xFF);
        guest.Write64(Data + 8, 0xFF00);
        var seen = new List<WatchRecord>();
        guest.Introspector.AddWatch(new IpaRange(new Ipa(Data), 16), WatchKinds.ReadWrite, (in WatchEvent e) =>
        {
            seen.Add(e.ToRecord());
            return WatchResponse.Continue;
        });
        guest[2] = 0x0F;
        guest[3] = 0xF000;
        guest.Run(0x1923_1022); // ldclrp x2, x3, [x1]
        Assert.Equal((0xFFUL, 0xFF00UL), (guest[2], guest[3]));
        Assert.Equal((0xF0UL, 0xF00UL), (guest.Read64(Data), guest.Read64(Data + 8)));
        WatchRecord one = Assert.Single(seen);
        Assert.Equal((WatchKinds.ReadWrite, 16), (one.Kind, one.Size));
        Assert.Equal<byte>([0xFF, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0, 0, 0, 0, 0, 0], one.OldValue.ToArray());
        Assert.Equal<byte>([0xF0, 0, 0, 0, 0, 0, 0, 0, 0, 0x0F, 0, 0, 0, 0, 0, 0], one.NewValue.ToArray());
    }

    [Fact]
    public void AnAcquiringLoadWithWritebackMovesItsBase()
    {
        using var guest = new IntrospectedGuest(features: A64Features.LRCPC | A64Features.LRCPC2 | A64Features.LRCPC3);
        guest[1] = Device;
        guest.Run(0xD9C0_0822); // ldapr x2, [x1], #8
        Assert.Equal(["R8 0"], guest.Registers.Log);
        Assert.Equal((Device + 8, guest.Registers.Value), (guest[1], guest[2]));
    }

    /// <summary>A read-check-write is no plain swap: what the guest's masks protect stays.</summary>
    [Fact]
    public void AReadCheckWriteDoesNotWriteAProtectedDescriptor()
    {
        const ulong Descriptor = (1UL << 52) | 0x703;
        using var guest = new IntrospectedGuest(features: A64Features.THE);
        guest.Vcpu.TryGetCapability(out IEl2Operations? el2);
        el2!.WriteSystemRegister(SystemRegister.HcrxEl2, (ulong)HcrxBits.Tcr2En);
        el2.WriteSystemRegister(SystemRegister.Tcr2El1, (ulong)Tcr2Bits.PnCh);
        guest.Write64(Data, Descriptor);
        guest.Watch(Data, 8);
        guest[2] = Descriptor | 0x80;
        guest.Run(0x3822_A023); // rcwswp x2, x3, [x1]
        Assert.Equal((Descriptor, Descriptor), (guest.Read64(Data), guest[3]));
        Assert.Equal([$"Read 8 {Data:x}: {Descriptor:x} {Descriptor:x}"], guest.Events);
        Assert.Equal(0x6000_0000UL, guest.Vcpu.Core.Pstate.Value & 0xF000_0000);
    }

    /// <summary>Without the keys nobody knows where LDRAA loads from: guessing would be to skip the authentication.</summary>
    [Fact]
    public void AnAuthenticatedLoadIsNotPerformedWithoutKeys()
    {
        const ulong Page = FakeMachine.Ram + 0x4000;
        var machine = new FakeMachine { Features = A64Features.PAuth };
        machine.Vcpu.ModifyTranslation().SctlrEl1 = (ulong)SctlrBits.EnDa;
        machine.Vcpu.ModifyCore()[1] = Page;
        machine.Vcpu.ModifyCore()[2] = 2;
        using Introspector introspector = machine.Introspect();
        introspector.AddWatch(new IpaRange(new Ipa(Page), 16), WatchKinds.ReadWrite, static (in WatchEvent _) => WatchResponse.Continue);
        machine.Place(Ldraa);
        VcpuAction action = introspector.Handle(machine.Vcpu, FakeMachine.Denied(Page + 8, isWrite: false));
        Assert.Equal((VcpuActionKind.Stop, "LDRAA_64w_ldst_pac: PointerAuthenticationKeys"), (action.Kind, action.Detail));
        Assert.Equal((Page, 2UL), (machine.Vcpu.Core[1], machine.Vcpu.Core[2]));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void APairWithATagStoresItsTagToo(bool useInlineFilter)
    {
        const ulong TagFive = 5UL << 56;
        using var guest = new IntrospectedGuest(useInlineFilter, features: A64Features.MTE | A64Features.MTE2);
        guest.Vcpu.ModifyTranslation().SctlrEl1 |= (ulong)SctlrBits.Ata;
        guest.Vcpu.ModifyTranslation().MairEl1 = 0xF0; // Tagged
        Assert.True(guest.Machine.TryGetCapability(out ITagMemory? tags));
        guest.Watch(Data + 16, 16);
        guest[1] = Data | TagFive;
        guest[2] = 0x22;
        guest[3] = 0x33;
        guest.Run(0x6900_8C22); // stgp x2, x3, [x1, #16]
        Assert.Equal([$"Write 8 {Data + 16:x}: 0 22", $"Write 8 {Data + 24:x}: 0 33"], guest.Events);
        Assert.Equal((5, 0), (tags!.ReadTag(new Ipa(Data + 16)), tags.ReadTag(new Ipa(Data))));
    }

    [Fact]
    public void SixtyFourBytesOfADeviceAreReadOnceAndWrittenWithAStatus()
    {
        using var guest = new IntrospectedGuest(features: A64Features.LS64 | A64Features.LS64_V);
        guest[1] = Device;
        guest.Run(0xF83F_D022); // ld64b x2, [x1]
        Assert.Equal(["R8 0", "R8 8", "R8 10", "R8 18", "R8 20", "R8 28", "R8 30", "R8 38"], guest.Registers.Log);
        Assert.Equal((guest.Registers.Value, guest.Registers.Value), (guest[2], guest[9]));
        guest.Registers.Log.Clear();
        guest[2] = 0x22;
        guest[30] = 7;
        guest.Run(0xF83E_B022); // st64bv x30, x2, [x1]
        Assert.Equal((8, "W8 0=22"), (guest.Registers.Log.Count, guest.Registers.Log[0]));
        Assert.Equal(0UL, guest[30]);
    }

    /// <summary>A fill that runs into a watched page and then into one that is not mapped: what came before the fault is done, and the registers say how much.</summary>
    [Fact]
    public void AMemorySetKeepsItsProgressWhereItFaults()
    {
        using var guest = new IntrospectedGuest(features: A64Features.MOPS);
        guest.Watch(Data + 0x1000, 0x1000);
        guest.UnmapPage(2);
        guest[4] = Data + 0xFF0;
        guest[5] = 0x1018;
        guest[6] = 0xA5;
        Assert.NotEqual(IntrospectedGuest.Done, guest.Run(0x19C6_04A4, 0x19C6_44A4, 0x19C6_84A4)); // setp, setm, sete [x4]!, x5!, x6
        Assert.True(guest.Vcpu.Exception.EsrEl1.TryGetDataAbort(out DataAbortSyndrome abort));
        Assert.Equal((FaultKind.Translation, true), (abort.Status.Kind, abort.IsWrite));
        Assert.Equal(Data + 0x2000, guest.Vcpu.Exception.FarEl1);
        Assert.Equal((0UL, 0xA5A5_A5A5_A5A5_A5A5UL, 0xA5A5_A5A5_A5A5_A5A5UL), (guest.Read64(Data + 0xFE8), guest.Read64(Data + 0xFF0), guest.Read64(Data + 0x1FF8)));

        // Option A: the address is that of the end, the size counts up to 0.
        Assert.Equal((Data + 0x2008, unchecked((ulong)-8)), (guest[4], guest[5]));
    }

    /// <summary>What is not modelled is refused by name and never performed as something else.</summary>
    [Fact]
    public void AScalableLoadIsRefusedByName()
    {
        const ulong Page = FakeMachine.Ram + 0x4000;
        var machine = new FakeMachine();
        machine.Vcpu.ModifyCore()[1] = Page;
        using Introspector introspector = machine.Introspect();
        introspector.AddWatch(new IpaRange(new Ipa(Page), 16), WatchKinds.ReadWrite, static (in WatchEvent _) => WatchResponse.Continue);
        machine.Place(0xA400_A022); // ld1b {z2.b}, p0/z, [x1]
        VcpuAction action = introspector.Handle(machine.Vcpu, FakeMachine.Denied(Page, isWrite: false));
        Assert.Equal((VcpuActionKind.Stop, "NotLoadStore"), (action.Kind, action.Detail));
        Assert.Equal(FakeMachine.Ram + 0x100, machine.Vcpu.Core.Pc.Value);
    }
}
