using System;
using System.Collections.Generic;
using System.Linq;
using HvIntrospect.Introspection;
using HvIntrospect.Mmio;
using HvIntrospect.Registers;
using HvIntrospect.Tests.Introspection.Fakes;
using HvIntrospect.Watchpoints;
using Xunit;

namespace HvIntrospect.Tests.Introspection;

/// <summary>Accesses to devices, and to addresses that nobody owns.</summary>
public sealed class DeviceAccessTests
{
    private const ulong Device = 0x0900_0000;
    private const ulong Nobody = 0x0A00_0000;

    private readonly FakeMachine _machine = new();
    private readonly FakeDevice _device = new();
    private readonly List<IntrospectionReport> _reports = [];

    /// <summary>Sixty-four bytes are one single-copy atomic access to handlers; a device is asked for eight at a time.</summary>
    [Fact]
    public void SixtyFourBytesAreOneEvent()
    {
        const uint Ld64b = 0xF83F_D022; // ld64b x2, [x1]
        var machine = new FakeMachine { Features = A64Features.Armv8_0 | A64Features.LS64 };
        using Introspector introspector = machine.Introspect();
        var device = new FakeDevice { Value = 0x1234 };
        introspector.Mmio.Map(new IpaRange(new Ipa(Device), 0x1000), device);
        var sizes = new List<int>();
        introspector.AddWatch(new IpaRange(new Ipa(Device + 8), 1), WatchKinds.Read, (in WatchEvent e) =>
        {
            sizes.Add(e.Size);
            return WatchResponse.Replace([1, 2, 3], offset: 55);
        });
        machine.Vcpu.ModifyCore()[1] = Device;
        machine.Place(Ld64b);
        introspector.Handle(machine.Vcpu, FakeMachine.NotMapped(Device, isWrite: false));
        Assert.Equal([64], sizes);
        Assert.Equal(8, device.Log.Count);
        Assert.Equal((0x1234UL, 0x0100_0000_0000_1234UL, 0x0302UL), (machine.Vcpu.Core[2], machine.Vcpu.Core[8], machine.Vcpu.Core[9]));
    }

    [Theory]
    [InlineData(0xB9400022, false, "R4 10")] // ldr w2, [x1]
    [InlineData(0xB940003F, false, "R4 10")] // ldr wzr, [x1]: the read happens
    [InlineData(0xF8408422, false, "R8 10")] // ldr x2, [x1], #8
    [InlineData(0xA9400C22, false, "R8 10;R8 18")] // ldp x2, x3, [x1]
    [InlineData(0x29000C22, true, "W4 10=3030303;W4 14=4040404")] // stp w2, w3, [x1]
    [InlineData(0x39000022, true, "W1 10=3")] // strb w2, [x1]
    [InlineData(0xAD000C22, true, "W8 10=0;W8 18=0;W8 20=0;W8 28=0")] // stp q2, q3, [x1]
    public void ADeviceIsCalledOnceForEachElementInOrder(uint word, bool isWrite, string calls)
    {
        using Introspector introspector = Introspect();
        Assert.Equal(VcpuActionKind.Resume, Access(introspector, word, Device + 0x10, isWrite).Kind);
        Assert.Equal(calls, string.Join(';', _device.Log));
        Assert.Equal(FakeMachine.Ram + 0x104, _machine.Vcpu.Core.Pc.Value);
    }

    [Fact]
    public void LoadedDataIsExtendedAndWrittenBack()
    {
        using Introspector introspector = Introspect();
        _device.Value = 0x1234_5680;
        Access(introspector, 0x38C04422, Device, isWrite: false); // ldrsb w2, [x1], #4
        Assert.Equal(0xFFFF_FF80UL, _machine.Vcpu.Core[2]);
        Assert.Equal(Device + 4, _machine.Vcpu.Core[1]);
    }

