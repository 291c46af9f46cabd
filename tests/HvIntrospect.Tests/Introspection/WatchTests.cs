using System;
using System.Collections.Generic;
using System.Linq;
using HvIntrospect.Introspection;
using HvIntrospect.Registers;
using HvIntrospect.Tests.Introspection.Fakes;
using HvIntrospect.Watchpoints;
using HvIntrospect.Tests.Support;
using Xunit;

namespace HvIntrospect.Tests.Introspection;

/// <summary>What watches see and what their answers do, exit by exit.</summary>
public sealed class WatchTests
{
    private const ulong Page = FakeMachine.Ram + 0x4000;
    private const uint LdrX2 = 0xF9400022; // ldr x2, [x1]
    private const uint StrX2 = 0xF9000022; // str x2, [x1]
    private const uint StrW2Post = 0xB81FC422; // str w2, [x1], #-4
    private const uint StpX2X3 = 0xA9000C22; // stp x2, x3, [x1]

    private readonly FakeMachine _machine = new();
    private readonly List<WatchRecord> _events = [];

    [Fact]
    public void AStoreIsReportedWithOldAndNewValueAndPerformed()
    {
        using Introspector introspector = _machine.Introspect();
        Watch watch = Watch(introspector, Page + 4, 4, WatchKinds.Write);
        _machine.Memory.Write64(Page, 0x1122_3344_5566_7788);
        Set(1, Page + 4);

        Assert.Equal(VcpuActionKind.Resume, Trap(introspector, StrW2Post, Page + 4, isWrite: true).Kind);

        WatchRecord seen = Assert.Single(_events);
        Assert.Same(watch, seen.Watch);
        Assert.Equal(1, seen.Sequence);
        Assert.Equal(Page + 4, seen.Ipa.Value);
        Assert.Equal(Page + 4, seen.Va.Value);
        Assert.Equal(FakeMachine.Ram + 0x100, seen.Pc.Value);
        Assert.Equal(4, seen.Size);
        Assert.Equal(WatchKinds.Write, seen.Kind);
        Assert.Equal([0x44, 0x33, 0x22, 0x11], seen.OldValue.ToArray());
        Assert.Equal([3, 3, 3, 3], seen.NewValue.ToArray());
        Assert.Equal(StrW2Post, seen.Opcode);
        Assert.Equal("STR_32_ldst_immpost", seen.Access.EncodingId);
        Assert.True(seen.IsExact);
        Assert.True(seen.IsEffective);
        Assert.Equal(0x0303_0303_5566_7788UL, _machine.Memory.Read64(Page));
        Assert.Equal(Page, _machine.Vcpu.Core[1]);
        Assert.Equal(FakeMachine.Ram + 0x104, _machine.Vcpu.Core.Pc.Value);
    }

    [Fact]
    public void ALoadIsReportedWithItsValue()
    {
        using Introspector introspector = _machine.Introspect();
        Watch(introspector, Page, 1, WatchKinds.Read);
        _machine.Memory.Write64(Page, 0x1122_3344_5566_7788);
        Set(1, Page);
        Trap(introspector, LdrX2, Page, isWrite: false);
        Assert.Equal(WatchKinds.Read, _events.Single().Kind);
        Assert.Equal(_events[0].OldValue.ToArray(), _events[0].NewValue.ToArray());
        Assert.Equal(0x1122_3344_5566_7788UL, _machine.Vcpu.Core[2]);
    }

    [Theory]
    [InlineData(0x7F8, WatchKinds.ReadWrite)] // below
    [InlineData(0x804, WatchKinds.ReadWrite)] // above
    [InlineData(0x800, WatchKinds.Read)] // another kind
    public void AnAccessThatNoWatchOverlapsIsPerformedWithoutAnEvent(int offset, WatchKinds kinds)
    {
        using Introspector introspector = _machine.Introspect();
        Watch(introspector, Page + 0x800, 4, kinds);
        Watch(introspector, Page + 0xF00, 4, WatchKinds.Write);
        Set(1, Page + (ulong)offset);
        Trap(introspector, 0xB9000022, Page + (ulong)offset, isWrite: true); // str w2, [x1]
        Assert.Empty(_events);
        Assert.Equal(0x03030303U, (uint)_machine.Memory.Read64(Page + (ulong)offset));
        Assert.Equal(FakeMachine.Ram + 0x104, _machine.Vcpu.Core.Pc.Value);
    }

