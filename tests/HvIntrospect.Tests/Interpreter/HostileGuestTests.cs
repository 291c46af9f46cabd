using System;
using System.Collections.Generic;
using System.Linq;
using System.Runtime.InteropServices;
using FsCheck;
using FsCheck.Fluent;
using HvIntrospect.A64;
using HvIntrospect.Interpreter;
using HvIntrospect.Introspection;
using HvIntrospect.Mmio;
using HvIntrospect.Mmio.Gic;
using HvIntrospect.Registers;
using HvIntrospect.Tests.A64;
using Xunit;

namespace HvIntrospect.Tests.Interpreter;

/// <summary>
/// Guests that write random values to every system register they can name, walk random tables, run any encoding there is, and access devices in every size: nothing throws or hangs, and a
/// run is the same wherever it is cut.
/// </summary>
public sealed class HostileGuestTests
{
    private const int Tests = 12;
    private const int CodeWords = 0x2000;
    private const int TablePages = 32;
    private const ulong Instructions = 12_000;
    private const int MostExits = 3_000;
    private const ulong Code = 0x4000_0000;
    private const ulong Tables = 0x4010_0000;
    private const ulong Devices = 0x0800_0000;
    private const ulong RamSize = 2 << 20;

    private static readonly EncodingRow[] s_rows = [.. EncodingTable.Instance.Rows];
    private static readonly EncodingRow[] s_loadStores = [.. s_rows.Where(static row => row.Section is LoadStoreSection)];

