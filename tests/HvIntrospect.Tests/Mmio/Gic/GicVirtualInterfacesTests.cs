using System;
using System.Collections.Generic;
using FsCheck;
using FsCheck.Fluent;
using HvIntrospect.Mmio;
using HvIntrospect.Mmio.Gic;
using Xunit;

namespace HvIntrospect.Tests.Mmio.Gic;

/// <summary>What the guest that is compared with QEMU does not show.</summary>
public sealed class GicVirtualInterfacesTests
{
    private const ulong HypervisorControl = 0x00;
    private const ulong VirtualType = 0x04;
    private const ulong MaintenanceStatus = 0x10;
    private const ulong EndStatus = 0x20;
    private const ulong EmptyStatus = 0x30;
    private const ulong ActivePriorities = 0xF0;
    private const ulong List = 0x100;
    private const ulong Control = 0x00;
    private const ulong Mask = 0x04;
    private const ulong Acknowledge = 0x0C;
    private const ulong End = 0x10;
    private const ulong Running = 0x14;
    private const ulong AliasedAcknowledge = 0x20;
    private const ulong AliasedEnd = 0x24;
    private const ulong AliasedHighestPending = 0x28;
    private const uint Enable = 1;
    private const uint Underflow = 2;
    private const uint EndCount = 0xF800_0000;
    private const uint TellsEnd = 1U << 19;
    private const uint Pending = 1U << 28;
    private const uint IsActive = 1U << 29;
    private const uint Group1 = 1U << 30;
    private const uint Hardware = 1U << 31;
    private const uint Spurious = 1023;

    [Fact]
    public void TheControlIsAGateThatKeepsWhatIsPendingAndTheCountOfEnds()
    {
        GicVirtualInterfaces interfaces = NewEnabled(1);
        WriteControl(interfaces, 0, ActivePriorities, 1);
        Write(interfaces, 0, End, 99);
        uint control = ReadControl(interfaces, 0, HypervisorControl);
        Assert.Equal(1U << 27, control & EndCount);
        WriteControl(interfaces, 0, List, Listed(40, 0x80));
        var outputs = new List<(GicOutput Output, bool Level)>();
        interfaces.Connect((_, output, level) => outputs.Add((output, level)));
        WriteControl(interfaces, 0, HypervisorControl, control & ~Enable);
        Assert.Equal(Spurious, Read(interfaces, 0, Acknowledge));
        WriteControl(interfaces, 0, List + 4, Listed(41, 0x40));
        WriteControl(interfaces, 0, HypervisorControl, ReadControl(interfaces, 0, HypervisorControl) | Enable);
        Assert.Equal([(GicOutput.Irq, true), (GicOutput.Irq, false), (GicOutput.Irq, true)], outputs);
        Assert.Equal(control, ReadControl(interfaces, 0, HypervisorControl));
        Assert.Equal(41U, Read(interfaces, 0, Acknowledge));
        Write(interfaces, 0, End, 41);
        Assert.Equal(40U, Read(interfaces, 0, Acknowledge));
        Write(interfaces, 0, End, 40);
        Assert.Equal(control, ReadControl(interfaces, 0, HypervisorControl));
    }

    [Fact]
    public void EachCpuHasRegistersOfItsOwn()
    {
        GicVirtualInterfaces interfaces = NewEnabled(3);
        for (int cpu = 0; cpu < 3; cpu++)
        {
            WriteControl(interfaces, cpu, List, Listed(40 + cpu, 0x80));
        }

        var asserted = new List<int>();
        interfaces.Connect((cpu, _, _) => asserted.Add(cpu));
        Assert.Equal([0, 1, 2], asserted);
        for (int cpu = 2; cpu >= 0; cpu--)
        {
            Assert.Equal(40U + (uint)cpu, Read(interfaces, cpu, Acknowledge));
            Assert.Equal(0x80U, Read(interfaces, cpu, Running));
        }
    }

