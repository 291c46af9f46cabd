using System.Collections.Generic;
using HvIntrospect.Introspection;
using HvIntrospect.Tests.Introspection.Fakes;
using HvIntrospect.Watchpoints;
using Xunit;

namespace HvIntrospect.Tests.Introspection;

/// <summary>Exclusive sequences on watched pages, with the backend's monitor and without one.</summary>
public sealed class ExclusiveTests
{
    private const ulong Page = FakeMachine.Ram + 0x4000;
    private const ulong Code = FakeMachine.Ram + 0x100;
    private const uint AddOne = 0x91000442; // add x2, x2, #1
    private const uint Ldxr = 0xC85F7C22; // ldxr x2, [x1]
    private const uint Stxr = 0xC8037C22; // stxr w3, x2, [x1]
    private const uint Ldaxp = 0xC87F9022; // ldaxp x2, x4, [x1]
    private const uint Stlxp = 0xC8239022; // stlxp w3, x2, x4, [x1]

    private readonly FakeMachine _machine = new(2);
    private readonly List<WatchRecord> _events = [];
    private readonly List<IntrospectionReport> _reports = [];

    public ExclusiveTests()
    {
        foreach (FakeVcpu vcpu in _machine.Vcpus)
        {
            vcpu.ModifyCore()[1] = Page;
        }
    }

    [Fact]
    public void OnAWriteWatchedPageTheFirstStoreFailsAndTheNextSequenceSucceeds()
    {
        using Introspector introspector = Watched(WatchKinds.Write);
        _machine.Memory.Write64(Page, 40);

        // The load ran natively; hardware's monitor is gone by the time of the exit.
        Trap(introspector, Stxr);
        Assert.Equal(1UL, _machine.Vcpu.Core[3]);
        Assert.Equal(40UL, _machine.Memory.Read64(Page));
        Assert.Empty(_events);
        Assert.Equal(Stage2Access.Execute, _machine.Stage2[Page]);

        Trap(introspector, Ldxr);
        Assert.Equal(40UL, _machine.Vcpu.Core[2]);
        _machine.Vcpu.ModifyCore()[2] = 41;
        Trap(introspector, Stxr);
        Assert.Equal(0UL, _machine.Vcpu.Core[3]);
        Assert.Equal(41UL, _machine.Memory.Read64(Page));
        Assert.Equal([40], Assert.Single(_events).OldValue[..1].ToArray());
        Assert.Equal(Stage2Access.Read | Stage2Access.Execute, _machine.Stage2[Page]);
    }

    [Fact]
    public void AnotherVcpusStoreBreaksTheMonitorEvenWithTheSameValue()
    {
        using Introspector introspector = Watched(WatchKinds.ReadWrite);
        Trap(introspector, Ldxr);
        _machine.Vcpus[1].ModifyCore()[2] = 0;
        Trap(introspector, 0xF9000022, vcpu: 1); // str x2, [x1]: zero over zero
        Trap(introspector, Stxr);
        Assert.Equal(1UL, _machine.Vcpu.Core[3]);
    }

    [Fact]
    public void AWriteThatNobodySawBreaksTheMonitorByItsValue()
    {
        using Introspector introspector = Watched(WatchKinds.ReadWrite);
        Trap(introspector, Ldxr);
        _machine.Memory.Write64(Page, 7);
        Trap(introspector, Stxr);
        Assert.Equal(1UL, _machine.Vcpu.Core[3]);
        Assert.Equal(7UL, _machine.Memory.Read64(Page));
    }

    [Fact]
    public void AContextSwitchInsideTheSequenceBreaksTheMonitor()
    {
        using Introspector introspector = Watched(WatchKinds.ReadWrite);
        Trap(introspector, Ldxr);
        _machine.Vcpu.ModifyException().ElrEl1 = 0x1234;
        Trap(introspector, Stxr);
        Assert.Equal(1UL, _machine.Vcpu.Core[3]);
    }