    [Fact]
    public void WhatADeviceHasReadIsKeptWhenALaterElementThrows()
    {
        using Introspector introspector = Introspect();
        _device.Before = calls =>
        {
            if (calls == 1)
            {
                _device.Before = null;
                throw new InvalidOperationException("not now");
            }
        };
        Assert.Throws<InvalidOperationException>(() => Access(introspector, 0xA9400C22, Device, isWrite: false));
        Assert.Equal(FakeMachine.Ram + 0x100, _machine.Vcpu.Core.Pc.Value);
        _device.Value = 42;
        Access(introspector, 0xA9400C22, Device, isWrite: false);
        Assert.Equal(["R8 0", "R8 8"], _device.Log);
        Assert.Equal(0x8877_6655_4433_2211UL, _machine.Vcpu.Core[2]);
        Assert.Equal(42UL, _machine.Vcpu.Core[3]);
    }

    [Fact]
    public void AWatchOnADeviceSeesItsRegisters()
    {
        using Introspector introspector = Introspect();
        var seen = new List<WatchRecord>();
        _ = WatchDevice();
        Access(introspector, 0xB9400022, Device + 4, isWrite: false);
        Access(introspector, 0xB9000022, Device + 4, isWrite: true);
        Assert.Equal([0x11, 0x22, 0x33, 0x44], seen[0].NewValue.ToArray());
        Assert.True(seen[1].OldValue.IsEmpty);
        Assert.Equal(["R4 4", "W4 4=44332211"], _device.Log);

        Watch WatchDevice() => introspector.AddWatch(new IpaRange(new Ipa(Device), 8), WatchKinds.ReadWrite, (in WatchEvent e) =>
        {
            seen.Add(e.ToRecord());
            return WatchResponse.Continue;
        });
    }

    [Fact]
    public void AnAccessToNobodyIsAnExternalAbortReportedOncePerPc()
    {
        using Introspector introspector = Introspect();
        Access(introspector, 0xF8408422, Nobody + 0xFFC, isWrite: false); // ldr x2, [x1], #8
        Assert.Equal(Nobody + 0xFFC, _machine.Vcpu.Exception.FarEl1);
        Assert.True(_machine.Vcpu.Exception.EsrEl1.TryGetDataAbort(out DataAbortSyndrome abort));
        Assert.Equal(FaultKind.Alignment, abort.Status.Kind); // Stage 1 is off: Device memory

        Restart();
        Access(introspector, 0xF8408422, Nobody, isWrite: false);
        Assert.True(_machine.Vcpu.Exception.EsrEl1.TryGetDataAbort(out abort));
        Assert.Equal(FaultKind.SynchronousExternal, abort.Status.Kind);
        Assert.False(abort.IsWrite);
        Assert.Equal(Nobody, _machine.Vcpu.Core[1]);

        Restart();
        Access(introspector, 0xF8408422, Nobody, isWrite: false);
        Assert.Equal(IntrospectionReportKind.UnownedAccess, Assert.Single(_reports).Kind);
        Assert.Equal(3, introspector.Statistics.Injected);
    }

    [Fact]
    public void APairThatLeavesTheDeviceFaultsBeforeTheDeviceIsRead()
    {
        using Introspector introspector = Introspect();
        Access(introspector, 0xA9400C22, Device + 0xFF8, isWrite: false);
        Assert.Empty(_device.Log);
        Assert.Equal(Device + 0x1000, _machine.Vcpu.Exception.FarEl1);
    }

    [Theory]
    [InlineData(UnownedAccessPolicy.ReadZeroIgnoreWrite, 0UL)]
    [InlineData(UnownedAccessPolicy.Handler, 0xFFFF_FFFFUL)]
    public void AnAccessToNobodyMayBeCompleted(UnownedAccessPolicy policy, ulong expected)
    {
        var seen = new List<UnownedAccess>();
        using Introspector introspector = Introspect(new IntrospectorOptions
        {
            UnownedAccess = policy,
            UnownedAccessHandler = policy != UnownedAccessPolicy.Handler ? null : (in UnownedAccess access) =>
            {
                seen.Add(access);
                return UnownedAccessResponse.Complete(ulong.MaxValue);
            },
        });
        Access(introspector, 0xB9400022, Nobody, isWrite: false);
        Assert.Equal(expected, _machine.Vcpu.Core[2]);
        Access(introspector, 0xB9000022, Nobody, isWrite: true);
        Assert.Equal(FakeMachine.Ram + 0x108, _machine.Vcpu.Core.Pc.Value);
        if (policy == UnownedAccessPolicy.Handler)
        {
            Assert.Equal([(false, 0UL), (true, (ulong)(uint)_machine.Vcpu.Core[2])], seen.Select(access => (access.IsWrite, access.Data)));
        }
    }

