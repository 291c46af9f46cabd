using System;
using HvIntrospect.Interpreter;
using HvIntrospect.Mmio;
using HvIntrospect.Mmio.Gic;
using Xunit;

namespace HvIntrospect.Tests.Interpreter.Devices;

/// <summary>EL2 hands a physical interrupt of the machine to the guest by a list register.</summary>
public sealed class GicVirtualMachineTests
{
    private const int Id = 40;
    private const ulong El1h = 0x5;
    private const ulong DistributorControl = 0x000;
    private const ulong SetEnable = 0x104;
    private const ulong Active = 0x304;
    private const ulong Control = 0x00;
    private const ulong Mask = 0x04;
    private const ulong Acknowledge = 0x0C;
    private const ulong End = 0x10;
    private const ulong List = 0x100;
    private const uint EoiMode = 1 << 9;
    private const uint OfId = 1 << (Id - 32);
    private const uint Pending = 1U << 28;
    private const uint Listed = (1U << 31) | Pending | (Id << 10) | Id;

    [Fact]
    public void APhysicalInterruptReachesTheGuestPastTheGateAndEndsWithTheVirtualOne()
    {
        using var program = new GuestProgram(GuestProgram.AddX3, GuestProgram.Hvc42, GuestProgram.AddX3);
        program.SetState(El1h);
        var physical = new GicV2(1);
        var interfaces = new GicVirtualInterfaces(physical);
        program.Machine.Connect(interfaces);
        Write(physical.Distributor, DistributorControl, 1);
        Write(physical.Distributor, SetEnable, OfId);
        Write(physical.CpuInterfaces, Mask, 0xFF);
        Write(physical.CpuInterfaces, Control, 1 | EoiMode);
        Write(interfaces.Control, Control, 1);
        Write(interfaces.CpuInterfaces, Mask, 0xFF);
        Write(interfaces.CpuInterfaces, Control, 1);

        // EL2 takes it, drops its priority, and leaves it active for the guest to end.
        physical.SetSpi(Id, true);
        Assert.Equal(VcpuExitKind.Canceled, program.Run().Kind);
        Assert.Equal((uint)Id, Read(physical.CpuInterfaces, Acknowledge));
        Write(physical.CpuInterfaces, End, Id);
        Write(interfaces.Control, List, Listed);

        // The gate holds back what is taken; nothing in the registers changes by it.
        Assert.True(program.Vcpu.TryGetCapability(out IInterruptGate? gate));
        gate.Close();
        Assert.Equal(0x42, program.RunToCall());
        Assert.Equal((1U, Listed), (Read(interfaces.Control, Control), Read(interfaces.Control, List)));
        gate.Open();
        Assert.Equal(0x105, program.RunToCall());
        Assert.Equal(1UL, program.Vcpu.Core[3]);

        Assert.Equal((uint)Id, Read(interfaces.CpuInterfaces, Acknowledge));
        physical.SetSpi(Id, false);
        Assert.Equal(OfId, Read(physical.Distributor, Active));
        Write(interfaces.CpuInterfaces, End, Id);
        Assert.Equal(0U, Read(physical.Distributor, Active));
        Assert.Equal(1U, Read(interfaces.Control, Control));
    }

    [Fact]
    public void InterfacesOfAnotherNumberOfCpusAreRefused()
    {
        using var program = new GuestProgram(GuestProgram.Nop);
        Assert.Throws<ArgumentException>(() => program.Machine.Connect(new GicVirtualInterfaces(new GicV2(2))));
        Assert.Throws<ArgumentNullException>(() => program.Machine.Connect((GicVirtualInterfaces)null!));
    }

    private static void Write(IMmioDevice device, ulong offset, uint value) => device.Write(new MmioAccess(0, offset, sizeof(uint)), value);

    private static uint Read(IMmioDevice device, ulong offset) => (uint)device.Read(new MmioAccess(0, offset, sizeof(uint)));
}
