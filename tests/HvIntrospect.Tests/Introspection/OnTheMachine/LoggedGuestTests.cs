using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Linq;
using System.Numerics;
using System.Runtime.InteropServices;
using System.Threading;
using System.Threading.Tasks;
using HvIntrospect.Interpreter;
using HvIntrospect.Introspection;
using HvIntrospect.Watchpoints;
using Xunit;

namespace HvIntrospect.Tests.Introspection.OnTheMachine;

/// <summary>Guests whose writes are logged, some of them on watched pages.</summary>
public sealed class LoggedGuestTests
{
    private const ulong Code = 0x4000_0000;
    private const ulong Data = 0x4020_0000;
    private const ulong Page = 0x1000;
    private const int Pages = 64;
    private const int WatchedPage = 5;
    private const int Vcpus = 3;

    // 1: add x3, x3, #1; and x5, x3, #63; add x6, x1, x5, lsl #12; str x3, [x6]; b 1b
    private static readonly uint[] s_loop = [0x91000463, 0x92401465, 0x8B053026, 0xF90000C3, 0x17FFFFFC];

    private static readonly IpaRange s_data = new(new Ipa(Data), Pages * Page);

    /// <summary>Gets the machine whose accesses are decided inline, the same by exits, one whose vCPUs nobody pauses, and one with hardware that notes writes.</summary>
    public static TheoryData<string> Backends => ["inline", "exits", "live", "hardware"];

    [Theory]
    [MemberData(nameof(Backends))]
    public void EveryWriterIsLoggedAndNobodyElse(string backend)
    {
        using var guest = new Guest(backend, 1);
        IDirtyLog log = guest.Introspector.DirtyLog;
        guest.Run(0, 5 * 3);
        log.Start();
        Assert.Empty(guest.Collect());

        // Stores to pages 4, 5 and 6, of which one is watched.
        guest.Run(0, 5 * 3);
        Assert.Equal([4, 5, 6], guest.Collect());
        Assert.Empty(guest.Collect());
        Assert.Equal([5UL], guest.Seen[0]);
        Assert.Equal(1, guest.Introspector.Statistics.Emulated);
        Assert.Equal(backend == "hardware" ? 0 : 2, guest.Introspector.Statistics.Retries);

        guest.Run(0, 5);
        guest.Backend.Memory.Write(new Ipa(Data + (20 * Page) - 1), [1, 2]);
        guest.Backend.Memory.TryCompareExchange(new Ipa(Data + (30 * Page)), [0], [1], new byte[1]);
        guest.Backend.Memory.TryCompareExchange(new Ipa(Data + (31 * Page)), [7], [1], new byte[1]);
        guest.Backend.Memory.Read(new Ipa(Data + (32 * Page)), new byte[8]);
        Assert.Equal([7, 19, 20, 30], guest.Collect());
        log.Stop();
        Assert.Throws<InvalidOperationException>(() => guest.Collect());
        guest.Run(0, 5 * 64);
        Assert.Equal([5UL, 69], guest.Seen[0]);
    }

