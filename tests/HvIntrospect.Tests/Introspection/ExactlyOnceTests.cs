using System;
using System.Collections.Generic;
using System.Linq;
using HvIntrospect.Introspection;
using HvIntrospect.Registers;
using HvIntrospect.Tests.Introspection.Fakes;
using HvIntrospect.Watchpoints;
using Xunit;

namespace HvIntrospect.Tests.Introspection;

/// <summary>Each handler is asked, and each device called, once for each access, whatever comes between the tries to make it.</summary>
public sealed class ExactlyOnceTests
{
    private const ulong Page = FakeMachine.Ram + 0x4000;
    private const ulong Device = 0x0900_0000;
    private const uint LdrX2 = 0xF9400022; // ldr x2, [x1]
    private const uint StrX2 = 0xF9000022; // str x2, [x1]
    private const uint StrD2 = 0xFD000022; // str d2, [x1]
    private const uint StpX2X3 = 0xA9000C22; // stp x2, x3, [x1]

    private readonly FakeMachine _machine = new();
    private readonly List<WatchRecord> _events = [];

    public ExactlyOnceTests()
    {
        _machine.Vcpu.ModifyCore()[1] = Page;
    }

    [Fact]
    public void AHandlerThatThrowsIsAskedAgainAndThoseBeforeItAreNot()
    {
        using Introspector introspector = _machine.Introspect();
        Watch(introspector, "first", WatchResponse.Replace([0xAA]));
        int failures = 2;
        introspector.AddWatch(new IpaRange(new Ipa(Page + 8), 1), WatchKinds.Write, (in WatchEvent e) =>
        {
            _events.Add(e.ToRecord());
            return failures-- > 0 ? throw new InvalidOperationException("not now") : WatchResponse.Continue;
        }, "thrower");
        Watch(introspector, "last");
        Assert.Throws<InvalidOperationException>(() => Trap(introspector, StpX2X3));
        Assert.Throws<InvalidOperationException>(() => Trap(introspector, StpX2X3));
        Assert.Equal(0UL, _machine.Memory.Read64(Page));
        Trap(introspector, StpX2X3);

        Assert.Equal(
            ["first 0", "last 0", "first 8", "thrower 8", "thrower 8", "thrower 8", "last 8"],
            _events.Select(e => $"{e.Watch.Name} {e.Ipa.Value - Page}"));
        Assert.Equal([1L, 1, 2, 2, 2, 2, 2], _events.Select(e => e.Sequence));
        Assert.Equal(0x0303_0303_0303_03AAUL, _machine.Memory.Read64(Page));
        Assert.Equal(0x0404_0404_0404_04AAUL, _machine.Memory.Read64(Page + 8));
    }

    [Fact]
    public void AStopThatWasAskedForBeforeAnExceptionStillStops()
    {
        using Introspector introspector = _machine.Introspect();
        Watch(introspector, "stop", WatchResponse.Stop);
        bool fails = true;
        introspector.AddWatch(new IpaRange(new Ipa(Page), 1), WatchKinds.Write, (in WatchEvent _) =>
            fails ? throw new InvalidOperationException("not now") : WatchResponse.Continue);
        Assert.Throws<InvalidOperationException>(() => Trap(introspector, StrX2));
        fails = false;
        Assert.Equal(StopReason.Watch, Trap(introspector, StrX2).StopReason);
        Assert.Equal(VcpuActionKind.Resume, Trap(introspector, StrX2).Kind);
        Assert.Single(_events);
    }

    [Theory]
    [InlineData(0)] // X0, which takes no part in the access
    [InlineData(2)] // the data
    [InlineData(31)] // SP
    [InlineData(32)] // PSTATE
    public void InAnotherRegisterStateItIsAnotherAccess(int register)
    {
        using Introspector introspector = _machine.Introspect();
        Watch(introspector, "stop", WatchResponse.Stop);
        Trap(introspector, StrX2);
        ref CoreRegisters core = ref _machine.Vcpu.ModifyCore();
        switch (register)
        {
            case 31:
                core.Sp += 16;
                break;
            case 32:
                core.Pstate = new Spsr(core.Pstate.Value ^ (1UL << 31));
                break;
            default:
                core[register]++;
                break;
        }

        Assert.Equal(StopReason.Watch, Trap(introspector, StrX2).StopReason);
        Assert.Equal(2, _events.Count);
    }