    [Fact]
    public void APairIsTwoElements()
    {
        using Introspector introspector = _machine.Introspect();
        Watch(introspector, Page + 8, 1, WatchKinds.Write, "second");
        Watch(introspector, Page, 0x10, WatchKinds.Write, "both");
        Set(1, Page);
        Trap(introspector, StpX2X3, Page, isWrite: true);
        Assert.Equal(["both " + Page, "second " + (Page + 8), "both " + (Page + 8)], _events.Select(e => e.Watch.Name + " " + e.Ipa.Value));
        Assert.Equal([1L, 2, 2], _events.Select(e => e.Sequence));
        Assert.Equal(_machine.Vcpu.Core[3], _machine.Memory.Read64(Page + 8));
    }

    [Fact]
    public void AnUnalignedElementInTwoPagesIsOneEventForEachWatchThatItReaches()
    {
        using Introspector introspector = _machine.Introspect();
        Watch(introspector, Page + 0xFFE, 4, WatchKinds.Write, "across");
        Watch(introspector, Page + 0x1002, 1, WatchKinds.Write, "above");
        _machine.Vcpu.ModifyTranslation().SctlrEl1 = 0;
        Set(1, Page + 0xFFD);
        MapNormal();
        Trap(introspector, StrX2, Page + 0xFFD, isWrite: true);
        Assert.Equal(["across", "above"], _events.Select(e => e.Watch.Name));
        Assert.All(_events, e => Assert.Equal(8, e.Size));
        Assert.Equal(_machine.Vcpu.Core[2], _machine.Memory.Read64(Page + 0xFFD));
    }

    [Fact]
    public void SkipLeavesTheAccessOutAndWritesBack()
    {
        using Introspector introspector = _machine.Introspect();
        Watch(introspector, Page, 8, WatchKinds.ReadWrite, answer: WatchResponse.Skip);
        Set(1, Page + 4);
        Trap(introspector, StrW2Post, Page + 4, isWrite: true);
        Assert.Equal(0UL, _machine.Memory.Read64(Page));
        Assert.Equal(Page, _machine.Vcpu.Core[1]);
        ulong before = _machine.Vcpu.Core[2];
        Trap(introspector, LdrX2, Page, isWrite: false);
        Assert.Equal(before, _machine.Vcpu.Core[2]);
        Assert.Equal(FakeMachine.Ram + 0x108, _machine.Vcpu.Core.Pc.Value);
    }

    [Fact]
    public void ReplaceWorksByByte()
    {
        using Introspector introspector = _machine.Introspect();
        Watch(introspector, Page, 8, WatchKinds.ReadWrite, answer: WatchResponse.Replace([0xAA, 0xBB], offset: 2));
        Set(1, Page);
        Trap(introspector, StrX2, Page, isWrite: true);
        Assert.Equal(0x0303_0303_BBAA_0303UL, _machine.Memory.Read64(Page));
        _machine.Memory.Write64(Page, 0);
        Trap(introspector, LdrX2, Page, isWrite: false);
        Assert.Equal(0xBBAA_0000UL, _machine.Vcpu.Core[2]);
    }

    [Fact]
    public void DifferentReplacementsOfOneByteAreReportedAndTheByteStays()
    {
        var reports = new List<IntrospectionReport>();
        using Introspector introspector = _machine.Introspect(new IntrospectorOptions { ReportHandler = reports.Add });
        Watch(introspector, Page, 8, WatchKinds.Write, answer: WatchResponse.Replace([1, 2]));
        Watch(introspector, Page, 8, WatchKinds.Write, answer: WatchResponse.Replace([1, 9, 7]));
        Set(1, Page);
        Trap(introspector, StrX2, Page, isWrite: true);
        Assert.Equal(0x0303_0303_0307_0301UL, _machine.Memory.Read64(Page));
        Assert.Equal(IntrospectionReportKind.ConflictingReplacements, Assert.Single(reports).Kind);
    }

