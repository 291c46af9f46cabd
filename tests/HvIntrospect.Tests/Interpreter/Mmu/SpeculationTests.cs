using System;
using FsCheck;
using FsCheck.Fluent;
using HvIntrospect.Interpreter;
using HvIntrospect.Interpreter.Mmu;
using HvIntrospect.Registers;
using Xunit;

namespace HvIntrospect.Tests.Interpreter.Mmu;

/// <summary>Whatever the tables do and whenever a walker that nobody asked fills the TLB: a translation is what the tables say or have said, and maintenance in the right order ends the past.</summary>
public sealed unsafe class SpeculationTests
{
    private const ulong Root2 = 0x4100_0000;
    private const ulong Old = 0x4300_0000;
    private const ulong New = 0x4400_0000;
    private const ulong Ipa = 0x5000_0000;
    private const ulong Stage2Page = 3 | (1UL << 10) | (3UL << 6) | (0xFUL << 2);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void ATranslationIsTheOldOrTheNewOneAndNeverAThird(bool speculates)
    {
        int stale = 0;
        int mapped = 0;
        Prop.ForAll(ArbMap.Default.ArbFor<int>(), seed =>
        {
            using var tables = new ChangingTables(seed, speculates);
            for (int i = 0; i < 400; i++)
            {
                string? wrong = tables.Step();
                Assert.True(wrong is null, $"step {i}: {wrong}");
            }

            stale += tables.Stale;
            mapped += tables.Mapped;
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(60));
        Assert.InRange(stale, mapped / 20, mapped * 3 / 4);
    }

    /// <summary>VMALLE1 before IPAS2E1: a walker of another core that comes between the two makes a combined entry of the old Stage 2 again.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void TheWrongOrderOfTheTwoHalvesIsFoundOut(bool isOrderRight)
    {
        int stale = 0;
        for (ulong seed = 0; seed < 60; seed++)
        {
            using TranslationWorld world = FlatWorld(seed);
            Assert.Equal(Old, Translate(world));
            world.Write64(Root2 + 0x2000, New | Stage2Page);
            (TlbiOperation First, TlbiOperation Second) = isOrderRight
                ? (TlbiOperation.Ipas2E1Is, TlbiOperation.Vmalle1Is)
                : (TlbiOperation.Vmalle1Is, TlbiOperation.Ipas2E1Is);
            world.Domain.Perform(world.Cpu, First, Ipa >> 12);
            world.Domain.Speculate();
            world.Domain.Speculate();
            world.Domain.Perform(world.Cpu, Second, Ipa >> 12);
            stale += Translate(world) == Old ? 1 : 0;
        }

        Assert.True(isOrderRight ? stale == 0 : stale is > 5 and < 60, $"{stale} of 60 were stale.");
    }

    /// <summary>The library's own changes of Stage 2 hold although walkers of both cores come between any two of its steps.</summary>
    [Fact]
    public void WhatTheLibraryDeniesIsDeniedAtOnce()
    {
        // ldr x2, [x1]; hvc #42; b back
        var options = new MachineOptions { Seed = 11, TranslatesSpeculatively = true, VcpuCount = 2, RamSize = 4 << 20 };
        using var program = new GuestProgram(options, GuestProgram.LdrX2, GuestProgram.Hvc42, 0x17FFFFFE);
        var page = new IpaRange(new Ipa(GuestProgram.Data), 0x1000);
        program.Machine.Vcpus[1].ModifyCore()[1] = GuestProgram.Data;
        var random = new Random(1);
        for (int i = 0; i < 400; i++)
        {
            bool isDenied = random.Next(2) == 0;
            program.Machine.Stage2.Protect(page, isDenied ? Stage2Access.Execute : Stage2Access.All);
            VcpuExit exit = program.Machine.Run(program.Machine.Vcpus[random.Next(2)], GuestProgram.Limit);
            Assert.Equal(isDenied ? ExceptionClass.DataAbortLowerEl : ExceptionClass.Hvc64, exit.Esr.Class);
        }
    }

    /// <summary>Once EL2 of the core has issued a DSB or changed what the walker uses, nothing fills the TLB until the guest runs again.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void BehindEl2TheWalkerStopsAtABarrierOrAChange(int what)
    {
        // ldr x2, [x1]; hvc #42; b back
        var options = new MachineOptions { Seed = 5, TranslatesSpeculatively = true };
        using var program = new GuestProgram(options, GuestProgram.LdrX2, GuestProgram.Hvc42, 0x17FFFFFE);
        Assert.Equal(0x42, program.RunToCall());
        HvIntrospect.Interpreter.State.CpuState* cpu = program.Vcpu.Processor.State;
        Assert.NotEqual(0UL, cpu->System.MaySpeculate);
        switch (what)
        {
            case 0:
                program.El2.Dsb(BarrierOption.Ish);
                break;
            case 1:
                program.El2.WriteSystemRegister(SystemRegister.VttbrEl2, program.El2.ReadSystemRegister(SystemRegister.VttbrEl2));
                break;
            default:
                program.El2.Tlbi(TlbiOperation.Vmalle1, 0);
                break;
        }

        bool mayGoOn = what == 2;
        Assert.Equal(mayGoOn, cpu->System.MaySpeculate != 0);
        ulong state = cpu->System.SpeculationState;
        program.El2.Tlbi(TlbiOperation.Vmalle1, 0);
        Assert.Equal(mayGoOn, cpu->System.SpeculationState != state);
        Assert.Equal(0x42, program.RunToCall());
        Assert.NotEqual(0UL, cpu->System.MaySpeculate);
    }

    [Fact]
    public void ASpeculativeWalkWritesNothing()
    {
        using var world = new TranslationWorld(A64Features.Armv8_1, 40, HvIntrospect.Translation.TranslationFeatures.HAFDBS);
        const ulong Root = 0x4200_0000;
        const ulong Block = 0x4000_0000 | (1UL << 51) | (1UL << 7) | 1;
        world.SetRegister("SCTLR_EL1", 1);
        world.SetRegister("TCR_EL1", 25 | (2UL << 30) | (2UL << 32) | (ulong)(TcrBits.Ha | TcrBits.Hd));
        world.SetRegister("TTBR0_EL1", Root);
        world.Write64(Root, Block);
        world.Translator.Speculate(world.Cpu, 0x1000);
        world.Memory.TryGetPage(Root, out HvIntrospect.Interpreter.Memory.RamPage page);
        Assert.Equal(Block, *(ulong*)page.Host);

        // Without the Access flag nothing was kept; with it the clean block is, and the first write still walks.
        world.Write64(Root, 0);
        world.Translator.Translate(world.Cpu, 0x1000, AccessKind.Read, 1, out TranslationResult refused);
        Assert.Equal(FaultKind.Translation, refused.Fault.Status.Kind);
        world.Write64(Root, Block | (1UL << 10));
        world.Translator.Speculate(world.Cpu, 0x1000);
        Assert.Equal(Block | (1UL << 10), *(ulong*)page.Host);
        world.Translator.Translate(world.Cpu, 0x1000, AccessKind.Write, 1, out TranslationResult written);
        Assert.True(written.IsMapped);
        Assert.Equal((Block | (1UL << 10)) & ~(1UL << 7), *(ulong*)page.Host);
    }

    [Fact]
    public void SpeculationNeedsASeed() =>
        Assert.Throws<ArgumentException>(() => new Machine(new MachineOptions { TranslatesSpeculatively = true }));

    private static TranslationWorld FlatWorld(ulong seed)
    {
        var world = new TranslationWorld(A64Features.Armv8_0, 40);
        world.SetRegister("HCR_EL2", 0x8000_0001);
        world.SetRegister("VTCR_EL2", Vtcr.Create(25, 1, GranuleSize.Size4K, 2).Value);
        world.SetRegister("VTTBR_EL2", Vttbr.Create(new Pa(Root2), 7).Value);
        world.Write64(Root2 + 8, (Root2 + 0x1000) | 3);
        world.Write64(Root2 + 0x1000 + (((Ipa >> 21) & 511) * 8), (Root2 + 0x2000) | 3);
        world.Write64(Root2 + 0x2000, Old | Stage2Page);
        SpeculativeWalker.TurnOn(world.Cpu, seed, 0);
        SpeculativeWalker.Open(world.Cpu);
        return world;
    }

    private static ulong Translate(TranslationWorld world)
    {
        world.Translator.Translate(world.Cpu, Ipa, AccessKind.Read, 1, out TranslationResult result);
        Assert.True(result.IsMapped);
        return result.Pa;
    }
}
