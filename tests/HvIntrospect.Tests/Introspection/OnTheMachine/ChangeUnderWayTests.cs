using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Linq;
using System.Runtime.InteropServices;
using System.Threading;
using System.Threading.Tasks;
using HvIntrospect.Interpreter;
using HvIntrospect.Introspection;
using HvIntrospect.Mmio;
using HvIntrospect.Registers;
using HvIntrospect.Translation;
using HvIntrospect.Translation.Stage2;
using HvIntrospect.Watchpoints;
using Xunit;

namespace HvIntrospect.Tests.Introspection.OnTheMachine;

/// <summary>Guests that run while the Stage 2 under their code, data and tables is split, merged and remade: between break and make nothing is an event, and nothing is a device.</summary>
public sealed class ChangeUnderWayTests
{
    private const ulong Code = 0x4000_0000;
    private const ulong Data = 0x4010_0000;
    private const int Vcpus = 3;

    // 1: add x3, x3, #1; str x3, [x1]; ldr x4, [x2]; str x4, [x2, #8]; tlbi vmalle1; dsb sy; isb; b 1b
    private static readonly uint[] s_loop = [0x91000463, 0xF9000023, 0xF9400044, 0xF9000444, 0xD508871F, 0xD5033F9F, 0xD5033FDF, 0x17FFFFF9];

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void WhoMeetsABreakTriesAgain(bool isMarkHidden)
    {
        using var guest = new Guest(isMarkHidden ? static control => new Unmarked(control) : null);
        int breaks = 0;
        guest.Machine.Invalidated = () =>
        {
            // A change of what is denied has windows of its own, which only another thread could see: it waits for them.
            if (guest.Machine.Space.Walk(new Ipa(Code)).IsInTransition)
            {
                breaks++;
                guest.RunAll(exits: 3, instructions: 25);
            }
        };
        for (int i = 0; i < 40; i++)
        {
            guest.Change(i);
            guest.RunAll(exits: 20, instructions: 40);
        }

        // Whoever is not told of the mark sees memory that has gone: what the test would find then.
        Assert.True(isMarkHidden == (guest.Mistakes.Count != 0), string.Join("; ", guest.Mistakes.Take(5)));
        Assert.InRange(guest.Introspector.Statistics.Retries, isMarkHidden ? 0 : breaks, long.MaxValue);
        if (!isMarkHidden)
        {
            Assert.InRange(breaks, 10, int.MaxValue);
            guest.AssertThatEachStoreWasSeenOnce();
        }
    }

    [Fact]
    public async Task ThreadsThatRunWhileAnotherChangesSeeNothingOfIt()
    {
        using var guest = new Guest(null);
        bool isOver = false;
        Task[] threads = [.. Enumerable.Range(0, Vcpus).Select(vcpu => Task.Factory.StartNew(
            () =>
            {
                while (!Volatile.Read(ref isOver))
                {
                    guest.Run(vcpu, exits: 50, instructions: 500);
                }
            },
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default))];
        var clock = Stopwatch.StartNew();
        for (int i = 0; clock.Elapsed < TimeSpan.FromSeconds(1) && guest.Mistakes.Count == 0; i++)
        {
            guest.Change(i);
        }

        Volatile.Write(ref isOver, true);
        await Task.WhenAll(threads).WaitAsync(TimeSpan.FromSeconds(30));
        guest.AssertThatEachStoreWasSeenOnce();
    }

    [Fact]
    public void AChangeThatNeverEndsIsSaidNotWaitedFor()
    {
        using var guest = new Guest(null);
        guest.Machine.Invalidated = static () => throw new InvalidOperationException("The core is broken.");
        Assert.Throws<InvalidOperationException>(() => guest.Change(1));
        guest.Machine.Invalidated = null;
        VcpuAction action = default;
        for (int i = 0; i < 1_000_000 && action.Kind == VcpuActionKind.Resume; i++)
        {
            Vcpu vcpu = guest.Machine.Machine.Vcpus[0];
            action = guest.Introspector.Handle(vcpu, guest.Machine.Machine.Run(vcpu, 10));
        }

        Assert.Equal(StopReason.Inconsistent, action.StopReason);
        Assert.Contains("change of Stage 2", action.Detail, StringComparison.Ordinal);
    }

    /// <summary>A control that does not tell a break from memory that has gone.</summary>
    private sealed class Unmarked : IStage2Control
    {
        private readonly IStage2Control _inner;

        public Unmarked(IStage2Control inner)
        {
            _inner = inner;
        }

        public Stage2AccessSupport Support => _inner.Support;

        public ulong Granule => _inner.Granule;

        public int MaximumRanges => _inner.MaximumRanges;

