using System;
using System.Collections.Generic;
using System.Linq;
using HvIntrospect.Introspection;
using HvIntrospect.Registers;
using HvIntrospect.Tests.Introspection.Fakes;
using HvIntrospect.Watchpoints;
using Xunit;

namespace HvIntrospect.Tests.Introspection;

/// <summary>Aborts that are not simply an access to perform: whose they are, what contradicts them, what is stepped.</summary>
public sealed class AbortTests
{
    private const ulong Page = FakeMachine.Ram + 0x4000;
    private const uint LdrX2 = 0xF9400022; // ldr x2, [x1]
    private const uint StrX2 = 0xF9000022; // str x2, [x1]
    private const uint SveLoad = 0xA400A022; // ld1b {z2.b}, p0/z, [x1]
    private const uint DcZva = 0xD50B7421; // dc zva, x1

    private readonly FakeMachine _machine = new();
    private readonly FakeStepper _stepper = new();
    private readonly List<WatchRecord> _events = [];
    private readonly List<IntrospectionReport> _reports = [];

    public AbortTests()
    {
        _machine.Vcpu.ModifyCore()[1] = Page;
    }

    [Theory]
    [InlineData(null, UnhandledReason.NotMapped)]
    [InlineData(Stage2Access.Read | Stage2Access.Execute, UnhandledReason.Protected)]
    public void AFaultOfStage2ItselfIsTheEmbedders(Stage2Access? mapped, UnhandledReason reason)
    {
        using Introspector introspector = Introspect();
        _machine.Stage2.Map(Page, mapped);
        VcpuAction action = Trap(introspector, StrX2, isWrite: true);
        Assert.Equal((VcpuActionKind.Unhandled, reason), (action.Kind, action.UnhandledReason));
        Assert.Equal(FakeMachine.Ram + 0x100, _machine.Vcpu.Core.Pc.Value);
    }

    [Theory]
    [InlineData(FaultKind.SynchronousExternal)]
    [InlineData(FaultKind.Alignment)]
    [InlineData(FaultKind.TlbConflict)]
    [InlineData(FaultKind.UnsupportedExclusiveOrAtomic)]
    public void OtherAbortsAreTheEmbedders(FaultKind kind)
    {
        using Introspector introspector = Introspect();
        VcpuAction action = introspector.Handle(_machine.Vcpu, VcpuExit.FromException(
            DataAbortSyndrome.Create(false, FaultStatus.Create(kind), isWrite: false), new Va(Page)));
        Assert.Equal(UnhandledReason.OtherAbort, action.UnhandledReason);
    }

    [Fact]
    public void OtherExitsKeepTheirKind()
    {
        using Introspector introspector = Introspect();
        Assert.Equal(UnhandledReason.Halted, introspector.Handle(_machine.Vcpu, VcpuExit.FromCode(VcpuExitKind.Halted)).UnhandledReason);
        Assert.Equal(UnhandledReason.Canceled, introspector.Handle(_machine.Vcpu, VcpuExit.FromCode(VcpuExitKind.Canceled)).UnhandledReason);
        Assert.Equal(UnhandledReason.Hypercall, introspector.Handle(_machine.Vcpu, VcpuExit.FromCode(VcpuExitKind.Hypercall)).UnhandledReason);
        Assert.Equal(UnhandledReason.SystemEvent, introspector.Handle(_machine.Vcpu, VcpuExit.FromCode(VcpuExitKind.SystemEvent)).UnhandledReason);
        Assert.Equal(UnhandledReason.BackendFailure, introspector.Handle(_machine.Vcpu, VcpuExit.FromCode(VcpuExitKind.BackendFailure)).UnhandledReason);
        Assert.Equal(UnhandledReason.OtherException, introspector.Handle(_machine.Vcpu, VcpuExit.FromException(Esr.Create(ExceptionClass.Hvc64, 0))).UnhandledReason);
        Assert.Equal(UnhandledReason.DebugEvent, introspector.Handle(_machine.Vcpu, VcpuExit.FromDebugEvent(Esr.Create(ExceptionClass.Brk64, 0))).UnhandledReason);
        Assert.Equal(7, introspector.Statistics.Exits);
    }