    [Fact]
    public void OptionsThatAreChangedLaterHaveNoEffect()
    {
        var options = new IntrospectorOptions { UnownedAccess = UnownedAccessPolicy.Stop };
        using Introspector introspector = Introspect(options);
        options.UnownedAccess = UnownedAccessPolicy.Handler;
        VcpuAction action = Access(introspector, 0xB9400022, Nobody, isWrite: false);
        Assert.Equal((VcpuActionKind.Stop, StopReason.UnownedAccess), (action.Kind, action.StopReason));
    }

    [Fact]
    public void AnAccessToNobodyMayStopTheVcpu()
    {
        using Introspector introspector = Introspect(new IntrospectorOptions { UnownedAccess = UnownedAccessPolicy.Stop });
        VcpuAction action = Access(introspector, 0xB9400022, Nobody, isWrite: false);
        Assert.Equal((VcpuActionKind.Stop, StopReason.UnownedAccess), (action.Kind, action.StopReason));
        Assert.Equal(FakeMachine.Ram + 0x100, _machine.Vcpu.Core.Pc.Value);
    }

    [Theory]
    [InlineData(Nobody)]
    [InlineData(Device)]
    public void CacheMaintenanceThereIsSkipped(ulong address)
    {
        using Introspector introspector = Introspect();
        _machine.Place(0xD50B7E21); // dc civac, x1
        introspector.Handle(_machine.Vcpu, FakeMachine.NotMapped(address, isWrite: true, isMaintenance: true));
        Assert.Equal(FakeMachine.Ram + 0x104, _machine.Vcpu.Core.Pc.Value);
        Assert.Equal(IntrospectionReportKind.UnownedMaintenance, Assert.Single(_reports).Kind);
        Assert.Empty(_device.Log);
    }

    [Theory]
    [InlineData(Nobody)]
    [InlineData(Device)]
    public void AFetchFromNoMemoryIsAlwaysAnExternalAbort(ulong address)
    {
        using Introspector introspector = Introspect(new IntrospectorOptions { UnownedAccess = UnownedAccessPolicy.ReadZeroIgnoreWrite });
        _machine.Vcpu.ModifyCore().Pc = new Va(address);
        introspector.Handle(_machine.Vcpu, VcpuExit.FromException(
            InstructionAbortSyndrome.Create(false, FaultStatus.Create(FaultKind.Translation, 2)), new Va(address), Hpfar.FromIpa(new Ipa(address))));
        Assert.Equal(ExceptionClass.InstructionAbortSameEl, _machine.Vcpu.Exception.EsrEl1.Class);
        Assert.Equal(address, _machine.Vcpu.Exception.FarEl1);
        Assert.Equal(address, _machine.Vcpu.Exception.ElrEl1);
        Assert.Equal(IntrospectionReportKind.UnownedFetch, Assert.Single(_reports).Kind);
    }

    /// <summary>The guest's tables name a table where nobody has memory. What faults is the fetch, at its address.</summary>
    [Fact]
    public void AFetchWhoseWalkFindsNoTableIsAnInstructionAbortOfTheWalk()
    {
        using Introspector introspector = Introspect(new IntrospectorOptions { UnownedAccess = UnownedAccessPolicy.ReadZeroIgnoreWrite });
        Va pc = _machine.Vcpu.Core.Pc;
        VcpuAction action = introspector.Handle(_machine.Vcpu, VcpuExit.FromException(
            InstructionAbortSyndrome.Create(false, FaultStatus.Create(FaultKind.Translation, 2), isStage1Walk: true), pc, Hpfar.FromIpa(new Ipa(Nobody))));
        Assert.Equal(VcpuActionKind.Resume, action.Kind);
        ExceptionRegisters taken = _machine.Vcpu.Exception;
        Assert.Equal(ExceptionClass.InstructionAbortSameEl, taken.EsrEl1.Class);
        Assert.True(taken.EsrEl1.TryGetInstructionAbort(out InstructionAbortSyndrome abort));
        Assert.Equal((FaultKind.SynchronousExternalOnWalk, 2), (abort.Status.Kind, abort.Status.Level ?? 0));
        Assert.Equal((pc.Value, pc.Value), (taken.FarEl1, taken.ElrEl1));
        Assert.Equal((IntrospectionReportKind.UnownedFetch, new Ipa(Nobody)), (Assert.Single(_reports).Kind, _reports[0].Ipa));
        Assert.Equal(1, introspector.Statistics.Injected);
    }

