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
using HvIntrospect.Tests.Support;
using HvIntrospect.Watchpoints;
using Xunit;

namespace HvIntrospect.Tests.Introspection.OnTheMachine;

/// <summary>Watches come and go on one thread while others run the vCPUs.</summary>
public sealed class ChangingWatchesTests
{
    private const ulong Code = 0x4000_0000;
    private const ulong Data = 0x4010_0000;
    private const ulong Flag = 0x4018_0000;
    private const ulong Spacing = 0x100;

    // Counts in memory, each value also by a pair, until the flag is set. Now and then it drops its translations, so that changes meet them being made.
    private static readonly uint[] s_counter =
    [
        0xF9400023, // ldr x3, [x1]
        0x91000463, // add x3, x3, #1
        0xF9000023, // str x3, [x1]
        0xA9020C23, // stp x3, x3, [x1, #32]
        0xF2401C7F, // tst x3, #0xFF
        0x54000041, // b.ne over the next
        0xD508871F, // tlbi vmalle1
        0xF94000E4, // ldr x4, [x7]
        0xB4FFFF04, // cbz x4, to the start
        0xD4000002, // hvc #0
    ];

    private const int FewestRounds = 10;
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    [Theory]
    [InlineData(true, 1, 1500)]
    [InlineData(true, 2, 250)]
    [InlineData(false, 1, 1500)]
    [InlineData(false, 2, 250)]
    public async Task EveryStoreIsSeenWhileAWatchIsEffectiveAndNoneAfterwards(bool useInlineFilter, int vcpus, int most)
    {
        using Machine machine = Make(vcpus);
        using var introspector = new Introspector(machine, new IntrospectorOptions { UseInlineFilter = useInlineFilter });
        Task[] guests = [.. machine.Vcpus.Select(vcpu => Task.Factory.StartNew(
            () => RunToTheEnd(machine, introspector, vcpu), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default))];
        var clock = Stopwatch.StartNew();
        int rounds = 0;
        long seen = 0;
        try
        {
            while (rounds < FewestRounds || (rounds < most && clock.Elapsed < TimeSpan.FromSeconds(1.2)))
            {
                ulong counter = Data + (Spacing * (ulong)(rounds % vcpus));
                seen += WatchForAWhile(machine, introspector, guests, counter, isPair: rounds % 3 == 2);
                rounds++;
            }
        }
        finally
        {
            Assert.Equal(8, machine.Memory.Write(new Ipa(Flag), [1, 0, 0, 0, 0, 0, 0, 0]));
        }

        await Task.WhenAll(guests).WaitAsync(s_patience);
        Assert.InRange(seen, rounds, long.MaxValue);
        foreach (Vcpu vcpu in machine.Vcpus)
        {
            ulong counter = Data + (Spacing * (ulong)vcpu.Index);
            ulong last = Read(machine, counter);
            Assert.Equal(last, vcpu.Core[3]);
            Assert.Equal(last, Read(machine, counter + 32));
            Assert.Equal(last, Read(machine, counter + 40));

            // An instruction that was performed by the library counts as well as one that the guest executed, and each exit for one.
            Assert.InRange(last, 1UL, vcpu.RetiredInstructions);
        }

        Assert.True(machine.Stage2.TryGetMapping(new Ipa(Data), out Stage2MappingInfo mapping));
        Assert.Equal(Stage2Access.All, mapping.Access);
        Assert.Equal(2UL << 20, mapping.Range.Length);
    }

    /// <summary>Adds a watch, lets the guest go on, and removes it.</summary>
    /// <returns>How many stores were seen.</returns>
    private static int WatchForAWhile(Machine machine, Introspector introspector, Task[] guests, ulong counter, bool isPair)
    {
        var values = new List<ulong>();
        bool isOver = false;
        int late = 0;
        ulong watched = isPair ? counter + 40 : counter;
        Watch watch = introspector.AddWatch(new IpaRange(new Ipa(watched), 8), WatchKinds.Write, (in WatchEvent e) =>
        {
            late += Volatile.Read(ref isOver) ? 1 : 0;
            values.Add(BitConverter.ToUInt64(e.NewValue));
            return WatchResponse.Continue;
        });
        ulong first = Read(machine, watched);
        var clock = Stopwatch.StartNew();
        while (Read(machine, watched) < first + 3)
        {
            Assert.DoesNotContain(guests, guest => guest.IsFaulted);
            Assert.True(clock.Elapsed < s_patience);
            Thread.Yield();
        }

        ulong last = Read(machine, watched);
        watch.Dispose();
        Volatile.Write(ref isOver, true);
        Assert.Equal(Enumerable.Range(0, values.Count).Select(i => values[0] + (ulong)i), values);
        Assert.InRange(values[0], 1UL, first + 1);
        Assert.InRange(values[^1], last, ulong.MaxValue);
        Assert.Equal(0, late);
        return values.Count;
    }

    private static void RunToTheEnd(Machine machine, Introspector introspector, Vcpu vcpu)
    {
        while (true)
        {
            VcpuExit exit = machine.Run(vcpu);
            if (exit.Kind == VcpuExitKind.Exception && exit.Esr.Class == ExceptionClass.Hvc64)
            {
                return;
            }

            VcpuAction action = introspector.Handle(vcpu, exit);
            Assert.True(action.Kind == VcpuActionKind.Resume, $"{action} for {exit}");
        }
    }

    private static Machine Make(int vcpus)
    {
        var machine = CheckedMachine.Make(new MachineOptions { VcpuCount = vcpus });
        machine.Memory.Write(new Ipa(Code), MemoryMarshal.AsBytes<uint>(s_counter));
        foreach (Vcpu vcpu in machine.Vcpus)
        {
            ref CoreRegisters core = ref vcpu.ModifyCore();
            core[1] = Data + (Spacing * (ulong)vcpu.Index);
            core[7] = Flag;
        }

        return machine;
    }

    private static ulong Read(Machine machine, ulong address)
    {
        Span<byte> bytes = stackalloc byte[sizeof(ulong)];
        Assert.Equal(bytes.Length, machine.Memory.Read(new Ipa(address), bytes));
        return BitConverter.ToUInt64(bytes);
    }
}