    [Theory]
    [InlineData(0xF9000022, false, null, "WnR")] // a store that is said to read
    [InlineData(0xD503201F, false, null, "Opcode")] // nop
    [InlineData(0xF9800020, false, null, "Opcode")] // prfm never aborts
    [InlineData(0xF8408422, false, "8 2 64", "ISV")] // post-index records no syndrome
    [InlineData(0xF9400022, false, "4 2 64", "SAS")]
    [InlineData(0xF9400022, false, "8 3 64", "SRT")]
    [InlineData(0xF9400022, false, "8 2 32", "SF")]
    [InlineData(0xB9800022, false, "4 2 64", "SSE")] // ldrsw
    public void AContradictionIsTriedTwiceMoreAndThenNamed(uint word, bool isWrite, string? syndrome, string field)
    {
        using Introspector introspector = Introspect();
        Watch(introspector, Page, 8);
        for (int i = 0; i < 2; i++)
        {
            Assert.Equal(VcpuActionKind.Resume, Trap(introspector, word, isWrite, Syndrome(syndrome)).Kind);
        }

        VcpuAction action = Trap(introspector, word, isWrite, Syndrome(syndrome));
        Assert.Equal((VcpuActionKind.Stop, StopReason.Inconsistent, field), (action.Kind, action.StopReason, action.Detail));
        Assert.Equal(2, introspector.Statistics.Retries);
        Assert.Empty(_events);
        Assert.Equal(FakeMachine.Ram + 0x100, _machine.Vcpu.Core.Pc.Value);
    }

    [Fact]
    public void AnAgreeingSyndromeIsNoContradiction()
    {
        using Introspector introspector = Introspect();
        Watch(introspector, Page, 8);
        Trap(introspector, LdrX2, isWrite: false, Syndrome("8 2 64"));
        Assert.Single(_events);
    }

    [Fact]
    public void AnOpcodeThatWasRewrittenMeanwhileIsNotPerformed()
    {
        using Introspector introspector = Introspect();
        Watch(introspector, Page, 8);
        _machine.Place(0xF9000023); // str x3, [x1], while the exit is that of a load
        Assert.Equal(VcpuActionKind.Resume, introspector.Handle(_machine.Vcpu, FakeMachine.Denied(Page, isWrite: false)).Kind);
        Assert.Equal(0UL, _machine.Memory.Read64(Page));
    }

    [Fact]
    public void AnAddressThatTheInstructionDoesNotReachIsAContradictionWhateverThePolicy()
    {
        using Introspector introspector = Introspect(new IntrospectorOptions { Inconsistency = InconsistencyPolicy.TrustOpcode });
        Watch(introspector, Page, 0x100);
        _machine.Place(LdrX2);
        VcpuAction action = default;
        for (int i = 0; i < 3; i++)
        {
            action = introspector.Handle(_machine.Vcpu, FakeMachine.Denied(Page + 0x40, isWrite: false));
        }

        Assert.Equal((StopReason.Inconsistent, "FAR"), (action.StopReason, action.Detail));
    }

    [Fact]
    public void TheOpcodeMayBeTrusted()
    {
        using Introspector introspector = Introspect(new IntrospectorOptions { Inconsistency = InconsistencyPolicy.TrustOpcode });
        Watch(introspector, Page, 8);
        for (int i = 0; i < 3; i++)
        {
            Trap(introspector, LdrX2, isWrite: false, Syndrome("4 2 64"));
        }

        Assert.Single(_events);
        Assert.Equal(IntrospectionReportKind.Inconsistent, Assert.Single(_reports).Kind);
    }

    [Fact]
    public void TheOpcodeOfTheExitIsUsedWhenItHasOne()
    {
        using Introspector introspector = Introspect();
        Watch(introspector, Page, 8);
        _machine.Place(0);
        introspector.Handle(_machine.Vcpu, VcpuExit.FromException(
            DataAbortSyndrome.Create(false, FaultStatus.Create(FaultKind.Permission, 3), isWrite: false), new Va(Page), opcode: LdrX2));
        Assert.Equal(LdrX2, Assert.Single(_events).Opcode);
    }