    [Fact]
    public void NothingThrowsAndARunIsTheSameWhereverItIsCut() => Prop.ForAll(Gen.Choose(0, 10_000_000).ToArbitrary(), seed =>
    {
        Dictionary<string, string> whole = Run(seed, int.MaxValue);
        Assert.Equal(string.Empty, MachineState.Difference(whole, Run(seed, 1_000)));
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(Tests));

    private static Dictionary<string, string> Run(int seed, int longestPart)
    {
        var random = new Random(seed);
        using var machine = new Machine(new MachineOptions(CoreModel.Max)
        {
            Features = CoreModel.Max.Features | (random.Next(2) == 0 ? A64Features.MTE | A64Features.MTE2 | A64Features.THE | A64Features.RAS : A64Features.Armv8_0),
            VcpuCount = 4, RamSize = RamSize, Seed = (ulong)seed, MaximumSlice = 500, InstructionCache = (InstructionCacheMode)random.Next(2),
            TranslatesSpeculatively = random.Next(2) == 0, DecodedPageLimit = random.Next(2) == 0 ? 6 : 512,
        });
        var gic = new GicV2(4);
        machine.Connect(gic);
        var uart = new Pl011(static _ => { }, level => gic.SetSpi(33, level));
        machine.Attach(uart);
        using var introspector = new Introspector(machine);
        introspector.Mmio.Map(new IpaRange(new Ipa(Devices), GicV2.DistributorSize), gic.Distributor);
        introspector.Mmio.Map(new IpaRange(new Ipa(Devices + 0x1_0000), GicV2.CpuInterfaceSize), gic.CpuInterfaces);
        introspector.Mmio.Map(new IpaRange(new Ipa(Devices + 0x2_0000), Pl011.Size), uart);
        Fill(machine, Code, CodeWords, () => Word(random));
        Fill(machine, Tables, TablePages * 512, () => Descriptor(random));
        foreach (Vcpu vcpu in machine.Vcpus)
        {
            Start(vcpu, random);
        }

        var cuts = new Random(seed);
        ulong left = Instructions;
        for (int exits = 0; left != 0 && exits < MostExits;)
        {
            ulong before = machine.Scheduler.RetiredInstructions;
            VcpuExit end = machine.Scheduler.Run(
                (vcpu, in exit) =>
                {
                    exits++;
                    Decide(introspector, vcpu, exit, random);
                    return exits < MostExits;
                },
                Math.Min(left, (ulong)cuts.Next(1, longestPart)));
            left -= Math.Min(left, machine.Scheduler.RetiredInstructions - before);
            if (end.Kind == VcpuExitKind.Halted)
            {
                exits++;
                WakeAll(machine);
            }
        }

        return MachineState.Of(machine);
    }

    private static void WakeAll(Machine machine)
    {
        foreach (Vcpu vcpu in machine.Vcpus)
        {
            vcpu.IsPoweredOn = false;
            vcpu.IsPoweredOn = true;
        }
    }

    // What nobody handles is skipped, or the guest begins somewhere else with Stage 1 off.
    private static void Decide(Introspector introspector, Vcpu vcpu, in VcpuExit exit, Random random)
    {
        bool isHandled = introspector.Handle(vcpu, exit).Kind == VcpuActionKind.Resume;
        if (random.Next(isHandled ? 40 : 3) == 0)
        {
            Start(vcpu, random);
        }
        else if (!isHandled)
        {
            vcpu.ModifyCore().Pc += 4;
        }
    }

    private static void Start(Vcpu vcpu, Random random)
    {
        ref CoreRegisters core = ref vcpu.ModifyCore();
        for (int i = 0; i < CoreRegisters.GeneralCount; i++)
        {
            core[i] = Value(random);
        }

        core.SpEl1 = Value(random) & ~15UL;
        core.Pc = new Va(Code + ((ulong)random.Next(CodeWords) * 4));
        core.Pstate = new Spsr(random.Next(4) == 0 ? 0x3C0UL : ((ulong)(uint)random.Next(16) << 6) | 5);
        ref TranslationRegisters translation = ref vcpu.ModifyTranslation();
        translation.SctlrEl1 = random.Next(2) == 0 ? 0x30D0_0800 : (ulong)random.NextInt64() | 1;
        translation.TcrEl1 = (ulong)random.NextInt64() & ~0x3F_003FUL | (16 + (ulong)random.Next(24)) | ((16 + (ulong)random.Next(24)) << 16);
        translation.Ttbr0El1 = Table(random);
        translation.Ttbr1El1 = Table(random);
        vcpu.ModifyException().VbarEl1 = Code + ((ulong)random.Next(8) << 12);
    }

    private static void Fill<T>(Machine machine, ulong address, int count, Func<T> next)
        where T : unmanaged
    {
        var items = new T[count];
        for (int i = 0; i < count; i++)
        {
            items[i] = next();
        }

        Assert.Equal(MemoryMarshal.AsBytes<T>(items).Length, machine.Memory.Write(new Ipa(address), MemoryMarshal.AsBytes<T>(items)));
    }

    private static uint Word(Random random)
    {
        uint fields = (uint)random.NextInt64(1L << 32);
        return random.Next(12) switch
        {
            // MSR, MRS, SYS and hints, where registers lie close; then exceptions and their returns, and short branches.
            < 3 => 0xD500_0000 | (fields & 0x3B_F6FF) | ((uint)random.Next(2) << 20),
            3 => random.Next(3) switch { 0 => 0xD69F_03E0, 1 => 0xD400_0002, _ => 0xD503_207F },
            4 => 0x5400_0000 | (((uint)random.Next(-8, 16) & 0x7_FFFF) << 5) | (fields & 15),
            5 => 0x1400_0000 | ((uint)random.Next(-400, 400) & 0x3FF_FFFF),
            < 9 => s_loadStores[random.Next(s_loadStores.Length)].Word(fields),
            9 => fields,
            _ => s_rows[random.Next(s_rows.Length)].Word(fields),
        };
    }

    private static ulong Value(Random random) => random.Next(6) switch
    {
        0 => (ulong)random.Next(64),
        1 => ulong.MaxValue >> random.Next(64),
        2 => (ulong)random.NextInt64() << 1,
        3 => Devices + ((ulong)random.Next(3) << 16) + (ulong)random.Next(0x1000),
        4 => Table(random),
        _ => Code + (ulong)random.NextInt64((long)RamSize),
    };

    private static ulong Table(Random random) => Tables + ((ulong)random.Next(TablePages) << 12);

    private static ulong Descriptor(Random random) => random.Next(4) switch
    {
        0 => ((ulong)random.NextInt64() << 1) | (uint)random.Next(2),
        1 => Table(random) | 3,
        _ => Code + ((ulong)random.NextInt64((long)RamSize >> 12) << 12) | ((ulong)(uint)random.Next(0x400) << 2) | 0x403 | ((ulong)(uint)random.Next(32) << 50),
    };
}
