using System;
using System.Collections.Generic;
using FsCheck;
using FsCheck.Fluent;
using HvIntrospect.Mmio;
using HvIntrospect.Mmio.Gic;
using Xunit;

namespace HvIntrospect.Tests.Mmio.Gic;

/// <summary>What the guest that is compared with QEMU does not show.</summary>
public sealed class GicV2Tests
{
    private const ulong DistributorControl = 0x000;
    private const ulong Group1 = 0x084;
    private const ulong SetEnable = 0x104;
    private const ulong SetPending = 0x204;
    private const ulong Pending = 0x200;
    private const ulong Priority = 0x400;
    private const ulong Target = 0x800;
    private const ulong Sgi = 0xF00;
    private const ulong Control = 0x00;
    private const ulong Mask = 0x04;
    private const ulong BinaryPoint = 0x08;
    private const ulong Acknowledge = 0x0C;
    private const ulong End = 0x10;
    private const ulong Running = 0x14;
    private const ulong HighestPending = 0x18;
    private const ulong AliasedBinaryPoint = 0x1C;
    private const ulong AliasedAcknowledge = 0x20;
    private const ulong AliasedEnd = 0x24;
    private const ulong AliasedHighestPending = 0x28;
    private const uint Spurious = 1023;

    [Fact]
    public void Group1HasItsOwnRegisters()
    {
        var gic = new GicV2(1);
        Enable(gic);
        WriteDistributor(gic, Group1, 1);
        WriteDistributor(gic, SetEnable, 3);
        WriteDistributor(gic, Priority + 32, 0x4080);
        WriteDistributor(gic, SetPending, 1);
        Assert.Equal(1022U, Read(gic, 0, Acknowledge));
        Assert.Equal(1022U, Read(gic, 0, HighestPending));
        Assert.Equal(32U, Read(gic, 0, AliasedHighestPending));
        Assert.Equal(32U, Read(gic, 0, AliasedAcknowledge));

        // An interrupt of group 0 is not seen through them.
        WriteDistributor(gic, SetPending, 2);
        Assert.Equal(Spurious, Read(gic, 0, AliasedHighestPending));
        Assert.Equal(Spurious, Read(gic, 0, AliasedAcknowledge));
        Assert.Equal(33U, Read(gic, 0, Acknowledge));
        Write(gic, 0, AliasedEnd, 33);
        Assert.Equal(0x40U, Read(gic, 0, Running));
        Write(gic, 0, End, 33);
        Assert.Equal(0x80U, Read(gic, 0, Running));
        Write(gic, 0, AliasedEnd, 32);
        Assert.Equal(0xFFU, Read(gic, 0, Running));
    }

    [Fact]
    public void ASharedInterruptIsTakenByOneCpuOnly()
    {
        var gic = new GicV2(2);
        var outputs = new List<(int Cpu, bool Level)>();
        gic.Connect((cpu, _, level) => outputs.Add((cpu, level)));
        Enable(gic);
        WriteDistributor(gic, SetEnable, 1);
        WriteDistributor(gic, Target + 32, 3);
        WriteDistributor(gic, SetPending, 1);
        Assert.Equal(32U, Read(gic, 1, Acknowledge));
        Assert.Equal(Spurious, Read(gic, 0, Acknowledge));

        // Pending again while active: nobody gets it before it is deactivated, then both are asked again.
        WriteDistributor(gic, SetPending, 1);
        Assert.Equal(Spurious, Read(gic, 0, Acknowledge));
        Write(gic, 1, End, 32);
        Assert.Equal(32U, Read(gic, 0, Acknowledge));
        Assert.Equal([(0, true), (1, true), (0, false), (1, false), (0, true), (1, true), (0, false), (1, false)], outputs);
    }

    [Theory]
    [InlineData(8, 0xFF, 0)]
    [InlineData(7, 0xFE, 0)]
    [InlineData(5, 0xF8, 2)]
    [InlineData(4, 0xF0, 3)]
    public void OnlyImplementedBitsOfAPriorityAreKept(int bits, uint mask, uint minimumBinaryPoint)
    {
        var gic = new GicV2(1, 32, bits);
        WriteDistributor(gic, Priority + 32, 0xFFFF_FFFF);
        Assert.Equal(mask * 0x0101_0101, ReadDistributor(gic, 0, Priority + 32));
        Write(gic, 0, Mask, 0xFF);
        Assert.Equal(mask, Read(gic, 0, Mask));
        Write(gic, 0, BinaryPoint, 0);
        Assert.Equal(minimumBinaryPoint, Read(gic, 0, BinaryPoint));
        Write(gic, 0, AliasedBinaryPoint, 0);
        Assert.Equal(minimumBinaryPoint + 1, Read(gic, 0, AliasedBinaryPoint));
        for (uint i = 0; i < 8; i++)
        {
            // As many active priorities as there are group priorities.
            Write(gic, 0, 0xD0 + (4 * i), uint.MaxValue);
            int levels = Math.Clamp((128 >> (int)minimumBinaryPoint) - (32 * (int)(i & 3)), 0, 32);
            Assert.Equal(levels == 32 ? uint.MaxValue : (1U << levels) - 1, Read(gic, 0, 0xD0 + (4 * i)));
        }
    }

    [Fact]
    public void WithOneCpuThereIsNothingToTarget()
    {
        var gic = new GicV2(1);
        Enable(gic);
        WriteDistributor(gic, Target + 32, 1);
        Assert.Equal(0U, ReadDistributor(gic, 0, Target + 32));
        Assert.Equal(0U, ReadDistributor(gic, 0, Target));
        WriteDistributor(gic, SetEnable, 1);
        WriteDistributor(gic, SetPending, 1);
        Assert.Equal(32U, Read(gic, 0, Acknowledge));
    }

