using System;
using System.Collections.Generic;
using System.Linq;
using HvIntrospect.Interpreter;
using HvIntrospect.Interpreter.Mmu;
using HvIntrospect.Interpreter.State;
using Xunit;

namespace HvIntrospect.Tests.Interpreter;

/// <summary>What a guest executes that rewrites its code, and what the seed decides.</summary>
public sealed class InstructionCacheTests
{
    private const uint AddFour = 0x9100_1063; // add x3, x3, #4
    private const uint Return = 0xD65F_03C0;
    private const uint StoreX5 = 0xB900_00C5; // str w5, [x6]
    private const uint CleanX6 = 0xD50B_7B26; // dc cvau, x6
    private const uint InvalidateX6 = 0xD50B_7526; // ic ivau, x6
    private const uint InvalidateX7 = 0xD50B_7527; // ic ivau, x7
    private const uint InvalidateAll = 0xD508_751F; // ic iallu
    private const uint InvalidateAllShared = 0xD508_711F; // ic ialluis
    private const uint Dsb = 0xD503_3B9F;
    private const uint Isb = 0xD503_3FDF;
    private const int Target = 0x40;

    public static TheoryData<DispatcherKind, uint> Maintenance => new()
    {
        { DispatcherKind.Threaded, InvalidateX6 },
        { DispatcherKind.Loop, InvalidateX6 },
        { DispatcherKind.Threaded, InvalidateAll },
        { DispatcherKind.Loop, InvalidateAllShared },
    };

    [Theory]
    [MemberData(nameof(Maintenance))]
    public void Stale_code_stays_until_all_of_the_sequence_is_done(DispatcherKind dispatcher, uint maintenance)
    {
        // Each call adds 1 as long as it finds the old code, then 4.
        Assert.Equal([1UL, 2, 3, 4, 5, 9], Rewrite(dispatcher, InstructionCacheMode.Stale, maintenance));
    }

    /// <summary>What is asked for behind the DSB is not complete at the ISB, whatever else is.</summary>
    [Theory]
    [InlineData(InvalidateX6)]
    [InlineData(InvalidateAll)]
    public void Maintenance_behind_a_barrier_waits_for_the_next_one(uint second)
    {
        // bl target; str; ic ivau of another line; dsb; the second one; isb; bl target; dsb; isb; bl target; hvc
        uint[] words = [Call(0), StoreX5, InvalidateX7, Dsb, second, Isb, Call(6), Dsb, Isb, Call(9), GuestProgram.Hvc42];
        using var program = new GuestProgram(new MachineOptions { InstructionCache = InstructionCacheMode.Stale }, words);
        program.Write(GuestProgram.Code + 0x1000, GuestProgram.AddX3, Return);
        SetRewrite(program, GuestProgram.Code + 0x1000);
        program.Vcpu.ModifyCore()[7] = GuestProgram.Code + 0x2000;
        program.RunToCall();
        Assert.Equal(1UL + 1 + 4, program.Vcpu.Core[3]);

        static uint Call(int index) => 0x9400_0000u | (uint)(0x400 - index);
    }

    [Theory]
    [InlineData(DispatcherKind.Threaded)]
    [InlineData(DispatcherKind.Loop)]
    public void Coherent_code_is_new_at_once(DispatcherKind dispatcher)
    {
        Assert.Equal([1UL, 5, 9, 13, 17, 21], Rewrite(dispatcher, InstructionCacheMode.Coherent, InvalidateX6));
    }

    [Fact]
    public void What_EL2_writes_is_new_at_once()
    {
        using var program = new GuestProgram(new MachineOptions { InstructionCache = InstructionCacheMode.Stale }, GuestProgram.AddX3, GuestProgram.Hvc42, 0x17FF_FFFE);
        program.RunToCall();
        program.Write(GuestProgram.Code, AddFour);
        program.RunToCall();
        Assert.Equal(5UL, program.Vcpu.Core[3]);
    }

    [Fact]
    public void Maintenance_by_EL2_takes_effect()
    {
        foreach (InstructionCacheOperation operation in Enum.GetValues<InstructionCacheOperation>())
        {
            using var program = new GuestProgram(
                new MachineOptions { InstructionCache = InstructionCacheMode.Stale }, GuestProgram.AddX3, StoreX5, GuestProgram.Hvc42, 0x17FF_FFFD);
            SetRewrite(program, GuestProgram.Code);
            program.RunToCall();
            program.RunToCall();
            Assert.Equal(2UL, program.Vcpu.Core[3]);
            program.El2.InvalidateInstructionCache(operation, program.Machine.Options.RamPhysicalBase);
            program.RunToCall();
            Assert.Equal(6UL, program.Vcpu.Core[3]);
        }
    }