    /// <summary>No monitor of a core outlives the trap of the load: the library goes on to the store at once.</summary>
    [Fact]
    public void ASequenceOfSimpleInstructionsIsPerformedAsAWhole()
    {
        using Introspector introspector = Watched(WatchKinds.ReadWrite);
        PlaceSequence();
        Assert.Equal(VcpuActionKind.Resume, Trap(introspector, Ldxr).Kind);
        Assert.Equal((Code + 12, 0UL, 41UL), (_machine.Vcpu.Core.Pc.Value, _machine.Vcpu.Core[3], _machine.Vcpu.Core[2]));
        Assert.Equal(41UL, _machine.Memory.Read64(Page));
        Assert.Equal([WatchKinds.Read, WatchKinds.Write], _events.ConvertAll(static seen => seen.Kind));
        Assert.Equal(Code + 8, _events[1].Pc.Value);
    }

    /// <summary>Whoever stops or throws at the store is asked about it once more at most, and the guest begins with its load again.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void ASequenceThatIsInterruptedAtItsStoreBeginsAnew(bool throws)
    {
        using Introspector introspector = Watched(WatchKinds.ReadWrite);
        int refusals = 1;
        int asked = 0;
        introspector.AddWatch(new IpaRange(new Ipa(Page), 8), WatchKinds.Write, (in WatchEvent _) =>
        {
            asked++;
            return refusals-- <= 0 ? WatchResponse.Continue : throws ? throw new System.InvalidOperationException("not now") : WatchResponse.Stop;
        });
        PlaceSequence();
        CoreRegisters before = _machine.Vcpu.Core;
        if (throws)
        {
            Assert.Throws<System.InvalidOperationException>(() => Trap(introspector, Ldxr));
        }
        else
        {
            Assert.Equal(StopReason.Watch, Trap(introspector, Ldxr).StopReason);
        }

        Assert.Equal((before.Pc, before[2], 40UL), (_machine.Vcpu.Core.Pc, _machine.Vcpu.Core[2], _machine.Memory.Read64(Page)));
        Assert.Equal(VcpuActionKind.Resume, Trap(introspector, Ldxr).Kind);
        Assert.Equal((0UL, 41UL), (_machine.Vcpu.Core[3], _machine.Memory.Read64(Page)));
        Assert.Equal(throws ? 2 : 1, asked);
        Assert.Single(_events, static seen => seen.Kind == WatchKinds.Write);
    }

    /// <summary>What the library cannot execute, and what ends the sequence, is the guest's.</summary>
    [Theory]
    [InlineData(0x1E604000u)] // fmov d0, d0
    [InlineData(0xF9400043u)] // ldr x3, [x2]
    [InlineData(0x54000080u)] // b.eq to behind the store
    public void OtherwiseTheGuestGoesOnBehindTheLoad(uint between)
    {
        using Introspector introspector = Watched(WatchKinds.ReadWrite);
        PlaceSequence(between);
        _machine.Vcpu.ModifyCore().Pstate = new HvIntrospect.Registers.Spsr(_machine.Vcpu.Core.Pstate.Value | (1UL << 30));
        Trap(introspector, Ldxr);
        Assert.Equal((Code + 4, 40UL), (_machine.Vcpu.Core.Pc.Value, _machine.Memory.Read64(Page)));
        Assert.Single(_events);
    }

