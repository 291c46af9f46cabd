using System;
using HvIntrospect.Introspection;
using HvIntrospect.Registers;
using HvIntrospect.Tests.Introspection.Fakes;
using HvIntrospect.Translation;
using HvIntrospect.Watchpoints;
using Xunit;

namespace HvIntrospect.Tests.Introspection;

/// <summary>An access that the library performs leaves the guest's tables as walker hardware leaves them.</summary>
public sealed class DescriptorUpdateTests
{
    private const ulong Page = FakeMachine.Ram + 0x4000;
    private const ulong Entry = NormalMemory.Table + 8;
    private const ulong Block = 0x4000_0000 | (3 << 8) | 1;
    private const ulong Af = 1 << 10;
    private const ulong ReadOnly = 1 << 7;
    private const ulong Dbm = 1UL << 51;
    private const ulong Software = 1UL << 55;
    private const uint LdrX2 = 0xF9400022; // ldr x2, [x1]
    private const uint StrX2 = 0xF9000022; // str x2, [x1]

    private readonly FakeMachine _machine = new();
    private int _events;

    public DescriptorUpdateTests()
    {
        NormalMemory.Map(_machine);
        _machine.Vcpu.ModifyTranslation().TcrEl1 |= (ulong)(TcrBits.Ha | TcrBits.Hd);
        _machine.Vcpu.ModifyCore()[1] = Page;
        _machine.Vcpu.ModifyCore()[2] = 0x1234;
    }

    [Theory]
    [InlineData(LdrX2, Block, Block | Af)]
    [InlineData(LdrX2, Block | Dbm | ReadOnly, Block | Af | Dbm | ReadOnly)]
    [InlineData(StrX2, Block | Dbm | ReadOnly, Block | Af | Dbm)]
    [InlineData(StrX2, Block | Af | Dbm | ReadOnly, Block | Af | Dbm)]
    public void AnAccessSetsWhatHardwareSets(uint word, ulong before, ulong after)
    {
        using Introspector introspector = Introspect();
        _machine.Memory.Write64(Entry, before);
        Assert.Equal(VcpuActionKind.Resume, Trap(introspector, word).Kind);
        Assert.Equal(after, _machine.Memory.Read64(Entry));
        Assert.Equal(1, _events);
        Assert.Equal(1, introspector.Statistics.Emulated);
    }

    [Fact]
    public void AnotherVcpusChangeOfTheDescriptorIsKept()
    {
        using Introspector introspector = Introspect();
        _machine.Memory.Write64(Entry, Block | Dbm | ReadOnly);
        _machine.Memory.BeforeExchange = () => _machine.Memory.Write64(Entry, Block | Dbm | ReadOnly | Software);
        Trap(introspector, StrX2);
        Assert.Equal(Block | Af | Dbm | Software, _machine.Memory.Read64(Entry));
        Assert.Equal(0x1234UL, _machine.Memory.Read64(Page));
        Assert.Equal(1, _events);
    }

    [Fact]
    public void AWatchedDescriptorIsNotWrittenBehindItsWatchersBack()
    {
        using Introspector introspector = Introspect();
        introspector.AddWatch(new IpaRange(new Ipa(Entry), 8), WatchKinds.Write, (in WatchEvent _) => WatchResponse.Continue);
        _machine.Memory.Write64(Entry, Block);
        VcpuAction action = Trap(introspector, StrX2);
        Assert.Equal((VcpuActionKind.Stop, StopReason.Unsupported, "update of a watched descriptor"), (action.Kind, action.StopReason, action.Detail));
        Assert.Equal(Block, _machine.Memory.Read64(Entry));
        Assert.Equal(0, _events);
    }

    [Theory]
    [InlineData(Stage2Access.Read, UnhandledReason.Protected)]
    [InlineData(null, UnhandledReason.NotMapped)]
    public void ADescriptorThatTheGuestMayNotWriteIsNotWrittenForIt(Stage2Access? permitted, UnhandledReason reason)
    {
        using Introspector introspector = Introspect();
        _machine.Memory.Write64(Entry, Block);
        _machine.Stage2.Map(new Ipa(Entry).AlignDown(4096).Value, permitted);
        VcpuAction action = Trap(introspector, LdrX2);
        Assert.Equal((VcpuActionKind.Unhandled, reason), (action.Kind, action.UnhandledReason));
        Assert.Equal(Block, _machine.Memory.Read64(Entry));
        Assert.Equal(0, _events);
    }

    [Fact]
    public void MemoryWithoutAtomicExchangeIsNotWritten()
    {
        using Introspector introspector = Introspect();
        _machine.Memory.CompareExchangeWidths = AtomicWidths.None;
        _machine.Memory.Write64(Entry, Block);
        VcpuAction action = Trap(introspector, LdrX2);
        Assert.Equal((VcpuActionKind.Stop, StopReason.Unsupported), (action.Kind, action.StopReason));
        Assert.Equal(Block, _machine.Memory.Read64(Entry));
    }

    private Introspector Introspect()
    {
        Introspector introspector = _machine.Introspect(new IntrospectorOptions { TranslationFeatures = TranslationFeatures.HAFDBS });
        introspector.AddWatch(new IpaRange(new Ipa(Page), 8), WatchKinds.ReadWrite, (in WatchEvent _) =>
        {
            _events++;
            return WatchResponse.Continue;
        });
        return introspector;
    }

    private VcpuAction Trap(Introspector introspector, uint word)
    {
        _machine.Place(word);
        return introspector.Handle(_machine.Vcpu, FakeMachine.Denied(Page, isWrite: word == StrX2));
    }
}
