using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using FsCheck;
using FsCheck.Fluent;
using HvIntrospect.Tests.Support;
using HvIntrospect.Translation.Stage2;
using Xunit;

namespace HvIntrospect.Tests.Translation.Stage2;

public sealed class VmidAllocatorTests
{
    private const int Cores = 3;
    private const int Contexts = 9;

    [Theory]
    [InlineData(false, 255)]
    [InlineData(true, 65535)]
    public void EveryNumberIsGivenBeforeOneIsGivenAgain(bool isWide, int count)
    {
        var allocator = new VmidAllocator(1, isWide);
        Assert.Equal(count, allocator.Capacity);
        var seen = new HashSet<ushort>();
        for (int i = 0; i < count; i++)
        {
            VmidEntry entry = allocator.Enter(0, new VmidContext());
            Assert.Equal(i == 0, entry.InvalidatesCore);
            Assert.True(seen.Add(entry.Vmid));
        }

        Assert.DoesNotContain((ushort)0, seen);
        Assert.True(allocator.Enter(0, new VmidContext()).InvalidatesCore);
    }

    [Fact]
    public void ReservedNumbersAreNeverGiven()
    {
        ushort[] reserved = [.. Enumerable.Range(0, 250).Select(vmid => (ushort)vmid), 0, 7];
        var allocator = new VmidAllocator(2, isWide: false, reserved);
        Assert.Equal(6, allocator.Capacity);
        for (int i = 0; i < 100; i++)
        {
            Assert.InRange(allocator.Enter(i & 1, new VmidContext()).Vmid, 250, 255);
        }
    }

    [Fact]
    public void ANumberThatRunsWhenTheyRunOutStaysWithItsContext()
    {
        VmidAllocator allocator = OfCapacity(4, cores: 2);
        var running = new VmidContext();
        ushort vmid = allocator.Enter(1, running).Vmid;
        VmidEntry last = default;
        for (int i = 0; i < 3; i++)
        {
            last = allocator.Enter(0, new VmidContext());
        }

        Assert.False(last.InvalidatesCore);
        last = allocator.Enter(0, new VmidContext());
        Assert.True(last.InvalidatesCore);
        Assert.NotEqual(vmid, last.Vmid);
        Assert.True(allocator.TryGetVmid(running, out ushort held));
        Assert.Equal(vmid, held);
        Assert.Equal(vmid, allocator.Enter(0, running).Vmid);
        VmidEntry again = allocator.Enter(1, running);
        Assert.Equal(vmid, again.Vmid);
        Assert.True(again.InvalidatesCore);
        Assert.False(allocator.Enter(1, running).InvalidatesCore);
    }

    [Fact]
    public void ACoreThatLeavesKeepsNoNumberAndStillInvalidates()
    {
        VmidAllocator allocator = OfCapacity(3, cores: 2);
        var left = new VmidContext();
        var others = new VmidContext[3];
        allocator.Enter(1, left);
        allocator.Leave(1);
        for (int i = 0; i < others.Length; i++)
        {
            others[i] = new VmidContext();
            allocator.Enter(0, others[i]);
        }

        Assert.False(allocator.TryGetVmid(left, out ushort none));
        Assert.Equal(0, none);
        allocator.Leave(1);
        Assert.True(allocator.Enter(1, others[2]).InvalidatesCore);
    }

    [Fact]
    public void AContextThatWasNeverEnteredHasNoNumber()
    {
        VmidAllocator allocator = OfCapacity(4, cores: 1);
        Assert.False(allocator.TryGetVmid(new VmidContext(), out _));
    }

    [Fact]
    public void MisuseIsRefusedByName()
    {
        Assert.Equal("cores", Assert.Throws<ArgumentOutOfRangeException>(() => new VmidAllocator(0, isWide: true)).ParamName);
        Assert.Equal("cores", Assert.Throws<ArgumentOutOfRangeException>(() => new VmidAllocator(255, isWide: false)).ParamName);
        Assert.Equal("reserved", Assert.Throws<ArgumentException>(() => new VmidAllocator(1, isWide: false, [256])).ParamName);
        var allocator = new VmidAllocator(2, isWide: false);
        Assert.Equal("core", Assert.Throws<ArgumentOutOfRangeException>(() => allocator.Enter(2, new VmidContext())).ParamName);
        Assert.Equal("core", Assert.Throws<ArgumentOutOfRangeException>(() => allocator.Leave(-1)).ParamName);
        Assert.Equal("context", Assert.Throws<ArgumentNullException>(() => allocator.Enter(0, null!)).ParamName);
        Assert.Equal("context", Assert.Throws<ArgumentNullException>(() => allocator.TryGetVmid(null!, out _)).ParamName);
    }

    [Fact]
    public void NothingIsAllocated()
    {
        VmidAllocator allocator = OfCapacity(8, Cores);
        VmidContext[] contexts = MakeContexts(20);
        Enter();
        Assert.Equal(0, Allocation.Of(Enter));

        void Enter()
        {
            for (int i = 0; i < 1000; i++)
            {
                allocator.Enter(i % Cores, contexts[i * 7 % contexts.Length]);
                allocator.Enter(i % Cores, contexts[i * 7 % contexts.Length]);
                allocator.TryGetVmid(contexts[i % contexts.Length], out _);
            }
        }
    }

