using System;
using System.Collections.Generic;
using System.Linq;
using System.Runtime.InteropServices;
using HvIntrospect.Interpreter;
using HvIntrospect.Introspection;
using HvIntrospect.Registers;
using HvIntrospect.Shapes;
using HvIntrospect.Tests.Support;
using HvIntrospect.Watchpoints;
using Xunit;

namespace HvIntrospect.Tests.Introspection.OnTheMachine;

/// <summary>Four vCPUs that count in one place of a watched page, each of which is interrupted anywhere: no count is lost, and they come to an end.</summary>
public sealed class ContentionTests
{
    private const ulong Code = 0x4000_0000;
    private const ulong Counter = 0x4010_0000;
    private const int Vcpus = 4;
    private const ulong PsciSystemOff = 0x8400_0008;
    private const uint Hvc = 0xD4000002;
    private const uint Subs = 0xF1000529; // subs x9, x9, #1

    private static readonly bool s_isLong = Environment.GetEnvironmentVariable("HVINTROSPECT_LONG") == "1";
    private static readonly ulong s_turns = s_isLong ? 500UL : 25UL;

    public static TheoryData<string> Backends => ["inline", "exits", "KVM", "HVF", "Xen"];

    /// <summary>Gets the backends with watches of writes alone, where loads are native, and with those of reads, too, where they trap and no core's monitor outlives them.</summary>
    public static TheoryData<string, bool> BackendsAndKinds => new() { { "exits", false }, { "KVM", true }, { "HVF", true }, { "HVF", false }, { "Xen", true }, { "Xen", false } };

    /// <summary>1: ldxr x2, [x1]; add x4, x2, #1; stxr w3, x4, [x1]; cbnz w3, 1b; turn.</summary>
    [Theory]
    [MemberData(nameof(Backends))]
    public void ExclusivesOfEverySize(string backend)
    {
        for (int size = 0; size < 4; size++)
        {
            uint load = 0x085F7C22 | ((uint)size << 30);
            uint store = 0x08037C24 | ((uint)size << 30);
            foreach (uint ordered in (uint[])[0, 0x8000])
            {
                Count(backend, isExclusive: true, 8 << size, Turns(load | ordered, 0x91000444, store | ordered, Branch(0x3500_0003, -3)));
            }
        }
    }

    /// <summary>1: ldxp x2, x5, [x1]; add x4, x2, #1; add x6, x5, #3; stxp w3, x4, x6, [x1]; cbnz w3, 1b; turn.</summary>
    [Theory]
    [MemberData(nameof(Backends))]
    public void ExclusivePairs(string backend)
    {
        for (uint wide = 0; wide < 2; wide++)
        {
            Count(
                backend, isExclusive: true, wide == 0 ? 32 : 64, Turns(0x887F1422 | (wide << 30), 0x91000444, 0x91000CA6, 0x88231824 | (wide << 30), Branch(0x3500_0003, -4)), second: 3);
        }
    }

    /// <summary>ldadd x2, x4, [x1]; turn.</summary>
    [Theory]
    [MemberData(nameof(Backends))]
    public void AtomicsOfEverySize(string backend)
    {
        for (int size = 0; size < 4; size++)
        {
            Count(backend, isExclusive: false, 8 << size, Turns(0x38220024 | ((uint)size << 30)));
        }
    }

    /// <summary>1: ldr x4, [x1]; mov x5, x4; add x6, x4, #1; cas x5, x6, [x1]; sub x7, x5, x4; cbnz x7, 1b; turn.</summary>
    [Theory]
    [MemberData(nameof(Backends))]
    public void CompareAndSwapOfEverySize(string backend)
    {
        for (int size = 0; size < 4; size++)
        {
            Count(backend, isExclusive: false, 8 << size, Turns(
                0x39400024 | ((uint)size << 30), 0xAA0403E5, 0x91000486, 0x08A57C26 | ((uint)size << 30), 0xCB0400A7, Branch(0xB500_0007, -5)));
        }
    }

    /// <summary>1: ldp x4, x5, [x1]; mov x10, x4; mov x11, x5; add x6, x4, #1; add x7, x5, #3; casp x10, x11, x6, x7, [x1]; cbnz (x10 ^ x4), 1b; cbnz (x11 ^ x5), 1b; turn.</summary>
    [Theory]
    [MemberData(nameof(Backends))]
    public void CompareAndSwapPairs(string backend)
    {
        for (uint wide = 0; wide < 2; wide++)
        {
            Count(
                backend, isExclusive: false, wide == 0 ? 32 : 64,
                Turns(
                    wide == 0 ? 0x29401424u : 0xA9401424u, 0xAA0403EA, 0xAA0503EB, 0x91000486, 0x91000CA7, 0x082A7C26 | (wide << 30),
                    0xCA04014C, Branch(0xB500_000C, -7), 0xCA05016C, Branch(0xB500_000C, -9)),
                second: 3);
        }
    }