    [Theory]
    [InlineData(true, 0x10)]
    [InlineData(false, 0x0F)]
    public void InjectMakesTheGuestFaultInsteadOfTheAccess(bool external, int status)
    {
        using Introspector introspector = _machine.Introspect();
        Watch(introspector, Page + 8, 8, WatchKinds.Write, answer: external ? WatchResponse.InjectExternalAbort : WatchResponse.InjectPermissionFault);
        Set(1, Page);
        Trap(introspector, StpX2X3, Page, isWrite: true);
        Assert.Equal(0UL, _machine.Memory.Read64(Page));
        ExceptionRegisters registers = _machine.Vcpu.Exception;
        Assert.Equal(Page + 8, registers.FarEl1);
        Assert.Equal(ExceptionClass.DataAbortSameEl, registers.EsrEl1.Class);
        Assert.True(registers.EsrEl1.TryGetDataAbort(out DataAbortSyndrome abort));
        Assert.Equal(status, abort.Status.Code);
        Assert.True(abort.IsWrite);
        Assert.Equal(FakeMachine.Ram + 0x100, registers.ElrEl1);
        Assert.Equal(FakeMachine.Ram + 0x2200, _machine.Vcpu.Core.Pc.Value);
    }

    [Fact]
    public void StopIsBeforeTheAccessAndResumingPerformsItWithoutASecondEvent()
    {
        using Introspector introspector = _machine.Introspect();
        Watch(introspector, Page, 8, WatchKinds.Write, "stop", WatchResponse.Stop);
        Watch(introspector, Page, 8, WatchKinds.Write, "replace", WatchResponse.Replace(5));
        Set(1, Page);
        VcpuAction action = Trap(introspector, StrX2, Page, isWrite: true);
        Assert.Equal(VcpuActionKind.Stop, action.Kind);
        Assert.Equal(StopReason.Watch, action.StopReason);
        Assert.Equal(0UL, _machine.Memory.Read64(Page));
        Assert.Equal(FakeMachine.Ram + 0x100, _machine.Vcpu.Core.Pc.Value);

        Watch(introspector, Page, 1, WatchKinds.Write, "later");
        Assert.Equal(VcpuActionKind.Resume, Trap(introspector, StrX2, Page, isWrite: true).Kind);
        Assert.Equal(["stop", "replace", "later"], _events.Select(e => e.Watch.Name));
        Assert.Equal(5UL, _machine.Memory.Read64(Page));

        _machine.Vcpu.ModifyCore().Pc = new Va(FakeMachine.Ram + 0x100);
        Trap(introspector, StrX2, Page, isWrite: true);
        Assert.Equal(6, _events.Count);
    }

    [Fact]
    public void PrecedenceIsStopInjectSkipReplaceContinue()
    {
        WatchResponse[] ascending =
        [
            WatchResponse.Continue, WatchResponse.Replace(1), WatchResponse.Skip, WatchResponse.InjectPermissionFault, WatchResponse.Stop,
        ];
        for (int high = 1; high < ascending.Length; high++)
        {
            for (int low = 0; low < high; low++)
            {
                foreach (bool swapped in new[] { false, true })
                {
                    var machine = new FakeMachine();
                    using Introspector introspector = machine.Introspect();
                    WatchResponse first = ascending[swapped ? low : high];
                    WatchResponse second = ascending[swapped ? high : low];
                    introspector.AddWatch(new IpaRange(new Ipa(Page), 8), WatchKinds.Write, (in WatchEvent _) => first);
                    introspector.AddWatch(new IpaRange(new Ipa(Page), 8), WatchKinds.Write, (in WatchEvent _) => second);
                    machine.Vcpu.ModifyCore()[1] = Page;
                    machine.Place(StrX2);
                    VcpuAction action = introspector.Handle(machine.Vcpu, FakeMachine.Denied(Page, isWrite: true));
                    Assert.Equal(high == 4, action.Kind == VcpuActionKind.Stop);
                    Assert.Equal(high == 3, machine.Vcpu.Core.Pc.Value >= FakeMachine.Ram + 0x2000);
                    Assert.Equal(high == 1 ? 1UL : 0, machine.Memory.Read64(Page));
                }
            }
        }
    }