    [Fact]
    public void WithOtherDataInAVectorRegisterItIsAnotherAccess()
    {
        using Introspector introspector = _machine.Introspect();
        Watch(introspector, "stop", WatchResponse.Stop);
        Trap(introspector, StrD2);
        _machine.Vcpu.ModifyVector()[2] = new VectorRegister(7, 0);
        Assert.Equal(StopReason.Watch, Trap(introspector, StrD2).StopReason);
        Assert.Equal(7, _events[1].NewValue[0]);
        Trap(introspector, StrD2);
        Assert.Equal(7UL, _machine.Memory.Read64(Page));
    }

    [Fact]
    public void AnArmedStepDoesNotMakeItAnotherAccess()
    {
        using Introspector introspector = _machine.Introspect();
        Watch(introspector, "stop", WatchResponse.Stop);
        Trap(introspector, StrX2);
        _machine.Vcpu.ModifyCore().Pstate = _machine.Vcpu.Core.Pstate.WithSoftwareStep(true);
        Assert.Equal(VcpuActionKind.Resume, Trap(introspector, StrX2).Kind);
        Assert.Single(_events);
    }

    [Fact]
    public void AVcpuThatCameFromElsewhereMakesAnotherAccess()
    {
        using Introspector introspector = _machine.Introspect();
        Watch(introspector, "stop", WatchResponse.Stop);
        Trap(introspector, StrX2);
        Va pc = _machine.Vcpu.Core.Pc;
        _machine.Vcpu.ModifyCore().Pc = pc + 0x40;
        introspector.Handle(_machine.Vcpu, VcpuExit.FromCode(VcpuExitKind.Canceled));
        _machine.Vcpu.ModifyCore().Pc = pc;
        Assert.Equal(StopReason.Watch, Trap(introspector, StrX2).StopReason);
        Assert.Equal(2, _events.Count);
    }

    [Fact]
    public void AnExitThatLeavesTheVcpuWhereItIsChangesNothing()
    {
        using Introspector introspector = _machine.Introspect();
        Watch(introspector, "stop", WatchResponse.Stop);
        Trap(introspector, StrX2);
        introspector.Handle(_machine.Vcpu, VcpuExit.FromCode(VcpuExitKind.Canceled));
        Assert.Equal(VcpuActionKind.Resume, Trap(introspector, StrX2).Kind);
        Assert.Single(_events);
    }

    /// <summary>An interrupt that waited for the vCPU to resume comes before the instruction; its handler's accesses come here too.</summary>
    [Fact]
    public void AnInterruptBeforeTheInstructionChangesNothing()
    {
        using Introspector introspector = _machine.Introspect();
        Watch(introspector, "stop", WatchResponse.Stop);
        var device = new FakeDevice();
        introspector.Mmio.Map(new IpaRange(new Ipa(Device), 0x1000), device);
        Trap(introspector, StrX2);
        CoreRegisters interrupted = _machine.Vcpu.Core;
        ref CoreRegisters core = ref _machine.Vcpu.ModifyCore();
        _machine.Vcpu.ModifyException().ElrEl1 = core.Pc.Value;
        core.Pc = new Va(FakeMachine.Ram + 0x2280);
        core[1] = Device;
        _machine.Place(LdrX2);
        introspector.Handle(_machine.Vcpu, FakeMachine.NotMapped(Device, isWrite: false));
        Assert.Single(device.Log);

        _machine.Vcpu.ModifyCore() = interrupted;
        Assert.Equal(VcpuActionKind.Resume, Trap(introspector, StrX2).Kind);
        Assert.Single(_events);
    }

    [Fact]
    public void WhatADeviceHasReadIsNotGivenToAnotherAccess()
    {
        using Introspector introspector = _machine.Introspect();
        var device = new FakeDevice { Value = 1 };
        introspector.Mmio.Map(new IpaRange(new Ipa(Device), 0x1000), device);
        bool fails = true;
        introspector.AddWatch(new IpaRange(new Ipa(Device), 8), WatchKinds.Read, (in WatchEvent _) =>
            fails ? throw new InvalidOperationException("not now") : WatchResponse.Continue);
        _machine.Vcpu.ModifyCore()[1] = Device;
        Assert.Throws<InvalidOperationException>(() => Read());
        fails = false;
        device.Value = 2;
        _machine.Vcpu.ModifyCore()[5]++;
        Read();
        Assert.Equal(2UL, _machine.Vcpu.Core[2]);
        Assert.Equal(2, device.Log.Count);

        void Read()
        {
            _machine.Place(LdrX2);
            introspector.Handle(_machine.Vcpu, FakeMachine.NotMapped(Device, isWrite: false));
        }
    }

