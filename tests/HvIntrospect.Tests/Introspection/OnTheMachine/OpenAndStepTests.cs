using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Linq;
using System.Runtime.InteropServices;
using System.Threading;
using System.Threading.Tasks;
using HvIntrospect.Interpreter;
using HvIntrospect.Introspection;
using HvIntrospect.Registers;
using HvIntrospect.Shapes;
using HvIntrospect.Tests.Introspection.Fakes;
using HvIntrospect.Tests.Support;
using HvIntrospect.Watchpoints;
using Xunit;

namespace HvIntrospect.Tests.Introspection.OnTheMachine;

/// <summary>Accesses that the library does not perform: the page is opened, the machine steps the vCPU, the page is closed.</summary>
public sealed class OpenAndStepTests
{
    private const ulong Code = 0x4000_0000;
    private const ulong OtherCode = 0x4000_1000;
    private const ulong Vectors = 0x4000_2000;
    private const ulong InterruptVector = Vectors + 0x280;
    private const ulong Flag = 0x4018_0000;

    // One table maps everything: a block of 1 GiB, normal memory. Behind the descriptors the page holds what the other vCPU counts.
    private const ulong Table = 0x4011_0000;
    private const ulong Descriptor = Table + 8;
    private const ulong Block = 0x4000_0701;
    private const ulong Counter = Table + 0x800;
    private const ulong Tcr = 32 | (1UL << 8) | (1UL << 10) | (3UL << 12) | (1UL << 23);
    private const ulong Sctlr = 0x30C5_1825;

    private const uint Add = 0x91000463; // add x3, x3, #1
    private const uint Hvc = 0xD4000002;

    // tlbi vmalle1; dsb sy; isb; add x3, x3, #1; ldr x4, [x7]; cbz x4, back; hvc #0
    private static readonly uint[] s_walking = [0xD508871F, 0xD5033F9F, 0xD5033FDF, Add, 0xF94000E4, 0xB4FFFF64, Hvc];

    // add x3, x3, #1; str x3, [x1]; ldr x4, [x7]; cbz x4, back; hvc #0
    private static readonly uint[] s_counting = [0x91000463, 0xF9000023, 0xF94000E4, 0xB4FFFFA4, Hvc];

    private readonly List<WatchRecord> _events = [];

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void AWalkThroughAWatchedTableIsStepped(bool useInlineFilter)
    {
        using Machine machine = Make(s_walking);
        Vcpu vcpu = machine.Vcpus[0];
        using var introspector = new Introspector(machine, Options(useInlineFilter));
        using Watch watch = introspector.AddWatch(new IpaRange(new Ipa(Table), 16), WatchKinds.ReadWrite, Record);
        Write(machine, Flag, 1);
        RunToCall(introspector, vcpu);

        // The fetch of the first instruction walks, and that of the one behind the invalidation. Where Stage 2 is changed to close the page, its own
        // invalidation makes further fetches walk.
        Assert.InRange(introspector.Statistics.Stepped, 2, useInlineFilter ? 2 : s_walking.Length);
        Assert.Equal(introspector.Statistics.Stepped, _events.Count);
        Assert.All(_events, seen => Assert.Equal((Descriptor, 8, true), (seen.Ipa.Value, seen.Size, seen.IsExact)));
        Assert.Equal(1UL, vcpu.Core[3]);

        // The watch is as it was before.
        int before = _events.Count;
        vcpu.ModifyCore().Pc = new Va(Code);
        RunToCall(introspector, vcpu);
        Assert.InRange(_events.Count, before + 1, 2 * before);
    }