    [Fact]
    public void More_lines_than_are_noted_are_all_of_them()
    {
        // ic ivau, x6 many times, each of another line.
        var words = new List<uint> { 0x9400_0400, StoreX5, 0x9400_03FE };
        words.AddRange(Enumerable.Repeat(0u, 200).SelectMany(_ => new[] { InvalidateX6, 0x9101_00C6u })); // add x6, x6, #64
        words.AddRange([Dsb, Isb, 0x9400_0000u | (uint)(0x400 - words.Count - 2), GuestProgram.Hvc42]);
        using var program = new GuestProgram(new MachineOptions { InstructionCache = InstructionCacheMode.Stale }, [.. words]);
        program.Write(GuestProgram.Code + 0x1000, GuestProgram.AddX3, Return);
        SetRewrite(program, GuestProgram.Code + 0x1000);
        program.RunToCall();
        Assert.Equal(6UL, program.Vcpu.Core[3]);
    }

    [Fact]
    public void With_a_seed_stale_code_may_be_fetched_anew_at_any_synchronisation()
    {
        Assert.Equal(300UL, Loop(null));
        ulong[] sums = [.. Enumerable.Range(0, 8).Select(seed => Loop((ulong)seed))];
        Assert.All(sums, sum => Assert.InRange(sum, 300UL, 1200UL));
        Assert.InRange(sums.Distinct().Count(), 3, sums.Length);
        Assert.Equal(sums, Enumerable.Range(0, 8).Select(seed => Loop((ulong)seed)));
    }

    [Fact]
    public unsafe void The_seed_decides_which_translation_goes()
    {
        var survivors = new HashSet<string>();
        for (ulong seed = 0; seed < 16; seed++)
        {
            Assert.Equal(Survivors(seed), Survivors(seed));
            survivors.Add(Survivors(seed));
        }

        Assert.InRange(survivors.Count, 3, 16);
        Assert.Equal("6789", Survivors(null));
    }

    // Ten entries in a set of four.
    private static unsafe string Survivors(ulong? seed)
    {
        CpuState cpu = default;
        cpu.System.ChoiceState = seed is ulong value ? SeededChoice.Start(value, 0) : 0;
        var tlb = new Tlb(1);
        for (ulong i = 0; i < 10; i++)
        {
            tlb.Add(&cpu, new TlbEntry { Input = i << 12, Shift = 12, LeafShift = 12, Flags = TlbFlags.Valid | TlbFlags.Global }, out _);
        }

        return string.Concat(Enumerable.Range(0, 10).Where(i =>
            !System.Runtime.CompilerServices.Unsafe.IsNullRef(ref tlb.Find((ulong)i << 12, 0, 0, TlbFlags.Valid))));
    }

    private static ulong Loop(ulong? seed)
    {
        // bl target; str; then x7 times: bl target; isb
        var options = new MachineOptions { InstructionCache = InstructionCacheMode.Stale, Seed = seed };
        uint[] words = [Call(0), StoreX5, Call(2), Isb, 0xD100_04E7, 0xB5FF_FFA7, GuestProgram.Hvc42];
        using var program = new GuestProgram(options, words);
        program.Write(GuestProgram.Code + (Target * 4), GuestProgram.AddX3, Return);
        SetRewrite(program, GuestProgram.Code + (Target * 4));
        program.Vcpu.ModifyCore()[7] = 299;
        program.RunToCall();
        return program.Vcpu.Core[3];
    }

    private static ulong[] Rewrite(DispatcherKind dispatcher, InstructionCacheMode cache, uint maintenance)
    {
        var words = new List<uint>();
        foreach (uint[] step in (uint[][])[[], [StoreX5], [CleanX6, Dsb, maintenance], [Isb], [Dsb], [Isb]])
        {
            words.AddRange(step);
            words.Add(Call(words.Count));

            // str x3, [x1], #8
            words.Add(0xF800_8423);
        }

        words.Add(GuestProgram.Hvc42);
        using var program = new GuestProgram(new MachineOptions { Dispatcher = dispatcher, InstructionCache = cache }, [.. words]);
        program.Write(GuestProgram.Code + (Target * 4), GuestProgram.AddX3, Return);
        SetRewrite(program, GuestProgram.Code + (Target * 4));
        program.RunToCall();
        return [.. Enumerable.Range(0, 6).Select(i => program.Read64(GuestProgram.Data + ((ulong)i * 8)))];
    }

    private static uint Call(int from) => 0x9400_0000u | ((uint)(Target - from) & 0x3FF_FFFF);

    private static void SetRewrite(GuestProgram program, ulong address)
    {
        program.Vcpu.ModifyCore()[5] = AddFour;
        program.Vcpu.ModifyCore()[6] = address;
    }
}