    [Theory]
    [InlineData(AtomicWidths.UpToQuadword)]
    [InlineData(AtomicWidths.UpToDoubleword)]
    public void APairIsOneExchange(AtomicWidths widths)
    {
        _machine.Memory.CompareExchangeWidths = widths;
        var pause = new CountingPause();
        _machine.Capabilities.Add(pause);
        using Introspector introspector = Watched(WatchKinds.ReadWrite);
        _machine.Memory.Write64(Page + 8, 9);
        Trap(introspector, Ldaxp);
        Assert.Equal(9UL, _machine.Vcpu.Core[4]);
        _machine.Vcpu.ModifyCore()[2] = 1;
        _machine.Vcpu.ModifyCore()[4] = 2;
        int before = pause.Pauses;
        Trap(introspector, Stlxp);
        Assert.Equal(0UL, _machine.Vcpu.Core[3]);
        Assert.Equal((1UL, 2UL), (_machine.Memory.Read64(Page), _machine.Memory.Read64(Page + 8)));

        // The load is two single-copy atomic reads, the store that succeeds is one write.
        Assert.Equal([8, 8, 16], _events.ConvertAll(static seen => seen.Size));
        Assert.Equal((9, 1, 2), (_events[2].OldValue[8], _events[2].NewValue[0], _events[2].NewValue[8]));
        Assert.Equal(widths == AtomicWidths.UpToDoubleword ? 1 : 0, pause.Pauses - before);
        Assert.Equal(0, pause.Depth);
    }

