using System;
using System.Collections.Generic;
using HvIntrospect.Introspection;
using HvIntrospect.Registers;
using HvIntrospect.Tests.Introspection.Fakes;
using HvIntrospect.Watchpoints;
using Xunit;

namespace HvIntrospect.Tests.Introspection;

/// <summary>A guest in AArch32 state: nothing is fetched, and what the syndrome describes is completed from it.</summary>
public sealed class AArch32Tests
{
    private const ulong Page = FakeMachine.Ram + 0x4000;
    private const ulong Place = Page + 0x10;
    private const ulong Code = FakeMachine.Ram + 0x100;
    private const ulong User = 0x1D0;
    private const ulong Supervisor = 0x1D3;
    private const ulong Thumb = 0x20;
    private const ulong BigEndian = 0x200;

    private readonly FakeMachine _machine = new();
    private readonly FakeStepper _stepper = new();
    private readonly List<WatchRecord> _events = [];

    [Theory]
    [InlineData(1, false, User, 0x88UL, 0x0000_0088UL)]
    [InlineData(1, true, User, 0x88UL, 0xFFFF_FF88UL)]
    [InlineData(2, true, User, 0x8788UL, 0xFFFF_8788UL)]
    [InlineData(4, false, Supervisor, 0x8586_8788UL, 0x8586_8788UL)]
    [InlineData(4, false, User | BigEndian, 0x8586_8788UL, 0x8887_8685UL)]
    [InlineData(2, true, User | BigEndian, 0x8788UL, 0xFFFF_8887UL)]
    public void ALoadIsCompletedFromTheSyndrome(int size, bool signExtend, ulong state, ulong seen, ulong loaded)
    {
        using Introspector introspector = Introspect();
        _machine.Memory.Write(new Ipa(Place), [0x88, 0x87, 0x86, 0x85, 0x84, 0x83, 0x82, 0x81]);
        VcpuAction action = Abort(introspector, state, Place, isWrite: false, InstructionSyndrome.Create(size, signExtend, 18, false, false));
        Assert.Equal(VcpuActionKind.Resume, action.Kind);
        Assert.Equal(loaded, _machine.Vcpu.Core[18]);
        Assert.Equal(Code + 4, _machine.Vcpu.Core.Pc.Value);
        WatchRecord record = Assert.Single(_events);
        Assert.Equal((Place, size, WatchKinds.Read), (record.Ipa.Value, record.Size, record.Kind));
        Assert.Equal(seen, Number(record.OldValue));
    }

    [Theory]
    [InlineData(1, User, 0xF4UL)]
    [InlineData(4, User, 0xF1F2_F3F4UL)]
    [InlineData(4, User | BigEndian, 0xF4F3_F2F1UL)]
    public void AStoreIsCompletedFromTheSyndrome(int size, ulong state, ulong stored)
    {
        using Introspector introspector = Introspect();
        _machine.Vcpu.ModifyCore()[30] = 0xF1F2_F3F4;
        Assert.Equal(VcpuActionKind.Resume, Abort(introspector, state, Place, isWrite: true, InstructionSyndrome.Create(size, false, 30, false, false)).Kind);
        Span<byte> bytes = stackalloc byte[8];
        _machine.Memory.Read(new Ipa(Place), bytes);
        Assert.Equal(stored, BitConverter.ToUInt64(bytes));
        Assert.Single(_events);
    }

    [Theory]
    [InlineData(true, 4UL)]
    [InlineData(false, 2UL)]
    public void AShortInstructionIsTwoBytesLong(bool isLong, ulong length)
    {
        using Introspector introspector = Introspect();
        Abort(introspector, User | Thumb, Place, isWrite: true, InstructionSyndrome.Create(4, false, 0, false, false), isLong);
        Assert.Equal(Code + length, _machine.Vcpu.Core.Pc.Value);
    }

    [Fact]
    public void NoRegisterIsReadAsZeroAndTheAccessIsMade()
    {
        using Introspector introspector = Introspect();
        _machine.Memory.Write(new Ipa(Place), [1, 2, 3, 4]);
        Abort(introspector, User, Place, isWrite: true, InstructionSyndrome.Create(4, false, 31, false, false));
        Abort(introspector, User, Place, isWrite: false, InstructionSyndrome.Create(4, false, 31, false, false));
        Assert.Equal(2, _events.Count);
        Assert.Equal(0x0403_0201UL, Number(_events[0].OldValue));
        Assert.Equal(0UL, Number(_events[1].OldValue));
    }

