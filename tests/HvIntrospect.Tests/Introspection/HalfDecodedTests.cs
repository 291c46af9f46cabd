using System.Collections.Generic;
using HvIntrospect.Introspection;
using HvIntrospect.Registers;
using HvIntrospect.Tests.Introspection.Fakes;
using HvIntrospect.Watchpoints;
using Xunit;

namespace HvIntrospect.Tests.Introspection;

/// <summary>Watched memory of a backend that decodes plain accesses itself and completes them.</summary>
public sealed class HalfDecodedTests
{
    private const ulong Page = FakeMachine.Ram + 0x4000;
    private const uint LdrX2 = 0xF9400022; // ldr x2, [x1]
    private const uint StrX2 = 0xF9000022; // str x2, [x1]

    private readonly FakeMachine _machine = new();
    private readonly List<WatchRecord> _events = [];

    public HalfDecodedTests()
    {
        _machine.Vcpu.ModifyCore()[1] = Page;
    }

    [Fact]
    public void AStoreIsPerformedAndTheBackendAdvances()
    {
        using Introspector introspector = Watched(WatchResponse.Continue);
        _machine.Memory.Write64(Page, 6);
        Assert.Equal(VcpuActionKind.CompleteMmio, Store(introspector, 7).Kind);
        Assert.Equal(7UL, _machine.Memory.Read64(Page));
        WatchRecord seen = Assert.Single(_events);
        Assert.Equal((6, 7), (seen.OldValue[0], seen.NewValue[0]));
        Assert.Equal(Page, seen.Va.Value);
        Assert.Equal(StrX2, seen.Opcode);
        Assert.Equal(FakeMachine.Ram + 0x100, _machine.Vcpu.Core.Pc.Value);
    }

    [Fact]
    public void AReplacedLoadIsCompletedWithTheOtherBytes()
    {
        using Introspector introspector = Watched(WatchResponse.Replace(5));
        VcpuAction action = Load(introspector);
        Assert.Equal((VcpuActionKind.CompleteMmio, 5UL), (action.Kind, action.Data));
    }

    [Fact]
    public void ASkippedStoreIsCompletedWithoutAWrite()
    {
        using Introspector introspector = Watched(WatchResponse.Skip);
        Assert.Equal(VcpuActionKind.CompleteMmio, Store(introspector, 7).Kind);
        Assert.Equal(0UL, _machine.Memory.Read64(Page));
    }

    [Fact]
    public void ASkippedLoadIsTakenOutOfTheBackendsHands()
    {
        using Introspector introspector = Watched(WatchResponse.Skip);
        Assert.Equal(VcpuActionKind.Resume, Load(introspector).Kind);
        Assert.Equal(FakeMachine.Ram + 0x104, _machine.Vcpu.Core.Pc.Value);
    }

    [Fact]
    public void AStopLetsTheInstructionBeExecutedAgain()
    {
        using Introspector introspector = Watched(WatchResponse.Stop);
        Assert.Equal(VcpuActionKind.Stop, Store(introspector, 7).Kind);
        Assert.Equal(0UL, _machine.Memory.Read64(Page));
        Assert.Equal(VcpuActionKind.CompleteMmio, Store(introspector, 7).Kind);
        Assert.Single(_events);
        Assert.Equal(7UL, _machine.Memory.Read64(Page));
    }

    [Fact]
    public void AnInjectedAbortReportsTheInstructionsAddress()
    {
        using Introspector introspector = Watched(WatchResponse.InjectExternalAbort);
        Assert.Equal(VcpuActionKind.Resume, Store(introspector, 7).Kind);
        Assert.Equal(Page, _machine.Vcpu.Exception.FarEl1);
        Assert.Equal(FakeMachine.Ram + 0x100, _machine.Vcpu.Exception.ElrEl1);
        Assert.True(_machine.Vcpu.Exception.EsrEl1.TryGetDataAbort(out DataAbortSyndrome abort));
        Assert.True(abort.IsWrite);
    }

    [Fact]
    public void NothingOfTheGuestIsDecodedWhenNoWatchIsHit()
    {
        using Introspector introspector = Watched(WatchResponse.Continue);
        _machine.Place(0);
        introspector.Handle(_machine.Vcpu, VcpuExit.FromHalfDecodedMmio(new Ipa(Page + 8), 4, isWrite: true, 0xABCD));
        Assert.Equal(0xABCDUL, _machine.Memory.Read64(Page + 8));
        Assert.Empty(_events);
    }

    private Introspector Watched(WatchResponse answer)
    {
        Introspector introspector = _machine.Introspect();
        introspector.AddWatch(new IpaRange(new Ipa(Page), 8), WatchKinds.ReadWrite, (in WatchEvent e) =>
        {
            _events.Add(e.ToRecord());
            return answer;
        });
        return introspector;
    }

    private VcpuAction Store(Introspector introspector, ulong data)
    {
        _machine.Place(StrX2);
        return introspector.Handle(_machine.Vcpu, VcpuExit.FromHalfDecodedMmio(new Ipa(Page), 8, isWrite: true, data));
    }

    private VcpuAction Load(Introspector introspector)
    {
        _machine.Place(LdrX2);
        return introspector.Handle(_machine.Vcpu, VcpuExit.FromHalfDecodedMmio(new Ipa(Page), 8, isWrite: false, 0));
    }
}