    /// <summary>The upper half of the access lies in a device: it is written before memory, so that its exception leaves memory alone.</summary>
    [Theory]
    [InlineData(StpX2X3, 0xFF8)]
    [InlineData(StrX2, 0xFFC)]
    public void MemoryIsNotWrittenWhenADeviceThrows(uint word, int offset)
    {
        const ulong Last = FakeMachine.Ram + FakeMachine.RamSize - 0x1000;
        ulong address = Last + (ulong)offset;
        using Introspector introspector = _machine.Introspect();
        Watch(introspector, "edge", address: address);
        NormalMemory.Map(_machine);
        var device = new FakeDevice { Before = _ => throw new InvalidOperationException("not now") };
        introspector.Mmio.Map(new IpaRange(new Ipa(Last + 0x1000), 0x1000), device);
        _machine.Vcpu.ModifyCore()[1] = address;
        ulong before = _machine.Memory.Read64(Last + 0xFF8);
        Assert.Throws<InvalidOperationException>(() => Store());
        Assert.Equal(before, _machine.Memory.Read64(Last + 0xFF8));
        device.Before = null;
        Store();
        Assert.Single(device.Log);
        Assert.Single(_events);
        Assert.NotEqual(before, _machine.Memory.Read64(Last + 0xFF8));
        Assert.Equal(FakeMachine.Ram + 0x104, _machine.Vcpu.Core.Pc.Value);

        void Store()
        {
            _machine.Place(word);
            introspector.Handle(_machine.Vcpu, FakeMachine.Denied(address, isWrite: true));
        }
    }

    /// <summary>A memory copy reads and writes: what its store needs to be tried again for neither reads the device nor asks about the load again.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void ACopyReadsOnceHoweverOftenItsStoreIsTried(bool throws)
    {
        const uint Cpyfm = 0x1944_0443; // cpyfm [x3]!, [x4]!, x2!
        var machine = new FakeMachine { Features = A64Features.Armv8_0 | A64Features.MOPS };
        using Introspector introspector = machine.Introspect();
        var device = new FakeDevice { Value = 0x77 };
        introspector.Mmio.Map(new IpaRange(new Ipa(Device), 0x1000), device);
        introspector.AddWatch(new IpaRange(new Ipa(Device), 16), WatchKinds.Read, Record, "read");
        introspector.AddWatch(new IpaRange(new Ipa(Page), 16), WatchKinds.Write, Record, "write");
        int refusals = 2;
        introspector.AddWatch(new IpaRange(new Ipa(Page + 8), 8), WatchKinds.Write, (in WatchEvent _) =>
            refusals-- <= 0 ? WatchResponse.Continue : throws ? throw new InvalidOperationException("not now") : WatchResponse.Stop);
        ref CoreRegisters core = ref machine.Vcpu.ModifyCore();
        (core[2], core[3], core[4]) = (unchecked((ulong)-16), Page + 16, Device + 16);
        for (int tries = 0; machine.Vcpu.Core[2] != 0; tries++)
        {
            Assert.InRange(tries, 0, 2);
            machine.Place(Cpyfm);
            try
            {
                introspector.Handle(machine.Vcpu, FakeMachine.Denied(Page, isWrite: true));
            }
            catch (InvalidOperationException) when (throws)
            {
            }
        }

        Assert.Equal(["read 0", "read 8", "write 0", "write 8"], _events.Select(static e => $"{e.Watch.Name} {e.Ipa.Value & 0xFFF}"));
        Assert.Equal(2, device.Log.Count);
        Assert.Equal((0x77UL, 0x77UL), (machine.Memory.Read64(Page), machine.Memory.Read64(Page + 8)));

        WatchResponse Record(in WatchEvent e)
        {
            _events.Add(e.ToRecord());
            return WatchResponse.Continue;
        }
    }

    private void Watch(Introspector introspector, string name, WatchResponse answer = default, ulong address = Page) =>
        introspector.AddWatch(
            new IpaRange(new Ipa(address), address == Page ? 0x10UL : 1),
            WatchKinds.Write,
            (in WatchEvent e) =>
            {
                _events.Add(e.ToRecord());
                return answer;
            },
            name);

    private VcpuAction Trap(Introspector introspector, uint word)
    {
        _machine.Place(word);
        return introspector.Handle(_machine.Vcpu, FakeMachine.Denied(Page, isWrite: true));
    }
}
