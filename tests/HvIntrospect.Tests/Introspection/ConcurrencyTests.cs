using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using HvIntrospect.Introspection;
using HvIntrospect.Tests.Introspection.Fakes;
using HvIntrospect.Watchpoints;
using Xunit;

namespace HvIntrospect.Tests.Introspection;

/// <summary>Several vCPUs at one time, each on its own thread.</summary>
public sealed class ConcurrencyTests
{
    private const ulong Page = FakeMachine.Ram + 0x4000;
    private const uint StrX2 = 0xF9000022; // str x2, [x1]
    private const int Vcpus = 4;
    private const int Stores = 300;

    [Fact]
    public async Task OldAndNewValuesOfRacingStoresChain()
    {
        var machine = new FakeMachine(Vcpus);
        using Introspector introspector = machine.Introspect();
        var events = new ConcurrentBag<(long Sequence, ulong Old, ulong New)>();
        introspector.AddWatch(new IpaRange(new Ipa(Page), 1), WatchKinds.Write, (in WatchEvent e) =>
        {
            events.Add((e.Sequence, System.BitConverter.ToUInt64(e.OldValue), System.BitConverter.ToUInt64(e.NewValue)));
            Thread.Yield();
            return WatchResponse.Continue;
        });
        await Task.WhenAll(Enumerable.Range(0, Vcpus).Select(vcpu => Task.Run(() => StoreMany(machine, introspector, vcpu))));

        (long Sequence, ulong Old, ulong New)[] ordered = [.. events.OrderBy(e => e.Sequence)];
        Assert.Equal(Vcpus * Stores, ordered.Length);
        ulong value = 0;
        foreach ((_, ulong old, ulong written) in ordered)
        {
            Assert.Equal(value, old);
            value = written;
        }

        Assert.Equal(value, machine.Memory.Read64(Page));
    }

    [Fact]
    public async Task AfterDisposeReturnsNoEventArrives()
    {
        var machine = new FakeMachine(Vcpus);
        using Introspector introspector = machine.Introspect();
        using var keepGuarded = introspector.AddWatch(new IpaRange(new Ipa(Page + 0x800), 1), WatchKinds.Write, (in WatchEvent _) => WatchResponse.Continue);
        bool isOver = false;
        int late = 0;
        Task[] guests = [.. Enumerable.Range(0, Vcpus).Select(vcpu => Task.Run(() =>
        {
            while (!Volatile.Read(ref isOver))
            {
                StoreMany(machine, introspector, vcpu, 10);
            }
        }))];
        for (int i = 0; i < 200; i++)
        {
            bool isDisposed = false;
            Watch watch = introspector.AddWatch(new IpaRange(new Ipa(Page), 8), WatchKinds.Write, (in WatchEvent _) =>
            {
                if (Volatile.Read(ref isDisposed))
                {
                    Interlocked.Increment(ref late);
                }

                return WatchResponse.Continue;
            });
            Thread.Yield();
            watch.Dispose();
            Volatile.Write(ref isDisposed, true);
        }

        Volatile.Write(ref isOver, true);
        await Task.WhenAll(guests);
        Assert.Equal(0, late);
        Assert.Equal(1, machine.Stage2.RestrictedPages);
    }

    [Fact]
    public void AnOverlappingAccessOfAnotherVcpuIsExecutedAgainInsteadOfWaiting()
    {
        var machine = new FakeMachine(2);
        using Introspector introspector = machine.Introspect();
        var seen = new List<int>();
        introspector.AddWatch(new IpaRange(new Ipa(Page), 8), WatchKinds.Write, (in WatchEvent e) =>
        {
            seen.Add(e.Vcpu.Index);
            if (e.Vcpu.Index == 0)
            {
                // The other vCPU's exit arrives while this handler runs.
                Assert.Equal(VcpuActionKind.Resume, Store(machine, introspector, 1, 9).Kind);
                Assert.Equal(0UL, machine.Memory.Read64(Page));
            }

            return WatchResponse.Continue;
        });
        Store(machine, introspector, 0, 5);
        Assert.Equal([0], seen);
        Assert.Equal(5UL, machine.Memory.Read64(Page));
        Store(machine, introspector, 1, 9);
        Assert.Equal([0, 1], seen);
        Assert.Equal(9UL, machine.Memory.Read64(Page));
    }

    private static void StoreMany(FakeMachine machine, Introspector introspector, int vcpu, int count = Stores)
    {
        ulong start = machine.Vcpus[vcpu].Core.Pc.Value;
        for (int i = 0; i < count; i++)
        {
            do
            {
                Store(machine, introspector, vcpu, ((ulong)vcpu << 32) + (ulong)i + 1);
            }
            while (machine.Vcpus[vcpu].Core.Pc.Value == start);
            machine.Vcpus[vcpu].ModifyCore().Pc = new Va(start);
        }
    }

    private static VcpuAction Store(FakeMachine machine, Introspector introspector, int vcpu, ulong value)
    {
        ref CoreRegisters core = ref machine.Vcpus[vcpu].ModifyCore();
        core[1] = Page;
        core[2] = value;
        machine.Place(StrX2, vcpu);
        return introspector.Handle(machine.Vcpus[vcpu], FakeMachine.Denied(Page, isWrite: true));
    }
}
