using System.Collections.Generic;
using HvIntrospect.Introspection;
using HvIntrospect.Registers;
using HvIntrospect.Tests.Introspection.Fakes;
using HvIntrospect.Watchpoints;
using Xunit;

namespace HvIntrospect.Tests.KnownMistakes;

/// <summary>What hypervisors have got wrong in reading an exit. The exits are made by hand, because no one core reports all of them.</summary>
public sealed class ExitMistakesTests
{
    private const ulong Page = FakeMachine.Ram + 0x4000;
    private const ulong Start = FakeMachine.Ram + 0x100;
    private const uint LdrX2 = 0xF9400022; // ldr x2, [x1]
    private const ulong Il = 1UL << 25;

    private readonly FakeMachine _machine = new();
    private readonly List<WatchRecord> _events = [];

    public ExitMistakesTests()
    {
        _machine.Vcpu.ModifyCore()[1] = Page;
        NormalMemory.Map(_machine);
    }

    /// <summary>IL tells the length of A32 and T32 instructions only.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void PcAdvancesByFourWhateverIlSays(bool isLong)
    {
        using Introspector introspector = Watched(WatchKinds.Read);
        _machine.Place(LdrX2);
        Esr esr = DataAbortSyndrome.Create(false, FaultStatus.Create(FaultKind.Permission, 3), isWrite: false);
        introspector.Handle(_machine.Vcpu, VcpuExit.FromException(new Esr(isLong ? esr.Value | Il : esr.Value & ~Il), new Va(Page)));
        Assert.Equal(Start + 4, _machine.Vcpu.Core.Pc.Value);
    }

    /// <summary>The page is that of the table and not that of FAR, and FAR's offset is not the descriptor's.</summary>
    [Theory]
    [InlineData(WatchKinds.Read, WatchKinds.Read)]
    [InlineData(WatchKinds.Write, WatchKinds.Write)]
    public void AFaultOfTheWalkIsAnAccessToTheTable(WatchKinds kinds, WatchKinds seen)
    {
        // With reads permitted, the walker can have faulted only by an update of the Access flag or the dirty state, whatever WnR says.
        _machine.Vcpu.Capabilities.Add(new FakeStepper());
        using Introspector introspector = Watched(kinds, NormalMemory.Table, 0x1000);
        _machine.Place(LdrX2);
        introspector.Handle(_machine.Vcpu, VcpuExit.FromException(
            DataAbortSyndrome.Create(false, FaultStatus.Create(FaultKind.Permission, 3), isWrite: false, isStage1Walk: true),
            new Va(Page + 0x123),
            Hpfar.FromIpa(new Ipa(NormalMemory.Table))));
        WatchRecord record = Assert.Single(_events);
        Assert.Equal((NormalMemory.Table + 8, 8, seen), (record.Ipa.Value, record.Size, record.Kind));
        Assert.Equal(Start, _machine.Vcpu.Core.Pc.Value);
    }

    [Fact]
    public void HpfarCountsAfterATranslationFaultOnly()
    {
        using Introspector introspector = Watched(WatchKinds.Read);
        _machine.Place(LdrX2);
        introspector.Handle(_machine.Vcpu, VcpuExit.FromException(
            DataAbortSyndrome.Create(false, FaultStatus.Create(FaultKind.Permission, 3), isWrite: false),
            new Va(Page),
            Hpfar.FromIpa(new Ipa(FakeMachine.Ram + 0x9000))));
        Assert.Equal(Page, Assert.Single(_events).Ipa.Value);
    }

    /// <summary>An abort of the hypervisor's own level is never a guest's.</summary>
    [Fact]
    public void AnAbortOfTheSameLevelIsNotTheGuests()
    {
        using Introspector introspector = Watched(WatchKinds.Read);
        _machine.Place(LdrX2);
        VcpuAction action = introspector.Handle(_machine.Vcpu, VcpuExit.FromException(
            DataAbortSyndrome.Create(true, FaultStatus.Create(FaultKind.Permission, 3), isWrite: false), new Va(Page)));
        Assert.Equal(VcpuActionKind.Unhandled, action.Kind);
        Assert.Empty(_events);
    }

    /// <summary>FnV means something for external aborts only.</summary>
    [Fact]
    public void FnvOfAStage2FaultIsNotLookedAt()
    {
        using Introspector introspector = Watched(WatchKinds.Read);
        _machine.Place(LdrX2);
        Esr esr = DataAbortSyndrome.Create(false, FaultStatus.Create(FaultKind.Permission, 3), isWrite: false);
        introspector.Handle(_machine.Vcpu, VcpuExit.FromException(new Esr(esr.Value | (1UL << 10)), new Va(Page)));
        Assert.Equal(Page, Assert.Single(_events).Va.Value);
    }

    /// <summary>The fetch that software makes must not be believed when another vCPU has written the place since the trap.</summary>
    [Fact]
    public void AnOpcodeThatIsNoAccessIsNotPerformed()
    {
        using Introspector introspector = Watched(WatchKinds.Read);
        _machine.Place(0xD4200000); // brk #0, planted after the trap
        Assert.Equal(VcpuActionKind.Resume, introspector.Handle(_machine.Vcpu, FakeMachine.Denied(Page, isWrite: false)).Kind);
        Assert.Equal(Start, _machine.Vcpu.Core.Pc.Value);
        Assert.Empty(_events);
    }

    private Introspector Watched(WatchKinds kinds, ulong start = Page, ulong length = 8)
    {
        Introspector introspector = _machine.Introspect();
        introspector.AddWatch(new IpaRange(new Ipa(start), length), kinds, (in WatchEvent e) =>
        {
            _events.Add(e.ToRecord());
            return WatchResponse.Continue;
        });
        return introspector;
    }
}