    [Fact]
    public void HpfarIsNotBelievedAfterAPermissionFault()
    {
        using Introspector introspector = Introspect();
        Watch(introspector, Page, 8);
        _machine.Place(LdrX2);
        introspector.Handle(_machine.Vcpu, VcpuExit.FromException(
            DataAbortSyndrome.Create(false, FaultStatus.Create(FaultKind.Permission, 3), isWrite: false), new Va(Page), Hpfar.FromIpa(new Ipa(0x1234_5000))));
        Assert.Equal(Page, Assert.Single(_events).Ipa.Value);
    }

    [Fact]
    public void TheFaultAddressOfAnAccessInTwoPagesMayBeTheSecondPage()
    {
        using Introspector introspector = Introspect();
        NormalMemory.Map(_machine);
        Watch(introspector, Page + 0x1002, 1);
        _machine.Vcpu.ModifyCore()[1] = Page + 0xFFD;
        _machine.Place(LdrX2);
        introspector.Handle(_machine.Vcpu, FakeMachine.Denied(Page + 0x1000, isWrite: false));
        Assert.Equal(Page + 0xFFD, Assert.Single(_events).Va.Value);
    }

    [Fact]
    public void AStage1FaultFoundOnTheWayIsTheGuests()
    {
        using Introspector introspector = Introspect();
        NormalMemory.Map(_machine);
        Watch(introspector, FakeMachine.Ram + 0xF000, 0x1000);

        // The last bytes of RAM lie in the mapped block, the next gigabyte has no descriptor.
        _machine.Memory.Write64(NormalMemory.Table + 16, 0);
        _machine.Vcpu.ModifyCore()[1] = 0x7FFF_FFFC;
        _machine.Place(LdrX2);
        introspector.Handle(_machine.Vcpu, FakeMachine.Denied(0x7FFF_FFFC, isWrite: false));
        Assert.Equal(0x8000_0000UL, _machine.Vcpu.Exception.FarEl1);
        Assert.True(_machine.Vcpu.Exception.EsrEl1.TryGetDataAbort(out DataAbortSyndrome abort));
        Assert.Equal(FaultKind.Translation, abort.Status.Kind);
        Assert.Equal(1, abort.Status.Level);
    }

    [Theory]
    [InlineData(SveLoad, "NotLoadStore", 4096)]
    [InlineData(DcZva, "DC ZVA", 4096)]
    public void WhatCannotBePerformedIsSteppedWithAnInexactEvent(uint word, string name, int size)
    {
        _machine.Vcpu.Capabilities.Add(_stepper);
        using Introspector introspector = Introspect();
        Watch(introspector, Page + 4, 1);
        Assert.Equal(VcpuActionKind.Resume, Trap(introspector, word, isWrite: word == DcZva).Kind);
        WatchRecord seen = Assert.Single(_events);
        Assert.False(seen.IsExact);
        Assert.Equal(size, seen.Size);
        Assert.True(seen.NewValue.IsEmpty);
        Assert.True(_stepper.IsArmed);
        Assert.Equal(Stage2Access.All, _machine.Stage2[Page]);
        Assert.Equal(name, Assert.Single(_reports).Detail);

        Assert.Equal(VcpuActionKind.Resume, introspector.Handle(_machine.Vcpu, FakeStepper.StepExit).Kind);
        Assert.Equal(Stage2Access.Execute, _machine.Stage2[Page]);
        Assert.Equal(1, introspector.Statistics.Stepped);
        Assert.Equal(0, introspector.Statistics.Emulated);
    }

    [Fact]
    public void AStepThatAnInterruptTookGivesNoSecondEventLater()
    {
        _machine.Vcpu.Capabilities.Add(_stepper);
        _stepper.Outcome = SingleStepOutcome.Preempted;
        using Introspector introspector = Introspect();
        Watch(introspector, Page, 16);
        Trap(introspector, SveLoad, isWrite: false);
        introspector.Handle(_machine.Vcpu, FakeStepper.StepExit);
        Assert.Equal(0, introspector.Statistics.Stepped);
        Trap(introspector, SveLoad, isWrite: false);
        Assert.Single(_events);
        Assert.True(_stepper.IsArmed);
    }