    [Fact]
    public void APhysicalInterruptOfOneCpuEndsForThatCpu()
    {
        GicVirtualInterfaces interfaces = NewEnabled(2);
        foreach (int cpu in (ReadOnlySpan<int>)[0, 1])
        {
            interfaces.Physical.Distributor.Write(new MmioAccess(cpu, 0x300, sizeof(uint)), 0xFFFF_FFFF);
        }

        WriteControl(interfaces, 1, List, Listed(50, 0x80) | Hardware | (27 << 10));
        Read(interfaces, 1, Acknowledge);
        Write(interfaces, 1, End, 50);
        Assert.Equal(0xFFFF_FFFFU, (uint)interfaces.Physical.Distributor.Read(new MmioAccess(0, 0x300, sizeof(uint))));
        Assert.Equal(0xF7FF_FFFFU, (uint)interfaces.Physical.Distributor.Read(new MmioAccess(1, 0x300, sizeof(uint))));

        // An SGI is not deactivated this way, nor is what the distributor does not have.
        foreach (uint id in (ReadOnlySpan<uint>)[5, 1023])
        {
            WriteControl(interfaces, 1, List, Listed(50, 0x80) | Hardware | (id << 10));
            Read(interfaces, 1, Acknowledge);
            Write(interfaces, 1, End, 50);
            Assert.Equal(0xF7FF_FFFFU, (uint)interfaces.Physical.Distributor.Read(new MmioAccess(1, 0x300, sizeof(uint))));
        }
    }

    [Fact]
    public void AnSgiEndsForTheSenderThatIsNamed()
    {
        GicVirtualInterfaces interfaces = NewEnabled(1);
        WriteControl(interfaces, 0, List, Listed(3, 0x80) | (1 << 10));
        WriteControl(interfaces, 0, List + 4, Listed(3, 0x40) | (2 << 10));
        Assert.Equal(3U | (2 << 10), Read(interfaces, 0, Acknowledge));
        WriteControl(interfaces, 0, List, Listed(3, 0x20) | (1 << 10));
        Assert.Equal(3U | (1 << 10), Read(interfaces, 0, Acknowledge));
        Write(interfaces, 0, End, 3 | (2 << 10));
        Assert.Equal(IsActive, ReadControl(interfaces, 0, List) & (Pending | IsActive));
        Assert.Equal(0U, ReadControl(interfaces, 0, List + 4) & (Pending | IsActive));
        Write(interfaces, 0, End, 3 | (1 << 10));
        Assert.Equal(0U, ReadControl(interfaces, 0, List) & (Pending | IsActive));
        Assert.Equal(0U, ReadControl(interfaces, 0, HypervisorControl) & EndCount);
    }

    [Fact]
    public void Group1HasItsOwnRegistersAndSharesItsPriorities()
    {
        GicVirtualInterfaces interfaces = NewEnabled(1);
        WriteControl(interfaces, 0, List, Listed(40, 0x80) | Group1);
        WriteControl(interfaces, 0, List + 4, Listed(41, 0xC0));
        Assert.Equal(1022U, Read(interfaces, 0, Acknowledge));
        Assert.Equal(40U, Read(interfaces, 0, AliasedHighestPending));
        Assert.Equal(40U, Read(interfaces, 0, AliasedAcknowledge));
        Assert.Equal(1U << 16, ReadControl(interfaces, 0, ActivePriorities));
        Assert.Equal(Spurious, Read(interfaces, 0, AliasedHighestPending));
        WriteControl(interfaces, 0, List + 4, Listed(41, 0x40));
        Assert.Equal(41U, Read(interfaces, 0, Acknowledge));

        // What is of Group 0 does not end by the register of Group 1.
        Write(interfaces, 0, AliasedEnd, 41);
        Assert.Equal(0x40U, Read(interfaces, 0, Running));
        Write(interfaces, 0, End, 41);
        Write(interfaces, 0, AliasedEnd, 40);
        Assert.Equal(0xFFU, Read(interfaces, 0, Running));
        Assert.Equal(0U, ReadControl(interfaces, 0, HypervisorControl) & EndCount);
    }