    [Fact]
    public void OtherSizesAndCpusFindNothing()
    {
        var gic = new GicV2(2);
        foreach ((int vcpu, ulong offset, int size) in (ReadOnlySpan<(int, ulong, int)>)
            [(0, DistributorControl, 1), (0, DistributorControl, 2), (0, DistributorControl, 8), (0, DistributorControl + 1, 4), (2, DistributorControl, 4), (-1, DistributorControl, 4)])
        {
            gic.Distributor.Write(new MmioAccess(vcpu, offset, size), 3);
            gic.CpuInterfaces.Write(new MmioAccess(vcpu, offset, size), 3);
            Assert.Equal(0UL, gic.Distributor.Read(new MmioAccess(vcpu, offset + 4, size)));
            Assert.Equal(0U, ReadDistributor(gic, 0, DistributorControl));
            Assert.Equal(0U, Read(gic, 0, Control));
        }
    }

    [Fact]
    public void HostileAccessesNeverThrowAndTheStateCanAlwaysBeRestored() =>
        Prop.ForAll(Gen.Choose(0, int.MaxValue).ToArbitrary(), seed =>
        {
            var random = new Random(seed);
            var gic = new GicV2(1 + random.Next(8), 32 * random.Next(31), 4 + random.Next(5));
            uint asserted = 0;
            gic.Connect((cpu, output, level) =>
            {
                uint bit = 1U << ((2 * cpu) + (int)output);
                Assert.NotEqual(level, (asserted & bit) != 0);
                asserted ^= bit;
            });
            Enable(gic);
            Act(gic, random.Next(), 300);
            object saved = gic.SaveState();
            uint then = asserted;
            int actions = random.Next();
            ulong first = Act(gic, actions, 300);
            uint end = asserted;
            asserted = then;
            gic.RestoreState(saved);
            Assert.Equal(first, Act(gic, actions, 300));
            Assert.Equal(end, asserted);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(60));

    [Fact]
    public void MisuseIsRefused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new GicV2(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new GicV2(9));
        Assert.Throws<ArgumentOutOfRangeException>(() => new GicV2(1, 33));
        Assert.Throws<ArgumentOutOfRangeException>(() => new GicV2(1, 992));
        Assert.Throws<ArgumentOutOfRangeException>(() => new GicV2(1, 32, 3));
        var gic = new GicV2(2, 32);
        Assert.Throws<ArgumentOutOfRangeException>(() => gic.SetSpi(31, true));
        Assert.Throws<ArgumentOutOfRangeException>(() => gic.SetSpi(64, true));
        Assert.Throws<ArgumentOutOfRangeException>(() => gic.SetPpi(2, 27, true));
        Assert.Throws<ArgumentOutOfRangeException>(() => gic.SetPpi(0, 15, true));
        Assert.Throws<ArgumentException>(() => gic.RestoreState(new GicV2(1, 32).SaveState()));
        gic.Connect((_, _, _) => { });
        Assert.Throws<InvalidOperationException>(() => gic.Connect((_, _, _) => { }));
    }

    [Fact]
    public void AnSgiOfAReservedFilterGoesToNobody()
    {
        var gic = new GicV2(2);
        WriteDistributor(gic, Sgi, (3U << 24) | (3U << 16) | 4);
        Assert.Equal(0U, ReadDistributor(gic, 0, Pending) | ReadDistributor(gic, 1, Pending));
    }

    // Accesses of every kind, and lines that change; what was read is folded into one number.
    private static ulong Act(GicV2 gic, int seed, int count)
    {
        var random = new Random(seed);
        ulong seen = 0;
        for (int i = 0; i < count; i++)
        {
            IMmioDevice device = random.Next(2) == 0 ? gic.Distributor : gic.CpuInterfaces;
            ulong offset = random.Next(8) switch
            {
                0 => (ulong)random.NextInt64(),
                1 => (ulong)random.Next(0x2000),
                2 => 4 * (ulong)random.Next(12),
                3 => 0x200 + (4 * (ulong)random.Next(16)),
                _ => 4 * (ulong)random.Next(0x401),
            };
            var access = new MmioAccess(random.Next(-1, 9), offset, random.Next(3) == 0 ? random.Next(1, 9) : 4);
            switch (random.Next(5))
            {
                case 0:
                    gic.SetPpi(random.Next(gic.CpuCount), random.Next(16, 32), random.Next(2) == 0);
                    break;
                case 1 or 2:
                    seen = (seen * 31) + device.Read(access);
                    break;
                default:
                    device.Write(access, (ulong)random.NextInt64());
                    break;
            }
        }

        return seen;
    }

    private static void Enable(GicV2 gic)
    {
        WriteDistributor(gic, DistributorControl, 3);
        for (int cpu = 0; cpu < gic.CpuCount; cpu++)
        {
            Write(gic, cpu, Mask, 0xFF);
            Write(gic, cpu, Control, 3);
        }
    }

    private static void WriteDistributor(GicV2 gic, ulong offset, uint value) => gic.Distributor.Write(new MmioAccess(0, offset, sizeof(uint)), value);

    private static uint ReadDistributor(GicV2 gic, int cpu, ulong offset) => (uint)gic.Distributor.Read(new MmioAccess(cpu, offset, sizeof(uint)));

    private static void Write(GicV2 gic, int cpu, ulong offset, uint value) => gic.CpuInterfaces.Write(new MmioAccess(cpu, offset, sizeof(uint)), value);

    private static uint Read(GicV2 gic, int cpu, ulong offset) => (uint)gic.CpuInterfaces.Read(new MmioAccess(cpu, offset, sizeof(uint)));
}