    [Fact]
    public void AStepThatSomebodyElseArmedIsReportedToThem()
    {
        _machine.Vcpu.Capabilities.Add(_stepper);
        using Introspector introspector = Introspect();
        Watch(introspector, Page, 16);
        _stepper.Arm();
        Trap(introspector, SveLoad, isWrite: false);
        Assert.Equal(VcpuActionKind.Unhandled, introspector.Handle(_machine.Vcpu, FakeStepper.StepExit).Kind);
    }

    [Fact]
    public void APageThatStillFaultsWhileItIsOpenEndsInsteadOfLooping()
    {
        _machine.Vcpu.Capabilities.Add(_stepper);
        using Introspector introspector = Introspect();
        Watch(introspector, Page, 16);
        VcpuAction action = default;
        int exits = 0;
        while (action.Kind == VcpuActionKind.Resume && exits++ < 20)
        {
            action = Trap(introspector, SveLoad, isWrite: false);
        }

        Assert.Equal(StopReason.Unsupported, action.StopReason);
        Assert.InRange(exits, 2, 6);
    }

    [Theory]
    [InlineData(UnsupportedAccessPolicy.Automatic)]
    [InlineData(UnsupportedAccessPolicy.Stop)]
    public void WithoutASingleStepTheVcpuStopsWithAName(UnsupportedAccessPolicy policy)
    {
        using Introspector introspector = Introspect(new IntrospectorOptions { UnsupportedAccess = policy });
        Watch(introspector, Page, 8);
        VcpuAction action = Trap(introspector, SveLoad, isWrite: false);
        Assert.Equal((StopReason.Unsupported, "NotLoadStore"), (action.StopReason, action.Detail));
        Assert.Empty(_events);
    }

    [Fact]
    public void UnsupportedAccessesMayInject()
    {
        using Introspector introspector = Introspect(new IntrospectorOptions { UnsupportedAccess = UnsupportedAccessPolicy.InjectExternalAbort });
        Watch(introspector, Page, 8);
        Trap(introspector, SveLoad, isWrite: false);
        Assert.Equal(Page, _machine.Vcpu.Exception.FarEl1);
        Assert.Equal(1, introspector.Statistics.Injected);
    }

    [Fact]
    public void VectorAccessesNeedTheVectorRegisters()
    {
        _machine.Vcpu.AvailableRegisters &= ~RegisterGroups.Vector;
        using Introspector introspector = Introspect();
        Watch(introspector, Page, 8);
        Assert.Equal("LDR_q_ldst_pos: VectorRegisters", Trap(introspector, 0x3DC00022, isWrite: false).Detail);
    }

    [Theory]
    [InlineData(WatchResponseKind.Stop)]
    [InlineData(WatchResponseKind.InjectExternalAbort)]
    [InlineData(WatchResponseKind.Skip)]
    public void AnInexactEventMayStopOrInjectAndNothingElse(WatchResponseKind kind)
    {
        _machine.Vcpu.Capabilities.Add(_stepper);
        using Introspector introspector = Introspect();
        Watch(introspector, Page, 8, kind switch
        {
            WatchResponseKind.Stop => WatchResponse.Stop,
            WatchResponseKind.Skip => WatchResponse.Skip,
            _ => WatchResponse.InjectExternalAbort,
        });
        VcpuAction action = Trap(introspector, SveLoad, isWrite: false);
        Assert.Equal(kind == WatchResponseKind.Stop, action.Kind == VcpuActionKind.Stop);
        Assert.Equal(kind == WatchResponseKind.Skip, _stepper.IsArmed);
        Assert.Equal(kind == WatchResponseKind.InjectExternalAbort, introspector.Statistics.Injected == 1);
        Assert.Equal(kind == WatchResponseKind.Skip, _reports.Any(report => report.Kind == IntrospectionReportKind.ResponseNotPossible));
        if (kind == WatchResponseKind.Stop)
        {
            Trap(introspector, SveLoad, isWrite: false);
            Assert.Single(_events);
            Assert.True(_stepper.IsArmed);
        }
    }