    [Theory]
    [MemberData(nameof(Backends))]
    public async Task ACopyByTheLogEqualsTheMemory(string backend)
    {
        using var guest = new Guest(backend, Vcpus);
        IDirtyLog log = guest.Introspector.DirtyLog;
        byte[] copy = new byte[Pages * Page];
        log.Start();
        guest.Backend.Memory.Read(new Ipa(Data), copy);
        bool isOver = false;
        Task[] writers = [.. Enumerable.Range(0, Vcpus + 1).Select(writer => Task.Factory.StartNew(
            () =>
            {
                var random = new Random(writer);
                while (!Volatile.Read(ref isOver))
                {
                    if (writer < Vcpus)
                    {
                        guest.Run(writer, (ulong)random.Next(1, 400));
                    }
                    else
                    {
                        guest.Backend.Memory.Write(new Ipa(Data + (ulong)random.Next((int)(Pages * Page) - 8)), BitConverter.GetBytes(random.NextInt64()));
                    }
                }
            },
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default))];
        var clock = Stopwatch.StartNew();
        int collected = 0;
        while (clock.Elapsed < TimeSpan.FromSeconds(0.7))
        {
            collected += guest.CopyDirty(copy);
        }

        Volatile.Write(ref isOver, true);
        await Task.WhenAll(writers).WaitAsync(TimeSpan.FromSeconds(30));
        guest.CopyDirty(copy);
        byte[] memory = new byte[copy.Length];
        guest.Backend.Memory.Read(new Ipa(Data), memory);
        Assert.Equal(memory, copy);
        Assert.InRange(collected, 10, int.MaxValue);
        for (int vcpu = 0; vcpu < Vcpus; vcpu++)
        {
            // Each vCPU stores to the watched page every 64 turns, and its watch sees it every time.
            Assert.Equal(Enumerable.Range(0, guest.Seen[vcpu].Count).Select(static turn => (ulong)((turn * Pages) + WatchedPage)), guest.Seen[vcpu]);
        }

        guest.Introspector.Dispose();
        Assert.True(guest.Backend.TryGetCapability(out IStage2Control? control));
        Assert.True(control.TryGetMapping(new Ipa(Data), out Stage2MappingInfo mapping));
        Assert.Equal((Stage2Access.All, 2UL << 20), (mapping.Access, mapping.Range.Length));
    }

    private sealed class Guest : IDisposable
    {
        private readonly LiveMachine? _live;
        private readonly Machine _machine;

        public Guest(string backend, int vcpus)
        {
            _live = backend is "live" or "hardware" ? new LiveMachine(vcpus, hasHardwareDirtyState: backend == "hardware") : null;
            _machine = _live?.Machine ?? new Machine(new MachineOptions { VcpuCount = vcpus });
            Backend.Memory.Write(new Ipa(Code), MemoryMarshal.AsBytes<uint>(s_loop));
            foreach (Vcpu vcpu in _machine.Vcpus)
            {
                vcpu.ModifyCore().Pc = new Va(Code);
                vcpu.ModifyCore()[1] = Data + (8 * (ulong)vcpu.Index);
            }

            Seen = [.. Enumerable.Range(0, vcpus).Select(static _ => new List<ulong>())];
            Introspector = new Introspector(Backend, new IntrospectorOptions { UseInlineFilter = backend == "inline" });
            Introspector.AddWatch(new IpaRange(new Ipa(Data + (WatchedPage * Page)), 8 * (ulong)vcpus), WatchKinds.Write, (in WatchEvent e) =>
            {
                Seen[e.Vcpu.Index].Add(BitConverter.ToUInt64(e.NewValue));
                return WatchResponse.Continue;
            });
        }

        public IVirtualMachine Backend => (IVirtualMachine?)_live ?? _machine;

        public Introspector Introspector { get; }

        public List<ulong>[] Seen { get; }

        /// <summary>Runs so many instructions, those that the library performs included.</summary>
        public void Run(int index, ulong instructions)
        {
            Vcpu vcpu = _machine.Vcpus[index];
            ulong end = vcpu.RetiredInstructions + instructions;
            while (vcpu.RetiredInstructions < end)
            {
                VcpuExit exit = _machine.Run(vcpu, end - vcpu.RetiredInstructions);
                if (exit.Kind != VcpuExitKind.Canceled)
                {
                    Assert.Equal(VcpuActionKind.Resume, Introspector.Handle(vcpu, exit).Kind);
                }
            }
        }

        public List<int> Collect()
        {
            ulong[] bitmap = [0];
            int count = Introspector.DirtyLog.Collect(s_data, bitmap);
            var pages = new List<int>();
            for (ulong left = bitmap[0]; left != 0; left &= left - 1)
            {
                pages.Add(BitOperations.TrailingZeroCount(left));
            }

            Assert.Equal(count, pages.Count);
            return pages;
        }

        public int CopyDirty(byte[] copy)
        {
            List<int> dirty = Collect();
            foreach (int page in dirty)
            {
                Backend.Memory.Read(new Ipa(Data + ((ulong)page * Page)), copy.AsSpan(page * (int)Page, (int)Page));
            }

            return dirty.Count;
        }

        public void Dispose()
        {
            Introspector.Dispose();
            _live?.Dispose();
            _machine.Dispose();
        }
    }
}