    [Fact]
    public void AHandlersExceptionLeavesEverythingAndTheExitCanBeHandledAgain()
    {
        using Introspector introspector = _machine.Introspect();
        bool fails = true;
        introspector.AddWatch(new IpaRange(new Ipa(Page + 8), 8), WatchKinds.Write, (in WatchEvent _) =>
            fails ? throw new InvalidOperationException("no") : WatchResponse.Continue);
        Set(1, Page);
        Assert.Throws<InvalidOperationException>(() => Trap(introspector, StpX2X3, Page, isWrite: true));
        Assert.Equal(0UL, _machine.Memory.Read64(Page));
        Assert.Equal(FakeMachine.Ram + 0x100, _machine.Vcpu.Core.Pc.Value);
        fails = false;
        Trap(introspector, StpX2X3, Page, isWrite: true);
        Assert.Equal(_machine.Vcpu.Core[2], _machine.Memory.Read64(Page));
        Assert.Equal(FakeMachine.Ram + 0x104, _machine.Vcpu.Core.Pc.Value);
    }

    [Fact]
    public void AHandlerMayAddAndRemoveWatchesAndTheEventSaysWhetherTheyAreEffective()
    {
        using Introspector introspector = _machine.Introspect();
        var effective = new List<bool>();
        Watch? added = null;
        Watch first = null!;
        first = introspector.AddWatch(new IpaRange(new Ipa(Page), 0x10), WatchKinds.Write, (in WatchEvent e) =>
        {
            effective.Add(e.IsEffective);
            if (added is null)
            {
                added = Watch(introspector, Page, 8, WatchKinds.Write, "added");
                Assert.False(added.IsEffective);
                first.Dispose();
                Assert.False(first.IsEffective);
            }

            return WatchResponse.Continue;
        });
        Set(1, Page);
        Trap(introspector, StpX2X3, Page, isWrite: true);
        Assert.Equal([true, false], effective);
        Assert.Empty(_events);
        Assert.True(added!.IsEffective);
        Assert.Equal(1, _machine.Stage2.RestrictedPages);

        Trap(introspector, StrX2, Page, isWrite: true);
        Assert.Equal("added", Assert.Single(_events).Watch.Name);
        Assert.Equal(2, effective.Count);
    }

    [Fact]
    public void AWatchThatStopsAndRemovesItselfStillStops()
    {
        using Introspector introspector = _machine.Introspect();
        introspector.AddWatch(new IpaRange(new Ipa(Page), 8), WatchKinds.Write, (in WatchEvent e) =>
        {
            e.Watch.Dispose();
            return WatchResponse.Stop;
        });
        Set(1, Page);
        Assert.Equal(VcpuActionKind.Stop, Trap(introspector, StrX2, Page, isWrite: true).Kind);
        Assert.Equal(0, _machine.Stage2.RestrictedPages);
    }

    [Fact]
    public void AStaleExitIsExecutedAgainWithoutAnEvent()
    {
        using Introspector introspector = _machine.Introspect();
        Watch watch = Watch(introspector, Page, 8, WatchKinds.Write);
        watch.Dispose();
        Set(1, Page);
        Assert.Equal(VcpuActionKind.Resume, Trap(introspector, StrX2, Page, isWrite: true).Kind);
        Assert.Equal(FakeMachine.Ram + 0x100, _machine.Vcpu.Core.Pc.Value);
        Assert.Equal(1, introspector.Statistics.Retries);

        // A page that still faults is not tried for ever: what nobody denies is performed.
        Trap(introspector, StrX2, Page, isWrite: true);
        Trap(introspector, StrX2, Page, isWrite: true);
        Assert.Equal(FakeMachine.Ram + 0x104, _machine.Vcpu.Core.Pc.Value);
        Assert.Empty(_events);
    }