    [Fact]
    public void AWalkThroughAWatchedTableIsSteppedAndNamesTheDescriptor()
    {
        _machine.Vcpu.Capabilities.Add(_stepper);
        using Introspector introspector = Introspect();
        NormalMemory.Map(_machine);
        Watch(introspector, NormalMemory.Table, 0x1000, kinds: WatchKinds.Read);
        _machine.Place(LdrX2);
        introspector.Handle(_machine.Vcpu, VcpuExit.FromException(
            DataAbortSyndrome.Create(false, FaultStatus.Create(FaultKind.Permission, 3), isWrite: true, isStage1Walk: true),
            new Va(Page),
            Hpfar.FromIpa(new Ipa(NormalMemory.Table))));
        WatchRecord seen = Assert.Single(_events);
        Assert.Equal(NormalMemory.Table + 8, seen.Ipa.Value);
        Assert.Equal((8, WatchKinds.Read, true), (seen.Size, seen.Kind, seen.IsExact));
        Assert.Equal(_machine.Memory.Read64(NormalMemory.Table + 8), System.BitConverter.ToUInt64(seen.OldValue));
        Assert.Equal(seen.OldValue.ToArray(), seen.NewValue.ToArray());
        Assert.Equal(Page, seen.Va.Value);
        Assert.True(_stepper.IsArmed);
        introspector.Handle(_machine.Vcpu, FakeStepper.StepExit);
        Assert.Equal(Stage2Access.Execute, _machine.Stage2[NormalMemory.Table]);
    }

    [Fact]
    public void AGuestInAArch32StateIsRefusedBeforeAnyFetch()
    {
        using Introspector introspector = Introspect();
        Watch(introspector, Page, 8);
        _machine.Vcpu.ModifyCore().Pstate = new Spsr(0x1D0);
        Assert.Equal("AArch32", Trap(introspector, LdrX2, isWrite: false).Detail);
    }

    [Fact]
    public void TheRunLoopEndsWhereHandlingEnds()
    {
        using Introspector introspector = Introspect();
        Watch(introspector, Page, 8);
        _machine.Place(LdrX2);
        int runs = 0;
        VcpuAction action = introspector.Run(
            _machine.Vcpu,
            (IVcpu _, in VcpuAction _) => ++runs == 1 ? FakeMachine.Denied(Page, isWrite: false) : VcpuExit.FromCode(VcpuExitKind.Halted),
            out VcpuExit exit);
        Assert.Equal(VcpuActionKind.Unhandled, action.Kind);
        Assert.Equal(VcpuExitKind.Halted, exit.Kind);
        Assert.Single(_events);
    }

    private static InstructionSyndrome? Syndrome(string? text)
    {
        if (text is null)
        {
            return null;
        }

        int[] parts = [.. text.Split(' ').Select(int.Parse)];
        return InstructionSyndrome.Create(parts[0], signExtend: false, parts[1], parts[2] == 64, acquireRelease: false);
    }

    private Introspector Introspect(IntrospectorOptions? options = null)
    {
        options ??= new IntrospectorOptions();
        options.ReportHandler = _reports.Add;
        return _machine.Introspect(options);
    }

    private void Watch(
        Introspector introspector, ulong start, ulong length, WatchResponse answer = default, WatchKinds kinds = WatchKinds.ReadWrite) =>
        introspector.AddWatch(new IpaRange(new Ipa(start), length), kinds, (in WatchEvent e) =>
        {
            _events.Add(e.ToRecord());
            return answer;
        });

    private VcpuAction Trap(Introspector introspector, uint word, bool isWrite, InstructionSyndrome? syndrome = null)
    {
        _machine.Place(word);
        return introspector.Handle(_machine.Vcpu, FakeMachine.Denied(Page, isWrite, syndrome));
    }
}