    [Theory]
    [InlineData(Place, 0)] // no syndrome
    [InlineData(Page, 4)] // may have begun in the page before
    [InlineData(Page + 0xFFE, 4)] // goes on in the next page
    public void WhatTheSyndromeDoesNotTellIsSteppedAndNotFetched(ulong address, int size)
    {
        using Introspector introspector = Introspect();
        InstructionSyndrome? syndrome = size == 0 ? null : InstructionSyndrome.Create(size, false, 0, false, false);
        Assert.Equal(VcpuActionKind.Resume, Abort(introspector, User, address, isWrite: true, syndrome).Kind);
        Assert.True(_stepper.IsArmed);
        Assert.Equal(Code, _machine.Vcpu.Core.Pc.Value);
        Assert.Equal(1, introspector.Statistics.Exits);
        Assert.Equal(0, introspector.Statistics.Emulated);
    }

    [Fact]
    public void WithoutAnIpaNoTableIsWalked()
    {
        using Introspector introspector = Introspect();
        _machine.Vcpu.ModifyCore().Pstate = new Spsr(User);
        VcpuAction action = introspector.Handle(_machine.Vcpu, FakeMachine.Denied(Place, isWrite: false, InstructionSyndrome.Create(4, false, 0, false, false)));
        Assert.Equal((VcpuActionKind.Stop, StopReason.Unsupported, "AArch32"), (action.Kind, action.StopReason, action.Detail));
        Assert.Empty(_events);
    }

    [Fact]
    public void NothingIsInjectedIntoAnEl1InAArch32State()
    {
        using Introspector introspector = Introspect(WatchResponse.InjectExternalAbort);
        VcpuAction action = Abort(introspector, Supervisor, Place, isWrite: false, InstructionSyndrome.Create(4, false, 0, false, false));
        Assert.Equal((VcpuActionKind.Stop, StopReason.Unsupported), (action.Kind, action.StopReason));
        Assert.Equal(Supervisor, _machine.Vcpu.Core.Pstate.Value);
    }

    [Fact]
    public void AnApplicationsFaultGoesToItsEl1()
    {
        using Introspector introspector = Introspect(WatchResponse.InjectExternalAbort);
        _machine.Vcpu.ModifyException().VbarEl1 = 0x1000;
        Assert.Equal(VcpuActionKind.Resume, Abort(introspector, User, Place, isWrite: false, InstructionSyndrome.Create(4, false, 0, false, false)).Kind);
        Assert.Equal(0x1600UL, _machine.Vcpu.Core.Pc.Value);
        Assert.Equal(0x3C5UL, _machine.Vcpu.Core.Pstate.Value);
        Assert.Equal(User, _machine.Vcpu.Exception.SpsrEl1.Value);
        Assert.Equal(0x9200_0010UL, _machine.Vcpu.Exception.EsrEl1.Value);
    }

    private static ulong Number(ReadOnlySpan<byte> bytes)
    {
        ulong number = 0;
        for (int i = bytes.Length - 1; i >= 0; i--)
        {
            number = (number << 8) | bytes[i];
        }

        return number;
    }

    private Introspector Introspect(WatchResponse answer = default)
    {
        _machine.Vcpu.Capabilities.Add(_stepper);
        Introspector introspector = _machine.Introspect(new IntrospectorOptions());
        introspector.AddWatch(new IpaRange(new Ipa(Page), 0x1000), WatchKinds.ReadWrite, (in WatchEvent e) =>
        {
            _events.Add(e.ToRecord());
            return answer;
        });
        return introspector;
    }

    private VcpuAction Abort(Introspector introspector, ulong state, ulong address, bool isWrite, InstructionSyndrome? syndrome, bool isLong = true)
    {
        const ulong LongBit = 1UL << 25;
        ref CoreRegisters core = ref _machine.Vcpu.ModifyCore();
        core.Pstate = new Spsr(state);
        core.Pc = new Va(Code);
        Esr esr = DataAbortSyndrome.Create(false, FaultStatus.Create(FaultKind.Permission, 3), isWrite, instruction: syndrome);
        return introspector.Handle(_machine.Vcpu, VcpuExit.FromExceptionWithIpa(new Esr(isLong ? esr.Value : esr.Value & ~LongBit), new Ipa(address), new Va(address)));
    }
}