    [Fact]
    public void SixtyFourListRegistersHaveTwoWordsOfStatus()
    {
        GicVirtualInterfaces interfaces = NewEnabled(1, 64);
        Assert.Equal(63U, ReadControl(interfaces, 0, VirtualType) & 0x3F);
        Assert.Equal((uint.MaxValue, uint.MaxValue), (ReadControl(interfaces, 0, EmptyStatus), ReadControl(interfaces, 0, EmptyStatus + 4)));
        WriteControl(interfaces, 0, List + (4 * 63), Listed(40, 0x80) | TellsEnd);
        Assert.Equal((uint.MaxValue, uint.MaxValue >> 1), (ReadControl(interfaces, 0, EmptyStatus), ReadControl(interfaces, 0, EmptyStatus + 4)));
        Assert.Equal(40U, Read(interfaces, 0, Acknowledge));
        Write(interfaces, 0, End, 40);
        Assert.Equal((0U, 1U << 31), (ReadControl(interfaces, 0, EndStatus), ReadControl(interfaces, 0, EndStatus + 4)));
        Assert.Equal(1U, ReadControl(interfaces, 0, MaintenanceStatus));
    }

    [Fact]
    public void MaintenanceIsAnOutputOfItsOwn()
    {
        GicVirtualInterfaces interfaces = NewEnabled(1);
        var outputs = new List<(GicOutput Output, bool Level)>();
        interfaces.Connect((_, output, level) => outputs.Add((output, level)));
        WriteControl(interfaces, 0, HypervisorControl, Enable | Underflow);
        WriteControl(interfaces, 0, List, Listed(40, 0x80));
        WriteControl(interfaces, 0, List + 4, Listed(41, 0x80));
        Write(interfaces, 0, Control, 1 | 8);
        WriteControl(interfaces, 0, HypervisorControl, 0);
        Assert.Equal(
            [
                (GicOutput.Maintenance, true), (GicOutput.Irq, true), (GicOutput.Maintenance, false),
                (GicOutput.Irq, false), (GicOutput.Fiq, true), (GicOutput.Fiq, false),
            ],
            outputs);
    }

    [Fact]
    public void OtherSizesAndCpusFindNothing()
    {
        GicVirtualInterfaces interfaces = NewEnabled(2);
        foreach ((int vcpu, ulong offset, int size) in (ReadOnlySpan<(int, ulong, int)>)
            [(0, List, 1), (0, List, 2), (0, List, 8), (0, List + 1, 4), (2, List, 4), (-1, List, 4), (0, (1UL << 32) + List, 4)])
        {
            interfaces.Control.Write(new MmioAccess(vcpu, offset, size), Listed(40, 0x80));
            Assert.Equal(0U, ReadControl(interfaces, 0, List));
            Assert.Equal(0UL, interfaces.Control.Read(new MmioAccess(vcpu, VirtualType + offset - List, size)));
            interfaces.CpuInterfaces.Write(new MmioAccess(vcpu, Mask + offset - List, size), 0x80);
            Assert.Equal(0xF8U, Read(interfaces, 0, Mask));
            Assert.Equal(0UL, interfaces.CpuInterfaces.Read(new MmioAccess(vcpu, Mask + offset - List, size)));
        }
    }