    [Fact]
    public void APairThatCannotBeExchangedAtOnceStopsTheVcpu()
    {
        _machine.Memory.CompareExchangeWidths = AtomicWidths.UpToDoubleword;
        using Introspector introspector = Watched(WatchKinds.ReadWrite);
        Trap(introspector, Ldaxp);
        VcpuAction action = Trap(introspector, Stlxp);
        Assert.Equal((StopReason.Unsupported, "atomic exchange"), (action.StopReason, action.Detail));
        Assert.Equal(0UL, _machine.Memory.Read64(Page));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void TheBackendsMonitorIsUsedWhereItIsOffered(bool armed)
    {
        var monitor = new FakeMonitor { Address = armed ? new Ipa(Page) : default };
        _machine.Vcpu.Capabilities.Add(monitor);
        using Introspector introspector = Watched(WatchKinds.Write);
        Trap(introspector, Stxr);
        Assert.Equal(armed ? 0UL : 1, _machine.Vcpu.Core[3]);
        Assert.Equal(armed ? 1 : 0, _events.Count);
        Assert.Equal(default, monitor.Address);
        Assert.Equal(Stage2Access.Read | Stage2Access.Execute, _machine.Stage2[Page]);
    }

    [Fact]
    public void ATrappedLoadExclusiveArmsTheBackendsMonitor()
    {
        var monitor = new FakeMonitor();
        _machine.Vcpu.Capabilities.Add(monitor);
        using Introspector introspector = Watched(WatchKinds.ReadWrite);
        Trap(introspector, Ldxr);
        Assert.Equal(new Ipa(Page), monitor.Address);
    }

    [Fact]
    public void ASkippedStoreExclusiveFails()
    {
        using Introspector introspector = Watched(WatchKinds.ReadWrite, WatchResponse.Skip);
        Trap(introspector, Ldxr);
        _machine.Vcpu.ModifyCore()[3] = 5;
        Trap(introspector, Stxr);
        Assert.Equal(1UL, _machine.Vcpu.Core[3]);
    }

    [Fact]
    public void AStoreExclusiveThatLosesAfterItsEventIsReported()
    {
        using Introspector introspector = Watched(WatchKinds.ReadWrite);
        Trap(introspector, Ldxr);
        _machine.Memory.BeforeExchange = () => _machine.Memory.Write64(Page, 7);
        Trap(introspector, Stxr);
        Assert.Equal((1UL, 7UL), (_machine.Vcpu.Core[3], _machine.Memory.Read64(Page)));
        Assert.Equal(IntrospectionReportKind.RacedStore, Assert.Single(_reports).Kind);
    }

    /// <summary>As on KVM: reads cannot be denied, and the load runs natively each time.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void WhereLoadsCannotTrapTheNextTrySucceedsUnlessSomebodyStored(bool isBroken)
    {
        _machine.Stage2.Support = Stage2AccessSupport.WriteProtect;
        using Introspector introspector = Watched(WatchKinds.Write);
        PlaceLoop(Ldxr);
        _machine.Memory.Write64(Page, 40);
        Va store = _machine.Vcpu.Core.Pc;
        Trap(introspector, Stxr);
        Assert.Equal(1UL, _machine.Vcpu.Core[3]);
        Assert.Empty(_events);
        if (isBroken)
        {
            // The same value again: the value alone would not tell.
            _machine.Vcpus[1].ModifyCore()[2] = 40;
            Trap(introspector, 0xF9000022, vcpu: 1);
            _events.Clear();
        }

        // The guest goes back and loads 40 natively.
        ref CoreRegisters core = ref _machine.Vcpu.ModifyCore();
        core.Pc = store;
        core[2] = 41;
        Trap(introspector, Stxr);
        Assert.Equal(isBroken ? 1UL : 0, _machine.Vcpu.Core[3]);
        Assert.Equal(isBroken ? 40UL : 41, _machine.Memory.Read64(Page));
        Assert.Equal(isBroken ? 0 : 1, _events.Count);
        Assert.Equal(Stage2Access.Read | Stage2Access.Execute, _machine.Stage2[Page]);
    }

    [Theory]
    [InlineData(0xD503201F)] // nop: no load at all
    [InlineData(0x885F7C22)] // ldxr w2, [x1]: another size
    [InlineData(0xC85F7CA2)] // ldxr x2, [x5]: another base
    [InlineData(Stxr)] // a store before
    [InlineData(0xD503305F)] // clrex
    public void WhereLoadsCannotTrapAndNoneIsSeenTheVcpuStops(uint before)
    {
        _machine.Stage2.Support = Stage2AccessSupport.WriteProtect;
        using Introspector introspector = Watched(WatchKinds.Write);
        PlaceLoop(before);
        VcpuAction action = Trap(introspector, Stxr);
        Assert.Equal((StopReason.Unsupported, "exclusive monitor"), (action.StopReason, action.Detail));
    }

    /// <summary>An unconditional branch, the word, an addition; the store comes at PC.</summary>
    private void PlaceLoop(uint word)
    {
        ulong pc = _machine.Vcpu.Core.Pc.Value;
        _machine.Memory.Write32(pc - 12, 0x14000000); // b .
        _machine.Memory.Write32(pc - 8, word);
        _machine.Memory.Write32(pc - 4, 0x91000442); // add x2, x2, #1
    }

    private Introspector Watched(WatchKinds kinds, WatchResponse answer = default)
    {
        Introspector introspector = _machine.Introspect(new IntrospectorOptions { ReportHandler = _reports.Add });
        introspector.AddWatch(new IpaRange(new Ipa(Page), 16), kinds, (in WatchEvent e) =>
        {
            _events.Add(e.ToRecord());
            return e.Kind == WatchKinds.Write ? answer : WatchResponse.Continue;
        });
        return introspector;
    }

    private VcpuAction Trap(Introspector introspector, uint word, int vcpu = 0)
    {
        _machine.Place(word, vcpu);
        return introspector.Handle(_machine.Vcpus[vcpu], FakeMachine.Denied(Page, isWrite: (word & (1 << 22)) == 0));
    }

    private sealed class FakeMonitor : IExclusiveMonitor
    {
        public Ipa Address { get; set; }

        public void Arm(Ipa address, int size) => Address = address;

        public bool IsArmed(Ipa address, int size) => address == Address;

        public void Keep()
        {
        }

        public void Clear() => Address = default;
    }

    private sealed class CountingPause : IPauseAll
    {
        public int Pauses { get; private set; }

        public int Depth { get; private set; }

        public void Pause()
        {
            Pauses++;
            Depth++;
        }

        public void Resume() => Depth--;

        public bool TryPauseOthers(IVcpu vcpu) => throw new System.NotSupportedException();

        public void ResumeOthers() => throw new System.NotSupportedException();
    }

    /// <summary>Behind the load, which is placed when it traps: an instruction and the store.</summary>
    private void PlaceSequence(uint between = AddOne)
    {
        _machine.Memory.Write64(Page, 40);
        _machine.Memory.Write64(Code + 4, between | ((ulong)Stxr << 32));
    }
}