    [Fact]
    public void RemovalEndsTheDenialAndDisposeRemovesAll()
    {
        Introspector introspector = _machine.Introspect();
        Watch watch = Watch(introspector, Page, 8, WatchKinds.Write);
        Watch(introspector, Page + 0x1000, 0x2001, WatchKinds.Read);
        Assert.Equal(4, _machine.Stage2.RestrictedPages);
        Assert.Equal(Stage2Access.Read | Stage2Access.Execute, _machine.Stage2[Page]);
        watch.Dispose();
        watch.Dispose();
        Assert.Equal(3, _machine.Stage2.RestrictedPages);
        introspector.Dispose();
        introspector.Dispose();
        Assert.Equal(0, _machine.Stage2.RestrictedPages);
        Assert.Throws<ObjectDisposedException>(() => Watch(introspector, Page, 8, WatchKinds.Write));
    }

    [Fact]
    public void BadArgumentsAreNamed()
    {
        using Introspector introspector = _machine.Introspect();
        Assert.Throws<ArgumentNullException>("handler", () => introspector.AddWatch(new IpaRange(new Ipa(0), 1), WatchKinds.Read, null!));
        Assert.Throws<ArgumentException>("range", () => Watch(introspector, default, WatchKinds.Read));
        Assert.Throws<ArgumentOutOfRangeException>("kinds", () => Watch(introspector, Page, 1, WatchKinds.None));
        Assert.Throws<ArgumentOutOfRangeException>("kinds", () => Watch(introspector, Page, 1, (WatchKinds)8));
        Assert.Throws<ArgumentException>("bytes", () => WatchResponse.Replace([1, 2], 63));
        Assert.Throws<ArgumentException>("bytes", () => WatchResponse.Replace(new byte[17]));
        Assert.Throws<ArgumentOutOfRangeException>("offset", () => WatchResponse.Replace([1], 64));
        Assert.Throws<NotSupportedException>(() =>
            new Introspector(_machine, new IntrospectorOptions { UnsupportedAccess = UnsupportedAccessPolicy.OpenAndStep }));
        _machine.Capabilities.Clear();
        using var unguarded = new Introspector(_machine);
        Assert.Contains("IStage2Control", Assert.Throws<NotSupportedException>(() => Watch(unguarded, Page, 1, WatchKinds.Read)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void DisposingDetachesFromABackendThatFails()
    {
        Introspector introspector = _machine.Introspect();
        Watch(introspector, Page, 1, WatchKinds.Read);
        Assert.NotNull(_machine.Stage2.Guards);
        _machine.Stage2.IsBroken = true;
        introspector.Dispose();
        Assert.Null(_machine.Stage2.Guards);
    }

    /// <summary>A writer that nobody sees comes between event and store: bytes beside the store keep what it wrote, and the event's old value is called wrong.</summary>
    [Theory]
    [InlineData(0, false)]
    [InlineData(3, false)]
    [InlineData(3, true)]
    public void AStoreThatAnotherWriterRacesOverwritesWhatItFinds(int offset, bool besideOnly)
    {
        var reports = new List<IntrospectionReport>();
        using Introspector introspector = _machine.Introspect(new IntrospectorOptions { ReportHandler = reports.Add });
        Watch(introspector, Page, 16, WatchKinds.Write);
        MapNormal();
        Set(1, Page + (ulong)offset);
        ulong other = besideOnly ? 0x0000_0000_0077_7777UL : 0x7777_7777_7777_7777;
        _machine.Memory.BeforeExchange = () => _machine.Memory.Write64(Page, other);
        Trap(introspector, StrX2, Page + (ulong)offset, isWrite: true);
        Assert.Single(_events);
        Assert.Equal(_machine.Vcpu.Core[2], _machine.Memory.Read64(Page + (ulong)offset));
        ulong before = offset == 0 ? 0 : 0x77_7777UL;
        Assert.Equal(before, offset == 0 ? 0 : _machine.Memory.Read64(Page) & 0xFF_FFFF);
        Assert.Equal(besideOnly ? 0 : 1, reports.Count(report => report.Kind == IntrospectionReportKind.RacedStore));
    }

    [Fact]
    public void AStoreThatOthersAlwaysOvertakeIsMadeAllTheSame()
    {
        var reports = new List<IntrospectionReport>();
        using Introspector introspector = _machine.Introspect(new IntrospectorOptions { ReportHandler = reports.Add });
        Watch(introspector, Page, 8, WatchKinds.Write);
        Set(1, Page);
        ulong others = 0;
        Overtake();
        Trap(introspector, StrX2, Page, isWrite: true);
        Assert.Equal(_machine.Vcpu.Core[2], _machine.Memory.Read64(Page));
        Assert.Single(_events);
        Assert.Contains(reports, report => report.Kind == IntrospectionReportKind.RacedStore);

        void Overtake()
        {
            Assert.InRange(++others, 1UL, 10_000UL);
            _machine.Memory.Write64(Page, others);
            _machine.Memory.BeforeExchange = Overtake;
        }
    }

    [Fact]
    public void BtypeIsClearedAndTheSoftwareStepTakenWithTheInstruction()
    {
        using Introspector introspector = _machine.Introspect();
        Watch(introspector, Page, 8, WatchKinds.Write);
        Set(1, Page);
        _machine.Vcpu.ModifyCore().Pstate = new Spsr(Spsr.El1hMasked.Value | (1UL << 10) | (1UL << 21));
        Trap(introspector, StrX2, Page, isWrite: true);
        Assert.Equal(Spsr.El1hMasked, _machine.Vcpu.Core.Pstate);
    }

    [Fact]
    public void NothingIsAllocatedForAnEvent()
    {
        using Introspector introspector = _machine.Introspect();
        long sum = 0;
        introspector.AddWatch(new IpaRange(new Ipa(Page), 8), WatchKinds.ReadWrite, (in WatchEvent e) =>
        {
            sum += e.OldValue[0] + e.NewValue[0];
            return WatchResponse.Continue;
        });
        Set(1, Page);
        _machine.Place(StrX2);
        VcpuExit exit = FakeMachine.Denied(Page, isWrite: true);
        HandleMany();
        Assert.Equal(0, Allocation.Of(HandleMany));
        Assert.NotEqual(0, sum);

        void HandleMany()
        {
            for (int i = 0; i < 100; i++)
            {
                HandleOnce(introspector, exit);
            }
        }
    }

    private void HandleOnce(Introspector introspector, in VcpuExit exit)
    {
        introspector.Handle(_machine.Vcpu, exit);
        _machine.Vcpu.ModifyCore().Pc = new Va(FakeMachine.Ram + 0x100);
    }

    private void Set(int register, ulong value) => _machine.Vcpu.ModifyCore()[register] = value;

    /// <summary>Unaligned accesses fault while Stage 1 is off: a table of one block of normal memory.</summary>
    private void MapNormal() => NormalMemory.Map(_machine);

    private Watch Watch(
        Introspector introspector, ulong start, ulong length, WatchKinds kinds, string? name = null, WatchResponse answer = default) =>
        Watch(introspector, new IpaRange(new Ipa(start), length), kinds, name, answer);

    private Watch Watch(Introspector introspector, IpaRange range, WatchKinds kinds, string? name = null, WatchResponse answer = default) =>
        introspector.AddWatch(
            range,
            kinds,
            (in WatchEvent e) =>
            {
                _events.Add(e.ToRecord());
                return answer;
            },
            name);

    private VcpuAction Trap(Introspector introspector, uint word, ulong far, bool isWrite)
    {
        _machine.Place(word);
        return introspector.Handle(_machine.Vcpu, FakeMachine.Denied(far, isWrite));
    }
}