        public bool TryGetMapping(Ipa address, out Stage2MappingInfo mapping)
        {
            bool isMapped = _inner.TryGetMapping(address, out mapping);
            mapping = mapping.IsInTransition ? new Stage2MappingInfo(mapping.Range, Stage2Access.None) : mapping;
            return isMapped;
        }

        public void Protect(IpaRange range, Stage2Access access) => _inner.Protect(range, access);

        public void Split(IpaRange range) => _inner.Split(range);

        public void SetGuards(IStage2Guards? guards) => _inner.SetGuards(guards);

        public void Coalesce(IpaRange range) => _inner.Coalesce(range);
    }

    /// <summary>vCPUs that each store a rising number to a watched place, with code, data and Stage 1 tables in one block.</summary>
    private sealed class Guest : IDisposable
    {
        private static readonly Stage2Attributes s_other = new(Stage2Access.All, Stage2MemoryType.NormalWriteBack, Shareability.OuterShareable);
        private readonly IpaRange _block;
        private readonly List<ulong>[] _seen = [.. Enumerable.Range(0, Vcpus).Select(static _ => new List<ulong>())];
        private readonly bool _isMarkHidden;

        public Guest(Func<IStage2Control, IStage2Control>? decorate)
        {
            _isMarkHidden = decorate is not null;
            Machine = new LiveMachine(Vcpus, decorate);
            _block = new IpaRange(Machine.Ram.Start, 2 << 20);
            Machine.Memory.Write(new Ipa(Code), MemoryMarshal.AsBytes<uint>(s_loop));
            IdentityStage1.Enable(Machine.Machine);
            foreach (Vcpu vcpu in Machine.Machine.Vcpus)
            {
                ref CoreRegisters core = ref vcpu.ModifyCore();
                core.Pc = new Va(Code);
                core[1] = Data + (8 * (ulong)vcpu.Index);
                core[2] = Data + 0x2000 + (0x1000 * (ulong)vcpu.Index);
            }

            Introspector = new Introspector(Machine, new IntrospectorOptions
            {
                UnownedAccess = UnownedAccessPolicy.Handler,
                UnownedAccessHandler = (in UnownedAccess _) =>
                {
                    Note("no memory");
                    return UnownedAccessResponse.Complete();
                },
            });
            Introspector.AddWatch(new IpaRange(new Ipa(Data), 8 * Vcpus), WatchKinds.Write, (in WatchEvent e) =>
            {
                _seen[e.Vcpu.Index].Add(BitConverter.ToUInt64(e.NewValue));
                return WatchResponse.Continue;
            });
        }

        public LiveMachine Machine { get; }

        public Introspector Introspector { get; }

        public List<string> Mistakes { get; } = [];

        /// <summary>Changes how the block is mapped, each time by a break.</summary>
        public void Change(int number)
        {
            switch (number % 4)
            {
                case 0:
                    Machine.Space.Split(_block);
                    break;
                case 1:
                    Machine.Space.SetAttributes(_block, s_other);
                    break;
                case 2:
                    Machine.Space.Coalesce(_block);
                    break;
                default:
                    Machine.Space.SetAttributes(_block, Stage2Attributes.Ram);
                    break;
            }
        }

        public void RunAll(int exits, ulong instructions)
        {
            for (int vcpu = 0; vcpu < Vcpus; vcpu++)
            {
                Run(vcpu, exits, instructions);
            }
        }

        public void Run(int index, int exits, ulong instructions)
        {
            Vcpu vcpu = Machine.Machine.Vcpus[index];
            for (int i = 0; i < exits && (Mistakes.Count == 0 || !_isMarkHidden); i++)
            {
                VcpuExit exit = Machine.Machine.Run(vcpu, instructions);
                if (exit.Kind == VcpuExitKind.Canceled)
                {
                    return;
                }

                long injected = Introspector.Statistics.Injected;
                VcpuAction action = Introspector.Handle(vcpu, exit);
                if (action.Kind != VcpuActionKind.Resume || Introspector.Statistics.Injected != injected)
                {
                    Note($"{action} for {exit}");
                }
            }
        }

        public void AssertThatEachStoreWasSeenOnce()
        {
            Assert.Empty(Mistakes);
            for (int vcpu = 0; vcpu < Vcpus; vcpu++)
            {
                Assert.Equal(Enumerable.Range(1, _seen[vcpu].Count).Select(static number => (ulong)number), _seen[vcpu]);
                Assert.InRange(_seen[vcpu].Count, 1, int.MaxValue);

                // The last addition may stand before its store.
                ulong added = Machine.Machine.Vcpus[vcpu].Core[3];
                Assert.InRange(added - (ulong)_seen[vcpu].Count, 0UL, 1UL);
            }
        }

        public void Dispose()
        {
            Introspector.Dispose();
            Machine.Dispose();
        }

        private void Note(string mistake)
        {
            lock (Mistakes)
            {
                Mistakes.Add(mistake);
            }
        }
    }
}