    /// <summary>Cores whose TLBs keep what they ever held until they are told: none may meet what another context left, or what was changed since.</summary>
    [Fact]
    public void NoCoreMeetsWhatAnotherContextLeftInItsTlb()
    {
        Gen<(int Kind, int Core, int Context)[]> steps =
            (from kind in Gen.Choose(0, 9) from core in Gen.Choose(0, Cores - 1) from context in Gen.Choose(0, Contexts - 1) select (kind, core, context))
            .NonEmptyListOf().Resize(300).Select(list => list.ToArray());
        Prop.ForAll(Gen.Choose(Cores + 1, Contexts + 1).ToArbitrary(), steps.ToArbitrary(), static (capacity, run) =>
        {
            var model = new Model(OfCapacity(capacity, Cores));
            foreach ((int kind, int core, int context) in run)
            {
                model.Apply(kind, core, context);
            }
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(300));
    }

    /// <summary>One core takes numbers for ever new contexts, so that generations begin at any moment of the switches of the others, which mostly take no lock.</summary>
    [Fact]
    public void ThreadsThatSwitchAllTheTimeNeverShareANumber() => SwitchOnThreads(300_000);

    /// <summary>Long enough to find an entry that stores its number without looking whether a generation has begun in between.</summary>
    [LongFact]
    public void ThreadsThatSwitchForLongNeverShareANumber() => SwitchOnThreads(6_000_000);

    private static void SwitchOnThreads(int entries)
    {
        VmidAllocator allocator = OfCapacity(12, Cores);
        VmidContext[] contexts = MakeContexts(100);
        var running = new long[Cores];
        int violations = 0;
        bool isDone = false;
        var threads = new Thread[Cores];
        for (int number = 0; number < Cores; number++)
        {
            int core = number;
            threads[core] = new Thread(() =>
            {
                var random = new Random(core);
                var tlb = new int[256];
                for (int i = 0; core == 0 ? i < entries : !Volatile.Read(ref isDone); i++)
                {
                    int context = core == 0 ? random.Next(contexts.Length) : (2 * core) + (i & 1);
                    VmidEntry entry = allocator.Enter(core, contexts[context]);
                    if (entry.InvalidatesCore)
                    {
                        Array.Clear(tlb);
                    }

                    bool isWrong = tlb[entry.Vmid] != 0 && tlb[entry.Vmid] != context + 1;
                    tlb[entry.Vmid] = context + 1;
                    long now = ((long)entry.Vmid << 32) | (uint)(context + 1);
                    Interlocked.Exchange(ref running[core], now);
                    for (int look = 0; look < ((i & 15) == 0 ? 200 : 1); look++)
                    {
                        for (int other = 0; other < Cores; other++)
                        {
                            long there = Volatile.Read(ref running[other]);
                            isWrong |= there != 0 && there != now && there >> 32 == now >> 32;
                        }
                    }

                    if (isWrong)
                    {
                        Interlocked.Increment(ref violations);
                    }

                    Interlocked.Exchange(ref running[core], 0);
                }

                Volatile.Write(ref isDone, true);
            });
        }

        Array.ForEach(threads, thread => thread.Start());
        Array.ForEach(threads, thread => thread.Join());
        Assert.Equal(0, violations);
    }

    private static VmidAllocator OfCapacity(int capacity, int cores)
    {
        var allocator = new VmidAllocator(cores, isWide: false, [.. Enumerable.Range(capacity + 1, 255 - capacity).Select(vmid => (ushort)vmid)]);
        Assert.Equal(capacity, allocator.Capacity);
        return allocator;
    }

    private static VmidContext[] MakeContexts(int count)
    {
        var contexts = new VmidContext[count];
        for (int i = 0; i < count; i++)
        {
            contexts[i] = new VmidContext();
        }

        return contexts;
    }

    private sealed class Model(VmidAllocator allocator)
    {
        private readonly VmidContext[] _contexts = MakeContexts(Contexts);
        private readonly int[] _versions = new int[Contexts];
        private readonly Dictionary<ushort, (int Context, int Version)>[] _tlbs = [new(), new(), new()];
        private readonly (int Context, ushort Vmid)?[] _running = new (int, ushort)?[Cores];

        public void Apply(int kind, int core, int context)
        {
            switch (kind)
            {
                case 0:
                    allocator.Leave(core);
                    _running[core] = null;
                    break;
                case 1 or 2:
                    // The tables of the context change, and the TLBs are maintained.
                    _versions[context]++;
                    if (allocator.TryGetVmid(_contexts[context], out ushort stale))
                    {
                        Array.ForEach(_tlbs, tlb => tlb.Remove(stale));
                    }

                    break;
                default:
                    VmidEntry entry = allocator.Enter(core, _contexts[context]);
                    if (entry.InvalidatesCore)
                    {
                        _tlbs[core].Clear();
                    }

                    Assert.NotEqual(0, entry.Vmid);
                    _running[core] = (context, entry.Vmid);
                    break;
            }

            for (int at = 0; at < Cores; at++)
            {
                if (_running[at] is var (runs, vmid))
                {
                    // Cores may share what their TLBs hold under one number.
                    Assert.DoesNotContain(_running, other => other is var (context, number) && number == vmid && context != runs);
                    Assert.DoesNotContain(_running, other => other is var (context, number) && number != vmid && context == runs);
                    if (!_tlbs[at].TryAdd(vmid, (runs, _versions[runs])))
                    {
                        Assert.Equal((runs, _versions[runs]), _tlbs[at][vmid]);
                    }
                }
            }
        }
    }
}