    [Fact]
    public void HostileAccessesNeverThrowAndTheStateCanAlwaysBeRestored() =>
        Prop.ForAll(Gen.Choose(0, int.MaxValue).ToArbitrary(), seed =>
        {
            var random = new Random(seed);
            GicVirtualInterfaces interfaces = NewEnabled(1 + random.Next(8), 1 + random.Next(64));
            uint asserted = 0;
            interfaces.Connect((cpu, output, level) =>
            {
                uint bit = 1U << ((3 * cpu) + (int)output);
                Assert.NotEqual(level, (asserted & bit) != 0);
                asserted ^= bit;
            });
            Act(interfaces, random.Next(), 300);
            object saved = interfaces.SaveState();
            uint then = asserted;
            int actions = random.Next();
            ulong first = Act(interfaces, actions, 300);
            uint end = asserted;
            asserted = then;
            interfaces.RestoreState(saved);
            Assert.Equal(first, Act(interfaces, actions, 300));
            Assert.Equal(end, asserted);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(60));

    [Fact]
    public void NothingIsAllocated()
    {
        GicVirtualInterfaces interfaces = NewEnabled(1);
        interfaces.Connect(static (_, _, _) => { });
        long before = 0;
        for (int i = 0; i < 200; i++)
        {
            before = i == 100 ? GC.GetAllocatedBytesForCurrentThread() : before;
            WriteControl(interfaces, 0, List, Listed(40, 0x80) | Hardware | (40 << 10));
            Read(interfaces, 0, Acknowledge);
            Write(interfaces, 0, End, 40);
        }

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    [Fact]
    public void MisuseIsRefused()
    {
        Assert.Throws<ArgumentNullException>(() => new GicVirtualInterfaces(null!));
        Assert.Throws<ArgumentOutOfRangeException>(() => new GicVirtualInterfaces(new GicV2(1), 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new GicVirtualInterfaces(new GicV2(1), 65));
        var interfaces = new GicVirtualInterfaces(new GicV2(2));
        Assert.Throws<ArgumentException>(() => interfaces.RestoreState(new GicVirtualInterfaces(new GicV2(1)).SaveState()));
        Assert.Throws<ArgumentException>(() => interfaces.RestoreState(new GicVirtualInterfaces(new GicV2(2), 5).SaveState()));
        Assert.Throws<ArgumentException>(() => interfaces.RestoreState(interfaces.Physical.SaveState()));
        Assert.Throws<ArgumentNullException>(() => interfaces.Connect(null!));
        interfaces.Connect((_, _, _) => { });
        Assert.Throws<InvalidOperationException>(() => interfaces.Connect((_, _, _) => { }));
    }

    private static uint Listed(int id, int priority) => Pending | ((uint)priority << 20) | (uint)id;

    private static GicVirtualInterfaces NewEnabled(int cpus, int lists = 4)
    {
        var interfaces = new GicVirtualInterfaces(new GicV2(cpus), lists);
        for (int cpu = 0; cpu < cpus; cpu++)
        {
            WriteControl(interfaces, cpu, HypervisorControl, Enable);
            Write(interfaces, cpu, Mask, 0xFF);
            Write(interfaces, cpu, Control, 3);
        }

        return interfaces;
    }

    // Accesses of every kind; what was read is folded into one number.
    private static ulong Act(GicVirtualInterfaces interfaces, int seed, int count)
    {
        var random = new Random(seed);
        ulong seen = 0;
        for (int i = 0; i < count; i++)
        {
            IMmioDevice device = random.Next(2) == 0 ? interfaces.Control : interfaces.CpuInterfaces;
            ulong offset = random.Next(8) switch
            {
                0 => (ulong)random.NextInt64(),
                1 => (ulong)random.Next(0x2000),
                2 or 3 => 4 * (ulong)random.Next(12),
                4 => ActivePriorities,
                _ => List + (4 * (ulong)random.Next(65)),
            };
            var access = new MmioAccess(random.Next(-1, 9), offset, random.Next(4) == 0 ? random.Next(1, 9) : 4);
            if (random.Next(3) == 0)
            {
                device.Write(access, (ulong)random.NextInt64() | (random.Next(2) == 0 ? Enable : 0UL));
            }
            else
            {
                seen = (seen * 31) + device.Read(access);
            }
        }

        return seen;
    }

    private static void WriteControl(GicVirtualInterfaces interfaces, int cpu, ulong offset, uint value) => interfaces.Control.Write(new MmioAccess(cpu, offset, sizeof(uint)), value);

    private static uint ReadControl(GicVirtualInterfaces interfaces, int cpu, ulong offset) => (uint)interfaces.Control.Read(new MmioAccess(cpu, offset, sizeof(uint)));

    private static void Write(GicVirtualInterfaces interfaces, int cpu, ulong offset, uint value) => interfaces.CpuInterfaces.Write(new MmioAccess(cpu, offset, sizeof(uint)), value);

    private static uint Read(GicVirtualInterfaces interfaces, int cpu, ulong offset) => (uint)interfaces.CpuInterfaces.Read(new MmioAccess(cpu, offset, sizeof(uint)));
}