    /// <summary>
    /// A ticket lock as kernels had it, the next ticket in the upper half and the owner in the lower one. 1: ldaxr w2, [x1]; add w4, w2, #0x10, lsl #12;
    /// stxr w3, w4, [x1]; cbnz w3, 1b; lsr w5, w2, #16; 2: ldarh w6, [x1]; cmp w6, w5; b.ne 2b; ldr x7, [x8]; add x7, x7, #1; str x7, [x8]; add w6, w6, #1;
    /// stlrh w6, [x1]; turn.
    /// </summary>
    private static uint[] TicketLock => Turns(
        0x885FFC22, 0x11404044, 0x88037C24, Branch(0x3500_0003, -3), 0x53107C45,
        0x48DFFC26, 0x6B0500DF, Branch(0x5400_0001, -2),
        0xF9400107, 0x910004E7, 0xF9000107, 0x110004C6, 0x489FFC26);

    [Theory]
    [MemberData(nameof(BackendsAndKinds))]
    public void ATicketLockGuardsACounter(string backend, bool watchesWrites)
    {
        using var guest = new Contenders(backend, TicketLock, watchesWrites, seed: 1);
        Assert.Null(guest.RunToEnd());
        ulong turns = Vcpus * s_turns;
        Assert.Equal((turns << 16) | turns, guest.Read(Counter, 4));
        Assert.Equal(turns, guest.Read(Counter + 8, 8));
        Assert.Equal(Enumerable.Range(1, (int)turns).Select(static n => (ulong)n), guest.WritesTo(Counter + 8, 8));
    }

    /// <summary>All instructions of all vCPUs come to the library, which must neither break their monitors nor let one run past while another is stepped.</summary>
    [Theory]
    [InlineData("inline")]
    [InlineData("exits")]
    public void ATicketLockWorksWhileItsCodeIsWatched(string backend)
    {
        const int Unlocks = 12;
        using var guest = new Contenders(backend, TicketLock, watchesWrites: true, seed: 2);
        int[] unlocks = guest.CountExecutions(Code + (4 * Unlocks));
        int[] calls = guest.CountExecutions(Code + (4 * ((ulong)TicketLock.Length - 1)));
        Assert.Null(guest.RunToEnd());
        Assert.Equal(Vcpus * s_turns, guest.Read(Counter + 8, 8));
        Assert.All(unlocks, static count => Assert.Equal((int)s_turns, count));
        Assert.All(calls, static count => Assert.Equal(1, count));
    }

    private static void Count(string backend, bool isExclusive, int bits, uint[] words, ulong second = 0)
    {
        // Watches of writes alone leave loads native, where the shapes, which offer no monitor, have one; watches of reads trap both.
        bool[] kinds = isExclusive && backend is "HVF" or "Xen" ? [true, false] : [isExclusive];
        int runs = s_isLong ? 20 : 1;
        foreach (bool watchesWrites in kinds)
        {
            for (int seed = 0; seed < runs; seed++)
            {
                using var guest = new Contenders(backend, words, watchesWrites, seed);
                Check(guest, backend, bits, second);
            }
        }
    }

    private static void Check(Contenders guest, string backend, int bits, ulong second)
    {
        string? refusal = guest.RunToEnd();
        if (second != 0 && bits == 64 && backend is not ("inline" or "exits"))
        {
            // 16 bytes at once need an exchange of the backend, or that it stops the other vCPUs.
            Assert.Equal("atomic exchange", refusal);
            return;
        }

        Assert.Null(refusal);
        ulong mask = ulong.MaxValue >> (64 - bits);
        ulong turns = Vcpus * s_turns;
        Assert.Equal(turns & mask, guest.Read(Counter, bits / 8));
        Assert.Equal(Enumerable.Range(1, (int)turns).Select(n => (ulong)n & mask), guest.WritesTo(Counter, bits / 8));
        if (second != 0)
        {
            Assert.Equal(second * turns, guest.Read(Counter + (ulong)(bits / 8), bits / 8));
            Assert.Equal(Enumerable.Range(1, (int)turns).Select(n => second * (ulong)n), guest.WritesTo(Counter + (ulong)(bits / 8), bits / 8));
            Assert.Equal((int)turns, guest.WriteCount);
        }
    }

    /// <summary>A body as often as x9 says.</summary>
    private static uint[] Turns(params uint[] body) => [.. body, Subs, Branch(0x5400_0001, -(body.Length + 1)), Hvc];

    private static uint Branch(uint word, int distance) => word | (((uint)distance & 0x7_FFFF) << 5);

    /// <summary>The machine with its vCPUs, run in slices of a few instructions in an order that a seed makes.</summary>
    private sealed class Contenders : IDisposable
    {
        private readonly Machine _machine;
        private readonly BackendShape? _shape;
        private readonly Introspector _introspector;
        private readonly Random _random;
        private readonly List<(ulong Address, byte[] Value)> _writes = [];