    [Fact]
    public void AHalfDecodedAccessIsCompletedByTheBackend()
    {
        using Introspector introspector = Introspect();
        VcpuAction read = introspector.Handle(_machine.Vcpu, VcpuExit.FromHalfDecodedMmio(new Ipa(Device), 4, isWrite: false, 0));
        Assert.Equal((VcpuActionKind.CompleteMmio, 0x4433_2211UL), (read.Kind, read.Data));
        VcpuAction write = introspector.Handle(_machine.Vcpu, VcpuExit.FromHalfDecodedMmio(new Ipa(Device + 8), 2, isWrite: true, 0xBEEF));
        Assert.Equal(VcpuActionKind.CompleteMmio, write.Kind);
        Assert.Equal(["R4 0", "W2 8=beef"], _device.Log);
        Assert.Equal(FakeMachine.Ram + 0x100, _machine.Vcpu.Core.Pc.Value);
    }

    [Fact]
    public void AHalfDecodedAccessToNobodyIsAnAbortAtItsVirtualAddress()
    {
        using Introspector introspector = Introspect();
        _machine.Vcpu.ModifyCore()[1] = Nobody;
        _machine.Place(0xB9400022); // ldr w2, [x1]
        introspector.Handle(_machine.Vcpu, VcpuExit.FromHalfDecodedMmio(new Ipa(Nobody), 4, isWrite: false, 0));
        Assert.Equal(Nobody, _machine.Vcpu.Exception.FarEl1);
        Assert.Equal(FakeMachine.Ram + 0x100, _machine.Vcpu.Exception.ElrEl1);
    }

    [Fact]
    public void AnUndecodedAccessIsDecodedAndPerformed()
    {
        using Introspector introspector = Introspect();
        _machine.Vcpu.ModifyCore()[1] = Device;
        _machine.Place(0xF8408422); // ldr x2, [x1], #8
        uint iss = DataAbortSyndrome.Create(false, FaultStatus.Create(FaultKind.Translation, 1), isWrite: false).Iss;
        introspector.Handle(_machine.Vcpu, VcpuExit.FromNotDecodedMmio(new Ipa(Device), iss));
        Assert.Equal(Device + 8, _machine.Vcpu.Core[1]);
        Assert.Equal(["R8 0"], _device.Log);
    }

    [Fact]
    public void ExclusivesToADeviceAreAnUnsupportedExclusiveAccess()
    {
        using Introspector introspector = Introspect();
        Access(introspector, 0x885F7C22, Device, isWrite: false); // ldxr w2, [x1]
        Assert.True(_machine.Vcpu.Exception.EsrEl1.TryGetDataAbort(out DataAbortSyndrome abort));
        Assert.Equal(FaultKind.UnsupportedExclusiveOrAtomic, abort.Status.Kind);
        Assert.Empty(_device.Log);
    }

    private Introspector Introspect(IntrospectorOptions? options = null)
    {
        options ??= new IntrospectorOptions();
        options.ReportHandler = _reports.Add;
        Introspector introspector = _machine.Introspect(options);
        introspector.Mmio.Map(new IpaRange(new Ipa(Device), 0x1000), _device);
        return introspector;
    }

    private void Restart() => _machine.Vcpu.ModifyCore().Pc = new Va(FakeMachine.Ram + 0x100);

    private VcpuAction Access(Introspector introspector, uint word, ulong address, bool isWrite)
    {
        _machine.Vcpu.ModifyCore()[1] = address;
        _machine.Place(word);
        return introspector.Handle(_machine.Vcpu, FakeMachine.NotMapped(address, isWrite));
    }
}