    [Fact]
    public void APendingInterruptWaitsForTheStep()
    {
        using Machine machine = Make([Add, Hvc]);
        Vcpu vcpu = machine.Vcpus[0];
        machine.Memory.Write(new Ipa(InterruptVector), MemoryMarshal.AsBytes<uint>([0x14000000])); // b .
        vcpu.ModifyCore().Pstate = new Spsr(Spsr.El1hMasked.Value & ~0x3C0UL);
        vcpu.ModifyException().VbarEl1 = Vectors;
        using var introspector = new Introspector(machine, Options(useInlineFilter: true));
        using Watch watch = introspector.AddWatch(new IpaRange(new Ipa(Table), 16), WatchKinds.Read, Record);
        VcpuExit exit = machine.Run(vcpu);
        vcpu.SetInterruptLine(InterruptLine.VirtualIrq, true);
        Assert.Equal(VcpuActionKind.Resume, introspector.Handle(vcpu, exit).Kind);
        exit = machine.Run(vcpu);
        Assert.Equal(ExceptionClass.SoftwareStepLowerEl, exit.Esr.Class);
        Assert.Equal(VcpuActionKind.Resume, introspector.Handle(vcpu, exit).Kind);
        Assert.Equal(1UL, vcpu.Core[3]);
        Assert.Equal(VcpuExitKind.Canceled, machine.Run(vcpu, 3).Kind);
        Assert.Equal(InterruptVector, vcpu.Core.Pc.Value);
        Assert.Equal(Code + 4, vcpu.Exception.ElrEl1);
        Assert.Single(_events);
        Assert.Equal(1, introspector.Statistics.Stepped);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task NoOtherVcpuSlipsPastTheWatchWhileItsPageIsOpen(bool useInlineFilter)
    {
        using Machine machine = Make(s_walking, s_counting);
        using var introspector = new Introspector(machine, Options(useInlineFilter));
        ulong last = 0;
        long wrong = 0;
        using Watch watch = introspector.AddWatch(new IpaRange(new Ipa(Table), 4096), WatchKinds.ReadWrite, (in WatchEvent e) =>
        {
            if (e.Vcpu.Index == 1)
            {
                ulong value = BitConverter.ToUInt64(e.NewValue);
                wrong += value == last + 1 ? 0 : 1;
                last = value;
            }

            return WatchResponse.Continue;
        });
        Task[] guests = [.. machine.Vcpus.Select(vcpu => Task.Factory.StartNew(
            () => RunToCall(introspector, vcpu), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default))];
        var clock = Stopwatch.StartNew();
        while (clock.Elapsed < TimeSpan.FromSeconds(0.7) || (introspector.Statistics.Stepped < 50 && clock.Elapsed < TimeSpan.FromSeconds(20)))
        {
            await Task.Delay(10);
        }

        Write(machine, Flag, 1);
        await Task.WhenAll(guests).WaitAsync(TimeSpan.FromSeconds(30));
        Assert.InRange(introspector.Statistics.Stepped, 50, long.MaxValue);
        Assert.Equal(0, wrong);
        Assert.Equal(machine.Vcpus[1].Core[3], last);
        Assert.Equal(last, Read(machine, Counter));
    }

    [Fact]
    public void OneThreadThatRunsAllVcpusIsNotStuck()
    {
        using Machine machine = Make(s_walking, s_counting);
        using var introspector = new Introspector(machine, Options(useInlineFilter: true));
        using Watch watch = introspector.AddWatch(new IpaRange(new Ipa(Table), 16), WatchKinds.ReadWrite, Record);
        Vcpu one = machine.Vcpus[0];
        Vcpu other = machine.Vcpus[1];
        Assert.Equal(VcpuActionKind.Resume, introspector.Handle(one, machine.Run(one)).Kind);

        // The first one must step before the other one goes on.
        Assert.Equal(VcpuExitKind.Canceled, machine.Run(other).Kind);
        Assert.Equal(0UL, other.RetiredInstructions);
        Assert.Equal(VcpuActionKind.Resume, introspector.Handle(one, machine.Run(one)).Kind);
        Assert.Equal(1, introspector.Statistics.Stepped);
        machine.Run(other, 8);
        Assert.Equal(8UL, other.RetiredInstructions);
    }

    [Fact]
    public void AnIntrospectorThatEndsInTheMiddleOfAStepLetsTheOthersGo()
    {
        using Machine machine = Make(s_walking, s_counting);
        var introspector = new Introspector(machine, Options(useInlineFilter: true));
        introspector.AddWatch(new IpaRange(new Ipa(Table), 16), WatchKinds.ReadWrite, Record);
        introspector.Handle(machine.Vcpus[0], machine.Run(machine.Vcpus[0]));
        introspector.Dispose();
        machine.Run(machine.Vcpus[1], 8);
        Assert.Equal(8UL, machine.Vcpus[1].RetiredInstructions);
        Assert.Equal(VcpuExitKind.Canceled, machine.Run(machine.Vcpus[0], 8).Kind);
        Assert.True(machine.Stage2.TryGetMapping(new Ipa(Table), out Stage2MappingInfo mapping));
        Assert.Equal(Stage2Access.All, mapping.Access);
    }

    [Fact]
    public void SeveralVcpusThatCannotBePausedAreRefused()
    {
        var machine = new FakeMachine(2);
        foreach (FakeVcpu vcpu in machine.Vcpus)
        {
            vcpu.Capabilities.Add(new FakeStepper());
        }

        Assert.Contains(
            nameof(IPauseAll), Assert.Throws<NotSupportedException>(() => machine.Introspect(Options(useInlineFilter: true))).Message, StringComparison.Ordinal);
    }

    /// <summary>The counterpart of Xen, which offers no step. KVM offers one but reports no walks.</summary>
    [Fact]
    public void AnInterfaceThatOffersAStepIsStepped()
    {
        using Machine machine = Make([Add, Hvc]);
        var shape = new HvfShape(machine, (vcpu, maxInstructions) => machine.Run((Vcpu)vcpu, maxInstructions));
        using var introspector = new Introspector(shape, Options(useInlineFilter: true));
        using Watch watch = introspector.AddWatch(new IpaRange(new Ipa(Table), 16), WatchKinds.Read, Record);
        VcpuAction action = VcpuAction.Resume;
        for (int exits = 0; exits < 2; exits++)
        {
            action = introspector.Handle(shape.Vcpus[0], shape.Run(shape.Vcpus[0], action));
            Assert.Equal(VcpuActionKind.Resume, action.Kind);
        }

        Assert.Equal(1, introspector.Statistics.Stepped);
        Assert.True(Assert.Single(_events).IsExact);
        Assert.Equal(1UL, machine.Vcpus[0].Core[3]);
    }

    private static IntrospectorOptions Options(bool useInlineFilter) =>
        new() { UseInlineFilter = useInlineFilter, UnsupportedAccess = UnsupportedAccessPolicy.OpenAndStep };

    private static void RunToCall(Introspector introspector, Vcpu vcpu)
    {
        VcpuAction action = introspector.Run(vcpu, (IVcpu _, in VcpuAction _) => vcpu.Machine.Run(vcpu), out VcpuExit exit);
        Assert.True(exit.Kind == VcpuExitKind.Exception && exit.Esr.Class == ExceptionClass.Hvc64, $"{action} for {exit}");
    }

    private static Machine Make(params uint[][] programs)
    {
        var machine = CheckedMachine.Make(new MachineOptions { VcpuCount = programs.Length });
        for (int i = 0; i < programs.Length; i++)
        {
            ulong code = i == 0 ? Code : OtherCode;
            machine.Memory.Write(new Ipa(code), MemoryMarshal.AsBytes<uint>(programs[i]));
            ref CoreRegisters core = ref machine.Vcpus[i].ModifyCore();
            core.Pc = new Va(code);
            core[1] = Counter;
            core[7] = Flag;
        }

        // The first one has its MMU on, the other one off.
        Write(machine, Descriptor, Block);
        ref TranslationRegisters translation = ref machine.Vcpus[0].ModifyTranslation();
        translation.Ttbr0El1 = Table;
        translation.TcrEl1 = Tcr;
        translation.MairEl1 = 0xFF;
        translation.SctlrEl1 = Sctlr;
        return machine;
    }

    private static void Write(Machine machine, ulong address, ulong value) =>
        Assert.Equal(sizeof(ulong), machine.Memory.Write(new Ipa(address), BitConverter.GetBytes(value)));

    private static ulong Read(Machine machine, ulong address)
    {
        Span<byte> bytes = stackalloc byte[sizeof(ulong)];
        Assert.Equal(bytes.Length, machine.Memory.Read(new Ipa(address), bytes));
        return BitConverter.ToUInt64(bytes);
    }

    private WatchResponse Record(in WatchEvent e)
    {
        _events.Add(e.ToRecord());
        return WatchResponse.Continue;
    }
}