        public Contenders(string backend, uint[] words, bool watchesWrites, int seed)
        {
            _random = new Random(seed);
            _machine = CheckedMachine.Make(new MachineOptions { VcpuCount = Vcpus, Features = A64Features.LSE });
            _machine.Memory.Write(new Ipa(Code), MemoryMarshal.AsBytes<uint>(words));
            IdentityStage1.Enable(_machine);
            foreach (Vcpu vcpu in _machine.Vcpus)
            {
                ref CoreRegisters core = ref vcpu.ModifyCore();
                core.Pc = new Va(Code);
                core[1] = Counter;
                core[2] = 1;
                core[8] = Counter + 8;
                core[9] = s_turns;
                core[0] = PsciSystemOff;
            }

            _shape = backend switch
            {
                "KVM" => new KvmShape(_machine, Run),
                "HVF" => new HvfShape(_machine, Run),
                "Xen" => new XenShape(_machine, Run),
                _ => null,
            };
            _introspector = new Introspector((IVirtualMachine?)_shape ?? _machine, new IntrospectorOptions { UseInlineFilter = backend == "inline" });
            WatchKinds kinds = backend == "KVM" || (_shape is not null && watchesWrites) ? WatchKinds.Write : WatchKinds.ReadWrite;
            _introspector.AddWatch(new IpaRange(new Ipa(Counter), 16), kinds, (in WatchEvent e) =>
            {
                if ((e.Kind & WatchKinds.Write) != 0)
                {
                    _writes.Add((e.Ipa.Value, e.NewValue.ToArray()));
                }

                return WatchResponse.Continue;
            });
        }

        /// <summary>Counts how often each vCPU executes an instruction.</summary>
        public int[] CountExecutions(ulong address)
        {
            int[] counts = new int[Vcpus];
            _introspector.AddWatch(new IpaRange(new Ipa(address), 4), WatchKinds.Execute, (in WatchEvent e) =>
            {
                counts[e.Vcpu.Index]++;
                return WatchResponse.Continue;
            });
            return counts;
        }

        /// <summary>Gets what was written to an address, in order, by whatever else it was written with.</summary>
        public IEnumerable<ulong> WritesTo(ulong address, int size) => _writes
            .Where(write => write.Address <= address && address - write.Address + (ulong)size <= (ulong)write.Value.Length)
            .Select(write => Number(write.Value.AsSpan((int)(address - write.Address), size)));

        /// <summary>Gets the number of writes.</summary>
        public int WriteCount => _writes.Count;

        public ulong Read(ulong address, int size)
        {
            byte[] bytes = new byte[size];
            _machine.Memory.Read(new Ipa(address), bytes);
            return Number(bytes);
        }

        /// <summary>Runs all vCPUs to their end.</summary>
        /// <returns>What the library names when it refuses to go on; otherwise null.</returns>
        public string? RunToEnd()
        {
            List<int> running = [.. Enumerable.Range(0, Vcpus)];
            var actions = new VcpuAction[Vcpus];
            int? stepping = null;
            for (int slices = 0; running.Count != 0; slices++)
            {
                Assert.True((ulong)slices < 4000 * s_turns, "The guest does not end.");
                int index = stepping ?? running[_random.Next(running.Count)];
                VcpuExit exit = RunSlice(index, actions[index], (ulong)_random.Next(1, 30));
                actions[index] = default;
                if (exit.Kind == VcpuExitKind.Canceled)
                {
                    continue;
                }

                Va pc = _machine.Vcpus[index].Core.Pc;
                bool isEnd = exit.Esr.Class == ExceptionClass.Hvc64 || exit.Kind is VcpuExitKind.SystemEvent;
                actions[index] = _introspector.Handle(_shape?.Vcpus[index] ?? _machine.Vcpus[index], exit);
                if (actions[index].StopReason == StopReason.Unsupported)
                {
                    return actions[index].Detail;
                }

                Assert.True(isEnd || actions[index].Kind is VcpuActionKind.Resume or VcpuActionKind.CompleteMmio, $"{actions[index]} {actions[index].Detail} for {exit}");

                // While one vCPU is stepped the library has stopped the others: it must come to the end of its step first.
                stepping = _shape is null && !isEnd && _machine.Vcpus[index].Core.Pc == pc && exit.Esr.Class == ExceptionClass.InstructionAbortLowerEl ? index : null;
                if (isEnd)
                {
                    running.Remove(index);
                }
            }

            return null;
        }

        public void Dispose()
        {
            _introspector.Dispose();
            _machine.Dispose();
        }

        private static ulong Number(ReadOnlySpan<byte> bytes)
        {
            Span<byte> eight = stackalloc byte[8];
            eight.Clear();
            bytes.CopyTo(eight);
            return BitConverter.ToUInt64(eight);
        }

        private VcpuExit RunSlice(int index, in VcpuAction action, ulong instructions) =>
            _shape?.Run(_shape.Vcpus[index], action, instructions) ?? _machine.Run(_machine.Vcpus[index], instructions);

        private VcpuExit Run(IVcpu vcpu, ulong maxInstructions) => _machine.Run((Vcpu)vcpu, maxInstructions);
    }
}
