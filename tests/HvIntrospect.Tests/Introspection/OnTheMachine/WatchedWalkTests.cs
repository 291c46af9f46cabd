using System;
using HvIntrospect.Tests.KnownMistakes;
using HvIntrospect.Watchpoints;
using Xunit;

namespace HvIntrospect.Tests.Introspection.OnTheMachine;

/// <summary>Watches on the guest's own translation tables: each descriptor that a walk reads is one event, and the access behind it is another.</summary>
public sealed class WatchedWalkTests
{
    private const ulong Data = IntrospectedGuest.Data;
    private const ulong LastLevel = IntrospectedGuest.Tables + 0x2000;
    private const uint LdrX2 = 0xF9400022; // ldr x2, [x1]

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void TheDescriptorIsReadBeforeTheAccess(bool useInlineFilter)
    {
        using var guest = new IntrospectedGuest(useInlineFilter);
        guest.Write64(Data + 0x5008, 0x77);
        guest.Watch(LastLevel, IntrospectedGuest.PageSize);
        guest.Watch(Data + 0x5008, 8);
        guest[1] = Data + 0x5008;
        guest.Run(LdrX2);
        Assert.Equal(0x77UL, guest[2]);
        Assert.Equal([Event(LastLevel + (8 * 5), guest), Event(Data + 0x5008, guest)], guest.Events);
        Assert.Equal([Data + 0x5008, Data + 0x5008], guest.EventAddresses);
    }

    [Fact]
    public void ADescriptorThatNoWatchOverlapsIsNoEvent()
    {
        using var guest = new IntrospectedGuest(useInlineFilter: false);
        guest.Watch(LastLevel + 8, 8);
        guest.Run(LdrX2);
        Assert.Empty(guest.Events);
        Assert.NotEqual(0, guest.Introspector.Statistics.Stepped);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void AHandlerMayMakeTheWalkFault(bool isFetch)
    {
        using var guest = new IntrospectedGuest(useInlineFilter: false);
        ulong descriptor = isFetch ? IntrospectedGuest.Tables + 0x1000 : LastLevel;
        int answered = 0;
        using Watch watch = guest.Introspector.AddWatch(
            new IpaRange(new Ipa(descriptor), 8), WatchKinds.Read, (in WatchEvent e) => answered++ == 0 ? WatchResponse.InjectExternalAbort : WatchResponse.Continue);
        Assert.Equal(IntrospectedGuest.SynchronousVector, guest.Run(LdrX2));
        Assert.Equal(isFetch, guest.Vcpu.Exception.EsrEl1.TryGetInstructionAbort(out _));
        Assert.Equal(!isFetch, guest.Vcpu.Exception.EsrEl1.TryGetDataAbort(out _));
        Assert.Equal(isFetch ? IntrospectedGuest.Code : Data, guest.Vcpu.Exception.FarEl1);
    }

    private static string Event(ulong address, IntrospectedGuest guest) => FormattableString.Invariant($"Read 8 {address:x}: {guest.Read64(address):x} {guest.Read64(address):x}");
}
